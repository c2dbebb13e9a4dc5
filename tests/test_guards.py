"""The guards of the processes that are served: an interrupt to one alone changes nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[1]
TWO_SLEEPERS = """
import sys
from bot.run.__main__ import Lines, Supervisor

supervisor = Supervisor(Lines(sys.stdout, prefix=False))
for name in ("one", "other"):
    supervisor.add_process(name, "echo awake; exec sleep 60")
supervisor.loop()
sys.exit(supervisor.report())
"""


@pytest.fixture
def supervised() -> Iterator[subprocess.Popen[str]]:
    started = subprocess.Popen(
        [sys.executable, "-u", "-c", TWO_SLEEPERS],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert started.stdout is not None
    assert [started.stdout.readline().strip() for _ in range(2)] == ["awake", "awake"]
    yield started
    for each in [*psutil.Process(started.pid).children(recursive=True)] if started.poll() is None else []:
        each.kill()
    started.kill()
    started.communicate()


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_guard_that_is_interrupted_alone_goes_on_and_the_supervisor_still_stops_everything(
    supervised: subprocess.Popen[str], sent: signal.Signals
) -> None:
    guards = psutil.Process(supervised.pid).children()
    below = [child for guard in guards for child in guard.children()]
    assert len(below) == 2

    for child in below:
        os.kill(child.ppid(), sent)

    assert all(guard.is_running() and guard.status() != psutil.STATUS_ZOMBIE for guard in guards)
    assert supervised.poll() is None

    supervised.send_signal(signal.SIGINT)
    _, said = supervised.communicate(timeout=30)

    assert supervised.returncode == 0
    assert said.strip() == "Stopped."
    assert not any(child.is_running() for child in below)
