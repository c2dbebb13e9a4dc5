"""One record's page: how it reads, its state, what is to be mended, and what may be done with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse

from bot.console.desk import SignedIn
from bot.console.forms.form_view import record_view, sentence_of
from bot.console.forms.listing import STATES, of_offer
from bot.console.forms.preview import Preview, preview
from bot.console.forms.sorts import Sort
from bot.console.forms.state import of_document
from bot.console.forms.workroom import Workroom, read
from bot.web.formats import day
from knowledge_base.differences import Change, difference
from knowledge_base.faults import BadCatalogue
from knowledge_base.records import Catalogue, Offer
from knowledge_base.store.overtaken import Overtaken
from knowledge_base.store.sources import Sources
from knowledge_base.store.working_copies import Entry, WorkingCopy, without_status

MOST_FOUND = 10
TOLD = {
    "saved": "Your draft is saved. Businesses still see what is published.",
    "sent": "It is in review now. Somebody who may publish will look at it.",
    "back": "It is back with its writer, with your comment.",
    "published": "It is published. The next message of a business is answered with it.",
    "discarded": "The draft is given up. Its saves stay in the history.",
    "closed": "It is closed. No new roadmap takes it.",
    "withdrawn": "It is withdrawn. No business is shown it any more.",
    "deleted": "It is deleted. Its history stays, and it can be restored from there.",
    "restored": "That version is a draft now. Look at it, then send it to review.",
    "rebased": "What was published meanwhile is in the draft now. Look at it again.",
}
WHAT = {
    "published": "Published",
    "saved": "Draft saved",
    "imported": "Taken in from a file as a draft",
    "put_back": "Draft put back as it was before an import",
    "sent": "Sent to review",
    "sent_back": "Sent back",
    "discarded": "Draft given up",
    "restored": "Restored as a draft",
    "rebased": "Took over what was published meanwhile",
    "deleted": "Deleted",
}


@dataclass(frozen=True)
class Line:
    """One line of a history, with what it changed."""

    entry: Entry
    what: str
    when: str
    changes: Sequence[Change]


def moment(at: datetime, now: datetime) -> str:
    """Write a moment in the time of the clock on the wall: 21 November 2026, 14:05."""
    local = at.astimezone(now.tzinfo)
    return f"{day(local.date())}, {local:%H:%M}"


def record_page(
    room: Workroom,
    who: SignedIn,
    sort: Sort,
    id: str,
    *,
    told: str = "",
    wrong: str = "",
    status: int = 200,
    typed: Mapping[str, str] | None = None,
    chosen: str = "",
    which: str = "",
) -> HTMLResponse:
    """Show one record, the draft of it where there is one. ``typed`` is what a refused button was told."""
    now, life = room.now, room.life
    published, working = life.published(sort.type, id), life.working(sort.type, id)
    if published is None and working is None:
        if any(True for _ in life.history(sort.type, id)):
            return history_page(room, who, sort, id, told=told)
        raise HTTPException(404)
    catalogue, names = room.catalogue(), room.names()
    draft = working is not None and which != "published"
    document: dict[str, Any] = working.document if working and draft else (published or ({}, 0))[0]
    record = read(sort.type, id, document)
    offer = record if isinstance(record, Offer) else None
    changes = (
        difference(without_status(published[0]), working.document, catalogue) if working and published else []
    )
    return room.desk.page(
        "console/record.html",
        who=who,
        status=status,
        path=sort.path,
        sort=sort,
        id=id,
        name=str(document.get("name") or id),
        told=TOLD.get(told, ""),
        wrong=wrong,
        typed=typed or {},
        published=published,
        working=working,
        draft=draft,
        since=moment(working.at, now) if working else "",
        states=[(each, STATES[each]) for each in _states(sort, id, published, working, catalogue, now)],
        changes=changes,
        overtaken=_overtaken(room, sort, id, working, published),
        findings=life.check(sort.type, id, document, now) if draft else [],
        groups=record_view(of_document(sort.type, document, names), names),
        conditions=_conditions(document, names.catalogue),
        preview=_preview(room, offer, chosen),
        offers=sorted((o for o in catalogue.offers.values() if o.provider == id), key=lambda o: o.name)
        if sort.type == "provider"
        else [],
        options=names.offers.options() if sort.type == "offer" else [],
        own=life.own_drafts,
        found=Sources(room.desk.advice.database).findings(record=(sort.type, id), limit=MOST_FOUND),
        seen=_looked(offer, now),
    )


def _states(
    sort: Sort,
    id: str,
    published: tuple[dict[str, Any], int] | None,
    working: WorkingCopy | None,
    catalogue: Catalogue,
    now: datetime,
) -> list[str]:
    states: list[str] = []
    if published is not None:
        offer = catalogue.offers.get(id) if sort.type == "offer" else None
        states += of_offer(offer, catalogue).states(now.date()) if offer else ["published"]
    return [*states, *([working.state] if working and working.state not in states else [])]


def _looked(offer: Offer | None, now: datetime) -> str:
    """Say when somebody last looked at the source, and how old the hub's word for it is."""
    if offer is None:
        return ""
    looked = (
        f"Source last looked at on {day(offer.source.seen)}"
        if offer.source.seen
        else "Nobody noted when the source was last looked at"
    )
    if offer.assured is None:
        return f"{looked}; not yet checked by the hub."
    late = " That day has passed." if offer.assured.until < now.date() else ""
    by, until = offer.assured.by, day(offer.assured.until)
    return f"{looked}; checked by {by} on {day(offer.assured.on)}, to be checked again by {until}.{late}"


