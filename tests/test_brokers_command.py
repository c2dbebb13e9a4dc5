"""`fingerpost brokers` and `fingerpost referrals`, as a script that sets a hub up uses them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from bot.command_line.main import main
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
    return Referrals(database).record("example-session", **{**told, "needs": ["finance"], **more})


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
