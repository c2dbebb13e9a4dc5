"""What another site's page may make a browser ask of the console: to go to a page of it, and no more."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.web.settings import origin_of

Refusal = Callable[[Request], Awaitable[Response]]


class SameSite:
    """Refuses what a browser says was begun by another site's page, but for following a link.

    A browser tells by Sec-Fetch-Site, an older one or one on plain HTTP by Origin alone; what tells neither
    is no browser with somebody's cookies in it, and meets the form's token. ``own`` is the public address.
    """

    def __init__(self, app: ASGIApp, own: str | None, refuse: Refusal) -> None:
        self.app = app
        self.own = origin_of(own) if own else None
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._let_in(scope["method"], Headers(scope=scope)):
            await self.app(scope, receive, send)
            return
        response = await self.refuse(Request(scope))
        await response(scope, receive, send)

    def _let_in(self, method: str, headers: Headers) -> bool:
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        reads = method in {"GET", "HEAD"}
        if site is not None:
            follows = headers.get("sec-fetch-mode") == "navigate" and (
                headers.get("sec-fetch-dest", "document") == "document"
            )
            return site in {"same-origin", "none"} or (reads and follows)
        return reads or origin is None or self._ours(origin_of(origin), headers.get("host", ""))

    def _ours(self, origin: str | None, host: str) -> bool:
        if origin is None:
            return False
        if self.own:
            return origin == self.own
        return origin in {origin_of(f"{scheme}://{host}") for scheme in ("http", "https")}
