"""What taking in tables costs: 353 records by every step, and 100,000 rows with the memory they take."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import psutil

from knowledge_base.interchange.export import export_csv
from knowledge_base.records import Catalogue
from knowledge_base.store.catalogue_store import CatalogueStore
from knowledge_base.store.database import open_database
from knowledge_base.store.import_undo import undo
from knowledge_base.store.import_work import look, take_in
from knowledge_base.store.imports import Imports
from knowledge_base.store.record_rows import bump_version, write_area
from tests.benchmarks.figures import Figure, Run
from tests.benchmarks.worlds import starter

ROWS = 100_000
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=timezone.utc)
BY = "curator@hub.example.org"
MEGABYTE = 1024 * 1024


def measure(run: Run) -> list[Figure]:
    """Take the starter pack in through its own table, and then a table of 100,000 rows."""
    pack = starter()
    imports = _empty(run.folder / "pack.sqlite", pack)
    for provider in pack.providers.values():
        imports.store.save_provider(provider, BY, "new", NOW)
    content = "".join(export_csv(pack)).encode()
    seconds, _ = _by_steps(imports, "offers.csv", content)
    found = [
        Figure(
            f"a table of {len(pack.offers)} offers looked at and taken in", round(sum(seconds[:2]), 1), "s"
        )
    ]
    large = _empty(run.folder / "large.sqlite", pack)
    seconds, grown = _by_steps(large, "large.csv", "".join(_lines(ROWS)).encode())
    words = ("looked at", "taken in as drafts", "undone")
    found += [
        Figure(f"{ROWS:,} rows {word}", round(took, 1), "s")
        for word, took in zip(words, seconds, strict=True)
    ]
    return [*found, Figure(f"memory that grew over {ROWS:,} rows", round(grown), "MB")]


def _empty(path: Path, pack: Catalogue) -> Imports:
    database = open_database(f"sqlite:///{path}")
    database.migrate()
    with database.writing() as session:
        for area in pack.areas.values():
            write_area(session, area)
        bump_version(session)
    return Imports(CatalogueStore(database))


def _by_steps(imports: Imports, name: str, content: bytes) -> tuple[list[float], float]:
    """Return the seconds of looking, taking in and undoing, and the most megabytes the process grew by."""
    process, seconds = psutil.Process(), []
    id = imports.take(name, io.BytesIO(content), BY, NOW)
    before = most = process.memory_info().rss

    def clock() -> datetime:
        nonlocal most
        most = max(most, process.memory_info().rss)
        return NOW

    steps = (
        lambda: look(imports, id, clock),
        lambda: take_in(imports, id, "good", BY, clock),
        lambda: undo(imports, id, BY, clock),
    )
    for step in steps:
        begun = time.perf_counter()
        step()
        seconds.append(time.perf_counter() - begun)
        clock()
    return seconds, (most - before) / MEGABYTE


def _lines(rows: int) -> Iterator[str]:
    """Write the rows of a table nobody keeps; one in a hundred is faulty."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("Title", "Type", "Region", "Description", "Maximum", "Closing date", "Link"))
    for n in range(rows):
        kind = "Grant" if n % 100 else "Riddle"
        link = f"https://example.org/{n}"
        writer.writerow(
            (f"Example scheme {n}", kind, "Wales", f"Help number {n}.", "£5,000", "31/03/2027", link)
        )
        yield out.getvalue()
        out.seek(0)
        out.truncate()
