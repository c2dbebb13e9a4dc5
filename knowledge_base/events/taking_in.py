"""Take what a feed tells into the editions of a record: the same feed again changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from knowledge_base.events.edition_format import MOST_EDITIONS, day_of, in_order
from knowledge_base.events.feed import FeedEvent
from knowledge_base.events.next_one import last_day
from knowledge_base.records import Edition


@dataclass(frozen=True)
class Taken:
    """The editions after taking a feed in, and what that did to each, by uid."""

    editions: tuple[Edition, ...]
    added: tuple[Edition, ...] = ()
    changed: tuple[tuple[Edition, Edition], ...] = ()
    older: tuple[Edition, ...] = ()
    gone: tuple[Edition, ...] = ()
    left_out: int = 0

    @property
    def nothing_new(self) -> bool:
        return not (self.added or self.changed)


def take_in(held: Sequence[Edition], events: Iterable[FeedEvent], on: date) -> Taken:
    """Add what is new and change what was told anew; a change older than what is held changes nothing.

    What the feed no longer tells is named in ``gone`` and kept: a feed drops what is over and what was called
    off alike. Only the soonest fit when there are more than a record may hold.
    """
    now = {edition.uid: edition for edition in held}
    told = {event.edition.uid: event.edition for event in events}
    added, changed, older = [], [], []
    for uid, edition in told.items():
        before = now.get(uid)
        if before is None:
            added.append(edition)
            now[uid] = edition
            continue
        if edition.sequence < before.sequence:
            older.append(edition)
            continue
        after = _merged(before, edition)
        if after != before:
            changed.append((before, after))
            now[uid] = after
    sources = {edition.source for edition in told.values()}
    gone = [e for e in held if e.uid not in told and e.source in sources and e.source and last_day(e) >= on
            and e.status != "cancelled"]  # fmt: skip
    kept = _fitting(now.values(), on)
    there = {edition.uid for edition in kept}
    return Taken(
        in_order(kept),
        tuple([e for e in added if e.uid in there]),
        tuple([c for c in changed if c[1].uid in there]),
        tuple(older),
        tuple(gone),
        len(now) - len(kept),
    )


def _merged(before: Edition, told: Edition) -> Edition:
    """Return an edition as told now; one whose day changed was moved, and stays so."""
    if told.status != "planned":
        return told
    if before.status == "cancelled" and told.sequence == before.sequence and before.starts == told.starts:
        return before  # called off by hand: only a newer telling brings it back
    if before.status != "cancelled" and (
        before.status == "moved" or day_of(before.starts) != day_of(told.starts)
    ):
        return replace(told, status="moved")
    return told


def _fitting(editions: Iterable[Edition], on: date) -> list[Edition]:
    """Leave out what is over longest ago, then what lies farthest ahead, until the rest fit."""
    ordered = sorted(editions, key=lambda e: (last_day(e) < on, abs((last_day(e) - on).days), e.uid))
    return ordered[:MOST_EDITIONS]
