"""Gateways in processes of their own, to be killed or run side by side."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from bot.slack.app import PATH
from tests.journeys.house import free_port
from tests.slack.stand_in import StandIn

ROOT = Path(__file__).parents[2]


class Process:
    """One running gateway."""

    def __init__(self, slack: StandIn, database: str, **how: object) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}{PATH}"
        env = {**os.environ, **slack.environment(), "DATABASE_URL": database, "OMP_NUM_THREADS": "1"}
        env |= {name.upper(): str(value) for name, value in how.items()}
        self.running = subprocess.Popen(
            [sys.executable, "-m", "tests.slack.gateway", str(port)], cwd=ROOT, env=env
        )

    def wait(self) -> None:
        """Return when it answers."""
        until = time.monotonic() + 60
        while True:
            assert self.running.poll() is None, "the gateway ended by itself"
            assert time.monotonic() < until, "the gateway did not start"
            with contextlib.suppress(httpx.HTTPError):
                httpx.get(self.url, params={"ssl_check": "1"})
                return
            time.sleep(0.05)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.running.send_signal(signal.SIGKILL)
        self.running.wait(10)

    def stop(self) -> int:
        """End it as whoever looks after it would; return its exit code."""
        self.running.terminate()
        return self.running.wait(30)


@contextlib.contextmanager
def gateways(slack: StandIn, database: str, *hows: dict[str, object]) -> Iterator[list[Process]]:
    """Start a gateway for each of ``hows`` (handle_seconds, lease_seconds, workers) at once."""
    started = [Process(slack, database, **how) for how in hows]
    try:
        for process in started:
            process.wait()
        yield started
    finally:
        for process in started:
            if process.running.poll() is None:
                process.kill()
