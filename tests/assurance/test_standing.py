"""How a curator's word for a record stands on a day, how that is said, and what is due."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.assurance import (
    BadAssurance,
    assurance_in,
    checked_words,
    due_list,
    has_lapsed,
    overdue_words,
    standing,
    vouch,
)
from knowledge_base.cards import age
from knowledge_base.records import Assurance
from tests.core.builders import TODAY, closed, offer

DAYS = st.dates(date(1990, 1, 1), date(2200, 1, 1))


def until(day: date, on: date = date(2026, 8, 1)) -> Assurance:
    return Assurance("A. Curator", on, day)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("assured", "stands"),
    [
        (None, "never"),
        (until(ago(-15)), "current"),
        (until(ago(-14)), "due"),
        (until(TODAY), "due"),
        (until(ago(1)), "overdue"),
    ],
)
def test_a_record_is_due_two_weeks_before_the_day_and_overdue_the_day_after(assured, stands):
    assert standing(assured, TODAY) == stands


def test_an_overdue_record_says_when_it_was_checked_and_since_when_it_is_due():
    assert checked_words(until(date(2026, 11, 1)), TODAY) == (
        "last checked by the hub on 1 August 2026, due again since 1 November 2026"
    )
    assert checked_words(until(TODAY), TODAY) == "checked by the hub on 1 August 2026"
    assert checked_words(None, TODAY) == "not yet checked by the hub"


def test_the_answer_about_one_offer_says_the_same():
    assert age(offer("grant", assured=until(ago(3))), TODAY).endswith(
        "last checked by the hub on 1 August 2026, due again since 18 November 2026"
    )


@settings(deadline=None)
@given(DAYS, st.integers(-500, 500), st.integers(0, 400))
def test_a_record_lapses_only_when_it_is_overdue_and_stays_so(on, days, grace):
    assured = until(on - timedelta(days=days), date(1980, 1, 1))

    assert has_lapsed(assured, on, grace) is (days > grace)
    assert not has_lapsed(assured, on, grace) or standing(assured, on) == "overdue"
    assert not has_lapsed(assured, on, grace) or has_lapsed(assured, on + timedelta(days=1), grace)
    assert not has_lapsed(assured, on, None)
    assert not has_lapsed(None, on, grace)


@pytest.mark.parametrize(
    "told",
    [
        None,
        "",
        7,
        [],
        {},
        {"on": "soon", "until": "later"},
        {"on": None, "until": "2026-01-01"},
        {"until": "x"},
    ],
)
def test_what_a_saved_roadmap_holds_that_cannot_be_read_gives_no_badge(told):
    assert assurance_in(told) is None
    assert overdue_words(told, TODAY) == ""


def test_a_saved_roadmap_gives_its_badge_on_the_day_it_is_read_not_the_day_it_was_made():
    told = {"by": "A. Curator", "on": "2026-08-01", "until": "2026-11-30"}

    assert overdue_words(told, TODAY) == ""
    assert overdue_words(told, date(2026, 12, 1)).endswith("due again since 30 November 2026")


@pytest.mark.parametrize(
    ("by", "day", "said"),
    [
        ("", ago(-90), "say who vouches"),
        (" \n ", ago(-90), "say who vouches"),
        ("x" * 201, ago(-90), "say who vouches"),
        ("a\x00b", ago(-90), "say who vouches"),
        ("A. Curator", TODAY, "is not after"),
        ("A. Curator", ago(1), "is not after"),
        ("A. Curator", ago(-1097), "three years"),
        ("A. Curator", date.max, "three years"),
    ],
)
def test_nobody_vouches_without_a_name_backwards_or_for_ever(by, day, said):
    with pytest.raises(BadAssurance, match=said):
        vouch(by, TODAY, day)


def test_a_name_is_kept_without_spaces_around_it():
    assert vouch("  A.  Curator ", TODAY, ago(-1)) == Assurance("A. Curator", TODAY, ago(-1))


def ids(found) -> list[tuple[str, str]]:
    return [(each.offer, each.standing) for each in found]


RECORDS = (
    offer("a-little-overdue", assured=until(ago(1))),
    offer("long-overdue", assured=until(ago(70))),
    offer("due-soon", assured=until(ago(-3))),
    offer("due-later", assured=until(ago(-12))),
    offer("good", assured=until(ago(-60))),
    offer("found-wrong", assured=until(ago(-60))),
    offer("often-shown"),
    offer("seldom-shown"),
    offer("ended", assured=until(ago(200)), window=closed("2026-10")),
    offer("a-draft", assured=until(ago(200)), status="draft"),
)


def test_the_most_pressing_record_comes_first_and_what_is_in_order_is_not_listed():
    found = due_list(
        RECORDS,
        TODAY,
        grace_days=60,
        shown={"often-shown": 40, "seldom-shown": 9},
        findings={"found-wrong": 2},
    )

    assert ids(found) == [
        ("long-overdue", "overdue"),
        ("a-little-overdue", "overdue"),
        ("due-soon", "due"),
        ("due-later", "due"),
        ("found-wrong", "finding"),
        ("often-shown", "never"),
    ]
    assert [each.words for each in found] == [
        "overdue by 70 days, left out of new roadmaps",
        "overdue by 1 day, left out of new roadmaps from 20 January 2027",
        "due in 3 days",
        "due in 12 days",
        "checked, 2 things were found on its source",
        "never checked by the hub, shown 40 times lately",
    ]


def test_the_day_a_record_leaves_is_the_first_on_which_it_has_lapsed():
    (due,) = due_list([RECORDS[0]], TODAY, grace_days=60)

    assert due.leaves is not None
    assert has_lapsed(due.assured, due.leaves, 60)
    assert not has_lapsed(due.assured, due.leaves - timedelta(days=1), 60)


def test_a_record_that_ended_is_listed_only_for_what_was_found_on_its_source():
    ended = RECORDS[8]

    assert due_list([ended], TODAY) == ()
    assert ids(due_list([ended], TODAY, findings={"ended": 1})) == [("ended", "finding")]


def test_every_record_nobody_checked_can_be_listed():
    assert ids(due_list(RECORDS, TODAY, often=0))[-2:] == [
        ("often-shown", "never"),
        ("seldom-shown", "never"),
    ]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(-40, 400), st.booleans()), max_size=12), st.integers(0, 90))
def test_every_overdue_record_is_listed_once_the_longest_overdue_first(told, within):
    records = [
        offer(f"o{at}", assured=until(ago(days), date(2020, 1, 1)) if there else None)
        for at, (days, there) in enumerate(told)
    ]
    found = due_list(reversed(records), TODAY, within=within)

    assert found == due_list(records, TODAY, within=within)
    assert len({each.offer for each in found}) == len(found)
    assert [each.days for each in found] == sorted((each.days for each in found), reverse=True)
    wanted = {f"o{at}" for at, (days, there) in enumerate(told) if there and days >= -within}
    assert {each.offer for each in found} == wanted


def test_assuring_a_record_again_takes_it_off_the_list():
    again = replace(RECORDS[1], assured=vouch("A. Curator", TODAY, ago(-90)))

    assert due_list([again], TODAY) == ()
