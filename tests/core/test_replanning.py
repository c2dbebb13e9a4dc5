"""A roadmap planned again: steps done stay done, and each change is told with its reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from knowledge_base.asked import Asked, BadSaved, asked_of_document, dump_asked, parse_asked, steps_of
from knowledge_base.documents import canonical_json, roadmap_document
from knowledge_base.gap_groups import GapSeen, area_of, gaps_seen, size_band
from knowledge_base.making import make
from knowledge_base.profile import BadProfile, Span
from knowledge_base.records import Amount, Money
from knowledge_base.replanning import BadProgress, Happened, overdue, replan
from tests.core.builders import TODAY, business, dated, employs, is_within, offer, rolling, turns_over
from tests.core.test_replanning_rules import seen

CHECK_UP = offer("check-up", "diagnostic", duration_weeks=2)
GRANT = offer(
    "grant",
    "grant",
    needs=("finance",),
    stages=("fund",),
    requires=("check-up",),
    amount=Amount("GBP", max=Decimal(9000), rate_percent=Decimal(50)),
    window=dated(None, date(2027, 1, 31)),
)
# Unsure as long as no turnover is told, so that the grant goes first whatever else counts.
LOAN = offer("loan", "loan", needs=("finance",), stages=("fund",), criteria=(turns_over(None, 10_000_000),))
FIRM = business(employees=14, place="Dudley")


class Saved:
    """A roadmap for a firm in Dudley, from these records."""

    def __init__(self, *offers, needs=("process_improvement", "finance"), profile=FIRM, **asked) -> None:
        self.offers = {each.id: each for each in offers or (CHECK_UP, GRANT, LOAN)}
        self.asked = Asked(needs, profile, TODAY, **asked)
        self.document = roadmap_document(make(seen(self.offers.values()), self.asked))

    def after(self, on=TODAY, records=(), without=(), **happened):
        offers = {**self.offers, **{each.id: each for each in records}}
        view = seen([each for id, each in offers.items() if id not in without])
        return replan(view, self.document, self.asked, Happened(**happened), on)


def told(planned) -> list[tuple[str, str | None, str]]:
    return [(change.kind, change.offer, change.because) for change in planned.changes]


def steps(planned) -> list[str]:
    return [step["offer"] for step in steps_of(planned.document)]


def words(planned) -> str:
    return " ".join(planned.said)


def test_nothing_happened_and_it_says_so():
    planned = Saved().after()

    assert planned.changes == ()
    assert planned.said == ("Nothing has changed: the steps stay as they were.",)
    assert planned.stays == ("check-up", "grant")


def test_a_step_done_is_kept_by_name_never_advised_again_and_counts_for_what_asks_for_it():
    saved = Saved()

    planned = saved.after(done=("check-up",), on=TODAY + timedelta(days=3))

    assert steps(planned) == ["grant"]
    assert planned.document["done_steps"] == [{"offer": "check-up", "name": "Check up", "on": "2026-11-24"}]
    assert told(planned)[0] == ("done", "check-up", "done")
    assert ("moved", "grant", "opened") in told(planned)
    assert "Grant can start already on 24 November 2026, not on 5 December 2026: you have done Check up" in (
        words(planned)
    )


def test_done_stays_done_even_where_it_was_turned_down_skipped_or_taken_back_later():
    saved = Saved()
    first = saved.after(done=("check-up",))

    later = replan(
        seen(saved.offers.values()),
        first.document,
        first.asked,
        Happened(turned_down=("check-up",), skipped=("check-up",), withdrawn_facts=("done",)),
        TODAY,
    )

    assert later.asked.profile.done == ("check-up",)
    assert later.asked.out == ()
    assert later.changes == ()


def test_what_was_done_counts_even_for_a_business_that_would_rather_not_say_what_it_has_done():
    saved = Saved(profile=business(employees=14, refused=["done", "refuses"]))

    planned = saved.after(done=("check-up",), refuses=("loan",))

    assert steps(planned) == ["grant"]
    assert planned.asked.profile.refused == ()
    assert all(step["reserve"] != "loan" for step in steps_of(planned.document))


def test_the_reserve_takes_the_place_of_a_step_that_said_no():
    planned = Saved().after(turned_down=("grant",))

    assert told(planned)[:2] == [("left", "grant", "turned_down"), ("reserve", "loan", "reserve")]
    assert "Grant is left out: they turned you down." in planned.said
    assert "The reserve Loan takes the place of Grant." in planned.said


def test_a_skipped_step_is_not_said_to_have_turned_the_business_down():
    planned = Saved(CHECK_UP, GRANT).after(skipped=("grant",))

    gap = planned.document["gaps"][0]
    assert "Grant is left out: you would rather not do it." in planned.said
    assert gap["words"] == "You would rather not do what there is for this: Grant"
    assert gap["reason"] == "refused"
    assert "turned down" not in words(planned)


def test_skipped_and_turned_down_are_kept_apart_in_a_gap():
    planned = Saved(CHECK_UP, LOAN, replace(GRANT, requires=())).after(
        skipped=("loan",), turned_down=("grant",)
    )

    assert planned.document["gaps"][0]["words"] == (
        "You would rather not do what there is for this: Loan; and you were turned down by Grant"
    )


def test_a_kind_refused_is_named_as_the_reason():
    planned = Saved(LOAN, needs=("finance",)).after(refuses=("loan",))

    assert told(planned) == [("left", "loan", "refused_kind"), ("gap_opened", None, "refused")]
    assert "you would rather not use loans" in planned.said[0]


def test_a_kind_allowed_again_is_named_as_the_reason():
    planned = Saved(LOAN, needs=("finance",), profile=business(refuses=["loan"])).after(
        withdrawn_facts=("refuses",)
    )

    assert told(planned) == [("new", "loan", "allowed"), ("gap_closed", None, "step")]
    assert "Loan is new: you no longer rule out loans." in planned.said


def test_a_closing_day_that_has_passed_is_told_with_the_day_and_the_way_back():
    planned = Saved().after(on=date(2027, 2, 1))

    left = next(change for change in planned.changes if change.kind == "left")
    assert left.because == "closed"
    assert left.words == (
        "Grant is left out: it closed on 31 January 2027; "
        "if you did it in time, tell us and it counts as done."
    )


def test_a_step_that_is_too_late_after_what_it_needs_is_told_so():
    planned = Saved().after(on=date(2027, 1, 25))

    assert ("left", "grant", "too_late") in told(planned)


def test_a_record_closed_by_a_curator_is_told_with_its_day():
    ended = replace(GRANT, window=dated(None, date(2026, 11, 1)))

    planned = Saved().after(records=[ended])

    assert "Grant is left out: it closed on 1 November 2026." in planned.said


def test_a_record_withdrawn_or_gone_is_told_so():
    by_status = Saved().after(records=[replace(GRANT, status="withdrawn")])
    gone = Saved().after(without=["grant"])

    for planned in (by_status, gone):
        assert ("left", "grant", "withdrawn") in told(planned)
        assert "Grant is left out: its record was withdrawn." in planned.said


def test_a_condition_that_was_added_is_told_as_the_records_and_a_fact_as_the_owners():
    by_record = Saved().after(records=[replace(GRANT, criteria=(employs(50, 250),))])
    by_fact = Saved(CHECK_UP, LOAN, replace(GRANT, criteria=(employs(5, 50),))).after(facts={"employees": 80})

    assert ("left", "grant", "record") in told(by_record)
    assert "its record changed: it now asks that you employ between 50 and 250 people" in words(by_record)
    assert ("left", "grant", "facts") in told(by_fact)
    assert "after what you told us you no longer fit: it asks that you employ between 5 and 50" in words(
        by_fact
    )


def test_a_step_left_for_what_it_asks_for_first_names_that_and_its_reason():
    planned = Saved().after(skipped=("check-up",))

    assert "Grant is left out: it asks for Check up first, and you would rather not do it." in planned.said


def test_an_amount_or_a_day_that_changed_is_told_with_what_was_before():
    changed = replace(
        GRANT,
        amount=replace(GRANT.amount, max=Decimal(5000)),
        window=dated(None, date(2027, 2, 28)),
    )

    planned = Saved().after(records=[changed])

    altered = next(change for change in planned.changes if change.kind == "altered")
    assert (altered.offer, altered.because) == ("grant", "record")
    assert "£5,000" in altered.words
    assert "£9,000" in altered.words
    assert "apply by 28 February 2027 (before: 31 January 2027)" in altered.words


def test_a_fact_that_settles_a_condition_is_told_as_the_owners():
    open_to_makers = replace(GRANT, criteria=(employs(5, 50),))
    saved = Saved(CHECK_UP, open_to_makers, profile=business(place="Dudley"))

    planned = saved.after(facts={"employees": 14})

    assert told(planned) == [("altered", "grant", "facts")]
    assert planned.said[0] == "Grant stays, but after what you told us: you are likely to fit it now."


def test_the_days_that_pass_move_nothing_by_themselves():
    planned = Saved().after(on=TODAY + timedelta(days=5))

    assert planned.changes == ()
    assert planned.document["on"] == "2026-11-26"


def test_a_need_asked_as_well_is_a_new_step_or_a_gap_and_the_roadmap_goes_on():
    network = offer("network", "network", needs=("peer_networks",), stages=("collaborate",))
    planned = Saved(CHECK_UP, GRANT, LOAN, network).after(needs=("peer_networks", "premises"))

    assert ("new", "network", "asked") in told(planned)
    assert ("gap_opened", None, "asked") in told(planned)
    assert planned.document["needs"] == ["process_improvement", "finance", "peer_networks", "premises"]


def test_money_that_adds_up_otherwise_is_told():
    planned = Saved(cost=Money(Decimal(10_000), "GBP")).after(turned_down=("grant",))

    assert ("funding", None, "steps") in told(planned)
    assert "£10,000 is left for you to find" in words(planned)


def test_what_was_told_of_an_offer_that_was_no_step_is_noted():
    planned = Saved(needs=("process_improvement",)).after(done=("loan",), turned_down=("grant",))

    assert told(planned) == [("noted", "loan", "done"), ("noted", "grant", "turned_down")]
    assert [step["name"] for step in planned.document["done_steps"]] == ["Loan"]


def test_happenings_in_any_order_come_to_the_same():
    saved = Saved()
    view = seen(saved.offers.values())
    one, two = Happened(done=("check-up",)), Happened(refuses=("grant",), facts={"employees": 20})

    def both(first, second):
        planned = replan(view, saved.document, saved.asked, first, TODAY)
        return replan(view, planned.document, planned.asked, second, TODAY)

    there, back = both(one, two), both(two, one)
    assert there.asked == back.asked
    assert steps(there) == steps(back)


def test_a_day_before_the_roadmaps_own_counts_as_that_day():
    planned = Saved().after(on=TODAY - timedelta(days=30))

    assert planned.document["on"] == TODAY.isoformat()
    assert planned.changes == ()


@pytest.mark.parametrize(
    ("happened", "fault", "said"),
    [
        ({"done": ("narnia",)}, BadProgress, "'narnia' is not an offer we know; use the id a step"),
        ({"turned_down": ("",)}, BadProgress, "'' is not an offer we know"),
        ({"skipped": ("x" * 10**6,)}, BadProgress, "is not an offer we know"),
        ({"refuses": ("free lunch",)}, BadProgress, "'free lunch' is not a kind of help"),
        ({"needs": ("fame",)}, BadProgress, "'fame' is not a need"),
        ({"facts": {"employees": "many"}}, BadProfile, "employees"),
        ({"facts": {"shoe_size": 9}}, BadProfile, "shoe_size"),
        ({"withdrawn_facts": ("shoe_size",)}, BadProfile, "shoe_size"),
    ],
)
def test_what_cannot_have_happened_is_refused_with_the_way_out(happened, fault, said):
    with pytest.raises(fault, match=said) as refused:
        Saved().after(**happened)
    assert len(str(refused.value)) < 600


def test_an_offer_that_is_gone_can_still_be_told_done():
    planned = Saved().after(done=("grant",), without=["grant"])

    assert ("done", "grant", "done") in told(planned)
    assert [step["name"] for step in planned.document["done_steps"]] == ["Grant"]


def test_thousands_of_offers_that_ask_for_one_another_are_no_trouble():
    chain = [offer(f"step-{n}", requires=(f"step-{n + 1}",)) for n in range(2000)]
    saved = Saved(offer("step-0"), needs=("process_improvement",))

    planned = saved.after(records=chain)

    assert ("left", "step-0", "needs_first") in told(planned)


def test_a_roadmap_is_overdue_when_a_step_is_out_of_reach_or_a_reserve_has_closed():
    saved = Saved()
    view = seen(saved.offers.values())
    late_loan = replace(LOAN, window=dated(None, date(2026, 12, 1)))

    assert not overdue(view, saved.document, date(2027, 1, 17))
    assert overdue(view, saved.document, date(2027, 1, 18))  # two weeks of check-up come first
    assert overdue(seen([CHECK_UP, GRANT, late_loan]), saved.document, date(2026, 12, 2))


def test_what_it_was_made_from_is_read_back_from_the_row_and_from_the_document():
    asked = Saved(cost=Decimal("12.50"), turned_down=("loan",)).after(done=("check-up",)).asked
    in_full = replace(asked, prefer="cheaper", near="opaque", audience="broker", catalogue_version=7)

    assert parse_asked(dump_asked(in_full)) == in_full
    assert parse_asked(dump_asked(replace(in_full, cost=Money(Decimal(5), "SEK")))).cost == Money(
        Decimal(5), "SEK"
    )


def test_an_amount_looked_for_is_not_taken_for_a_cost_that_was_told():
    profile = business(employees=14, amount={"amount": 40_000, "currency": "GBP"})
    saved = Saved(profile=profile)

    assert saved.document["funding"]["cost"] == {"amount": 40000, "currency": "GBP"}
    assert asked_of_document(saved.document) == saved.asked


@pytest.mark.parametrize("document", [None, "x", [], {"needs": "finance"}, {"needs": ["finance"], "on": 7}])
def test_what_is_no_roadmap_document_is_refused(document):
    with pytest.raises(BadSaved):
        asked_of_document(document)


def test_the_same_comes_out_byte_for_byte():
    one, other = (Saved().after(turned_down=("grant",), facts={"stage": "established"}) for _ in range(2))

    assert canonical_json(one.document) == canonical_json(other.document)


@pytest.mark.parametrize(
    ("place", "area"),
    [
        ("Dudley", "black-country"),
        ("Coventry", "cwgh"),
        ("Newport", "uk"),
        ("Wales", "wales"),
        ("Cardiff", "wales"),
        ("Sweden", "sweden"),
        ("Sydney", ""),
        ("Narnia", ""),
        (None, ""),
    ],
)
def test_a_gap_is_counted_for_a_county_or_region_never_for_the_place(place, area):
    assert area_of(seen([]), business(place=place) if place else business()) == area


@pytest.mark.parametrize(
    ("low", "high", "band"),
    [
        (0, 0, "nobody yet"),
        (1, 9, "1 to 9"),
        (10, 15, "10 to 49"),
        (249, 249, "50 to 249"),
        (250, None, "250 or more"),
        (9, 10, ""),
        (4, None, ""),
        (None, 8, ""),
    ],
)
def test_people_are_counted_in_bands(low, high, band):
    assert size_band(Span(*(None if end is None else Decimal(end) for end in (low, high)))) == band


def test_what_a_business_would_rather_not_say_is_not_counted():
    profile = business(
        employees=14, place="Dudley", sector="manufacturing", refused=["employees", "place", "sector"]
    )
    roadmap = make(seen([CHECK_UP]), Asked(("premises", "finance"), profile, TODAY))

    assert gaps_seen(seen([CHECK_UP]), roadmap, but=["finance"]) == [GapSeen("premises", "nothing open")]


def test_a_sector_from_no_list_of_ours_is_not_kept():
    roadmap = make(seen([]), Asked(("premises",), business(sector="my secret trade"), TODAY))

    assert gaps_seen(seen([]), roadmap) == [GapSeen("premises", "nothing open")]


def test_a_step_open_only_elsewhere_leaves_when_the_business_moves():
    planned = Saved(offer("local", criteria=(is_within("black-country"),), window=rolling())).after(
        facts={"place": "Cardiff"}
    )

    assert ("left", "local", "facts") in told(planned)
