"""The gateway that `tests.benchmarks.slack` measures: the brokers' door, the engine, and a bare 200.

``python -m tests.benchmarks.slack_server PORT`` serves it, with the settings of the environment.
"""

from __future__ import annotations

import itertools
import os
import sys

import uvicorn
from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from bot.slack.door import Asked, Quick
from bot.slack.parts import SlackDoor
from bot.slack.settings import slack_settings
from knowledge_base.store.database import open_database
from knowledge_base.view import View
from tests.benchmarks.worlds import NEEDS_ASKED, ON, PROFILES, starter
from tests.slack.gateway import clock, create_gateway


class Planner:
    """Answers each thing it is told with a roadmap made for it, whichever business comes next."""

    def __init__(self, door: SlackDoor) -> None:
        self.door = door
        self.view = View.of(starter())
        self._cases = itertools.cycle([(needs, profile) for needs in NEEDS_ASKED for profile in PROFILES])

    async def quick(self, asked: Asked) -> Quick:
        return Quick()

    async def handle(self, asked: Asked) -> None:
        await run_in_threadpool(self._answer, asked)
        self.door.wake_deliverer()

    async def sent(self, key: str, channel: str, ts: str) -> None:
        return None

    def _answer(self, asked: Asked) -> None:
        needs, profile = next(self._cases)
        made = self.view.roadmap(needs, profile, ON)
        self.door.outbox.put(
            f"{asked.key}:answer",
            asked.channel,
            text=f"{asked.text}: {len(made.steps)} steps",
            ephemeral_to=asked.user,
            now=self.door.clock(),
        )


def main() -> None:
    """Serve until stopped."""
    settings = slack_settings(os.environ)
    assert settings
    app = create_gateway(SlackDoor(settings, open_database(os.environ["DATABASE_URL"]), clock, Planner))

    @app.post("/bare")
    async def bare(request: Request) -> Response:
        """Read the whole request and say 200, as the least that any gateway does."""
        await request.body()
        return Response(status_code=200)

    uvicorn.run(app, port=int(sys.argv[1]), log_level="error", access_log=False)


if __name__ == "__main__":
    main()
