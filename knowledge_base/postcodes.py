"""Where a postal code lies, in the words of the starter pack's areas."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from knowledge_base.place_names import read_table

UK_FULL = re.compile(r"\b([A-Z]{1,2}[0-9][0-9A-Z]?)\s{0,2}([0-9])(?:[A-Z]{2}|XX)\b", re.IGNORECASE)
"""A full British postcode, or one with its end hidden (LE67 3XX): outward code, then sector."""

UK_OUTWARD = re.compile(r"\b([A-Z]{1,2})([0-9][0-9A-Z]?)(?:\s([0-9])(?![-–\s]+[A-Z]))?\b", re.IGNORECASE)
"""The first half of a British postcode, perhaps with its sector: letters, district, sector.

A digit that counts something is no sector: "LE3 4 staff".
"""

_ABROAD = {
    "sweden": re.compile(r"(?:(SE?)[- ]?)?([0-9]{3}) ?([0-9]{2})", re.IGNORECASE),
    "denmark": re.compile(r"(DK)[- ]?([0-9]{4})", re.IGNORECASE),
    "germany": re.compile(r"(DE?)[- ]?([0-9]{5})", re.IGNORECASE),
    "poland": re.compile(r"(?:(PL)[- ]?)?([0-9]{2})-([0-9]{3})", re.IGNORECASE),
    "hungary": re.compile(r"(HU?)[- ]?([0-9]{4})", re.IGNORECASE),
}


@cache
def _uk() -> Mapping[str, tuple[str, ...]]:
    table = read_table("uk_postcodes.yml")
    found = {
        postcode: tuple(codes.split())
        for groups in table.values()
        for codes, postcodes in groups.items()
        for postcode in postcodes
    }
    return MappingProxyType(found)


def uk_areas(outward: str, sector: str | None = None) -> tuple[str, ...]:
    """Return the areas a British outward code may lie in; empty when there is no such postcode area."""
    outward = outward.upper()
    table, letters = _uk(), re.match("[A-Z]*", outward)
    for key in (f"{outward} {sector}", outward, letters.group() if letters else ""):
        if key in table:
            return table[key]
    return ()


def is_covered(outward: str) -> bool:
    """Say whether our table knows this outward code itself, not only its postcode area."""
    return outward.upper() in _uk()


@cache
def _prefixes(country: str) -> Mapping[str, tuple[str, ...]]:
    table = read_table("postal_prefixes.yml")[country]
    return {prefix: tuple(codes.split()) for codes, prefixes in table.items() for prefix in prefixes}


def postal_areas(text: str) -> tuple[str, ...]:
    """Return the areas a whole text may lie in, if it is a postal code and nothing else; else empty.

    British codes in full or in half; Swedish ones as 553 22 or SE-55322; Polish ones as 80-001; German,
    Danish and Hungarian ones only with the country's letters before them.
    """
    text = text.strip()
    if len(text) > 12:
        return ()
    if full := UK_FULL.fullmatch(text):
        return uk_areas(full.group(1), full.group(2))
    if half := UK_OUTWARD.fullmatch(text):
        return uk_areas(half.group(1) + half.group(2), half.group(3))
    for country, pattern in _ABROAD.items():
        if code := pattern.fullmatch(text):
            letters, *digits = code.groups()
            return _abroad(country, "".join(digits), sure=bool(letters) or country == "poland")
    return ()


def _abroad(country: str, digits: str, sure: bool) -> tuple[str, ...]:
    table = _prefixes(country)
    for length in range(len(digits), 0, -1):
        if digits[:length] in table:
            return table[digits[:length]]
    return (country,) if sure else ()
