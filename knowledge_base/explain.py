"""Say why an offer is not in a roadmap, what was better, and the nearest change that would let it in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from knowledge_base import labels
from knowledge_base.asked import Asked
from knowledge_base.documents import assessment_document
from knowledge_base.eligibility import Assessment, assess
from knowledge_base.nearest import Change, after, changes_for
from knowledge_base.preferences import first
from knowledge_base.profile import code
from knowledge_base.records import Offer
from knowledge_base.roadmap.candidates import Pool
from knowledge_base.roadmap.choose import Found, choose
from knowledge_base.roadmap.make import gather
from knowledge_base.roadmap.order import Ranking, Score
from knowledge_base.roadmap.places import Seating
from knowledge_base.roadmap.reserves import reserves
from knowledge_base.roadmap.rules import MOST_STEPS
from knowledge_base.view import View
from knowledge_base.windows import as_written, day_words, usable

STEP, RESERVE, BEATEN, BARRED = "step", "reserve", "beaten", "barred"

TERMS = {
    "needs_missed": "a roadmap with it would leave one of your needs without a step",
    "only_events": "a roadmap with it would meet one of your needs with no more than an event",
    "apart": "a roadmap with it would mix offers that no one place can have",
    "places_empty": "a roadmap with it would leave a stage of the way without a step",
    "uncertain": "less is known about whether you fit it",
    "wish": "others answer better what you asked to have first",
    "misfit": "others suit your business and your words better",
    "repays": "others need not be repaid",
    "to_find": "others cost you less",
    "width": "others are nearer to you",
    "finish": "others are finished earlier",
    "steps": "the roadmap does without it, in fewer steps",
    "finishes": "others are finished earlier",
    "ids": "it is as good as what was chosen; of equals, the first by name is taken",
    "phases": "it is as good as what was chosen; of equals, the first by name is taken",
}


class UnknownOffer(LookupError):
    """There is no such offer among the records; the message says so."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that keeps an offer out: a code, and words that are a sentence without a full stop."""

    because: str
    words: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """How an offer stands to a roadmap.

    ``standing`` is step, reserve, beaten or barred; ``reasons`` say what keeps it out. ``beaten_by`` names
    the steps that stand in its place, ``term`` the merit of `Score` that decided. ``changes`` are the
    nearest changes that would let it in, empty where none is known; ``lets_in`` says whether it would then
    be a step, checked by making that roadmap, and ``after_changes`` what else would have to give way.
    """

    offer: str
    name: str
    standing: str
    assessment: Assessment
    reasons: tuple[Reason, ...] = ()
    beaten_by: tuple[str, ...] = ()
    term: str | None = None
    changes: tuple[Change, ...] = ()
    lets_in: bool = False
    after_changes: str | None = None


def explain(view: View, asked: Asked, offer_id: str) -> Explanation:
    """Explain one offer for one business and its needs on one day.

    Raises:
        UnknownOffer: no published record has this id.
        UnknownNeed: a need is not in the closed list.
    """
    offer = view.catalogue.offers.get(offer_id)
    if offer is None:
        raise UnknownOffer(f"{str(offer_id)[:60]!r} is not an offer we know; look for it by its name or id")
    return _Explainer(view, asked, offer).explained()


