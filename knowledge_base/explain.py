"""Say why an offer is not in a roadmap, what was better, and the nearest change that would let it in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from knowledge_base import explain_words as say
from knowledge_base.asked import Asked
from knowledge_base.beaten import decided
from knowledge_base.documents import assessment_document
from knowledge_base.eligibility import Assessment, assess
from knowledge_base.explain_words import sentences
from knowledge_base.let_in import LetIn
from knowledge_base.nearest import Change
from knowledge_base.profile import Profile, dump_profile
from knowledge_base.records import Offer
from knowledge_base.roadmap.choose import choose
from knowledge_base.roadmap.places import Seating
from knowledge_base.tried import Tried
from knowledge_base.view import View
from knowledge_base.why_barred import Reason, WhyBarred

__all__ = ["Explanation", "Reason", "UnknownOffer", "explain", "explanation_document", "sentences"]

STEP, RESERVE, BEATEN, BARRED, NEW = "step", "reserve", "beaten", "barred", "new"


class UnknownOffer(LookupError):
    """There is no such offer among the records; the message says so."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """How an offer stands to a roadmap.

    ``standing`` is step, reserve, beaten, barred, or new: a step of a roadmap made today that is not in the
    one shown. ``reasons`` say what keeps it out. ``beaten_by`` names the steps that stand in its place,
    ``term`` the merit of `Score` that decided. ``changes`` are the nearest changes that would let it in,
    none of which can be left out, empty where none is known; ``lets_in`` says whether it would then be a
    step, checked by making that roadmap, else it could be used and others would come before it.
    ``after_changes`` says which step would have to fall through.
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
    step: int | None = None
    falls: str | None = None


def explain(view: View, asked: Asked, offer_id: str, shown: Sequence[str] | None = None) -> Explanation:
    """Explain one offer for one business and its needs on one day.

    ``shown`` are the steps of the roadmap in hand, in order, where it may be older than the day.

    Raises:
        UnknownOffer: no record has this id.
        UnknownNeed: a need is not in the closed list.
    """
    offer = view.catalogue.offers.get(offer_id)
    if offer is None:
        raise UnknownOffer(f"{str(offer_id)[:60]!r} is not an offer we know; look for it by its name or id")
    return _Explainer(view, asked, offer, shown).explained()


class _Explainer:
    def __init__(self, view: View, asked: Asked, offer: Offer, shown: Sequence[str] | None) -> None:
        self.view, self.asked, self.offer, self.shown = view, asked, offer, shown
        self.now = Tried(view, asked, shown or ())
        self.why = WhyBarred(view, asked, self.now.pool, offer)
        self.names = {id: each.name for id, each in view.catalogue.offers.items()}
        self.let_in = LetIn(self.now, self.why, self.names)

    def explained(self) -> Explanation:
        id, shown = self.offer.id, self.shown
        bare = Explanation(id, self.offer.name, STEP, assess(self.offer, self.now.pool.situation))
        if shown is not None and id in shown:
            return replace(bare, step=list(shown).index(id) + 1)
        if id in self.now.found.seats:
            return (
                replace(bare, standing=NEW)
                if shown is not None
                else replace(bare, step=self.now.order.index(id) + 1)
            )
        reasons = tuple(self.why.all())
        if not reasons:
            return self._beaten(bare)
        changes, lets_in = self.let_in.nearest({each.because for each in reasons}, barred=True)
        return replace(bare, standing=BARRED, reasons=reasons, changes=changes, lets_in=lets_in)

    def _beaten(self, bare: Explanation) -> Explanation:
        """Compare the roadmap with the best one that holds the offer, and name the merit that decides."""
        id, found, pool, ranking = bare.offer, self.now.found, self.now.pool, self.now.ranking
        with_it = choose(pool, ranking, forced=id)
        if not with_it.seats:
            return replace(bare, standing=BARRED, reasons=(Reason("no_room", say.NO_ROOM),))
        instead = tuple(sorted(set(found.seats) - set(with_it.seats), key=ranking.key))
        term, consequence = decided(Seating(pool, ranking), found.seats, with_it.seats, self.asked.prefer)
        reasons = [Reason(term, say.with_it(consequence, [self.names[each] for each in instead]))]
        steps = [each for each, other in self.now.reserves.items() if other == id]
        if steps:
            reasons.insert(0, Reason("reserve", say.reserve_for(self.names[steps[0]]), steps[0]))
        changes, lets_in = self.let_in.nearest((), barred=False)
        out = replace(
            bare,
            standing=RESERVE if steps else BEATEN,
            reasons=tuple(reasons),
            beaten_by=instead,
            term=term,
            changes=changes,
            lets_in=lets_in,
        )
        return out if changes else self._given_way(out, [*steps, *instead])

    def _given_way(self, out: Explanation, others: Sequence[str]) -> Explanation:
        """Say which step would have to fall through for the offer to come in, where one would do."""
        for other in dict.fromkeys(others):
            without = replace(self.asked, turned_down=(*self.asked.turned_down, other))
            if Tried(self.view, without, self.now.pool.kept).lets_in(out.offer):
                return replace(out, falls=other, after_changes=say.fell_through(self.names[other]))
        return out


def explanation_document(explanation: Explanation) -> dict[str, Any]:
    """Write an explanation as plain JSON values."""
    return {
        "offer": explanation.offer,
        "name": explanation.name,
        "standing": explanation.standing,
        "step": explanation.step,
        "assessment": assessment_document(explanation.assessment),
        "reasons": [{"because": r.because, "about": r.about, "words": r.words} for r in explanation.reasons],
        "beaten_by": list(explanation.beaten_by),
        "term": explanation.term,
        "changes": [_change(each) for each in explanation.changes],
        "lets_in": explanation.lets_in,
        "falls_through": explanation.falls,
        "after_changes": explanation.after_changes,
        "words": sentences(explanation),
    }


def _change(change: Change) -> dict[str, Any]:
    to = change.to
    if change.what == "day":
        to = to.isoformat()
    elif change.what != "needs":
        to = dump_profile(Profile(**{change.what: to})).get(change.what, [])
    return {"what": change.what, "to": to, "words": change.words, "within_reach": change.within_reach}
