"""What the hub vouched for too long ago leaves new roadmaps; a saved one keeps it, with the badge."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from knowledge_base.asked import Asked, offers_in, steps_of
from knowledge_base.documents import roadmap_document
from knowledge_base.explain import explain, sentences
from knowledge_base.making import make
from knowledge_base.records import Assurance, Offer
from knowledge_base.replanning import Happened, replan
from knowledge_base.roadmap import CatalogueIndex, make_roadmap
from knowledge_base.view import View
from tests.core.builders import TODAY, business, offer, resolve
from tests.core.test_replanning_rules import seen
from tests.core.worlds import world

GRACE = 60
FIRM = business(employees=14, place="Dudley")
ASKED = Asked(("process_improvement",), FIRM, TODAY)


def checked(days_ago: int) -> Assurance:
    """An assurance that ran out so many days ago."""
    until = TODAY - timedelta(days=days_ago)
    return Assurance("A. Curator", until - timedelta(days=90), until)


def of_a_hub(*offers: Offer, grace: int | None = GRACE) -> View:
    view = seen(offers)
    return replace(view, index=CatalogueIndex.of(view.catalogue, grace_days=grace))


def steps(view: View, asked: Asked = ASKED, kept: Iterable[str] = ()) -> list[str]:
    return [step.offer for step in make(view, asked, kept=tuple(kept)).steps]


@pytest.mark.parametrize(("days", "there"), [(-30, True), (0, True), (1, True), (60, True), (61, False)])
def test_a_record_leaves_new_roadmaps_the_day_after_the_grace(days, there):
    view = of_a_hub(offer("advice", assured=checked(days)))

    assert (steps(view) == ["advice"]) is there


def test_a_record_that_nobody_ever_vouched_for_stays_as_it_was():
    view = of_a_hub(offer("advice"))
    (step,) = steps_of(roadmap_document(make(view, ASKED)))

    assert step["assured"] is None
    assert step["checked"] == "not yet checked by the hub"


def test_a_catalogue_that_belongs_to_no_hub_has_no_grace():
    view = of_a_hub(offer("advice", assured=checked(4_000)), grace=None)

    assert steps(view) == ["advice"]


def test_within_the_grace_a_roadmap_says_that_the_record_is_due_again():
    view = of_a_hub(offer("advice", assured=checked(10)))
    (step,) = steps_of(roadmap_document(make(view, ASKED)))

    assert step["checked"] == "last checked by the hub on 13 August 2026, due again since 11 November 2026"
    assert step["assured"] == {"by": "A. Curator", "on": "2026-08-13", "until": "2026-11-11"}


def test_the_gap_it_leaves_names_it_and_why():
    gap = make(of_a_hub(offer("advice", assured=checked(61))), ASKED).gaps[0]

    assert gap.reason == "nothing open"
    assert gap.words == "What there is for this was last checked too long ago to be advised: Advice"
    assert gap.offers == ("advice",)


def test_what_asks_for_it_first_leaves_with_it():
    first = offer("first", assured=checked(61), stages=("diagnose",))
    view = of_a_hub(first, offer("after", requires=("first",)))

    assert steps(view) == []


def test_it_is_no_reserve_either():
    view = of_a_hub(offer("grant", "grant"), offer("other", "grant", assured=checked(61)))
    (step,) = make(view, ASKED).steps

    assert (step.offer, step.reserve) == ("grant", None)


def test_who_asks_why_it_is_not_there_is_told_when_the_hub_last_checked_it():
    view = of_a_hub(offer("advice", assured=checked(61)), offer("other"))
    told = explain(view, ASKED, "advice")

    assert [each.because for each in told.reasons] == ["lapsed"]
    assert sentences(told) == [
        "Advice was last checked by the hub on 23 June 2026, too long ago to be advised now."
    ]
    assert told.changes == ()


def test_a_saved_roadmap_keeps_what_it_uses_when_it_is_planned_again():
    mine = offer("mine", assured=checked(10))
    before = roadmap_document(make(of_a_hub(mine), ASKED))
    later = TODAY + timedelta(days=100)
    planned = replan(of_a_hub(mine), before, ASKED, Happened(), later)

    assert [step["offer"] for step in steps_of(planned.document)] == ["mine"]
    assert planned.changes == ()
    assert steps_of(planned.document)[0]["checked"].endswith("due again since 11 November 2026")
    assert steps(of_a_hub(mine), replace(ASKED, on=later)) == []


def test_a_saved_roadmap_takes_in_nothing_new_that_has_lapsed():
    mine, other = offer("mine"), offer("other", assured=checked(61))
    before = roadmap_document(make(of_a_hub(mine), ASKED))
    planned = replan(of_a_hub(mine, other), before, ASKED, Happened(turned_down=("mine",)), TODAY)

    assert steps_of(planned.document) == []
    assert planned.document["gaps"][0]["words"].endswith("too long ago to be advised: Other")


def test_a_saved_step_that_comes_to_need_something_lapsed_says_so():
    mine, first = offer("mine"), offer("first", assured=checked(61), stages=("diagnose",))
    before = roadmap_document(make(of_a_hub(mine), ASKED))
    planned = replan(of_a_hub(replace(mine, requires=("first",)), first), before, ASKED, Happened(), TODAY)

    assert planned.said[0] == (
        "Mine is left out: it asks for First first, and that was last checked by the hub on 23 June 2026, "
        "too long ago to be advised now."
    )


def test_explaining_a_saved_step_that_has_lapsed_says_which_step_it_is():
    view = of_a_hub(offer("mine", assured=checked(61)))

    assert explain(view, ASKED, "mine", shown=["mine"]).step == 1


@pytest.mark.parametrize("seed", range(60))
def test_a_roadmap_without_what_has_lapsed_is_the_one_made_where_it_never_was(seed):
    made, chance = world(seed), random.Random(seed)
    offers = [
        replace(each, assured=checked(chance.choice([-20, 30, 60, 61, 400])))
        if chance.random() < 0.4
        else each
        for each in made.catalogue().offers.values()
    ]
    areas = made.catalogue().areas.values()
    gone = {each.id for each in offers if each.assured and (TODAY - each.assured.until).days > GRACE}
    whole = type(made.catalogue()).of(areas, offers)
    fewer = type(made.catalogue()).of(areas, [each for each in offers if each.id not in gone])

    def roadmap(records, grace, kept=()):
        index = CatalogueIndex.of(records, grace_days=grace)
        return make_roadmap(index, made.needs, made.profile, TODAY, resolve=resolve, kept=kept)

    lapsing, without = roadmap(whole, GRACE), roadmap(fewer, GRACE)

    assert lapsing.phases == without.phases
    assert not gone.intersection(offers_in(roadmap_document(lapsing)))
    assert [each.need for each in lapsing.gaps] == [each.need for each in without.gaps]
    assert roadmap(whole, GRACE, kept=gone) == roadmap(whole, None)


def test_the_last_day_of_the_calendar_is_a_day_like_any_other():
    view = of_a_hub(offer("advice", assured=Assurance("A. Curator", date.min, date.max)))

    assert steps(view, replace(ASKED, on=date.max)) == ["advice"]
