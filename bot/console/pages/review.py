"""The review queue: what waits, since when, by whom, and what it changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from bot.console.forms.record_page import moment
from bot.console.forms.routes import Sees
from bot.console.forms.sorts import SORTS
from bot.console.forms.workroom import Workroom
from knowledge_base.differences import Change, difference
from knowledge_base.faults import BadCatalogue
from knowledge_base.store.working_copies import WorkingCopy, without_status

router = APIRouter(prefix="/review")


@dataclass(frozen=True)
class Waiting:
    """One working copy that waits for somebody; ``mine`` when the one who looks wrote it."""

    name: str
    href: str
    record_type: str
    since: str
    days: int
    by: str
    why: str
    comment: str
    new: bool
    mine: bool
    overtaken: bool
    changes: Sequence[Change]


@router.get("")
def queue(request: Request, who: Sees) -> HTMLResponse:
    """Show what is in review, the one that waits longest first, and the drafts still being written."""
    room = Workroom.of(request)
    copies, now, me = room.life.working_all(), room.now, who.member.email
    return room.desk.page(
        "console/review.html",
        who=who,
        path="/console/review",
        waiting=[_waiting(room, each, now, me) for each in copies if each.state == "in_review"],
        drafts=[_waiting(room, each, now, me) for each in copies if each.state == "draft"],
        own=room.life.own_drafts,
    )


def _waiting(room: Workroom, copy: WorkingCopy, now: datetime, me: str) -> Waiting:
    published = room.life.published(copy.record_type, copy.id)
    overtaken = copy.base_version != (published[1] if published else 0)
    return Waiting(
        name=str(copy.document.get("name") or copy.id),
        href=SORTS[copy.record_type].address(copy.id),
        record_type=copy.record_type,
        since=moment(copy.at, now),
        days=max(0, (now - copy.at).days),
        by=copy.by,
        why=copy.why,
        comment=copy.comment,
        new=published is None,
        mine=copy.by.casefold() == me.casefold(),
        overtaken=overtaken,
        changes=_changes(room, copy, published[0]) if published and copy.state == "in_review" else [],
    )


def _changes(room: Workroom, copy: WorkingCopy, published: dict[str, Any]) -> Sequence[Change]:
    """Return what a working copy changes: of the record it was begun from, whatever happened since."""
    try:
        overtaken = room.life.overtaken(copy.record_type, copy.id)
    except BadCatalogue:
        overtaken = None
    if overtaken is not None:
        return overtaken.mine
    return difference(without_status(published), copy.document, room.catalogue())
