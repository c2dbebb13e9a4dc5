"""Find records that may be of one and the same offer: by name, by meaning, and by where they were seen.

Each sign is a number from 0 to 1; a regression over records entered a second time in other words and over
different offers of one provider weighs them. `tests/core/test_duplicates.py` measures how well that does.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from urllib.parse import urlsplit

import numpy as np
from rapidfuzz import fuzz

from knowledge_base.closeness import texts_of, unpack
from knowledge_base.records import Amount, Offer

LIKELY = 0.3  # who looks for look-alikes would rather see one pair too many than miss one
MOST_AT_ONE_PAGE = 30  # records of one page looked at in pairs: more is a directory, not an offer
MOST_WITH_A_WORD = 40  # records whose names share a word, for it to be a sign at all
NEIGHBOURS = 6
NEAR = 0.6  # cosine of two records' texts, for them to be looked at
BLOCK = 1000  # rows compared at once: 1,000 by 10,000 takes 40 MB
SAME_WORD = 84  # rapidfuzz: "programme" and "program" are one word
_WORD = re.compile(r"[^\W_]+")
_PLAIN = frozenset(
    (
        "the",
        "of",
        "for",
        "and",
        "in",
        "a",
        "to",
        "by",
        "at",
        "on",
        "und",
        "der",
        "die",
        "das",
        "för",
        "och",
        "i",
        "w",
        "de",
    )
)

# Weighed by a regression on the half of the reworded records that is set aside for it.
WEIGHTS: Mapping[str, float] = {
    "name": 1.62,
    "shared": 2.54,
    "apart": -2.66,
    "summary": 1.64,
    "whole": 2.85,
    "page": 1.24,
    "provider": 0.77,
    "kind": 2.99,
    "sums": 1.86,
    "areas": 2.66,
}
BIAS = -12.14


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be of one offer, ``one`` before ``other`` by id; ``alike`` is a chance, 0 to 1."""

    one: str
    other: str
    alike: float
    because: tuple[str, ...]


def pairs(
    offers: Iterable[Offer],
    vectors: Mapping[str, bytes] | None = None,
    apart: Collection[tuple[str, str]] = (),
    least: float = LIKELY,
) -> list[Pair]:
    """Return the pairs that look alike, the likeliest first.

    Args:
        offers: records, withdrawn ones are passed over.
        vectors: what `OfferVectors` keeps for each id, made of the record as it is; may lack some, or all.
        apart: pairs of ids that somebody said are two, in either order.
        least: the chance from which a pair is named.
    """
    looked_at = _Looked([offer for offer in offers if offer.status != "withdrawn"], vectors or {})
    two = {frozenset(each) for each in apart}
    found = []
    for one, other in looked_at.candidates():
        if frozenset((one.id, other.id)) in two or linked(one, other):
            continue
        signs = looked_at.signs(one, other)
        alike = chance(signs)
        if alike >= least:
            found.append(Pair(one.id, other.id, round(alike, 3), _because(one, other, signs)))
    return sorted(found, key=lambda pair: (-pair.alike, pair.one, pair.other))


def chance(signs: Mapping[str, float]) -> float:
    """Return how likely two records with these signs are of one offer."""
    return 1 / (1 + math.exp(-(BIAS + sum(WEIGHTS[name] * value for name, value in signs.items()))))


def linked(one: Offer, other: Offer) -> bool:
    """Say whether one record names the other: whoever wrote that knew that they are two."""
    return other.id in _named(one) or one.id in _named(other)


def _named(offer: Offer) -> set[str | None]:
    return {*offer.requires, *offer.leads_to, *offer.excludes, offer.succeeded_by, offer.part_of}


def words_of(name: str) -> list[str]:
    """Return the words of a name as they are compared: lower case, without accents and little words."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    found = _WORD.findall("".join(c for c in plain if not unicodedata.combining(c)))
    return [word for word in found if word not in _PLAIN]


def page_of(url: str | None) -> str:
    """Return an address as it is compared: without scheme, www, a closing slash and what follows # ."""
    if not url:
        return ""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").removeprefix("www.").rstrip(".")
    except ValueError:
        return ""
    return f"{host}{parts.path.rstrip('/')}{'?' + parts.query if parts.query else ''}".casefold()


