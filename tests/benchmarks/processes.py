"""Start processes for a benchmark, and leave none behind, however it ends."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import psutil

from bot.run.__main__ import MODEL, RASA_PYTHON
from bot.run.settings import ROOT, RunSettings
from tests.benchmarks.figures import CannotMeasure
from tests.journeys.house import House, free_port, house

WAKING = 240  # seconds; several wake at once, on machines that may be busy


def settings_for(folder: Path) -> RunSettings:
    """The product's own settings, with free ports and databases of this benchmark's own."""
    return RunSettings.read(
        {
            **os.environ,
            "FINGERPOST_HOST": "127.0.0.1",
            "FINGERPOST_PORT": str(free_port()),
            "FINGERPOST_RASA_PORT": "",
            "FINGERPOST_ACTIONS_PORT": "",
            "DATABASE_URL": f"sqlite:///{folder / 'fingerpost.sqlite'}",
            "FINGERPOST_CONVERSATIONS_URL": f"sqlite:///{folder / 'conversations.sqlite'}",
        }
    )


def need_model() -> None:
    """Raise CannotMeasure unless there is a trained bot."""
    if not MODEL.exists() or not RASA_PYTHON.exists():
        raise CannotMeasure("the bot is not trained yet; `make bench` trains it first")


def sealed(module: str, *arguments: str, cwd: Path, root: Path = ROOT) -> None:
    """Run a module on the sealed Python until it ends; raise CannotMeasure with its last words otherwise."""
    command = [str(RASA_PYTHON), "-m", module, *arguments]
    log = cwd / f"{module.rpartition('.')[2]}.log"
    with started(command, quiet_environment(root), cwd, log) as process:
        code = process.wait()
    if code != 0:
        raise CannotMeasure(f"{module} failed (exit code {code}):\n{last_words(log)}")


def quiet_environment(root: Path = ROOT) -> dict[str, str]:
    """One thread each, no telemetry, nothing written beside the sources."""
    return {
        **os.environ,
        "PYTHONPATH": str(root),
        "PYTHONWARNINGS": "ignore",
        "PYTHONDONTWRITEBYTECODE": "1",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_NUM_INTEROP_THREADS": "1",
        "TF_NUM_INTRAOP_THREADS": "1",
        "RASA_TELEMETRY_ENABLED": "false",
    }


@contextlib.contextmanager
def started(
    command: Sequence[str], environment: Mapping[str, str], cwd: Path, log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command with its output in a log; end it and all it started on the way out."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            list(command), cwd=cwd, env=dict(environment), stdout=out, stderr=out, stdin=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
    try:
        yield process
    finally:
        end(family(process.pid))
        process.wait()


@contextlib.contextmanager
def whole_house(folder: Path) -> Iterator[House]:
    """Everything `make run` starts, with an empty database; nothing of it outlives the block."""
    need_model()
    members: list[psutil.Process] = []
    try:
        with house(folder) as home:
            try:
                yield home
            finally:
                members = family(home.process.pid)
    finally:
        end(members)


def family(pid: int) -> list[psutil.Process]:
    """A process and all it started, as far as they still run."""
    try:
        head = psutil.Process(pid)
        return [head, *head.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def end(processes: Sequence[psutil.Process], seconds: float = 15) -> None:
    """Ask processes to end, and make those end that do not."""
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.terminate()
    _, alive = psutil.wait_procs(processes, timeout=seconds)
    for process in alive:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(alive, timeout=seconds)


def memory_mb(pid: int) -> float:
    """Resident memory of a process and all it started, in megabytes of a million bytes."""
    total = 0
    for process in family(pid):
        with contextlib.suppress(psutil.NoSuchProcess):
            total += process.memory_info().rss
    return total / 1e6


def wait_for(
    ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path, seconds: float = WAKING
) -> None:
    """Return when a process is ready; raise CannotMeasure with its last words when it will not be."""
    deadline = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise CannotMeasure(f"{log.stem} did not wake:\n{last_words(log)}")
        time.sleep(0.2)


def last_words(log: Path) -> str:
    """The end of a log."""
    return log.read_text(encoding="utf-8", errors="replace")[-2000:]
