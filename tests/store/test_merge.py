"""Two records of one offer are made one, and two again, all of it or nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.faults import BadCatalogue
from knowledge_base.joining import moved
from knowledge_base.offer_dump import dump_offer
from knowledge_base.records import Amount, Criterion, OneOf, Provider
from knowledge_base.store.catalogue_store import StaleRecord
from knowledge_base.store.desk_tables import WorkingCopyRow
from knowledge_base.store.duplicates import BadMerge, Duplicates
from tests.core.builders import offer
from tests.store.conftest import NOW

STAYS = offer("example-grant", "grant", aliases=("The example grant",), requires=("example-check-up",))
GOES = replace(
    offer("example-fund", "grant", aliases=("THE EXAMPLE GRANT", "Old example fund")),
    name="Example fund",
    amount=Amount("GBP", max=Decimal(9000)),
)
CHECK_UP = offer("example-check-up", "diagnostic", leads_to=("example-fund",))
LOAN = offer("example-loan", "loan", excludes=("example-fund", "example-grant"))
PART = offer("example-part", "event", part_of="example-fund")
ENDED = offer("example-ended", "grant", succeeded_by="example-fund")
AFTER = offer(
    "example-after",
    "mentoring",
    requires=("example-fund",),
    criteria=(Criterion("You had the fund", "done", OneOf(frozenset({"example-fund"}))),),
)
APART = offer("example-apart", "network")
ALL = (CHECK_UP, STAYS, GOES, LOAN, PART, ENDED, AFTER, APART)


@pytest.fixture
def duplicates(store):
    store.save_provider(Provider("example-council", "Example council", "public"), "C", "new", NOW)
    for each in ALL:
        bare = replace(
            each, requires=(), leads_to=(), excludes=(), part_of=None, succeeded_by=None, criteria=()
        )
        store.save_offer(bare, "C", "new", NOW)
    for each in ALL:
        store.save_offer(each, "C", "new", NOW)
    return Duplicates(store)


def documents(store) -> dict:
    return {id: dump_offer(each) for id, each in store.catalogue(published_only=False).offers.items()}


def merge(duplicates, **more):
    return duplicates.merge("example-grant", "example-fund", by="kim@hub.example.org", now=NOW, **more)


def test_of_two_records_made_one_the_other_is_withdrawn_and_names_the_one_that_stays(duplicates, store):
    done = merge(duplicates)

    gone = store.offer("example-fund")[0]
    assert (gone.status, gone.succeeded_by) == ("withdrawn", "example-grant")
    assert "example-fund" not in store.catalogue().offers
    assert done.others == (
        "example-after",
        "example-check-up",
        "example-ended",
        "example-loan",
        "example-part",
    )


def test_whoever_named_the_one_that_goes_names_the_one_that_stays(duplicates, store):
    merge(duplicates)

    after = store.offer("example-after")[0]
    assert after.requires == ("example-grant",)
    assert after.criteria[0].test == OneOf(frozenset({"example-grant"}))
    assert store.offer("example-check-up")[0].leads_to == ("example-grant",)
    assert store.offer("example-loan")[0].excludes == ("example-grant",), "named once, not twice"
    assert store.offer("example-part")[0].part_of == "example-grant"
    assert store.offer("example-ended")[0].succeeded_by == "example-grant"
    assert len(store.history("example-apart")) == 1, "what had nothing to do with it has no new revision"


def test_the_one_that_stays_is_found_by_all_the_names_the_other_had(duplicates, store):
    merge(duplicates)

    assert store.offer("example-grant")[0].aliases == (
        "The example grant",
        "Example fund",
        "Old example fund",
    )


def test_fields_can_be_taken_over_one_by_one(duplicates, store):
    merge(duplicates, taken=["amount", "name"])

    kept = store.offer("example-grant")[0]
    assert (kept.name, kept.amount.max) == ("Example fund", Decimal(9000))
    assert kept.requires == ("example-check-up",)
    assert STAYS.name in kept.aliases


def test_both_histories_stay_and_say_what_happened(duplicates, store):
    merge(duplicates)

    assert store.history("example-fund")[0].why == "made one with example-grant, which stays"
    assert store.history("example-grant")[0].why == "made one with example-fund: this one stays"
    assert store.history("example-loan")[0].why == "example-fund is now example-grant"
    assert {each.by for each in store.history("example-fund")} == {"C", "kim@hub.example.org"}
    assert [(each.stays, each.goes) for each in duplicates.merges("example-fund")] == [
        ("example-grant", "example-fund")
    ]
    assert duplicates.merges("example-loan") == []


def test_a_merge_taken_back_leaves_every_record_as_it_was(duplicates, store):
    before = documents(store)
    done = merge(duplicates, taken=["amount", "name", "requires"])

    undone = duplicates.undo(done.id, "kim@hub.example.org", NOW + timedelta(days=2))

    assert documents(store) == before
    assert undone.left == ()
    assert duplicates.merges()[0].undone == NOW + timedelta(days=2)
    assert (
        store.history("example-fund")[0].why == "no longer one: example-fund and example-grant are two again"
    )
    with pytest.raises(BadMerge, match="taken back already"):
        duplicates.undo(done.id, "kim@hub.example.org", NOW)


def test_what_was_changed_since_a_merge_is_left_and_named_when_it_is_taken_back(duplicates, store):
    done = merge(duplicates)
    loan, version = store.offer("example-loan")
    store.save_offer(replace(loan, summary="Another", excludes=()), "D", "they go together", NOW, version)

    undone = duplicates.undo(done.id, "kim@hub.example.org", NOW)

    assert undone.left == ("example-loan: excludes",)
    now = store.offer("example-loan")[0]
    assert (now.summary, now.excludes) == ("Another", ())
    assert store.offer("example-after")[0].requires == ("example-fund",)


def test_a_merge_that_would_run_in_a_circle_changes_nothing(duplicates, store):
    fund, version = store.offer("example-check-up")
    store.save_offer(replace(fund, requires=("example-fund",)), "C", "first the fund", NOW, version)
    before = documents(store)

    with pytest.raises(BadCatalogue, match="circle"):
        merge(duplicates)

    assert documents(store) == before
    assert duplicates.merges() == []


def test_nothing_is_merged_that_was_changed_while_somebody_was_deciding(duplicates, store):
    versions = {id: store.offer(id)[1] for id in ("example-grant", "example-fund")}
    store.save_offer(replace(STAYS, summary="Changed"), "D", "because", NOW)
    before = documents(store)

    with pytest.raises(StaleRecord, match="example-grant"):
        merge(duplicates, versions=versions)
    assert documents(store) == before


@pytest.mark.parametrize(
    ("stays", "goes", "words"),
    [
        ("example-grant", "example-grant", "one record"),
        ("example-grant", "narnia", "no such offer"),
        ("narnia" * 100, "example-grant", "no such offer"),
    ],
)
def test_what_cannot_be_merged_is_refused_in_plain_words(duplicates, stays, goes, words):
    with pytest.raises(BadMerge, match=words):
        duplicates.merge(stays, goes, by="C", now=NOW)


def test_a_record_merged_away_is_not_merged_again(duplicates):
    merge(duplicates)

    with pytest.raises(BadMerge, match="withdrawn already"):
        merge(duplicates)


@pytest.mark.parametrize("field", ["status", "aliases", "id", "nonsense"])
def test_only_a_field_of_the_record_can_be_taken_over(duplicates, store, field):
    before = documents(store)

    with pytest.raises(BadMerge, match="not a field to choose"):
        merge(duplicates, taken=[field])
    assert documents(store) == before


def test_a_record_with_a_draft_is_not_merged_over_its_writers_head(duplicates, store, database):
    with database.writing() as session:
        session.add(
            WorkingCopyRow(
                record_type="offer", record_id="example-fund", base_version=2, version=1, document={},
                state="draft", by="lee@hub.example.org", at=NOW, why="", comment="",
            )
        )  # fmt: skip

    with pytest.raises(BadMerge, match=r"example-fund has a draft by lee@hub\.example\.org"):
        merge(duplicates)
    assert store.offer("example-fund")[0].status == "published"


def test_two_that_were_said_to_be_two_are_not_shown_again_until_that_is_taken_back(duplicates):
    named = {(pair.one, pair.other) for pair in duplicates.pairs(least=0.0)}
    assert ("example-fund", "example-part") not in named, "one names the other"
    some = sorted(named)[0]

    for _ in range(2):
        duplicates.are_two(*reversed(some), "kim@hub.example.org", NOW)
    assert duplicates.apart() == {some}
    assert {(p.one, p.other) for p in duplicates.pairs(least=0.0)} == named - {some}

    duplicates.may_be_one(*some)
    assert {(p.one, p.other) for p in duplicates.pairs(least=0.0)} == named


def test_a_record_that_is_not_there_is_not_said_to_be_two(duplicates):
    with pytest.raises(BadMerge, match="no such offer"):
        duplicates.are_two("example-grant", "narnia", "C", NOW)


IDS = st.sampled_from(["a", "b", "c", "own"])


@settings(deadline=None)
@given(
    lists=st.dictionaries(
        st.sampled_from(["requires", "leads_to", "excludes"]), st.lists(IDS, min_size=1, max_size=4)
    ),
    single=st.dictionaries(st.sampled_from(["part_of", "succeeded_by"]), IDS),
    after=st.sampled_from(["b", "", "own"]),
)
def test_moving_a_name_leaves_none_of_the_old_and_never_names_itself(lists, single, after):
    document = {"name": "x", **lists, **single}

    out = moved(document, "a", after, "own")

    for field in lists:
        assert "a" not in out.get(field, ())
        assert "own" not in out.get(field, ())
        assert len(set(out.get(field, ()))) == len(out.get(field, ()))
        assert out.get(field) != []
    for field in single:
        assert out.get(field) != "a"
        if single[field] == "a":
            assert out.get(field) in ({after} - {"", "own"} or {None})
