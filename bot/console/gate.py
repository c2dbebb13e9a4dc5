"""Nobody passes without a session, the permission a page names, and a form that was made for them.

Every route of the console names its permission with `allowed(…)`: a test walks over all of them. Pages
that change something take their form by `form(…)`, which compares the token in it with the session's.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request

from bot.console.desk import Desk, SignedIn
from bot.web.problems import Problem
from knowledge_base.store.database import StoreUnavailable

COOKIE = "fingerpost_console"
MOST_FIELDS = 2_000


class SignInFirst(Exception):
    """Nobody is signed in; they are shown the sign-in page, and come back to where they wanted to be."""


class NotAllowed(Exception):
    """Somebody is signed in, and this is not theirs to do; ``permission`` is what it takes."""

    def __init__(self, permission: str) -> None:
        self.permission = permission
        super().__init__(permission)


async def whoever(request: Request) -> SignedIn | None:
    """Return who is signed in, or None where nobody is."""
    desk: Desk = request.app.state.desk
    token = request.cookies.get(COOKIE, "")
    found = await run_in_threadpool(desk.staff.session, token, desk.clock()) if token else None
    return SignedIn(found[0], found[1], token) if found else None


async def still_known(request: Request) -> SignedIn | None:
    """Return who is signed in for a page that tells of a failure; None where that cannot be known now."""
    if hasattr(request.state, "who"):
        found: SignedIn | None = request.state.who
        return found
    try:
        return await whoever(request)
    except StoreUnavailable:
        return None


def allowed(permission: str) -> Callable[[Request], Awaitable[SignedIn]]:
    """Return the dependency that lets in who has a permission; raise SignInFirst or NotAllowed."""

    async def check(request: Request) -> SignedIn:
        who = request.state.who = await whoever(request)
        if who is None:
            raise SignInFirst
        if not who.member.may(permission):
            raise NotAllowed(permission)
        return who

    check.permission = permission  # type: ignore[attr-defined]
    return check


async def form(request: Request, who: SignedIn, most_files: int = 0) -> FormData:
    """Return the form that was sent; raise Problem unless it carries this session's token."""
    sent = await read(request, most_files)
    if not hmac.compare_digest(text(sent, "csrf").encode(), who.csrf.encode()):
        raise Problem(
            "other_site", "This form is from an older visit. Go back, reload the page, and send it again."
        )
    return sent


async def read(request: Request, most_files: int = 0) -> FormData:
    """Return the form that was sent, whoever sent it; raise Problem where it cannot be read."""
    try:
        return await request.form(max_files=most_files, max_fields=MOST_FIELDS)
    except Exception as error:  # whatever a hostile body makes of the parser
        raise Problem("bad_request", "That form cannot be read. Go back, and send it again.") from error


def text(sent: FormData, name: str, most: int = 20_000) -> str:
    """Return one field of a form as text, without spaces around it; empty where it is not there."""
    found: Any = sent.get(name)
    return found.strip()[:most] if isinstance(found, str) else ""
