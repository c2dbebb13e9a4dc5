"""Who else to turn to, for what we do not do and when things are hard: real doors, each with its source."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from knowledge_base.faults import BadCatalogue, BadRecord, shown
from knowledge_base.safe_files import read_document

CONTENT = Path(__file__).resolve().parent / "content"
FILE = "doors.yml"
LARGEST = 256 * 1024
FAMILIES = (
    "benefits", "own_tax", "employment_dispute", "legal_advice", "visas", "consumer", "health",
    "personal_money", "jobs", "homework_and_general", "prompt_injection", "abuse", "politics_and_religion",
    "selling",
)  # fmt: skip
TROUBLES = ("life", "mind", "money")
REACH = 5  # words: so near before it, somebody else's trouble is named
LONGEST = 4000  # characters of a message that are looked at

_FIELDS = {"id", "title", "about", "phone", "url", "areas", "seen"}
_URL = re.compile(r"https://[a-z0-9.-]+\.[a-z]{2,}(/\S*)?\Z")
_PHONE = re.compile(r"[0-9][0-9 -]{1,18}[0-9]\Z")
_WHY = "Somebody in need would be sent to a door that is not there, or to none."


@dataclass(frozen=True)
class Door:
    """One place to turn to: what it is for, where it serves, and its page."""

    id: str
    title: str
    about: str
    phone: str | None
    url: str
    areas: frozenset[str]
    seen: date

    @property
    def words(self) -> str:
        """The door on one line: who, what for, how to reach it."""
        reach = f"{self.phone}, {self.url}" if self.phone else self.url
        return f"{self.title} ({self.about}): {reach}"


@dataclass(frozen=True)
class Trouble:
    """One kind of trouble: the doors for it, and the words that tell of it; `Doors` has the gravest first."""

    id: str
    doors: tuple[str, ...]
    said: re.Pattern[str]


class Doors:
    """Every door, by what it is for."""

    def __init__(
        self,
        doors: Mapping[str, Door],
        families: Mapping[str, Sequence[str]],
        troubles: Sequence[Trouble],
        others: Collection[str],
    ) -> None:
        self.all = doors
        self.families = families
        self.troubles = {trouble.id: trouble for trouble in troubles}
        self._others = frozenset(others)

    def for_family(self, family: str, around: Collection[str]) -> list[Door]:
        """The doors for a family of things we do not do that serve a place; ``around`` is its areas."""
        return self._serving(self.families.get(family, ()), around)

    def for_trouble(self, trouble: str, around: Collection[str]) -> list[Door]:
        """The doors for a kind of trouble that serve a place."""
        return self._serving(self.troubles[trouble].doors if trouble in self.troubles else (), around)

    def _serving(self, ids: Iterable[str], around: Collection[str]) -> list[Door]:
        places = set(around)
        return [door for door in map(self.all.__getitem__, ids) if _serves(door, places)]

    def troubles_in(self, text: str) -> tuple[str, ...]:
        """The troubles a message tells of the owner's own, gravest first."""
        said = plain(text)
        return tuple(id for id, trouble in self.troubles.items() if self._own(trouble, said))

    def _own(self, trouble: Trouble, said: str) -> bool:
        found = trouble.said.finditer(said)
        return any(not self._others & set(said[: at.start()].split()[-REACH:]) for at in found)


def _serves(door: Door, places: set[str]) -> bool:
    """Say whether a door serves a place; of “the UK” alone any British door does."""
    if door.areas & places:
        return True
    return "uk" in places and not places & set(_NATIONS) and bool(door.areas & set(_NATIONS))


_NATIONS = ("england", "wales", "scotland", "northern-ireland")


def plain(text: str) -> str:
    """Words alone, in small letters and without apostrophes: “I can’t!” is “i cant”."""
    bare = re.sub(r"['’`´]", "", text[:LONGEST].casefold())
    return " ".join(re.findall(r"\w+", bare))


@cache
def read_doors(folder: Path = CONTENT) -> Doors:
    """Read ``doors.yml`` of a folder, once.

    Raises:
        BadCatalogue: naming each fault of it.
    """
    raw = read_document(folder / FILE, FILE, LARGEST)
    faults = list(_faults(raw, None))
    if faults:
        raise BadCatalogue(faults)
    doors = {
        each["id"]: Door(
            each["id"], each["title"], each["about"], each.get("phone"), each["url"],
            frozenset(each["areas"]), date.fromisoformat(each["seen"]),
        )
        for each in raw["doors"]
    }  # fmt: skip
    troubles = [
        Trouble(each["id"], tuple(each["doors"]), _pattern(each["words"])) for each in raw["troubles"]
    ]
    return Doors(doors, raw["families"], troubles, raw["others"])


