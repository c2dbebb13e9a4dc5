"""The whole house as an owner meets it: every process up, spoken to over HTTP only."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import httpx
import psutil

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "models" / "fingerpost.tar.gz"
WAKING = 180  # seconds; a shared machine with two cores may be slow


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class House:
    """The running processes, with where they are."""

    process: subprocess.Popen[str]
    port: int
    rasa_port: int
    actions_port: int
    folder: Path
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def owner(self) -> Owner:
        return Owner(self)

    def processes(self) -> list[psutil.Process]:
        """Everything that runs in this house, the supervisor included."""
        with contextlib.suppress(psutil.NoSuchProcess):
            supervisor = psutil.Process(self.process.pid)
            return [supervisor, *supervisor.children(recursive=True)]
        return []

    def the_process(self, module: str) -> psutil.Process:
        """The one that runs a module: bot.rasa.serve, actions, bot.web."""
        return next(p for p in self.processes() if p.cmdline()[1:3] == ["-m", module])

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        """Stop it with Ctrl-C, which reaches the whole group, or as told; return the exit code."""
        if self.process.poll() is None:
            if how == signal.SIGINT:
                os.killpg(self.process.pid, how)
            else:
                self.process.send_signal(how)
        return self.process.wait(timeout=30)

    def wait_until_said(self, words: str, seconds: float = 10) -> None:
        deadline = time.monotonic() + seconds
        while words not in self.said():
            assert time.monotonic() < deadline, f"{words!r} was not said:\n{self.said()[-3000:]}"
            time.sleep(0.2)

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def wait_until_awake(self, seconds: float = WAKING) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"the house fell silent while waking:\n{self.said()[-3000:]}")
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(f"{self.url}/healthz", timeout=5).status_code == 200:
                    return
            time.sleep(0.5)
        raise AssertionError(f"not awake after {seconds} s:\n{self.said()[-3000:]}")


class Address(Protocol):
    """Whatever can be spoken to over HTTP."""

    @property
    def url(self) -> str: ...


@dataclass
class Owner:
    """Somebody typing; keeps the session and what came back."""

    house: Address
    session: str | None = None
    heard: list[dict[str, Any]] = field(default_factory=list)

    def post(self, message: Any, **more: Any) -> httpx.Response:
        body = {"session": self.session, "message": message, "message_id": str(uuid.uuid4()), **more}
        return httpx.post(f"{self.house.url}/api/chat", json=body, timeout=60)

    def post_raw(self, body: bytes) -> httpx.Response:
        """Send bytes as they are, which may be no text at all."""
        headers = {"content-type": "application/json"}
        return httpx.post(f"{self.house.url}/api/chat", content=body, headers=headers, timeout=60)

    def says(self, message: str, **more: Any) -> Heard:
        answer = self.post(message, **more)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        self.session = body["session"]
        heard = Heard(body["replies"])
        self.heard.append(body)
        return heard

    def presses(self, title: str) -> Heard:
        buttons = [b for reply in self.heard[-1]["replies"] for b in reply.get("buttons") or ()]
        payload = next(b["payload"] for b in buttons if b["title"] == title)
        return self.says(payload)


class Heard:
    """The replies to one message."""

    def __init__(self, replies: list[dict[str, Any]]) -> None:
        self.replies = replies

    @property
    def text(self) -> str:
        return "\n".join(reply.get("text") or "" for reply in self.replies)

    @property
    def roadmap(self) -> dict[str, Any] | None:
        with_steps = [r["roadmap"] for r in self.replies if (r.get("roadmap") or {}).get("phases")]
        return with_steps[-1] if with_steps else None

    @property
    def steps(self) -> list[dict[str, Any]]:
        return [step for phase in (self.roadmap or {}).get("phases", ()) for step in phase["steps"]]

    @property
    def offers(self) -> list[dict[str, Any]]:
        return [offer for reply in self.replies for offer in reply.get("offers") or ()]


def surroundings(
    folder: Path, port: int, rasa_port: int, actions_port: int, settings: Mapping[str, str]
) -> dict[str, str]:
    """The environment of a house: its own ports and databases, and no limit that a test would meet."""
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "FINGERPOST_PORT": str(port),
        "FINGERPOST_RASA_PORT": str(rasa_port),
        "FINGERPOST_ACTIONS_PORT": str(actions_port),
        "DATABASE_URL": f"sqlite:///{folder / 'fingerpost.sqlite'}",
        "FINGERPOST_CONVERSATIONS_URL": f"sqlite:///{folder / 'conversations.sqlite'}",
        "FINGERPOST_SESSION_RATE": "1000/60000",
        "FINGERPOST_ADDRESS_RATE": "1000/60000",
        **settings,
    }


@contextlib.contextmanager
def house(folder: Path, **settings: str) -> Iterator[House]:
    """Start everything with a database of its own; stop it and check that nothing is left."""
    port, rasa_port, actions_port = free_port(), free_port(), free_port()
    log = folder / "house.log"
    environment = surroundings(folder, port, rasa_port, actions_port, settings)
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.run"],
            cwd=ROOT,
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
    running = House(process, port, rasa_port, actions_port, folder, log)
    try:
        yield running
    finally:
        everything = running.processes()
        try:
            running.stop()
        except subprocess.TimeoutExpired:
            for one in everything:
                with contextlib.suppress(psutil.NoSuchProcess):
                    one.kill()
            raise
        left = psutil.wait_procs(everything, timeout=5)[1]
        assert not left, left
