"""The funding of a project as its page shows it: who pays what, what is left, the cash to carry by month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.web.cash_drawing import Carried, CashDrawing, cash_drawings
from bot.web.formats import amount, as_day, sentence, sum_of
from knowledge_base import labels

GROUPS = (
    ("Pays", ("pays",)),
    ("To be repaid, or for a share", ("repaid", "raised")),
    ("Not counted", ("not_known", "other_currency", "not_paid", "after_year_end", "won", "nothing")),
)
SAYS = {"nothing": "nothing here", "not_known": "not known"}
MOST_MONTHS = 240


@dataclass(frozen=True)
class LineView:
    """What one offer brings: its name and kind, the sum or why there is none, and what to know about it."""

    name: str
    kind: str
    sum: str
    counted: bool
    notes: tuple[str, ...]


@dataclass(frozen=True)
class GroupView:
    name: str
    lines: tuple[LineView, ...]


@dataclass(frozen=True)
class CashView:
    """The cash to carry: in one sentence, drawn twice, and as rows of month, spent, received and carried."""

    words: str
    wide: CashDrawing | None
    narrow: CashDrawing | None
    spoken: str
    rows: tuple[tuple[str, str, str, str], ...]
    taken: tuple[str, ...]


@dataclass(frozen=True)
class FundingView:
    """Who pays: the offers by group, what is left, the cash, what could help, and what is taken as given."""

    cost: str
    groups: tuple[GroupView, ...]
    totals: tuple[tuple[str, str], ...]
    words: str
    taken: tuple[str, ...]
    fillers: tuple[tuple[str, str, str], ...]
    cash: CashView | None


def funding_view(funding: Any) -> FundingView | None:
    """Return what to show of a roadmap's funding, or None where there is no money in it.

    A roadmap saved before a part was known shows without that part.
    """
    if not isinstance(funding, Mapping):
        return None
    lines = _mappings(funding.get("lines"))
    cost = amount(funding.get("cost")) or ""
    cash = _cash(funding.get("cash"))
    totals = (
        ("Left for you to find", amount(funding.get("own_money"))),
        ("Of that, must stand beside the grants", amount(_some(funding.get("match")))),
        ("Of that, taken to be lent", amount(_some(funding.get("to_borrow")))),
        ("To carry until it is paid back to you", None if cash else amount(_some(funding.get("to_carry")))),
    )
    if not lines and not cost:
        return None
    return FundingView(
        cost=cost,
        groups=_groups(lines),
        totals=tuple((label, value) for label, value in totals if value),
        words=sentence(funding.get("words") or ""),
        taken=tuple(sentence(each) for each in (*_texts(funding.get("assumptions")), *_aid(funding))),
        fillers=tuple(_filler(each) for each in _mappings(funding.get("fillers"))),
        cash=cash,
    )


def _groups(lines: list[Mapping[str, Any]]) -> tuple[GroupView, ...]:
    found = []
    for name, standings in GROUPS:
        inside = tuple(_line(line) for line in lines if _standing(line) in standings)
        if inside:
            found.append(GroupView(name, inside))
    return tuple(found)


def _standing(line: Mapping[str, Any]) -> str:
    known = {standing for _, standings in GROUPS for standing in standings}
    if line.get("standing") in known:
        return str(line["standing"])
    if _some(line.get("amount")):
        return "pays"
    return "repaid" if line.get("kind") in ("loan", "guarantee") else "not_known"


def _line(line: Mapping[str, Any]) -> LineView:
    standing = _standing(line)
    lends, match = amount(_some(line.get("lends"))), amount(_some(line.get("match")))
    told = amount(line.get("amount")) if standing == "pays" else None
    notes = (
        sentence(line.get("words") or ""),
        f"You put {match} beside it" if match else "",
        sentence(line.get("arrives_words") or ""),
    )
    return LineView(
        name=str(line.get("name") or line.get("offer")),
        kind=sentence(labels.kind(str(line["kind"]))) if line.get("kind") else "",
        sum=told or (f"lends {lends}" if lends else SAYS.get(standing, "not counted")),
        counted=told is not None,
        notes=tuple(note for note in notes if note),
    )


def _aid(funding: Mapping[str, Any]) -> tuple[str, ...]:
    aid = funding.get("aid")
    return (str(aid["words"]),) if isinstance(aid, Mapping) and aid.get("words") else ()


def _filler(filler: Mapping[str, Any]) -> tuple[str, str, str]:
    kind = sentence(labels.kind(str(filler["kind"]))) if filler.get("kind") else ""
    return str(filler.get("name") or filler.get("offer")), kind, sentence(filler.get("words") or "")


def _cash(cash: Any) -> CashView | None:
    if not isinstance(cash, Mapping):
        return None
    raw = _mappings(cash.get("months"))
    months = [found for found in (_month(each) for each in raw[:MOST_MONTHS]) if found]
    currency = next((str(each["carried"].get("currency")) for each in raw if _some(each.get("carried"))), "")
    drawn = cash_drawings(months, currency)
    peak, when = amount(_some(cash.get("peak"))), as_day(f"{cash.get('peak_month')}-01")
    if len(months) < 2 or not peak or when is None:
        return None

    def said(value: Decimal) -> str:
        return sum_of(value, currency) or ""

    rows = tuple((each.name, said(each.spent), said(each.received), said(each.carried)) for each in months)
    return CashView(
        words=f"At most {peak}, in {when:%B} {when.year}",
        wide=drawn[0] if drawn else None,
        narrow=drawn[1] if drawn else None,
        spoken="; ".join(f"{name}: {carried}" for name, _, _, carried in rows),
        rows=rows,
        taken=tuple(sentence(each) for each in _texts(cash.get("words"))),
    )


def _month(each: Mapping[str, Any]) -> Carried | None:
    day = as_day(f"{each.get('month')}-01")
    sums = [_number(each.get(name)) for name in ("spent", "received", "carried")]
    if day is None or None in sums:
        return None
    spent, received, carried = (value or Decimal(0) for value in sums)
    return Carried(date(day.year, day.month, 1), spent, received, carried)


def _number(money: Any) -> Decimal | None:
    try:
        found = Decimal(str(money["amount"]))
    except (KeyError, TypeError, InvalidOperation):
        return None
    return found if found.is_finite() and found >= 0 else None


def _mappings(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, (list, tuple)) else []


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(each) for each in value) if isinstance(value, (list, tuple)) else ()


def _some(money: Any) -> Any:
    """Return money unless it is nothing."""
    return money if isinstance(money, Mapping) and money.get("amount") else None
