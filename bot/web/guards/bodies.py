"""How much a request may carry, and how long it may take to arrive."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.problems import Problem, as_json

SECONDS_TO_ARRIVE = 15.0
SECONDS_TO_DRAIN = 5.0


class BodyLimit:
    """Refuses a body over ``most`` bytes as soon as that is known, and hands on the rest whole.

    Paths under one of ``exempt`` belong to doors with limits of their own.
    """

    def __init__(self, app: ASGIApp, most: int, exempt: tuple[str, ...] = ()) -> None:
        self.app = app
        self.most = most
        self.exempt = exempt

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(self.exempt):
            await self.app(scope, receive, send)
            return
        told = Headers(scope=scope).get("content-length", "")
        if told.isdigit() and int(told) > self.most:
            await _refuse(Problem("too_large"), scope, receive, send)
            return
        try:
            async with asyncio.timeout(SECONDS_TO_ARRIVE):
                body, whole = await self._read(receive)
        except TimeoutError:
            await _refuse(Problem("too_slow_body"), scope, receive, send)
            return
        if not whole:
            await _refuse(Problem("too_large"), scope, receive, send)
            return
        handed = False

        async def replay() -> Message:
            nonlocal handed
            if handed:
                return await receive()
            handed = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self.app(scope, replay, send)

    async def _read(self, receive: Receive) -> tuple[bytes, bool]:
        chunks: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return b"".join(chunks), True
            chunks.append(message.get("body", b""))
            size += len(chunks[-1])
            if size > self.most:
                return b"", False
            if not message.get("more_body"):
                return b"".join(chunks), True


async def _refuse(problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer at once, then read on for a while without keeping anything.

    A client still sending would meet a closed connection and never see the answer.
    """
    response = as_json(problem)
    response.headers["connection"] = "close"

    async def unfinished(message: Message) -> None:
        await send({**message, "more_body": True} if message["type"] == "http.response.body" else message)

    await response(scope, receive, unfinished)
    try:
        async with asyncio.timeout(SECONDS_TO_DRAIN):
            while (message := await receive())["type"] == "http.request" and message.get("more_body"):
                pass
    except TimeoutError:
        pass
    await send({"type": "http.response.body", "body": b"", "more_body": False})
