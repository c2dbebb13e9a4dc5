"""`fingerpost content`: check the starter pack, load it into the database, export it again."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

from bot.command_line.errors import CommandFailed, tell_left_out, told

ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "knowledge_base" / "content"
DATA = ROOT / "data"


def add_to(commands: Any) -> None:
    """Add `content` and its three commands to the parser."""
    from bot.command_line.main import a_day

    content = commands.add_parser("content", help="check, load or export the records")
    actions = content.add_subparsers(dest="action", required=True, metavar="check|load|export|messages")
    check = actions.add_parser("check", help="explain every fault: what, why it matters, how to mend, where")
    check.add_argument(
        "folder",
        nargs="?",
        type=Path,
        default=PACK,
        help="a folder in the starter pack's shape, or a catalogue file",
    )
    check.add_argument(
        "--on", type=a_day, default=None, help="the day windows are held against (default: today)"
    )
    check.add_argument("--all", action="store_true", help="show remarks too, not only what must be mended")
    check.set_defaults(run=run_check)
    load = actions.add_parser("load", help="load a folder of records, or a catalogue file, into the database")
    load.add_argument("folder", nargs="?", type=Path, default=PACK)
    load.add_argument("--keep-going", action="store_true", help="load the good records and name the others")
    load.set_defaults(run=run_load)
    export = actions.add_parser("export", help="write the database's records in the same format")
    export.add_argument("folder", type=Path, help="where to write; made if it is not there")
    export.set_defaults(run=run_export)
    messages = actions.add_parser(
        "messages", help="look for messages that the bot would learn twice: the same, or nearly so"
    )
    messages.add_argument("folder", nargs="?", type=Path, default=DATA, help="(default: data/)")
    messages.set_defaults(run=run_messages)


def run_check(args: argparse.Namespace) -> int:
    """Print the findings; exit 1 when one must be mended."""
    from knowledge_base.content_check import check_pack, render
    from knowledge_base.faults import MOST_PRINTED

    findings = check_pack(args.folder, args.on or date.today())
    faults = [f for f in findings if f.severity != "info"]
    shown = findings if args.all else faults
    if shown:
        most = len(shown) if args.all else MOST_PRINTED
        print(render(shown[:most]))
        if len(shown) > most:
            print(f"and {len(shown) - most:,} more; mend these first, or see them with --all")
    errors = [f for f in findings if f.severity == "error"]
    print(
        f"{len(errors)} to mend, {len(faults) - len(errors)} to look at, "
        f"{len(findings) - len(faults)} remarks."
    )
    return 1 if errors else 0


def run_load(args: argparse.Namespace) -> int:
    """Load the folder into the database that DATABASE_URL names, after bringing it up to date."""
    from knowledge_base.services import open_store

    with told():
        now = datetime.now(timezone.utc)
        report = open_store(os.environ).load_pack(args.folder, keep_going=args.keep_going, now=now)
    print(replace(report, faults=()))
    tell_left_out(report.faults)
    return 0


def run_export(args: argparse.Namespace) -> int:
    """Write every record as the starter pack's files."""
    from knowledge_base.services import open_store

    try:
        with told():
            open_store(os.environ).export_pack(args.folder)
    except OSError as error:
        raise CommandFailed("cannot_write", f"{args.folder}: {error.strerror or error}") from error
    print(f"written to {args.folder}", file=sys.stderr)
    return 0


def run_messages(args: argparse.Namespace) -> int:
    """Name the messages that stand twice; exit 1 where two are the same to the letter or contradict."""
    from knowledge_base.unheard.copies_check import pairs_in
    from knowledge_base.unheard.training_files import BadTrainingFile

    if not args.folder.is_dir():
        raise CommandFailed("no_folder", f"{args.folder} is no folder; name one that holds training messages")
    try:
        pairs = list(pairs_in(args.folder))
    except BadTrainingFile as bad:
        raise CommandFailed("bad_training_file", str(bad)) from bad
    for pair in pairs:
        print(pair.words(ROOT))
    faults = sum(pair.is_repeat or pair.contradicts for pair in pairs)
    print(f"{faults} to mend, {len(pairs) - faults} to look at.")
    return 1 if faults else 0
