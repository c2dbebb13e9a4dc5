"""What a check-up is made of, and what comes out of one."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

# After the Oslo Manual 2018; service is told apart from goods, and business process innovation is split into
# the work itself, working together, and reaching customers. Social innovation: Regulation (EU) 2021/1057.
TYPES = ("product", "service", "process", "organisational", "marketing", "business_model", "social")
LISTENING = "listening"
ASPECTS = (*TYPES, LISTENING)
LEVELS = ("none", "some", "strong")
BARRIERS = ("know", "skills", "time", "money", "people")

Answers = Mapping[str, tuple[str, ...] | None]
"""The options chosen, by question; None where a question was skipped. What is not in it was not reached."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer: the levels it gives to aspects, or the barrier it names, and how people say it."""

    id: str
    title: str
    places: Mapping[str, str]
    barrier: str | None
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One question. ``many`` takes several options; ``short`` is what it is about, in a few words."""

    id: str
    ask: str
    short: str
    help: str
    options: tuple[Option, ...]
    many: bool = False
    unclear: str | None = None

    def option(self, id: str) -> Option | None:
        return next((option for option in self.options if option.id == id), None)


@dataclass(frozen=True, slots=True)
class NeedRule:
    """A need and when it follows; with no condition it follows where nothing else did."""

    need: str
    because: str
    barrier: str | None = None
    aspects: tuple[str, ...] = ()
    level: str | None = None
    every: str | None = None

    @property
    def otherwise(self) -> bool:
        return self.barrier is None and not self.aspects and self.every is None


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement was seen; ``date`` is the page's own, None where it gives none."""

    title: str
    url: str | None
    date: str | None = None
    seen: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """The share of firms in an area that are innovation active, in words; ``year`` is what it is about."""

    area: str
    words: str
    year: int | None
    source: Source


@dataclass(frozen=True, slots=True)
class Aspect:
    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Barrier:
    """``name`` goes on after “what holds you back:”; ``told`` is a sentence to the owner."""

    name: str
    told: str


@dataclass(frozen=True, slots=True)
class Checkup:
    """The whole check-up, as ``content/checkup.yml`` has it."""

    title: str
    intro: str
    about: str
    sources: tuple[Source, ...]
    levels: Mapping[str, str]
    aspects: Mapping[str, Aspect]
    barriers: Mapping[str, Barrier]
    commands: Mapping[str, tuple[str, ...]]
    questions: tuple[Question, ...]
    needs: tuple[NeedRule, ...]
    most_needs: int
    headlines: Mapping[str, str]
    figures: tuple[Figure, ...]

    def question(self, id: str) -> Question | None:
        return next((question for question in self.questions if question.id == id), None)

    def number(self, id: str) -> int:
        """Return which question it is, counted from 1; 0 where it is none."""
        ids = [question.id for question in self.questions]
        return ids.index(id) + 1 if id in ids else 0


@dataclass(frozen=True, slots=True)
class Placed:
    """How far one aspect goes; ``level`` is None where it was not answered."""

    aspect: str
    level: str | None


@dataclass(frozen=True, slots=True)
class Suggested:
    """A need that follows from the answers, and why."""

    need: str
    because: str


@dataclass(frozen=True, slots=True)
class CheckupResult:
    """Where a business stands: each type of innovation, whether it listens, what is in the way, what fits."""

    headline: str
    types: tuple[Placed, ...]
    listening: str | None
    barriers: tuple[str, ...]
    needs: tuple[Suggested, ...]
    answered: int

    @property
    def aspects(self) -> tuple[Placed, ...]:
        """The types, and listening after them."""
        return (*self.types, Placed(LISTENING, self.listening))

    @property
    def under_way(self) -> int:
        """How many types are in use or being tried."""
        return sum(each.level in ("some", "strong") for each in self.types)
