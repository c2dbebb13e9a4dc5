"""`fingerpost gaps`: what businesses asked for and no offer was there for."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections import Counter
from typing import Any

from bot.command_line.errors import told

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
HEADINGS = ("month", "need", "area", "people", "sector", "reason", "how often")


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    gaps = commands.add_parser(
        "gaps",
        help="show what businesses looked for in vain",
        description="Write how often a need had no step, by month, area, size and sector of the business, "
        "and reason. Nothing else is kept of it. Counts under 3 are shown as “fewer than 3”.",
    )
    gaps.add_argument("--since", type=a_month, default=None, help="from this month on, such as 2026-01")
    gaps.add_argument("--json", action="store_true", help="write JSON instead of a table")
    gaps.set_defaults(run=run_gaps)


def a_month(text: str) -> str:
    """Read --since."""
    if not MONTH.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a month; write it as 2026-01")
    return text


def run_gaps(args: argparse.Namespace) -> int:
    """Write the counts, the most often missing need of a month first."""
    from knowledge_base.services import open_migrated
    from knowledge_base.store.gaps import Gaps

    with told():
        counts = Gaps(open_migrated(os.environ)).counts(args.since)
    often = Counter[tuple[str, str]]()
    for each in counts:
        often[each.month, each.gap.need] += each.count
    counts.sort(key=lambda each: (each.month, -often[each.month, each.gap.need]))
    if args.json:
        json.dump({"gaps": [_plain(each) for each in counts]}, sys.stdout, ensure_ascii=False, indent=2)
        print()
    elif counts:
        print(table([HEADINGS, *(_row(each) for each in counts)]))
    else:
        print("Nothing is missing so far: every need asked for had a step.")
    return 0


def table(rows: list[tuple[str, ...]]) -> str:
    """Write rows in columns as wide as they need, the first being the headings."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _plain(each: Any) -> dict[str, Any]:
    gap = each.gap
    return {
        "month": each.month,
        "need": gap.need,
        "area": gap.area or None,
        "size_band": gap.size_band or None,
        "sector": gap.sector or None,
        "reason": gap.reason,
        "count": each.shown,
        "words": each.words,
    }


def _row(each: Any) -> tuple[str, ...]:
    gap = each.gap
    return (
        each.month,
        gap.need,
        gap.area or "not known",
        gap.size_band or "not known",
        gap.sector or "not known",
        gap.reason,
        each.words,
    )
