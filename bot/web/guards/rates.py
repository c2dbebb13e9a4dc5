"""How often one address may ask us to do work."""

from __future__ import annotations

from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from bot.web.limits import Buckets, network_of
from bot.web.problems import Problem, as_json


class AddressRate:
    """Takes a token for every POST under ``guarded``, before its body is read."""

    def __init__(
        self, app: ASGIApp, buckets: Buckets, clock: Callable[[], float], guarded: str = "/api/"
    ) -> None:
        self.app = app
        self.buckets = buckets
        self.clock = clock
        self.guarded = guarded

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "POST" and scope["path"].startswith(self.guarded):
            client = scope.get("client")
            wait = self.buckets.take(network_of(client[0] if client else None), self.clock())
            if wait:
                await as_json(Problem("too_many", retry_after=wait))(scope, receive, send)
                return
        await self.app(scope, receive, send)
