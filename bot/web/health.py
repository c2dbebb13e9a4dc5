"""Whether a message could be answered and kept, part by part."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable

from starlette.concurrency import run_in_threadpool

from bot.web.rasa import Rasa
from bot.web.services import Services

SECONDS = 5.0
NAMES = {
    "database": "the database",
    "advice": "the knowledge base",
    "rasa": "Rasa",
    "conversations": "the database of conversations",
    "actions": "the action server",
}


class Health:
    """Looks at every part at once; one look serves everybody who asks within a second."""

    def __init__(self, services: Services, rasa: Rasa, actions_url: str) -> None:
        self.services = services
        self.rasa = rasa
        self.actions_url = actions_url
        self._seen: tuple[float, dict[str, bool]] | None = None
        self._looking = asyncio.Lock()

    async def look(self) -> dict[str, bool]:
        """Return each part and whether it answers; the database is written to and read."""
        async with self._looking:
            if self._seen is None or time.monotonic() - self._seen[0] > 1:
                self._seen = (time.monotonic(), await self._look())
            return self._seen[1]

    async def _look(self) -> dict[str, bool]:
        looks: dict[str, Awaitable[object]] = {
            "database": run_in_threadpool(self._written_and_read),
            "advice": run_in_threadpool(self.services.advice.healthy),
            "rasa": self.rasa.awake(),
            "actions": self.rasa.answers(f"{self.actions_url}/health"),
        }
        if self.services.conversations:
            looks["conversations"] = run_in_threadpool(self.services.conversations)
        found = await asyncio.gather(*(_in_time(look) for look in looks.values()))
        return dict(zip(looks, found, strict=True))

    def _written_and_read(self) -> bool:
        chats, now = self.services.chats, self.services.clock()
        session = chats.new_session(now)
        try:
            return chats.known(session, now)
        finally:
            chats.forget(session)


def missing(parts: dict[str, bool]) -> str:
    """Say in words which parts do not answer."""
    down = [NAMES[part] for part, answers in parts.items() if not answers]
    return f"Not answering: {', '.join(down)}."


async def _in_time(look: Awaitable[object]) -> bool:
    try:
        async with asyncio.timeout(SECONDS):
            return await look is not False
    except Exception:
        return False
