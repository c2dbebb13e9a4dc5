"""The messages the encoder is tuned on: all under data/ but those set aside."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from bot.rasa.clauses import tidy
from bot.rasa.examples import DESCRIBE_NEED, is_aside
from bot.rasa.reader import OUT_OF_SCOPE


class Lesson(NamedTuple):
    """A message, its act, and its needs; None where its needs teach nothing."""

    text: str
    act: str
    needs: tuple[str, ...] | None


def lessons(data: Path) -> list[Lesson]:
    """Return each message once, in the order of the files.

    What is out of scope asks for none of the needs. Questions that merely name a subject ("what is a
    patent?") teach nothing of them: as examples of none they made needs told in passing go unheard.
    """
    found: dict[str, Lesson] = {}
    for file in sorted(data.glob("*/*.yml")):
        for act, example in _examples(file):
            text = tidy(example["text"].strip())
            needs = (example.get("metadata") or {}).get("needs")
            teaches = act in (DESCRIBE_NEED, OUT_OF_SCOPE) or bool(needs)
            if not is_aside(text):
                found.setdefault(text, Lesson(text, act, tuple(needs or ()) if teaches else None))
    return list(found.values())


def _examples(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for topic in (yaml.safe_load(file.read_text(encoding="utf-8")) or {}).get("nlu") or []:
        examples = topic["examples"]
        if isinstance(examples, str):
            examples = [{"text": line[2:]} for line in examples.splitlines() if line.startswith("- ")]
        for example in examples:
            yield topic["intent"], example
