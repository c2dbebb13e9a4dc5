"""`fingerpost brokers` and `fingerpost referrals`, as a script that sets a hub up uses them."""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from bot.command_line.main import main
from knowledge_base.store.audit import Audit
from knowledge_base.store.database import Database, open_database
from knowledge_base.store.record_rows import write_area
from knowledge_base.store.referrals import Referrals
from tests.core.builders import AREAS

Says = Callable[..., tuple[int, str, str]]
NOW = datetime.now(timezone.utc)


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    url = f"sqlite:///{tmp_path / 'example.sqlite'}"
    monkeypatch.setenv("DATABASE_URL", url)
    opened = open_database(url)
    opened.migrate()
    with opened.writing() as transaction:
        for area in AREAS:
            write_area(transaction, area)
    return opened


@pytest.fixture
def says(database: Database, capsys: pytest.CaptureFixture[str]) -> Says:
    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


def asked(database: Database, **more: Any) -> str:
    told = {"name": "Example Bakery", "contact": "07700 900123", "consent_at": NOW - timedelta(hours=30)}
    session = more.pop("session", "example-session")
    return Referrals(database).record(session, **{**told, "needs": ["finance"], **more})


def test_a_script_sets_up_a_team_and_its_people(says: Says) -> None:
    code, out, _ = says(
        "brokers", "add-team", "Makers", "--area", "black-country", "--area", "coventry", "--sector",
        "manufacturing", "--slack-team", "T0123ABCD", "--channel", "C0123ABCD", "--remind-after", "2",
    )  # fmt: skip
    team = json.loads(out)["team"]
    assert code == 0
    assert team["areas"] == ["black-country", "coventry"]
    assert team["remind_days"] == [2]
    assert team["rules"].startswith("Takes businesses in Black Country or Coventry, whatever they want, in")

    code, out, _ = says("brokers", "add", "Kim Example", "--team", "Makers", "--email", "kim@hub.example.org")
    assert (code, json.loads(out)["broker"]["team"]) == (0, team["id"])
    assert says("brokers", "add", "Sam Example", "--team", team["id"])[0] == 0
    (listed,) = json.loads(says("brokers", "list")[1])["teams"]
    assert [each["name"] for each in listed["people"]] == ["Kim Example", "Sam Example"]


def test_before_there_is_a_team_the_list_is_empty(says: Says) -> None:
    assert json.loads(says("brokers", "list")[1]) == {"teams": []}


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (("add-team", ""), "bad_team", "has no name"),
        (("add-team", "A", "--area", "nowhere"), "bad_team", "nowhere is not an area"),
        (("add-team", "A", "--need", "wishes"), "bad_team", "wishes is not on the list"),
        (("add-team", "A", "--channel", "C0123ABCD"), "bad_team", "say which workspace"),
        (("add-team", "A", "--remind-after", "0"), "bad_team", "0 is not a whole number from 1 to 90"),
        (("add", "Kim", "--team", "Nobody"), "no_such_team", "add one with `fingerpost brokers add-team`"),
    ],
)
def test_what_cannot_be_kept_is_said_with_the_way_out(
    says: Says, arguments: tuple[str, ...], error: str, words: str
) -> None:
    code, out, err = says("brokers", *arguments)

    assert (code, out) == (1, "")
    assert json.loads(err)["error"] == error
    assert words in json.loads(err)["message"]
    assert json.loads(says("brokers", "list")[1]) == {"teams": []}


def test_a_person_who_cannot_be_kept_is_said(says: Says) -> None:
    says("brokers", "add-team", "Makers")

    code, _, err = says("brokers", "add", "Kim", "--team", "Makers", "--slack-user", "U0123ABCD")

    assert code == 1
    assert json.loads(err)["error"] == "bad_broker"
    assert "tell both ids" in json.loads(err)["message"]


def test_requests_are_listed_without_names(says: Says, database: Database) -> None:
    code = asked(database)
    closed = asked(database)
    Referrals(database).close(closed, "helped", "us", NOW, as_lead=True)

    _, words, _ = says("referrals", "list")
    _, out, _ = says("referrals", "list", "--state", "helped", "--json")

    assert code in words
    assert "the hub’s lead" in words
    assert closed not in words
    assert [each["code"] for each in json.loads(out)["referrals"]] == [closed]
    for said in (words, out):
        assert "Bakery" not in said
        assert "07700" not in said


def test_where_nobody_asked_the_list_says_so(says: Says) -> None:
    code, out, _ = says("referrals", "list")

    assert code == 0
    assert "There is none" in out


