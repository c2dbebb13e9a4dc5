"""Who pays for a project, as a picture and in words, with the cash to carry month by month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bot.slack.blocks import limits
from bot.slack.blocks.text import cut, plain
from bot.slack.drawing import DIM, PHASES, bare, box, fitted, font, paper, png, say
from bot.web.formats import amount, as_day, sum_of
from bot.web.funding_view import funding_view
from bot.web.palette import INK, MAIN, MARK, PAPER


def funding_words(document: Mapping[str, Any]) -> str:
    """Say in words what the picture of the money shows."""
    view = funding_view(document.get("funding"))
    if view is None:
        return "There is no money in this roadmap."
    said = [f"Who pays for what. It costs {view.cost}" if view.cost else "Who pays for what"]
    said += [
        f"{group.name}: {', '.join(f'{plain(line.name)} {plain(line.sum)}' for line in group.lines)}"
        for group in view.groups
    ]
    said += [f"{label}: {value}" for label, value in view.totals]
    if view.cash:
        said.append(f"To carry meanwhile: {view.cash.words}; {view.cash.spoken}")
    return cut(". ".join(plain(each).rstrip(".") for each in said) + ".", limits.ALT_TEXT)


def funding_png(document: Mapping[str, Any]) -> bytes | None:
    """Draw who pays for what, and the cash to carry month by month where it is known.

    None where there is no cost, or nothing to divide it by.
    """
    funding = document.get("funding")
    funding = funding if isinstance(funding, Mapping) else {}
    parts, currency = _parts(funding)
    if not parts:
        return None
    months = _months_carried(funding)
    cash_height = 170 if months else 0
    height = 96 + 40 * len(parts) + cash_height
    figure, axes = paper(height)
    figure.text(0.035, 1 - 20 / height, "Who pays for what", fontproperties=font(12, True), color=INK)
    cost = amount(funding.get("cost"))
    figure.text(0.035, 1 - 38 / height, f"It costs {cost}", fontproperties=font(9.5), color=DIM)
    stack = 40 * len(parts) + 30
    axes.set_position((0.035, (cash_height + 14) / height, 0.93, stack / height))
    axes.set_xlim(0, 1)
    axes.set_ylim(stack, 0)
    _draw_stack(axes, parts, currency)
    if months:
        _draw_cash(figure, months, height, currency)
    return png(figure)


def _parts(funding: Mapping[str, Any]) -> tuple[list[tuple[str, Decimal, str, str]], str]:
    """Return name, sum, colour and pattern of what pays for the cost, what is left to find the last."""
    cost = _sum(funding.get("cost"))
    if cost is None or cost <= 0:
        return [], ""
    currency = str(funding["cost"].get("currency") or "")
    found: list[tuple[str, Decimal, str, str]] = []
    looks = list(PHASES.values())
    for line in funding.get("lines") or ():
        if isinstance(line, Mapping) and line.get("standing") == "pays":
            paid = _sum(line.get("amount"))
            if paid and _currency(line.get("amount")) == currency:
                colour, pattern = looks[len(found) % 3]
                found.append((plain(line.get("name") or line.get("offer")), paid, colour, pattern))
    own, lent = _sum(funding.get("own_money")), _sum(funding.get("to_borrow"))
    if lent:
        found.append(("Taken to be lent", lent, "#7d4f7d", "xxx"))
    left = (own or Decimal(0)) - (lent or Decimal(0))
    if left > 0:
        found.append(("Left for you to find", left, PAPER, ""))
    return found[:8], currency


def _draw_stack(axes: Axes, parts: Sequence[tuple[str, Decimal, str, str]], currency: str) -> None:
    whole = sum((part[1] for part in parts), Decimal(0))
    at = 0.0
    for row, (name, paid, colour, pattern) in enumerate(parts):
        share = float(paid / whole)
        axes.add_patch(box(at, 4, max(share, 0.004), 20, colour, pattern))
        y = 52 + 40 * row
        axes.add_patch(box(0, y - 12, 0.045, 14, colour, pattern))
        say(axes, 0.065, y - 6, fitted(name, 9.5, 305), 9.5, INK)
        say(axes, 0.065, y + 9, f"{sum_of(paid, currency)}, {share:.0%} of it", 9.5, DIM)
        at += share


def _draw_cash(figure: Figure, months: Sequence[tuple[date, Decimal]], height: int, currency: str) -> None:
    y = 166
    figure.text(
        0.035,
        y / height,
        "Cash to carry, at the end of each month",
        fontproperties=font(10.5, True),
        color=INK,
    )
    axes = figure.add_axes((0.035, 30 / height, 0.93, 112 / height))
    bare(axes)
    highest = max(carried for _, carried in months)
    axes.set_xlim(-0.6, max(len(months), 6) - 0.4)
    axes.set_ylim(0, float(highest) * 1.25)
    peak = next(number for number, (_, carried) in enumerate(months) if carried == highest)
    for number, (_, carried) in enumerate(months):
        colour, pattern = (MARK, "...") if number == peak else (MAIN, "")
        axes.add_patch(box(number - 0.32, 0, 0.64, float(carried), colour, pattern))
    axes.axhline(0, color=INK, linewidth=1)
    middle = min(max(peak, 0.4), max(len(months), 6) - 1.6)
    say(
        axes, middle, float(highest) * 1.12, sum_of(highest, currency) or "", 9.5, INK, ha="center", bold=True
    )
    every = -(-len(months) // 6)
    for number, (month, _) in enumerate(months):
        if number % every == 0:
            year = f"\n{month.year}" if number == 0 or month.year != months[number - every][0].year else ""
            axes.annotate(
                f"{month:%b}{year}", (number, 0), (0, -4), textcoords="offset points", ha="center", va="top",
                fontproperties=font(8.5), color=DIM, parse_math=False, annotation_clip=False,
            )  # fmt: skip


def _months_carried(funding: Mapping[str, Any]) -> list[tuple[date, Decimal]]:
    cash = funding.get("cash")
    raw = cash.get("months") if isinstance(cash, Mapping) else None
    found = []
    for each in raw if isinstance(raw, (list, tuple)) else ():
        month, carried = as_day(f"{each.get('month')}-01"), _sum(each.get("carried"))
        if month is not None and carried is not None:
            found.append((month, carried))
    return found[:120] if len(found) > 1 and any(carried for _, carried in found) else []


def _sum(money: Any) -> Decimal | None:
    try:
        found = Decimal(str(money["amount"]))
    except (KeyError, TypeError, InvalidOperation):
        return None
    return found if found.is_finite() and found >= 0 else None


def _currency(money: Any) -> str:
    return str(money.get("currency") or "") if isinstance(money, Mapping) else ""
