"""Watch a made-up world for some weeks, take the proposals, and count what was found and what was cried."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.watch.fetch import Fetcher
from bot.watch.reach import Reach
from bot.watch.rounds import go_round
from bot.watch.visiting import Visitor
from knowledge_base.catalogue import parse_offer
from knowledge_base.records import Catalogue, Source
from knowledge_base.store.database import Database
from knowledge_base.store.sources import Finding, Sources
from knowledge_base.watch.quoted import sources_of
from tests.watch.world import START, Change, World


@dataclass
class Outcome:
    """What came of some weeks. ``missed`` and ``cried`` name the changes not found and the false alarms."""

    changes: int = 0
    found: int = 0
    findings: int = 0
    visits: int = 0
    missed: list[tuple[Change, str]] = field(default_factory=list)
    cried: list[tuple[Finding, str]] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)

    @property
    def found_share(self) -> float:
        return self.found / self.changes if self.changes else 1.0

    @property
    def false_share(self) -> float:
        return len(self.cried) / self.findings if self.findings else 0.0


def live(world: World, database: Database, weeks: int, seconds: float, seed: int = 11) -> Outcome:
    """Let weeks go by: each brings changes, a round, and the next day another look at what was uncertain."""
    said, store, outcome = random.Random(seed), Sources(database), Outcome()
    reach = Reach(frozenset({("127.0.0.1", world.port)}))
    fetcher = Fetcher("FingerpostWatch/1.0 (test)", reach=reach, resolve=world.resolve, seconds=seconds)
    ids: set[int] = set()
    now = START

    def round_of(urls: list[str], catalogue: Catalogue, at: datetime) -> None:
        tally = go_round(urls, catalogue, store, Visitor(fetcher, between=0), clock=lambda: at, at_once=12)
        outcome.visits += tally.done
        outcome.answers.update(tally.answers)

    for week in range(weeks + 1):
        changes = world.week(said) if week else []
        now = START + timedelta(days=7 * week)
        catalogue = world.catalogue()
        urls = list(sources_of(catalogue))
        round_of(store.due(urls, now), catalogue, now)
        round_of(store.due(urls, now + timedelta(days=1)), catalogue, now + timedelta(days=1))
        standing = store.findings(limit=100_000)
        outcome.changes += len(changes)
        outcome.findings += sum(each.id not in ids for each in standing)
        for change in changes:
            hit = next((each for each in standing if _is(each, change)), None)
            outcome.found += hit is not None
            outcome.kinds[change.kind] += 1
            if hit is None:
                outcome.missed.append((change, world.pages[change.number].html(world.today)))
        true = {(f"offer-{change.number}", change.place) for change in changes}
        for each in standing:
            if each.id not in ids and (each.record_id, each.place) not in true:
                outcome.cried.append(
                    (each, world.pages[int(each.record_id.partition("-")[2])].html(world.today))
                )
        ids |= {each.id for each in standing}
        _take(world, store, standing, said)
    return outcome


def _is(finding: Finding, change: Change) -> bool:
    if (finding.record_id, finding.kind, finding.place) != (
        f"offer-{change.number}",
        change.kind,
        change.place,
    ):
        return False
    if change.kind in ("broken", "closed"):
        return True
    if change.kind == "moved":
        return finding.after.endswith(str(change.after))
    return bool(finding.changes) and finding.changes[-1][1] == change.after


def _take(world: World, store: Sources, standing: list[Finding], said: random.Random) -> None:
    """Publish every proposal, as a curator would; a page that is gone gets its record put right by hand."""
    for each in standing:
        page = world.pages[int(each.record_id.partition("-")[2])]
        if each.proposal is not None:
            record = parse_offer(each.record_id, each.proposal)
            url = str(record.source.url)
            page.record = replace(record, source=Source(url=url[url.index("/p", 8) :]))
        elif each.kind == "broken":
            store.mark_seen(each.id, "curator@example.org")
