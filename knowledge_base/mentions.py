"""Find the places that a running message mentions, without misreading ordinary words for villages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from knowledge_base.place_names import AREA, CITY, Meaning, abroad, fold, read_table, word_key
from knowledge_base.postcodes import UK_FULL, UK_OUTWARD, is_covered, uk_areas

Lookup = Callable[[str], tuple[Meaning, ...]]

LONGEST_NAME = 6  # words

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|&")
_GAP = re.compile(r"[ \t\u00a0]?[-–.]?[ \t\u00a0]{0,2}")
_CLOSES = re.compile(r"\s*(?:[.,;:()/|!\n–—]|- |$|(?<= )(?:we|is where|it is)\b)")
_BASED = re.compile(r"[ -]based\b")
_SITED = frozenset({"in", "near", "nr"})
_VITAMINS = ("B1", "B2", "B3", "B5", "B6", "B7", "B9", "B12")
_GREETINGS = frozenset({"hi", "hello", "hey", "dear", "thanks", "regards", "cheers", "bye", "sorry"})
_SENTENCE = re.compile(r"[.!?:\n•*]\s*[\"'“‘(]*$")


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a message names a place: characters from ``start`` to before ``end``."""

    start: int
    end: int
    text: str
    meanings: tuple[Meaning, ...]


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    key: str
    joined: bool  # to the word before it: they may be parts of one name
    opens: bool  # a sentence
    capital: bool


def mentions_in(text: str, lookup: Lookup) -> list[Mention]:
    """Return the places mentioned, in order and without overlaps; the longest name wins."""
    found = _postcodes(text)
    words = _words(text)
    taken = [(m.start, m.end) for m in found]
    at = 0
    while at < len(words):
        mention, length = _longest(text, words, at, lookup)
        if mention and not any(s < mention.end and mention.start < e for s, e in taken):
            found.append(mention)
        at += length if mention else 1
    return sorted(found, key=lambda m: m.start)


def _words(text: str) -> list[_Word]:
    words: list[_Word] = []
    end = 0
    for match in _WORD.finditer(text):
        gap = text[end : match.start()]
        word = match.group()
        opens = not words or bool(_SENTENCE.search(gap))
        joined = bool(words) and len(gap) <= 4 and _GAP.fullmatch(gap) is not None
        words.append(_Word(match.start(), match.end(), word_key(word), joined, opens, word[0].isupper()))
        end = match.end()
    return words


def _longest(text: str, words: list[_Word], at: int, lookup: Lookup) -> tuple[Mention | None, int]:
    most = 1
    while most < LONGEST_NAME and at + most < len(words) and words[at + most].joined:
        most += 1
    for length in range(most, 0, -1):
        last = words[at + length - 1]
        for key, end in _spellings(text, words, at, length, last):
            if (meanings := lookup(key)) and _meant(text, words, at, length, key, end, meanings):
                return Mention(words[at].start, end, text[words[at].start : end], meanings), length
    return None, 1


def _spellings(text: str, words: list[_Word], at: int, length: int, last: _Word) -> list[tuple[str, int]]:
    parts = [w.key for w in words[at : at + length]]
    if length > 1 and parts[0] == "saint":
        parts[0] = "st"
    if length > 1 and parts[0] == "the":
        return []
    spellings = [(" ".join(parts), last.end)]
    if text[last.end - 2 : last.end] in ("'s", "’s"):
        spellings.append((" ".join([*parts[:-1], parts[-1][:-1]]), last.end - 2))
    return spellings


