"""`fingerpost import`: take offers and providers in from a table, look before that, undo it after."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from bot.command_line.errors import CommandFailed, told

SHOWN = 40
NOBODY = "command line"


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    take = commands.add_parser(
        "import",
        help="take in offers or providers from a CSV, a workbook or JSON; look first, undo after",
        description="Say row by row what a file would make, change or refuse (--preview), take it in as "
        "drafts (--apply), or undo that (`fingerpost import undo ID`; `fingerpost import list` shows them).",
    )
    take.add_argument("what", nargs="+", metavar="FILE", help="a file; or undo ID; or list")
    take.add_argument(
        "--mapping", default="", help="a mapping: a file (YAML, JSON) or the name of a kept one"
    )
    take.add_argument(
        "--save-mapping", type=Path, default=None, help="write the mapping that was used, to be edited"
    )
    take.add_argument("--keep-mapping", default="", metavar="NAME", help="keep the mapping under a name")
    way = take.add_mutually_exclusive_group()
    way.add_argument(
        "--preview", action="store_true", help="write nothing, only say what would be (as usual)"
    )
    way.add_argument(
        "--apply", choices=("all", "good"), default=None, help="all rows or none; or the good ones"
    )
    take.add_argument("--publish", action="store_true", help="publish what passes the full checks (curators)")
    take.add_argument("--by", default=NOBODY, help="who does it: the e-mail of somebody on the hub's staff")
    take.add_argument("--faults", type=Path, default=None, help="write what is wrong, row by row, as CSV")
    take.set_defaults(run=run_import)


def run_import(args: argparse.Namespace) -> int:
    """Look at a file and tell; with --apply take it in. Exit 1 where a row is refused and all are wanted."""
    from knowledge_base.services import open_store
    from knowledge_base.store.imports import Imports

    with told():
        imports = Imports(open_store(os.environ))
    if args.what[0] == "undo" and len(args.what) == 2:
        return _undo(imports, args.what[1], args.by)
    if args.what == ["list"]:
        return _list(imports)
    if len(args.what) > 1:
        raise CommandFailed("bad_usage", "name one file; or `undo` and an id; or `list`")
    with told(), _said():
        return _take(imports, Path(args.what[0]), args)


def _take(imports: Any, file: Path, args: argparse.Namespace) -> int:
    from knowledge_base.store.import_work import look, take_in

    may_publish = _may_publish(imports, args) if args.publish else False
    try:
        with file.open("rb") as opened:
            id = imports.take(file.name, opened, args.by, _now())
    except OSError as error:
        raise CommandFailed("no_file", f"{file}: {error.strerror or error}") from error
    mapping = _mapping(imports, args.mapping) if args.mapping else None
    if mapping is not None:
        imports.map(id, replace(mapping, sheet=mapping.sheet or imports.one(id).mapping.sheet), _now())
    look(imports, id, _now)
    _tell(imports, id)
    _write_beside(imports, id, args)
    refused = imports.counts(id).get("refuse", 0)
    if args.apply is None:
        imports.forget(id, args.by, _now())
        return 1 if refused else 0
    take_in(imports, id, args.apply, args.by, _now, args.publish, own_drafts=may_publish)
    wrote = imports.one(id).report["wrote"]
    print(
        f"Taken in: {wrote['made']:,} made, {wrote['changed']:,} changed, {wrote['published']:,} of them "
        f"published, the others drafts. To undo it: fingerpost import undo {id}"
    )
    return 0


def _tell(imports: Any, id: str) -> None:
    found = imports.one(id)
    print(f"{found.file}: {'; '.join(found.report['said'])}.")
    for each in found.mapping.columns:
        print(f"  {each.column} -> {each.to}")
    mapped = {each.column for each in found.mapping.columns}
    left = [header for header in found.report["headers"] if header not in mapped]
    if left:
        print(f"  not taken: {', '.join(left[:30])}{' and others' if len(left) > 30 else ''}")
    _ask(found)
    for outcome, words in (
        ("make", "would be made"),
        ("change", "would be changed"),
        ("refuse", "is refused"),
    ):
        rows = imports.rows(id, outcome, 0, SHOWN)
        for row in rows:
            print(f"row {row.row}: {row.name or row.record_id} {words}")
            for change in row.words["changes"]:
                print(
                    f"    {change['label']}: {change['before'] or 'nothing'} "
                    f"-> {change['after'] or 'nothing'}"
                )
            for fault in row.words["faults"]:
                place = f"{fault['column']}: " if fault["column"] else ""
                value = f" ({fault['value']})" if fault["value"] else ""
                print(f"    {place}{fault['what']}{value}; {fault['remedy']}")
        more = imports.counts(id).get(outcome, 0) - len(rows)
        if more > 0:
            print(f"and {more:,} more")
    counts = imports.counts(id)
    print(
        f"{counts.get('make', 0):,} to make, {counts.get('change', 0):,} to change, "
        f"{counts.get('same', 0):,} as they are, {counts.get('refuse', 0):,} refused."
    )


def _ask(found: Any) -> None:
    """Print each value that no list knows once, with the rows it stands in."""
    unknown = found.report.get("unknown", ())
    if unknown:
        print("Values that are not known here; say once in a mapping (--save-mapping) what each means:")
    for each in unknown[:SHOWN]:
        print(f"  {each['column']}: {each['value']} ({each['rows']:,} row{'s' if each['rows'] != 1 else ''})")
    if len(unknown) > SHOWN:
        print(f"  and {len(unknown) - SHOWN:,} more")


def _with_questions(mapping: dict[str, Any], unknown: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a mapping with an empty place for each value that is not known, to be filled in."""
    for column in mapping["columns"]:
        asked = [each["value"] for each in unknown if each["column"] == column["column"]]
        if asked:
            column["values"] = {**column.get("values", {}), **dict.fromkeys(asked, "")}
    return mapping


