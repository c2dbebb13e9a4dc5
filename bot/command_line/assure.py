"""`fingerpost assure`: vouch for records until a day."""

from __future__ import annotations

import argparse
import os
from datetime import date, datetime, timedelta, timezone
from typing import Any

from bot.command_line.errors import CommandFailed, told


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    assure = commands.add_parser(
        "assure",
        help="vouch for records until a day",
        description="State that records are right, having looked at their sources. Businesses are told when "
        "the hub last checked, and that it is due again once the day has passed.",
    )
    assure.add_argument("offers", nargs="+", metavar="ID", help="the records, by id")
    assure.add_argument("--by", required=True, help="who vouches; the name is shown to businesses")
    assure.add_argument(
        "--until", type=a_day, default=None, help="until when (default: the hub's days from today)"
    )
    assure.add_argument("--on", type=a_day, default=None, help="the day it was checked (default: today)")
    assure.add_argument("--why", default="", help="what was looked at, for the record's history")
    assure.set_defaults(run=run_assure)


def a_day(text: str) -> date:
    """Read a day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a date; write it as 2026-12-01") from None


def run_assure(args: argparse.Namespace) -> int:
    """Keep the statement for each record, or for none, and name them."""
    from knowledge_base.assurance import BadAssurance, vouch
    from knowledge_base.services import hub_of, open_store
    from knowledge_base.store.assurances import Assurances, reason
    from knowledge_base.windows import day_words

    on = args.on or date.today()
    with told():
        hub, store = hub_of(os.environ), open_store(os.environ)
        try:
            assured = vouch(args.by, on, args.until or on + timedelta(days=hub.assurance_days))
            names = Assurances(store, hub.grace_days).assure(
                dict.fromkeys(args.offers),
                assured,
                by=assured.by,
                why=reason(assured, args.why),
                now=datetime.now(timezone.utc),
            )
        except BadAssurance as bad:
            raise CommandFailed("bad_assurance", str(bad)) from bad
        except OverflowError:
            raise CommandFailed("bad_assurance", f"{on} is too late a day") from None
        except LookupError as missing:
            raise CommandFailed("unknown_offer", str(missing)) from missing
    for name in names:
        print(f"{name}: checked by {assured.by} on {day_words(on)}, until {day_words(assured.until)}")
    return 0
