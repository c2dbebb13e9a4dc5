"""`fingerpost replan`: plan a roadmap from a file again, and say what changed and why."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from bot.command_line.advise import read_plain
from bot.command_line.errors import CommandFailed, told


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    from bot.command_line.main import a_day

    replan = commands.add_parser(
        "replan",
        help="plan a roadmap again after something happened",
        description="Read a roadmap that `fingerpost roadmap` wrote, and what happened since; write the new "
        "roadmap, with what changed and why. Steps done stay done. The file it writes can be planned again.",
        epilog="example: fingerpost replan --saved roadmap.json --done example-check-up --on 2027-01-10",
    )
    replan.add_argument("--saved", required=True, type=Path, help="the roadmap, as it was written")
    replan.add_argument("--done", type=a_list, default=(), help="offers that were done, by id, with commas")
    replan.add_argument("--turned-down", type=a_list, default=(), help="offers that said no")
    replan.add_argument("--skipped", type=a_list, default=(), help="offers the business would rather not do")
    replan.add_argument("--refuses", type=a_list, default=(), help="kinds of help not wanted, such as loan")
    replan.add_argument(
        "--profile",
        type=Path,
        default=None,
        help="facts told or changed since, JSON or YAML; the others stay, and null takes one back",
    )
    replan.add_argument(
        "--catalogue", type=Path, default=None, help="areas and offers from a file instead of the database"
    )
    replan.add_argument("--on", type=a_day, default=None, help="the day to plan for (default: today)")
    replan.add_argument(
        "--words", default=None, help="what the owner said, where the roadmap was made with it"
    )
    replan.set_defaults(run=run_replan)


def a_list(text: str) -> tuple[str, ...]:
    """Read ids with commas between."""
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def run_replan(args: argparse.Namespace) -> int:
    """Write the new roadmap as JSON on standard output."""
    from knowledge_base.asked import BadSaved, asked_of_document
    from knowledge_base.profile import BadProfile
    from knowledge_base.replanning import BadProgress, replan
    from knowledge_base.services import view_of

    # As JSON reads it: a number with decimals equals the one a new roadmap has.
    saved = json.loads(json.dumps(read_plain(args.saved), default=float))
    try:
        asked = asked_of_document(saved)
    except BadSaved as bad:
        raise CommandFailed("bad_saved", f"{args.saved}: {bad}") from bad
    on = args.on or max(date.today(), asked.on)
    if on < asked.on:
        raise CommandFailed(
            "bad_date", f"--on: {on} is before the roadmap's own day; use {asked.on} or later"
        )
    happened = _happened(args)
    with told():
        view = view_of(args.catalogue, os.environ, listening=bool(args.words))
    near = view.near_of(args.words) if args.words else None
    try:
        planned = replan(view, saved, replace(asked, near=near), happened, on)
    except BadProgress as bad:
        raise CommandFailed("bad_progress", str(bad)) from bad
    except BadProfile as bad:
        raise CommandFailed("bad_profile", f"{args.profile}: {bad}") from bad
    json.dump(planned.document, sys.stdout, ensure_ascii=False, indent=2)
    print()
    return 0


def _happened(args: argparse.Namespace) -> Any:
    from knowledge_base.replanning import Happened

    facts = read_plain(args.profile) if args.profile else {}
    if not isinstance(facts, Mapping):
        raise CommandFailed("bad_profile", f"{args.profile}: give the facts of one business, not a list")
    return Happened(
        done=args.done,
        turned_down=args.turned_down,
        skipped=args.skipped,
        refuses=args.refuses,
        facts={fact: value for fact, value in facts.items() if value is not None},
        withdrawn_facts=tuple(str(fact) for fact, value in facts.items() if value is None),
    )
