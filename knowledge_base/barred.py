"""Why an offer cannot be a step for one business on one day, in words to put behind "as" or "because".

This asks the records alone, and nothing of how steps are chosen: an offer that is not barred may still not
be among the best.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from knowledge_base import bar_words, labels
from knowledge_base.asked import Asked
from knowledge_base.eligibility import Assessment, Situation, assess
from knowledge_base.profile import code
from knowledge_base.records import Offer
from knowledge_base.roadmap.rules import MOST_STEPS
from knowledge_base.view import View
from knowledge_base.windows import day_words, usable


@dataclass(frozen=True, slots=True)
class Bar:
    """What stands in the way: a code from a closed list, and words that end a sentence."""

    because: str
    words: str


@dataclass(frozen=True)
class Bars:
    """Looks for what bars offers now, and whether it did when the roadmap was made.

    ``kept`` are the offers the roadmap used before.
    """

    view: View
    before: Asked
    now: Asked
    kept: frozenset[str] = frozenset()
    _found: dict[str, Bar | None] = field(default_factory=dict, repr=False)

    @cached_property
    def then(self) -> Situation:
        """The business as it was told before, seen with the records of now."""
        return self.view.situation(self.before.profile)

    @cached_property
    def today(self) -> Situation:
        return self.view.situation(self.now.profile)

    def record(self, id: str) -> Offer | None:
        """The record of an offer, where there is one in force."""
        offer = self.view.catalogue.offers.get(id)
        return offer if offer is not None and offer.status == "published" else None

    def assessed(self, id: str, situation: Situation) -> Assessment | None:
        offer = self.record(id)
        return assess(offer, situation) if offer else None

    def bar(self, id: str, depth: int = 0) -> Bar | None:
        """Say what bars an offer now; None when nothing does, or only what stands beside it."""
        if depth > MOST_STEPS:
            return Bar("needs_first", "it asks for more steps first than a roadmap holds")
        if id not in self._found:
            self._found[id] = None  # a circle of what is required ends here
            self._found[id] = self._alone(id) or self._first(id, depth) or self._time(id)
        return self._found[id]

    def barred_before(self, id: str) -> Bar | None:
        """Say what bars an offer from what was told before on the day before, with the records of now."""
        return Bars(self.view, self.before, self.before, self.kept).bar(id)

    def _alone(self, id: str) -> Bar | None:
        if id in self.now.profile.done:
            return Bar("done", "it is done")
        if id in self.now.turned_down:
            return Bar("turned_down", bar_words.TURNED_DOWN)
        if id in self.now.skipped:
            return Bar("skipped", bar_words.SKIPPED)
        offer = self.record(id)
        if offer is None:
            return Bar("withdrawn", "its record was withdrawn")
        if offer.audience != "owner" and self.now.audience == "owner":
            return Bar("withdrawn", "its record is for advisers now, not for businesses")
        return self._refused(offer) or self._closed(offer) or self._unfit(offer) or self._lapsed(offer)

    def _refused(self, offer: Offer) -> Bar | None:
        if code(offer.kind) not in _told(self.now, "refuses"):
            return None
        return Bar("refused_kind", bar_words.refused(offer.kind))

    def _closed(self, offer: Offer) -> Bar | None:
        if not usable(offer.window, self.now.on).closed:
            return None
        follows = self.record(offer.succeeded_by or "")
        after = f"; {follows.name} followed it" if follows else ""
        return Bar("closed", f"{bar_words.closed(offer, self.now.on)}{after}")

    def _lapsed(self, offer: Offer) -> Bar | None:
        if offer.id in self.kept or offer.id not in self.view.index.lapsed(self.now.on):
            return None
        return Bar("lapsed", bar_words.lapsed(offer))

    def _unfit(self, offer: Offer) -> Bar | None:
        assessment = assess(offer, self.today)
        if assessment.verdict != "unlikely":
            return None
        asks = labels.joined(bar_words.asks(each.words) for each in assessment.failed[:2])
        if assess(offer, self.then).verdict == "unlikely":
            return Bar("record", f"its record changed: it now asks {asks}, which you do not meet")
        return Bar("facts", f"after what you told us you no longer fit: it asks {asks}")

    def _first(self, id: str, depth: int) -> Bar | None:
        for required in self._required(id):
            bar = self.bar(required, depth + 1)
            if bar is not None:
                return Bar("needs_first", bar_words.needs_first(self.name(required), bar.words))
        return None

    def _time(self, id: str) -> Bar | None:
        offer, ready = self.record(id), self._ready(id, frozenset())
        if offer is None or ready is None or not usable(offer.window, ready).closed:
            return None
        closes = offer.window.closes
        until = f" before it closes on {day_words(closes)}" if closes else ""
        return Bar("too_late", f"what it asks for first cannot be done{until}")

    def _ready(self, id: str, around: frozenset[str]) -> date | None:
        """The first day on which everything an offer requires is done; None for a circle."""
        if id in around or len(around) > MOST_STEPS:
            return None
        days = [self.now.on]
        for required in self._required(id):
            offer, ready = self.record(required), self._ready(required, around | {id})
            if offer is None or ready is None:
                return None
            starts = usable(offer.window, ready).starts or ready
            try:
                days.append(starts + timedelta(weeks=offer.duration_weeks or 0))
            except OverflowError:
                return date.max
        return max(days)

    def _required(self, id: str) -> Iterable[str]:
        offer, done = self.record(id), _told(self.now, "done")
        return [each for each in dict.fromkeys(offer.requires if offer else ()) if each not in done]

    def name(self, id: str) -> str:
        offer = self.view.catalogue.offers.get(id)
        return offer.name if offer else id


def _told(asked: Asked, fact: str) -> tuple[str, ...]:
    return () if fact in asked.profile.refused else tuple(getattr(asked.profile, fact))