class _Looked:
    """The records of one look, with what is compared of them made once."""

    def __init__(self, offers: Sequence[Offer], vectors: Mapping[str, bytes]) -> None:
        self.offers = sorted(offers, key=lambda offer: offer.id)
        self.names = {o.id: [words_of(name) for name in _names(o)] for o in self.offers}
        self.pages = {o.id: page_of(o.source.url) for o in self.offers}
        self.words = {o.id: {word for name in self.names[o.id] for word in name} for o in self.offers}
        self.often = Counter(word for words in self.words.values() for word in words)
        self.summaries: dict[str, np.ndarray] = {}
        self.wholes: dict[str, np.ndarray] = {}
        for offer in self.offers:
            rows = _rows(offer, vectors.get(offer.id))
            if rows is not None:
                texts = texts_of(offer)
                told = texts.index(offer.summary) if offer.summary in texts else len(texts) - 1
                self.summaries[offer.id], self.wholes[offer.id] = _unit(rows[told]), _unit(rows.mean(axis=0))

    def candidates(self) -> Iterator[tuple[Offer, Offer]]:
        """Give each pair worth a closer look once: of one page, with a rare word in common, or near."""
        by_id = {offer.id: offer for offer in self.offers}
        seen: set[tuple[str, str]] = set()
        for ids in [*self._on_one_page(), *self._of_one_word()]:
            seen.update(combinations(sorted(ids), 2))
        seen.update(self._near())
        return ((by_id[one], by_id[other]) for one, other in sorted(seen))

    def _on_one_page(self) -> Iterator[list[str]]:
        groups: dict[str, list[str]] = defaultdict(list)
        for id, page in self.pages.items():
            groups[page].append(id)
        return (ids for page, ids in groups.items() if page and 1 < len(ids) <= MOST_AT_ONE_PAGE)

    def _of_one_word(self) -> Iterator[list[str]]:
        groups: dict[str, list[str]] = defaultdict(list)
        for id, words in self.words.items():
            for word in words:
                if self.often[word] <= MOST_WITH_A_WORD:
                    groups[word].append(id)
        return (ids for ids in groups.values() if len(ids) > 1)

    def _near(self) -> Iterator[tuple[str, str]]:
        ids = list(self.wholes)
        if len(ids) < 2:
            return
        rows = np.stack([self.wholes[id] for id in ids])
        most = min(NEIGHBOURS, len(ids) - 1)
        for start in range(0, len(ids), BLOCK):
            close = rows[start : start + BLOCK] @ rows.T
            close[np.arange(len(close)), np.arange(start, start + len(close))] = -1
            nearest = np.argpartition(-close, most - 1, axis=1)[:, :most]
            for at, others in enumerate(nearest):
                for other in others:
                    if close[at, other] >= NEAR:
                        first, second = sorted((ids[start + at], ids[int(other)]))
                        yield first, second

    def signs(self, one: Offer, other: Offer) -> dict[str, float]:
        """Return the signs of a pair, each from 0 to 1."""
        pairs_of_names = [(a, b) for a in self.names[one.id] for b in self.names[other.id]]
        name = max((fuzz.token_sort_ratio(" ".join(a), " ".join(b)) for a, b in pairs_of_names), default=0)
        shared, apart = self._words(one, other)
        return {
            "name": name / 100,
            "shared": shared,
            "apart": apart,
            "summary": self._near_to(self.summaries, one, other),
            "whole": self._near_to(self.wholes, one, other),
            "page": float(bool(self.pages[one.id]) and self.pages[one.id] == self.pages[other.id]),
            "provider": float(one.provider == other.provider and bool(one.provider)),
            "kind": float(one.kind == other.kind),
            "sums": _same_sums(one.amount, other.amount),
            "areas": float(set(one.areas) == set(other.areas)),
        }

    def _words(self, one: Offer, other: Offer) -> tuple[float, float]:
        """Return what part of the names' words both have, and each has of its own; rare ones count more."""
        first, second = self.words[one.id], self.words[other.id]
        short_for = self._short_for(one, other) | self._short_for(other, one)
        only_first = {word for word in first if word not in short_for and not _among(word, second)}
        only_second = {word for word in second if word not in short_for and not _among(word, first)}
        common = self._rarity(first - only_first)
        whole = min(self._rarity(first), self._rarity(second)) or 1.0
        own = min(self._rarity(only_first), self._rarity(only_second))
        return min(1.0, common / whole), min(1.0, own / whole)

    def _short_for(self, one: Offer, other: Offer) -> set[str]:
        """Return the words of one's names that are initials of the other's, with what they stand for."""
        found: set[str] = set()
        for name in self.names[one.id]:
            initials = "".join(word[0] for word in name)
            for word in self.words[other.id]:
                at = initials.find(word) if len(word) >= 3 else -1
                if at >= 0:
                    found |= {word, *name[at : at + len(word)]}
        return found

    def _rarity(self, words: Iterable[str]) -> float:
        return sum(math.log(1 + len(self.offers) / self.often[word]) for word in words)

    @staticmethod
    def _near_to(rows: Mapping[str, np.ndarray], one: Offer, other: Offer) -> float:
        if one.id not in rows or other.id not in rows:
            return 0.5
        return max(0.0, float(rows[one.id] @ rows[other.id]))


def _names(offer: Offer) -> list[str]:
    return [name for name in (offer.name, offer.local_name, *offer.aliases) if name]


def _among(word: str, words: Collection[str]) -> bool:
    return word in words or any(len(word) > 3 and fuzz.ratio(word, each) >= SAME_WORD for each in words)


def _rows(offer: Offer, packed: bytes | None) -> np.ndarray | None:
    """Return the vectors of an offer's texts, or None where they are not those of the texts it has now."""
    if not packed:
        return None
    try:
        rows = unpack(packed)
    except ValueError:
        return None
    return rows if len(rows) == len(texts_of(offer)) else None


def _unit(row: np.ndarray) -> np.ndarray:
    return row / (float(np.linalg.norm(row)) or 1.0)


def _same_sums(one: Amount, other: Amount) -> float:
    """Return 1 where both tell a sum and it is the same, 0 where it differs, a half where one tells none."""
    told = [(one.max, other.max), (one.rate_percent, other.rate_percent), (one.min, other.min)]
    both = [(a, b) for a, b in told if a is not None and b is not None]
    if not both or (one.currency and other.currency and one.currency != other.currency):
        return 0.5 if not both else 0.0
    return sum(a == b for a, b in both) / len(both)


def _because(one: Offer, other: Offer, signs: Mapping[str, float]) -> tuple[str, ...]:
    """Say what makes two records look alike, in a few words each."""
    found = []
    if signs["page"]:
        found.append("seen on the same page")
    if signs["name"] >= 0.8:
        found.append("much the same name")
    elif signs["shared"] >= 0.6:
        found.append("rare words of their names in common")
    if signs["summary"] != 0.5 and max(signs["summary"], signs["whole"]) >= 0.7:
        found.append("much the same meaning")
    if signs["provider"]:
        found.append("of one provider")
    if signs["sums"] == 1:
        found.append("the same sums")
    return tuple(found) or ("several small signs together",)
