"""What bars an offer for one asking: everything there is, each in words with a code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from knowledge_base import bar_words
from knowledge_base import explain_words as say
from knowledge_base.asked import Asked
from knowledge_base.cards import instead_of, now_words
from knowledge_base.eligibility import assess
from knowledge_base.profile import code
from knowledge_base.records import Offer
from knowledge_base.roadmap.candidates import CIRCLE, CLASH, MISSING, TOO_LATE, TOO_LONG, Pool
from knowledge_base.roadmap.rules import MOST_STEPS
from knowledge_base.view import View
from knowledge_base.windows import usable

STUCK = frozenset({"withdrawn", "audience", "done", "turned_down", "skipped", "closed", "circle", "lapsed"})
WAY_WORDS = {TOO_LATE: say.TOO_LATE, TOO_LONG: say.TOO_LONG, CLASH: say.CLASH, CIRCLE: say.CIRCLE}


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that keeps an offer out: a code, and words that begin in lower case and have no full stop.

    ``about`` is what it is about: a fact, a kind, or the offer that is asked for first.
    """

    because: str
    words: str
    about: str | None = None


class WhyBarred:
    """Looks for what bars one offer, in one pool."""

    def __init__(self, view: View, asked: Asked, pool: Pool, offer: Offer) -> None:
        self.view, self.asked, self.pool, self.offer = view, asked, pool, offer

    def all(self) -> list[Reason]:
        """Return everything that bars the offer: by itself, by what it asks for first, by what was asked."""
        alone = self.alone(self.offer)
        found = [self._followed(each) if each.because == "closed" else each for each in alone]
        if not STUCK.isdisjoint(each.because for each in found):
            return found
        found += self._first()
        if not set(self.offer.needs) & set(self.asked.needs):
            found.append(Reason("not_asked", say.not_asked(self.offer.needs)))
        return found

    def _followed(self, closed: Reason) -> Reason:
        """Say what followed an offer that has ended."""
        follows = now_words(self.offer, instead_of(self.offer, self.view.catalogue, self.asked.on))
        return replace(closed, words=f"{closed.words}. {follows.rstrip('.')}")

    def alone(self, offer: Offer) -> Iterator[Reason]:
        """Give what bars an offer as if it asked for nothing first."""
        asked = self.asked
        told = self.pool.situation.facts
        if offer.status != "published":
            yield Reason("withdrawn", say.NOT_PUBLISHED)
            return
        if offer.audience != "owner" and asked.audience == "owner":
            yield Reason("audience", say.FOR_ADVISERS)
            return
        if offer.id in told.get("done", ()):
            yield Reason("done", say.DONE)
        if offer.id in asked.turned_down:
            yield Reason("turned_down", bar_words.TURNED_DOWN)
        if offer.id in asked.skipped:
            yield Reason("skipped", bar_words.SKIPPED)
        if usable(offer.window, asked.on).closed:
            yield Reason("closed", bar_words.closed(offer, asked.on))
        failed = assess(offer, self.pool.situation).failed
        for each in sorted(failed, key=lambda each: each.fact != "place"):
            yield Reason("failed", say.unmet(self.pool, each), each.fact)
        if code(offer.kind) in self.pool.refuses:
            yield Reason("refused_kind", bar_words.refused(offer.kind), offer.kind)
        if offer.id in self.pool.index.lapsed(asked.on) and offer.id not in self.pool.kept:
            yield Reason("lapsed", bar_words.lapsed(offer))

    def _first(self) -> Iterator[Reason]:
        """Give what keeps the offer out by way of what it asks for first."""
        stopped = [(id, self._stopped(id, 0)) for id in self.required(self.offer)]
        for id, words in stopped:
            if words is not None:
                yield Reason("needs_first", words, id)
        if any(words for _, words in stopped):
            return
        because = self._out(self.offer.id)
        if because in WAY_WORDS:
            yield Reason(because.replace(" ", "_"), WAY_WORDS[because])

    def _stopped(self, id: str, depth: int) -> str | None:
        """Say what bars an offer asked for first, as "it asks for … first, and …"; None if nothing does."""
        if self.pool.consider(id) is not None or self._out(id) == CIRCLE:
            return None
        offer = self.view.catalogue.offers.get(id)
        if offer is None or self._out(id) == MISSING:
            return say.missing(offer.name if offer else id)
        own = next((each.words for each in self.alone(offer)), None)
        if own is not None and own in [each.words for each in self.alone(self.offer)]:
            own = say.THE_SAME
        if own is None and depth < MOST_STEPS:
            within = (self._stopped(each, depth + 1) for each in self.required(offer))
            own = next((words for words in within if words), None)
        own = own or WAY_WORDS.get(self._out(id), say.CANNOT_BE_HAD)
        return bar_words.needs_first(offer.name, own)

    def required(self, offer: Offer) -> list[str]:
        """Return what an offer asks for first that is not done."""
        return [each for each in dict.fromkeys(offer.requires) if each not in self.pool.done]

    def _out(self, id: str) -> str:
        self.pool.consider(id)
        return self.pool.out.get(id, ("", id))[0]
