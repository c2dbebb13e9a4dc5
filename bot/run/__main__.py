"""Start Rasa, the actions, the gateway and the chores; stop all of them together."""

from __future__ import annotations

import os
import shlex
import sys
from typing import Any, TextIO

from honcho.manager import Manager
from honcho.printer import Message, Printer

from bot.chores.chore import off
from bot.run.prepare import check_settings, prepare_database
from bot.run.settings import LOOPBACK, ROOT, CannotStart, RunSettings

MODEL = ROOT / "models" / "fingerpost.tar.gz"
SPARE = "chores"  # the process that may end without the others
RASA_PYTHON = ROOT / "bot" / "rasa" / ".venv" / "bin" / "python"


def main() -> int:
    """Serve until one process ends or the person stops it; return the exit code."""
    try:
        settings = RunSettings.read()
        check_settings(os.environ)
        if not MODEL.exists() or not RASA_PYTHON.exists():
            raise CannotStart("the bot is not trained yet; `make run` trains it first")
        prepare_database(settings.database_url, say)
    except CannotStart as error:
        print(f"Fingerpost cannot start: {error}", file=sys.stderr)
        return 1
    say("starting Rasa, the actions and the gateway; Rasa needs about half a minute to wake")
    supervisor = Supervisor(Lines(sys.stdout, prefix=False))
    for name, command in commands(settings).items():
        supervisor.add_process(
            name, f"exec {shlex.join(command)}", env=settings.environment_of(name), cwd=str(ROOT)
        )
    supervisor.loop()
    return supervisor.report()


def commands(settings: RunSettings) -> dict[str, list[str]]:
    """The command of each process, by name."""
    rasa = [
        *(str(RASA_PYTHON), "-m", "bot.rasa.serve"),
        *("--interface", LOOPBACK, "--port", str(settings.rasa_port), "--model", str(MODEL)),
        *("--endpoints", "endpoints.yml", "--credentials", "bot/rasa/credentials.yml"),
    ]
    served = {
        "rasa": rasa,
        "actions": [sys.executable, "-m", "actions"],
        "gateway": [sys.executable, "-m", "bot.web"],
    }
    return served if off(settings.environment) else {**served, SPARE: [sys.executable, "-m", "bot.chores"]}


class Lines(Printer):
    """Print what the processes say, without the supervisor's own chatter."""

    def write(self, message: Message) -> None:
        if message.name != "system":
            super().write(message)


class Supervisor(Manager):
    """Honcho's manager, which also remembers which process ended first.

    Each process has a guard that passes on what it says. A guard ignores Ctrl-C and SIGTERM on purpose:
    Ctrl-C reaches the whole group, and the supervisor alone stops the processes, each cleanly and in time.
    Send either to the supervisor, or end the process itself: both stop everything. Only the chores may end
    alone: businesses are answered without them.
    """

    def __init__(self, printer: Printer, out: TextIO = sys.stderr) -> None:
        super().__init__(printer)
        self._out = out
        self.first_to_stop: tuple[str, int] | None = None

    def terminate(self) -> None:
        if not self._terminating:
            stopped = [(n, p["returncode"]) for n, p in self._needed() if "returncode" in p]
            self.first_to_stop = stopped[0] if stopped else None
        super().terminate()

    def _needed(self) -> list[tuple[str, dict[str, Any]]]:
        return [(name, process) for name, process in self._processes.items() if name != SPARE]

    def _any_stopped(self) -> bool:
        return any(process.get("returncode") is not None for _, process in self._needed())

    def report(self) -> int:
        """Say in one line how it ended; return the exit code (0 when a person stopped it)."""
        if self.first_to_stop is None:
            print("Stopped.", file=self._out)
            return 0
        name, code = self.first_to_stop
        print(f"{name} stopped by itself (exit code {code}), so everything was stopped.", file=self._out)
        return code if code > 0 else 1


def say(words: str) -> None:
    """One line of progress."""
    print(f"» {words}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
