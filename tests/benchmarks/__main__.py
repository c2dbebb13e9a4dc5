"""Measure speed and memory: `.venv/bin/python -m tests.benchmarks [NAME …]` (or `make bench`)."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from tests.benchmarks import (
    checking,
    compiling,
    growth,
    importing,
    limits,
    long_conversation,
    memory,
    promises,
    reading,
    report,
    roadmaps,
    slack,
    throughput,
    training,
    waking,
    watching,
)
from tests.benchmarks.figures import Figure, Run, Table
from tests.benchmarks.machine import Mood, describe

BENCHMARKS: dict[str, Callable[[Run], Sequence[Figure | Table]]] = {
    "training": training.measure,
    "reading": reading.measure,
    "limits": limits.measure,
    "throughput": throughput.measure,
    "memory": memory.measure,
    "waking": waking.measure,
    "roadmaps": roadmaps.measure,
    "growth": growth.measure,
    "promises": promises.measure,
    "long_conversation": long_conversation.measure,
    "compiling": compiling.measure,
    "checking": checking.measure,
    "importing": importing.measure,
    "watching": watching.measure,
    "slack": slack.measure,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmarks asked for; return 1 when one of them could not be run."""
    options = _options(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sections: dict[str, report.Section] = {}
    failed = False
    with tempfile.TemporaryDirectory(prefix="fingerpost-bench-", ignore_cleanup_errors=True) as folder:
        run = Run(Path(folder), options.full)
        for name in options.names or BENCHMARKS:
            try:
                sections[name] = one(name, run, options.on)
            except Exception as error:  # the others keep their figures whatever one runs into
                print(f"{name} could not be measured: {type(error).__name__}: {error}", file=sys.stderr)
                failed = True
            else:
                report.keep(sections, describe())
    if sections:
        print(f"\n{report.table(sections)}\n\nKept in {report.RESULTS / 'latest.md'}")
    return int(failed)


def one(name: str, run: Run, on: str) -> report.Section:
    """Run one benchmark, saying so as it goes."""
    before, begun = Mood.now(), time.perf_counter()
    print(f"» {name} (load {before.load}, {before.core_share:.0%} of a core)", flush=True)
    found = BENCHMARKS[name](run)
    seconds = time.perf_counter() - begun
    after = Mood.now()
    print(f"  {seconds:.0f} s (load {after.load}, {after.core_share:.0%} of a core)", flush=True)
    return report.section(found, on, before, after, seconds)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", type=_name, metavar="NAME", help=f"run these alone: {', '.join(BENCHMARKS)}"
    )
    parser.add_argument(
        "--full",
        action="store_true",
        help="measure the slow stock baselines too (about a quarter of an hour more)",
    )
    parser.add_argument("--on", default=date.today().isoformat(), help="the date to put on the figures")
    return parser.parse_args(arguments)


def _name(told: str) -> str:
    if told not in BENCHMARKS:
        raise argparse.ArgumentTypeError(
            f"there is no benchmark {told!r}; use one of {', '.join(BENCHMARKS)}"
        )
    return told


if __name__ == "__main__":
    sys.exit(main())
