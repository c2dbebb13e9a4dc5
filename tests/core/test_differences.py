"""What changed in a record is told so that a curator reads it at once."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.catalogue import parse_offer, read_starter_pack
from knowledge_base.differences import Change, difference
from knowledge_base.merging import merge
from knowledge_base.offer_dump import dump_offer
from knowledge_base.records import Area, Catalogue, Provider
from tests.core.builders import offer

NAMES = Catalogue.of(
    [Area("wales", "Wales"), Area("cardiff", "Cardiff")],
    [offer("example-check-up", "diagnostic", name="Example check-up")],
    [Provider("example-council", "Example council", "public")],
)


def one(before, after) -> Change:
    changes = difference(before, after, NAMES)
    assert len(changes) == 1
    return changes[0]


@pytest.mark.parametrize(
    ("before", "after", "label", "was", "now"),
    [
        ({"name": "Old"}, {"name": "New"}, "Name", "Old", "New"),
        ({"kind": "grant"}, {"kind": "diagnostic"}, "Kind", "grant", "check-up"),
        ({"provider": "example-council"}, {"provider": "gone"}, "Provider", "Example council", "gone"),
        ({}, {"succeeded_by": "example-check-up"}, "Succeeded by", "", "Example check-up"),
        (
            {"amount": {"currency": "GBP", "max": 9000}},
            {"amount": {"currency": "GBP", "max": 12000.5}},
            "The most amount",
            "£9,000",
            "£12,000.50",
        ),
        (
            {"amount": {"rate_percent": 40}},
            {"amount": {"rate_percent": 50}},
            "Share of the cost, per cent",
            "40 %",
            "50 %",
        ),
        (
            {"amount": {"paid": "in_arrears"}},
            {"amount": {"paid": "in_advance"}},
            "When it is paid",
            "in arrears",
            "in advance",
        ),
        (
            {"window": {"closes": "2027-01-31"}},
            {"window": {"closes": "2027-03"}},
            "Closes",
            "31 January 2027",
            "March 2027",
        ),
        ({"window": {"usual_month": 3}}, {"window": {"usual_month": 11}}, "Usual month", "March", "November"),
        (
            {"window": {"status": "rolling"}},
            {"window": {"status": "closed"}},
            "When it is open",
            "open all the time",
            "closed",
        ),
        ({"duration_weeks": 1}, {"duration_weeks": 12}, "Weeks it takes", "1 week", "12 weeks"),
        ({"source": {"seen": "2026-11-01"}}, {"source": {}}, "Last looked at", "1 November 2026", ""),
        ({"status": "withdrawn"}, {}, "Status", "withdrawn", ""),
        ({"type": "membership"}, {"type": "public"}, "Type of provider", "membership body", "public"),
    ],
)
def test_a_field_is_called_as_in_the_form_and_its_value_is_written_out(before, after, label, was, now):
    change = one(before, after)

    assert (change.label, change.before, change.after) == (label, was, now)


@pytest.mark.parametrize("date", ["2023-²", "2023-13-45", "soon", "2023-4-5-6", "٢٠٢٣-٠٤"])
def test_a_date_that_is_none_is_shown_as_it_stands(date):
    assert one({}, {"source": {"date": date}}).after == date


def test_another_currency_changes_how_the_sum_is_read():
    changes = difference({"amount": {"currency": "GBP", "max": 5}}, {"amount": {"currency": "EUR", "max": 6}})

    assert [(c.label, c.before, c.after) for c in changes] == [
        ("Currency", "GBP", "EUR"),
        ("The most amount", "£5", "€6"),
    ]


def test_of_a_list_what_came_and_what_went_is_named():
    change = one({"areas": ["wales", "gone"]}, {"areas": ["wales", "cardiff"]})

    assert (change.path, change.added, change.removed) == ("areas", ("Cardiff",), ("gone",))
    assert (change.before, change.after) == ("Wales, gone", "Wales, Cardiff")


def test_a_new_order_alone_adds_and_removes_nothing():
    change = one({"needs": ["finance", "premises"]}, {"needs": ["premises", "finance"]})

    assert (change.added, change.removed) == ((), ())
    assert change.before != change.after


SMALL = {"fact": "employees", "between": [5, 249], "words": "You employ 5 to 249 people"}
WELSH = {"fact": "place", "within": ["wales"], "words": "You are in Wales"}
PLAIN = {"words": "The project has not started"}


def test_conditions_that_came_and_went_are_told_by_their_words():
    change = one({"criteria": [SMALL, PLAIN]}, {"criteria": [SMALL, WELSH]})

    assert change.label == "Conditions"
    assert (change.added, change.removed) == (("You are in Wales",), ("The project has not started",))


def test_a_condition_whose_bounds_changed_tells_both():
    change = one({"criteria": [PLAIN, SMALL]}, {"criteria": [PLAIN, SMALL | {"between": [None, 49]}]})

    assert (change.path, change.label) == ("criteria[1]", "Condition “You employ 5 to 249 people”")
    assert change.before == "how many people work in the business: 5 to 249"
    assert change.after == "how many people work in the business: up to 49"


def test_a_condition_in_money_is_told_in_its_currency():
    sells = {"fact": "turnover", "between": [None, 10_000_000], "currency": "GBP", "words": "You sell little"}
    change = one({"criteria": [sells]}, {"criteria": [sells | {"currency": "EUR"}]})

    assert (change.before, change.after) == (
        "your yearly sales: up to £10,000,000",
        "your yearly sales: up to €10,000,000",
    )


def test_a_condition_that_was_only_worded_better_is_one_change():
    change = one({"criteria": [SMALL]}, {"criteria": [SMALL | {"words": "You are 5 to 249 people"}]})

    assert (change.path, change.before, change.after) == (
        "criteria[0].words",
        "You employ 5 to 249 people",
        "You are 5 to 249 people",
    )


def test_conditions_in_another_order_are_said_to_be_that():
    change = one({"criteria": [SMALL, WELSH]}, {"criteria": [WELSH, SMALL]})

    assert change.label == "Order of the conditions"


def test_groups_and_places_inside_a_condition_are_written_out():
    group = {"any_of": [SMALL, WELSH], "words": "You are small, or in Wales"}
    change = one({"criteria": [group]}, {"criteria": [group | {"any_of": [SMALL, PLAIN]}]})

    assert "You are in Wales (where you are: in Wales)" in change.before
    assert "The project has not started (in words only)" in change.after


def test_an_edition_that_moved_is_told_by_its_own_day():
    fair = {"uid": "a", "name": "Example fair", "starts": "2027-03-04"}
    changes = difference({"editions": [fair]}, {"editions": [fair | {"starts": "2027-03-11"}, {"uid": "b"}]})

    assert [(c.path, c.before, c.after) for c in changes] == [
        ("editions[0].starts", "4 March 2027", "11 March 2027"),
        ("editions", "", "an edition"),
    ]


def test_a_new_record_and_one_that_goes_tell_every_field():
    document = dump_offer(offer("example-grant", "grant", name="Example grant"))

    came, went = difference(None, document), difference(document, None)

    assert [change.path for change in came] == [change.path for change in went]
    assert all(change.before == "" for change in came)
    assert [change.after for change in came] == [change.before for change in went]
    assert came[0].label == "Name"


def test_every_field_of_the_starter_pack_has_a_name_of_its_own(starter):
    for record in starter.offers.values():
        for change in difference(None, dump_offer(record), starter):
            assert change.label
            assert "_" not in change.label
            assert "." not in change.label


@pytest.fixture(scope="module")
def starter() -> Catalogue:
    from tests.store.conftest import PACK

    return read_starter_pack(PACK)


def test_the_difference_of_two_offers_is_empty_only_when_they_are_equal(starter):
    offers = list(starter.offers.values())
    for this, that in pairwise(offers):
        assert difference(dump_offer(this), dump_offer(this), starter) == []
        assert difference(dump_offer(this), dump_offer(that), starter)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
_FIELDS = st.sampled_from(
    [
        "name",
        "needs",
        "areas",
        "criteria",
        "editions",
        "amount",
        "window",
        "source",
        "assured",
        "hours",
        "kind",
    ]
)
_DOCUMENTS = st.dictionaries(
    _FIELDS,
    _JSON
    | st.fixed_dictionaries(
        {}, optional={"max": _JSON, "currency": _JSON, "closes": _JSON, "usual_month": _JSON}
    )
    | st.lists(
        st.fixed_dictionaries(
            {},
            optional=dict.fromkeys(
                ("fact", "between", "one_of", "within", "any_of", "words", "uid", "source"), _JSON
            ),
        ),
        max_size=3,
    ),
    max_size=4,
)


@settings(deadline=None, max_examples=300)
@given(_DOCUMENTS, _DOCUMENTS)
def test_any_two_documents_can_be_held_side_by_side(before, after):
    """Old revisions may hold what today's rules refuse; the page of the history shows them all the same."""
    for change in difference(before, after, NAMES):
        assert change.label
        assert isinstance(change.before, str)
        assert isinstance(change.after, str)
    assert difference(before, before) == []


