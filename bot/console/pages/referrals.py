"""Referrals: who asked for a person, who has them and since when; and all that can be done without Slack."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from bot.console.desk import SignedIn
from bot.console.forms.routes import Sees
from bot.console.forms.workroom import Workroom
from bot.console.gate import allowed, form, text
from bot.console.pages.brokers import ID
from bot.console.referral_views import FILTERS, PAGE, People, deed, fits, in_order, late, row
from bot.web.problems import Problem
from bot.web.wiring import forget_deleted
from knowledge_base import labels
from knowledge_base.brokers.handing_on import client_for, say_closed, say_taken
from knowledge_base.brokers.records import IN_CONTACT, NEW, OUTCOMES, Referral
from knowledge_base.brokers.words import STATE_WORDS, long
from knowledge_base.store.audit import Audit
from knowledge_base.store.chats import Chats
from knowledge_base.store.referrals import NoSuchReferral, WrongState
from knowledge_base.store.relay import Relay

logger = logging.getLogger(__name__)

router = APIRouter(prefix="/referrals")
Refers = Annotated[SignedIn, Depends(allowed("refer"))]

PATH = "/console/referrals"
CODE = re.compile(r"[A-Z0-9]{1,20}")
GONE = (
    "There is no request with this code. It may have been deleted, because its time was over or the business "
    "asked for that."
)
MEANWHILE = (
    "Somebody did something about this meanwhile, and yours was not done. Look at the trail, and do it again "
    "if it still fits."
)
TOLD = {
    "assigned": "It is handed over.",
    "contacted": "Kept: somebody is in contact with the business.",
    "closed": "It is closed.",
    "deleted": "The request is deleted, with all it told. What was put into Slack about it is taken down.",
}
# Why one is deleted, as it is noted: what staff would write themselves could name the business.
WHYS = {
    "asked": ("The business asked for it", "the business asked for it"),
    "not_real": ("Nobody real asked: a test or a hoax", "a test or a hoax"),
}
MOST_LINES = 500


@router.get("")
def referrals(
    request: Request,
    who: Sees,
    state: str = "open",
    team: str = "",
    code: str = "",
    page: str = "1",
    done: str = "",
) -> Response:
    """Show the referrals, overdue first; a whole code leads to its own page."""
    room = Workroom.of(request)
    advice, now = room.desk.advice, room.now
    asked = plain_code(code)
    if asked and CODE.fullmatch(asked) and advice.referrals.get(asked):
        return RedirectResponse(f"{PATH}/{asked}", 303)
    chosen = state if state in FILTERS else "open"
    everybody = advice.referrals.list()
    people = People(advice.teams.all(), advice.brokers.all())
    within = [each for each in everybody if not team or each.team == team]
    found = in_order([each for each in within if fits(each, chosen, now)], now)
    last = max(1, -(-len(found) // PAGE))
    at = min(last, max(1, int(page))) if page.isdecimal() and len(page) < 6 else 1
    refers = who.member.may("refer")
    areas = room.names().areas.by_id

    def link(**more: Any) -> str:
        told = {"state": chosen, "team": team} | more
        query = urlencode(
            {n: v for n, v in told.items() if v and (n, v) not in {("state", "open"), ("page", 1)}}
        )
        return f"{PATH}?{query}" if query else PATH

    return room.desk.page(
        "console/referrals.html",
        who=who,
        path=PATH,
        told=TOLD["deleted"] if done == "deleted" else "",
        wrong=f"{GONE} Codes have eight letters and digits." if code.strip() else "",
        status=404 if code.strip() else 200,
        asked=code.strip()[:20],
        rows=[row(each, people, areas, now, refers) for each in found[(at - 1) * PAGE : at * PAGE]],
        total=len(found),
        any_at_all=bool(everybody),
        chips=[
            (key, words, sum(1 for each in within if fits(each, key, now)), link(state=key))
            for key, words in FILTERS.items()
        ],
        chosen=chosen,
        team=people.teams.get(team),
        without_team=link(team=""),
        page=at,
        pages=last,
        before=link(page=at - 1),
        after=link(page=at + 1),
        refers=refers,
        nobody=nobody_is_told(room),
    )


@router.get("/{code}")
def one(code: str, request: Request, who: Sees, done: str = "", lines: str = "") -> Response:
    """Show one referral; the lines between the business and its broker only when asked for; that is noted."""
    room = Workroom.of(request)
    return _one(room, who, _found(room, code), bool(lines), told=TOLD.get(done, ""))


@router.post("/{code}/assign")
async def assign(code: str, request: Request, who: Refers) -> Response:
    """Hand a referral to a team, to a person, or to the hub's lead."""
    sent = await form(request, who)
    kind, _, id = text(sent, "to", 100).partition(":")

    def do(room: Workroom, before: Referral) -> Referral:
        kept, by, now = room.desk.advice.referrals, who.member.email, room.now
        if kind == "lead":
            return kept.to_lead(before.code, "by hand", now, by=by)
        if kind == "team" and before.state == NEW and before.team is None:
            return kept.assign(before.code, id, "by hand", now, by=by)
        to = {"to_team": id} if kind == "team" else {"to_broker": id}
        referral = kept.pass_on(before.code, **to, by=by, now=now, as_lead=True)
        # As when it is taken in Slack, which need not be there.
        client_for(room.desk.advice, referral, now)
        say_taken(room.desk.advice, referral, now)
        return referral

    def there(before: Referral) -> bool:
        if kind == "lead":
            return before.team is None and before.broker is None
        return before.broker == id if kind == "broker" else (before.team == id and before.broker is None)

    if kind not in ("lead", "team", "broker") or (kind != "lead" and not ID.fullmatch(id)):
        return await _refused(request, who, code, "Choose whom it is to go to.")
    return await _do(request, who, code, sent, "assigned", do, there)


