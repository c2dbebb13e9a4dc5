"""A saved roadmap as its page shows it: everything in words, nothing left for the template to decide."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.web.formats import UNKNOWN, amount, as_day, day, joined, number, sentence, site_of, web_address
from bot.web.funding_view import FundingView, funding_view
from bot.web.profile_view import told_facts
from bot.web.services import SavedRoadmap
from bot.web.timeline import Span, Timeline, timeline
from knowledge_base import labels
from knowledge_base.assurance import NOT_YET, assurance_in, overdue_words

INTROS = {
    "get_clear": "Find out where you stand and what to do.",
    "get_ready": "Build what you need, and find who to do it with.",
    "get_funded": "Find the money, in the right order.",
    "get_going": "Do it, and keep it going.",
}
VERDICTS = ("likely", "unsure", "unlikely")
PAID = {"in_arrears": "paid after you have spent it", "in_advance": "paid before you spend it"}


@dataclass(frozen=True)
class SourceView:
    """Where a step's facts were seen, and how old they are; ``link`` leads to ``url``, a page of ``site``."""

    title: str
    url: str | None
    link: str | None
    site: str
    written: str
    age: str


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
    reserve: str
    source: SourceView
    overdue: str


@dataclass(frozen=True)
class PhaseView:
    name: str
    intro: str
    steps: tuple[StepView, ...]


@dataclass(frozen=True)
class RoadmapView:
    needs: str
    on: str
    days_ago: int
    facts: tuple[tuple[str, str], ...]
    phases: tuple[PhaseView, ...]
    gaps: tuple[tuple[str, str], ...]
    funding: FundingView | None
    next_question: str
    timeline: Timeline | None
    steps: int
    dated: bool


def roadmap_view(
    saved: SavedRoadmap,
    today: date,
    name_of: Callable[[str], str],
    link_of: Callable[[str, str], str] = lambda offer, url: url,
) -> RoadmapView:
    """Return what the page of a saved roadmap shows on a day; days gone by since are named as such.

    ``name_of`` names an offer that is no step of it: a reserve, or one done before; ``link_of`` gives the
    link to the address an offer's step names.
    """
    return document_view(saved.document, saved.on, today, name_of, link_of)


def document_view(
    document: Mapping[str, Any],
    on: date,
    today: date,
    name_of: Callable[[str], str],
    link_of: Callable[[str, str], str] = lambda offer, url: url,
) -> RoadmapView:
    """Do the same for a document at hand; ``on`` is its day where it names none."""
    raw = [(phase.get("phase", ""), list(phase.get("steps") or ())) for phase in document.get("phases") or ()]
    own = {step["offer"]: step["name"] for _, steps in raw for step in steps}

    def named(offer: str) -> str:
        return own.get(offer) or name_of(offer)

    phases, spans, count = [], [], 0
    for code, steps in raw:
        views = []
        for step in steps:
            count += 1
            views.append(_step(count, step, named, today, link_of))
            spans.append(_span(step, str(code)))
        if views:
            phases.append(PhaseView(labels.phase(code), INTROS.get(code, ""), tuple(views)))
    on = as_day(document.get("on")) or on
    return RoadmapView(
        needs=sentence(joined(labels.needs(document.get("needs") or ()))),
        on=day(on),
        days_ago=max(0, (today - on).days),
        facts=told_facts(_with_names(document, named)),
        phases=tuple(phases),
        gaps=tuple(_gap(gap) for gap in document.get("gaps") or ()),
        funding=funding_view(document.get("funding")),
        next_question=_question(document.get("next_question")),
        timeline=timeline(spans, on) if len(spans) > 1 else None,
        steps=count,
        dated=any(span.dated for span in spans),
    )


def _with_names(document: Mapping[str, Any], named: Callable[[str], str]) -> dict[str, Any]:
    """The facts told, the offers that were done by name."""
    facts = dict(document.get("profile") or {})
    noted = {step["offer"]: step["name"] for step in document.get("done_steps") or ()}
    if facts.get("done"):
        facts["done"] = [noted.get(offer) or named(offer) for offer in facts["done"]]
    return facts


def _step(
    number: int,
    step: Mapping[str, Any],
    named: Callable[[str], str],
    today: date,
    link_of: Callable[[str, str], str],
) -> StepView:
    verdict = str(step.get("verdict"))
    verdict = verdict if verdict in VERDICTS else "unsure"
    lists = (
        ("Why this one", _words(step.get("why"))),
        ("Still open", _words(step.get("unsure"))),
        ("Check with them", _words(step.get("to_check"))),
        ("Have ready", _words(step.get("prepare"))),
        ("What it has done for others", _words(step.get("evidence"))),
    )
    return StepView(
        number=number,
        name=str(step.get("name") or step.get("offer")),
        subtitle=_subtitle(step),
        summary=str(step.get("summary") or ""),
        verdict=verdict,
        verdict_words=sentence(labels.verdict(verdict)),
        facts=_facts(step, named, today),
        lists=tuple((title, items) for title, items in lists if items),
        reserve=named(str(step["reserve"])) if step.get("reserve") else "",
        source=_source(step, link_of),
        overdue=sentence(overdue_words(step.get("assured"), today)),
    )


