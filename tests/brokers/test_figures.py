"""The figures of referrals say how soon and how they end, and give no small group away."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.brokers.figures import FEWER, figures, words_of
from knowledge_base.brokers.records import OUTCOMES, Referral, Team

SINCE = datetime(2026, 10, 1, tzinfo=timezone.utc)
UNTIL = datetime(2026, 11, 1, tzinfo=timezone.utc)
TEAMS = [Team(id="t1", name="Example money team"), Team(id="t2", name="Example makers team")]
NUMBERS = count()


def asked(day=0, hours_to_take=None, hours_to_answer=None, state="new", closed=None, **more) -> Referral:
    at = SINCE + timedelta(days=day)
    told = {"needs": ("finance",), "areas": ("dudley",), "team": "t1", **more}
    return Referral(
        code=f"C{next(NUMBERS)}",
        session=None,
        name="Example Bakery",
        contact="owner@example.org",
        words="",
        roadmap_id=None,
        consent_at=at,
        state=state,
        taken_at=None if hours_to_take is None else at + timedelta(hours=hours_to_take),
        first_answer_at=None if hours_to_answer is None else at + timedelta(hours=hours_to_answer),
        closed_at=closed,
        **told,
    )


def of(*referrals):
    return figures(referrals, TEAMS, SINCE, UNTIL)


def test_the_time_to_the_first_answer_is_the_median_of_those_answered():
    found = of(*[asked(hours_to_answer=hours) for hours in (1, 2, 3, 10, 500)], asked(), asked())

    assert found.all.count == 7
    assert found.all.to_first_answer == timedelta(hours=3)


def test_the_share_taken_within_a_day_leaves_out_whose_first_day_is_not_over():
    taken = [asked(hours_to_take=hours) for hours in (1, 24, 25)]
    never = [asked(), asked()]
    just_now = [asked(day=30.5) for _ in range(3)]

    found = of(*taken, *never, *just_now)

    assert found.all.count == 8
    assert found.all.taken_in_a_day == pytest.approx(2 / 5)


def test_outcomes_are_counted_as_they_stood_at_the_end():
    before, after = UNTIL - timedelta(days=1), UNTIL + timedelta(days=1)
    helped = [asked(state="helped", closed=before) for _ in range(6)]
    later = [asked(state="helped", closed=after) for _ in range(5)]

    assert of(*helped, *later).all.outcomes == {
        "helped": 6,
        "not_for_us": None,
        "unreachable": None,
        "open": 5,
    }


def test_only_what_was_asked_for_in_the_time_counts():
    inside = [asked(day=day) for day in (0, 1, 2, 3, 30.9)]

    assert of(*inside, asked(day=-0.1), asked(day=31)).all.count == 5


def test_groups_are_named_and_the_largest_comes_first():
    found = of(
        *[asked() for _ in range(5)],
        *[asked(team="t2", areas=("cardiff",), needs=("finance", "premises")) for _ in range(7)],
        *[asked(team=None, areas=("a", "b"), needs=()) for _ in range(6)],
    )

    assert [(g.key, g.name, g.count) for g in found.by_team] == [
        ("t2", "Example makers team", 7),
        ("", "", 6),
        ("t1", "Example money team", 5),
    ]
    assert [(g.key, g.count) for g in found.by_area] == [("cardiff", 7), ("", 6), ("dudley", 5)]
    assert [(g.key, g.count) for g in found.by_need] == [("finance", 12), ("premises", 7), ("", 6)]


def test_a_group_under_five_is_fewer_than_five_and_says_nothing_else():
    found = of(*[asked(needs=("premises",), hours_to_answer=1, hours_to_take=1) for _ in range(4)])

    for group in (found.all, *found.by_need, *found.by_area, *found.by_team):
        assert (group.count, group.to_first_answer, group.taken_in_a_day) == (None, None, None)
        assert set(group.outcomes.values()) == {None}
        assert group.count_words == "fewer than 5"


def test_one_small_team_is_not_found_by_taking_the_others_from_the_whole():
    found = of(
        *[asked() for _ in range(9)],
        *[asked(team="t2") for _ in range(7)],
        *[asked(team=None) for _ in range(2)],
    )

    assert {group.key: group.count for group in found.by_team} == {"t1": 9, "t2": None, "": None}


def test_nothing_asked_for_is_no_division_by_nothing():
    found = of()

    assert (found.all.count, found.by_area, found.by_need, found.by_team) == (None, (), (), ())
    assert words_of(12) == "12"
    assert words_of(None) == FEWER


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["t1", "t2", None]), st.sampled_from([*OUTCOMES, "new"])), max_size=40)
)
def test_no_count_below_five_follows_from_what_is_shown(drawn):
    closed = UNTIL - timedelta(days=1)
    found = of(*[asked(team=t, state=s, closed=None if s == "new" else closed) for t, s in drawn])
    true = {key: sum((t or "") == key for t, _ in drawn) for key in {t or "" for t, _ in drawn}}

    shown = {group.key: group.count for group in found.by_team if group.count is not None}
    hidden = sum(true.values()) - sum(shown.values())

    assert set(true) == {group.key for group in found.by_team}
    assert all(shown[key] == true[key] >= 5 for key in shown)
    if found.all.count is not None:
        # What is left when all that is shown is taken from the whole is nobody, or no small group.
        assert hidden == 0 or hidden >= 5
        ends = found.all.outcomes
        left = found.all.count - sum(n for n in ends.values() if n is not None)
        assert left == 0 or left >= 5
