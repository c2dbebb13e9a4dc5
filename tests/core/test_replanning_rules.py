"""Whatever happens, the new roadmap keeps the rules, and what is told of it is the difference and no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from knowledge_base.asked import Asked, asked_of_document, dump_asked, offers_in, parse_asked, steps_of
from knowledge_base.documents import canonical_json, roadmap_document
from knowledge_base.making import make
from knowledge_base.records import Catalogue
from knowledge_base.replanning import Happened, replan
from knowledge_base.view import View
from tests.core.builders import AREAS, TODAY, closed, employs, resolve
from tests.core.rules import Rules
from tests.core.test_roadmap_rules import inside
from tests.core.worlds import KINDS, PLACES, world

seeds = st.integers(0, 2**40)
TOLD_OF_A_STEP = ("phase", "verdict", "cost", "funding", "apply_by", "reserve", "to_check")


class SmallMap:
    """A gazetteer of the example map."""

    def resolve(self, text, near=()):
        return resolve(text)


def seen(offers) -> View:
    """These offers made ready, on the example map."""
    catalogue = Catalogue.of(AREAS, offers)
    return replace(View.of(catalogue), gazetteer=SmallMap())


class Case:
    """A random business with its roadmap, records that changed since, and something that happened."""

    def __init__(self, seed: int) -> None:
        chance = Random(seed)
        self.world = world(chance.randrange(2**32))
        self.view = seen(self.world.offers)
        self.asked = Asked(
            tuple(self.world.needs), self.world.profile, TODAY, turned_down=tuple(self.world.turned_down)
        )
        self.document = roadmap_document(make(self.view, self.asked))
        ids = [offer.id for offer in self.world.offers if offer.audience == "owner"]
        self.happened = Happened(
            done=_some(chance, ids, 2),
            turned_down=_some(chance, ids, 1),
            skipped=_some(chance, ids, 1),
            refuses=_some(chance, KINDS, 1),
            facts={"place": chance.choice(PLACES), "employees": chance.choice([1, 8, 30, 400])}
            if chance.random() < 0.4
            else {},
            withdrawn_facts=_some(chance, ["turnover", "sector", "place", "refuses"], 1),
        )
        self.later = seen([_changed(chance, offer) for offer in self.world.offers if chance.random() > 0.05])
        self.on = TODAY + timedelta(days=chance.choice([0, 0, 1, 40, 150]))

    @property
    def told_of_known_offers(self) -> bool:
        known = {*self.later.catalogue.offers, *self.asked.profile.done, *self.asked.turned_down}
        return set(self.happened.offers) <= known | set(offers_in(self.document))

    def replan(self, document=None, asked=None):
        return replan(self.later, document or self.document, asked or self.asked, self.happened, self.on)


def _some(chance, values, most):
    return tuple(chance.sample(list(values), min(len(values), chance.randint(0, most))))


def _changed(chance, offer):
    what = chance.random()
    if what < 0.8:
        return offer
    if what < 0.87:
        return replace(offer, window=closed("2026-11"))
    if what < 0.91:
        return replace(offer, status="withdrawn")
    if what < 0.95:
        return replace(offer, criteria=(*offer.criteria, employs(2, 20)))
    return replace(offer, duration_weeks=9, summary="Now otherwise")


@settings(max_examples=400, deadline=None, print_blob=True)
@given(seeds)
def test_after_whatever_happened_the_roadmap_keeps_the_rules(seed):
    case = Case(seed)
    assume(case.told_of_known_offers)
    planned = case.replan()

    rules = Rules(case.later.catalogue, planned.asked.profile, case.on, inside(planned.asked.profile))
    rules.check(planned.document, list(case.asked.needs), frozenset(planned.asked.out))


@settings(max_examples=400, deadline=None, print_blob=True)
@given(seeds)
def test_the_changes_told_are_the_difference_each_once_and_nothing_else(seed):
    case = Case(seed)
    assume(case.told_of_known_offers)
    planned = case.replan()
    old = {step["offer"]: step for step in steps_of(case.document)}
    new = {step["offer"]: step for step in steps_of(planned.document)}
    told: dict[str, list[str]] = {}
    for change in planned.changes:
        assert change.words.endswith(".")
        assert change.because
        told.setdefault(change.kind, []).append(change.offer)

    gone = [*told.get("done", []), *told.get("left", [])]
    assert sorted(gone) == sorted(old.keys() - new.keys())
    come = [*told.get("new", []), *told.get("reserve", [])]
    assert sorted(come) == sorted(new.keys() - old.keys())
    assert set(planned.stays) == old.keys() & new.keys()
    assert {*told.get("done", [])} == {id for id in old if id in planned.asked.profile.done}
    for kind in ("moved", "altered", "reserve_changed"):
        for id in told.get(kind, []):
            assert old[id] != new[id], kind
    for id in told.get("reserve_changed", []):
        assert old[id]["reserve"] != new[id]["reserve"]
    assert not set(told.get("noted", [])) & set(old)
    gaps = {gap["need"] for gap in case.document["gaps"]}, {gap["need"] for gap in planned.document["gaps"]}
    assert len(told.get("gap_opened", [])) == len(gaps[1] - gaps[0])
    assert len(told.get("gap_closed", [])) == len(gaps[0] - gaps[1])
    for id in old.keys() & new.keys():
        same = [
            f
            for f in ("phase", "verdict", "cost", "funding", "apply_by", "reserve")
            if old[id].get(f) != new[id].get(f)
        ]
        if same:
            assert id in [
                *told.get("moved", []),
                *told.get("altered", []),
                *told.get("reserve_changed", []),
            ], same


@settings(max_examples=200, deadline=None, print_blob=True)
@given(seeds)
def test_the_same_happenings_told_twice_change_nothing_the_second_time(seed):
    case = Case(seed)
    assume(case.told_of_known_offers)
    first = case.replan()
    same = case.replan()
    again = case.replan(first.document, first.asked)

    assert canonical_json(first.document) == canonical_json(same.document)
    assert again.changes == ()
    assert again.said == ("Nothing has changed: the steps stay as they were.",)
    assert again.asked == first.asked
    assert {**again.document, "changes": 0} == {**first.document, "changes": 0}
    assert parse_asked(dump_asked(first.asked)) == first.asked
    assert asked_of_document(first.document) == replace(first.asked, audience="owner")


@settings(max_examples=200, deadline=None, print_blob=True)
@given(seeds)
def test_each_reason_for_leaving_a_step_out_is_true(seed):
    case = Case(seed)
    assume(case.told_of_known_offers)
    planned = case.replan()
    asked, offers = planned.asked, case.later.catalogue.offers
    rules = Rules(case.later.catalogue, asked.profile, case.on, inside(asked.profile))
    steps = {step["offer"] for step in steps_of(planned.document)}
    for change in planned.changes:
        if change.kind != "left":
            continue
        id, offer = change.offer, offers.get(change.offer)
        true = {
            "turned_down": id in asked.turned_down,
            "skipped": id in asked.skipped,
            "withdrawn": offer is None or offer.status != "published" or offer.audience != "owner",
            "refused_kind": offer is not None and offer.kind in asked.profile.refuses,
            "closed": offer is not None and not rules.starts_in_window(offer, case.on),
            "record": offer is not None and rules.verdict(offer) == "unlikely",
            "facts": offer is not None and rules.verdict(offer) == "unlikely",
            "needs_first": offer is not None and bool(set(offer.requires) - set(asked.profile.done) - steps),
            "too_late": offer is not None and bool(set(offer.requires) - set(asked.profile.done)),
            "excluded": any(rules.clash(id, other) for other in steps if offer),
        }
        assert true.get(change.because, offer is not None and rules.usable(offer, frozenset(asked.out))), (
            change
        )