@router.post("/{code}/contacted")
async def contacted(code: str, request: Request, who: Refers) -> Response:
    """Keep that somebody is in contact with the business."""
    sent = await form(request, who)

    def do(room: Workroom, before: Referral) -> Referral:
        return room.desk.advice.referrals.contacted(before.code, who.member.email, room.now, as_lead=True)

    return await _do(request, who, code, sent, "contacted", do, lambda before: before.state == IN_CONTACT)


@router.post("/{code}/close")
async def close(code: str, request: Request, who: Refers) -> Response:
    """Close a referral with what became of it, as the hub's lead."""
    sent = await form(request, who)
    outcome = text(sent, "outcome", 40)
    if outcome not in OUTCOMES:
        return await _refused(request, who, code, "Choose what became of it.")

    def do(room: Workroom, before: Referral) -> Referral:
        advice, by, now = room.desk.advice, who.member.email, room.now
        referral = advice.referrals.close(before.code, outcome, by, now, as_lead=True)
        say_closed(advice, referral, now)
        return referral

    return await _do(request, who, code, sent, "closed", do, lambda before: before.state == outcome)


@router.post("/{code}/delete")
async def delete(code: str, request: Request, who: Refers) -> Response:
    """Delete a referral with its conversation and all that was made of it; a note is left."""
    sent = await form(request, who)
    why = text(sent, "why", 40)
    if why not in WHYS:
        return await _refused(request, who, code, "Say why it is to be deleted.")
    room = Workroom.of(request)

    def now() -> Response:
        before, advice = _found(room, code), room.desk.advice
        try:
            Chats(advice.database).forget_request(before.code, who.member.email, room.now, WHYS[why][1])
        except NoSuchReferral:
            raise Problem("not_found", GONE) from None
        try:
            forget_deleted(advice, room.desk.env)
        except Exception as error:  # it is deleted here, and the hourly purge forgets what is left of it
            logger.error("a deleted conversation is left to the hourly purge: %s", type(error).__name__)
        return RedirectResponse(f"{PATH}?done=deleted", 303)

    return await run_in_threadpool(now)


