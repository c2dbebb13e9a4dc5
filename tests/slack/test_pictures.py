"""A roadmap in pictures: the steps in time and the money, and the same in words."""

from __future__ import annotations

import io
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.image import imread

from bot.slack import drawing
from bot.slack.pictures import bars, funding_png, funding_words, timeline_png, timeline_words
from bot.web.palette import INK, MARK, PAPER, contrast
from tests.core.full import examples
from tests.slack.made_up import DAY, HOSTILE, hostile_words, lengthened, made_up_roadmap, real_roadmap, spoilt
from tests.web.example import small_factory


def seen(png):
    """The picture as rows of pixels."""
    assert png.startswith(b"\x89PNG\r\n")
    return imread(io.BytesIO(png))


def colours_in(png):
    pixels = seen(png)[:, :, :3].reshape(-1, 3)
    return {
        "#" + "".join(f"{round(float(part) * 255):02x}" for part in each) for each in {*map(tuple, pixels)}
    }


def test_the_timeline_shows_each_phase_in_a_colour_and_a_pattern_of_its_own():
    shown = colours_in(timeline_png(small_factory(), DAY))

    assert {drawing.PHASES[phase][0] for phase in ("get_clear", "get_ready", "get_funded")} <= shown
    assert len({pattern for _, pattern in drawing.PHASES.values()}) == len(drawing.PHASES)


def test_every_colour_can_be_told_from_the_paper_and_words_can_be_read():
    assert all(contrast(colour, PAPER) >= 3 for colour, _ in drawing.PHASES.values())
    assert contrast(INK, PAPER) >= 4.5
    assert contrast(drawing.DIM, PAPER) >= 4.5


def test_a_picture_is_as_wide_as_a_phone_and_sharp():
    pixels = seen(timeline_png(small_factory(), DAY))

    assert pixels.shape[1] == 360 * 3


def test_the_same_roadmap_on_the_same_day_is_the_same_picture():
    assert timeline_png(small_factory(), DAY) == timeline_png(small_factory(), DAY)
    assert timeline_png(small_factory(), DAY) != timeline_png(small_factory(), date(2027, 1, 20))


def test_the_timeline_is_told_in_words():
    words = timeline_words(small_factory())

    assert "1. Example productivity review (Get clear): from 23 November 2026 to 21 December 2026" in words
    assert "apply by 31 January 2027" in words
    assert "4. Example makers' network (Get going): any time" in words


def test_the_money_is_drawn_and_told_with_the_cash_to_carry():
    png, words = funding_png(small_factory()), funding_words(small_factory())

    assert png is not None
    assert MARK in colours_in(png)
    assert "It costs £24,000" in words
    assert "Example growth grant £12,000" in words
    assert "Left for you to find: £12,000" in words
    assert "March 2027: £24,000" in words


def test_a_roadmap_without_a_cost_has_no_picture_of_money():
    assert funding_png({**small_factory(), "funding": None}) is None
    assert funding_png({**small_factory(), "funding": {"cost": None, "lines": []}}) is None
    assert funding_words({"funding": None}) == "There is no money in this roadmap."


def test_a_roadmap_without_steps_still_has_a_timeline_that_says_so():
    empty = {**small_factory(), "phases": []}

    assert seen(timeline_png(empty, DAY)).shape[0] > 100
    assert timeline_words(empty) == "There are no steps."


def test_a_roadmap_of_very_many_steps_stays_a_picture_one_can_look_at():
    long = lengthened(small_factory(), 50)

    assert len(bars(long)) == 200
    assert seen(timeline_png(long, DAY)).shape[0] < 3000
    assert len(timeline_words(long)) <= 2000


@pytest.mark.parametrize("seed", range(examples(60, 6)))
def test_any_roadmap_can_be_drawn(seed):
    for document in (made_up_roadmap(seed), real_roadmap(seed)):
        assert seen(timeline_png(document, DAY)).shape[1] == 1080
        money = funding_png(document)
        assert money is None or seen(money).shape[1] == 1080


@settings(deadline=None, max_examples=examples(60, 10))
@given(words=st.lists(st.one_of(hostile_words, st.just("$x_1^2$ \\frac{")), min_size=1, max_size=4))
def test_hostile_words_are_drawn_as_words(words):
    document = spoilt(small_factory(), words, Random(1))

    assert seen(timeline_png(document, DAY)).shape[1] == 1080
    assert seen(funding_png(document)).shape[1] == 1080
    assert 0 < len(timeline_words(document)) <= 2000
    assert 0 < len(funding_words(document)) <= 2000


@pytest.mark.parametrize(
    ("starts", "ends", "apply_by"),
    [
        ("0001-01-01", "9999-12-31", None),
        ("9999-12-31", "9999-12-31", "9999-12-31"),
        ("2027-01-01", "2026-01-01", "2020-01-01"),
        ("soon", None, "later"),
    ],
)
def test_days_that_cannot_be_do_not_spoil_the_picture(starts, ends, apply_by):
    document = small_factory()
    document["phases"][0]["steps"][0] |= {"starts": starts, "ends": ends, "apply_by": apply_by}

    assert seen(timeline_png(document, DAY)).shape[1] == 1080


def test_no_word_is_drawn_wider_than_the_picture():
    for words in (*HOSTILE, "W" * 200, "Ährenwörter " * 30):
        fitted = drawing.fitted(words, 9.5, 330)
        assert drawing.wide(fitted, 9.5) <= 330 or len(fitted) <= 1
