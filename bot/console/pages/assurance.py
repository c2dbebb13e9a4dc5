"""What is due to be checked, and vouching for one record or several."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from bot.console.desk import Desk, SignedIn
from bot.console.gate import allowed, form, text
from bot.web.formats import day, web_address
from knowledge_base.assurance import DUE, FINDING, MOST_DAYS, NEVER, OFTEN, OVERDUE, BadAssurance, Due, vouch
from knowledge_base.store.assurances import MOST_AT_ONCE, Assurances, ids_of, reason

router = APIRouter(prefix="")

PATH = "/console/due"
HEADINGS = {
    OVERDUE: ("Overdue", "The day somebody vouched until has passed; roadmaps say so."),
    DUE: ("Due soon", "Look again before the day has passed."),
    FINDING: ("Something was found", "A visit to the source found something that nobody has dealt with."),
    NEVER: ("Never checked", "Businesses are told that the hub has not checked these yet."),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One record of the list, in words; ``key`` is what the form sends of it."""

    key: str
    offer: str
    name: str
    words: str
    by: str
    source: str | None
    findings: int
    grave: bool


@router.get("/due")
async def due(
    who: Annotated[SignedIn, Depends(allowed("see"))], request: Request, show: str = "", done: int = 0
) -> Response:
    """Show what is due, the most pressing first; ``show=all`` adds every record that was never checked."""
    told = ""
    if 0 < done <= MOST_AT_ONCE:
        told = "You vouched for one record." if done == 1 else f"You vouched for {done} records."
    return await _page(request, who, show, told=told)


@router.post("/due")
async def assure(who: Annotated[SignedIn, Depends(allowed("assure"))], request: Request) -> Response:
    """Vouch for the records chosen, or for the one whose own button was pressed."""
    desk: Desk = request.app.state.desk
    sent = await form(request, who)
    show, one, now = text(sent, "show", 10), text(sent, "one", 300), desk.clock()
    chosen = [one] if one else [each for each in sent.getlist("chosen") if isinstance(each, str)]
    try:
        assured = vouch(who.member.name, now.date(), _day(text(sent, "until", 20)))
        why = reason(assured, text(sent, "why", 500))
        names = await run_in_threadpool(
            lambda: _assurances(desk).assure(ids_of(chosen), assured, by=who.member.email, why=why, now=now)
        )
    except (BadAssurance, LookupError) as bad:
        return await _page(
            request, who, show, wrong=_sentence(str(bad)), status=422, chosen=frozenset(chosen)
        )
    return RedirectResponse(f"{PATH}?show={'all' if show == 'all' else ''}&done={len(names)}", 303)


async def _page(
    request: Request,
    who: SignedIn,
    show: str,
    status: int = 200,
    chosen: frozenset[str] = frozenset(),
    **given: Any,
) -> Response:
    desk: Desk = request.app.state.desk
    today, hub = desk.clock().date(), desk.advice.hub
    everything = show == "all"
    found = await run_in_threadpool(lambda: _assurances(desk).due(today, often=0 if everything else OFTEN))
    shown = found[:MOST_AT_ONCE]
    groups = [
        (kind, *HEADINGS[kind], [_row(each) for each in shown if each.standing == kind]) for kind in HEADINGS
    ]
    return desk.page(
        "console/due.html",
        who=who,
        status=status,
        path=PATH,
        groups=[group for group in groups if group[3]],
        chosen=chosen,
        more=len(found) - len(shown),
        everything=everything,
        until=_later(today, hub.assurance_days).isoformat(),
        first=_later(today, 1).isoformat(),
        last=_later(today, MOST_DAYS).isoformat(),
        days=hub.assurance_days,
        grace=hub.grace_days,
        **given,
    )


def _row(due: Due) -> Row:
    by = (
        f"{due.assured.by}, {day(due.assured.on)}, until {day(due.assured.until)}"
        if due.assured
        else "nobody"
    )
    return Row(
        key=f"{due.offer}@{due.version}",
        offer=due.offer,
        name=due.name,
        words=_sentence(due.words),
        by=by,
        source=web_address(due.source),
        findings=due.findings,
        grave=due.lapsed or due.standing == OVERDUE,
    )


def _assurances(desk: Desk) -> Assurances:
    return Assurances(desk.advice.records, desk.advice.hub.grace_days)


def _day(told: str) -> date:
    try:
        return date.fromisoformat(told)
    except ValueError:
        raise BadAssurance("name the day you vouch until, such as 2027-03-31") from None


def _later(today: date, days: int) -> date:
    try:
        return today + timedelta(days=days)
    except OverflowError:
        return date.max


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
