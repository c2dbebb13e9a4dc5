"""Write the core's answers as the contracted JSON: plain values, ISO dates, money as amount and currency."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from knowledge_base.assurance import checked_words
from knowledge_base.eligibility import Assessment, CriterionResult
from knowledge_base.events.edition_format import dump_edition
from knowledge_base.funding import AidLimit, CashPlan, Filler, Funding, FundingLine
from knowledge_base.profile import dump_profile
from knowledge_base.records import Assurance, Money, Source
from knowledge_base.roadmap.shapes import Gap, Payment, Question, Roadmap, Step
from knowledge_base.windows import WindowState

Document = dict[str, Any]
LIMIT_REACHED = "There was too much to choose from to look at it all: a better roadmap may exist"
AID_OF_LINE = ("limit", "received", "left", "reference")


def roadmap_document(roadmap: Roadmap) -> Document:
    """Write a roadmap; phases without steps are left out, ``limit_reached`` is there only where it was."""
    document = {
        "needs": list(roadmap.needs),
        "on": roadmap.on.isoformat(),
        "profile": dump_profile(roadmap.profile),
        "phases": [
            {"phase": each.phase, "steps": [_step(step, roadmap.on) for step in each.steps]}
            for each in roadmap.phases
        ],
        "gaps": _each(_gap, roadmap.gaps),
        "funding": funding_document(roadmap.funding),
        "next_question": question_document(roadmap.next_question),
    }
    return document if roadmap.proven else {**document, "limit_reached": LIMIT_REACHED}


def assessment_document(assessment: Assessment, window: WindowState | None = None) -> Document:
    """Write an assessment, with the window of its offer as seen on the day asked."""
    document = {
        "offer": assessment.offer_id,
        "verdict": assessment.verdict,
        "criteria": _each(_criterion, assessment.criteria),
        "to_check": list(assessment.to_check),
    }
    return document if window is None else {**document, "window": window_document(window)}


def window_document(window: WindowState) -> Document:
    return {
        "open_now": window.open_now,
        "starts": _day(window.starts),
        "apply_by": _day(window.apply_by),
        "closed": window.closed,
        "words": window.words,
    }


def question_document(question: Question | None) -> Document | None:
    if question is None:
        return None
    offers = list(question.offers)
    return {"fact": question.fact, "settles": question.settles, "offers": offers, "sharper": question.sharper}


def funding_document(funding: Funding) -> Document:
    """Write who pays for a project; months are written as 2027-03."""
    return {
        "cost": _money(funding.cost),
        "lines": _each(_funding_line, funding.lines),
        "own_money": _money(funding.own_money),
        "to_carry": _money(funding.to_carry),
        "words": funding.words,
        "match": _money(funding.match),
        "to_borrow": _money(funding.to_borrow),
        "highest_rate": _number(funding.highest_rate),
        "elsewhere": list(funding.elsewhere),
        "aid": _aid(funding.aid),
        "cash": _cash(funding.cash),
        "fillers": _each(_filler, funding.fillers),
        "assumptions": list(funding.assumptions),
    }


def canonical_json(document: Any) -> str:
    """Write a document so that equal documents are equal texts: keys sorted, no spaces, no escapes."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _step(step: Step, on: date) -> Document:
    """Write a step; ``edition`` is there only where the next time it is held is known."""
    document = {
        "offer": step.offer,
        "name": step.name,
        "needs": list(step.needs),
        "verdict": step.verdict,
        "why": list(step.why),
        "unsure": list(step.unsure),
        "to_check": list(step.to_check),
        "starts": step.starts.isoformat(),
        "apply_by": _day(step.apply_by),
        "cost": step.cost,
        "funding": _payment(step.funding),
        "requires": list(step.requires),
        "reserve": step.reserve,
        "source": _source(step.source),
        "source_checked": _day(step.source_checked),
        "source_date": step.source_date,
        "provider": step.provider,
        "kind": step.kind,
        "summary": step.summary,
        "phase": step.phase,
        "unsure_facts": list(step.unsure_facts),
        "prepare": list(step.prepare),
        "ends": step.ends.isoformat(),
        "start_known": step.start_known,
        "dated": step.dated,
        "window": step.window_words,
        "cost_to_business": _money(step.cost_to_business),
        "hours": _number(step.hours),
        "evidence": step.evidence,
        "assured": _assured(step.assured),
        "checked": checked_words(step.assured, on),
    }
    return document if step.edition is None else {**document, "edition": dump_edition(step.edition)}


def _criterion(result: CriterionResult) -> Document:
    return {
        "fact": result.fact,
        "result": result.result.value,
        "words": result.words,
        "source": _source(result.source),
        "note": result.note,
    }


def _gap(gap: Gap) -> Document:
    return {"need": gap.need, "reason": gap.reason, "words": gap.words, "offers": list(gap.offers)}


def _payment(payment: Payment | None) -> Document | None:
    if payment is None:
        return None
    return {
        "words": payment.words,
        "min": _money(payment.min),
        "max": _money(payment.max),
        "rate_percent": _number(payment.rate_percent),
        "paid": payment.paid,
        "meaning": payment.meaning,
    }


def _funding_line(line: FundingLine) -> Document:
    document = {
        "offer": line.offer,
        "name": line.name,
        "kind": line.kind,
        "standing": line.standing,
        "max": _money(line.max),
        "rate_percent": _number(line.rate_percent),
        "amount": _money(line.amount),
        "words": line.words,
        "match": _money(line.match),
        "lends": _money(line.lends),
        "arrives": _month(line.arrives),
        "arrives_words": line.arrives_words,
    }
    aid = _aid(line.aid)
    return document if aid is None else {**document, **{name: aid[name] for name in AID_OF_LINE}}


def _aid(aid: AidLimit | None) -> Document | None:
    if aid is None:
        return None
    return {
        "limit": _money(aid.limit),
        "received": _money(aid.received),
        "left": _money(aid.left),
        "reference": aid.reference,
        "words": aid.words,
    }


def _cash(plan: CashPlan | None) -> Document | None:
    if plan is None:
        return None
    return {
        "months": [
            {
                "month": _month(each.month),
                "spent": _money(each.spent),
                "received": _money(each.received),
                "carried": _money(each.carried),
            }
            for each in plan.months
        ],
        "peak": _money(plan.peak),
        "peak_month": _month(plan.peak_month),
        "words": list(plan.words),
    }


def _filler(filler: Filler) -> Document:
    return {
        "offer": filler.offer,
        "name": filler.name,
        "kind": filler.kind,
        "up_to": _money(filler.up_to),
        "words": filler.words,
    }


def _each(write: Any, parts: Iterable[Any]) -> list[Document]:
    return [write(part) for part in parts]


def _source(source: Source) -> Document:
    return {"url": source.url, "title": source.title, "date": source.date, "seen": _day(source.seen)}


def _assured(assured: Assurance | None) -> Document | None:
    if assured is None:
        return None
    return {"by": assured.by, "on": assured.on.isoformat(), "until": assured.until.isoformat()}


def _money(money: Money | None) -> Document | None:
    return None if money is None else {"amount": _number(money.amount), "currency": money.currency}


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _month(day: date | None) -> str | None:
    return day.isoformat()[:7] if day else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
