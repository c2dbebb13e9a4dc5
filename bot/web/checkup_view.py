"""A saved check-up as its page shows it: everything in words, nothing left for the template to decide."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.web.checkup_drawing import CheckupDrawing, checkup_drawings
from bot.web.formats import as_day, day, sentence, web_address
from bot.web.roadmap_view import roadmap_view
from bot.web.services import SavedCheckup, SavedRoadmap


@dataclass(frozen=True)
class Row:
    """One type in words: what it is, and how far it goes."""

    name: str
    meaning: str
    words: str
    level: str


@dataclass(frozen=True)
class Reference:
    """A work or a page; ``age`` says of when it is, as far as that is known."""

    title: str
    url: str | None
    age: str


@dataclass(frozen=True)
class StepLine:
    number: int
    name: str
    subtitle: str


@dataclass(frozen=True)
class CheckupView:
    headline: str
    about: str
    on: str
    days_ago: int
    under_way: str
    spoken: str
    wide: CheckupDrawing
    narrow: CheckupDrawing
    rows: tuple[Row, ...]
    barriers: tuple[str, ...]
    needs: tuple[tuple[str, str], ...]
    figures: tuple[tuple[str, Reference], ...]
    sources: tuple[Reference, ...]
    steps: tuple[StepLine, ...]


def checkup_view(
    saved: SavedCheckup, roadmap: SavedRoadmap | None, today: date, name_of: Callable[[str], str]
) -> CheckupView:
    """Return what the page of a check-up shows on a day; ``roadmap`` is the one made from it, if any."""
    document = saved.document
    placed = [*document["types"], document["listening"]]
    barriers = tuple(sentence(str(each["name"])) for each in document["barriers"])
    wide, narrow = checkup_drawings(placed, barriers)
    on = as_day(document.get("on")) or saved.created.date()
    return CheckupView(
        headline=str(document["headline"]),
        about=str(document["about"]),
        on=day(on),
        days_ago=max(0, (today - on).days),
        under_way=_under_way(document),
        spoken=" ".join(document["words"]),
        wide=wide,
        narrow=narrow,
        rows=tuple(
            Row(each["name"], each["meaning"], each["level_words"], each["level"] or "unknown")
            for each in placed
        ),
        barriers=barriers,
        needs=tuple((sentence(each["name"]), f"{each['because']}.") for each in document["needs"]),
        figures=tuple((f"{each['words']}.", _reference(each["source"])) for each in document["figures"]),
        sources=tuple(_reference(each) for each in document["sources"]),
        steps=_steps(roadmap, today, name_of) if roadmap else (),
    )


def _under_way(document: Mapping[str, Any]) -> str:
    told = sum(each["level"] is not None for each in document["types"])
    if not told:
        return ""
    kinds = "kind" if told == 1 else "kinds"
    going = "is" if document["under_way"] == 1 else "are"
    return (
        f"Of {told} {kinds} of new things you told us about, {document['under_way']} {going} in use or tried."
    )


def _reference(source: Mapping[str, Any]) -> Reference:
    parts = [f"page dated {source['date']}"] if source.get("date") else []
    if source.get("seen"):
        parts = [*(parts or ["the page gives no date"]), f"seen {day(source['seen'])}"]
    return Reference(str(source["title"]), web_address(source.get("url")), "; ".join(parts))


def _steps(roadmap: SavedRoadmap, today: date, name_of: Callable[[str], str]) -> tuple[StepLine, ...]:
    view = roadmap_view(roadmap, today, name_of)
    return tuple(
        StepLine(step.number, step.name, step.subtitle) for phase in view.phases for step in phase.steps
    )
