"""The messages the bot learns from, as any pipeline can be given them."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.understanding.scores import OPENED

SEED = 20261122
SPLIT = "+"


@dataclass(frozen=True)
class Taught:
    """One training message: its words, its act, and what else is told of it."""

    text: str
    act: str
    told: dict[str, Any] = field(default_factory=dict)

    @property
    def needs(self) -> tuple[str, ...]:
        """The needs it is labelled with, in one order."""
        return tuple(sorted(self.told.get("needs") or ()))


def taught(data: Path) -> list[Taught]:
    """Return every message under a folder of training data, in the order of the files."""
    found: list[Taught] = []
    for path in sorted(data.rglob("*.yml")):
        document = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader) or {}
        for block in document.get("nlu") or ():
            if act := block.get("intent"):
                found += [
                    Taught(str(each["text"]).strip(), act, dict(each.get("metadata") or {}))
                    for each in _examples(block.get("examples"))
                ]
    return [each for each in found if each.text]


def _examples(told: object) -> list[dict[str, Any]]:
    if isinstance(told, str):
        lines = (line.strip() for line in told.splitlines())
        return [{"text": line[1:]} for line in lines if line.startswith("-")]
    return [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []


def sample(messages: Sequence[Taught], count: int | None, seed: int = SEED) -> list[Taught]:
    """Return so many messages, each act and each set of needs by its share; all of them for None.

    The messages are laid out by act and needs, in chance order within, and one is taken at every equal step.
    """
    if count is None or count >= len(messages):
        return list(messages)
    dice = random.Random(seed)
    laid = sorted(messages, key=lambda each: (each.act, each.needs, dice.random()))
    return [laid[int((place + 0.5) * len(laid) / count)] for place in range(count)]


def write(messages: Iterable[tuple[str, Taught]], path: Path) -> None:
    """Write messages, each with the intent it is to have, as Rasa's training data."""
    by_intent: dict[str, list[dict[str, Any]]] = {}
    for intent, each in messages:
        # Square brackets would be read as an entity.
        example = {"text": each.text.replace("[", "(").replace("]", ")"), "metadata": each.told}
        by_intent.setdefault(intent, []).append(example if each.told else {"text": example["text"]})
    blocks = [{"intent": intent, "examples": some} for intent, some in sorted(by_intent.items())]
    path.write_text(yaml.safe_dump({"version": "3.1", "nlu": blocks}, allow_unicode=True), encoding="utf-8")


def by_act(messages: Iterable[Taught]) -> list[tuple[str, Taught]]:
    """Give each message its act as its intent."""
    return [(each.act, each) for each in messages]


def by_needs(messages: Iterable[Taught]) -> list[tuple[str, Taught]]:
    """Give each message that describes needs the set of them as its intent, the one way stock Rasa has."""
    return [(SPLIT.join(each.needs), each) for each in messages if each.act == OPENED and each.needs]
