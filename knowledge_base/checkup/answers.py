"""Read answers that somebody sent as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from knowledge_base.checkup.shapes import Answers, Checkup, Question
from knowledge_base.faults import shown


class BadAnswers(ValueError):
    """Answers that cannot be read; the message names the question and what it takes."""


def read_answers(checkup: Checkup, raw: Any) -> Answers:
    """Read ``{"works": "some", "holds": ["time", "money"], "earns": null}``; null, or nothing, is skipped.

    Raises:
        BadAnswers: something in it is no question, or no answer to it.
    """
    if not isinstance(raw, Mapping):
        raise BadAnswers('answers: write question: answer, such as {"works": "some"}')
    known = [question.id for question in checkup.questions]
    for name in raw:
        if name not in known:
            raise BadAnswers(f"answers: {shown(name)} is not a question; use {', '.join(known)}")
    return {
        question.id: _chosen(question, raw[question.id])
        for question in checkup.questions
        if question.id in raw
    }


def _chosen(question: Question, told: Any) -> tuple[str, ...] | None:
    listed = told if isinstance(told, (list, tuple)) else [told]
    if told is None or not listed:
        return None
    ids = [option.id for option in question.options]
    for one in listed:
        if one not in ids:
            raise BadAnswers(f"{question.id}: {shown(one)} is not an answer; use {', '.join(ids)} or null")
    if len(set(listed)) > 1 and not question.many:
        raise BadAnswers(f"{question.id}: give one answer; use one of {', '.join(ids)}")
    return settled(question, tuple(listed))


def settled(question: Question, ids: tuple[str, ...]) -> tuple[str, ...]:
    """Put options in the order of the question, each once; one that names a barrier outweighs “nothing”."""
    ordered = [option for option in question.options if option.id in ids]
    if question.many and any(option.barrier for option in ordered):
        ordered = [option for option in ordered if option.barrier]
    return tuple(option.id for option in ordered)
