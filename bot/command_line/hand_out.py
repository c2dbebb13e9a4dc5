"""`fingerpost export`: write the records as a table; `fingerpost import` takes it in again."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from bot.command_line.errors import CommandFailed, told


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    export = commands.add_parser(
        "export",
        help="write the records as CSV, a workbook or JSON",
        description="Write every record, drafts and withdrawn ones too, without losing a field.",
    )
    export.add_argument("out", type=Path, metavar="OUT", help="the file to write")
    export.add_argument(
        "--format", choices=("csv", "xlsx", "json"), default=None, help="(default: by its name)"
    )
    export.add_argument(
        "--what", choices=("offers", "providers"), default="offers", help="what a CSV holds (default: offers)"
    )
    export.set_defaults(run=run_export)


def run_export(args: argparse.Namespace) -> int:
    """Write the database's records to a file."""
    from knowledge_base.interchange.export import export_csv, export_json, export_workbook
    from knowledge_base.services import open_store

    form = args.format or args.out.suffix.removeprefix(".").lower()
    if form not in ("csv", "xlsx", "json"):
        raise CommandFailed("bad_format", "say --format csv, xlsx or json")
    with told():
        records = open_store(os.environ).catalogue(published_only=False)
    try:
        if form == "xlsx":
            with args.out.open("wb") as out:
                export_workbook(records, out)
        else:
            text = export_json(records) if form == "json" else "".join(export_csv(records, args.what[:-1]))
            args.out.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise CommandFailed("cannot_write", f"{args.out}: {error.strerror or error}") from error
    print(f"written to {args.out}", file=sys.stderr)
    return 0
