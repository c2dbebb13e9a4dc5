"""The names of places, as people type them, and the areas each may mean."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

import yaml

from knowledge_base.areas import CONTENT, ELSEWHERE, starter_aliases, starter_areas

AREA, TOWN, ENGLAND, CITY = range(4)  # how well we know a name, best first

_LETTERS = str.maketrans({"ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "đ": "d", "œ": "oe", "’": "'", "`": "'"})
_WORDS = re.compile(r"[^\W_]+(?:'[^\W_]+)*|&")


@dataclass(frozen=True, slots=True)
class Meaning:
    """One place a name may mean. The place lies in one of ``areas``; several: which is not certain."""

    name: str
    areas: tuple[str, ...]
    level: int
    population: int = 0


def fold(text: str) -> str:
    """Return the text without case and accents: Jönköping and JONKOPING are one."""
    if text.isascii() and "`" not in text:  # most are, and there are tens of thousands
        return text.lower()
    text = text.casefold().translate(_LETTERS)
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def word_key(word: str) -> str:
    """Return what two spellings of one word share: King's and kings are one, we'm and wem are not."""
    folded = fold(word)
    return "and" if folded == "&" else folded[:-2] + "s" if folded.endswith("'s") else folded


def words_of(text: str) -> list[str]:
    """Return the words of a name for comparing: no case, accents or hyphens."""
    folded = fold(text)
    if folded.isascii() and folded.replace(" ", "").isalnum():
        return folded.split()
    return [word_key(word) for word in _WORDS.findall(folded)]


def key_of(text: str) -> str:
    """Return what two spellings of one name share; a leading article does not count."""
    words = words_of(text)
    if len(words) > 1 and words[0] in ("the", "y"):
        words = words[1:]
    if len(words) > 1 and words[0] == "saint":
        words[0] = "st"
    return " ".join(words)


@cache
def read_table(name: str) -> Any:
    """Return one of our own tables under `content/places`."""
    text = (CONTENT / "places" / name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@cache
def own_names() -> Mapping[str, tuple[Meaning, ...]]:
    """Return the meanings of the names in our own tables, by key."""
    found: dict[str, dict[tuple[str, ...], Meaning]] = {}
    for meaning in _own():
        found.setdefault(key_of(meaning.name), {}).setdefault(meaning.areas, meaning)
    return MappingProxyType({key: tuple(by_area.values()) for key, by_area in found.items()})


def _own() -> Iterator[Meaning]:
    aliases = starter_aliases()
    for area in starter_areas().values():
        for name in (area.name, area.code, *aliases[area.code]):
            yield Meaning(name, (area.code,), AREA)
    for name, codes in read_table("regions.yml").items():
        yield Meaning(name, tuple(codes), TOWN)
    for table, level in (("towns.yml", TOWN), ("england.yml", ENGLAND)):
        for code, names in read_table(table).items():
            for name in names:
                yield Meaning(name, (code,), level)


@cache
def city_names() -> Mapping[str, tuple[Meaning, ...]]:
    """Return the meanings of the names GeoNames knows, by key, most inhabitants first."""
    found: dict[str, list[Meaning]] = {}
    areas: tuple[str, ...] = ()
    for line in (CONTENT / "places" / "cities.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("= "):
            areas = tuple(line[2:].split())
        elif not line.startswith("#"):
            name, _, population = line.partition("\t")
            found.setdefault(key_of(name), []).append(Meaning(name, areas, CITY, int(population)))
    for meanings in found.values():
        meanings.sort(key=lambda m: (-m.population, m.areas))
    return MappingProxyType({key: tuple(meanings) for key, meanings in found.items()})


def pick(meanings: tuple[Meaning, ...]) -> tuple[Meaning, ...]:
    """Keep the meanings a reader at a growth hub would think of, best known first.

    Our own tables come before GeoNames. Among GeoNames' places one abroad is meant only where it is a hundred
    times the size and has half a million inhabitants, or where there is none at home; then places a fifth the
    size of the largest still count.
    """
    if not meanings:
        return ()
    best = min(m.level for m in meanings)
    if best < CITY:
        level = TOWN if best == AREA else best
        return tuple(m for m in meanings if m.level <= level)
    home = [m for m in meanings if not abroad(m)]
    away = [m for m in meanings if abroad(m)]
    if home and away:
        largest = max(m.population for m in away)
        far_larger = largest >= 500_000 and largest >= 100 * max(m.population for m in home)
        meanings = tuple(away if far_larger else home)
    largest = max(m.population for m in meanings)
    return tuple(m for m in meanings if m.population * 5 >= largest)


def abroad(meaning: Meaning) -> bool:
    """Say whether GeoNames puts it in a country we know no region of."""
    return meaning.areas == (ELSEWHERE,) or starter_areas()[meaning.areas[0]].within == ("eu",)
