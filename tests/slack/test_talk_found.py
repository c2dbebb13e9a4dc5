"""What looks for a client and finds none may be a wish; what is for one person's eyes reaches that person."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack.talk.words import CLIENT, CLIENTS, told, wish_in
from tests.slack.kept import posts
from tests.slack.signing import command, mention
from tests.slack.talking import DUDLEY, Talking

TWO_PEOPLE = "D0FOREIGN"


@pytest.fixture
def foreign(talk: Talking) -> Talking:
    """With the direct conversation of two people, where we are not."""
    talk.slack.channel(TWO_PEOPLE, "two people", joined=False)
    return talk


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        ("referrals", "There are no open referrals"),
        ("help", "Fingerpost finds"),
        ("clients", "You have no clients"),
        ("client Nobody", "No client is found"),
    ],
)
def test_a_command_given_between_two_people_is_answered_to_whoever_gave_it(
    foreign: Talking, words: str, begins: str
) -> None:
    answer = foreign.post(command(words, channel=TWO_PEOPLE))

    said = [each.text for each in foreign.slack.said() if each.channel != TWO_PEOPLE]
    assert answer.status_code == 200
    assert len(said) == 1
    assert said[0].startswith(begins)
    assert {state for state, _ in posts(foreign.database).values()} == {"done"}


def test_a_stranger_between_two_people_is_told_whom_to_ask(foreign: Talking) -> None:
    foreign.post(command(DUDLEY, channel=TWO_PEOPLE, user="U0SAM"))

    said = [each.text for each in foreign.slack.said()]
    assert len(said) == 1
    assert "U0SAM" in said[0]
    assert {state for state, _ in posts(foreign.database).values()} == {"done"}


@pytest.mark.parametrize(
    "words",
    [
        "client wants ERP and funding",
        "client needs an export grant",
        "clients in Dudley want an ERP",
        "clients who are looking for a grant",
        "client Example Bakery Ltd: a grant",
    ],
)
@pytest.mark.parametrize("by", [command, mention], ids=["command", "mention"])
def test_a_wish_that_begins_with_the_word_client_is_a_wish(
    talk: Talking, words: str, by: Callable[[str], tuple[str, str]]
) -> None:
    talk.post(by(words))

    made = talk.advice.clients.list(talk.team.id)
    assert len(made) == 1
    assert made[0].roadmap
    assert not any("No client is found" in each["text"] for each in talk.slack.ephemerals)


def test_a_wish_with_a_name_in_it_is_kept_under_that_name(talk: Talking) -> None:
    talk.post(command("client Example Bakery Ltd: a grant"))

    assert [each.name for each in talk.advice.clients.list(talk.team.id)] == ["Example Bakery Ltd"]


@pytest.mark.parametrize(
    "words",
    ["client Exampel Metalworks Ltd", "clients Exampel Metalworks", "clients in Dudley", "client wants"],
)
def test_a_name_with_a_slip_in_it_makes_no_client(talk: Talking, words: str) -> None:
    talk.post(command(f"Example Metalworks Ltd: {DUDLEY}"))

    talk.post(command(words))

    told = [each["text"] for each in talk.slack.ephemerals]
    assert len(talk.advice.clients.list(talk.team.id)) == 1
    assert [each.startswith("No client is found") for each in told] == [True]
    assert "without “client” before it" in told[0]


def test_a_client_that_is_called_like_a_wish_is_found(talk: Talking) -> None:
    talk.post(command(f"Who Wants Cake Ltd: {DUDLEY}"))

    talk.post(command("client who wants cake"))

    assert len(talk.advice.clients.list(talk.team.id)) == 1
    assert len(talk.advice.clients.threads_of(talk.client().id)) == 2


@settings(deadline=None)
@given(st.text(max_size=120))
def test_only_several_words_after_client_are_ever_a_wish(written: str) -> None:
    for first in ("", "client ", "clients "):
        words = " ".join(f"{first}{written}".split())
        said = told(words)
        wish = wish_in(said, words)

        assert wish in ("", words, said.words)
        if wish:
            assert said.what in (CLIENT, CLIENTS)
            assert len(said.words.split()) > 1
