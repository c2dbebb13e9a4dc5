"""`fingerpost duplicates`: records that may be of one and the same offer."""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import Any

from bot.command_line.errors import told
from bot.command_line.gaps import table

HEADINGS = ("alike", "one", "other", "because")


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    duplicates = commands.add_parser(
        "duplicates",
        help="list records that may be of one and the same offer",
        description="List pairs of records that look alike by name, meaning and page, the likeliest first. "
        "Say which are two, or make them one, in the console under “Look-alikes”.",
    )
    duplicates.add_argument(
        "--least", type=a_share, default=None, help="name pairs from this chance on, 0 to 1 (default: 0.3)"
    )
    duplicates.add_argument("--json", action="store_true", help="write JSON instead of a table")
    duplicates.set_defaults(run=run_duplicates)


def a_share(text: str) -> float:
    """Read --least."""
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a chance; write a number from 0 to 1")
    return share


def run_duplicates(args: argparse.Namespace) -> int:
    """Write the pairs; what the records mean is encoded first, where that was not done yet."""
    from knowledge_base.duplicates import LIKELY
    from knowledge_base.meanings import Meanings
    from knowledge_base.services import ENCODER, open_store
    from knowledge_base.store.duplicates import Duplicates
    from knowledge_base.store.vectors import OfferVectors
    from knowledge_base.view import View

    with told():
        store = open_store(os.environ)
        Meanings(ENCODER, OfferVectors(store.database)).fill(View.of(store.catalogue()).index)
        found = Duplicates(store).pairs(LIKELY if args.least is None else args.least)
        names = {id: offer.name for id, offer in store.catalogue(published_only=False).offers.items()}
    if args.json:
        json.dump(
            {"pairs": [_plain(each, names) for each in found]}, sys.stdout, ensure_ascii=False, indent=2
        )
        print()
    elif found:
        rows = [(f"{each.alike:.0%}", each.one, each.other, ", ".join(each.because)) for each in found]
        print(table([HEADINGS, *rows]))
    else:
        print("No two records look alike, but for those that were said to be two.")
    return 0


def _plain(each: Any, names: dict[str, str]) -> dict[str, Any]:
    return {
        "one": each.one,
        "one_name": names[each.one],
        "other": each.other,
        "other_name": names[each.other],
        "alike": each.alike,
        "because": list(each.because),
    }
