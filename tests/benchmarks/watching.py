"""Watch a thousand made-up sources for a year: what is found in time, and what is cried for nothing."""

from __future__ import annotations

import sys
import time

from knowledge_base.store.database import open_database
from tests.benchmarks.figures import Figure, Run
from tests.watch.world import World, served
from tests.watch.year import Outcome, live

SOURCES, WEEKS = 1_000, 52
FEWER, SHORTER = 200, 10
SECONDS = 0.5  # what one visit may take: a drip is cut off by then, and the year stays short


def measure(run: Run) -> list[Figure]:
    """Let a year go by, or ten weeks of fewer sources unless all is asked for."""
    count, weeks = (SOURCES, WEEKS) if run.full else (FEWER, SHORTER)
    database = open_database(f"sqlite:///{run.room('watching') / 'sources.sqlite'}")
    database.migrate()
    with served(World.of(count)) as world:
        begun = time.perf_counter()
        outcome = live(world, database, weeks, SECONDS)
        took = time.perf_counter() - begun
    database.close()
    tell(world, outcome)
    told = (
        f"{count:,} made-up pages in seven languages over {weeks} weeks: {outcome.changes:,} real changes, "
        f"{outcome.visits:,} visits, {outcome.findings:,} findings; menus, banners, news, events, other "
        "schemes and stamps change on most pages every week. The pages are ours: real ones are harder."
    )
    took_words = f"{told} In all {took:.0f} s."
    return [
        Figure("real changes found within one cycle", 100 * outcome.found_share, "%", how=told, aim="≥ 98"),
        Figure("findings that were no change", 100 * outcome.false_share, "%", how=told, aim="≤ 5"),
        Figure("requests that reached a private address", world.private_hits, "", how=told, aim="0"),
        Figure("a visit, kept and judged", 1000 * took / max(1, outcome.visits), "ms", how=took_words),
    ]  # fmt: skip


def tell(world: World, outcome: Outcome) -> None:
    """Name on standard error what was missed and what was cried for nothing, the first ten of each."""
    for change, _ in outcome.missed[:10]:
        page = world.pages[change.number]
        print(f"missed: {change} ({page.language}, style {page.style})", file=sys.stderr)
    for finding, _ in outcome.cried[:10]:
        told = f"{finding.record_id} {finding.place}: {finding.words} “{finding.quote}”"
        print(f"cried: {told}", file=sys.stderr)
