"""What is missing: a map of needs by areas, in time, by size and sector; and a draft brief from each gap."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from bot.console import gap_drawings as draw
from bot.console.desk import Desk, SignedIn
from bot.console.gate import allowed
from bot.console.sheets import csv_response, download
from bot.web.problems import Problem
from knowledge_base import labels
from knowledge_base.gap_brief import Brief, draft, group_words, month_words, span_words
from knowledge_base.gap_pictures import FEWEST_SHOWN, Figure, GapMap, within
from knowledge_base.words import NEEDS

router = APIRouter(prefix="")
See = Annotated[SignedIn, Depends(allowed("see"))]
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
HEADINGS = ("need", "from", "until", "by", "which", "count")
PATH = "/console/gaps"


@dataclass(frozen=True)
class Chosen:
    """What somebody chose to see: months, both included, and an area; "" is all."""

    since: str = ""
    until: str = ""
    area: str = ""

    @classmethod
    def of(cls, since: str, until: str, area: str) -> Chosen:
        """Read a choice; what is no month is passed over, as the form's own fields give none."""
        months = [each if MONTH.fullmatch(each) else "" for each in (since.strip(), until.strip())]
        return cls(
            min(months) if all(months) else months[0], max(months) if all(months) else months[1], area[:100]
        )

    def query(self, **more: str) -> str:
        """Return the choice as the end of an address."""
        chosen = {"since": self.since, "until": self.until, "area": self.area} | more
        return urlencode({name: value for name, value in chosen.items() if value})


@router.get("/gaps")
async def gaps(request: Request, who: See, since: str = "", until: str = "", area: str = "") -> Response:
    """Show the pictures, each with its numbers in a table."""
    desk: Desk = request.app.state.desk
    chosen = Chosen.of(since, until, area)
    given = await run_in_threadpool(_pictures, desk, chosen)
    return desk.page("console/gaps.html", who=who, path=PATH, **given)


@router.get("/gaps.csv")
async def as_csv(request: Request, who: See, since: str = "", until: str = "", area: str = "") -> Response:
    """Give the figures that are shown, and no other, as CSV."""
    found = await run_in_threadpool(_rows, request.app.state.desk, Chosen.of(since, until, area))
    return csv_response("gaps.csv", HEADINGS, found)


@router.get("/gaps.json")
async def as_json(request: Request, who: See, since: str = "", until: str = "", area: str = "") -> Response:
    """Give the figures that are shown, and no other, as JSON."""
    found = await run_in_threadpool(_rows, request.app.state.desk, Chosen.of(since, until, area))
    document = {
        "fewest_shown": FEWEST_SHOWN,
        "gaps": [dict(zip(HEADINGS, row, strict=True)) for row in found],
    }
    return download(json.dumps(document, ensure_ascii=False, indent=2), "gaps.json", "application/json")


@router.get("/gaps/brief")
async def brief(
    request: Request, who: See, need: str, since: str = "", until: str = "", area: str = ""
) -> Response:
    """Show a draft brief from one gap."""
    desk: Desk = request.app.state.desk
    chosen = Chosen.of(since, until, area)
    made = await run_in_threadpool(_brief, desk, need, chosen)
    return desk.page(
        "console/gap_brief.html",
        who=who,
        path=PATH,
        brief=made,
        back=f"{PATH}?{chosen.query(area='')}",
        take_away=f"{PATH}/brief.txt?{chosen.query(need=need)}",
    )


@router.get("/gaps/brief.txt")
async def brief_text(
    request: Request, who: See, need: str, since: str = "", until: str = "", area: str = ""
) -> Response:
    """Give a draft brief as text to take away."""
    made = await run_in_threadpool(_brief, request.app.state.desk, need, Chosen.of(since, until, area))
    return download(made.text, f"brief-{need}.txt", "text/plain; charset=utf-8")