def _overtaken(
    room: Workroom,
    sort: Sort,
    id: str,
    working: WorkingCopy | None,
    published: tuple[dict[str, Any], int] | None,
) -> Overtaken | str | None:
    """Say what was published since a draft was begun; words where that cannot be put together."""
    if working is None or working.base_version == (published[1] if published else 0):
        return None
    try:
        return room.life.overtaken(sort.type, id)
    except BadCatalogue as bad:
        return str(bad)


def _conditions(document: Mapping[str, Any], catalogue: Catalogue) -> list[tuple[str, str]]:
    listed = document.get("criteria")
    rows = [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []
    return [(str(each.get("words") or ""), sentence_of(each, catalogue)) for each in rows]


def _preview(room: Workroom, offer: Offer | None, chosen: str) -> Preview | None:
    if offer is None:
        return None
    return preview(offer, room.desk.advice.view(), room.examples, room.now.date(), chosen)


def history_page(
    room: Workroom, who: SignedIn, sort: Sort, id: str, *, told: str = "", wrong: str = "", status: int = 200
) -> HTMLResponse:
    """Show what was ever done with a record, the newest first, each with what it changed."""
    entries = room.life.history(sort.type, id)
    if not entries:
        raise HTTPException(404)
    published, working = room.life.published(sort.type, id), room.life.working(sort.type, id)
    catalogue, now = room.catalogue(), room.now
    lines = []
    for i, entry in enumerate(entries):
        before = next((e for e in entries[i + 1 :] if not entry.is_published or e.is_published), None)
        changes: list[Change] = []
        if entry.what not in ("sent", "sent_back", "discarded", "deleted"):
            changes = difference(before.document if before else None, entry.document, catalogue)
        changes = [each for each in changes if entry.is_published or each.path != "status"]
        lines.append(Line(entry, WHAT.get(entry.what, entry.what), moment(entry.at, now), changes))
    name = next((e.document.get("name") for e in entries if isinstance(e.document, dict)), None)
    return room.desk.page(
        "console/record_history.html",
        who=who,
        status=status,
        path=sort.path,
        sort=sort,
        id=id,
        name=str(name or id),
        told=TOLD.get(told, ""),
        wrong=wrong,
        lines=lines,
        gone=published is None and working is None,
        version=working.version if working else 0,
        base=published[1] if published else 0,
        current=str(published[1]) if published else "",
    )
