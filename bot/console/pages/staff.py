"""The people of the console: add them, change what they may do, shut them out, set their passwords."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from bot.console import cookies
from bot.console.deeds import deed_words
from bot.console.desk import Desk, SignedIn
from bot.console.gate import allowed, form, text
from bot.web.problems import Problem
from knowledge_base.passwords import SHORTEST
from knowledge_base.staff import PERMISSIONS, ROLES, BadStaff, Member
from knowledge_base.store.audit import Audit

router = APIRouter(prefix="/staff")
Administrator = Annotated[SignedIn, Depends(allowed("administer"))]

TOLD = {
    "added": "Added. Tell them their password yourself, and to change it under their name at the top.",
    "added-plain": "Added. They sign in with your organisation's account.",
    "role": "The role is changed, and counts from their next click.",
    "name": "The name is changed.",
    "password": "The new password counts, and they are signed out everywhere. Tell it to them yourself.",
    "out": "They are shut out, and signed out everywhere. What they did stays in the histories.",
    "in": "They may sign in again.",
}
LATEST = 20


@router.get("")
async def everybody(who: Administrator, request: Request, done: str = "") -> Response:
    """Show everybody, and the form to add somebody."""
    return await _list(request, who, told=TOLD.get(done, ""))


@router.post("")
async def add(who: Administrator, request: Request) -> Response:
    """Add a person; what is wrong is said above the form, which keeps everything but the password."""
    desk: Desk = request.app.state.desk
    sent = await form(request, who)
    told = {name: text(sent, name, 1_000) for name in ("email", "name", "role")}
    # Where the hub has a sign-in of its own, a person may do without a password.
    password = _password(sent) or (None if desk.oidc else "")
    try:
        await run_in_threadpool(
            desk.staff.add,
            told["email"], told["name"], told["role"], password, desk.clock(), who.member.email,
        )  # fmt: skip
    except BadStaff as bad:
        return await _list(request, who, wrong=str(bad), status=422, given=told)
    return RedirectResponse(f"/console/staff?done={'added' if password else 'added-plain'}", 303)


@router.get("/{id}")
async def one(id: str, who: Administrator, request: Request, done: str = "") -> Response:
    """Show one person, and what can be changed about them."""
    return await _one(request, who, await _person(request, id), told=TOLD.get(done, ""))


@router.post("/{id}/role")
async def role(id: str, who: Administrator, request: Request) -> Response:
    """Change a person's name and role."""
    sent = await form(request, who)
    named, becomes = text(sent, "name", 1_000), text(sent, "role", 100)
    return await _change(request, who, id, "role", name=named, role=becomes)


@router.post("/{id}/password")
async def password(id: str, who: Administrator, request: Request) -> Response:
    """Set a person's password."""
    sent = await form(request, who)
    return await _change(request, who, id, "password", password=_password(sent))


@router.post("/{id}/active")
async def active(id: str, who: Administrator, request: Request) -> Response:
    """Shut a person out, or let them in again."""
    sent = await form(request, who)
    stays = text(sent, "active") == "yes"
    return await _change(request, who, id, "in" if stays else "out", active=stays)


async def _change(request: Request, who: SignedIn, id: str, done: str, **what: Any) -> Response:
    desk: Desk = request.app.state.desk
    person = await _person(request, id)
    now, by = desk.clock(), who.member.email
    try:
        await run_in_threadpool(lambda: desk.staff.change(id, now=now, by=by, **what))
        mine = None
        if id == who.member.id and done == "password":
            # It ended one's own session too: this browser goes on, and every other one is signed out.
            mine, _ = await run_in_threadpool(desk.staff.begin, id, now)
    except BadStaff as bad:
        return await _one(request, who, person, wrong=str(bad), status=422)
    response = RedirectResponse(f"/console/staff/{id}?done={done}", 303)
    if mine:
        cookies.signed_in(response, desk, mine)
    return response


async def _person(request: Request, id: str) -> Member:
    desk: Desk = request.app.state.desk
    person = await run_in_threadpool(desk.staff.get, id[:20])
    if person is None:
        raise Problem("not_found", "There is nobody at this address. Look at the list of people.")
    return person


async def _list(request: Request, who: SignedIn, status: int = 200, **given: Any) -> Response:
    desk: Desk = request.app.state.desk
    return desk.page(
        "console/staff.html",
        who=who,
        status=status,
        path="/console/staff",
        people=await run_in_threadpool(desk.staff.all),
        **_shared(desk) | {"given": {"email": "", "name": "", "role": "editor"}} | given,
    )


async def _one(request: Request, who: SignedIn, person: Member, status: int = 200, **given: Any) -> Response:
    desk: Desk = request.app.state.desk
    deeds = await run_in_threadpool(Audit(desk.advice.database).list, LATEST, person.email)
    return desk.page(
        "console/staff_one.html",
        who=who,
        status=status,
        path="/console/staff",
        person=person,
        deeds=deeds,
        deed_words=deed_words,
        **_shared(desk) | given,
    )


def _shared(desk: Desk) -> dict[str, Any]:
    return {
        "roles": {role: _may(role) for role in ROLES},
        "shortest": SHORTEST,
        "own_sign_in": desk.oidc is not None,
    }


def _may(role: str) -> str:
    """Say in words what a role may do."""
    somebody = Member("", "", "", role)
    return "; ".join(words for permission, words in PERMISSIONS.items() if somebody.may(permission))


def _password(sent: FormData) -> str:
    # Not through `text`: a password may begin or end with a space.
    given = sent.get("password")
    return given[:2_000] if isinstance(given, str) else ""