def _write_beside(imports: Any, id: str, args: argparse.Namespace) -> None:
    import yaml

    from knowledge_base.interchange.export import write_csv
    from knowledge_base.interchange.mapping import dump_mapping

    found = imports.one(id)
    try:
        if args.save_mapping:
            asked = _with_questions(dump_mapping(found.mapping), found.report.get("unknown", ()))
            text = yaml.safe_dump(asked, sort_keys=False, allow_unicode=True)
            args.save_mapping.write_text(text, encoding="utf-8")
        if args.faults:
            lines = write_csv(imports.faults(id), ("row", "name", "column", "value", "what", "remedy"))
            args.faults.write_text("".join(lines), encoding="utf-8", newline="")
    except OSError as error:
        raise CommandFailed("cannot_write", f"{error.filename}: {error.strerror or error}") from error
    if args.keep_mapping:
        imports.keep_mapping(args.keep_mapping, found.mapping, args.by, _now())


def _mapping(imports: Any, told_mapping: str) -> Any:
    from knowledge_base.interchange.mapping import parse_mapping
    from knowledge_base.safe_files import read_document

    kept = next((each.mapping for each in imports.mappings() if each.name == told_mapping), None)
    return kept or parse_mapping(read_document(Path(told_mapping), told_mapping, 1024 * 1024))


def _may_publish(imports: Any, args: argparse.Namespace) -> bool:
    from knowledge_base.services import hub_of
    from knowledge_base.store.staff import Staff

    person = Staff(imports.database).by_email(args.by)
    if person is None or not (person.may("import") and person.may("publish")):
        raise CommandFailed("not_allowed", "--publish: name a curator of this hub with --by; or leave it out")
    return hub_of(os.environ).own_drafts


def _undo(imports: Any, id: str, by: str) -> int:
    from knowledge_base.services import hub_of
    from knowledge_base.store.import_undo import undo
    from knowledge_base.store.old_imports import check_undo

    with told(), _said():
        hub = hub_of(os.environ)
        check_undo(imports, id, _now(), hub.retention_days["imports"])
        counts = undo(imports, id, by, _now, hub=hub)
        left = [row for rows in _pages(imports, id) for row in rows if row.left_because]
    for row in left[:SHOWN]:
        print(f"Left: {row.record_id}: {row.left_because}.", file=sys.stderr)
    print(f"Undone: {counts['removed']:,} gone, {counts['restored']:,} as before, {counts['left']:,} left.")
    return 0


def _pages(imports: Any, id: str) -> Iterator[list[Any]]:
    offset = 0
    while rows := imports.rows(id, "", offset, 500):
        yield rows
        offset += len(rows)


def _list(imports: Any) -> int:
    from knowledge_base.store.imports import said

    with told():
        for each in imports.all():
            print(f"{each.id}  {each.at:%Y-%m-%d %H:%M}  {each.by}  {each.file}  {said(each.state)}")
    return 0


@contextmanager
def _said() -> Iterator[None]:
    """Turn what keeps a file out into `CommandFailed`."""
    from knowledge_base.interchange.faults import BadTable
    from knowledge_base.interchange.mapping import BadMapping
    from knowledge_base.store.catalogue_store import StaleRecord
    from knowledge_base.store.imports import NoSuchImport, WrongState

    codes: Mapping[type[Exception], str] = {
        BadTable: "bad_table",
        BadMapping: "bad_mapping",
        StaleRecord: "stale_record",
        NoSuchImport: "no_import",
        WrongState: "wrong_state",
    }
    try:
        yield
    except tuple(codes) as error:
        raise CommandFailed(codes[type(error)], str(error)) from error


def _now() -> datetime:
    return datetime.now(timezone.utc)
