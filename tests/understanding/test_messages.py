"""The messages kept for measuring: that they are whole, and spelled as the closed lists are."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from knowledge_base.profile import parse_profile
from knowledge_base.words import ACTS, BUSINESS_STAGES, FACTS, KINDS, LEGAL_FORMS, NEEDS, SECTORS
from tests.understanding.agreement import SECOND
from tests.understanding.measure import HERE, MESSAGES, labels, read

MESSAGE_LINES = read(MESSAGES)
SECOND_LINES = labels(SECOND)
BROKER_LINES = read(HERE / "brokers.jsonl")
FEW_WORDS = 5

Lines = list[dict[str, Any]]
both_files = pytest.mark.parametrize(
    "lines", [MESSAGE_LINES, BROKER_LINES], ids=["messages.jsonl", "brokers.jsonl"]
)


def test_every_need_is_asked_for_at_least_twelve_times() -> None:
    asked = Counter(need for raw in MESSAGE_LINES for need in raw.get("needs") or ())

    assert set(asked) == set(NEEDS)
    assert min(asked.values()) >= 12


def test_every_act_is_done_at_least_six_times() -> None:
    done = Counter(raw["act"] for raw in MESSAGE_LINES)

    assert set(done) == set(ACTS)
    assert min(done.values()) >= 6


@both_files
def test_every_act_and_need_is_from_the_closed_lists(lines: Lines) -> None:
    assert {raw["act"] for raw in lines} <= set(ACTS)
    assert {need for raw in lines for need in raw.get("needs") or ()} <= set(NEEDS)


@both_files
def test_only_messages_that_describe_a_need_carry_needs(lines: Lines) -> None:
    assert all(bool(raw.get("needs")) == (raw["act"] == "describe_need") for raw in lines)


@both_files
def test_every_fact_labelled_is_one_a_profile_can_hold(lines: Lines) -> None:
    for raw in lines:
        told = parse_profile(raw.get("facts") or {})
        assert told.sector is None or told.sector in SECTORS
        assert told.legal_form is None or told.legal_form in LEGAL_FORMS
        assert told.stage is None or told.stage in BUSINESS_STAGES
        assert set(told.refuses) <= set(KINDS)
        assert set(told.refused) <= set(FACTS)


@both_files
def test_no_message_is_there_twice_but_for_a_few_words_that_two_writers_both_chose(lines: Lines) -> None:
    longer = [raw["text"].casefold() for raw in lines if len(raw["text"].split()) > FEW_WORDS]

    assert len(set(longer)) == len(longer)
    assert len({(raw["text"].casefold(), raw["id"][0]) for raw in lines}) == len(lines)


def test_no_id_and_no_longer_message_is_in_both_files() -> None:
    def longer(lines: Lines) -> set[str]:
        return {raw["text"].casefold() for raw in lines if len(raw["text"].split()) > FEW_WORDS}

    assert {raw["id"] for raw in MESSAGE_LINES}.isdisjoint(raw["id"] for raw in BROKER_LINES)
    assert longer(MESSAGE_LINES).isdisjoint(longer(BROKER_LINES))


@both_files
def test_no_message_is_too_long(lines: Lines) -> None:
    assert max(len(raw["text"].split()) for raw in lines) <= 120


def test_advisers_messages_are_as_many_of_each_sort_as_is_said_of_them() -> None:
    needs = Counter(len(raw["needs"]) for raw in BROKER_LINES if raw["act"] == "describe_need")

    assert len(BROKER_LINES) == 150
    assert needs == {1: 60, 2: 30, 3: 10}


def test_every_message_was_labelled_twice() -> None:
    assert sorted(raw["id"] for raw in SECOND_LINES) == sorted(raw["id"] for raw in MESSAGE_LINES)


def test_the_second_labels_are_from_the_closed_lists_too() -> None:
    assert {raw["act"] for raw in SECOND_LINES} <= set(ACTS)
    assert {need for raw in SECOND_LINES for need in raw.get("needs") or ()} <= set(NEEDS)
