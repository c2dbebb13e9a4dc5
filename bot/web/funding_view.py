"""The funding of a project, line by line; what cannot be counted says why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.web.formats import amount, sentence


@dataclass(frozen=True)
class FundingView:
    """Who pays: each line a name, a sum and why; then what is left, and the whole in words."""

    lines: tuple[tuple[str, str, str], ...]
    totals: tuple[tuple[str, str], ...]
    words: str


def funding_view(funding: Any) -> FundingView | None:
    """Return what to show of a roadmap's funding, or None where there is no money in it."""
    if not isinstance(funding, Mapping):
        return None
    lines = tuple(_line(line) for line in funding.get("lines") or ())
    totals = (
        ("What it costs", amount(funding.get("cost"))),
        ("Left for you to find", amount(funding.get("own_money"))),
        ("To carry until it is paid back to you", amount(_some(funding.get("to_carry")))),
    )
    told = tuple((label, value) for label, value in totals if value)
    return FundingView(lines, told, sentence(funding.get("words") or "")) if lines or told else None


def _line(line: Mapping[str, Any]) -> tuple[str, str, str]:
    name = str(line.get("name") or line.get("offer"))
    return name, amount(line.get("amount")) or "not counted", sentence(line.get("words") or "")


def _some(money: Any) -> Any:
    """Return money unless it is nothing."""
    return money if isinstance(money, Mapping) and money.get("amount") else None
