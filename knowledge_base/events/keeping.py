"""Change the editions of records by way of their working copies: nothing is published from here."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from knowledge_base.events.edition_format import HIGHEST_SEQUENCE, MEETING_KINDS, dump_edition, in_order
from knowledge_base.events.feed import Feed, FeedEvent
from knowledge_base.events.taking_in import Taken, take_in
from knowledge_base.offer_dump import dump_offer
from knowledge_base.offer_format import parse_offer
from knowledge_base.records import Edition, Offer
from knowledge_base.store.drafts import ToSave
from knowledge_base.store.life import Life
from knowledge_base.store.working_copies import WorkingCopy

SUMMARY_WORDS = 50
FROM_A_FEED = "taken in from a feed"


class NoSuchEvent(LookupError):
    """There is no event or network of that id, or no edition of that uid; the message names it."""


@dataclass(frozen=True)
class Kept:
    """An event as it is being changed, or as it is published; ``working`` is its working copy, if any."""

    offer: Offer
    working: WorkingCopy | None
    base: int

    @property
    def version(self) -> int:
        """The version to save over."""
        return self.working.version if self.working else 0


@dataclass(frozen=True)
class Imported:
    """What taking a feed in did, or would do, to one record; ``new`` where the feed makes it."""

    id: str
    name: str
    taken: Taken
    new: bool


class EventDesk:
    """The events and networks that hub staff look after. Every method may raise `StoreUnavailable`."""

    def __init__(self, life: Life) -> None:
        self.life = life

    def all(self) -> list[Kept]:
        """Return every event and network, published or a draft, by its series and name."""
        drafts = {w.id: w for w in self.life.working_all() if w.record_type == "offer"}
        offers = self.life.store.catalogue(published_only=False).offers
        found = []
        for id in sorted({*offers, *drafts}):
            draft = drafts.get(id)
            offer = parse_offer(id, draft.document) if draft else offers[id]
            if offer.kind in MEETING_KINDS and offer.status != "withdrawn":
                found.append(Kept(offer, draft, draft.base_version if draft else 0))
        return sorted(found, key=lambda each: (each.offer.series or each.offer.name, each.offer.name))

    def find(self, id: str) -> Kept:
        """Return one event or network; raise NoSuchEvent for any other record."""
        working = self.life.working("offer", id)
        published = self.life.published("offer", id)
        document = working.document if working else published[0] if published else None
        if document is None:
            raise NoSuchEvent(f"{id}: there is no such record; look for it by name")
        offer = parse_offer(id, document)
        if offer.kind not in MEETING_KINDS:
            raise NoSuchEvent(f"{id} is not held on days; only an event or a network is")
        return Kept(offer, working, published[1] if published else 0)

    def add(self, id: str, edition: Edition, *, by: str, now: datetime) -> int:
        """Add an edition to a working copy; return the copy's version."""
        kept = self.find(id)
        others = [each for each in kept.offer.editions if each.uid != edition.uid]
        return self._save(_changed(kept, [*others, edition]), by, f"added {edition.starts}", now)

    def call_off(self, id: str, uid: str, *, by: str, now: datetime) -> int:
        """Say that an edition is not held; calendars that have it will strike it out."""
        kept = self.find(id)
        found = next((each for each in kept.offer.editions if each.uid == uid), None)
        if found is None:
            raise NoSuchEvent(f"{id} has no such date any more; look at it again")
        off = replace(found, status="cancelled", sequence=min(found.sequence + 1, HIGHEST_SEQUENCE))
        editions = [off if each.uid == uid else each for each in kept.offer.editions]
        return self._save(_changed(kept, editions), by, f"called off {found.starts}", now)

    def import_into(self, id: str, feed: Feed, *, by: str, now: datetime, keep: bool = True) -> Imported:
        """Take a feed into one record's editions; without ``keep`` only say what that would do."""
        done, wanted = self._into(id, feed.events, now)
        if keep and wanted:
            self._save(wanted, by, FROM_A_FEED, now)
        return done

    def import_new(self, feed: Feed, *, by: str, now: datetime, keep: bool = True) -> list[Imported]:
        """Take each event of a feed in as a draft of its own, or into the one made of it before.

        All of them are kept, or, where somebody changed one meanwhile (StaleRecord), none.
        """
        series: dict[str, list[FeedEvent]] = {}
        for event in feed.events:
            series.setdefault(event.series, []).append(event)
        found: list[Imported] = []
        changed: list[ToSave] = []
        for key, events in series.items():
            id = _id(events[0].name, key)
            if self.life.working("offer", id) or self.life.published("offer", id):
                done, wanted = self._into(id, events, now)
            else:
                taken = take_in((), events, now.date())
                done = Imported(id, events[0].name or id, taken, True)
                wanted = ToSave("offer", id, draft_of(events[0], taken.editions), version=0, base=0)
            found.append(done)
            changed += [wanted] if wanted else []
        if keep and changed:
            self.life.save_all(changed, by=by, why=FROM_A_FEED, now=now)
        return found

    def _into(self, id: str, events: Sequence[FeedEvent], now: datetime) -> tuple[Imported, ToSave | None]:
        """Return what events do to a record, and what is to be saved of it, None where nothing is new."""
        kept = self.find(id)
        taken = take_in(kept.offer.editions, events, now.date())
        wanted = None if taken.nothing_new else _changed(kept, taken.editions)
        return Imported(id, kept.offer.name, taken, False), wanted

    def _save(self, wanted: ToSave, by: str, why: str, now: datetime) -> int:
        return self.life.save_all([wanted], by=by, why=why, now=now)[0]


def _changed(kept: Kept, editions: Sequence[Edition]) -> ToSave:
    window = replace(kept.offer.window, editions=in_order(editions))
    document = dump_offer(replace(kept.offer, window=window))
    return ToSave("offer", kept.offer.id, document, kept.version, None if kept.working else kept.base)


def draft_of(event: FeedEvent, editions: Sequence[Edition]) -> dict[str, Any]:
    """Return the draft that an event of a feed makes: its own words and days, and nothing guessed."""
    words = event.about.split()
    about = " ".join(words[:SUMMARY_WORDS]) + ("…" if len(words) > SUMMARY_WORDS else "")
    return {
        "name": event.name or "An event without a name",
        "kind": "event",
        "areas": [],
        **({"summary": about} if about else {}),
        "window": {"status": "dated"},
        "editions": [dump_edition(edition) for edition in editions],
        "source": {"url": event.edition.booking},
    }


def new_uid(starts: date | datetime, held: Sequence[Edition]) -> str:
    """Return a uid for an edition added by hand: its day, and a number where that is taken."""
    base, taken = starts.isoformat()[:10], {each.uid for each in held}
    numbered = (f"{base}-{n}" for n in range(2, len(taken) + 3))
    return base if base not in taken else next(each for each in numbered if each not in taken)


def _id(name: str, series: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = "-".join(re.findall(r"[a-z0-9]+", plain))[:60].strip("-") or "event"
    return f"{slug}-{hashlib.sha256(series.encode()).hexdigest()[:6]}"