class _Explainer:
    def __init__(self, view: View, asked: Asked, offer: Offer) -> None:
        self.view, self.asked, self.offer = view, asked, offer
        self.pool, self.ranking = _ranked(view, asked)
        self.assessment = assess(offer, self.pool.situation)

    def explained(self) -> Explanation:
        id, found = self.offer.id, choose(self.pool, self.ranking)
        bare = Explanation(id, self.offer.name, STEP, self.assessment)
        if id in found.seats:
            return bare
        reasons = self._barred()
        if reasons:
            return self._nearest(replace(bare, standing=BARRED, reasons=tuple(reasons)))
        return self._nearest(self._beaten(bare, found))

    def _barred(self) -> list[Reason]:
        """Return everything that bars the offer by itself, and what it asks for first."""
        offer, asked = self.offer, self.asked
        told = self.pool.situation.facts
        found = []
        if offer.status != "published":
            found.append(Reason("withdrawn", "Its record is not published"))
        if offer.audience != "owner" and asked.audience == "owner":
            found.append(Reason("audience", "It is for advisers, not for businesses"))
        if offer.id in told.get("done", ()):
            found.append(Reason("done", "You have used it already"))
        if offer.id in asked.turned_down:
            found.append(Reason("turned_down", "They turned you down"))
        if offer.id in asked.skipped:
            found.append(Reason("skipped", "You would rather not do it"))
        window = usable(offer.window, asked.on)
        if window.closed:
            after_it = self.view.catalogue.offers.get(offer.succeeded_by or "")
            follows = f"{after_it.name} followed it" if after_it else "no successor is known"
            found.append(Reason("closed", f"It {window.words}, and {follows}"))
        for each in self.assessment.failed:
            found.append(Reason("failed", f"It asks for this, which you do not meet: {each.words}"))
        if code(offer.kind) in told.get("refuses", ()):
            kinds = labels.joined(labels.plural([offer.kind]))
            found.append(Reason("refused", f"You would rather not use {kinds}"))
        if found:
            return found
        return [*self._first(), *self._unasked()]

    def _first(self) -> list[Reason]:
        """Return what keeps it out by way of what it asks for first."""
        if self.pool.consider(self.offer.id) is not None:
            return []
        because, other = self.pool.out[self.offer.id]
        stopped = self.view.catalogue.offers.get(other)
        name = stopped.name if stopped else other
        words = {
            "too late": "It closes before what it asks for first can be done",
            "too long": f"It asks for more steps first than the {MOST_STEPS} a roadmap holds",
            "clash": "What it asks for first cannot be had together",
            "circle": "What it asks for first asks for it in turn",
            "missing": f"It asks for {name} first, which is not among the records",
        }
        return [Reason(because, words.get(because, f"It asks for {name} first, and that is {because}"))]

    def _unasked(self) -> list[Reason]:
        if set(self.offer.needs) & set(self.asked.needs):
            return []
        needs = labels.joined(labels.needs(self.offer.needs)) or "nothing you can ask about"
        return [Reason("not asked", f"It is for {needs}, which you did not ask about")]

    def _beaten(self, bare: Explanation, found: Found) -> Explanation:
        """Compare the roadmap with the best one that holds the offer, and name the merit that decides."""
        id, seating = bare.offer, Seating(self.pool, self.ranking)
        with_it = choose(self.pool, self.ranking, forced=id)
        if not with_it.seats:
            words = "It cannot stand in a roadmap of seven steps with all it asks for first"
            return replace(bare, standing=BARRED, reasons=(Reason("no room", words),))
        ours, other = seating.score(found.seats), seating.score(with_it.seats)
        term = next(name for name, a, b in zip(Score._fields, ours, other, strict=True) if a != b)
        instead = tuple(sorted(set(found.seats) - set(with_it.seats), key=self.ranking.key))
        names = labels.joined(self.view.catalogue.offers[each].name for each in instead)
        words = f"{TERMS[term][0].upper()}{TERMS[term][1:]}" + (f": {names}" if names else "")
        standing = RESERVE if id in self._reserves(found).values() else BEATEN
        return replace(bare, standing=standing, reasons=(Reason(term, words),), beaten_by=instead, term=term)

    def _reserves(self, found: Found) -> dict[str, str]:
        from knowledge_base.roadmap.make import in_order, served_by

        order = in_order(self.pool, self.ranking, found.seats)
        return reserves(
            self.pool, self.ranking, order, {each: served_by(self.pool, each, order) for each in order}
        )

    def _nearest(self, out: Explanation) -> Explanation:
        """Add the nearest changes that would let the offer in, checked by choosing again."""
        changes = self._changes(out)
        if changes is None:
            return out
        asked = after(self.asked, changes)
        pool, ranking = _ranked(self.view, asked)
        seats = choose(pool, ranking).seats
        if changes and out.offer in seats:
            return replace(out, changes=changes, lets_in=True)
        if pool.consider(out.offer) is None:
            return out
        way = self._given_way(asked, out.offer)
        return replace(out, changes=changes, after_changes=way) if changes or way else out

    def _changes(self, out: Explanation) -> tuple[Change, ...] | None:
        """Return the changes to the facts, the day, the needs and what is refused; None where nothing
        helps."""
        stuck = {"withdrawn", "audience", "done", "turned_down", "missing", "circle", "too long", "clash"}
        if stuck & {each.because for each in out.reasons}:
            return None
        pool = self.pool
        named = pool.index.named.spoken
        facts = changes_for(self.assessment.criteria, pool.situation, self.asked.on, named)
        if facts is None:
            return None
        more = []
        if any(each.because == "closed" for each in out.reasons):
            return None
        if code(self.offer.kind) in pool.refuses:
            left = tuple(each for each in self.asked.profile.refuses if code(each) != code(self.offer.kind))
            kinds = labels.joined(labels.plural([self.offer.kind]))
            more.append(Change("refuses", left, f"you would consider {kinds}", 2))
        if self.offer.needs and not set(self.offer.needs) & set(self.asked.needs):
            need = self.offer.needs[0]
            more.append(Change("needs", need, f"you asked about {labels.need(need)}", 1))
        window = usable(self.offer.window, self.asked.on)
        if not facts and not more and window.starts is not None and window.starts > self.asked.on:
            opens = self.offer.window.opens_text
            told = as_written(opens) if opens else day_words(window.starts)
            more.append(Change("day", window.starts, f"you ask again from {told}, when it opens", 1))
        return tuple(sorted((*more, *facts), key=lambda change: (change.effort, change.what)))

    def _given_way(self, asked: Asked, id: str) -> str | None:
        """Say what would have to fall through for the offer to come in, where one thing would do."""
        pool, ranking = _ranked(self.view, asked)
        for other in choose(pool, ranking).seats:
            without = replace(asked, turned_down=(*asked.turned_down, other))
            if id in choose(*_ranked(self.view, without)).seats:
                return f"{self.view.catalogue.offers[other].name} fell through"
        return None


