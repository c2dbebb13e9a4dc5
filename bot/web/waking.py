"""Say on the terminal how far the start has come, until a message can be answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial

from bot.web.health import NAMES, Health
from bot.web.settings import Settings

SECONDS_BETWEEN_LOOKS = 4.0
SECONDS_TO_WORRY = 180.0


@asynccontextmanager
async def announced(settings: Settings, health: Health) -> AsyncIterator[None]:
    """Announce the start in the background while the application runs, when settings ask for it."""
    if not settings.announce:
        yield
        return
    task = asyncio.create_task(announce(settings.address, health, partial(print, flush=True)))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def announce(
    address: str, health: Health, say: Callable[[str], None], pause: float = SECONDS_BETWEEN_LOOKS
) -> None:
    """Look until every part answers, saying each time what is still awaited, then where to go."""
    began, worried = time.monotonic(), False
    while True:
        parts = await health.look()
        waited = time.monotonic() - began
        if all(parts.values()):
            return say(f"Fingerpost is ready: {address}/")
        awaited = [NAMES[part] for part, answers in parts.items() if not answers]
        if "Rasa" in awaited:
            say(f"Rasa is waking: {waited:.0f} s …")
        else:
            say(f"Waiting for {', '.join(awaited)}: {waited:.0f} s …")
        if waited > SECONDS_TO_WORRY and not worried:
            worried = True
            say(f"Still without {', '.join(awaited)}: its own lines above say why.")
        await asyncio.sleep(pause)
