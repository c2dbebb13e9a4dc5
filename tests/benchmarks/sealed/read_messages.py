"""Time messages one by one: `... tests.benchmarks.sealed.read_messages MESSAGES OURS OUT NAME=MODEL ...`.

Every message is read by the component alone, by our whole bot and by each other model before the next one is,
so that a busy moment of the machine falls on all alike. OUT gets {name: [milliseconds]}.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
import warnings
from collections.abc import Awaitable, Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
WARMING = 10

Way = Callable[[str], Awaitable[object]]


async def timed(texts: list[str], ways: dict[str, Way]) -> dict[str, list[float]]:
    """Read every text in every way; the first few are read once more before, unmeasured."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for place, text in enumerate([*texts[:WARMING], *texts]):
        for name, read in ways.items():
            started = time.perf_counter()
            await read(text)
            if place >= WARMING:
                taken[name].append((time.perf_counter() - started) * 1000)
    return taken


def component(model: Path) -> Way:
    """Our component, as Rasa's graph calls it, and nothing around it."""
    from rasa.shared.nlu.training_data.message import Message

    from bot.rasa.understand import load
    from bot.rasa.understanding import Understanding

    alone = Understanding({}, None, None, load(model, ROOT / "models" / "tuned"))

    async def read(text: str) -> object:
        return alone.process([Message({"text": text})])

    return read


def whole(model: Path) -> Way:
    """A whole model, as Rasa's server parses a message with it."""
    from rasa.core.agent import Agent

    return Agent.load(str(model)).parse_message


def main(messages: str, ours: str, out: str, *others: str) -> int:
    """Write the times."""
    warnings.filterwarnings("ignore")
    texts = json.loads(Path(messages).read_text(encoding="utf-8"))
    ways: dict[str, Way] = {"component": component(Path(ours)), "ours": whole(Path(ours))}
    for other in others:
        name, _, model = other.partition("=")
        ways[name] = whole(Path(model))
    taken = asyncio.run(timed(texts, ways))
    Path(out).write_text(json.dumps(taken), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
