"""`fingerpost hsds` and `fingerpost evidence`: records in the formats that others read."""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.command_line.errors import CommandFailed, told
from bot.command_line.events import read_bytes

if TYPE_CHECKING:
    from knowledge_base.store.life import Life

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
    """Keep what is new or another as drafts; 1 where a service could not be read, or a record was left."""
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
        records = [
            *(
                ("provider", p.id, dump_provider(p))
                for p in found.providers
                if catalogue.providers.get(p.id) != p
            ),
            *(("offer", o.id, dump_offer(o)) for o in found.offers if catalogue.offers.get(o.id) != o),
        ]
        life, now = Life(store), datetime.now().astimezone()
        kept, left = [], []
        for record_type, id, document in records:
            try:
                became = _take_in(life, record_type, id, document, name, now, keep=not args.dry_run)
            except LeftAlone as reason:
                left.append(f"{record_type} {reason}")
                continue
            if became:
                kept.append(id)
                print(f"{record_type} {id}: {became}")
    for line in (*found.notes, *lines_of(found.faults, MOST_PRINTED)):
        print(line, file=sys.stderr)
    for line in left:
        print(f"Left as it is: {line}", file=sys.stderr)
    print(f"{len(found.offers)} services read; {len(kept)} records new or changed.")
    return 1 if found.faults or left else 0


class LeftAlone(Exception):
    """A record was not written over: the message says whose work that would have been, and the way out."""


def _take_in(
    life: Life, record_type: str, id: str, document: dict[str, Any], file: str, now: datetime, keep: bool
) -> str:
    """Make a record of a file a working copy; return "new" or "changed", "" where it says nothing new.

    Raises:
        LeftAlone: somebody is at work on the record, or published it since our own copy was begun, or while
            it was being read.
    """
    from knowledge_base.store.catalogue_store import StaleRecord
    from knowledge_base.store.working_copies import without_status

    # What is read here is what is saved over: whatever happens in between makes the save stale.
    working, published = life.working(record_type, id), life.published(record_type, id)
    wanted = without_status(document)
    if (working and working.document == wanted) or (published and published[0] == document):
        return ""
    if working and working.by != BY:
        raise LeftAlone(
            f"{id}: {working.by} is at work on it; publish or discard that, then take it in again"
        )
    if working and working.base_version != (published[1] if published else 0):
        raise LeftAlone(
            f"{id}: it was published anew since its draft was begun; discard the draft, or take over in the "
            "console what changed, then take it in again"
        )
    if keep:
        try:
            life.save(
                record_type,
                id,
                document,
                by=BY,
                why=f"taken in from {file}",
                now=now,
                version=working.version if working else 0,
                base=published[1] if published else 0,
            )
        except StaleRecord as stale:
            raise LeftAlone(str(stale)) from stale
    return "changed" if published else "new"


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
