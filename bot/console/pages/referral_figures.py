"""What became of referrals: how soon they were answered and how they ended, as pictures, tables and CSV."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from bot.console.desk import Desk
from bot.console.forms.routes import Sees
from bot.console.gap_drawings import BarsDrawing, bars
from bot.console.pages.gaps import Chosen
from bot.console.sheets import csv_response
from knowledge_base import labels
from knowledge_base.brokers.figures import FEWER, FEWEST_SHOWN, STILL_OPEN, Figures, Group, figures
from knowledge_base.brokers.records import OUTCOMES
from knowledge_base.brokers.words import STATE_WORDS
from knowledge_base.gap_brief import month_words
from knowledge_base.gap_pictures import after

router = APIRouter(prefix="/referrals")

PATH = "/console/referrals"
ENDS = {**{code: STATE_WORDS[code] for code in OUTCOMES}, STILL_OPEN: "still open"}
HEADINGS = (
    "by", "which", "asked", "hours to the first answer (median)", "answered within a day, %",
    "taken within a day, %", *ENDS.values(),
)  # fmt: skip
# A group that is not small is kept back too, where a small one could be worked out from it.
HIDDEN = f"{FEWER}, or kept back"
FIRST = datetime(1970, 1, 1, tzinfo=timezone.utc)


@dataclass(frozen=True)
class Part:
    """One way to group the figures, as a table and a picture."""

    key: str
    title: str
    rows: tuple[tuple[str, ...], ...]
    drawn: BarsDrawing | None


@router.get("/figures")
def page(request: Request, who: Sees, since: str = "", until: str = "") -> Response:
    """Show the figures of a time, by month, area, need and team."""
    desk: Desk = request.app.state.desk
    chosen = Chosen.of(since, until, "")
    found = _figures(desk, chosen)
    named = _named(desk, found)
    return desk.page(
        "console/referral_figures.html",
        who=who,
        path=PATH,
        chosen=chosen,
        any_at_all=bool(desk.advice.referrals.list()),
        all=found.all,
        enough=found.all.count is not None,
        answer=_time(found.all),
        answered=_share(found.all.answered_in_a_day),
        taken=_share(found.all.taken_in_a_day),
        ends=[(words, _count(found.all.outcomes[code])) for code, words in ENDS.items()],
        ends_drawn=bars({c: n for c in ENDS if (n := found.all.outcomes[c])}, lambda code: ENDS[code]),
        parts=[_part(key, title, groups) for key, title, groups in named],
        fewest=FEWEST_SHOWN,
        export=chosen.query(),
    )


@router.get("/figures.csv")
def as_csv(request: Request, who: Sees, since: str = "", until: str = "") -> Response:
    """Give the figures that are shown, and no other, as CSV."""
    desk: Desk = request.app.state.desk
    found = _figures(desk, Chosen.of(since, until, ""))
    rows = [_numbers("all", "", found.all)]
    for key, _, groups in _named(desk, found):
        rows += [_numbers(key, name, group) for name, group in groups]
    return csv_response("referrals.csv", HEADINGS, rows)


def _figures(desk: Desk, chosen: Chosen) -> Figures:
    """Return the figures of whole months, the running one up to now."""
    now = desk.clock()
    since = _first_of(chosen.since) if chosen.since else FIRST
    until = min(now, _first_of(after(chosen.until))) if chosen.until < "9999" and chosen.until else now
    return figures(desk.advice.referrals.list(), desk.advice.teams.all(), since, until)


def _first_of(month: str) -> datetime:
    return datetime(max(1, int(month[:4])), int(month[5:]), 1, tzinfo=timezone.utc)


def _named(desk: Desk, found: Figures) -> list[tuple[str, str, list[tuple[str, Group]]]]:
    areas: Mapping[str, Any] = desk.advice.view().catalogue.areas

    def area(code: str) -> str:
        return areas[code].name if code in areas else code or "not known"

    return [
        ("month", "By month", [(month_words(each.key), each) for each in found.by_month]),
        ("area", "By area", [(area(each.key), each) for each in found.by_area]),
        (
            "need",
            "By need",
            [(labels.need(each.key) if each.key else "not known", each) for each in found.by_need],
        ),
        ("team", "By team", [(each.name or "the hub’s lead", each) for each in found.by_team]),
    ]


def _part(key: str, title: str, groups: list[tuple[str, Group]]) -> Part:
    shown = {str(n): group.count for n, (_, group) in enumerate(groups) if group.count}
    rows = tuple(
        (
            name,
            _count(group.count),
            *(
                ()
                if group.count is None
                else (
                    _time(group),
                    _share(group.answered_in_a_day),
                    _share(group.taken_in_a_day),
                    *(_count(group.outcomes[code], "–") for code in ENDS),
                )
            ),
        )
        for name, group in groups
    )
    return Part(key, title, rows, bars(shown, lambda n: groups[int(n)][0]))


def _time(group: Group) -> str:
    """Return the median time to the first answer, to be read."""
    if group.to_first_answer is None:
        return "too few answers"
    hours = group.to_first_answer.total_seconds() / 3600
    if hours < 1:
        minutes = max(1, round(hours * 60))
        return f"{minutes} minute{'' if minutes == 1 else 's'}"
    if hours < 48:
        return f"{hours:.0f} hour{'' if round(hours) == 1 else 's'}"
    return f"{hours / 24:.1f} days"


def _count(count: int | None, hidden: str = HIDDEN) -> str:
    return hidden if count is None else str(count)


def _share(share: float | None) -> str:
    return "too few" if share is None else f"{share:.0%}"


def _numbers(by: str, which: str, group: Group) -> tuple[Any, ...]:
    if group.count is None:
        return (by, which, HIDDEN, *[None] * (len(HEADINGS) - 3))
    hours = None if group.to_first_answer is None else round(group.to_first_answer.total_seconds() / 3600, 1)
    shares = [
        None if each is None else round(each * 100)
        for each in (group.answered_in_a_day, group.taken_in_a_day)
    ]
    return (by, which, group.count, hours, *shares, *(_count(group.outcomes[code]) for code in ENDS))