def _meant(
    text: str, words: list[_Word], at: int, length: int, key: str, end: int, meanings: tuple[Meaning, ...]
) -> bool:
    """Say whether these words name a place here, and not something else."""
    first, cues = words[at], _cues()
    weak = meanings[0].level == CITY
    before = words[at - 1].key if at and not first.opens else ""
    gap = 2 if before == "the" and not weak else 1
    placed = not first.opens and at >= gap and words[at - gap].key in cues["before"]
    if placed and at > gap and words[at - gap - 1].key in cues["seated"]:
        return True
    if key in cues["months"]:
        return False
    shown, name = text[first.start : end], meanings[0].name
    if name.isupper() and len(name) > 2 and fold(name) == fold(shown):
        return shown.isupper()
    if key in cues["words"] or (weak and key in cues["names"]):
        short = key in cues["short"] and _a_segment(text, first, end)
        return (placed or short) and first.capital and not first.opens
    if key in cues["names"]:
        after = words[at + length].key if at + length < len(words) else ""
        seat = before == "is" and at > 1 and words[at - 2].key in cues["seated"]
        person = (before in cues["people"] and not seat) or (first.opens and after in cues["after_people"])
        return placed or (first.capital and not person)
    if not weak:
        return True
    home = not abroad(meanings[0])
    large = meanings[0].population >= 50_000 and home
    plain = home and key not in cues["common"]
    if not first.capital:
        sited = plain and before in _SITED and meanings[0].population >= 5_000
        return sited and length == 1 and text[end : end + 1] not in {"-", "–"}
    alone = not text[: first.start].strip() and not text[end:].strip(" .!?\n")
    listed = plain and (_a_segment(text, first, end) or bool(_BASED.match(text, end)))
    return (
        placed
        or alone
        or listed
        or length > 1
        or (large and not first.opens and before not in cues["people"])
    )


def _a_segment(text: str, first: _Word, end: int) -> bool:
    """Say whether a name is all that stands between two marks, as in "Ribe. Our swings are bought"."""
    lead = text[max(0, first.start - 40) : first.start].rstrip(" \"'“‘(")
    greeted = set(fold(lead).split()[-1:]) & {f"{word}{mark}" for word in _GREETINGS for mark in ",.!-–"}
    opens = not lead or lead[-1] in ".!?:;,\n–-/|•*"
    closes = _CLOSES.match(text, end) is not None
    return opens and closes and not greeted


@cache
def _cues() -> Mapping[str, frozenset[str]]:
    table = read_table("wary.yml")
    return MappingProxyType({kind: frozenset(map(fold, words)) for kind, words in table.items()})


def _postcodes(text: str) -> list[Mention]:
    found = []
    for full in UK_FULL.finditer(text):
        if codes := uk_areas(full.group(1), full.group(2)):
            found.append(_coded(full, codes))
    for half in UK_OUTWARD.finditer(text):
        letters, district, _ = half.groups()
        outward, shown = letters + district, half.group()
        clear = (len(letters) == 2 or _alone(text, half)) and is_covered(outward)
        clear = clear or _after_place_word(text, half.start())
        read = any(m.start <= half.start() < m.end for m in found)
        if read or not clear or not shown.isupper() or outward == "CO2":
            continue
        if codes := uk_areas(outward, half.group(3)):
            found.append(_coded(half, codes))
    return found


def _coded(match: re.Match[str], codes: tuple[str, ...]) -> Mention:
    text = match.group()
    return Mention(match.start(), match.end(), text, (Meaning(" ".join(text.upper().split()), codes, AREA),))


def _alone(text: str, found: re.Match[str]) -> bool:
    """Say whether it is all an item of a list says: "pressings, 32 staff, B70"; a bolt's M8 is no place."""
    opens = text[: found.start()].rstrip()[-1:] in ("", ",", ":", ";")
    closes = text[found.end() :].lstrip()[:1] in ("", ",", ";", ".")
    listed = "," in text and found.group()[:1] not in ("M", "m") and found.group() not in _VITAMINS
    return opens and closes and listed


def _after_place_word(text: str, start: int) -> bool:
    words = fold(text[max(0, start - 20) : start]).split()
    return bool(words) and (words[-1] in _cues()["before"] or words[-1].startswith("postcode"))
