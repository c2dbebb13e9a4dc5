"""Sources: what visits to the pages behind the records found, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.chores.chore import off
from bot.chores.watching import not_watching
from bot.console.desk import SignedIn
from bot.console.forms.record_page import moment
from bot.console.forms.sorts import SORTS
from bot.console.forms.workroom import Workroom
from bot.console.gate import allowed, form, text
from bot.console.source_desk import SourceDesk, visitor_of
from bot.web.formats import day, web_address
from knowledge_base.records import Catalogue
from knowledge_base.store.sources import STATES, Finding
from knowledge_base.watch.compare import KINDS
from knowledge_base.watch.visits import ANSWERS, Check

router = APIRouter(prefix="/sources")

PATH = "/console/sources"
AT_ONCE = 25
VISITS = 25
SHOWN = ("open", "seen", "silenced", "taken")
TOLD = {
    "silenced": "Silenced. It comes back when that is over.",
    "seen": "Marked as seen.",
    "visited": "The page was visited just now; what it gave is below.",
    "soon": "It was visited within the last minute. Wait a little, then visit again.",
    "nothing": "No published record with this id names a page.",
}

Sees = Annotated[SignedIn, Depends(allowed("see"))]
Edits = Annotated[SignedIn, Depends(allowed("edit"))]


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding in words; ``href`` is the record's page, ``source`` the web page where it may be linked."""

    id: int
    name: str
    href: str
    record_id: str
    kind: str
    words: str
    before: str
    after: str
    quote: str
    source: str | None
    url: str
    found: str
    state: str
    by: str
    until: str
    proposes: bool


@dataclass(frozen=True, slots=True)
class Visited:
    """The last visit to one page, in words."""

    url: str
    source: str | None
    at: str
    answer: str
    words: str
    reason: str


@router.get("")
def sources(
    request: Request,
    who: Sees,
    kind: str = "",
    state: str = "open",
    answer: str = "",
    page: int = 1,
    told: str = "",
) -> HTMLResponse:
    """Show the findings, newest first, and the last visits."""
    work = _work(request)
    kind, answer = kind if kind in KINDS else "", answer if answer in ANSWERS else ""
    state = state if state in SHOWN else "open"
    page = min(max(page, 1), 10_000)
    found = work.sources.findings(
        states=(state,), kind=kind or None, limit=AT_ONCE + 1, skip=(page - 1) * AT_ONCE
    )
    now, catalogue = work.desk.clock(), work.room.catalogue()
    visits = work.sources.last_visits(answer or None, VISITS)
    return work.desk.page(
        "console/sources.html",
        who=who,
        path=PATH,
        told=TOLD.get(told, ""),
        findings=[_shown(each, catalogue, now) for each in found[:AT_ONCE]],
        counts=work.sources.counts((state,)),
        kinds=KINDS,
        kind=kind,
        states={each: STATES[each] for each in SHOWN},
        state=state,
        page=page,
        more=len(found) > AT_ONCE,
        visits=[_visited(each, now) for each in visits],
        answers=ANSWERS,
        answer=answer,
        answer_counts=work.sources.answers(),
        chores_off=off(work.desk.env) or not_watching(work.desk.env),
    )


@router.post("/{id}/take")
async def take(request: Request, id: int, who: Edits) -> Response:
    """Make a draft of what a finding proposes, and show the record."""
    await form(request, who)
    work = _work(request)
    found = await run_in_threadpool(work.take, id, who.member.email, work.desk.clock())
    return RedirectResponse(SORTS[found.record_type].address(quote(found.record_id)), 303)


@router.post("/{id}/silence")
async def silence(request: Request, id: int, who: Edits) -> Response:
    """Silence a false alarm."""
    sent = await form(request, who)
    work = _work(request)
    how, until = text(sent, "how", 10), text(sent, "until", 20)
    await run_in_threadpool(work.silence, id, who.member.email, how, until, work.desk.clock())
    return _back("silenced")


@router.post("/{id}/seen")
async def seen(request: Request, id: int, who: Edits) -> Response:
    """Mark a finding as seen."""
    await form(request, who)
    await run_in_threadpool(_work(request).mark_seen, id, who.member.email)
    return _back("seen")


@router.post("/visit")
async def visit(request: Request, who: Edits) -> Response:
    """Visit the pages of one record now; it takes some twenty seconds for each at the most."""
    sent = await form(request, who)
    return _back(await run_in_threadpool(_work(request).visit, text(sent, "record", 200)))


def _work(request: Request) -> SourceDesk:
    room = Workroom.of(request)
    return SourceDesk(room.desk, room, lambda: visitor_of(room.desk))


def _back(told: str) -> RedirectResponse:
    return RedirectResponse(f"{PATH}?told={told}", 303)


def _shown(each: Finding, catalogue: Catalogue, now: datetime) -> Shown:
    records = catalogue.offers if each.record_type == "offer" else catalogue.providers
    record = records.get(each.record_id)
    moved = each.kind == "moved"
    return Shown(
        each.id, record.name if record else each.record_id, SORTS[each.record_type].address(each.record_id),
        each.record_id, KINDS.get(each.kind, each.kind), each.words, "" if moved else each.before,
        each.after, each.quote, web_address(each.after if moved else each.url), each.url,
        moment(each.found, now), STATES[each.state], each.by or "",
        day(each.until) if each.until else "", bool(each.changes),
    )  # fmt: skip


def _visited(each: Check, now: datetime) -> Visited:
    return Visited(
        each.url,
        web_address(each.url),
        moment(each.checked, now),
        each.answer,
        ANSWERS[each.answer],
        each.reason,
    )
