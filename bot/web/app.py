"""Put the web door together: one application, made when asked for."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp

from bot.web import chat, checkups, explanations, pages, roadmaps, visits
from bot.web.conversation import Conversation
from bot.web.doors import hang
from bot.web.examples import Examples
from bot.web.feeds import Feeds
from bot.web.guards.bodies import BodyLimit
from bot.web.guards.faults import Faults
from bot.web.guards.headers import SecurityHeaders
from bot.web.guards.origins import Origins
from bot.web.guards.rates import AddressRate
from bot.web.health import Health, missing
from bot.web.keeping import purging
from bot.web.limits import Buckets
from bot.web.problems import Problem, as_json, bad_json
from bot.web.rasa import Rasa
from bot.web.services import Services
from bot.web.settings import Settings
from bot.web.waking import announced

STATIC = Path(__file__).parent / "static"


def create_app(
    settings: Settings,
    services: Services,
    doors: Mapping[str, ASGIApp] | None = None,
    beside: Sequence[Callable[[], AbstractAsyncContextManager[None]]] = (),
) -> FastAPI:
    """Return the gateway.

    ``doors`` are further applications by path, such as ``/slack``: they share the address and the
    security headers, and limit what they take themselves. ``beside`` goes on while the gateway runs.
    """
    doors = dict(doors or {})
    rasa = Rasa(settings.rasa_url, settings.rasa_seconds, services.transport)
    health = Health(services, rasa, settings.actions_url)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with announced(settings, health), purging(services), AsyncExitStack() as stack:
            for each in beside:
                await stack.enter_async_context(each())
            yield
        await rasa.close()

    app = FastAPI(
        title="Fingerpost",
        description="Roadmaps of business support that exists, each line from a record with its source.",
        version="0.1.0",
        lifespan=lifespan,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        strict_content_type=False,
    )
    app.include_router(chat.router(Conversation(settings, services, rasa)))
    app.include_router(roadmaps.router(settings, services))
    app.include_router(explanations.router(services))
    if services.checkups:
        app.include_router(checkups.router(settings, services, services.checkups))
    page = pages.Pages(settings, services)
    app.include_router(page.router())
    if services.records:
        app.include_router(Examples(services, services.records).router())
        app.include_router(Feeds(services, services.records).router())
        app.include_router(visits.router(services, services.records))

    @app.get("/healthz", tags=["health"])
    async def healthz() -> JSONResponse:
        """Answer 200 only when a message could be answered and kept; else name what is down."""
        parts = await health.look()
        words = {part: "ok" if answers else "down" for part, answers in parts.items()}
        if all(parts.values()):
            return JSONResponse({"status": "ok", "parts": words})
        return JSONResponse({"error": "not_ready", "message": missing(parts), "parts": words}, 503)

    for path, door in doors.items():
        hang(app, path, door)
    app.mount("/static", StaticFiles(directory=STATIC))

    async def told(request: Request, problem: Problem) -> Response:
        browses = "text/html" in request.headers.get("accept", "")
        if browses and not request.url.path.startswith("/api/"):
            return page.problem(problem)
        return as_json(problem)

    async def on_problem(request: Request, error: Exception) -> Response:
        return await told(request, error if isinstance(error, Problem) else Problem("internal"))

    async def on_http(request: Request, error: Exception) -> Response:
        codes = {404: "not_found", 405: "wrong_method", 413: "too_large"}
        status = error.status_code if isinstance(error, HTTPException) else 500
        return await told(
            request, bad_json(request.url.path) if status == 400 else Problem(codes.get(status, "internal"))
        )

    async def on_invalid(request: Request, error: Exception) -> Response:
        return await told(request, _explained(error, request.url.path))

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(RequestValidationError, on_invalid)

    listed = (*settings.origins, *services.advice.hub.allowed_origins)
    buckets = Buckets(settings.address_rate)
    # The last added is the outermost.
    app.add_middleware(BodyLimit, most=settings.most_bytes, exempt=tuple(doors))
    app.add_middleware(AddressRate, buckets=buckets, clock=time.monotonic)
    app.add_middleware(Origins, allowed=listed, own=settings.public_url)
    app.add_middleware(Faults)
    app.add_middleware(SecurityHeaders, https=settings.address.startswith("https:"))
    return app


def _explained(error: Exception, path: str) -> Problem:
    """Name the first field that cannot be read, without repeating what was in it."""
    if not isinstance(error, RequestValidationError):
        return bad_json(path)
    fault = error.errors()[0]
    where = ".".join(str(part) for part in fault["loc"][1:] if not isinstance(part, int))
    if fault["type"] == "json_invalid" or not where:
        return bad_json(path)
    return Problem("bad_request", f"{where}: {str(fault['msg'])[:1].lower()}{str(fault['msg'])[1:]}.")