def plain_code(told: str) -> str:
    """Return a code as it is kept, from what somebody wrote down or typed: without spaces and dashes."""
    return re.sub(r"[\s\-–.]+", "", told[:60]).upper()


def nobody_is_told(room: Workroom) -> bool:
    """Say whether who asks for a person reaches nobody: no team is active, the hub names no contact."""
    contact = room.desk.advice.hub.contact
    reached = contact is not None and any((contact.phone, contact.email, contact.url))
    return not reached and not room.desk.advice.teams.all(active=True)


async def _do(
    request: Request,
    who: SignedIn,
    code: str,
    sent: FormData,
    done: str,
    do: Callable[[Workroom, Referral], Referral],
    there: Callable[[Referral], bool],
) -> Response:
    """Do something about a referral that is as it was looked at; the same a second time changes nothing."""
    room = Workroom.of(request)

    def now() -> Response:
        before = _found(room, code)
        if there(before):
            return RedirectResponse(f"{PATH}/{before.code}?done={done}", 303)
        if text(sent, "version", 20) not in ("", str(before.version)):
            return _one(room, who, before, status=409, wrong=MEANWHILE)
        try:
            after = do(room, before)
        except WrongState as wrong:
            return _one(room, who, _found(room, code), status=409, wrong=str(wrong))
        except NoSuchReferral:
            raise Problem("not_found", GONE) from None
        if after.version != before.version:
            Audit(room.desk.advice.database).note(
                who.member.email, f"referral_{done}", after.code, room.now,
                state=after.state, team=after.team, broker=after.broker,
            )  # fmt: skip
        return RedirectResponse(f"{PATH}/{after.code}?done={done}", 303)

    return await run_in_threadpool(now)


async def _refused(request: Request, who: SignedIn, code: str, words: str) -> Response:
    room = Workroom.of(request)
    return await run_in_threadpool(lambda: _one(room, who, _found(room, code), status=422, wrong=words))


def _found(room: Workroom, code: str) -> Referral:
    asked = plain_code(code)
    found = room.desk.advice.referrals.get(asked) if CODE.fullmatch(asked) else None
    if found is None:
        raise Problem("not_found", GONE)
    return found


def _one(
    room: Workroom, who: SignedIn, referral: Referral, lines: bool = False, status: int = 200, **told: str
) -> Response:
    advice, now = room.desk.advice, room.now
    refers = who.member.may("refer")
    people = People(advice.teams.all(), advice.brokers.all())
    said = None
    if lines and refers:
        said = Relay(advice.database).since(referral.code, 0, MOST_LINES)
        Audit(advice.database).note(who.member.email, "referral_lines_read", referral.code, now)
    areas = room.names().areas.by_id
    return room.desk.page(
        "console/referral.html",
        who=who,
        status=status,
        path=PATH,
        referral=referral,
        row=row(referral, people, areas, now, refers),
        sector=labels.code_told("sector", referral.sector) if referral.sector else "",
        trail=[deed(each, people, refers) for each in advice.referrals.trail(referral.code)],
        roadmap=advice.url_of(referral.roadmap_id) if referral.roadmap_id and refers else "",
        refers=refers,
        late_for=long(now - referral.due_at) if referral.due_at and late(referral, now) else "",
        lines=[(each.side, people.by(each.who or each.side), each.text, each.at) for each in said or ()],
        shown_lines=said is not None,
        outcomes=[(code, STATE_WORDS[code]) for code in OUTCOMES],
        choices=[
            (team, [each for each in people.brokers.values() if each.team == team.id and each.active])
            for team in people.teams.values()
            if team.active
        ],
        whys=[(key, words) for key, (words, _) in WHYS.items()],
        kept_days=advice.hub.retention_days["referrals"],
        **told,
    )
