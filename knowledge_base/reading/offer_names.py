"""Find the offers a message names, by the live catalogue's names, local names and aliases.

The longest name wins, so "SIRU 2.0" is never "SIRU". A name made of everyday words ("Help to Grow") must be
written with its capitals, be long and definite, or be spoken of as a thing ("that help to grow thing").
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from spacy.lang.en.stop_words import STOP_WORDS

from knowledge_base.place_names import fold
from knowledge_base.reading.frames import Phrases
from knowledge_base.reading.lists import listed
from knowledge_base.reading.text import Message
from knowledge_base.records import Catalogue, Offer

_NAME_WORD = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[^\W\d_]+(?:['’][^\W\d_]+)*|&")
_SPOKEN_OF = frozenset({"that", "done", "did", "completed", "finished", "called"})
_INDEFINITE = frozenset({"a", "an", "any", "some", "my", "our", "need", "want", "get", "of", "for"})
_PLACED = frozenset({"wales", "uk", "europe", "european"})  # a name with a place in it is no ordinary phrase
_IN_NAMES = frozenset({"up", "and", "of"})
_DROPPED = frozenset({"scheme", "programme", "programmes"})
_FUNDS = frozenset({"loan", "loans", "grant", "grants", "voucher", "vouchers", "fund"})
_MOST_ALIKE = 3


@dataclass(frozen=True, slots=True)
class Mention:
    """Offers one name may mean, at words ``start`` to ``end`` (excluded) of the message."""

    offers: tuple[str, ...]
    start: int
    end: int


@cache
def everyday() -> frozenset[str]:
    """Return the words too common to be an offer's name by themselves."""
    return frozenset(STOP_WORDS) | listed("offer_names.everyday")


class OfferNames:
    """Every way the catalogue's offers may be named."""

    def __init__(self, catalogue: Catalogue) -> None:
        meant: dict[tuple[str, ...], dict[str, None]] = {}
        self._written: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
        for derived in (False, True):
            new: dict[tuple[str, ...], dict[str, None]] = {}
            for offer in catalogue.offers.values():
                for name in _short_names(offer) if derived else _names(offer):
                    cased = tuple(_NAME_WORD.findall(name.replace("’", "'")))
                    row = tuple(fold(word) for word in cased)
                    if row and row not in meant and _telling(row, cased):
                        new.setdefault(row, {})[offer.id] = None
                        self._written.setdefault(row, set()).add(cased)
            meant |= new
        self._meant = {row: tuple(ids) for row, ids in meant.items() if len(ids) <= _MOST_ALIKE}
        self._phrases = Phrases({"offer": self._meant})
        self._parts = _parts(catalogue)

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
            for part in _NAME_WORD.findall(message.words[at].text) or [message.words[at].text]:
                cased.append(part.removesuffix("'s").removesuffix("’s"))
                where.append(at)
        rows = [fold(word) for word in cased]
        spans = self._phrases.find(rows).get("offer", []) + self._phrases.find(
            [_one(row, self._meant) for row in rows]
        ).get("offer", [])
        found: list[Mention] = []
        reached = -1
        for start, end in sorted(set(spans), key=lambda span: (span[0], -span[1])):
            row = tuple(rows[start:end])
            if row not in self._meant:
                row = tuple(_one(word, self._meant) for word in row)
            if (
                start < reached
                or row not in self._meant
                or not self._meant_so(row, cased[start:end], rows, start, end)
            ):
                continue
            found.append(Mention(self._meant[row], where[start], where[end - 1] + 1))
            reached = end
        return found or self._in_part(rows, where)

    def _in_part(self, rows: list[str], where: list[int]) -> list[Mention]:
        """Read "the goldman sachs one": part of one offer's name, spoken of as a thing."""
        for before, word in enumerate(rows[:-1]):
            at = before + 1
            for size in (3, 2) if word in {"the", "that"} else ():
                after = rows[at + size] if at + size < len(rows) else ""
                meant = self._parts.get(tuple(rows[at : at + size]))
                if meant is not None and after in listed("references.nouns"):
                    return [Mention((meant,), where[at], where[at + size - 1] + 1)]
        return []

    def _meant_so(
        self, row: tuple[str, ...], cased: list[str], rows: list[str], start: int, end: int
    ) -> bool:
        if not all(word in everyday() or word.isdigit() for word in row) and not _short_acronym(
            row, self._written[row]
        ):
            return True
        if any(_same_case(written, cased) for written in self._written[row]):
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


def _one(word: str, meant: dict[tuple[str, ...], tuple[str, ...]]) -> str:
    """Read "KTPs" as "KTP" where only the latter is a name."""
    return word[:-1] if word.endswith("s") and (word[:-1],) in meant else word


def _names(offer: Offer) -> list[str]:
    return [name for name in (offer.name, offer.local_name, *offer.aliases) if name]


def _parts(catalogue: Catalogue) -> dict[tuple[str, ...], str]:
    """Return two or three words in a row, two of them telling, of one offer's or provider's names alone."""
    meant: dict[tuple[str, ...], set[str]] = {}
    for offer in catalogue.offers.values():
        by = catalogue.providers.get(offer.provider)
        for name in [*_names(offer), *((by.name, *by.aliases) if by is not None else ())]:
            row = [fold(word) for word in _NAME_WORD.findall(name)]
            for size in (2, 3):
                for at in range(len(row) - size + 1):
                    part = tuple(row[at : at + size])
                    if sum(word not in STOP_WORDS | listed("offer_names.generic") for word in part) > 1:
                        meant.setdefault(part, set()).add(offer.id)
    return {part: next(iter(ids)) for part, ids in meant.items() if len(ids) == 1}


def _short_names(offer: Offer) -> list[str]:
    """Return a name without brackets or what follows a colon or dash, and a short form in brackets."""
    out: list[str] = []
    for name in _names(offer):
        bare = re.sub(r"\([^()]*\)", " ", name)
        out += [bare, *re.split(r" [–—-] |: ", bare)[:1]]
        out += [
            inside
            for inside in re.findall(r"\(([^()]*)\)", name)
            if inside.isupper() and inside.isalpha() and len(inside) > 2
        ]
        out += [part for part in re.split(r" [–—] ", bare)[:1] if part]
        words = re.split(r": ", bare)[0].split()
        if len(words) > 3 and words[-1].lower() in _DROPPED and words[-2].lower() in _FUNDS:
            out.append(" ".join(words[:-1]))
    return [name for name in out if name.strip()]


def _telling(row: tuple[str, ...], cased: tuple[str, ...]) -> bool:
    """Say whether a name can be told from ordinary talk at all."""
    if len(row) == 1:
        return len(row[0]) > 2 and not row[0].isdigit() and (row[0] not in everyday() or cased[0].isupper())
    return not all(
        word in everyday() and not written[:1].isupper() for word, written in zip(row, cased, strict=True)
    )
