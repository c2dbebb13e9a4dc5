"""Where offers are open: the tree of areas, and how a told place stands to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

import yaml

from knowledge_base.records import Area

CONTENT = Path(__file__).parent / "content"

ELSEWHERE = "elsewhere"
"""The area of a place that is known to lie outside every area; no catalogue may use this code."""


class BadAreas(ValueError):
    """Areas that do not make a tree; the message names the area and the way out."""


class AreaTree:
    """Areas and the areas they lie in. An area may have several parents, and hub areas overlap.

    Besides the areas' codes every method takes `ELSEWHERE`, which lies in itself alone, and a joint code such
    as ``"a&b"``: a place in both areas at once (Coventry, to a catalogue that knows only the two hubs it
    belongs to). A code no area has lies in itself alone as well.

    Raises:
        BadAreas: on an unknown parent, a cycle, or a code kept for other uses; the message names the area.
    """

    def __init__(self, areas: Mapping[str, Area]) -> None:
        self._up: dict[str, frozenset[str]] = {}
        self._asked: dict[tuple[frozenset[str], frozenset[str]], bool | None] = {}
        for code in areas:
            if code == ELSEWHERE or "&" in code:
                raise BadAreas(f"areas: {code!r} is a code kept for other uses; choose another")
            self._climb(areas, code)
        below: dict[str, set[str]] = {code: set() for code in areas}
        for code, above in self._up.items():
            for ancestor in above:
                below[ancestor].add(code)
        self._down = {code: frozenset(codes) for code, codes in below.items()}

    def _climb(self, areas: Mapping[str, Area], start: str) -> None:
        stack, path = [start], [start]
        while stack:
            code = stack[-1]
            missing = []
            for parent in areas[code].within:
                if parent not in areas:
                    raise BadAreas(f"areas: {code}.within: no area {parent!r}; add it, or take it out")
                if parent in path and parent not in self._up:
                    loop = " within ".join([*path[path.index(parent) :], parent])
                    raise BadAreas(f"areas: {loop}: an area cannot lie within itself; take one link out")
                if parent not in self._up:
                    missing.append(parent)
            if missing:
                stack.append(missing[0])
                path.append(missing[0])
                continue
            self._up[code] = frozenset([code]).union(*(self._up[parent] for parent in areas[code].within))
            stack.pop()
            path.pop()

    def __contains__(self, code: object) -> bool:
        return code in self._up

    def ancestors(self, code: str) -> frozenset[str]:
        """Return every area this one lies in, itself included."""
        if code in self._up:
            return self._up[code]
        parts = code.split("&")
        return frozenset().union(*(self._up.get(part, frozenset([part])) for part in parts))

    def descendants(self, code: str) -> frozenset[str]:
        """Return every area that lies in this one, itself included."""
        if code in self._down:
            return self._down[code]
        parts = [self._down.get(part, frozenset([part])) for part in code.split("&")]
        return frozenset.intersection(*parts)

    def overlap(self, one: str, other: str) -> bool:
        """Say whether some area lies in both."""
        return not self.descendants(one).isdisjoint(self.descendants(other))

    def standing(self, told: Iterable[str], wanted: frozenset[str]) -> bool | None:
        """Say whether a place lies in a wanted area: ``None`` while it may or may not.

        Args:
            told: alternatives; the place lies in one of these areas. Empty: the place is not known.
            wanted: codes of areas; lying in any one of them is enough.
        """
        question = frozenset(told), wanted
        if question not in self._asked:
            if len(self._asked) > 20_000:
                self._asked.clear()
            self._asked[question] = self._stand(*question)
        return self._asked[question]

    def _stand(self, told: frozenset[str], wanted: frozenset[str]) -> bool | None:
        if not told:
            return None
        inside = [not self.ancestors(code).isdisjoint(wanted) for code in told]
        if all(inside):
            return True
        if any(inside) or any(self.overlap(code, area) for code in told for area in wanted):
            return None
        return False


@cache
def starter_areas() -> Mapping[str, Area]:
    """Return the areas of the starter pack by code."""
    areas = (Area(raw["code"], raw["name"], tuple(raw["within"])) for raw in _listed())
    return MappingProxyType({area.code: area for area in areas})


@cache
def starter_aliases() -> Mapping[str, tuple[str, ...]]:
    """Return the other names people use for each area of the starter pack, by its code."""
    return MappingProxyType({raw["code"]: tuple(raw["aliases"]) for raw in _listed()})


@cache
def _listed() -> tuple[dict, ...]:
    text = (CONTENT / "areas.yml").read_text(encoding="utf-8")
    return tuple(yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))["areas"])
