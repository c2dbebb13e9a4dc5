"""Say why a need has no step, and what there was for it."""

from __future__ import annotations

from knowledge_base.records import Offer
from knowledge_base.roadmap.candidates import (
    CLASH,
    CLOSED,
    DONE,
    LAPSED,
    NOT_FOR_OWNERS,
    REFUSED,
    TURNED_DOWN,
    UNLIKELY,
    Pool,
)
from knowledge_base.roadmap.shapes import NO_ROOM, NOTHING_LIKELY, NOTHING_OPEN, REFUSED_KINDS, Gap
from knowledge_base.windows import usable

MOST_NAMED = 3


def gap(pool: Pool, need: str) -> Gap:
    """Name the reason a need has no step: the mildest that stopped any offer for it where the business is."""
    if pool.serving.get(need):
        words = "There is support for this, but it does not fit beside your other steps; ask for it by itself"
        return Gap(need, NO_ROOM, words, pool.serving[need][:MOST_NAMED])
    offers = [o for o in pool.index.by_need.get(need, ()) if pool.out.get(o.id, ("",))[0] != NOT_FOR_OWNERS]
    here = [offer for offer in offers if not _elsewhere(pool, offer)]
    if offers and not here:
        unlikely = any(pool.out[offer.id][0] == UNLIKELY for offer in offers)
        words = "What we know for this is for businesses elsewhere"
        return Gap(need, NOTHING_LIKELY if unlikely else NOTHING_OPEN, words)
    stopped: dict[str, list[Offer]] = {}
    for offer in here:
        stopped.setdefault(pool.out[offer.id][0], []).append(offer)
    if REFUSED in stopped:
        named = stopped[REFUSED]
        words = f"You would rather not use what there is for this: {_names(named)}"
        return Gap(need, REFUSED_KINDS, words, _ids(named))
    if LAPSED in stopped:
        named = stopped[LAPSED]
        words = f"What there is for this was last checked too long ago to be advised: {_names(named)}"
        return Gap(need, NOTHING_OPEN, words, _ids(named))
    if stopped.keys() & {UNLIKELY, TURNED_DOWN, CLASH}:
        named = stopped.get(UNLIKELY) or stopped.get(TURNED_DOWN) or stopped[CLASH]
        return Gap(need, NOTHING_LIKELY, f"{_why_not(pool, named)}: {_names(named)}", _ids(named))
    if DONE in stopped:
        return Gap(need, NOTHING_OPEN, f"You have already used {_names(stopped[DONE])}", _ids(stopped[DONE]))
    if CLOSED in stopped:
        return Gap(need, NOTHING_OPEN, _ended(pool, stopped[CLOSED]), _ids(stopped[CLOSED]))
    if here:
        return Gap(need, NOTHING_OPEN, f"What it asks for first is not open: {_names(here)}", _ids(here))
    return Gap(need, NOTHING_OPEN, "We know of no offer for this")


def _elsewhere(pool: Pool, offer: Offer) -> bool:
    """Say whether an offer is open only in areas where the business is known not to be."""
    return bool(offer.areas) and pool.situation.standing(frozenset(offer.areas)) is False


def _why_not(pool: Pool, named: list[Offer]) -> str:
    turned_down = all(pool.out[offer.id][0] == TURNED_DOWN for offer in named)
    return "You were turned down by" if turned_down else "What there is for this is for other businesses"


def _ended(pool: Pool, offers: list[Offer]) -> str:
    ended = []
    for offer in _latest(offers):
        follows = pool.index.catalogue.offers.get(offer.succeeded_by or "")
        after = f"{follows.name} followed it" if follows else "no successor is known"
        ended.append(f"{offer.name} {usable(offer.window, pool.on).words}, and {after}")
    return "; ".join(ended)


def _latest(offers: list[Offer]) -> list[Offer]:
    """The ones that ended last come first; those whose end is not known come last."""
    known = sorted(offers, key=lambda offer: offer.id)
    known.sort(key=lambda offer: offer.window.closes.toordinal() if offer.window.closes else 0, reverse=True)
    return known[:MOST_NAMED]


def _names(offers: list[Offer]) -> str:
    names = [offer.name for offer in offers[:MOST_NAMED]]
    more = len(offers) - len(names)
    return ", ".join(names) + (f" and {more} more" if more > 0 else "")


def _ids(offers: list[Offer]) -> tuple[str, ...]:
    return tuple(offer.id for offer in offers[:MOST_NAMED])
