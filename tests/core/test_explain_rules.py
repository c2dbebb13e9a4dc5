"""Whatever the records and the business: what an explanation says of an offer is so."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from random import Random
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from knowledge_base.asked import Asked
from knowledge_base.documents import canonical_json
from knowledge_base.explain import Explanation, explain, explanation_document, sentences
from knowledge_base.making import make
from knowledge_base.nearest import after
from knowledge_base.records import Offer
from knowledge_base.roadmap.places import Seating
from knowledge_base.tried import Tried
from knowledge_base.view import View
from tests.core import exhaustive
from tests.core.builders import TODAY, rolling
from tests.core.busy_worlds import busy_world
from tests.core.full import examples
from tests.core.test_replanning_rules import seen
from tests.core.worlds import world

seeds = st.integers(0, 2**40)


class Case:
    """A random business with its roadmap and what is said of every offer."""

    def __init__(self, seed: int, most: int = 10) -> None:
        chance = Random(seed)
        self.world = busy_world(seed, most) if seed % 3 else world(seed, most)
        ids = [offer.id for offer in self.world.offers]
        turned_down = tuple(sorted(self.world.turned_down))
        skipped = (chance.choice(ids),) if chance.random() < 0.2 else ()
        prefer = chance.choice([None, None, "cheaper", "sooner"])
        needs = tuple(self.world.needs)
        self.asked = Asked(
            needs, self.world.profile, TODAY, turned_down=turned_down, skipped=skipped, prefer=prefer
        )
        self.view = seen(self.world.offers)
        self.roadmap = make(self.view, self.asked)

    @property
    def steps(self) -> list[str]:
        return [step.offer for step in self.roadmap.steps]

    def said(self) -> list[Explanation]:
        return [explain(self.view, self.asked, offer.id) for offer in self.world.offers]

    def changed(self, offer: Offer) -> View:
        """The same records, one of them changed."""
        return seen([offer if each.id == offer.id else each for each in self.world.offers])


def planned(view: View, asked: Asked) -> set[str]:
    return {step.offer for step in make(view, asked).steps}


@settings(max_examples=examples(150, 25), deadline=None)
@given(seed=seeds)
def test_an_offer_stands_as_the_roadmap_has_it(seed: int) -> None:
    case = Case(seed)
    reserves = {step.reserve for step in case.roadmap.steps}

    for told in case.said():
        assert (told.standing == "step") == (told.offer in case.steps), told.offer
        assert (told.standing == "reserve") == (told.offer in reserves), told.offer
        if told.standing == "step":
            assert case.steps.index(told.offer) + 1 == told.step
        else:
            assert told.reasons, told.offer


@settings(max_examples=examples(150, 25), deadline=None)
@given(seed=seeds)
def test_what_bars_an_offer_bars_it_until_it_is_taken_away(seed: int) -> None:
    case = Case(seed)
    known = {offer.id: offer for offer in case.world.offers}

    for told in case.said():
        for reason in told.reasons if told.standing == "barred" else ():
            offer, asked = mended(known[told.offer], case.asked, reason)
            later = explain(case.changed(offer), asked, told.offer)

            assert reason not in later.reasons, (told.offer, reason)


def mended(offer: Offer, asked: Asked, reason: Any) -> tuple[Offer, Asked]:
    """Take away what a reason names, in the record or in what was told, and nothing else."""
    profile = asked.profile
    if reason.because == "failed":
        kept = tuple(
            each
            for each in offer.criteria
            if each.fact != reason.about and reason.about not in {part.fact for part in each.any_of} | {None}
        )
        if reason.about is None:
            kept = tuple(each for each in offer.criteria if not each.any_of)
        return replace(offer, criteria=kept, areas=() if reason.about == "place" else offer.areas), asked
    records = {
        "withdrawn": {"status": "published"},
        "audience": {"audience": "owner"},
        "closed": {"window": rolling()},
        "not_asked": {"needs": asked.needs[:1]},
        "needs_first": {"requires": tuple(each for each in offer.requires if each != reason.about)},
        "too_late": {"window": rolling()},
        "clash": {"requires": ()},
        "too_long": {"requires": ()},
        "circle": {"requires": ()},
    }
    told = {
        "done": {"profile": replace(profile, done=tuple(e for e in profile.done if e != offer.id))},
        "turned_down": {"turned_down": tuple(e for e in asked.turned_down if e != offer.id)},
        "skipped": {"skipped": tuple(e for e in asked.skipped if e != offer.id)},
        "refused_kind": {"profile": replace(profile, refuses=())},
    }
    if reason.because in records:
        return replace(offer, **records[reason.because]), asked
    return offer, replace(asked, **told[reason.because])


@settings(max_examples=examples(150, 25), deadline=None)
@given(seed=seeds)
def test_an_offer_without_a_bar_of_its_own_may_be_used(seed: int) -> None:
    case = Case(seed)
    pool = Tried(case.view, case.asked).pool

    for told in case.said():
        candidate = pool.consider(told.offer)
        free = candidate is not None and bool(candidate.asked)
        assert free == (told.standing in ("beaten", "reserve")) or told.standing == "step", told


@settings(max_examples=examples(100, 20), deadline=None)
@given(seed=seeds)
def test_what_is_beaten_is_beaten_by_the_first_merit_in_which_the_best_roadmap_with_it_is_worse(
    seed: int,
) -> None:
    case = Case(seed, most=8)
    tried = Tried(case.view, case.asked)
    seating = Seating(tried.pool, tried.ranking)
    best = exhaustive.best(tried.pool, tried.ranking)

    for told in case.said():
        if told.term is None:
            continue
        other = exhaustive.best(tried.pool, tried.ranking, holding=told.offer)
        ours, theirs = seating.score(best), seating.score(other)
        first = next(name for name in ours._fields if getattr(ours, name) != getattr(theirs, name))
        assert told.term == first
        assert getattr(ours, first) < getattr(theirs, first)
        assert set(told.beaten_by) == set(best) - set(other)


@settings(max_examples=examples(200, 30), deadline=None)
@given(seed=seeds)
def test_what_is_said_to_let_an_offer_in_does_and_nothing_of_it_can_be_left_out(seed: int) -> None:
    case = Case(seed)

    for told in case.said():
        for count in range(len(told.changes)):
            for fewer in combinations(told.changes, count):
                if told.lets_in and count == len(told.changes) - 1:
                    assert told.offer not in planned(case.view, after(case.asked, fewer)), (told, fewer)
        if told.changes:
            asked = after(case.asked, told.changes)
            later = explain(case.view, asked, told.offer)
            expected = ("step",) if told.lets_in else ("beaten", "reserve")
            assert later.standing in expected, told
            assert (told.offer in planned(case.view, asked)) == told.lets_in


@settings(max_examples=examples(150, 25), deadline=None)
@given(seed=seeds)
@example(seed=23466)  # the other change leaves open whether the offer fits: not barred, and no step yet
def test_a_number_is_moved_no_further_than_it_must(seed: int) -> None:
    case = Case(seed)

    for told in case.said():
        for change in told.changes:
            was = getattr(case.asked.profile, change.what, None)
            if change.what != "employees" or was is None or not was.exact:
                continue
            step = 1 if change.to.low > was.low else -1
            nearer = replace(
                change, to=replace(change.to, low=change.to.low - step, high=change.to.high - step)
            )
            less = after(case.asked, [nearer if each is change else each for each in told.changes])
            standing = explain(case.view, less, told.offer).standing
            if told.lets_in:
                assert told.offer not in planned(case.view, less), told
                assert standing in ("barred", "reserve", "beaten"), told
            else:
                assert standing == "barred", told


@settings(max_examples=examples(150, 25), deadline=None)
@given(seed=seeds)
def test_a_step_that_is_said_to_stand_in_the_way_lets_the_offer_in_when_it_falls_through(seed: int) -> None:
    case = Case(seed)

    for told in case.said():
        assert (told.falls is None) == (told.after_changes is None)
        if told.falls is not None:
            assert told.falls in case.steps
            without = replace(case.asked, turned_down=(*case.asked.turned_down, told.falls))
            assert told.offer in planned(case.view, without)


@settings(max_examples=examples(100, 20), deadline=None)
@given(seed=seeds)
def test_the_same_question_gets_the_same_answer_to_the_byte_in_few_whole_sentences(seed: int) -> None:
    case, again = Case(seed), Case(seed)

    for told, other in zip(case.said(), again.said(), strict=True):
        document = canonical_json(explanation_document(told))
        assert document == canonical_json(explanation_document(other))
        words = sentences(told)
        assert 1 <= len(words) <= 4
        for sentence in words:
            begun = sentence.removeprefix(told.name)
            assert begun != sentence or sentence[0] == sentence[0].upper(), sentence
            assert sentence.endswith("."), sentence
            assert not any(bad in sentence for bad in ("  ", "..", " ,", "{", ";.")), sentence


@pytest.mark.parametrize("seed", range(3))
def test_every_merit_of_the_order_has_words_of_its_own(seed: int) -> None:
    from knowledge_base.beaten import _Comparison
    from knowledge_base.roadmap.order import Score

    case = Case(3 * seed + 1)
    tried = Tried(case.view, case.asked)
    seating = Seating(tried.pool, tried.ranking)
    seats = tried.found.seats
    score = seating.score(seats)
    compared = _Comparison(seating, seats, seats, score, score)

    for term in Score._fields:
        assert compared.words(term)
