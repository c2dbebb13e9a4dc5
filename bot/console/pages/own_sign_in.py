"""Sign in with the organisation's account: off to it, and back."""

from __future__ import annotations

from urllib.parse import quote, unquote

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from bot.console import cookies
from bot.console.desk import Desk
from bot.console.next_page import back_to
from bot.console.oidc import Begun, NotSignedIn
from bot.web.limits import network_of
from bot.web.problems import Problem
from knowledge_base.staff import WrongSignIn

router = APIRouter(prefix="/oidc")
FLOW = "fingerpost_console_flow"


@router.get("/start")
async def start(request: Request, next: str = "") -> Response:
    """Send somebody to the organisation's sign-in page."""
    desk: Desk = request.app.state.desk
    if desk.oidc is None:
        raise Problem("not_found", "This hub has no sign-in of its own. Use your e-mail and password.")
    try:
        url, begun = await run_in_threadpool(desk.oidc.begin, _back(desk))
    except NotSignedIn as not_signed_in:
        return desk.page("console/not_signed_in.html", status=502, words=str(not_signed_in))
    response = RedirectResponse(url, 303)
    cookies.keep(response, desk, FLOW, f"{begun}.{quote(back_to(next), safe='')}")
    return response


@router.get("/callback")
async def callback(request: Request) -> Response:
    """Begin a session for whom the organisation knows, where they are on the staff list."""
    desk: Desk = request.app.state.desk
    if desk.oidc is None:
        raise Problem("not_found", "This hub has no sign-in of its own. Use your e-mail and password.")
    now = desk.clock()
    email: str | None = None
    *parts, next = [*request.cookies.get(FLOW, "").split(".", 3), ""][:4]
    try:
        answer = dict(request.query_params)
        known = await run_in_threadpool(
            desk.oidc.finish, Begun.read(".".join(parts)), answer, _back(desk), now
        )
        email = known.email
        member = await run_in_threadpool(
            desk.staff.known_elsewhere, desk.oidc.issuer, known.subject, known.email, now
        )
        if member is None:
            raise NotSignedIn(_stranger(known.email))
        token, _ = await run_in_threadpool(desk.staff.begin, member.id, now)
    except (NotSignedIn, WrongSignIn) as refused:
        address = network_of(request.client.host if request.client else None)
        await run_in_threadpool(desk.staff.failed, email, address, now, "the organisation’s account")
        words = str(refused) if isinstance(refused, NotSignedIn) else _stranger(None)
        response: Response = desk.page("console/not_signed_in.html", status=403, words=words)
    else:
        response = RedirectResponse(back_to(unquote(next)), 303)
        cookies.signed_in(response, desk, token)
    # An answer counts once.
    cookies.drop(response, desk, FLOW)
    return response


def _back(desk: Desk) -> str:
    return f"{desk.address}/console/oidc/callback"


def _stranger(email: str | None) -> str:
    if email:
        return (
            f"Your organisation knows you as {email}, which is not on the staff list. Ask an administrator."
        )
    return "Your organisation's account is not on the staff list. Ask an administrator to add your e-mail."
