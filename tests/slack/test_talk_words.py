"""What is written in Slack is read as plain words; what Rasa says is said once."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack.talk.heard import read_heard
from bot.slack.talk.saying import client_of_root, kept_in, root_key
from bot.slack.talk.words import CLIENT, CLIENTS, HELP, REFERRALS, WISH, label_of, named, plain_words, told
from tests.slack.made_up import DAY


@pytest.mark.parametrize(
    ("written", "name", "left"),
    [
        ("Example Metalworks Ltd: a grant, Dudley", "Example Metalworks Ltd", "a grant, Dudley"),
        ("Example & Sons: export", "Example & Sons", "export"),
        ("new client: caterer, 4 staff, SY2", "", "new client: caterer, 4 staff, SY2"),
        ("client: pressings, 32 staff", "", "client: pressings, 32 staff"),
        ("emps: 9; t/o: £400k", "", "emps: 9; t/o: £400k"),
        ("https://example.org wants a grant", "", "https://example.org wants a grant"),
        ("they open at 10:30 and want a website", "", "they open at 10:30 and want a website"),
        ("Example Ltd:", "", "Example Ltd:"),
        (": a grant", "", ": a grant"),
        ("??: a grant", "", "??: a grant"),
        (f"{'long ' * 30}: a grant", "", f"{'long ' * 30}: a grant"),
    ],
)
def test_a_name_is_what_stands_before_a_colon_where_that_is_one(written: str, name: str, left: str) -> None:
    assert named(written) == (name, left)


@pytest.mark.parametrize(
    ("written", "what", "words"),
    [
        ("", HELP, ""),
        ("help", HELP, ""),
        ("help with a grant", WISH, "help with a grant"),
        ("clients", CLIENTS, ""),
        ("Clients  metal  works", CLIENTS, "metal works"),
        ("client Example Ltd", CLIENT, "Example Ltd"),
        ("client: bakery", WISH, "client: bakery"),
        (
            "client wants export and a grant, ten people",
            WISH,
            "client wants export and a grant, ten people",
        ),
        ("referrals", REFERRALS, ""),
        ("referrals are what we want", WISH, "referrals are what we want"),
    ],
)
def test_a_command_is_told_from_a_wish(written: str, what: str, words: str) -> None:
    found = told(written)

    assert (found.what, found.words) == (what, words)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("see <https://example.org/a?b=1&amp;c=2|their page>", "see their page"),
        ("<https://example.org>", "https://example.org"),
        ("mail <mailto:ada@example.org|ada@example.org>", "mail ada@example.org"),
        ("<!channel> <@U012345> a grant", "a grant"),
        ("R&amp;D &lt; 10 people", "R&D < 10 people"),
        ("//restart", "restart"),
        ("in <#C012|brokers>", "in #brokers"),
    ],
)
def test_slacks_markup_is_read_as_what_was_typed(written: str, read: str) -> None:
    assert plain_words(written) == read


@settings(deadline=None)
@given(st.text(max_size=300))
def test_whatever_is_typed_is_no_command_of_rasas_and_has_one_reading(written: str) -> None:
    words = plain_words(written)
    name, left = named(words)

    assert not words.startswith("/")
    assert left in words
    assert len(name) <= 80
    assert label_of({"place": written}, DAY)


def test_what_the_roadmaps_own_message_shows_is_not_said_again() -> None:
    document = {
        "needs": ["finance"],
        "profile": {"employees": 14},
        "phases": [],
        "gaps": [{"need": "premises", "words": "Nothing open for that."}],
        "next_question": {"fact": "turnover", "settles": 3},
    }
    heard = read_heard(
        [
            {"text": "Put right: 14, not 12."},
            {"text": "3 steps in order for the client:"},
            {"text": "1. A grant\n2. A loan"},
            {"custom": {"roadmap": {"id": "r1", "url": "http://x/roadmap/r1", **document}}},
            {"text": "Not covered: premises. Nothing open for that."},
            {"text": "The whole roadmap is at http://x/roadmap/r1"},
            {"text": "There is a check-up too."},
        ]
    )

    assert heard.texts == ("Put right: 14, not 12.", "There is a check-up too.")
    assert heard.roadmap == document
    assert heard.roadmap_id == "r1"
    assert heard.client == {"needs": ["finance"], "profile": {"employees": 14}}


def test_what_a_business_would_press_is_what_a_broker_may_write() -> None:
    buttons = [{"title": "Exporting", "payload": "/x"}, {"title": "Something else", "payload": "/deny"}]
    heard = read_heard([{"text": "Did you mean exporting?", "buttons": buttons}])

    assert heard.words == "Did you mean exporting?\nYou could write: Exporting · Something else"
    assert heard.client is None


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"text": 7},
        {"custom": "x"},
        {"custom": {"roadmap": {"phases": 3, "id": "r"}, "offers": ["x", {"offer": 3}], "client": []}},
        {"buttons": [3, {"title": ""}]},
    ],
)
def test_what_cannot_be_read_of_rasas_says_nothing(message: dict[str, Any]) -> None:
    heard = read_heard([message])

    assert (heard.texts, heard.roadmap, heard.offers, heard.client) == ((), None, (), None)


def test_a_root_names_its_client_and_a_form_its_own() -> None:
    assert client_of_root(root_key("a1b2", "command:1")) == "a1b2"
    assert client_of_root("command:1:words") is None
    assert kept_in('{"client": "a1b2", "n": 3}') == {"client": "a1b2"}
