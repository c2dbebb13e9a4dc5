"""A client's roadmap in Slack: whole, in order, within what Slack takes, whatever its words are."""

from __future__ import annotations

import html
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack import verbs
from bot.slack.blocks.roadmaps import changes, roadmap
from bot.slack.blocks.text import JOINER, plain
from bot.web.formats import day
from knowledge_base.asked import steps_of
from knowledge_base.view import View
from tests.core.builders import TODAY, business, catalogue, offer
from tests.core.full import examples
from tests.slack.block_kit_schema import elements, message_faults
from tests.slack.made_up import (
    DAY,
    HOSTILE,
    client,
    hostile_words,
    lengthened,
    made_up_roadmap,
    real_roadmap,
    spoilt,
)
from tests.web.example import small_factory

URL = "https://example.org/roadmap/r1"
MOST_PAGES = 200


def read_whole(document, owner, **more):
    """Turn every page, as somebody who presses the button until there is none."""
    shown, page = [], 1
    while page <= MOST_PAGES:
        message = roadmap(document, owner, today=DAY, url=URL, page=page, **more)
        shown.append(message)
        onward = [
            verbs.pressed(each["action_id"], each["value"])
            for block in message.blocks
            if block["type"] == "actions"
            for each in block["elements"]
            if each["action_id"] == f"page:{page + 1}"
        ]
        if not onward:
            return shown
        assert onward == [verbs.Pressed("page", str(page + 1), owner.id)]
        page += 1
    raise AssertionError("the pages never end")


def steps_shown(messages):
    """The offers of the steps shown, in order, by their menus."""
    return [
        each["action_id"].removeprefix("step:")
        for message in messages
        for each in elements(message.blocks, "action_id")
        if each["action_id"].startswith("step:")
    ]


def faults(messages):
    return [fault for message in messages for fault in message_faults(message.text, message.blocks)]


def heard(messages):
    """What a screen reader says."""
    return html.unescape("\n".join(message.text for message in messages)).replace(JOINER, "")


def unheard(document, text):
    """What of the steps the plain text does not tell: names, days, and what is paid."""
    missing = []
    for step in steps_of(document):
        told = [plain(step["name"]), plain(step["cost"])]
        if step["start_known"] and not step.get("edition"):
            told.append(day(step["starts"]))
        if step["apply_by"] and not step.get("edition"):
            told.append(day(step["apply_by"]))
        if step["funding"]:
            told.append(plain(step["funding"]["words"]))
        missing += [words for words in told if words.casefold() not in text.casefold()]
    for gap in document["gaps"]:
        missing += [] if plain(gap["words"]).casefold() in text.casefold() else [gap["words"]]
    return missing


@pytest.mark.parametrize("seed", range(examples(400, 60)))
def test_any_roadmap_of_a_made_up_world_can_be_shown_whole(seed):
    document = made_up_roadmap(seed)

    messages = read_whole(document, client())

    assert faults(messages) == []
    assert steps_shown(messages) == [step["offer"] for step in steps_of(document)]
    assert unheard(document, heard(messages)) == []


@pytest.mark.parametrize("seed", range(examples(300, 40)))
def test_any_roadmap_of_the_starter_pack_can_be_shown_whole(seed):
    document = real_roadmap(seed)

    messages = read_whole(document, client())

    assert faults(messages) == []
    assert steps_shown(messages) == [step["offer"] for step in steps_of(document)]
    assert unheard(document, heard(messages)) == []


@pytest.mark.parametrize("seed", range(25))
def test_a_real_roadmap_stands_in_one_message(seed):
    assert len(read_whole(real_roadmap(seed), client())) == 1


@settings(deadline=None, max_examples=examples(300, 40))
@given(seed=st.integers(0, 400), words=st.lists(hostile_words, min_size=1, max_size=6), name=hostile_words)
def test_hostile_words_are_shown_as_words_and_nothing_is_lost(seed, words, name):
    document = spoilt(made_up_roadmap(seed), words, Random(seed))

    messages = read_whole(document, client(name))

    assert faults(messages) == []
    assert steps_shown(messages) == [step["offer"] for step in steps_of(document)]


@settings(deadline=None, max_examples=examples(60, 8))
@given(words=st.lists(hostile_words, min_size=1, max_size=4), times=st.integers(2, 7))
def test_a_roadmap_of_many_steps_is_paged_each_step_once_and_in_order(words, times):
    document = lengthened(spoilt(small_factory(), words, Random(times)), times)

    messages = read_whole(document, client())

    assert faults(messages) == []
    assert steps_shown(messages) == [step["offer"] for step in steps_of(document)]


def test_a_roadmap_longer_than_a_message_goes_on_in_the_next():
    messages = read_whole(lengthened(small_factory(), 20), client())

    assert len(messages) > 1
    assert all(faults([message]) == [] for message in messages)


@pytest.mark.parametrize("words", HOSTILE)
def test_nobody_is_called_by_what_a_client_is_named(words):
    message = roadmap(small_factory(), client(f"{words} Ltd"), today=DAY)

    assert message_faults(message.text, message.blocks) == []
    assert "<!" not in message.text
    assert "@here" not in message.text


