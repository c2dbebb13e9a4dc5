"""Find the offers a message names, by the live catalogue's names, local names and aliases.

The longest name wins, so "SIRU 2.0" is never "SIRU". A name made of everyday words ("Help to Grow") must be
written with its capitals, be long and definite, or be spoken of as a thing ("that help to grow thing").
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from spacy.lang.en.stop_words import STOP_WORDS

from knowledge_base.place_names import fold
from knowledge_base.reading.lists import listed
from knowledge_base.reading.offer_name_tables import (
    NAME_WORD,
    NameTables,
    everyday,
    general,
    names_of,
    words_of_name,
)
from knowledge_base.reading.text import Message
from knowledge_base.records import Catalogue

_SPOKEN_OF = frozenset({"that", "done", "did", "completed", "finished", "called"})
_INDEFINITE = frozenset({"a", "an", "any", "some", "my", "our", "need", "want", "get", "of", "for"})
_PLACED = frozenset({"wales", "uk", "europe", "european"})  # a name with a place in it is no ordinary phrase
_IN_NAMES = frozenset({"up", "and", "of"})


@dataclass(frozen=True, slots=True)
class Mention:
    """Offers one name may mean, at words ``start`` to ``end`` (excluded) of the message."""

    offers: tuple[str, ...]
    start: int
    end: int


class OfferNames:
    """Every way the catalogue's offers may be named; ``before`` are those of an earlier version, if any."""

    def __init__(self, catalogue: Catalogue, before: OfferNames | None = None) -> None:
        self._catalogue = catalogue
        self._tables: NameTables = NameTables.of(catalogue, before._tables if before else None)

    def find(self, message: Message) -> list[Mention]:
        """Return the mentions in order, none overlapping another."""
        places = [
            at
            for at, word in enumerate(message.words)
            if word.low not in listed("offer_names.skipped") or word.quantity is not None
        ]
        cased: list[str] = []
        where: list[int] = []
        for at in places:
            for part in NAME_WORD.findall(message.words[at].text) or [message.words[at].text]:
                cased.append(part.removesuffix("'s").removesuffix("’s"))
                where.append(at)
        rows = [fold(word) for word in cased]
        tables = self._tables
        spans = tables.longest(rows) + tables.longest([self._one(word) for word in rows])
        found: list[Mention] = []
        reached = -1
        for start, end in sorted(set(spans), key=lambda span: (span[0], -span[1])):
            row = tuple(rows[start:end])
            meant = tables.meant(row)
            if meant is None:
                row = tuple(self._one(word) for word in row)
                meant = tables.meant(row)
            if (
                start < reached
                or meant is None
                or not self._meant_so(row, cased[start:end], rows, start, end)
            ):
                continue
            found.append(Mention(meant, where[start], where[end - 1] + 1))
            reached = end
        return found or self._in_part(rows, where)

    def _in_part(self, rows: list[str], where: list[int]) -> list[Mention]:
        """Read "the goldman sachs one": part of one offer's name, spoken of as a thing."""
        for before, word in enumerate(rows[:-1]):
            at = before + 1
            for size in (3, 2) if word in {"the", "that"} else ():
                after = rows[at + size] if at + size < len(rows) else ""
                if after in listed("references.nouns"):
                    meant = self._only_one_with(rows[at : at + size])
                    if meant is not None:
                        return [Mention((meant,), where[at], where[at + size - 1] + 1)]
        return []

    def _only_one_with(self, part: list[str]) -> str | None:
        """Return the offer that alone has these words in a row, two of them telling, in a name of its own or
        of its provider."""
        telling = [word for word in part if word not in general()]
        if len(telling) < 2:
            return None
        offers, providers = self._catalogue.offers, self._catalogue.providers.values()
        by = {each.id for each in providers if any(_holds(name, part) for name in (each.name, *each.aliases))}
        found = {offer.id for offer in offers.values() if offer.provider in by} if by else set()
        rarest = min((self._tables.holding.get(word, []) for word in telling), key=len)
        for id in rarest:
            if len(found) > 1:
                break
            if any(_holds(name, part) for name in names_of(offers[id])):
                found.add(id)
        return found.pop() if len(found) == 1 else None

    def _one(self, word: str) -> str:
        """Read "KTPs" as "KTP" where only the latter is a name."""
        return word[:-1] if word.endswith("s") and self._tables.meant((word[:-1],)) else word

    def _meant_so(
        self, row: tuple[str, ...], cased: list[str], rows: list[str], start: int, end: int
    ) -> bool:
        if not all(word in everyday() or word.isdigit() for word in row) and not _short_acronym(
            row, self._tables.written(row)
        ):
            return True
        if any(_same_case(written, cased) for written in self._tables.written(row)):
            return len(row) > 1 or (cased[0].isupper() and len(cased[0]) > 1)
        if len(row) < 2:
            return False
        before = rows[start - 1] if start else ""
        if (
            len(row) > 2 and not (STOP_WORDS - _IN_NAMES) & set(row) and before not in _INDEFINITE
        ) or _PLACED & set(row):
            return True
        after = rows[end] if end < len(rows) else ""
        return len(row) > 2 and (
            before in _SPOKEN_OF
            or (after in listed("offer_names.thing") and before not in {"need", "want", "some", "me", "us"})
        )


def _short_acronym(row: tuple[str, ...], written: Iterable[tuple[str, ...]]) -> bool:
    """Say whether a name is two or three capitals that could be read as a word, such as TAP."""
    return (
        len(row) == 1
        and len(row[0]) <= 3
        and all(w[0].isupper() for w in written)
        and bool(set("aeiouy") & set(row[0]))
    )


def _same_case(written: Iterable[str], said: Iterable[str]) -> bool:
    return all(w == s or w.islower() for w, s in zip(written, said, strict=True))


def _holds(name: str, part: list[str]) -> bool:
    """Say whether a name has these words in a row."""
    row = words_of_name(name)
    return any(row[at : at + len(part)] == part for at in range(len(row) - len(part) + 1))
