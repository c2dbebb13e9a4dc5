"""The funding of a project, line by line; what a record does not say stays not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.web.formats import UNKNOWN, amount


@dataclass(frozen=True)
class FundingView:
    """Lines of label and sum, the cash to carry month by month, and notes."""

    lines: tuple[tuple[str, str], ...]
    cash: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


def funding_view(funding: Any) -> FundingView | None:
    """Return what to show of a roadmap's funding, or None when no cost was told."""
    if not isinstance(funding, Mapping):
        return None
    lines = tuple(_line(line) for line in funding.get("lines") or ())
    cash = tuple(_line(line) for line in funding.get("cash") or ())
    notes = tuple(str(note) for note in funding.get("notes") or ())
    return FundingView(lines, cash, notes) if lines or notes else None


def _line(line: Any) -> tuple[str, str]:
    if not isinstance(line, Mapping):
        return str(line), ""
    label = next((line[key] for key in ("words", "name", "month", "kind", "offer") if line.get(key)), "")
    told = line.get("amount")
    written = amount(told if isinstance(told, Mapping) else {**line, "words": None})
    return str(label), written or UNKNOWN
