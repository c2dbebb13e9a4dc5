"""Which sites' pages may talk to us. There are no cookies: an origin is all a browser tells."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.problems import Problem, as_json
from bot.web.settings import origin_of

_PREFLIGHT = {
    "access-control-allow-methods": "GET, POST",
    "access-control-allow-headers": "content-type",
    "access-control-max-age": "600",
}


class Origins:
    """Answers preflights, refuses other sites' POSTs under ``guarded`` paths, and marks what may be read."""

    def __init__(self, app: ASGIApp, allowed: Iterable[str], own: str | None, guarded: str = "/api/") -> None:
        self.app = app
        self.allowed = {origin for told in allowed if (origin := origin_of(told))}
        self.own = origin_of(own) if own else None
        self.guarded = guarded

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(self.guarded):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        told = headers.get("origin")
        if told is None:
            await self.app(scope, receive, send)
            return
        origin = origin_of(told)
        ours, listed = self._ours(origin, headers.get("host", "")), origin in self.allowed
        if listed:
            send = _marked(send, told)
        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            if ours or listed:
                await Response(status_code=204, headers=_PREFLIGHT)(scope, receive, send)
                return
            await as_json(Problem("other_site"))(scope, receive, send)
            return
        if scope["method"] not in {"GET", "HEAD"} and not (ours or listed):
            await as_json(Problem("other_site"))(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _ours(self, origin: str | None, host: str) -> bool:
        if origin is None:
            return False
        if self.own:
            return origin == self.own
        return origin in {origin_of(f"{scheme}://{host}") for scheme in ("http", "https")}


def _marked(send: Send, origin: str) -> Send:
    async def marked(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["access-control-allow-origin"] = origin
            headers["access-control-expose-headers"] = "retry-after"
            headers.add_vary_header("origin")
        await send(message)

    return marked
