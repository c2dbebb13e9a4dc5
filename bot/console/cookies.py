"""The console's two cookies: who is signed in, and which browser was shown the sign-in form."""

from __future__ import annotations

import hmac
import re
import secrets

from starlette.requests import Request
from starlette.responses import Response

from bot.console.desk import Desk
from bot.console.gate import COOKIE

PATH = "/console"
FORM = "fingerpost_console_form"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def keep(response: Response, desk: Desk, name: str, value: str) -> None:
    """Have a browser keep a value until it is closed, out of the reach of scripts and of other sites."""
    https = desk.address.startswith("https:")
    # Lax and not Strict: who follows a link to a record from a mail is signed in there, too.
    response.set_cookie(name, value, path=PATH, httponly=True, samesite="lax", secure=https)


def drop(response: Response, desk: Desk, name: str) -> None:
    """Have a browser forget a value."""
    https = desk.address.startswith("https:")
    response.delete_cookie(name, path=PATH, httponly=True, samesite="lax", secure=https)


def signed_in(response: Response, desk: Desk, token: str) -> None:
    """Have a browser keep a new session."""
    keep(response, desk, COOKIE, token)
    drop(response, desk, FORM)


def form_token(request: Request) -> str:
    """Return the sign-in form's token: this browser's, so that two open forms work, or a new one."""
    there = request.cookies.get(FORM, "")
    return there if _TOKEN.fullmatch(there) else secrets.token_urlsafe(32)


def form_is_ours(request: Request, told: str) -> bool:
    """Say whether a sign-in form was shown to the browser it comes from."""
    there = request.cookies.get(FORM, "")
    return bool(_TOKEN.fullmatch(there)) and hmac.compare_digest(there.encode(), told.encode())
