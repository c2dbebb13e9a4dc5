"""Where a business is: the areas a told place lies in.

What people call a place comes from our own tables (`content/areas.yml`, `content/places/`) and, for
everything else, from GeoNames. A text that names no place we know is unknown; nothing is guessed from the
nearest neighbour.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Literal

from knowledge_base.areas import ELSEWHERE, AreaTree, starter_aliases, starter_areas
from knowledge_base.mentions import mentions_in
from knowledge_base.place_names import AREA, Meaning, city_names, key_of, own_names, pick, read_table
from knowledge_base.postcodes import UK_FULL, postal_areas, uk_areas
from knowledge_base.records import Area

Status = Literal["known", "ambiguous", "outside", "unknown"]

LONGEST = 200  # characters of a told place that are read
LONGEST_MESSAGE = 20_000  # characters of a message that are searched

_PARTS = re.compile(r"\s*[,;/\n()|]\s*|\s+-\s+")
_COUNTRY_CODE = re.compile(r"^(?:[A-Za-z]{1,2}[- ]?)?[0-9][0-9 -]{2,6}[0-9]\s+(?=\D)")


@dataclass(frozen=True)
class Place:
    """A told place and the areas it lies in.

    ``areas`` are alternatives: the place lies in one of them. ``known`` has one; ``ambiguous`` several;
    ``outside`` has only `ELSEWHERE`; ``unknown`` none. They go as they are into `AreaTree.standing`.
    """

    text: str
    name: str
    status: Status
    areas: tuple[str, ...]


class Gazetteer:
    """Looks up places for one catalogue's areas. Built by `load`, it may be shared between threads."""

    def __init__(self, areas: Mapping[str, Area], with_world: bool) -> None:
        self._tree = AreaTree(areas)
        self._starter = AreaTree(starter_areas())
        self._world = with_world
        self._own: dict[str, list[Meaning]] = {}
        named = {key_of(name): code for code, area in areas.items() for name in (code, area.name)}
        self._same: dict[str, str] = {}
        for code, area in starter_areas().items():
            if code in areas:
                self._same[code] = code
                continue
            for name in (area.name, *starter_aliases()[code]):
                if key_of(name) in named:
                    self._same[code] = named[key_of(name)]
                    break
        known = own_names()
        for code, area in areas.items():
            for key in {key_of(code), key_of(area.name)}:
                if code not in self._same.values() or key not in known:
                    self._own.setdefault(key, []).append(Meaning(area.name, (code,), AREA))
        self._cached = lru_cache(maxsize=4096)(self._resolve)

    @classmethod
    def load(cls, areas: Mapping[str, Area], with_world: bool = True) -> Gazetteer:
        """Build a gazetteer that answers in the codes of ``areas``; ``with_world`` adds GeoNames.

        A place finer than the areas is placed in the smallest of them that holds it, or outside them all.

        Raises:
            BadAreas: the areas make no tree.
        """
        if with_world:
            city_names()
        return cls(areas, with_world)

    def resolve(self, text: str, near: Iterable[str] = ()) -> Place:
        """Say where a told place lies: a name, an address, a postcode, or a few words with one of these in.

        ``near`` holds codes of areas a hub covers, and is used only to choose among namesakes.
        """
        told = text[: LONGEST + 1] if isinstance(text, str) else ""
        if len(told) > LONGEST or not told.strip():
            return Place(told[:LONGEST], told[:LONGEST].strip(), "unknown", ())
        return self._cached(told, frozenset(near))

    def find(self, text: str, near: Iterable[str] = ()) -> list[tuple[int, int, Place]]:
        """Return the places a running message mentions, in order: start, end (characters) and place."""
        found = []
        for mention in mentions_in(text[:LONGEST_MESSAGE], partial(self._meanings, near=frozenset(near))):
            found.append((mention.start, mention.end, self._place(mention.text, mention.meanings)))
        return found

    def _resolve(self, text: str, near: frozenset[str]) -> Place:
        clean = " ".join(text.replace("\0", " ").split(" ")).strip()
        if codes := postal_areas(clean):
            return self._place(text, (_coded(clean, codes),))
        if meanings := self._meanings(key_of(clean), near):
            return self._place(text, meanings)
        return self._from_parts(text, clean, near) or self._from_words(text, clean, near)

    def _from_parts(self, text: str, clean: str, near: frozenset[str]) -> Place | None:
        """Read an address: the first part that names a place, held against what follows it."""
        meant: tuple[Meaning, ...] = ()
        if full := UK_FULL.search(clean):
            if codes := uk_areas(full.group(1), full.group(2)):
                meant = (_coded(full.group(), codes),)
            clean = clean[: full.start()] + "," + clean[full.end() :]
        for part in reversed([p for p in _PARTS.split(clean) if p]):
            key = key_of(_COUNTRY_CODE.sub("", part))
            codes = postal_areas(part)
            hub = frozenset() if meant else near
            meanings = (_coded(part, codes),) if codes else self._meanings(key, hub)
            if meanings and meant:
                meant = self._meet(meanings, meant, wide=True) or self._meet(self._every(key), meant) or meant
            else:
                meant = meanings or meant
        return self._place(text, meant) if meant else None

    def _from_words(self, text: str, clean: str, near: frozenset[str]) -> Place:
        """Read a few words: every place named in them is an alternative, the finer for the coarser."""
        found = mentions_in(clean, partial(self._meanings, near=near))
        if not found:
            return Place(text, clean, "unknown", ())
        places = [self._place(m.text, m.meanings) for m in found]
        codes = [code for place in places for code in place.areas]
        finest = [c for c in codes if not any(c != o and c in self._tree.ancestors(o) for o in codes)]
        return _placed(text, places[0].name, tuple(dict.fromkeys(finest)))

    def _meanings(self, key: str, near: frozenset[str] = frozenset()) -> tuple[Meaning, ...]:
        """Return what a name is likely to mean; near the hub, if it has a meaning there."""
        if own := self._own.get(key):
            return tuple(own)
        if near:
            close = (m for m in self._every(key) if self._tree.standing(self._here(m.areas), near))
            if meant := pick(tuple(close)):
                return meant
        own_meanings = own_names().get(key, ())
        return pick(own_meanings or self._every(key))

    def _every(self, key: str) -> tuple[Meaning, ...]:
        cities = city_names().get(key, ()) if self._world else ()
        return (*own_names().get(key, ()), *cities)

    def _meet(
        self, finer: tuple[Meaning, ...], coarser: tuple[Meaning, ...], wide: bool = False
    ) -> tuple[Meaning, ...]:
        """Keep the meanings that can lie in one of the coarser ones, with the areas that both allow.

        ``wide`` takes a county as the post did, with the cities that have left it since.
        """
        met = []
        allowed = {code for meaning in coarser for code in meaning.areas}
        if wide:
            allowed |= {code for county in allowed for code in read_table("addresses.yml").get(county, ())}
        for meaning in finer:
            codes = dict.fromkeys(
                one if other in self._starter.ancestors(one) else other
                for one in meaning.areas
                for other in allowed
                if one in self._starter.ancestors(other) or self._starter.overlap(one, other)
            )
            if codes:
                met.append(Meaning(meaning.name, tuple(sorted(codes)), meaning.level, meaning.population))
        return pick(tuple(met))

    def _place(self, text: str, meanings: tuple[Meaning, ...]) -> Place:
        placed = [(meaning, self._here(meaning.areas)) for meaning in meanings]
        inside = [p for p in placed if p[1] != (ELSEWHERE,)]
        placed = inside or placed
        finest = [p for p in placed if not any(self._holds(p[1], other[1]) for other in placed)]
        codes = tuple(dict.fromkeys(code for _, areas in finest or placed for code in areas))
        return _placed(text, placed[0][0].name, codes)

    def _holds(self, coarse: tuple[str, ...], fine: tuple[str, ...]) -> bool:
        return coarse != fine and all(any(c in self._tree.ancestors(f) for c in coarse) for f in fine)

    def _here(self, codes: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(here for code in codes for here in self._climb(code)))

    def _climb(self, code: str) -> tuple[str, ...]:
        """Say a starter area in the catalogue's codes: itself, else the smallest around it, else those in."""
        if code in self._tree or code == ELSEWHERE:
            return (code,)
        if code in self._same:
            return (self._same[code],)
        above = {self._same[up] for up in self._starter.ancestors(code) if up in self._same}
        nearest = [c for c in above if not any(c != o and c in self._tree.ancestors(o) for o in above)]
        if nearest:
            return ("&".join(sorted(nearest)),)
        below = sorted(self._same[down] for down in self._starter.descendants(code) if down in self._same)
        return (*below, ELSEWHERE)


def _coded(postcode: str, codes: tuple[str, ...]) -> Meaning:
    return Meaning(" ".join(postcode.upper().split()), codes, AREA)


def _placed(text: str, name: str, codes: tuple[str, ...]) -> Place:
    if codes == (ELSEWHERE,):
        return Place(text, name, "outside", codes)
    status: Status = "known" if len(codes) == 1 else "ambiguous" if codes else "unknown"
    return Place(text, name, status, codes)
