"""Write a check-up as plain JSON values: its questions, and what came out of one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from knowledge_base import labels
from knowledge_base.checkup.shapes import LISTENING, Answers, Checkup, CheckupResult, Figure, Question, Source


def questions_document(checkup: Checkup) -> dict[str, Any]:
    """Return the questions as a door shows them: any may be left out."""
    return {
        "title": checkup.title,
        "intro": checkup.intro.replace("{count}", str(len(checkup.questions))),
        "questions": [_question(question) for question in checkup.questions],
        "sources": [_source(source) for source in checkup.sources],
    }


def _question(question: Question) -> dict[str, Any]:
    return {
        "id": question.id,
        "question": question.ask,
        "help": question.help,
        "many": question.many,
        "options": [{"id": option.id, "title": option.title} for option in question.options],
    }


def result_document(
    checkup: Checkup, answers: Answers, result: CheckupResult, on: date, figures: Iterable[Figure] = ()
) -> dict[str, Any]:
    """Return what came out, with the names and sentences a page or a conversation shows.

    ``level`` is null where a question was skipped; ``words`` say all of the picture.
    """
    return {
        "title": checkup.title,
        "on": on.isoformat(),
        "headline": result.headline,
        "about": checkup.about,
        "answers": {
            question.id: list(chosen) if (chosen := answers.get(question.id)) else None
            for question in checkup.questions
            if question.id in answers
        },
        "questions": len(checkup.questions),
        "answered": result.answered,
        "under_way": result.under_way,
        "types": [_placed(checkup, each.aspect, each.level) for each in result.types],
        "listening": _placed(checkup, LISTENING, result.listening),
        "barriers": [{"barrier": code, "name": checkup.barriers[code].name} for code in result.barriers],
        "needs": [
            {"need": each.need, "name": labels.need(each.need), "because": each.because}
            for each in result.needs
        ],
        "words": sentences(checkup, result),
        "figures": [
            {"words": figure.words, "year": figure.year, "source": _source(figure.source)}
            for figure in figures
        ],
        "sources": [_source(source) for source in checkup.sources],
    }


def sentences(checkup: Checkup, result: CheckupResult) -> list[str]:
    """Say the whole picture in words: a sentence for each level that was told, and what is in the way."""
    said = []
    for level in ("strong", "some", "none", "unknown"):
        names = [
            checkup.aspects[each.aspect].name.lower()
            for each in result.aspects
            if (each.level or "unknown") == level
        ]
        if names:
            said.append(f"{checkup.levels[level]}: {labels.joined(names)}.")
    if result.barriers:
        named = labels.joined(checkup.barriers[code].name for code in result.barriers)
        said.append(f"In the way: {named}.")
    return said


def _placed(checkup: Checkup, aspect: str, level: str | None) -> dict[str, Any]:
    about = checkup.aspects[aspect]
    return {
        "type": aspect,
        "name": about.name,
        "meaning": about.meaning,
        "level": level,
        "level_words": checkup.levels[level or "unknown"],
    }


def _source(source: Source) -> dict[str, Any]:
    seen = source.seen.isoformat() if source.seen else None
    return {"title": source.title, "url": source.url, "date": source.date, "seen": seen}