def _ranked(view: View, asked: Asked) -> tuple[Pool, Ranking]:
    pool = gather(
        view.index,
        asked.needs,
        asked.profile,
        asked.on,
        resolve=view.resolve,
        turned_down=asked.out,
        audience=asked.audience,
    )
    near = view.closeness(asked.near, asked.needs, asked.profile, asked.on) if asked.near else None
    wish = first(asked.prefer, view.catalogue.offers.values(), asked.on) if asked.prefer else None
    return pool, Ranking(pool, near, wish)


def sentences(explanation: Explanation, names: Sequence[str] = ()) -> list[str]:
    """Say an explanation in plain sentences, the reasons first and then what would let the offer in."""
    name = explanation.name
    if explanation.standing == STEP:
        return [f"{name} is a step of your roadmap."]
    said = [f"{each.words}." for each in explanation.reasons]
    if explanation.standing == RESERVE:
        said.insert(0, f"{name} is the reserve for a step of your roadmap.")
    ifs = [each.words for each in explanation.changes]
    if explanation.lets_in:
        said.append(f"It would be a step if {labels.joined(ifs)}.")
    elif ifs and explanation.after_changes:
        said.append(f"It would be a step if {labels.joined([*ifs, explanation.after_changes])}.")
    elif explanation.after_changes:
        said.append(f"It would be a step if {explanation.after_changes}.")
    elif ifs:
        said.append(f"You could use it if {labels.joined(ifs)}; others would still come before it.")
    return said


def explanation_document(explanation: Explanation) -> dict[str, Any]:
    """Write an explanation as plain JSON values."""
    return {
        "offer": explanation.offer,
        "name": explanation.name,
        "standing": explanation.standing,
        "assessment": assessment_document(explanation.assessment),
        "reasons": [{"because": each.because, "words": each.words} for each in explanation.reasons],
        "beaten_by": list(explanation.beaten_by),
        "term": explanation.term,
        "changes": [{"what": each.what, "words": each.words} for each in explanation.changes],
        "lets_in": explanation.lets_in,
        "after_changes": explanation.after_changes,
        "words": sentences(explanation),
    }
