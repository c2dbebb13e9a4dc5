"""`fingerpost gaps`: what businesses asked for and no offer was there for."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from datetime import date
from typing import Any

from bot.command_line.errors import told

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
HEADINGS = ("need", "from", "until", "by", "which", "how often")
WORDS = {"size_band": "people", "all": "all together"}


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    from bot.command_line.main import a_day

    gaps = commands.add_parser(
        "gaps",
        help="show what businesses looked for in vain",
        description="Write how often a need had no step: all together, and by area, size and sector of the "
        "business and by reason. Nothing else is kept of it. Nothing below 10 is shown, nor can it be worked "
        "out: months and groups are put together until there are 10. The running month has to be over.",
    )
    gaps.add_argument("--since", type=a_month, default=None, help="from this month on, such as 2026-01")
    gaps.add_argument("--until", type=a_month, default=None, help="until this month, such as 2026-06")
    gaps.add_argument("--on", type=a_day, default=None, help="as on this day (default: today)")
    gaps.add_argument("--json", action="store_true", help="write JSON instead of a table")
    gaps.set_defaults(run=run_gaps)


def a_month(text: str) -> str:
    """Read --since and --until."""
    if not MONTH.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a month; write it as 2026-01")
    return text


def run_gaps(args: argparse.Namespace) -> int:
    """Write the figures, the most often missing need first."""
    from knowledge_base.gap_pictures import GapMap, within
    from knowledge_base.services import open_migrated
    from knowledge_base.store.gaps import Gaps

    with told():
        gaps = Gaps(open_migrated(os.environ))
        found = gaps.figures(args.on or date.today())
        any_at_all = bool(found) or gaps.any()
    shown = within(found, args.since, args.until)
    totals = list(GapMap(tuple(shown)).totals())
    shown.sort(key=lambda each: totals.index(each.need) if each.need in totals else len(totals))
    if args.json:
        json.dump({"gaps": [plain(each) for each in shown]}, sys.stdout, ensure_ascii=False, indent=2)
        print()
    elif shown:
        print(table([HEADINGS, *(_row(each) for each in shown)]))
    elif found:
        earliest, latest = min(each.since for each in found), max(each.until for each in found)
        print(f"Nothing may be shown of these months alone: choose more, from {earliest} to {latest}.")
    elif any_at_all:
        print(
            "Too little is missing so far to be shown: a figure appears from 10 on, once its month is over."
        )
    else:
        print("Nothing is missing so far: every need asked for had a step.")
    return 0


def table(rows: list[tuple[str, ...]]) -> str:
    """Write rows in columns as wide as they need, the first being the headings."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def plain(each: Any) -> dict[str, Any]:
    """Write one figure as plain JSON values."""
    return {
        "need": each.need,
        "from": each.since,
        "until": each.until,
        "by": each.by,
        "which": each.which or None,
        "count": each.count,
    }


def _row(each: Any) -> tuple[str, ...]:
    which = "" if each.by == "all" else each.which or "not known"
    return each.need, each.since, each.until, WORDS.get(each.by, each.by), which, str(each.count)
