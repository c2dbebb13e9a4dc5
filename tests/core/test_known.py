"""Two who plan one roadmap, each with facts of their own at hand, undo nothing of each other's."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.known import Known, facts_onto, needs_onto, read_known
from knowledge_base.profile import dump_profile, parse_profile

STEPS = st.lists(
    st.sampled_from(("example-check-up", "example-grant", "example-loan")), unique=True, min_size=1
)
TOLD: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "employees": st.integers(1, 300),
        "place": st.sampled_from(("Dudley", "Cardiff")),
        "done": STEPS,
        "refused": st.lists(st.sampled_from(("turnover", "employees")), unique=True, min_size=1),
    },
)
FACTS = TOLD.map(
    lambda told: {fact: value for fact, value in told.items() if fact not in (told.get("refused") or ())}
)
NEEDS = st.lists(st.sampled_from(("finance", "export_markets", "sustainability")), unique=True).map(tuple)


@settings(deadline=None, max_examples=300)
@given(FACTS, FACTS, FACTS)
def test_who_alone_changed_a_fact_has_it_and_of_steps_done_none_is_lost(
    before: dict[str, Any], told: dict[str, Any], there: dict[str, Any]
) -> None:
    assert facts_onto(before, told, before) == told
    assert facts_onto(before, before, there) == there

    both = facts_onto(before, told, there)

    assert dump_profile(parse_profile(both)) == {
        fact: both[fact] for fact in dump_profile(parse_profile(both))
    }
    kept_back = both.get("refused", [])
    assert not set(kept_back) & set(both)
    for fact in {"employees", "place"} - set(kept_back):
        if told.get(fact) != before.get(fact):
            assert both.get(fact) == told.get(fact)
        else:
            assert both.get(fact) == there.get(fact)
    was, mine, theirs = (set(each.get("done", ())) for each in (before, told, there))
    assert set(both.get("done", ())) == (theirs - (was - mine)) | (mine - was)


@settings(deadline=None, max_examples=200)
@given(NEEDS, NEEDS, NEEDS)
def test_a_need_either_told_stays_and_one_either_gave_up_goes(
    before: tuple[str, ...], told: tuple[str, ...], there: tuple[str, ...]
) -> None:
    assert needs_onto(before, told, before) == told
    assert needs_onto(before, before, there) == there
    assert set(needs_onto(before, told, there)) == (set(there) - (set(before) - set(told))) | (
        set(told) - set(before)
    )


def test_a_step_each_of_them_ticked_off_is_done_after_both() -> None:
    assert facts_onto({"done": ["a"]}, {"done": ["a", "b"]}, {"done": ["a", "c"]}) == {
        "done": ["a", "c", "b"]
    }
    assert facts_onto({"done": ["a"]}, {}, {"done": ["a", "c"]}) == {"done": ["c"]}


def test_what_was_kept_of_what_they_knew_is_read_again_and_anything_else_is_nothing() -> None:
    known = Known(("finance",), {"employees": 14, "done": ["example-grant"]})

    assert read_known(known.dumped()) == known
    assert read_known({**known.dumped(), "phases": []}) == known
    hostile: tuple[Any, ...] = (
        None, "", 7, [], {}, {"needs": "finance", "profile": {}}, {"needs": [], "profile": []},
        {"needs": [], "profile": {"employees": "a dozen or so"}},
    )  # fmt: skip
    assert [read_known(each) for each in hostile] == [None] * len(hostile)


def test_what_is_told_now_is_not_kept_back_though_the_other_kept_it_back_meanwhile():
    before, told = {"employees": 9}, {"employees": 9, "turnover": {"amount": 100, "currency": "GBP"}}

    profile = facts_onto(before, told, {"employees": 9, "refused": ["turnover"]})

    assert profile == told


def test_what_was_kept_back_stays_so_where_nobody_told_it():
    told = {"employees": 12}

    profile = facts_onto({"employees": 9}, told, {"employees": 9, "refused": ["turnover"]})

    assert profile == {"employees": 12, "refused": ["turnover"]}
