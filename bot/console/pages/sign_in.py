"""Sign in and out, and change one's own password."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from bot.console import cookies
from bot.console.desk import Desk, SignedIn
from bot.console.gate import COOKIE, allowed, form, read, text, whoever
from bot.console.next_page import back_to
from bot.web.limits import network_of
from knowledge_base.passwords import SHORTEST
from knowledge_base.staff import BadStaff, TooManyTries, WrongSignIn

router = APIRouter(prefix="")

TOLD = {
    "out": "You are signed out.",
    "password": "Your password is changed. Every other browser is signed out.",
}


@router.get("/sign-in")
async def ask(request: Request, next: str = "", done: str = "") -> Response:
    """Show the sign-in form; who is signed in already goes on to where they wanted to be."""
    if await whoever(request):
        return RedirectResponse(back_to(next), 303)
    return await _page(request, next, told=TOLD.get(done, "") if done == "out" else "")


@router.post("/sign-in")
async def sign_in(request: Request) -> Response:
    """Begin a session, with a new token whatever the browser had before."""
    desk: Desk = request.app.state.desk
    sent = await read(request)
    next, email = text(sent, "next", 2_000), text(sent, "email", 1_000)
    if not cookies.form_is_ours(request, text(sent, "csrf")):
        wrong = "Your browser did not keep the sign-in form, or it is from an older visit. Try once more."
        return await _page(request, next, email, wrong, 403)
    # Not through `text`: a password may begin or end with a space.
    given = sent.get("password")
    password = given if isinstance(given, str) else ""
    address = network_of(request.client.host if request.client else None)
    try:
        token, _ = await run_in_threadpool(desk.staff.sign_in, email, password, address, desk.clock())
    except WrongSignIn as wrong_sign_in:
        return await _page(request, next, email, str(wrong_sign_in), 403)
    except TooManyTries as too_many:
        response = await _page(request, next, email, str(too_many), 429)
        response.headers["retry-after"] = str(max(1, round(too_many.retry_after)))
        return response
    await _end(request, desk)
    response = RedirectResponse(back_to(next), 303)
    cookies.signed_in(response, desk, token)
    return response


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """End the session; whoever is signed in nowhere is signed out already."""
    desk: Desk = request.app.state.desk
    who = await whoever(request)
    if who:
        await form(request, who)
    await _end(request, desk)
    response = RedirectResponse("/console/sign-in?done=out", 303)
    cookies.drop(response, desk, COOKIE)
    return response


@router.get("/me")
async def me(who: Annotated[SignedIn, Depends(allowed("see"))], request: Request, done: str = "") -> Response:
    """Show who one is here, and the form for a new password."""
    return _me(request, who, told=TOLD["password"] if done == "password" else "")


@router.post("/me/password")
async def own_password(who: Annotated[SignedIn, Depends(allowed("see"))], request: Request) -> Response:
    """Change one's own password, which takes the present one; every other browser is signed out."""
    desk: Desk = request.app.state.desk
    sent = await form(request, who)
    present, new, again = (str(sent.get(name) or "")[:2_000] for name in ("present", "password", "again"))
    email, now = who.member.email, desk.clock()
    address = network_of(request.client.host if request.client else None)
    if new != again:
        return _me(
            request, who, wrong="The new password was not typed twice alike. Type it again.", status=422
        )
    try:
        # Somebody else at an unlocked desk does not get to go through passwords here either.
        await run_in_threadpool(desk.staff.confirm, email, present, address, now)
        await run_in_threadpool(lambda: desk.staff.change(who.member.id, password=new, now=now, by=email))
        token, _ = await run_in_threadpool(desk.staff.begin, who.member.id, now)
    except WrongSignIn:
        return _me(request, who, wrong="That is not your present password. Type it again.", status=403)
    except TooManyTries as too_many:
        return _me(request, who, wrong=str(too_many), status=429)
    except BadStaff as bad:
        return _me(request, who, wrong=str(bad), status=422)
    response = RedirectResponse("/console/me?done=password", 303)
    cookies.signed_in(response, desk, token)
    return response


async def _end(request: Request, desk: Desk) -> None:
    token = request.cookies.get(COOKIE, "")
    if token:
        await run_in_threadpool(desk.staff.sign_out, token)


async def _page(
    request: Request, next: str, email: str = "", wrong: str = "", status: int = 200, told: str = ""
) -> Response:
    desk: Desk = request.app.state.desk
    token = cookies.form_token(request)
    response = desk.page(
        "console/sign_in.html",
        status=status,
        next=back_to(next),
        email=email,
        wrong=wrong,
        told=told,
        csrf=token,
        anybody=await run_in_threadpool(desk.staff.anybody),
        own_sign_in=desk.oidc is not None,
    )
    cookies.keep(response, desk, cookies.FORM, token)
    return response


def _me(request: Request, who: SignedIn, status: int = 200, **given: Any) -> Response:
    desk: Desk = request.app.state.desk
    return desk.page(
        "console/me.html", who=who, status=status, path="/console/me", shortest=SHORTEST, **given
    )
