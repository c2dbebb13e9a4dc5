"""The chore that visits the sources that are due: some every hour, each once a week."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime

from bot.chores.chore import Chore, turned_off
from bot.watch.fetch import Fetcher
from bot.watch.rounds import go_round
from bot.watch.visiting import Visitor, agent_name
from knowledge_base.store.catalogue_store import CatalogueStore
from knowledge_base.store.database import Database
from knowledge_base.store.sources import Sources
from knowledge_base.watch.quoted import sources_of

EVERY_SECONDS = 3600.0
AT_A_TIME = 100  # a round stays short: the next hour takes the rest


def watching(
    database: Database,
    env: Mapping[str, str],
    clock: Callable[[], datetime],
    stop: threading.Event | None = None,
    visitor: Callable[[], Visitor] | None = None,
) -> Chore:
    """Return the chore. It is off with FINGERPOST_WATCH=0; what was visited is kept as it goes."""
    records, sources = CatalogueStore(database), Sources(database)

    def default() -> Visitor:
        return Visitor(Fetcher(agent_name(env.get("FINGERPOST_PUBLIC_URL"))), stop=stop)

    def run(now: datetime) -> int:
        if not_watching(env):
            return 0
        catalogue = records.catalogue()
        urls = list(sources_of(catalogue))
        sources.close_unnamed(urls, now)
        due = sources.due(urls, now)[:AT_A_TIME]
        return go_round(due, catalogue, sources, (visitor or default)(), clock=clock, at_once=3).done

    return Chore("visits to sources", EVERY_SECONDS, run)


def not_watching(env: Mapping[str, str]) -> bool:
    """Say whether FINGERPOST_WATCH turns the visits off."""
    return turned_off(env, "FINGERPOST_WATCH")
