"""`fingerpost staff`, as the person uses it who sets the console up."""

from __future__ import annotations

import getpass
import io
import json
import sys
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

import pytest

from bot.command_line.main import main
from knowledge_base.store.database import open_database
from knowledge_base.store.staff import Staff, WrongSignIn

Says = Callable[..., tuple[int, str, str]]
KIM, PASSWORD, OTHER = "kim@hub.example.org", "three owls on a fence", "nine kites above the mill"
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=timezone.utc)
ADD = ("add", KIM, "--name", "Kim Example", "--role", "administrator")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def staff(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Staff:
    url = f"sqlite:///{tmp_path / 'example.sqlite'}"
    monkeypatch.setenv("DATABASE_URL", url)
    return Staff(open_database(url))


@pytest.fixture
def says(staff: Staff, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Says:
    def run(*arguments: str, sent: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(sent))
        code = main(["staff", *arguments])
        out, err = capsys.readouterr()
        assert PASSWORD not in out + err
        return code, out, err

    return run


def test_the_first_administrator_is_made_and_signs_in(says: Says, staff: Staff) -> None:
    code, out, _ = says(*ADD, "--password-stdin", sent=f"{PASSWORD}\nand more\n")

    assert (code, "Kim Example is on the list as administrator" in out) == (0, True)
    assert staff.sign_in(KIM, PASSWORD, "192.0.2.1", NOW)[1].role == "administrator"


def test_an_empty_list_says_how_to_begin(says: Says) -> None:
    code, out, _ = says("list")

    assert code == 0
    assert "Nobody is on the list yet" in out
    assert "--role administrator" in out


@pytest.mark.parametrize(
    ("typed", "code", "words"),
    [
        ([PASSWORD, PASSWORD], 0, ""),
        ([PASSWORD, OTHER], 1, "not alike"),
        (["short", "short"], 1, "too short"),
        (["kim@hub.example.org"] * 2, 1, "too close"),
    ],
)
def test_a_password_is_typed_twice_and_not_shown(
    says: Says, staff: Staff, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    typed: list[str], code: int, words: str,
) -> None:  # fmt: skip
    answers = iter(typed)
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(getpass, "getpass", lambda asked: next(answers))

    assert main(["staff", *ADD]) == code
    err = capsys.readouterr().err
    assert words in err
    assert PASSWORD not in err


def test_without_a_terminal_nothing_waits_for_one(says: Says) -> None:
    code, _, err = says(*ADD)

    assert code == 1
    assert "--password-stdin" in json.loads(err)["message"]


def test_people_are_listed_changed_shut_out_and_let_in_again(says: Says, staff: Staff) -> None:
    says(*ADD, "--password-stdin", sent=PASSWORD)
    says("add", "sam@hub.example.org", "--name", "Sam", "--role", "editor", "--no-password")

    assert says("role", "SAM@hub.example.org", "curator")[0] == 0
    assert says("password", "sam@hub.example.org", "--password-stdin", sent=OTHER)[0] == 0
    assert staff.sign_in("sam@hub.example.org", OTHER, "192.0.2.1", NOW)[1].role == "curator"
    assert says("remove", "sam@hub.example.org")[0] == 0
    with pytest.raises(WrongSignIn):
        staff.sign_in("sam@hub.example.org", OTHER, "192.0.2.1", NOW)
    listed = json.loads(says("list", "--json")[1])["staff"]
    assert [(each["email"], each["active"]) for each in listed] == [
        (KIM, True),
        ("sam@hub.example.org", False),
    ]
    assert "shut out" in says("list")[1]
    assert says("restore", "sam@hub.example.org")[0] == 0


@pytest.mark.parametrize("arguments", [("remove", KIM), ("role", KIM, "viewer")])
def test_the_last_administrator_stays(says: Says, staff: Staff, arguments: tuple[str, ...]) -> None:
    says(*ADD, "--password-stdin", sent=PASSWORD)

    code, _, err = says(*arguments)

    assert code == 1
    assert "last active administrator" in json.loads(err)["message"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("role", "nobody@example.org", "viewer"), "Nobody on the list"),
        (("add", "no-mail", "--name", "X", "--role", "viewer"), "not an e-mail"),
        (("add", KIM, "--name", " ", "--role", "viewer"), "name"),
        (("add", KIM, "--name", "Kim", "--role", "viewer", "--password-stdin"), "too short"),
    ],
)
def test_what_cannot_be_done_is_said_with_the_way_out(
    says: Says, arguments: tuple[str, ...], words: str
) -> None:
    code, out, err = says(*arguments)

    assert (code, out) == (1, "")
    assert words in json.loads(err)["message"]


def test_a_database_that_cannot_be_used_is_said_in_words(says: Says, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:////proc/nowhere/x.sqlite")

    code, _, err = says("list")

    assert (code, json.loads(err)["error"]) == (1, "no_database")
