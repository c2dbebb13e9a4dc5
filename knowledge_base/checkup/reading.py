"""Read the check-up from its file, naming every fault of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from knowledge_base.checkup.hearing import COMMANDS
from knowledge_base.checkup.reading_questions import questions_of
from knowledge_base.checkup.shapes import (
    ASPECTS,
    BARRIERS,
    LEVELS,
    Aspect,
    Barrier,
    Checkup,
    Figure,
    NeedRule,
    Question,
    Source,
)
from knowledge_base.faults import BadCatalogue, BadRecord, shown
from knowledge_base.fields import Fields
from knowledge_base.safe_files import read_document
from knowledge_base.words import NEEDS

CONTENT = Path(__file__).resolve().parents[1] / "content"
FILE = "checkup.yml"
LARGEST = 256 * 1024
WHY = "The check-up would ask, or conclude, something that it should not."

_PARTS = (
    "title", "intro", "about", "sources", "levels", "aspects", "barriers", "commands", "scale", "questions",
    "most_needs", "needs", "headlines", "figures",
)  # fmt: skip
_WITH_UNKNOWN = (*LEVELS, "unknown")


@cache
def read_checkup(folder: Path = CONTENT) -> Checkup:
    """Read ``checkup.yml`` of a folder, once.

    Raises:
        BadCatalogue: naming each fault of it.
    """
    faults: list[BadRecord] = []
    checkup = _read(folder, faults)
    if checkup is None or faults:
        raise BadCatalogue(faults)
    return checkup


def checkup_faults(folder: Path, areas: Collection[str]) -> list[BadRecord]:
    """Return what is wrong with the check-up of a folder, held against its areas; a folder may have none."""
    faults: list[BadRecord] = []
    if not (folder / FILE).exists():
        return faults
    checkup = _read(folder, faults)
    for i, figure in enumerate(checkup.figures if checkup else ()):
        if figure.area not in areas:
            fields = Fields({}, FILE, f"figures[{i}]", faults)
            fields.fault("area", f"{shown(figure.area)} is not an area", "use a code of areas.yml", WHY)
    return faults


def _read(folder: Path, faults: list[BadRecord]) -> Checkup | None:
    try:
        raw = read_document(folder / FILE, FILE, LARGEST)
    except BadCatalogue as bad:
        faults.extend(bad.faults)
        return None
    root = Fields({}, FILE, "", faults).inside("", {} if raw is None else raw)
    if root is None:
        return None
    root.only(_PARTS)
    named = {name: root.text(name, required=True, limit=600) or "" for name in ("title", "intro", "about")}
    if "{count}" not in named["intro"]:
        root.fault("intro", "it does not say how many questions there are", "write {count} for that", WHY)
    questions = questions_of(root)
    _all_asked(root, questions)
    needs = tuple(rule for i, each in enumerate(_list(root, "needs")) if (rule := _need(root, i, each)))
    if not any(rule.otherwise for rule in needs):
        what = "nothing follows where no answer calls for anything"
        root.fault("needs", what, "end with an entry that has when: {}", WHY)
    return Checkup(
        **named,
        sources=_sources(root),
        levels=_words(root, "levels", _WITH_UNKNOWN),
        aspects={code: Aspect(**pair) for code, pair in _pairs(root, "aspects", ASPECTS, "meaning").items()},
        barriers={code: Barrier(**pair) for code, pair in _pairs(root, "barriers", BARRIERS, "told").items()},
        commands=_commands(root),
        questions=questions,
        needs=needs,
        most_needs=root.whole("most_needs", 1, len(NEEDS)) or 4,
        headlines=_words(root, "headlines", _WITH_UNKNOWN),
        figures=tuple(
            figure for i, each in enumerate(_list(root, "figures")) if (figure := _figure(root, i, each))
        ),
    )


def _all_asked(root: Fields, questions: tuple[Question, ...]) -> None:
    """Note an aspect or a barrier that no answer tells, and too few or too many questions."""
    if not 5 <= len(questions) <= 8:
        root.fault("questions", f"{len(questions)} questions are not five to eight", "ask five to eight", WHY)
    options = [option for question in questions for option in question.options]
    for name, codes, told in (
        ("aspects", ASPECTS, {aspect for option in options for aspect in option.places}),
        ("barriers", BARRIERS, {option.barrier for option in options}),
    ):
        for code in codes:
            if code not in told:
                root.fault(f"{name}.{code}", "no answer tells this", "let a question place it", WHY)


def _list(root: Fields, name: str) -> list[Any]:
    value = root.raw.get(name)
    if isinstance(value, list) and len(value) <= 200:
        return value
    root.fault(name, f"{shown(value)} is not a list of at most 200", "write one entry a line", WHY)
    return []


def _words(root: Fields, name: str, codes: Collection[str]) -> Mapping[str, str]:
    fields = root.part(name) or root.inside(name, {})
    assert fields is not None
    fields.only(tuple(codes))
    return {code: fields.text(code, required=True, limit=300) or code for code in codes}


def _commands(root: Fields) -> Mapping[str, tuple[str, ...]]:
    fields = root.part("commands") or root.inside("commands", {})
    assert fields is not None
    fields.only(COMMANDS)
    found: dict[str, tuple[str, ...]] = {kind: fields.texts(kind, limit=60) for kind in COMMANDS}
    for kind, words in found.items():
        if not words:
            fields.fault(kind, "this is missing", "list how people say it", WHY)
    return found


def _pairs(root: Fields, name: str, codes: Collection[str], second: str) -> dict[str, dict[str, str]]:
    fields = root.part(name) or root.inside(name, {})
    assert fields is not None
    fields.only(tuple(codes))
    found = {}
    for code in codes:
        each = fields.part(code)
        if each is None:
            fields.fault(code, "this is missing", f"write its name and {second}", WHY)
            continue
        each.only(("name", second))
        found[code] = {key: each.text(key, required=True, limit=200) or code for key in ("name", second)}
    return found


def _sources(root: Fields) -> tuple[Source, ...]:
    found = []
    for i, raw in enumerate(_list(root, "sources")):
        fields = root.inside(f"sources[{i}]", raw)
        if fields is not None:
            found.append(_source(fields))
    if not found:
        root.fault("sources", "this is missing", "name the work the kinds of innovation come from", WHY)
    return tuple(found)


def _source(fields: Fields) -> Source:
    fields.only(("title", "url", "date", "seen"))
    title = fields.text("title", required=True, limit=200) or ""
    return Source(title, fields.link("url"), fields.text("date", limit=40), fields.exact_day("seen"))


def _need(root: Fields, i: int, raw: Any) -> NeedRule | None:
    fields = root.inside(f"needs[{i}]", raw)
    if fields is None:
        return None
    fields.only(("need", "when", "because"))
    need, because = fields.one_of("need", NEEDS), fields.text("because", required=True, limit=200)
    when = fields.part("when")
    if when is None:
        fields.fault("when", "this is missing", "say when it follows, or {} where nothing else does", WHY)
        return None
    when.only(("barrier", "aspects", "level", "every"))
    barrier = when.one_of("barrier", BARRIERS, "") or None
    aspects = when.some_of("aspects", ASPECTS)
    level, every = when.one_of("level", LEVELS, "") or None, when.one_of("every", LEVELS, "") or None
    if bool(aspects) != bool(level):
        when.fault("level", "aspects and level belong together", "write both, or neither", WHY)
    if sum(map(bool, (barrier, aspects, every))) > 1:
        when.fault("", "these are several conditions", "write an entry for each", WHY)
    return NeedRule(need, because, barrier, aspects, level, every) if need and because else None


def _figure(root: Fields, i: int, raw: Any) -> Figure | None:
    fields = root.inside(f"figures[{i}]", raw)
    if fields is None:
        return None
    fields.only(("area", "words", "year", "source"))
    area, words = fields.one_id("area", required=True), fields.text("words", required=True, limit=300)
    told = fields.part("source")
    source = _source(told) if told else None
    if source is None or not source.url or not source.seen:
        what = "a figure needs a page and the day it was seen"
        fields.fault("source", what, "write title, url and seen", WHY)
        return None
    year = fields.whole("year", 1990, 2100)
    return Figure(area, words, year, source) if area and words else None
