"""The chores may end by themselves: businesses are answered on."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import psutil

from bot.run.__main__ import commands
from bot.run.settings import RunSettings
from tests.journeys.house import free_port

ROOT = Path(__file__).resolve().parents[2]
HOUSE = """
import sys
from bot.run.__main__ import SPARE, Lines, Supervisor

supervisor = Supervisor(Lines(sys.stdout, prefix=False))
supervisor.add_process("gateway", "echo awake; sleep 2; echo still here; exec sleep 60")
supervisor.add_process(SPARE, "echo tired; exit 3")
supervisor.loop()
sys.exit(supervisor.report())
"""


def test_the_house_goes_on_when_the_chores_have_ended_and_still_stops_when_told() -> None:
    started = subprocess.Popen(
        [sys.executable, "-u", "-c", HOUSE],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        assert started.stdout is not None
        said = [started.stdout.readline().strip() for _ in range(3)]

        assert sorted(said[:2]) == ["awake", "tired"]
        assert said[2] == "still here"
        assert started.poll() is None
        started.send_signal(signal.SIGINT)
        _, told = started.communicate(timeout=30)
        assert (started.returncode, told.strip()) == (0, "Stopped.")
    finally:
        if started.poll() is None:
            for child in psutil.Process(started.pid).children(recursive=True):
                child.kill()
            started.kill()
            started.communicate()


def test_a_password_reaches_only_the_process_that_needs_it():
    secrets = {
        "FINGERPOST_SMTP_URL": "smtp://hub:word@mail.example.org:587",
        "FINGERPOST_SLACK_DIGEST_URL": "https://hooks.example.org/secret",
        "FINGERPOST_OIDC_CLIENT_SECRET": "a-secret",
    }
    settings = RunSettings.read({"FINGERPOST_PORT": str(free_port()), **secrets})

    reached = {name: secrets.keys() & settings.environment_of(name).keys() for name in commands(settings)}

    assert reached == {
        "rasa": set(),
        "actions": set(),
        "gateway": {"FINGERPOST_OIDC_CLIENT_SECRET"},
        "chores": {"FINGERPOST_SMTP_URL", "FINGERPOST_SLACK_DIGEST_URL"},
    }
