"""The processes of a house one by one, so that each can be missing, stopped or replaced by a stand-in."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.run.__main__ import commands
from bot.run.prepare import prepare_database
from bot.run.settings import RunSettings
from tests.journeys.house import MODEL, ROOT, WAKING, Owner, free_port, surroundings


class Parts:
    """Rasa, the actions and the gateway without a supervisor: whoever starts one may stop it."""

    def __init__(self, folder: Path, rasa_url: str | None = None, **settings: str) -> None:
        self.folder = folder
        self.database = folder / "fingerpost.sqlite"
        self.conversations = folder / "conversations.sqlite"
        environment = surroundings(folder, free_port(), free_port(), free_port(), settings)
        self.settings = RunSettings.read(environment)
        prepare_database(self.settings.database_url, lambda words: None)
        self.environment = self.settings.for_processes()
        if rasa_url:
            self.environment["FINGERPOST_RASA_URL"] = rasa_url
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.logs: list[Path] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.settings.port}"

    def owner(self) -> Owner:
        return Owner(self)

    def start(self, *names: str) -> None:
        """Start parts by name and return at once."""
        for name in names:
            self.logs.append(self.folder / f"{name}-{len(self.logs)}.log")
            with self.logs[-1].open("wb") as out:
                self.running[name] = subprocess.Popen(
                    commands(self.settings)[name], cwd=ROOT, env=self.environment, stdout=out, stderr=out
                )

    def kill(self, name: str) -> None:
        """End a part with no time to tidy up."""
        process = self.running.pop(name)
        process.kill()
        process.wait()

    def stop(self) -> None:
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.running.clear()

    def health(self) -> httpx.Response | None:
        with contextlib.suppress(httpx.HTTPError):
            return httpx.get(f"{self.url}/healthz", timeout=20)
        return None

    def wait(self, seconds: float = WAKING, *, down: tuple[str, ...] = ()) -> None:
        """Wait until every part answers but those that are to be down."""
        time.sleep(1.1)  # one look at the parts serves everybody who asks within a second
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            health = self.health()
            if health is not None:
                parts = health.json()["parts"]
                if {part for part, word in parts.items() if word == "down"} == set(down):
                    return
            time.sleep(0.3)
        raise AssertionError(f"not as awaited after {seconds} s:\n{self.said()[-3000:]}")

    def said(self) -> str:
        return "\n".join(log.read_text(encoding="utf-8", errors="replace") for log in self.logs)


@contextlib.contextmanager
def parts(folder: Path, *names: str, rasa_url: str | None = None, **settings: str) -> Iterator[Parts]:
    """Start some parts, with a stand-in for Rasa when its address is given; stop what runs at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    these = Parts(folder, rasa_url, **settings)
    try:
        these.start(*names)
        yield these
    finally:
        these.stop()


@contextlib.contextmanager
def stand_in_rasa(answer: Callable[[dict[str, Any]], Any], port: int = 0) -> Iterator[str]:
    """Something that listens where Rasa would and answers each message with ``answer`` of it."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.tell("Hello from Rasa: 3.6.21")

        def do_POST(self) -> None:
            told = json.loads(self.rfile.read(int(self.headers["content-length"])))
            self.tell(answer(told))

        def tell(self, what: Any) -> None:
            body = json.dumps(what).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def require(there: bool, what: str) -> None:
    """Go on when it is there; else skip, or fail where every test must run."""
    if there:
        return
    if os.environ.get("FINGERPOST_FULL_TESTS"):
        pytest.fail(what)
    pytest.skip(what)


def require_bot() -> None:
    require(MODEL.exists(), "no trained bot in models/; `make train` makes it")
