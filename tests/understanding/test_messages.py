"""The messages kept for measuring: that they are whole, and spelled as the closed lists are."""

from __future__ import annotations

from collections import Counter

from knowledge_base.profile import parse_profile
from knowledge_base.words import ACTS, LEGAL_FORMS, NEEDS, SECTORS
from tests.understanding.agreement import SECOND
from tests.understanding.measure import MESSAGES, labels, read

MESSAGE_LINES = read(MESSAGES)
SECOND_LINES = labels(SECOND)
FEW_WORDS = 5


def test_every_need_is_asked_for_at_least_twelve_times():
    asked = Counter(need for raw in MESSAGE_LINES for need in raw.get("needs") or ())

    assert set(asked) == set(NEEDS)
    assert min(asked.values()) >= 12


def test_every_act_is_done_at_least_six_times():
    done = Counter(raw["act"] for raw in MESSAGE_LINES)

    assert set(done) == set(ACTS)
    assert min(done.values()) >= 6


def test_only_messages_that_describe_a_need_carry_needs():
    assert all(bool(raw.get("needs")) == (raw["act"] == "describe_need") for raw in MESSAGE_LINES)


def test_every_fact_labelled_is_one_a_profile_can_hold():
    for raw in MESSAGE_LINES:
        told = parse_profile(raw.get("facts") or {})
        assert told.sector is None or told.sector in SECTORS
        assert told.legal_form is None or told.legal_form in LEGAL_FORMS


def test_no_message_is_there_twice_but_for_a_few_words_that_two_writers_both_chose():
    longer = [raw["text"].casefold() for raw in MESSAGE_LINES if len(raw["text"].split()) > FEW_WORDS]

    assert len(set(longer)) == len(longer)
    assert len({(raw["text"].casefold(), raw["id"][0]) for raw in MESSAGE_LINES}) == len(MESSAGE_LINES)


def test_no_message_is_too_long():
    assert max(len(raw["text"].split()) for raw in MESSAGE_LINES) <= 120


def test_every_message_was_labelled_twice():
    assert sorted(raw["id"] for raw in SECOND_LINES) == sorted(raw["id"] for raw in MESSAGE_LINES)


def test_the_second_labels_are_from_the_closed_lists_too():
    assert {raw["act"] for raw in SECOND_LINES} <= set(ACTS)
    assert {need for raw in SECOND_LINES for need in raw.get("needs") or ()} <= set(NEEDS)
