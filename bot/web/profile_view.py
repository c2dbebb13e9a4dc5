"""The facts a business told, written as people would read them back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.web.formats import amount, day, humanised, joined, sentence
from knowledge_base import labels
from knowledge_base.words import FACTS, KINDS


def told_facts(profile: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return label and words for every fact told, in the order of the closed list."""
    written = ((sentence(labels.fact(fact)), _written(fact, profile.get(fact))) for fact in FACTS)
    refused = joined([labels.fact(str(fact)) for fact in profile.get("refused") or ()])
    return (
        *((label, words) for label, words in written if words),
        *((("You would rather not say", sentence(refused)),) if refused else ()),
    )


def _written(fact: str, value: Any) -> str | None:
    if value in (None, "", []):
        return None
    if fact == "deadline":
        return day(value)
    if fact == "trading_months":
        return f"{amount(value)} {'month' if value == 1 else 'months'}"
    if isinstance(value, (list, tuple)):
        return joined([labels.kind(item) if item in KINDS else humanised(item) for item in value])
    if isinstance(value, str) and fact != "place":
        return sentence(labels.code_told(fact, value))
    return amount(value)
