"""What every small reader is given, and what each gives back."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from knowledge_base.profile import Profile
from knowledge_base.reading.frames import Found
from knowledge_base.reading.lists import listed
from knowledge_base.reading.text import Message

LONGEST_MENDING = 30  # words between a value and the one that replaces it


@dataclass(frozen=True)
class Heard:
    """A message, the turns of phrase found in it, and what was asked before it."""

    message: Message
    found: Found
    on: date
    asked: str | None = None
    profile: Profile | None = None
    places: frozenset[int] = frozenset()  # the words that are in the name of a place
    of_client: bool = False  # an adviser writes: "they" are the business

    def at(self, label: str) -> list[tuple[int, int]]:
        return self.found.get(label, [])

    def around(self, label: str, first: int, last: int) -> list[tuple[int, int]]:
        """Return, in order, where a label ends at a place or after it, and starts at another or before it."""
        spans = self.at(label)
        if not spans:
            return spans
        low = bisect_left(spans, (first - self._longest[label], 0))
        high = bisect_right(spans, last, key=lambda span: span[0])
        return [span for span in spans[low:high] if span[1] >= first]

    def starts(self, label: str) -> dict[int, int]:
        """Return where a label starts, each with its end."""
        return self._starts.get(label, {})

    def ends(self, label: str) -> set[int]:
        return self._ends.get(label, set())

    @cached_property
    def _starts(self) -> dict[str, dict[int, int]]:
        return {label: dict(spans) for label, spans in self.found.items()}

    @cached_property
    def _ends(self) -> dict[str, set[int]]:
        return {label: {end for _, end in spans} for label, spans in self.found.items()}

    @cached_property
    def _longest(self) -> dict[str, int]:
        return {label: max(end - start for start, end in spans) for label, spans in self.found.items()}

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
    between = message.lows[max(start, end - LONGEST_MENDING) : end]
    if listed("heard.mending") & set(between) or (between[:1] == ["no"] and len(between) <= 4):
        return True
    return any(
        between[i : i + 2] in (["make", "that"], [",", "no"], [".", "no"], ["–", "no"])
        for i in range(len(between))
    )


def last_word(message: Message, findings: Iterable[Finding]) -> tuple[Finding | None, Sequence[Finding]]:
    """Drop what was taken back; return the one value left, or none and the values that disagree."""
    kept: list[Finding] = []
    for finding in sorted(findings, key=lambda f: f.start):
        if kept and mended(message, kept[-1].end, finding.start):
            kept.clear()
        if all(finding.value != other.value for other in kept):
            kept.append(finding)
    return (kept[0], ()) if len(kept) == 1 else (None, kept)
