"""A saved roadmap as its page shows it: everything in words, nothing left for the template to decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.web.formats import UNKNOWN, amount, as_day, day, humanised, joined, sentence, web_address
from bot.web.funding_view import FundingView, funding_view
from bot.web.profile_view import told_facts
from bot.web.services import SavedRoadmap
from bot.web.timeline import Span, Timeline, timeline

PHASES = {
    "get_clear": ("Get clear", "Find out where you stand and what to do."),
    "get_ready": ("Get ready", "Build what you need, and find who to do it with."),
    "get_funded": ("Get funded", "Find the money, in the right order."),
    "get_going": ("Get going", "Do it, and keep it going."),
}
VERDICTS = {
    "likely": "You are likely to fit",
    "unsure": "You may fit: something is still open",
    "unlikely": "You are unlikely to fit",
}
PAID = {"in_arrears": "paid after you have spent it", "in_advance": "paid before you spend it"}


@dataclass(frozen=True)
class SourceView:
    """Where a step's facts were seen, and how old they are."""

    title: str
    url: str | None
    age: str
    checked: bool


@dataclass(frozen=True)
class ReserveView:
    name: str
    url: str | None
    why: str


@dataclass(frozen=True)
class StepView:
    number: int
    name: str
    subtitle: str
    summary: str
    verdict: str
    verdict_words: str
    facts: tuple[tuple[str, str], ...]
    lists: tuple[tuple[str, tuple[str, ...]], ...]
    reserve: ReserveView | None
    source: SourceView


@dataclass(frozen=True)
class PhaseView:
    code: str
    name: str
    intro: str
    steps: tuple[StepView, ...]


@dataclass(frozen=True)
class RoadmapView:
    needs: str
    on: str
    facts: tuple[tuple[str, str], ...]
    phases: tuple[PhaseView, ...]
    gaps: tuple[tuple[str, str], ...]
    funding: FundingView | None
    next_question: str
    timeline: Timeline | None
    steps: int
    dated: bool


def roadmap_view(saved: SavedRoadmap) -> RoadmapView:
    """Return what the page of a saved roadmap shows."""
    document = saved.document
    raw = [(phase.get("phase", ""), list(phase.get("steps") or ())) for phase in document.get("phases") or ()]
    names = {step.get("offer"): step.get("name") for _, steps in raw for step in steps}
    phases, spans, count = [], [], 0
    for code, steps in raw:
        views = []
        for step in steps:
            count += 1
            views.append(_step(count, step, names))
            spans.append(_span(step))
        name, intro = PHASES.get(code, (sentence(humanised(code)), ""))
        if views:
            phases.append(PhaseView(code, name, intro, tuple(views)))
    on = as_day(document.get("on")) or saved.on
    return RoadmapView(
        needs=joined([humanised(need) for need in document.get("needs") or ()]),
        on=day(on),
        facts=told_facts(document.get("profile") or {}),
        phases=tuple(phases),
        gaps=tuple(_gap(gap) for gap in document.get("gaps") or ()),
        funding=funding_view(document.get("funding")),
        next_question=_question(document.get("next_question")),
        timeline=timeline(spans, on) if len(spans) > 1 else None,
        steps=count,
        dated=any(span.dated for span in spans),
    )


def _step(number: int, step: Mapping[str, Any], names: Mapping[str, str]) -> StepView:
    verdict = str(step.get("verdict") or "unsure")
    lists = (
        ("Why this one", _words(step.get("why"))),
        ("Not sure yet", _words(step.get("unsure"))),
        ("Check with them", _words(step.get("to_check"))),
        ("Have ready", _words(step.get("prepare"))),
    )
    return StepView(
        number=number,
        name=str(step.get("name") or step.get("offer")),
        subtitle=" · ".join(
            sentence(humanised(part)) for part in (step.get("kind"), step.get("provider_name")) if part
        ),
        summary=str(step.get("summary") or ""),
        verdict=verdict if verdict in VERDICTS else "unsure",
        verdict_words=VERDICTS.get(verdict, VERDICTS["unsure"]),
        facts=_facts(step, names),
        lists=tuple((title, items) for title, items in lists if items),
        reserve=_reserve(step.get("reserve")),
        source=_source(step),
    )


def _facts(step: Mapping[str, Any], names: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    after = [str(names.get(offer) or offer) for offer in step.get("requires") or ()]
    weeks = step.get("duration_weeks")
    told = (
        ("Apply by", day(step["apply_by"]) if step.get("apply_by") else None),
        ("Start", day(step["starts"]) if step.get("starts") else None),
        ("Takes", f"{weeks} {'week' if weeks == 1 else 'weeks'}" if weeks else None),
        ("Costs you", amount(step.get("cost")) or sentence(UNKNOWN)),
        ("Who pays", _funding_line(step.get("funding"))),
        ("After", joined(after) or None),
    )
    return tuple((label, value) for label, value in told if value)


def _funding_line(funding: Any) -> str | None:
    if not isinstance(funding, Mapping):
        return amount(funding)
    paid = PAID.get(str(funding.get("paid")))
    words = amount(funding)
    return f"{words}, {paid}" if words and paid else words or (sentence(paid) if paid else None)


def _reserve(reserve: Any) -> ReserveView | None:
    if not reserve:
        return None
    if not isinstance(reserve, Mapping):
        return ReserveView(str(reserve), None, "")
    source = reserve.get("source")
    url = web_address(source.get("url") if isinstance(source, Mapping) else source)
    return ReserveView(
        str(reserve.get("name") or reserve.get("offer")), url, joined(list(_words(reserve.get("why"))))
    )


def _source(step: Mapping[str, Any]) -> SourceView:
    source = step.get("source")
    told: Mapping[str, Any] = source if isinstance(source, Mapping) else {"url": source}
    url = web_address(told.get("url"))
    assured = step.get("source_checked")
    seen = as_day(told.get("seen"))
    looked = f"Seen {day(seen)}" if seen else "The day it was seen is not known"
    checked = as_day(assured.get("on") if isinstance(assured, Mapping) else assured)
    by = f" by {assured['by']}" if isinstance(assured, Mapping) and assured.get("by") else " by the hub"
    age = f"{looked}; checked{by} on {day(checked)}" if checked else f"{looked}; not yet checked by the hub"
    return SourceView(str(told.get("title") or url or "No page is recorded"), url, age, checked is not None)


def _gap(gap: Mapping[str, Any]) -> tuple[str, str]:
    return sentence(humanised(gap.get("need", ""))), sentence(gap.get("reason", ""))


def _question(question: Any) -> str:
    if isinstance(question, Mapping):
        return str(question.get("words") or humanised(question.get("fact") or ""))
    return humanised(question or "")


def _span(step: Mapping[str, Any]) -> Span:
    weeks = step.get("duration_weeks")
    return Span(
        name=str(step.get("name") or step.get("offer")),
        starts=as_day(step.get("starts")),
        apply_by=as_day(step.get("apply_by")),
        weeks=float(weeks) if isinstance(weeks, (int, float)) else None,
    )


def _words(value: Any) -> tuple[str, ...]:
    if value is None or isinstance(value, str):
        return (value,) if value else ()
    items: Sequence[Any] = value if isinstance(value, Sequence) else ()
    return tuple(str(item.get("words") if isinstance(item, Mapping) else item) for item in items)