def door_faults(folder: Path, areas: Collection[str]) -> list[BadRecord]:
    """Return what is wrong with the doors of a folder, held against its areas; a folder may have none."""
    if not (folder / FILE).exists():
        return []
    return list(_faults(read_document(folder / FILE, FILE, LARGEST), areas))


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=lambda each: (-len(each), each))
    spelled = (re.escape(each).replace(r"\ \*\ ", r"(?: \w+){0,3} ") for each in longest_first)
    return re.compile(rf"\b(?:{'|'.join(spelled)})\b")


def _fault(field: str, what: str, remedy: str) -> BadRecord:
    return BadRecord(FILE, field, what, _WHY, remedy)


def _faults(raw: Any, areas: Collection[str] | None) -> Iterator[BadRecord]:
    """Yield the faults of a whole file; ``areas`` None leaves out whether its areas are known."""
    if not isinstance(raw, dict):
        yield _fault("", "this is no mapping", "write doors, families, others and troubles")
        return
    known: set[str] = set()
    for at, each in enumerate(_listed(raw.get("doors"))):
        field = f"doors[{at}]"
        if not isinstance(each, dict) or set(each) != _FIELDS:
            yield _fault(field, "this is no whole door", f"write {', '.join(sorted(_FIELDS))}, and no more")
            continue
        if each["id"] in known:
            yield _fault(f"{field}.id", f"{shown(each['id'])} is there twice", "give each its own id")
        known.add(str(each["id"]))
        yield from _door_faults(field, each, areas)
    families = raw.get("families")
    named = families if isinstance(families, dict) else {}
    for family in sorted(set(FAMILIES) ^ set(named)):
        yield _fault(f"families.{family}", "the families are not those we know", f"use {', '.join(FAMILIES)}")
    troubles = [each for each in _listed(raw.get("troubles")) if isinstance(each, dict)]
    if tuple(each.get("id") for each in troubles) != TROUBLES:
        yield _fault("troubles", "these are not the troubles we know", f"write {', '.join(TROUBLES)}")
    if not all(isinstance(each, str) for each in _listed(raw.get("others"))):
        yield _fault("others", "these are not words", "write a list of words")
    lists = [(f"families.{name}", ids) for name, ids in named.items()]
    lists += [(f"troubles.{each.get('id')}.doors", each.get("doors")) for each in troubles]
    for field, ids in lists:
        for id in _listed(ids):
            if id not in known:
                yield _fault(field, f"{shown(id)} is not a door", "use the id of a door")
    for each in troubles:
        words = _listed(each.get("words"))
        if not words or not all(_is_plain(word) for word in words):
            yield _fault(
                f"troubles.{each.get('id')}.words",
                "these are not plain words",
                "write small letters without apostrophes, a star for up to three words",
            )


def _is_plain(word: Any) -> bool:
    return isinstance(word, str) and plain(word) == " ".join(word.replace("*", " ").split()) != ""


def _door_faults(field: str, each: Mapping[str, Any], areas: Collection[str] | None) -> Iterator[BadRecord]:
    for name in ("id", "title", "about"):
        if not isinstance(each[name], str) or not each[name].strip():
            yield _fault(f"{field}.{name}", "this is empty", "write it")
    if not isinstance(each["url"], str) or not _URL.match(each["url"]):
        yield _fault(f"{field}.url", f"{shown(each['url'])} is no https address", "write the page's address")
    if each["phone"] is not None and not (isinstance(each["phone"], str) and _PHONE.match(each["phone"])):
        yield _fault(
            f"{field}.phone",
            f"{shown(each['phone'])} is no phone number",
            "write it as people dial it, in quotes, or null",
        )
    try:
        date.fromisoformat(str(each["seen"]))
    except ValueError:
        yield _fault(
            f"{field}.seen", f"{shown(each['seen'])} is no day", "write the day somebody last looked"
        )
    told = _listed(each["areas"])
    if not told:
        yield _fault(f"{field}.areas", "it serves nowhere", "name the areas it serves")
    for code in told if areas is not None else ():
        if code not in (areas or ()):
            yield _fault(f"{field}.areas", f"{shown(code)} is not an area", "use the code of an area")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
