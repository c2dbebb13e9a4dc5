"""Put the console together: an application of its own, mounted by the gateway at /console."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from bot.console.desk import Desk
from bot.console.gate import NotAllowed, SignInFirst
from bot.console.here import STATIC
from bot.console.pages import ROUTERS
from bot.web.guards.bodies import BodyLimit
from bot.web.problems import Problem
from knowledge_base.faults import BadCatalogue
from knowledge_base.staff import PERMISSIONS
from knowledge_base.store.catalogue_store import StaleRecord
from knowledge_base.store.database import StoreUnavailable
from knowledge_base.store.life import Refused
from knowledge_base.store.record_kinds import NoSuchRecord

MOST_BYTES = 25 * 1024 * 1024  # a workbook of a hundred thousand rows
PATH = "/console"


def create_console(desk: Desk) -> FastAPI:
    """Return the console; it is mounted at `PATH` and knows its addresses by that."""
    app = FastAPI(title="Fingerpost console", openapi_url=None, docs_url=None, redoc_url=None)
    app.state.desk = desk
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC))

    async def sign_in_first(request: Request, error: Exception) -> Response:
        wanted = request.url.path if request.method == "GET" else PATH
        return RedirectResponse(f"{PATH}/sign-in?next={quote(wanted)}", 303)

    async def not_allowed(request: Request, error: Exception) -> Response:
        assert isinstance(error, NotAllowed)
        needed = PERMISSIONS[error.permission]
        return desk.page(
            "console/problem.html",
            status=403,
            words=f"Your role does not let you {needed}. Ask an administrator.",
        )

    async def problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        return desk.page("console/problem.html", status=error.status, words=error.message)

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        words = {404: "There is nothing at this address.", 405: "This address is not used that way."}
        return desk.page(
            "console/problem.html",
            status=error.status_code,
            words=words.get(error.status_code, str(error.detail)),
        )

    async def invalid(request: Request, error: Exception) -> Response:
        return desk.page(
            "console/problem.html", status=400, words="Something in that address cannot be read."
        )

    async def stale(request: Request, error: Exception) -> Response:
        return desk.page(
            "console/problem.html", status=409, words=f"{error}. Nothing of yours was written over theirs."
        )

    async def bad(request: Request, error: Exception) -> Response:
        return desk.page("console/problem.html", status=422, words=str(error))

    async def refused(request: Request, error: Exception) -> Response:
        return desk.page("console/problem.html", status=409, words=f"{error}.")

    async def missing(request: Request, error: Exception) -> Response:
        return desk.page("console/problem.html", status=404, words=f"{error}.")

    async def unavailable(request: Request, error: Exception) -> Response:
        return desk.page(
            "console/problem.html", status=503, words=f"{error}. Nothing was saved; go back and try again."
        )

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
    app.add_middleware(BodyLimit, most=MOST_BYTES)
    return app


def back_to(told: str) -> str:
    """Return where to go after signing in: a page of the console, whatever was asked for."""
    parts = urlsplit(told)
    inside = not parts.scheme and not parts.netloc and (told == PATH or told.startswith(f"{PATH}/"))
    return told if inside and "\\" not in told and not told.startswith("//") else PATH
