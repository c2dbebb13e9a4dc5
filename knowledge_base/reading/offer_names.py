"""Find the offers a message names, by the live catalogue's names, local names and aliases.

The longest name wins, so "SIRU 2.0" is never "SIRU". A name made of everyday words ("Help to Grow") must be
written with its capitals, or be spoken of as a thing ("that help to grow thing", "done help to grow").
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from spacy.lang.en.stop_words import STOP_WORDS

from knowledge_base.place_names import fold
from knowledge_base.reading.frames import Phrases
from knowledge_base.reading.text import Message
from knowledge_base.records import Catalogue, Offer

_SKIPPED = frozenset({":", "-", "–", "/", '"', "'", "(", ")", "“", "”", "‘", "’", "#", "³"})
_NAME_WORD = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[^\W\d_]+(?:['’][^\W\d_]+)*|&")
_EVERYDAY = STOP_WORDS | frozenset(
    "academy access accelerator action adviser advice advisory angel apprenticeship art assist audit automation award awards "
    "bank board boost bridge build building business businesses capital catalyst centre challenge change check chamber circle "
    "circular city clean climate cloud club cluster coaching college commercial community company competition connect connected "
    "consulting cooperation council county course create creative credit credits culture cyber data delivery design development "
    "diagnostic digital direct discovery drive early east economy edge employer employment energy england enterprise entrepreneur "
    "equipment events expert experts export exporting facility fair fast finance financial first fit food forum forward foundation "
    "founders free friends fund funding funds future gain general grant grants green group grow growing growth guarantee guide "
    "health help high home house hub hubs idea ideas impact improve industry information initiative innovation innovative insight "
    "inspire invest investment investor ion it kickstart lab labs launch leader leaders leadership lean learn learning level library "
    "links loan loans local low made made make management manufacturing mark market marketing mas mass matching mentor mentoring "
    "mentors micro mission mobility money national net network networking networks new next north offer online open opportunity "
    "partner partners partnership partnerships pathway people pilot place plan plus pool power premises prize pro process product "
    "productivity professional programme programmes project projects promise property prospects public ready reach regional region "
    "relief rescue research resource resources retrofit review rise road route rural safe sales save scale scheme school science "
    "scout sector seed service services set share skill skills small smart social society solutions south space spark spring "
    "standard start starter starting startup step store strategy strategic student students studio success summit supply support "
    "surgery sustainability sustainable talent target tax team tech technical technology test the think thrive time together tool "
    "toolbox toolkit top town track trade trademark training transfer transform transition trial trust uk university up upgrade "
    "urban value venture ventures village virtual voucher vouchers wales waste water web welcome west women work workplace workshop "
    "workshops works world year young youth zero business sme smes european europe credit overdraft apply website".split()
)
_THING = frozenset({"thing", "scheme", "programme", "program", "course", "again", "already", "management", "digital", "application"})
_SPOKEN_OF = frozenset({"that", "done", "did", "completed", "finished", "called"})
_MOST_ALIKE = 3


@dataclass(frozen=True, slots=True)
class Mention:
    """Offers one name may mean, at words ``start`` to ``end`` (excluded) of the message."""

    offers: tuple[str, ...]
    start: int
    end: int


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

    def find(self, message: Message) -> list[Mention]:
        """Return the mentions in order, none overlapping another."""
        places = [at for at, word in enumerate(message.words) if word.low not in _SKIPPED or word.quantity is not None]
        cased: list[str] = []
        where: list[int] = []
        for at in places:
            for part in _NAME_WORD.findall(message.words[at].text) or [message.words[at].text]:
                cased.append(part.removesuffix("'s").removesuffix("’s"))
                where.append(at)
        rows = [fold(word) for word in cased]
        spans = self._phrases.find(rows).get("offer", []) + self._phrases.find([_one(row, self._meant) for row in rows]).get("offer", [])
        found: list[Mention] = []
        reached = -1
        for start, end in sorted(set(spans), key=lambda span: (span[0], -span[1])):
            row = tuple(rows[start:end])
            if row not in self._meant:
                row = tuple(_one(word, self._meant) for word in row)
            if start < reached or row not in self._meant or not self._meant_so(row, cased[start:end], rows, start, end):
                continue
            found.append(Mention(self._meant[row], where[start], where[end - 1] + 1))
            reached = end
        return found

    def _meant_so(self, row: tuple[str, ...], cased: list[str], rows: list[str], start: int, end: int) -> bool:
        if not all(word in _EVERYDAY or word.isdigit() for word in row):
            return True
        if any(_same_case(written, cased) for written in self._written[row]):
            return len(row) > 1 or cased[0].isupper() and len(cased[0]) > 1
        if len(row) < 2:
            return False
        before = rows[start - 1] if start else ""
        after = rows[end] if end < len(rows) else ""
        return len(row) > 2 and (before in _SPOKEN_OF or after in _THING and before not in {"need", "want", "some", "me", "us"})


def _same_case(written: Iterable[str], said: Iterable[str]) -> bool:
    return all(w == s or w.islower() for w, s in zip(written, said, strict=True))


def _one(word: str, meant: dict[tuple[str, ...], tuple[str, ...]]) -> str:
    """Read "KTPs" as "KTP" where only the latter is a name."""
    return word[:-1] if word.endswith("s") and (word[:-1],) in meant else word


def _names(offer: Offer) -> list[str]:
    return [name for name in (offer.name, offer.local_name, *offer.aliases) if name]


def _short_names(offer: Offer) -> list[str]:
    """Return a name without what stands in brackets or after a colon or dash, and a short form in brackets."""
    out: list[str] = []
    for name in _names(offer):
        bare = re.sub(r"\([^()]*\)", " ", name)
        out += [bare, *re.split(r" [–—-] |: |, ", bare)[:1]]
        out += [inside for inside in re.findall(r"\(([^()]*)\)", name) if inside.isupper() and inside.isalpha() and len(inside) > 2]
        out += [part for part in re.split(r" [–—] ", bare)[:1] if part]
    return [name for name in out if name.strip()]


def _telling(row: tuple[str, ...], cased: tuple[str, ...]) -> bool:
    """Say whether a name can be told from ordinary talk at all."""
    if len(row) == 1:
        return len(row[0]) > 2 and not row[0].isdigit() and (row[0] not in _EVERYDAY or cased[0].isupper())
    return not all(word in _EVERYDAY and not written[:1].isupper() for word, written in zip(row, cased, strict=True))
