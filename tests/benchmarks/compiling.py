"""Make ten thousand offers ready to answer from, and again after one of them changed.

`python -m tests.benchmarks.compiling write|read COUNT FOLDER` prints one JSON object. Each is a process of
its own, so that the memory one reports is its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import psutil

from knowledge_base.advice import Advice
from knowledge_base.hubs import read_hub
from knowledge_base.roadmap import CatalogueIndex
from knowledge_base.services import open_migrated
from knowledge_base.store.record_rows import bump_version, write_area, write_offer, write_provider
from tests.benchmarks.figures import CannotMeasure, Figure, Run
from tests.benchmarks.processes import ROOT, quiet_environment
from tests.benchmarks.worlds import ON, grown, starter

COUNT = 10_000
BY, WHY = "benchmark", "measuring"
NOON = datetime(ON.year, ON.month, ON.day, 12, tzinfo=timezone.utc)


def measure(run: Run) -> list[Figure]:
    """Compile in a process of its own, from a database."""
    room = run.room("compiling")
    small, large = (compiled(count, room) for count in (len(starter().offers), COUNT))
    small_is = (
        "Its offers are copies of the starter pack's with other ids, names and areas, and share more "
        "conditions and pages than so many real ones would. Baseline: the starter pack alone."
    )
    told = {
        "first": (
            "catalogue of 10,000 offers made ready",
            "s",
            "From the database to index and reader, in a new process; what offers mean comes later.",
        ),
        "compiled": (
            "catalogue compiled (10,000)",
            "s",
            "Index and distinct tests alone, from records that have been read.",
        ),
        "saved": ("one offer of 10,000 saved", "s", "With its checks and its revision."),
        "again": ("catalogue made ready after that", "s", "What the next question waits for."),
        "megabytes": ("memory of a catalogue of 10,000", "MB", "Resident memory gained by making it ready."),
    }
    return [
        Figure(name, large[key], unit, small[key], f"{how} {small_is}", "measured")
        for key, (name, unit, how) in told.items()
    ]


def compiled(count: int, room: Path) -> dict[str, float]:
    """Write the records in one process and read them in another; return what the reading took."""
    _child("write", count, room)
    return _child("read", count, room)


def _child(what: str, count: int, room: Path) -> dict[str, float]:
    command = [sys.executable, "-m", __name__, what, str(count), str(room)]
    done = subprocess.run(
        command, cwd=ROOT, env=quiet_environment(), capture_output=True, text=True, timeout=600
    )
    if done.returncode != 0:
        raise CannotMeasure(f"to {what} {count:,} offers failed:\n{done.stderr[-2000:]}")
    found: dict[str, float] = json.loads(done.stdout)
    return found


def write(advice: Advice, count: int) -> dict[str, float]:
    """Fill a database with this many offers, all at once."""
    records = grown(starter(), count)
    with advice.database.writing() as session:
        for area in records.areas.values():
            write_area(session, area)
        for provider in records.providers.values():
            write_provider(session, provider, BY, WHY, NOON)
        session.flush()
        for offer in records.offers.values():
            write_offer(session, offer, None, BY, WHY, NOON)
        bump_version(session)
    return {"offers": len(records.offers)}


def read(advice: Advice, count: int) -> dict[str, float]:
    """Make the catalogue ready, publish a change to one offer, make it ready again."""
    before = psutil.Process().memory_info().rss
    first = _seconds(advice.warm)
    gained = psutil.Process().memory_info().rss - before
    records = advice.view().catalogue
    compiled = min(_seconds(lambda: CatalogueIndex.of(records)) for _ in range(3))
    if advice.count != count:
        raise CannotMeasure(f"{count:,} offers were written and {advice.count:,} came back")
    some = next(iter(advice.view().catalogue.offers.values()))
    changed = replace(some, summary=f"{some.summary} Changed.")
    saved = _seconds(lambda: advice.records.save_offer(changed, BY, WHY, NOON))
    again = _seconds(advice.warm)
    megabytes = gained / 1e6
    return {"first": first, "compiled": compiled, "saved": saved, "again": again, "megabytes": megabytes}


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def main(what: str, count: str, folder: str) -> int:
    """Do one of the two, and print what it found."""
    work = {"write": write, "read": read}[what]
    database = open_migrated({"DATABASE_URL": f"sqlite:///{Path(folder) / f'{count}.sqlite'}"})
    advice = Advice(database, read_hub("default"), "http://127.0.0.1")
    print(json.dumps(work(advice, int(count))))
    advice.database.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
