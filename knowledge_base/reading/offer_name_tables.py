"""Every way the catalogue's offers may be named, in tables that take in one changed offer by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from spacy.lang.en.stop_words import STOP_WORDS

from knowledge_base.place_names import fold
from knowledge_base.reading.lists import listed
from knowledge_base.records import Catalogue, Offer

Row = tuple[str, ...]
Naming = tuple[str, Row]
"""An offer's id, and the name as it is written."""

NAME_WORD = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[^\W\d_]+(?:['’][^\W\d_]+)*|&")
MOST_ALIKE = 3

_DROPPED = frozenset({"scheme", "programme", "programmes"})
_FUNDS = frozenset({"loan", "loans", "grant", "grants", "voucher", "vouchers", "fund"})


@cache
def everyday() -> frozenset[str]:
    """Return the words too common to be an offer's name by themselves."""
    return frozenset(STOP_WORDS) | listed("offer_names.everyday")


@dataclass(frozen=True)
class NameTables:
    """Names by their folded words: those written in the records, and those shortened from them.

    A shortened name counts only where no record has it in full. ``lengths`` says by first word how many words
    a name may have, the most first; ``holding`` which offers have a telling word in a name of theirs.
    """

    offers: Mapping[str, Offer]
    full: dict[Row, list[Naming]] = field(default_factory=dict)
    short: dict[Row, list[Naming]] = field(default_factory=dict)
    lengths: dict[str, tuple[int, ...]] = field(default_factory=dict)
    holding: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, catalogue: Catalogue, before: NameTables | None = None) -> NameTables:
        """Make the tables, or take those of an earlier version and change what has changed since."""
        offers = catalogue.offers
        if before is None:
            tables = cls(offers)
            words: dict[str, str] = {}
            for offer in offers.values():
                tables._add(offer, words)
            return tables
        gone = [each for id, each in before.offers.items() if offers.get(id) is not each]
        new = [each for id, each in offers.items() if before.offers.get(id) is not each]
        if len(gone) + len(new) > len(offers) // 4:
            return cls.of(catalogue)
        full, short = dict(before.full), dict(before.short)
        tables = cls(offers, full, short, dict(before.lengths), dict(before.holding))
        for each in gone:
            tables._take_out(each)
        for each in new:
            tables._add(each, {}, fresh=True)
        return tables

    def meant(self, row: Row) -> tuple[str, ...] | None:
        """Return the offers a name means, in order of id; None where it is no name, or too many have it."""
        found = self.full.get(row) or self.short.get(row)
        if not found:
            return None
        ids = sorted({id for id, _ in found})
        return tuple(ids) if len(ids) <= MOST_ALIKE else None

    def written(self, row: Row) -> set[Row]:
        """Return how a name is written, in every record that has it."""
        return {cased for _, cased in self.full.get(row) or self.short.get(row) or ()}

    def longest(self, rows: list[str]) -> list[tuple[int, int]]:
        """Return where the longest name at each word starts and ends (excluded)."""
        found = []
        for start, word in enumerate(rows):
            for length in self.lengths.get(word, ()):
                row = tuple(rows[start : start + length])
                if len(row) == length and self.meant(row):
                    found.append((start, start + length))
                    break
        return found

    def _add(self, offer: Offer, words: dict[str, str], fresh: bool = False) -> None:
        """Enter an offer; ``fresh`` where the lists are those of an earlier version, still read by others."""
        for table, row, cased in self._names_of(offer, words):
            naming = offer.id, cased
            if fresh:
                table[row] = [*table.get(row, ()), naming]
            else:
                table.setdefault(row, []).append(naming)
            known = self.lengths.get(row[0], ())
            if len(row) not in known:
                self.lengths[row[0]] = tuple(sorted((*known, len(row)), reverse=True))
        for word in telling_words(offer, words):
            if fresh:
                self.holding[word] = [*self.holding.get(word, ()), offer.id]
            else:
                self.holding.setdefault(word, []).append(offer.id)

    def _take_out(self, offer: Offer) -> None:
        for table, row, _ in list(self._names_of(offer, {})):
            table[row] = [naming for naming in table.get(row, ()) if naming[0] != offer.id]
            if not table[row]:
                del table[row]
        for word in telling_words(offer, {}):
            self.holding[word] = [id for id in self.holding.get(word, ()) if id != offer.id]
            if not self.holding[word]:
                del self.holding[word]

    def _names_of(
        self, offer: Offer, words: dict[str, str]
    ) -> Iterator[tuple[dict[Row, list[Naming]], Row, Row]]:
        """Yield each name that can be told from ordinary talk, with the table it belongs in."""
        own: set[Row] = set()
        names = names_of(offer)
        for table, each in ((self.full, names), (self.short, _shortened(names))):
            for name in each:
                cased = tuple([words.setdefault(w, w) for w in NAME_WORD.findall(name.replace("’", "'"))])
                row = tuple([_folded(word, words) for word in cased])
                if row and not (table is self.short and row in own) and _telling(row, cased):
                    own.add(row)
                    yield table, row, cased


def names_of(offer: Offer) -> list[str]:
    return [name for name in (offer.name, offer.local_name, *offer.aliases) if name]


def words_of_name(name: str) -> list[str]:
    return [fold(word) for word in NAME_WORD.findall(name)]


def telling_words(offer: Offer, words: dict[str, str]) -> set[str]:
    """Return the words of an offer's names that say which offer it is."""
    found = {_folded(word, words) for name in names_of(offer) for word in NAME_WORD.findall(name)}
    return found - general()


@cache
def general() -> frozenset[str]:
    """Return the words that many offers have in their names."""
    return frozenset(STOP_WORDS | listed("offer_names.generic"))


def _folded(word: str, words: dict[str, str]) -> str:
    """Fold a word; ``words`` keeps those met before, so that each is folded and kept once."""
    key = f" {word}"  # words as written stand beside their folded forms
    found = words.get(key)
    if found is None:
        found = fold(word)
        found = words[key] = words.setdefault(found, found)
    return found


def _shortened(names: list[str]) -> list[str]:
    """Return names without brackets or what follows a colon or dash, and short forms in brackets."""
    out: list[str] = []
    for name in names:
        bare = re.sub(r"\([^()]*\)", " ", name) if "(" in name else name
        out += [bare, *re.split(r" [–—-] |: ", bare)[:1]]
        out += [
            inside
            for inside in (re.findall(r"\(([^()]*)\)", name) if "(" in name else ())
            if inside.isupper() and inside.isalpha() and len(inside) > 2
        ]
        out += [part for part in re.split(r" [–—] ", bare)[:1] if part]
        words = re.split(r": ", bare)[0].split()
        if len(words) > 3 and words[-1].lower() in _DROPPED and words[-2].lower() in _FUNDS:
            out.append(" ".join(words[:-1]))
    return [name for name in dict.fromkeys(out) if name.strip()]


def _telling(row: Row, cased: Row) -> bool:
    """Say whether a name can be told from ordinary talk at all."""
    common = everyday()
    if len(row) == 1:
        return len(row[0]) > 2 and not row[0].isdigit() and (row[0] not in common or cased[0].isupper())
    return not all(
        word in common and not written[:1].isupper() for word, written in zip(row, cased, strict=True)
    )
