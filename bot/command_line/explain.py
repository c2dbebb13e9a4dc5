"""`fingerpost explain`: why an offer is not in a roadmap, what was better, and what would let it in."""

from __future__ import annotations

import argparse
import json
import os
import sys
import textwrap
from datetime import date
from pathlib import Path
from typing import Any

from bot.command_line.advise import a_sum, needs_of, read_plain
from bot.command_line.errors import CommandFailed, told

WIDTH = 100


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    from bot.command_line.main import a_day

    explain = commands.add_parser(
        "explain",
        help="say why an offer is not in a roadmap, and what would let it in",
        description="Hold one offer against a business and its needs: whether it is a step or a reserve, "
        "what bars it or is better, and the nearest change that would let it in, checked by planning again.",
        epilog='example: fingerpost explain "Help to Grow: Management" --needs finance --profile firm.yml',
    )
    explain.add_argument("offer", help="the offer, by its id or its name")
    explain.add_argument("--needs", required=True, help="one need or several, with commas")
    explain.add_argument("--profile", required=True, type=Path, help="facts about one business, JSON or YAML")
    explain.add_argument(
        "--catalogue", type=Path, default=None, help="areas and offers from a file instead of the database"
    )
    explain.add_argument("--on", type=a_day, default=None, help="the day it is done on (default: today)")
    explain.add_argument(
        "--cost", type=a_sum, default=None, help="what the project costs; it changes no step"
    )
    explain.add_argument("--words", default=None, help="what the owner said: offers close to it go first")
    explain.add_argument("--json", action="store_true", help="write all of it as JSON instead of sentences")
    explain.set_defaults(run=run_explain)


def run_explain(args: argparse.Namespace) -> int:
    """Write the explanation as sentences, or as JSON, on standard output."""
    from knowledge_base.asked import Asked
    from knowledge_base.explain import explain, explanation_document, sentences
    from knowledge_base.offer_lookup import NoSuchOffer, find_offer
    from knowledge_base.profile import BadProfile, parse_profile
    from knowledge_base.services import view_of

    needs = needs_of(args.needs)
    raw = read_plain(args.profile)
    if isinstance(raw, list):
        raise CommandFailed("bad_profile", f"{args.profile}: give the facts of one business, not a list")
    try:
        profile = parse_profile(raw)
    except BadProfile as bad:
        raise CommandFailed("bad_profile", f"{args.profile}: {bad}") from bad
    with told():
        view = view_of(args.catalogue, os.environ, listening=bool(args.words))
    try:
        offer = find_offer(view.catalogue, args.offer)
    except NoSuchOffer as unknown:
        raise CommandFailed("unknown_offer", str(unknown)) from unknown
    near = view.near_of(args.words) if args.words else None
    asked = Asked(needs, profile, args.on or date.today(), cost=args.cost, near=near)
    explanation = explain(view, asked, offer.id)
    if args.json:
        json.dump(explanation_document(explanation), sys.stdout, ensure_ascii=False, indent=2)
        print()
    else:
        print(textwrap.fill(" ".join(sentences(explanation)), WIDTH, break_on_hyphens=False))
    return 0
