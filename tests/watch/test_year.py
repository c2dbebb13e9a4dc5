"""A made-up world is watched for eight weeks: what really changes is found in time, nothing else is cried."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge_base.store.database import open_database
from knowledge_base.store.sources import Sources
from tests.watch.world import World, served
from tests.watch.year import Outcome, live

SOURCES, WEEKS = 60, 8


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> tuple[Outcome, World, Path]:
    path = tmp_path_factory.mktemp("year") / "sources.sqlite"
    database = open_database(f"sqlite:///{path}")
    database.migrate()
    with served(World.of(SOURCES, seed=3)) as world:
        outcome = live(world, database, WEEKS, seconds=0.5, seed=5)
    database.close()
    return outcome, world, path


def test_what_really_changed_is_found_within_its_week(watched: tuple[Outcome, World, Path]) -> None:
    outcome, _, _ = watched

    assert outcome.changes >= 8
    assert [change for change, _ in outcome.missed] == []


def test_menus_banners_news_and_events_are_not_cried(watched: tuple[Outcome, World, Path]) -> None:
    outcome, _, _ = watched

    assert [(each.record_id, each.words) for each, _ in outcome.cried] == []


def test_no_visit_ever_reached_what_is_private(watched: tuple[Outcome, World, Path]) -> None:
    outcome, world, _ = watched

    assert outcome.answers["uncertain"] > 0
    assert world.private_hits == 0


def test_every_source_has_its_last_visit_kept(watched: tuple[Outcome, World, Path]) -> None:
    database = open_database(f"sqlite:///{watched[2]}")
    visits = Sources(database).last_visits(limit=1000)
    database.close()

    assert len({visit.url.partition("-new")[0] for visit in visits}) == SOURCES
