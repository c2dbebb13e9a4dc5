"""Read the questions of the check-up and the answers each takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from knowledge_base.checkup.shapes import ASPECTS, BARRIERS, LEVELS, Option, Question
from knowledge_base.faults import shown
from knowledge_base.fields import Fields

WHY = "An owner could not answer it, or the answer would place the business wrongly."
FEWEST, MOST = 2, 8
_QUESTION = ("id", "ask", "short", "help", "unclear", "many", "places", "options")


def questions_of(root: Fields) -> tuple[Question, ...]:
    """Return the questions, in order; one that cannot be read is noted and left out."""
    listed, scale = root.raw.get("questions"), root.raw.get("scale")
    found: dict[str, Question] = {}
    for i, raw in enumerate(listed if isinstance(listed, list) else ()):
        fields = root.inside(f"questions[{i}]", raw)
        question = _question(root, fields, scale) if fields else None
        if fields and question and question.id in found:
            fields.fault("id", f"{shown(question.id)} is there twice", "give each an id of its own", WHY)
        elif question:
            found[question.id] = question
    return tuple(found.values())


def _question(root: Fields, fields: Fields, scale: Any) -> Question | None:
    fields.only(_QUESTION)
    id, ask = fields.one_id("id", required=True), fields.text("ask", required=True, limit=240)
    short, help = fields.text("short", required=True, limit=60), fields.text("help", required=True, limit=300)
    many = fields.raw.get("many", False)
    if not isinstance(many, bool):
        fields.fault("many", f"{shown(many)} is not true or false", "write true, or leave it out", WHY)
        many = False
    if fields.raw.get("options") == "scale":
        aspect = fields.one_of("places", ASPECTS)
        listed, owner, name = scale, root, "scale"
    else:
        aspect, listed, owner, name = None, fields.raw.get("options"), fields, "options"
    listed = listed if isinstance(listed, list) else []
    if not FEWEST <= len(listed) <= MOST:
        owner.fault(name, f"{len(listed)} answers are not {FEWEST} to {MOST}", "list the answers", WHY)
        return None
    read = [_option(owner, f"{name}[{i}]", raw, aspect) for i, raw in enumerate(listed)]
    options = tuple(option for option in read if option)
    if len({option.id for option in options}) < len(options):
        owner.fault(name, "two answers have the same id", "give each an id of its own", WHY)
    _told_once(owner, name, options)
    if not (id and ask and short and help and len(options) == len(listed)):
        return None
    return Question(id, ask, short, help, options, many, fields.text("unclear", limit=240))


def _told_once(owner: Fields, name: str, options: Sequence[Option]) -> None:
    """Note words that say two answers at once: neither would ever be heard."""
    first: dict[str, str] = {}
    for option in options:
        for word in {word.casefold() for word in option.words}:
            if word in first:
                what = f"{shown(word)} says both {first[word]} and {option.id}"
                owner.fault(name, what, "keep it with one of them", WHY)
            first[word] = option.id


def _option(owner: Fields, at: str, raw: Any, aspect: str | None) -> Option | None:
    fields = owner.inside(at, raw)
    if fields is None:
        return None
    fields.only(("id", "title", "level", "places", "barrier", "words"))
    id, title = fields.one_id("id", required=True), fields.text("title", required=True, limit=40)
    places: dict[str, str] = {}
    if aspect:
        level = fields.one_of("level", LEVELS)
        places = {aspect: level} if level else {}
    elif told := fields.part("places"):
        told.only(ASPECTS)
        places = {code: level for code in told.raw if (level := told.one_of(code, LEVELS))}
    barrier = fields.one_of("barrier", BARRIERS, "") or None
    words = fields.texts("words", limit=60)
    return Option(id, title, places, barrier, words) if id and title else None