# --- what two people made of one record, brought together


def merged(base, mine, theirs):
    found = merge(base, mine, theirs)
    return found.document, set(found.taken), set(found.clashes)


def test_changes_of_different_fields_come_together():
    base = {"name": "A", "summary": "s", "prepare": ["x"]}

    assert merged(base, base | {"name": "B"}, base | {"summary": "t"}) == (
        base | {"name": "B", "summary": "t"},
        {"summary"},
        set(),
    )


def test_where_both_changed_the_same_mine_stays_and_is_named():
    assert merged({"name": "A"}, {"name": "B"}, {"name": "C"}) == ({"name": "B"}, set(), {"name"})
    assert merged({"name": "A"}, {"name": "B"}, {"name": "B"}) == ({"name": "B"}, set(), set())


def test_half_of_two_windows_is_never_made_into_a_third():
    base = {"window": {"status": "dated", "closes": "2027-01-31"}}
    mine = {"window": {"status": "rolling"}}
    theirs = {"window": {"status": "dated", "closes": "2027-03-31"}}

    assert merged(base, mine, theirs) == (mine, set(), {"window"})


def test_members_of_lists_come_together_one_by_one():
    base = {"areas": ["wales", "cardiff"], "criteria": [SMALL]}
    mine = {"areas": ["wales"], "criteria": [SMALL, WELSH]}
    theirs = {"areas": ["wales", "cardiff", "england"], "criteria": [SMALL, PLAIN]}

    assert merged(base, mine, theirs) == (
        {"areas": ["wales", "england"], "criteria": [SMALL, WELSH, PLAIN]},
        {"areas", "criteria"},
        set(),
    )


