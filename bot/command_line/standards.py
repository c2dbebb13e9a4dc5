"""`fingerpost hsds` and `fingerpost evidence`: records in the formats that others read."""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bot.command_line.errors import CommandFailed, told
from bot.command_line.events import read_bytes

BY = "command line"
LARGEST_JSON = 65 * 1024 * 1024


def add_to(commands: Any) -> None:
    """Add `hsds` and `evidence` to the parser."""
    from bot.command_line.main import a_day

    hsds = commands.add_parser("hsds", help="write or read records as Open Referral UK 3.0 (HSDS)")
    actions = hsds.add_subparsers(dest="action", required=True, metavar="export|import")
    export = actions.add_parser("export", help="write every published record as a page of services")
    export.add_argument("file", nargs="?", default="-", help="where to write (default: standard output)")
    export.add_argument(
        "--on", type=a_day, default=None, help="the day windows are held against (default: today)"
    )
    export.set_defaults(run=run_export)
    take = actions.add_parser("import", help="read services into drafts that wait to be published")
    take.add_argument("file", help="a page of services; - reads standard input")
    take.add_argument("--dry-run", action="store_true", help="say what it would do, and change nothing")
    take.set_defaults(run=run_import)
    evidence = commands.add_parser(
        "evidence", help="propose words on what a grant has done, from grants data (360Giving)"
    )
    evidence.add_argument("file", help="grants as JSON or CSV")
    evidence.add_argument("--offer", required=True, metavar="ID", help="the record it is evidence for")
    evidence.add_argument("--funder", help="only grants of this funder: its name or identifier")
    evidence.add_argument("--programme", help="only grants of this programme: its title")
    evidence.add_argument("--source", metavar="URL", help="where the file was published (default: its name)")
    evidence.set_defaults(run=run_evidence)


def run_export(args: argparse.Namespace) -> int:
    """Write the published records as JSON."""
    from knowledge_base.services import open_store
    from knowledge_base.standards.hsds import export_hsds

    with told():
        catalogue = open_store(os.environ).catalogue()
    text = json.dumps(export_hsds(catalogue, args.on or date.today()), ensure_ascii=False, indent=2) + "\n"
    if args.file == "-":
        print(text, end="")
        return 0
    try:
        Path(args.file).write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandFailed("cannot_write", f"{args.file}: {error.strerror or error}") from error
    print(f"written to {args.file}", file=sys.stderr)
    return 0


def run_import(args: argparse.Namespace) -> int:
    """Keep what is new or another as drafts; 1 where a service could not be read."""
    from knowledge_base.faults import MOST_PRINTED, lines_of
    from knowledge_base.offer_dump import dump_offer, dump_provider
    from knowledge_base.safe_files import read_json
    from knowledge_base.services import open_store
    from knowledge_base.standards.hsds_reading import read_hsds
    from knowledge_base.store.life import Life

    name = Path(args.file).name if args.file != "-" else "standard input"
    with told():
        store = open_store(os.environ)
        catalogue = store.catalogue(published_only=False)
        text = read_bytes(args.file, LARGEST_JSON).decode("utf-8-sig", errors="replace")
        found = read_hsds(read_json(text, name), catalogue.areas, catalogue.providers, name)
        life, now = Life(store), datetime.now().astimezone()
        changes = [
            *(
                ("provider", p.id, dump_provider(p))
                for p in found.providers
                if catalogue.providers.get(p.id) != p
            ),
            *(("offer", o.id, dump_offer(o)) for o in found.offers if catalogue.offers.get(o.id) != o),
        ]
        kept = 0
        for record_type, id, document in changes:
            working = life.working(record_type, id)
            if working and working.document == {n: v for n, v in document.items() if n != "status"}:
                continue
            kept += 1
            print(f"{record_type} {id}: {'changed' if life.published(record_type, id) else 'new'}")
            if not args.dry_run:
                version = working.version if working else 0
                life.save(
                    record_type, id, document, by=BY, why=f"taken in from {name}", now=now, version=version
                )
    for line in (*found.notes, *lines_of(found.faults, MOST_PRINTED)):
        print(line, file=sys.stderr)
    print(f"{len(found.offers)} services read; {kept} records new or changed.")
    return 1 if found.faults else 0


def run_evidence(args: argparse.Namespace) -> int:
    """Print a proposal for a record's evidence; nothing is changed."""
    from knowledge_base.services import open_store
    from knowledge_base.standards.threesixty import BadGrants, evidence, read_grants

    with told():
        offer = open_store(os.environ).catalogue(published_only=False).offers.get(args.offer)
    if offer is None:
        raise CommandFailed("unknown_offer", f"{args.offer}: there is no such record; use its id")
    name = Path(args.file).name
    try:
        grants = read_grants(read_bytes(args.file, LARGEST_JSON), name)
        words = evidence(grants.grants, args.source or name, args.funder, args.programme)
    except BadGrants as bad:
        raise CommandFailed("bad_grants", str(bad)) from bad
    for note in grants.notes:
        print(note, file=sys.stderr)
    print(f"Proposed evidence for {offer.id} ({offer.name}); look at it before you put it in the record:")
    print(words)
    return 0
