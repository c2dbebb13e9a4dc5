"""A gateway with the brokers' door alone, in this process or in one of its own.

``python -m tests.slack.gateway PORT`` serves it with the settings of the environment and DATABASE_URL, until
it is stopped; it answers each thing it is told with "Heard: …", under the key that the real one would use.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timezone
from typing import Any, Self

import httpx
import uvicorn
from fastapi import FastAPI

from bot.slack.app import PATH, create_slack
from bot.slack.door import Asked, Quick
from bot.slack.parts import SlackDoor
from bot.slack.serving import running
from bot.slack.settings import slack_settings
from bot.web.doors import hang
from knowledge_base.store.database import Database, open_database
from tests.slack.signing import signed


class Echo:
    """Answers with what it heard; what it is to do beside that is told by a test."""

    def __init__(self, door: SlackDoor) -> None:
        self.door = door
        self.handled: list[Asked] = []
        self.told_sent: list[tuple[str, str, str]] = []
        self.failing = 0
        self.seconds = 0.0
        self.quick_answer: Callable[[Asked], Any] = lambda asked: Quick()

    async def quick(self, asked: Asked) -> Quick:
        answer = self.quick_answer(asked)
        return await answer if asyncio.iscoroutine(answer) else answer

    async def handle(self, asked: Asked) -> None:
        self.handled.append(asked)
        await asyncio.sleep(self.seconds)
        if self.failing:
            self.failing -= 1
            raise RuntimeError(f"broken by {asked.text}")
        self.door.outbox.put(
            f"{asked.key}:answer",
            asked.channel or asked.user,
            text=f"Heard: {asked.text or asked.action}",
            thread_ts=asked.thread or None,
            ephemeral_to=asked.user if asked.kind == "command" else None,
            now=self.door.clock(),
        )
        self.door.wake_deliverer()

    async def sent(self, key: str, channel: str, ts: str) -> None:
        self.told_sent.append((key, channel, ts))


def clock() -> datetime:
    return datetime.now(timezone.utc)


def create_gateway(door: SlackDoor, **how: Any) -> FastAPI:
    """Return an application with the door at its path; ``how`` goes to `running`."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with running(door, **how):
            yield

    app = FastAPI(lifespan=lifespan)
    hang(app, PATH, create_slack(door))
    return app


class Served:
    """A door, served by a thread of this process. Use it as a context manager; ``url`` is known inside."""

    def __init__(self, door: SlackDoor, **how: Any) -> None:
        self.door = door
        self._server = uvicorn.Server(
            uvicorn.Config(create_gateway(door, **how), port=0, log_level="error", access_log=False)
        )
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        until = time.monotonic() + 10
        while not self._server.started:
            assert time.monotonic() < until, "the gateway did not start"
            time.sleep(0.01)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}{PATH}"
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(15)


class Gateway(Served):
    """The door of a database, answering "Heard: …"."""

    def __init__(self, env: dict[str, str], database: Database, **how: Any) -> None:
        settings = slack_settings(env)
        assert settings
        self.echo: Echo | None = None
        super().__init__(SlackDoor(settings, database, clock, self._handlers), **how)

    def _handlers(self, door: SlackDoor) -> Echo:
        self.echo = Echo(door)
        return self.echo

    def post(self, request: tuple[str, str], **how: Any) -> httpx.Response:
        """Send what `tests.slack.signing` made, signed as Slack signs it."""
        return post(self.url, request, **how)


def post(
    url: str,
    request: tuple[str, str],
    *,
    headers: dict[str, str] | None = None,
    secret: str | None = None,
    at: float | None = None,
) -> httpx.Response:
    """Send a request to a gateway; ``secret`` and ``at`` make its signature a wrong one."""
    body, content_type = request
    more = {} if secret is None else {"secret": secret}
    signature = signed(body, content_type, at=at, **more)
    return httpx.post(url, content=body.encode(), headers={**signature, **(headers or {})}, timeout=20)


def main() -> None:
    """Serve until stopped. LEASE_SECONDS shortens the time until another takes over; WORKERS may be 0."""
    settings = slack_settings(os.environ)
    assert settings
    door = SlackDoor(settings, open_database(os.environ["DATABASE_URL"]), clock, Echo)
    door.handlers.seconds = float(os.environ.get("HANDLE_SECONDS", "0"))  # type: ignore[attr-defined]
    app = create_gateway(
        door,
        workers=int(os.environ.get("WORKERS", "3")),
        lease_seconds=float(os.environ.get("LEASE_SECONDS", "60")),
    )
    uvicorn.run(app, port=int(sys.argv[1]), log_level="error", access_log=False)


if __name__ == "__main__":
    main()
