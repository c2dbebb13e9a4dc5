"""Name areas as they are spoken, and write the criterion on place that an offer's areas make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from knowledge_base.records import Area, Criterion, Within


class Areas(Protocol):
    """The tree of areas."""

    def standing(self, told: Iterable[str], wanted: frozenset[str]) -> bool | None:
        """Say whether a place in a told area lies in a wanted one; ``None`` while it may or may not."""

    def ancestors(self, code: str) -> frozenset[str]:
        """Return every area this one lies in, itself included."""

    def descendants(self, code: str) -> frozenset[str]:
        """Return every area that lies in this one, itself included."""


class AreaCriteria:
    """The criteria that areas make, each written once: keep one with a catalogue."""

    def __init__(self, tree: Areas, areas: Mapping[str, Area]) -> None:
        self.tree = tree
        self.names = {code: area.name for code, area in areas.items()}
        self._criteria: dict[tuple[str, ...], Criterion] = {}

    def criterion(self, codes: tuple[str, ...]) -> Criterion:
        """Write the condition to be in one of these areas, leaving out of its words what lies in another."""
        if codes not in self._criteria:
            wanted = frozenset(codes)
            widest = [code for code in codes if not self.tree.standing((code,), wanted - {code})]
            words = f"You are in {either([self.spoken(code) for code in widest or codes])}"
            self._criteria[codes] = Criterion(words, "place", self.test(codes))
        return self._criteria[codes]

    def test(self, codes: tuple[str, ...]) -> Within:
        """Return the test alone of the condition to be in one of these areas."""
        return Within(frozenset(codes))

    def spoken(self, code: str) -> str:
        """Name an area as it stands in a sentence; one without a record by its code."""
        return with_article(self.names.get(code, code))


def either(words: list[str]) -> str:
    """Join alternatives as they are spoken: a, b or c."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def with_article(area: str) -> str:
    """Write the name of an area as it stands in a sentence: the UK, the Black Country, Wales."""
    if area.startswith("The "):
        return f"the {area[4:]}"
    last = area.split()[-1] if area else ""
    return f"the {area}" if last in _TAKE_THE else area


_TAKE_THE = frozenset(
    {
        "UK",
        "EU",
        "Midlands",
        "Country",
        "Region",
        "Authority",
        "Kingdom",
        "Union",
        "Netherlands",
        "Highlands",
        "Area",
    }
)
