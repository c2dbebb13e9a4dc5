"""Starting, stopping and starting again, as whoever looks after the house does."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from tests.journeys.house import ROOT, House, free_port, house, surroundings
from tests.journeys.parts import require_bot

pytestmark = pytest.mark.journey

WITHOUT_A_BOT = """
import pathlib, sys, bot.run.__main__ as run
run.MODEL = pathlib.Path("none.tar.gz")
sys.exit(run.main())
"""


def refused(folder: Path, *command: str, **settings: str) -> str:
    """Start what cannot start; check that it ends with one line on standard error, and return that line."""
    port = int(settings.pop("FINGERPOST_PORT", "") or free_port())
    ended = subprocess.run(
        [sys.executable, *(command or ("-m", "bot.run"))],
        env=surroundings(folder, port, free_port(), free_port(), settings),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 1, ended
    lines = ended.stderr.strip().splitlines()
    assert len(lines) == 1, ended.stderr
    assert "starting Rasa" not in ended.stdout
    assert not [p for p in psutil.process_iter(["environ"]) if str(folder) in str(p.info["environ"])]
    return lines[0]


def test_a_port_in_use_is_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    require_bot()
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = str(taken.getsockname()[1])

        line = refused(tmp_path, FINGERPOST_PORT=port)

    assert line.startswith("Fingerpost cannot start:")
    assert f"port {port}" in line
    assert "set FINGERPOST_PORT" in line
    assert os.listdir(tmp_path) == []


def test_without_a_trained_bot_one_line_says_how_to_train_it(tmp_path: Path) -> None:
    assert "not trained" in refused(tmp_path, "-c", WITHOUT_A_BOT)


@pytest.mark.parametrize(
    ("setting", "told", "way_out"),
    [
        ("FINGERPOST_HUB", "nowhere", "use one of default"),
        ("FINGERPOST_SESSION_RATE", "much", "12/40"),
        ("DATABASE_URL", "mysql://example.org/hub", "sqlite:///"),
    ],
)
def test_a_setting_that_cannot_be_used_is_one_line(
    tmp_path: Path, setting: str, told: str, way_out: str
) -> None:
    require_bot()
    line = refused(tmp_path, **{setting: told})

    assert line.startswith("Fingerpost cannot start:")
    assert way_out in line


def test_a_conversation_goes_on_after_the_house_was_stopped_and_started_again(tmp_path: Path) -> None:
    require_bot()
    with house(tmp_path) as first:
        first.wait_until_awake()
        assert "loading the starter pack" in first.said()
        first.wait_until_said(f"Fingerpost is ready: {first.url}/")
        owner = first.owner()
        owner.says("we are 12 people in Dudley, a limited company")
        everything = first.processes()

        assert first.stop() == 0

        assert psutil.wait_procs(everything, timeout=5)[1] == []
        assert first.said().strip().splitlines()[-1] == "Stopped."
        assert "Traceback" not in first.said()

    # As a service manager stops it, the next time.
    with house(tmp_path) as second:
        second.wait_until_awake()
        assert "loading the starter pack" not in second.said()
        assert goes_on(second, str(owner.session)) == {
            "employees": 12,
            "place": "Dudley",
            "legal_form": "limited_company",
        }
        everything = second.processes()
        assert second.stop(signal.SIGTERM) == 0
        assert psutil.wait_procs(everything, timeout=5)[1] == []


def goes_on(second: House, session: str) -> dict[str, object]:
    """Say the need in the old session; return the facts of its roadmap that were told before the stop."""
    owner = second.owner()
    owner.session = session
    heard = owner.says("our lead times are all over the place")
    for _ in range(4):
        asked = heard.text.lower()
        assert not any(words in asked for words in ("how many people", "where are you based", "legal form"))
        if heard.roadmap:
            break
        heard = owner.says("I'd rather not say")
    assert heard.roadmap, heard.text
    assert owner.session == session
    return {fact: heard.roadmap["profile"].get(fact) for fact in ("employees", "place", "legal_form")}
