"""Which offers are shown, asked about, opened, followed and turned down: numbers by month, of nobody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from bot.console.desk import Desk, SignedIn
from bot.console.gate import allowed
from bot.console.pages.gaps import Chosen
from bot.console.sheets import csv_response
from knowledge_base.gap_brief import month_words
from knowledge_base.gap_pictures import after
from knowledge_base.store.usage import WHATS, OfferUse

router = APIRouter(prefix="")
See = Annotated[SignedIn, Depends(allowed("see"))]
COLUMNS = {
    "shown": "Shown",
    "opened": "Asked about",
    "visited": "Page opened",
    "followed": "Followed",
    "turned_down": "Turned down",
    "skipped": "Rather not",
}
MOST_MONTHS = 12
AT_ONCE = 50
BAR, HIGH = 9, 22


@dataclass(frozen=True)
class Line:
    """One offer: its numbers, and how often it was shown in each of the last months as small bars."""

    id: str
    name: str
    known: bool
    counts: tuple[int, ...]
    bars: tuple[tuple[int, float, float], ...]
    spoken: str


@router.get("/usage")
async def usage(
    request: Request,
    who: See,
    since: str = "",
    until: str = "",
    by: str = "shown",
    unused: str = "",
    page: int = 1,
) -> Response:
    """Show offers with how often they were used, the most used first, some at once."""
    desk: Desk = request.app.state.desk
    chosen, order = Chosen.of(since, until, ""), by if by in COLUMNS else "shown"
    given = await run_in_threadpool(_table, desk, chosen, order, bool(unused))
    pages = max(1, -(-len(given["lines"]) // AT_ONCE))
    page = min(max(1, page), pages)
    given |= {
        "total": len(given["lines"]),
        "lines": given["lines"][(page - 1) * AT_ONCE : page * AT_ONCE],
        "page": page,
        "pages": pages,
        "turned_to": lambda n: chosen.query(by=order, unused="1" if unused else "", page=str(n)),
    }
    return desk.page("console/usage.html", who=who, path="/console/usage", **given)


@router.get("/usage.csv")
async def as_csv(request: Request, who: See, since: str = "", until: str = "") -> Response:
    """Give the numbers of all of them as CSV."""
    desk: Desk = request.app.state.desk
    given = await run_in_threadpool(_table, desk, Chosen.of(since, until, ""), "shown", False)
    rows = [(line.id, line.name, *line.counts) for line in given["lines"]]
    return csv_response("offers-in-use.csv", ("offer", "name", *COLUMNS), rows)


def _table(desk: Desk, chosen: Chosen, by: str, unused: bool) -> dict[str, Any]:
    offers = desk.advice.view().catalogue.offers
    used = {use.offer: use for use in desk.advice.used.used(chosen.since or None, chosen.until or None)}
    months = _last_months(used, chosen.until or f"{desk.clock():%Y-%m}")
    most = max((n for use in used.values() for n in use.months.values()), default=1)
    wanted = [OfferUse(id, {}, {}) for id in offers if id not in used] if unused else list(used.values())
    lines = []
    for use in wanted:
        named = offers.get(use.offer)
        told = [f"{month_words(m)} {use.months[m]}" for m in months if use.months.get(m)]
        lines.append(
            Line(
                use.offer,
                named.name if named else use.offer,
                named is not None,
                tuple(use[what] for what in COLUMNS),
                tuple(_bars(use, months, most)),
                "; ".join(told) or "not shown in these months",
            )
        )
    at = list(COLUMNS).index(by)
    lines.sort(key=lambda line: (-line.counts[at], -line.counts[0], line.name.casefold(), line.id))
    return {
        "lines": lines,
        "chosen": chosen,
        "columns": COLUMNS,
        "by": by,
        "unused": unused,
        "meant": WHATS,
        "any_used": bool(used),
        "width": max(1, len(months)) * BAR,
        "high": HIGH,
        "export": chosen.query(),
        "query": lambda **more: chosen.query(**more),
        "never": sum(1 for id in offers if id not in used),
    }


def _last_months(used: dict[str, OfferUse], until: str) -> list[str]:
    """Return the months there are numbers of, to the last asked for: at most a year."""
    first = min((month for use in used.values() for month in use.months), default=until)
    months = [first]
    while months[-1] < until and len(months) < 1200:
        months.append(after(months[-1]))
    return months[-MOST_MONTHS:]


def _bars(use: OfferUse, months: list[str], most: int) -> Any:
    for n, month in enumerate(months):
        tall = round(HIGH * use.months.get(month, 0) / most, 1)
        if tall:
            yield n * BAR, HIGH - max(1.5, tall), max(1.5, tall)