def _figures(desk: Desk, chosen: Chosen) -> list[Figure]:
    found = desk.advice.gaps.figures(desk.clock().date())
    return within(found, chosen.since or None, chosen.until or None)


def _rows(desk: Desk, chosen: Chosen) -> list[tuple[Any, ...]]:
    return [
        (each.need, each.since, each.until, each.by, each.which or None, each.count)
        for each in _figures(desk, chosen)
        if not chosen.area or (each.by == "area" and each.which == chosen.area)
    ]


def _brief(desk: Desk, need: str, chosen: Chosen) -> Brief:
    if need not in NEEDS:
        raise Problem("not_found", "There is no such need. Go back, and choose one of the map.")
    today: date = desk.clock().date()
    made = draft(desk.advice.view(), _figures(desk, chosen), need, chosen.area, today, desk.advice.hub.name)
    if made is None:
        words = "Nothing may be shown of this: it was asked for fewer than ten times, or in other months."
        raise Problem("not_found", words)
    return made


def _pictures(desk: Desk, chosen: Chosen) -> dict[str, Any]:
    everything = desk.advice.gaps.figures(desk.clock().date())
    shown = within(everything, chosen.since or None, chosen.until or None)
    map_ = GapMap(tuple(shown))
    names = {code: each.name for code, each in desk.advice.view().catalogue.areas.items()}
    of: dict[str, Callable[[str], str]] = {
        by: (lambda which, by=by: group_words(by, which, names))  # type: ignore[misc]
        for by in ("area", "size_band", "sector", "reason")
    }
    areas = sorted(map_.groups("area"), key=lambda code: not code)  # what is not known comes last
    totals = map_.totals()
    needs = [*totals]
    in_area = {need: n for (need, which), n in map_.cells("area").items() if which == chosen.area}

    def link(need: str, area: str = "") -> str:
        return f"{PATH}/brief?{chosen.query(need=need, area=area)}"

    return {
        "chosen": chosen,
        "any_at_all": desk.advice.gaps.any(),
        "any_shown": bool(everything),
        "shown": bool(shown),
        "first_shown": min((each.since for each in shown), default=""),
        "last_shown": max((each.until for each in shown), default=""),
        "earliest": min((each.since for each in everything), default=""),
        "latest": max((each.until for each in everything), default=""),
        "fewest": FEWEST_SHOWN,
        "areas": [(code, of["area"](code)) for code in areas],
        "all_areas": [(code, of["area"](code)) for code in GapMap(tuple(everything)).groups("area") if code],
        "area_name": of["area"](chosen.area) if chosen.area else "",
        "needs": [(need, labels.need(need)) for need in needs],
        "totals": totals,
        "cells": map_.cells("area"),
        "heats": [
            draw.heat_map(map_.cells("area"), needs, areas, labels.need, of["area"], narrow)
            for narrow in (False, True)
        ],
        "strips_drawn": [
            draw.strips([each for each in shown if each.by == "all"], needs, labels.need, narrow)
            for narrow in (False, True)
        ],
        "stretches": [
            (labels.need(each.need), span_words(each.since, each.until), each.count)
            for each in shown
            if each.by == "all"
        ],
        "in_area": {labels.need(need): n for need, n in sorted(in_area.items(), key=lambda p: -p[1])},
        "in_area_bars": draw.bars(dict(sorted(in_area.items(), key=lambda p: -p[1])), labels.need),
        "in_area_needs": sorted(in_area, key=lambda need: -in_area[need]),
        "grouped": [
            (
                by,
                title,
                {of[by](which): n for which, n in map_.groups(by).items()},
                draw.bars(map_.groups(by), of[by]),
            )
            for by, title in (
                ("size_band", "By people employed"),
                ("sector", "By sector"),
                ("reason", "By reason"),
            )
        ],
        "need_words": labels.need,
        "month_words": month_words,
        "link": link,
        "square_link": lambda square: link(square.need, square.which),
        "strip_link": lambda square: link(square.need),
        "export": chosen.query(),
    }
