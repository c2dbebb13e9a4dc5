"""At the command line: events are taken in, services go out and come back, grants become proposed words."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.command_line.errors import CommandFailed
from bot.command_line.events import fetched
from bot.command_line.main import main
from bot.watch.pinned import TimeIsUp
from knowledge_base.services import open_store
from knowledge_base.store.life import Life
from knowledge_base.store.record_rows import write_area
from tests.core.builders import AREAS, grant_for_exporters
from tests.events.builders import calendar, evening, held
from tests.standards.test_threesixty import file_of, grant
from tests.store.conftest import NOW

MORNING = "UID:m\nDTSTART;VALUE=DATE:20270105\nSUMMARY:Example morning\nDESCRIPTION:For makers"


@pytest.fixture
def env(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    settings = {"DATABASE_URL": f"sqlite:///{tmp_path / 'a.sqlite'}"}
    monkeypatch.setenv("DATABASE_URL", settings["DATABASE_URL"])
    store = open_store(settings)
    with store.database.writing() as transaction:
        for area in AREAS:
            write_area(transaction, area)
    for each in (evening("example-evening", held("2026-12-01"), provider=""), grant_for_exporters()):
        store.save_offer(replace(each, provider=""), "a test", "to begin with", NOW)
    return settings


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    code = main(argv)
    told = capsys.readouterr()
    return code, told.out, told.err


def test_a_calendar_becomes_drafts_once(
    env: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "feed.ics"
    file.write_bytes(calendar(MORNING))
    args = ("events", "import", str(file), "--on", "2026-11-22")

    looked = run(capsys, *args, "--dry-run")
    assert not Life(open_store(env)).working_all()
    first, again = run(capsys, *args), run(capsys, *args)

    assert "a new draft, 1 added" in looked[1]
    assert "a new draft, 1 added" in first[1]
    assert "0 added, 0 changed" in again[1]
    [draft] = Life(open_store(env)).working_all()
    assert draft.document["name"] == "Example morning"
    assert draft.document["summary"] == "For makers"
    assert draft.version == 1


def test_a_calendar_is_taken_into_a_chosen_record(
    env: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "feed.ics"
    file.write_bytes(calendar(MORNING, "DTSTART:20270105T100000Z\nSUMMARY:No uid"))

    code, out, err = run(
        capsys, "events", "import", str(file), "--offer", "example-evening", "--on", "2026-11-22"
    )

    assert (code, out) == (0, "example-evening: 1 added, 0 changed\n")
    assert "Left out: 'No uid' has no UID" in err


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("nowhere.ics",), "no_file", "cannot be read"),
        (("{file}", "--offer", "nothing"), "unknown_offer", "no such record"),
        (("{file}", "--offer", "grant-for-exporters"), "unknown_offer", "not held on days"),
        (("{file}", "--zone", "Mars"), "bad_zone", "is no zone"),
        (("{bad}",), "bad_feed", "no calendar"),
    ],
)
def test_a_feed_that_cannot_be_taken_in_says_why(
    env: dict[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    args: tuple[str, ...],
    code: str,
    words: str,
) -> None:
    (tmp_path / "feed.ics").write_bytes(calendar(MORNING))
    (tmp_path / "bad.ics").write_bytes(b"<html>")
    files = {"file": str(tmp_path / "feed.ics"), "bad": str(tmp_path / "bad.ics")}

    failed, out, err = run(capsys, "events", "import", *(arg.format(**files) for arg in args))

    told = json.loads(err)
    assert (failed, out, told["error"]) == (1, "", code)
    assert words in told["message"]


def test_services_go_out_and_coming_back_change_nothing(
    env: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "services.json"

    run(capsys, "hsds", "export", str(file), "--on", "2026-11-22")
    same = run(capsys, "hsds", "import", str(file))
    page: Any = json.loads(file.read_text())
    page["contents"][0]["description"] = "Changed elsewhere."
    file.write_text(json.dumps(page))
    changed, again = run(capsys, "hsds", "import", str(file)), run(capsys, "hsds", "import", str(file))

    assert same[1] == "2 services read; 0 records new or changed.\n"
    assert changed[1] == "offer example-evening: changed\n2 services read; 1 records new or changed.\n"
    assert "0 records new or changed" in again[1]
    assert open_store(env).catalogue().offers["example-evening"].summary != "Changed elsewhere."


def test_grants_become_words_to_look_at_and_nothing_is_changed(
    env: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "grants.json"
    file.write_bytes(file_of(grant("a"), grant("b", 9000)))

    code, out, _ = run(capsys, "evidence", str(file), "--offer", "grant-for-exporters")
    nobody = run(capsys, "evidence", str(file), "--offer", "grant-for-exporters", "--funder", "Nobody")

    assert code == 0
    assert "2 grants awarded by Example Fund" in out
    assert out.rstrip().endswith("Source: grants.json (360Giving data).")
    assert json.loads(nobody[2])["error"] == "bad_grants"
    assert open_store(env).catalogue().offers["grant-for-exporters"].evidence is None
    assert not Life(open_store(env)).working_all()


def test_a_feed_from_the_web_is_fetched_as_pages_are_and_nowhere_else(
    env: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    answered = fetched(
        "https://example.org/a.ics", lambda url, told: SimpleNamespace(status=200, body=url.encode())
    )

    code, _, err = run(capsys, "events", "import", "http://127.0.0.1:1/a.ics")

    assert answered == b"https://example.org/a.ics"
    assert code == 1
    assert json.loads(err)["error"] == "no_feed"
    assert "not one of the web's" in json.loads(err)["message"]
    with pytest.raises(CommandFailed, match="answered 404"):
        fetched("https://example.org/a.ics", lambda url, told: SimpleNamespace(status=404, body=b""))
    with pytest.raises(CommandFailed, match="took too long"):
        fetched("https://example.org/a.ics", late)


def late(url: str, told: Any) -> Any:
    raise TimeIsUp
