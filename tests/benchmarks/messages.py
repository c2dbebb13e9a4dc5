"""The messages the bot learns from, as a benchmark needs them."""

from __future__ import annotations

import random
from pathlib import Path

import yaml

Example = tuple[str, str]  # the text, its intent


def examples(data: Path) -> list[Example]:
    """Return every message under a folder of training data with its intent, in the order of the files."""
    found: list[Example] = []
    for path in sorted(data.rglob("*.yml")):
        document = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader) or {}
        for block in document.get("nlu") or ():
            if intent := block.get("intent"):
                found += [(text, intent) for text in _texts(block.get("examples")) if text]
    return found


def _texts(told: object) -> list[str]:
    if isinstance(told, str):
        return [line.strip()[1:].strip() for line in told.splitlines() if line.strip().startswith("-")]
    return [str(example["text"]).strip() for example in told] if isinstance(told, list) else []


def sample(found: list[Example], count: int, seed: int = 0) -> list[Example]:
    """Return a sample that is the same in every run on the same messages."""
    return random.Random(seed).sample(found, min(count, len(found)))


def write_training_data(chosen: list[Example], path: Path) -> None:
    """Write messages as Rasa's training data."""
    by_intent: dict[str, list[dict[str, str]]] = {}
    for text, intent in chosen:
        by_intent.setdefault(intent, []).append({"text": text.replace("[", "(").replace("]", ")")})
    blocks = [{"intent": intent, "examples": texts} for intent, texts in sorted(by_intent.items())]
    path.write_text(yaml.safe_dump({"version": "3.1", "nlu": blocks}, allow_unicode=True), encoding="utf-8")
