"""The facts a business told, written as people would read them back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.web.formats import amount, day, humanised, joined, sentence

LABELS = {
    "employees": "People employed",
    "place": "Where",
    "sector": "What you do",
    "turnover": "Turnover",
    "trading_months": "Months trading",
    "legal_form": "Legal form",
    "stage": "Stage",
    "amount": "Money sought",
    "deadline": "Needed by",
    "languages": "Languages",
    "refuses": "Would rather not use",
    "done": "Already done",
    "subsidy_received": "Public support received",
    "refused": "Would rather not say",
}


def told_facts(profile: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return label and words for every fact told, in the order a business would give them."""
    written = ((label, _written(fact, profile.get(fact))) for fact, label in LABELS.items())
    return tuple((label, words) for label, words in written if words)


def _written(fact: str, value: Any) -> str | None:
    if value in (None, "", []):
        return None
    if fact == "deadline":
        return day(value)
    if isinstance(value, (list, tuple)):
        return joined([humanised(item) for item in value])
    if isinstance(value, str) and fact != "place":
        return sentence(humanised(value))
    return amount(value)