def test_a_page_that_is_not_there_gives_the_nearest():
    document = lengthened(small_factory(), 20)
    last = read_whole(document, client())[-1]

    assert roadmap(document, client(), today=DAY, url=URL, page=999) == last
    assert roadmap(document, client(), today=DAY, url=URL, page=-3) == read_whole(document, client())[0]


def test_a_verdict_is_told_in_words_beside_its_sign():
    message = roadmap(small_factory(), client(), today=DAY)
    said = [block["text"]["text"] for block in message.blocks if block["type"] == "section"]

    assert any("✓ Likely a fit" in each and "Example productivity review" in each for each in said)
    assert any("? Not sure yet" in each and "Example growth grant" in each for each in said)


def test_a_step_says_when_what_it_costs_who_pays_why_and_what_is_open():
    message = roadmap(small_factory(), client(), today=DAY, name_of=lambda offer: "Example online course")
    step = next(
        block["text"]["text"]
        for block in message.blocks
        if block["type"] == "section" and "|Example growth grant>" in block["text"]["text"]
    )

    assert "<https://example.org/example-grant|Example growth grant>" in step
    assert "Apply by: *31 January 2027*" in step
    assert "Costs you: Half of what you buy" in step
    assert "Who pays: 50 % of the cost, £5,000 to £20,000, paid after you have spent it" in step
    assert "_Because:_ You employ between 5 and 249 people" in step
    assert "_Still open:_ Whether your turnover is at most £10m" in step


def test_a_reserve_is_named_and_can_be_swapped_for():
    message = roadmap(small_factory(), client(), today=DAY, name_of=lambda offer: "Example online course")
    menu = next(
        each for each in elements(message.blocks, "action_id") if each["action_id"] == "step:example-course"
    )
    words = [each["text"]["text"] for each in menu["options"]]
    done = [verbs.pressed(menu["action_id"], each["value"]) for each in menu["options"]]

    assert "Swap for Example online course" in words
    assert [each.verb for each in done] == ["why", "swap", "done", "turned_down", "skip"]
    assert {(each.about, each.id) for each in done} == {("example-course", client().id)}


def test_a_record_due_to_be_checked_again_wears_a_badge_once_its_day_is_past():
    document = small_factory()
    soon = roadmap(document, client(), today=DAY)
    later = roadmap(document, client(), today=DAY + timedelta(days=100))

    assert "⚠" not in str(soon.blocks)
    assert "⚠ Last checked by the hub on 1 November 2026, due again since" in str(later.blocks)
    assert "due again since" in later.text


def test_a_gap_and_the_cash_to_carry_are_told():
    message = roadmap(small_factory(), client(), today=DAY)

    assert "Nothing for premises is open just now." in str(message.blocks)
    assert "Cash to carry meanwhile: At most £24,000, in March 2027" in str(message.blocks)
    assert "December 2026: £6,000" in message.text


def test_what_only_advisers_can_use_is_marked_and_stands_apart():
    course = offer("train-the-trainer", audience="broker", needs=("finance",))
    card = View.of(catalogue(course)).card("train-the-trainer", business(place="Dudley"), TODAY, "broker")

    with_it = roadmap(small_factory(), client(), today=DAY, adviser=[card])
    without = roadmap(small_factory(), client(), today=DAY)

    assert "For you as adviser* (not part of what the client sees)" in str(with_it.blocks)
    assert "For you as adviser" not in str(without.blocks) + without.text
    assert "For you as adviser (not part of what the client sees):" in with_it.text
    assert message_faults(with_it.text, with_it.blocks) == []


def test_a_roadmap_without_steps_says_so_and_offers_no_comparison():
    document = {**small_factory(), "phases": [], "funding": None}
    message = roadmap(document, client(), today=DAY)

    assert "Nothing we hold fits" in str(message.blocks)
    assert '"compare"' not in str(message.blocks).replace("'", '"')
    assert message_faults(message.text, message.blocks) == []


def test_an_offer_whose_id_no_menu_can_carry_is_still_shown():
    document = small_factory()
    document["phases"][0]["steps"][0]["offer"] = "x" * 400
    message = roadmap(document, client(), today=DAY)

    assert "Example productivity review" in str(message.blocks)
    assert message_faults(message.text, message.blocks) == []


def test_changes_are_told_with_a_sign_and_their_reason():
    document = {
        **small_factory(),
        "changes": [
            {"kind": "done", "offer": "a", "words": "Example review is done.", "because": "done"},
            {
                "kind": "left",
                "offer": "b",
                "words": "Example loan is left out: <no> loans.",
                "because": "refused",
            },
        ],
    }
    message = changes(document, client())

    assert "✓ Example review is done." in message.blocks[0]["text"]["text"]
    assert "– Example loan is left out: &lt;no&gt; loans." in message.blocks[0]["text"]["text"]
    assert message_faults(message.text, message.blocks) == []


def test_that_nothing_changed_is_said():
    message = changes({**small_factory(), "changes": []}, client())

    assert "Nothing has changed" in message.text
    assert "Nothing has changed" in message.blocks[0]["text"]["text"]


@settings(deadline=None, max_examples=examples(100, 20))
@given(words=st.lists(hostile_words, max_size=40))
def test_any_changes_can_be_told(words):
    told = [{"kind": "new", "offer": None, "words": each, "because": "x"} for each in words]
    message = changes({"changes": told}, replace(client(), name=words[0] if words else ""))

    assert message_faults(message.text, message.blocks) == []