def _facts(step: Mapping[str, Any], named: Callable[[str], str], today: date) -> tuple[tuple[str, str], ...]:
    after = [named(str(offer)) for offer in step.get("requires") or ()]
    told = (
        *_held(step),
        ("Apply by", None if step.get("edition") else _due(step.get("apply_by"), today)),
        ("Start", None if step.get("edition") else _start(step)),
        ("Takes", _weeks(step)),
        ("Your time", f"{number(step['hours'])} hours" if step.get("hours") else None),
        ("Open", _open(step)),
        ("Costs you", sentence(amount(step.get("cost")) or UNKNOWN)),
        ("Who pays", _funding_line(step.get("funding"))),
        ("After", joined(after) or None),
    )
    return tuple((label, value) for label, value in told if value)


def _open(step: Mapping[str, Any]) -> str | None:
    """Say when it can be used, but for a day that stands beside already."""
    words = str(step.get("window") or "")
    said = bool(_held(step)) and words.startswith("next ") and ";" not in words
    return sentence(words) if words and not said else None


def _held(step: Mapping[str, Any]) -> tuple[tuple[str, str | None], ...]:
    """Say when and where a step is held next, and where to book, as its record tells it."""
    edition = step.get("edition")
    if not isinstance(edition, Mapping):
        return ()
    starts, ends = str(edition.get("starts") or ""), str(edition.get("ends") or "")
    first, last = as_day(starts[:10]), as_day(ends[:10])
    if first is None:
        return ()
    at = f", {starts[11:16]}" if len(starts) > 10 else ""
    until = f" to {day(last)}" if last and last > first else ""
    where = joined([str(p) for p in (edition.get("place"), "online" if edition.get("online") else None) if p])
    return (
        ("Held", f"{day(first)}{at}{until}"),
        ("Where", sentence(where) if where else None),
        ("Book", web_address(edition.get("booking"))),
    )


def _subtitle(step: Mapping[str, Any]) -> str:
    kind = labels.kind(str(step["kind"])) if step.get("kind") else ""
    return " · ".join(sentence(part) for part in (kind, step.get("provider")) if part)


def _start(step: Mapping[str, Any]) -> str | None:
    """Say from when a step can be taken; where no day is known, say that too."""
    if not step.get("starts"):
        return None
    if step.get("start_known", True):
        return f"From {day(step['starts'])}"
    return f"No day is known; not before {day(step['starts'])}"


def _due(told: Any, today: date) -> str | None:
    due = as_day(told)
    if due is None:
        return None
    return f"{day(due)} (this day has passed)" if due < today else day(due)


def _weeks(step: Mapping[str, Any]) -> str | None:
    starts, ends = as_day(step.get("starts")), as_day(step.get("ends"))
    if starts is None or ends is None or ends <= starts:
        return None
    days = (ends - starts).days
    if days < 14:
        return "1 day" if days == 1 else f"{days} days"
    return f"About {round(days / 7)} weeks"


def _funding_line(funding: Any) -> str | None:
    if not isinstance(funding, Mapping):
        return amount(funding)
    paid = PAID.get(str(funding.get("paid")))
    words = amount(funding)
    return f"{words}, {paid}" if words and paid else words or (sentence(paid) if paid else None)


def _source(step: Mapping[str, Any], link_of: Callable[[str, str], str]) -> SourceView:
    source = step.get("source")
    told: Mapping[str, Any] = source if isinstance(source, Mapping) else {"url": source}
    url = web_address(told.get("url"))
    seen = as_day(told.get("seen") or step.get("source_checked"))
    looked = f"Seen {day(seen)}" if seen else "When it was last seen is not known"
    title = str(told.get("title") or url or "no page is recorded")
    written = f", {day(told['date'])}" if told.get("date") else ""
    link = link_of(str(step.get("offer")), url) if url else None
    site = site_of(url) if url and title != url else ""
    return SourceView(title, url, link, site, written, f"{looked}; {_assured(step)}")


def _assured(step: Mapping[str, Any]) -> str:
    """Say who checked a record and when; that it is due again is the step's badge."""
    assured = assurance_in(step.get("assured"))
    return f"checked by {assured.by} on {day(assured.on)}" if assured else NOT_YET


def _gap(gap: Mapping[str, Any]) -> tuple[str, str]:
    return sentence(labels.need(str(gap.get("need", "")))), sentence(
        gap.get("words") or gap.get("reason") or ""
    )


def _question(question: Any) -> str:
    fact = question.get("fact") if isinstance(question, Mapping) else question
    return labels.fact(str(fact)) if fact else ""


def _span(step: Mapping[str, Any], phase: str) -> Span:
    return Span(
        name=str(step.get("name") or step.get("offer")),
        starts=as_day(step.get("starts")),
        apply_by=as_day(step.get("apply_by")),
        ends=as_day(step.get("ends")),
        phase=phase,
    )


def _words(value: Any) -> tuple[str, ...]:
    if value is None or isinstance(value, str):
        return (value,) if value else ()
    items: Sequence[Any] = value if isinstance(value, Sequence) else ()
    return tuple(str(item.get("words") if isinstance(item, Mapping) else item) for item in items)
