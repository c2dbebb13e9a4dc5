"""Whether a word of somebody's table is one of ours: known, or not; what is not known is never guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from knowledge_base import labels
from knowledge_base.offer_format import AUDIENCES, MEANINGS, PAID, STATUSES
from knowledge_base.records import Area
from knowledge_base.safe_files import read_document
from knowledge_base.words import (
    BUSINESS_STAGES,
    JOURNEY_STAGES,
    KINDS,
    LEGAL_FORMS,
    NEEDS,
    PROVIDER_TYPES,
    SECTORS,
    WINDOW_STATUSES,
)

FOLDER = Path(__file__).parents[1] / "content" / "interchange"
CODES: Mapping[str, tuple[str, ...]] = {
    "kinds": KINDS,
    "needs": NEEDS,
    "journey_stages": JOURNEY_STAGES,
    "provider_types": PROVIDER_TYPES,
    "window_statuses": WINDOW_STATUSES,
    "statuses": STATUSES,
    "audiences": AUDIENCES,
    "paid": PAID,
    "meanings": MEANINGS,
    "business_stages": BUSINESS_STAGES,
    "sectors": tuple(SECTORS),
    "legal_forms": LEGAL_FORMS,
    "languages": (),
    "instead_of_a_date": ("rolling", "closed", "unknown"),
}
FACETS = ("types_of_support", "business_stages", "business_sizes", "industries", "regions")
_LABELLED = {
    "business_stages": "stages",
    "sectors": "sectors",
    "legal_forms": "legal_forms",
    "kinds": "kinds",
}


def plain(text: str) -> str:
    """Return text as values are compared: lower case, without accents, signs and an article."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("&", " and ").replace("ł", "l"))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    words = re.sub(r"[^\w]+|_", " ", bare).split()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


@dataclass(frozen=True)
class Words:
    """The words of closed lists, facets and areas, each under every spelling that is known."""

    lists: Mapping[str, Mapping[str, str]]
    facets: Mapping[str, Mapping[str, str]]
    meant: Mapping[str, Mapping[str, Mapping[str, Any]]]
    areas: Mapping[str, str] = field(default_factory=dict)
    area_codes: frozenset[str] = frozenset()

    def code(self, of: str, text: str) -> str | None:
        """Return the code that a text stands for in a list, None where it stands for none."""
        return self.lists[of].get(plain(text))

    def facet(self, of: str, text: str) -> str | None:
        """Return the facet value that a text stands for."""
        return self.facets[of].get(plain(text))

    def area(self, text: str) -> str | None:
        """Return the code of the area that a text names."""
        return text if text in self.area_codes else self.areas.get(plain(text))

    def known(self, reads: str, of: str) -> Mapping[str, str]:
        """Return every spelling that a target knows, with what it stands for."""
        return self.areas if reads == "areas" else self.facets[of] if reads == "facet" else self.lists[of]

    def nearest(self, reads: str, of: str, text: str) -> str:
        """Return the known value that looks most like a text, to be suggested and not to be taken."""
        known = self.known(reads, of)
        found = process.extractOne(plain(text), known.keys(), scorer=alike, score_cutoff=80)
        return known[found[0]] if found else ""


def alike(one: str, other: str, **_: Any) -> float:
    """Say how alike two spellings are, of 100: letter by letter, or one with words more than the other."""
    words, others = {*one.split()}, {*other.split()}
    both = words & others
    share = len(both) / max(1, len(words | others))
    if share > 0.5 and both in (words, others) and any(len(word) > 3 for word in both):
        return 80 + 20 * share
    return max(fuzz.ratio(one, other), fuzz.token_sort_ratio(one, other))


def words_of(areas: Iterable[Area], facets: Mapping[str, Any] | None = None) -> Words:
    """Return the words known for these areas; ``facets`` takes the place of the file that curators edit."""
    lists, read = _lists(), facets if facets is not None else _read("facets.yml")
    named: dict[str, set[str]] = {}
    areas = [*areas]
    for area in areas:
        for spelling in (area.code, area.name, *area.aliases):
            named.setdefault(plain(spelling), set()).add(area.code)
    values = {group: _spelt(read.get(group) or {}, "labels") for group in FACETS}
    meant = {
        group: {str(value): each or {} for value, each in (read.get(group) or {}).items()} for group in FACETS
    }
    # A name that two areas share names none.
    alone = {name: next(iter(codes)) for name, codes in named.items() if len(codes) == 1}
    return Words(lists, values, meant, alone, frozenset(area.code for area in areas))


@cache
def headings() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Return what a column may be called, by type of record and target."""
    read = _read("columns.yml")
    return {kind: {path: tuple(map(str, names)) for path, names in read[kind].items()} for kind in read}


@cache
def _lists() -> Mapping[str, Mapping[str, str]]:
    others = _read("words.yml")
    found: dict[str, dict[str, str]] = {}
    for name, codes in CODES.items():
        spelt: dict[str, str] = {}
        for code, spellings in (others.get(name) or {}).items():
            spelt |= {plain(str(each)): code for each in spellings or ()}
        said = labels.read().get(_LABELLED.get(name, name), {})
        spelt |= {plain(words): code for code, words in said.items() if code in codes}
        spelt |= {plain(code): code for code in (codes or (others.get(name) or {}))}
        found[name] = spelt
    return found


def _spelt(values: Mapping[str, Any], under: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for value, each in values.items():
        found |= {plain(str(label)): str(value) for label in (each or {}).get(under) or ()}
    return found | {plain(str(value)): str(value) for value in values}


def _read(name: str) -> Mapping[str, Any]:
    read: Mapping[str, Any] = read_document(FOLDER / name, name)
    return read
