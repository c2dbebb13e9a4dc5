"""`fingerpost assess` and `fingerpost roadmap`: the engine on profiles from files."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from bot.command_line.errors import CommandFailed, tell_left_out, told
from knowledge_base.faults import BadRecord
from knowledge_base.profile import BadProfile, Profile, parse_profile
from knowledge_base.words import NEEDS


def add_to(commands: Any) -> None:
    """Add both commands to the parser."""
    from bot.command_line.main import a_day

    assess = commands.add_parser(
        "assess",
        help="say for every offer: likely, unlikely or unsure, and why",
        description="Hold a profile against every offer; write each condition's result.",
    )
    roadmap = commands.add_parser(
        "roadmap",
        help="make the roadmap for needs and a profile",
        description="Write the roadmap: steps in order, each with its reason, cost, dates and source.",
        epilog="needs: " + ", ".join(NEEDS),
    )
    roadmap.add_argument("--needs", required=True, help="one need or several, with commas")
    roadmap.add_argument("--cost", type=a_sum, default=None, help="what the project costs, for the funding")
    roadmap.add_argument("--words", default=None, help="what the owner said: offers close to it go first")
    for command in (assess, roadmap):
        command.add_argument(
            "--profile", required=True, type=Path, help="facts about the business, JSON or YAML"
        )
        command.add_argument(
            "--catalogue",
            type=Path,
            default=None,
            help="areas and offers from a file instead of the database",
        )
        command.add_argument(
            "--keep-going", action="store_true", help="use the good records of the file and name the others"
        )
        command.add_argument("--on", type=a_day, default=None, help="the day it is done on (default: today)")
    assess.set_defaults(run=run_assess)
    roadmap.set_defaults(run=run_roadmap)


def a_sum(text: str) -> Decimal:
    """Read --cost."""
    try:
        cost = Decimal(text.replace(",", "").replace("_", ""))
    except InvalidOperation:
        raise argparse.ArgumentTypeError(f"{text!r} is not a sum; write it as 40000") from None
    if not cost.is_finite() or cost < 0:
        raise argparse.ArgumentTypeError("a cost is zero or more")
    return cost


def needs_of(text: str) -> tuple[str, ...]:
    """Read --needs."""
    needs = tuple(dict.fromkeys(n.strip() for n in text.split(",") if n.strip()))
    unknown = [n for n in needs if n not in NEEDS]
    if unknown or not needs:
        name = unknown[0] if unknown else "nothing"
        raise CommandFailed(
            "bad_needs", f"--needs: {name} is not a need; use one or more of {', '.join(NEEDS)}"
        )
    return needs


def run_assess(args: argparse.Namespace) -> int:
    """Write the assessments of one profile, or of each in a list."""
    from knowledge_base.services import view_of

    with told():
        left_out: list[BadRecord] | None = [] if args.keep_going else None
        view = view_of(args.catalogue, os.environ, left_out=left_out)
    tell_left_out(left_out or ())
    return write_for_each(args, lambda profile, on: view.assessments(profile, on))


def run_roadmap(args: argparse.Namespace) -> int:
    """Write the roadmap for one profile, or for each in a list."""
    from knowledge_base.services import view_of

    needs = needs_of(args.needs)
    with told():
        left_out: list[BadRecord] | None = [] if args.keep_going else None
        view = view_of(args.catalogue, os.environ, listening=bool(args.words), left_out=left_out)
    tell_left_out(left_out or ())
    near = view.near_of(args.words) if args.words else None
    return write_for_each(
        args, lambda profile, on: view.roadmap_document(needs, profile, on, cost=args.cost, near=near)
    )


def write_for_each(args: argparse.Namespace, answer: Callable[[Profile, date], Any]) -> int:
    """Answer the file's profile, or each of its list, as JSON on standard output."""
    on = args.on or date.today()
    raw = read_plain(args.profile)
    try:
        if isinstance(raw, list):
            document: Any = [answer(parse_profile(one), on) for one in raw]
        else:
            document = answer(parse_profile(raw), on)
    except BadProfile as bad:
        raise CommandFailed("bad_profile", f"{args.profile}: {bad}") from bad
    json.dump(document, sys.stdout, ensure_ascii=False, indent=2)
    print()
    return 0


def read_plain(file: Path) -> Any:
    """Read a JSON or YAML file of the caller's, safely."""
    from knowledge_base.catalogue import BadCatalogue
    from knowledge_base.safe_files import read_document

    try:
        return read_document(file, str(file))
    except BadCatalogue as bad:
        raise CommandFailed("bad_file", str(bad)) from bad
