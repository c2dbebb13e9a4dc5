"""Parse the command line, run one command, and turn every fault into words and an exit code."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from datetime import date

from bot.command_line import (
    advise,
    assure,
    brokers,
    checkup,
    content,
    digest,
    duplicates,
    events,
    examples,
    explain,
    gaps,
    hand_out,
    replan,
    staff,
    standards,
    take_in,
    understand,
    unheard,
    watch,
)
from bot.command_line.errors import CommandFailed

EPILOG = """\
examples:
  echo '{"id": "1", "text": "14 of us in Dudley, need a grant"}' | fingerpost understand
  fingerpost roadmap --needs process_improvement,finance --profile firm.yml --cost 40000
  fingerpost explain "Help to Grow: Management" --needs finance --profile firm.yml
  fingerpost replan --saved roadmap.json --done example-check-up --skipped example-loan
  fingerpost checkup --answers answers.yml --profile firm.yml
  fingerpost assess --profile firm.json --catalogue my-offers.yml --on 2026-12-01
  fingerpost content check
  fingerpost examples --out gallery
  fingerpost unheard list
  fingerpost import schemes.csv --preview
  fingerpost export offers.xlsx
  fingerpost events import calendar.ics --dry-run
  fingerpost hsds export services.json
  fingerpost staff add kim@hub.example.org --name "Kim Example" --role administrator
  fingerpost brokers add-team "Black Country makers" --area black-country
  fingerpost assure example-grant --by "A. Curator" --until 2027-02-01
  fingerpost digest --dry-run
  fingerpost watch --due

A profile file (JSON or YAML) holds the facts you know; leave out the rest:
  {"employees": 14, "place": "Dudley", "sector": "manufacturing", "refuses": ["loan"]}
It may hold a list of profiles; then a list is written.
"""


def parser() -> argparse.ArgumentParser:
    """The commands, with help that teaches."""
    top = argparse.ArgumentParser(
        prog="fingerpost",
        description="Find the support that exists for a small business, with the reason for every step.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="command")
    understand.add_to(commands)
    advise.add_to(commands)
    explain.add_to(commands)
    replan.add_to(commands)
    checkup.add_to(commands)
    gaps.add_to(commands)
    duplicates.add_to(commands)
    assure.add_to(commands)
    digest.add_to(commands)
    unheard.add_to(commands)
    watch.add_to(commands)
    staff.add_to(commands)
    brokers.add_to(commands)
    content.add_to(commands)
    take_in.add_to(commands)
    hand_out.add_to(commands)
    events.add_to(commands)
    standards.add_to(commands)
    examples.add_to(commands)
    serve = commands.add_parser("serve", help="run the gateway alone (`make run` starts everything)")
    serve.set_defaults(run=run_gateway)
    return top


def a_day(text: str) -> date:
    """Read --on."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date; write it as 2026-12-01") from None


def run_gateway(args: argparse.Namespace) -> int:
    """Serve the gateway in this process."""
    from bot.web.__main__ import main as gateway  # the web's packages, only when asked for

    return int(gateway() or 0)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it worked, 1 with words on standard error when it did not, 2 for bad usage."""
    args = parser().parse_args(argv)
    try:
        return int(args.run(args))
    except CommandFailed as failed:
        message = {"error": failed.code, "message": str(failed)}
        print(json.dumps(message, ensure_ascii=False), file=sys.stderr)
        return 1
    except BrokenPipeError:
        # The reader went away (`| head`): nothing is wrong here.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
