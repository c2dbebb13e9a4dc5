"""Put the console together: an application of its own, mounted by the gateway at /console."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from bot.console.desk import Desk
from bot.console.gate import NotAllowed, SignInFirst, still_known
from bot.console.here import STATIC
from bot.console.next_page import PATH, back_to
from bot.console.pages import ROUTERS
from bot.console.same_site import SameSite
from bot.web.guards.bodies import BodyLimit
from bot.web.problems import Problem
from knowledge_base.faults import BadCatalogue
from knowledge_base.staff import PERMISSIONS
from knowledge_base.store.catalogue_store import StaleRecord
from knowledge_base.store.database import StoreUnavailable
from knowledge_base.store.life import Refused
from knowledge_base.store.record_kinds import NoSuchRecord

__all__ = ["PATH", "back_to", "create_console"]

MOST_BYTES = 25 * 1024 * 1024  # a workbook of a hundred thousand rows


def create_console(desk: Desk) -> FastAPI:
    """Return the console; it is mounted at `PATH` and knows its addresses by that."""
    app = FastAPI(title="Fingerpost console", openapi_url=None, docs_url=None, redoc_url=None)
    app.state.desk = desk
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC))

    async def sign_in_first(request: Request, error: Exception) -> Response:
        asked = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
        wanted = back_to(asked) if request.method == "GET" else PATH
        return RedirectResponse(f"{PATH}/sign-in?next={quote(wanted)}", 303)

    async def told(request: Request, status: int, words: str) -> Response:
        """Say what did not work, with the menu for whoever is signed in: there are other ways to go on."""
        who = await still_known(request)
        return desk.page("console/problem.html", who=who, status=status, words=words)

    async def not_allowed(request: Request, error: Exception) -> Response:
        assert isinstance(error, NotAllowed)
        needed = PERMISSIONS[error.permission]
        return await told(request, 403, f"Your role does not let you {needed}. Ask an administrator.")

    async def problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        page = await told(request, error.status, error.message)
        page.headers.update(error.headers)
        return page

    async def other_site(request: Request) -> Response:
        # Nobody is looked up for another site, and it gets no menu with a token in it.
        words = "Another site sent this. Do it in the console."
        refused = Problem("other_site", words)
        page = desk.page("console/problem.html", status=refused.status, words=refused.message)
        page.headers.update(refused.headers)
        return page

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        words = {404: "There is nothing at this address.", 405: "This address is not used that way."}
        return await told(request, error.status_code, words.get(error.status_code, str(error.detail)))

    async def invalid(request: Request, error: Exception) -> Response:
        return await told(request, 400, "Something in that address cannot be read.")

    async def stale(request: Request, error: Exception) -> Response:
        return await told(request, 409, f"{error}. Nothing of yours was written over theirs.")

    async def bad(request: Request, error: Exception) -> Response:
        return await told(request, 422, str(error))

    async def refused(request: Request, error: Exception) -> Response:
        return await told(request, 409, f"{error}.")

    async def missing(request: Request, error: Exception) -> Response:
        return await told(request, 404, f"{error}.")

    async def unavailable(request: Request, error: Exception) -> Response:
        return desk.page(
            "console/problem.html", status=503, words=f"{error}. Nothing was saved; go back and try again."
        )

    async def unexpected(request: Request, error: Exception) -> Response:
        # Its words may quote what somebody typed: the gateway logs the kind of error and where it was raised.
        # Whatever broke may be what a session is looked up by, so only who was known before gets the menu.
        words = "Something went wrong on our side. Go back and try again; if it happens again, tell the hub."
        who = getattr(request.state, "who", None)
        return desk.page("console/problem.html", who=who, status=500, words=words)

    app.add_exception_handler(SignInFirst, sign_in_first)
    app.add_exception_handler(NotAllowed, not_allowed)
    app.add_exception_handler(Problem, problem)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(StaleRecord, stale)
    app.add_exception_handler(BadCatalogue, bad)
    app.add_exception_handler(Refused, refused)
    app.add_exception_handler(NoSuchRecord, missing)
    app.add_exception_handler(StoreUnavailable, unavailable)
    app.add_exception_handler(Exception, unexpected)
    app.add_middleware(BodyLimit, most=MOST_BYTES)
    app.add_middleware(SameSite, own=desk.env.get("FINGERPOST_PUBLIC_URL"), refuse=other_site)
    return app
