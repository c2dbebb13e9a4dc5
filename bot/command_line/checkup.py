"""`fingerpost checkup`: place a business by its answers, and make the roadmap that follows."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from bot.command_line.advise import read_plain
from bot.command_line.errors import CommandFailed, told


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    from bot.command_line.main import a_day

    checkup = commands.add_parser(
        "checkup",
        help="place a business by type of innovation and by what holds it back",
        description="Write what an innovation check-up comes to, with the needs that follow and why. "
        "Without --answers, write the questions and the answers each takes.",
        epilog='answers: {"sells": "thing", "works": "some", "holds": ["time", "money"], "earns": null}',
    )
    checkup.add_argument("--answers", type=Path, default=None, help="answers, JSON or YAML; null is skipped")
    checkup.add_argument(
        "--profile", type=Path, default=None, help="facts about the business: adds the roadmap that follows"
    )
    checkup.add_argument(
        "--catalogue", type=Path, default=None, help="areas and offers from a file instead of the database"
    )
    checkup.add_argument("--on", type=a_day, default=None, help="the day it is done on (default: today)")
    checkup.set_defaults(run=run_checkup)


def run_checkup(args: argparse.Namespace) -> int:
    """Write the questions, or what answers come to, as JSON on standard output."""
    from knowledge_base.checkup import read_checkup
    from knowledge_base.checkup.documents import questions_document

    with told():
        checkup = read_checkup()
    if args.answers is None:
        document: Any = questions_document(checkup)
    else:
        raw = read_plain(args.answers)
        document = [_placed(args, one) for one in raw] if isinstance(raw, list) else _placed(args, raw)
    json.dump(document, sys.stdout, ensure_ascii=False, indent=2)
    print()
    return 0


def _placed(args: argparse.Namespace, raw: Any) -> dict[str, Any]:
    from knowledge_base.checkup import BadAnswers, read_answers, read_checkup
    from knowledge_base.checkup.saved import document_of
    from knowledge_base.profile import BadProfile, parse_profile
    from knowledge_base.services import view_of

    inside = raw.get("answers") if isinstance(raw, Mapping) and "answers" in raw else raw
    try:
        answers = read_answers(read_checkup(), inside)
    except BadAnswers as bad:
        raise CommandFailed("bad_answers", f"{args.answers}: {bad}") from bad
    on = args.on or date.today()
    try:
        profile = parse_profile(read_plain(args.profile)) if args.profile else None
    except BadProfile as bad:
        raise CommandFailed("bad_profile", f"{args.profile}: {bad}") from bad
    with told():
        view = view_of(args.catalogue, os.environ)
    document = document_of(view, view.near, answers, profile.place if profile else None, on)
    if profile is not None:
        needs = [each["need"] for each in document["needs"]]
        document["roadmap"] = view.roadmap_document(needs, profile, on)
    return document
