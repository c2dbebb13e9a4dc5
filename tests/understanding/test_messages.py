"""The messages kept for measuring: that they are whole, and spelled as the closed lists are."""

from __future__ import annotations

import json
from collections import Counter

from knowledge_base.profile import parse_profile
from knowledge_base.words import ACTS, LEGAL_FORMS, NEEDS, SECTORS
from tests.understanding.agreement import SECOND
from tests.understanding.measure import MESSAGES

MESSAGE_LINES = [json.loads(line) for line in MESSAGES.read_text(encoding="utf-8").splitlines()]


def test_every_need_is_asked_for_at_least_twelve_times():
    asked = Counter(need for raw in MESSAGE_LINES for need in raw["needs"])

    assert set(asked) == set(NEEDS)
    assert min(asked.values()) >= 12


def test_every_act_is_done_at_least_six_times():
    done = Counter(raw["act"] for raw in MESSAGE_LINES)

    assert set(done) == set(ACTS)
    assert min(done.values()) >= 6


def test_only_messages_that_describe_a_need_carry_needs():
    assert all(bool(raw["needs"]) == (raw["act"] == "describe_need") for raw in MESSAGE_LINES)


def test_every_fact_labelled_is_one_a_profile_can_hold():
    for raw in MESSAGE_LINES:
        told = parse_profile(raw["facts"])
        assert told.sector is None or told.sector in SECTORS
        assert told.legal_form is None or told.legal_form in LEGAL_FORMS


def test_no_message_is_there_twice_or_is_too_long():
    assert len({raw["text"].casefold() for raw in MESSAGE_LINES}) == len(MESSAGE_LINES)
    assert max(len(raw["text"].split()) for raw in MESSAGE_LINES) <= 120


def test_every_message_was_labelled_twice():
    second = [json.loads(line)["id"] for line in SECOND.read_text(encoding="utf-8").splitlines()]

    assert sorted(second) == sorted(raw["id"] for raw in MESSAGE_LINES)
