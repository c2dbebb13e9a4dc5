"""What every small reader is given, and what each gives back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from knowledge_base.profile import Profile
from knowledge_base.reading.frames import Found
from knowledge_base.reading.text import Message

# Words by which somebody takes back what they said just before.
_MENDING = frozenset({"sorry", "actually", "scrap", "correction", "rather", "wait", "oops", "mean", "apologies"})


@dataclass(frozen=True)
class Heard:
    """A message, the turns of phrase found in it, and what was asked before it."""

    message: Message
    found: Found
    on: date
    asked: str | None = None
    profile: Profile | None = None

    def at(self, label: str) -> list[tuple[int, int]]:
        return self.found.get(label, [])

    def starts(self, label: str) -> dict[int, int]:
        """Return where a label starts, each with its end."""
        return dict(self.at(label))

    def ends(self, label: str) -> set[int]:
        return {end for _, end in self.at(label)}

    @property
    def short(self) -> bool:
        """Say whether the message is brief enough to be a bare answer."""
        return len(self.message) <= 9


@dataclass(frozen=True, slots=True)
class Finding:
    """A value read from words ``start`` to ``end`` (excluded)."""

    value: Any
    start: int
    end: int


def mended(message: Message, start: int, end: int) -> bool:
    """Say whether the words between two places take back what stood before them."""
    between = message.lows[start:end]
    if _MENDING & set(between) or between[:1] == ["no"] and len(between) <= 4:
        return True
    return any(between[i : i + 2] in (["make", "that"], [",", "no"], [".", "no"], ["–", "no"]) for i in range(len(between)))


def last_word(message: Message, findings: Iterable[Finding]) -> tuple[Finding | None, Sequence[Finding]]:
    """Drop what was taken back; return the one value left, or none and the values that disagree."""
    kept: list[Finding] = []
    for finding in sorted(findings, key=lambda f: f.start):
        if kept and mended(message, kept[-1].end, finding.start):
            kept.clear()
        if all(finding.value != other.value for other in kept):
            kept.append(finding)
    return (kept[0], ()) if len(kept) == 1 else (None, kept)