def test_one_condition_changed_by_both_is_a_clash():
    mine, theirs = SMALL | {"between": [5, 100]}, SMALL | {"between": [5, 200]}

    assert merged({"criteria": [SMALL]}, {"criteria": [mine]}, {"criteria": [theirs]}) == (
        {"criteria": [mine]},
        set(),
        {"criteria"},
    )


def test_the_main_need_that_somebody_else_chose_stands_first():
    base = {"needs": ["finance", "premises"]}
    mine = {"needs": ["finance", "premises", "scale_up"]}
    theirs = {"needs": ["premises", "finance"]}

    assert merged(base, mine, theirs)[0] == {"needs": ["premises", "finance", "scale_up"]}


_SMALL = st.dictionaries(
    st.sampled_from(["name", "areas", "needs", "window"]),
    st.lists(st.sampled_from("abcd"), max_size=4, unique=True) | st.sampled_from(["x", "y"]),
)


@settings(deadline=None, max_examples=500)
@given(_SMALL, _SMALL, _SMALL)
def test_nothing_anybody_changed_is_lost_unless_it_is_named_as_a_clash(base, mine, theirs):
    found = merge(base, mine, theirs)
    for name in {*base, *mine, *theirs}:
        was, my, their, now = (doc.get(name) for doc in (base, mine, theirs, found.document))
        if name in found.clashes:
            assert now == my
        elif my == was:
            assert now == their
        elif their in (was, my):
            assert now == my
        else:
            lists = [set(each or ()) for each in (was, my, their, now)]
            old, ours, others, both = lists
            assert both >= (ours - old) | (others - old)
            assert not both & ((old - ours) | (old - others)) - ((ours | others) - old)
    assert merge(base, mine, base).document == {k: v for k, v in mine.items() if v is not None}


def test_the_starter_pack_s_records_stay_whole_when_nothing_is_to_be_merged(starter):
    for record in list(starter.offers.values())[:40]:
        document = dump_offer(record)
        assert parse_offer(record.id, merge(document, document, document).document) == record
