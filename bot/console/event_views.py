"""Events as their page shows them: everything in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.web.formats import day, web_address
from knowledge_base.events.edition_format import day_of
from knowledge_base.events.keeping import Imported, Kept
from knowledge_base.events.next_one import ahead, last_day, next_in_series, where_words
from knowledge_base.labels import kind as kind_words
from knowledge_base.records import Edition, Offer
from knowledge_base.windows import usable

STATES = {"draft": "draft", "in_review": "in review"}


@dataclass(frozen=True)
class EditionView:
    """One time an event is held; ``open`` where it lies ahead and has not been called off."""

    uid: str
    when: str
    where: str
    booking: str
    name: str
    badge: str
    source: str
    open: bool


@dataclass(frozen=True)
class EventView:
    """One event or network with its times."""

    id: str
    name: str
    kind: str
    state: str
    next: str
    beside: str
    ahead: tuple[EditionView, ...]
    over: tuple[EditionView, ...]


@dataclass(frozen=True)
class SeriesView:
    """The records of one series; alone where a record has none."""

    name: str
    events: tuple[EventView, ...]


def series_views(kept: Sequence[Kept], on: date) -> list[SeriesView]:
    """Return the events by series, those with a day ahead first, the soonest of them before."""
    offers = [each.offer for each in kept]
    groups: dict[str, list[Kept]] = {}
    for each in kept:
        groups.setdefault(each.offer.series or each.offer.id, []).append(each)
    ordered = sorted(groups.values(), key=lambda group: _soonest(group, on))
    return [
        SeriesView(
            group[0].offer.series or "" if len(group) > 1 else "",
            tuple(_event(each, offers, on) for each in group),
        )
        for group in ordered
    ]


def _soonest(group: Sequence[Kept], on: date) -> tuple[date, str]:
    days = [day_of(e.starts) for each in group for e in ahead(each.offer.window, on)]
    return min(days, default=date.max), group[0].offer.name.casefold()


def _event(kept: Kept, offers: Sequence[Offer], on: date) -> EventView:
    offer = kept.offer
    coming = ahead(offer.window, on)
    sibling = None if coming else next_in_series(offer, offers, on)
    state = STATES.get(kept.working.state, "") if kept.working else ""
    if not state and offer.status == "draft":
        state = "draft"
    words = usable(offer.window, on).words
    told = [_edition(each, on) for each in offer.editions]
    return EventView(
        id=offer.id,
        name=offer.name,
        kind=kind_words(offer.kind),
        state=state,
        next=f"{words[:1].upper()}{words[1:]}.",
        beside=sibling[0].name if sibling else "",
        ahead=tuple(v for v, e in zip(told, offer.editions, strict=True) if last_day(e) >= on),
        over=tuple(v for v, e in zip(told, offer.editions, strict=True) if last_day(e) < on),
    )


def _edition(edition: Edition, on: date) -> EditionView:
    badges = {"cancelled": "called off", "moved": "new date"}
    return EditionView(
        uid=edition.uid,
        when=when_words(edition),
        where=where_words(edition),
        booking=web_address(edition.booking) or "",
        name=edition.name or "",
        badge=badges.get(edition.status, ""),
        source=edition.source or "",
        open=edition.status != "cancelled" and last_day(edition) >= on,
    )


def when_words(edition: Edition) -> str:
    """Write the days of an edition, with the hours where they are known."""
    first, last = day_of(edition.starts), last_day(edition)
    if last > first:
        return f"{day(first)} to {day(last)}"
    if not isinstance(edition.starts, datetime):
        return day(first)
    until = f" to {edition.ends:%H:%M}" if isinstance(edition.ends, datetime) else ""
    return f"{day(first)}, {edition.starts:%H:%M}{until}"


def counts(done: Sequence[Imported]) -> str:
    """Write how many drafts, dates and changes a feed made, to stand in an address."""
    new = sum(each.new for each in done)
    added = sum(len(each.taken.added) for each in done if not each.new)
    changed = sum(len(each.taken.changed) for each in done)
    return f"{new}-{added}-{changed}"


def done_words(counted: str) -> str:
    """Say what taking a feed in did, from what `counts` wrote; empty for anything else."""
    parts = counted.split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 6 for part in parts):
        return ""
    words = (("new draft", "new drafts"), ("date added", "dates added"), ("date changed", "dates changed"))
    told = [
        f"{n} {many if n > 1 else one}" for n, (one, many) in zip(map(int, parts), words, strict=True) if n
    ]
    return f"{', '.join(told)}." if told else "The feed told nothing new: nothing was changed."