def test_figures_are_written_and_small_groups_are_null(says: Says, database: Database) -> None:
    for _ in range(5):
        asked(database)

    found = json.loads(says("referrals", "figures")[1])
    none = json.loads(says("referrals", "figures", "--until", "2001-12")[1])

    assert found["all"]["count"] == 5
    assert found["all"]["answered_in_a_day"] == 0
    assert found["by"]["need"][0]["name"] == "finance"
    assert none["all"]["count"] is None


def test_months_the_wrong_way_round_are_said(says: Says) -> None:
    code, _, err = says("referrals", "figures", "--since", "2026-10", "--until", "2026-01")

    assert code == 1
    assert "swap" in json.loads(err)["message"]


@pytest.mark.parametrize("month", ["soon", "2026-13", "2026-10-01", ""])
def test_what_is_no_month_is_bad_usage(says: Says, month: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        says("referrals", "figures", "--since", month)

    assert stopped.value.code == 2


@pytest.mark.parametrize("command", ["brokers", "referrals"])
def test_the_help_teaches(capsys: pytest.CaptureFixture[str], command: str) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])

    assert f"fingerpost {command} list" in capsys.readouterr().out


class Terminal(io.StringIO):
    """Somebody at a terminal who types."""

    def isatty(self) -> bool:
        return True


def test_a_script_deletes_a_request_by_its_code_and_that_is_noted(says: Says, database: Database) -> None:
    code, other = asked(database), asked(database, session="another-session")

    exit_code, out, _ = says("referrals", "delete", f"{code[:4]} {code[4:].lower()}", "--yes")

    assert (exit_code, json.loads(out)) == (0, {"deleted": code})
    assert [each.code for each in Referrals(database).list()] == [other]
    (deed,) = Audit(database).list(5)
    assert (deed.by, deed.what, deed.about) == ("command line", "referral_deleted", code)
    for private in ("Bakery", "07700", "example-session"):
        assert private not in str(deed)


def test_who_types_the_code_again_deletes_it(
    says: Says, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = asked(database)

    monkeypatch.setattr("sys.stdin", Terminal("no\n"))
    kept, _, err = says("referrals", "delete", code)
    assert (kept, json.loads(err[err.index("{") :])["error"]) == (1, "not_confirmed")
    assert Referrals(database).get(code) is not None

    monkeypatch.setattr("sys.stdin", Terminal(f"{code.lower()}\n"))
    deleted, out, err = says("referrals", "delete", code)
    assert (deleted, json.loads(out)) == (0, {"deleted": code})
    assert "for good" in err
    assert Referrals(database).get(code) is None


def test_a_script_that_does_not_say_yes_deletes_nothing(
    says: Says, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = asked(database)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{code}\n"))

    exit_code, out, err = says("referrals", "delete", code)

    assert (exit_code, out) == (1, "")
    assert json.loads(err)["error"] == "not_confirmed"
    assert "--yes" in json.loads(err)["message"]
    assert Referrals(database).get(code) is not None


@pytest.mark.parametrize("wrong", ["", "ABCD2345", "'; DROP TABLE x;", "x" * 10_000, "\x1b[2J", "\x00"])
def test_a_code_that_is_none_deletes_nothing(says: Says, database: Database, wrong: str) -> None:
    code = asked(database)

    exit_code, out, err = says("referrals", "delete", wrong, "--yes")

    assert (exit_code, out) == (1, "")
    assert json.loads(err)["error"] == "no_such_request"
    assert "fingerpost referrals list" in json.loads(err)["message"]
    assert Referrals(database).get(code) is not None
    assert Audit(database).list(5) == []


def test_the_help_says_what_deleting_takes_with_it(says: Says, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        says("referrals", "delete", "--help")

    words = " ".join(capsys.readouterr().out.split())
    for part in ("roadmaps and check-ups", "in Slack", "--yes", "that who asks is the business"):
        assert part in words


def test_what_rasa_keeps_of_a_deleted_request_goes_too(
    says: Says, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "conversations.sqlite"
    with sqlite3.connect(file) as rasa:
        rasa.execute("CREATE TABLE rasa_conversation (sender_id TEXT PRIMARY KEY, events TEXT)")
        sessions = [("example-session", "secret"), ("another-session", "another's")]
        rasa.executemany("INSERT INTO rasa_conversation VALUES (?, ?)", sessions)
    monkeypatch.setenv("FINGERPOST_CONVERSATIONS_URL", f"sqlite:///{file}")

    assert says("referrals", "delete", asked(database), "--yes")[0] == 0

    with sqlite3.connect(file) as rasa:
        assert list(rasa.execute("SELECT sender_id FROM rasa_conversation")) == [("another-session",)]
