"""Whether confidences are held to what they say, on cases small enough to work out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.understanding import calibration
from tests.understanding.calibration import Bin
from tests.understanding.scores import Meaning, Pair, meaning


def act(label: str, bot: str, confidence: float) -> Pair:
    return Pair(Meaning(label), Meaning(bot, confidence=confidence))


def needs(label: str, **named: float) -> Pair:
    read = [{"need": need, "confidence": chance} for need, chance in named.items()]
    return Pair(
        Meaning("describe_need", frozenset(label.split())), meaning({"act": "describe_need", "needs": read})
    )


def test_an_act_said_at_three_quarters_and_right_three_times_in_four_is_honest():
    honest = [act("greet", "greet", 0.75)] * 3 + [act("greet", "thanks", 0.75)]
    boastful = [act("greet", "thanks", 1.0), act("greet", "greet", 0.25)]

    assert calibration.acts_error(honest) == pytest.approx(0)
    assert calibration.acts_error(boastful) == pytest.approx((1.0 + 0.75) / 2)


def test_of_needs_said_at_eight_tenths_four_in_five_should_be_right():
    honest = [needs("finance", finance=0.8)] * 4 + [needs("premises", finance=0.8)]
    timid = [needs("finance premises", finance=0.6, premises=0.6)]

    assert calibration.needs_error(honest) == pytest.approx(0)
    assert calibration.needs_error(timid) == pytest.approx(0.4)


def test_a_need_is_held_to_what_it_says_in_whatever_the_bot_takes_for_a_need():
    greeted = Pair(Meaning("greet"), needs("", finance=0.9).bot)
    asked = Pair(Meaning("ask_events"), meaning({**_read(peer_networks=0.9), "act": "ask_events"}))

    assert calibration.needs_said([greeted, asked]) == [(0.9, False)]


def test_needs_named_without_a_confidence_say_nothing_about_confidences():
    sure = Pair(
        Meaning("describe_need", frozenset({"finance"})), Meaning("describe_need", frozenset({"finance"}))
    )

    assert calibration.needs_said([sure]) == []
    assert calibration.needs_error([sure]) is None


def test_bins_hold_what_was_said_in_them_and_the_surest_is_in_the_last():
    first, last = calibration.bins([(0.05, False), (0.0, True), (1.0, True)])

    assert first == Bin(0.0, 0.1, pytest.approx(0.025), 0.5, 2)
    assert (last.low, last.high, last.count) == (0.9, 1.0, 1)


def test_the_picture_has_a_line_for_each_bin_and_a_stroke_where_the_confidence_says():
    heading, low, high = calibration.picture([Bin(0.2, 0.3, 0.25, 0.5, 4), Bin(0.9, 1.0, 1.0, 1.0, 9)])

    assert "right" in heading
    assert low.endswith("·····|····")
    assert high.endswith("·" * 20 + "|")


@settings(deadline=None, print_blob=True)
@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60))
def test_an_error_is_a_share_and_no_saying_is_lost_in_the_bins(said):
    assert sum(each.count for each in calibration.bins(said)) == len(said)
    assert 0 <= calibration.error(said) <= 1


def _read(**named: float) -> dict:
    return {"needs": [{"need": need, "confidence": chance} for need, chance in named.items()]}
