"""Do the chores until somebody stops it; with FINGERPOST_CHORES=0 do none."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timezone

from bot.chores.chore import Chore, Rota, off
from bot.chores.referring import referring
from bot.chores.watching import watching
from bot.digest.daily import reminding
from knowledge_base.services import open_migrated
from knowledge_base.store.database import Database, StoreUnavailable

FIRST_SECONDS = 60.0  # the house wakes first


def chores(
    database: Database, env: Mapping[str, str], clock: Callable[[], datetime], stop: threading.Event
) -> Sequence[Chore]:
    """Return every chore, in the order they are done in when due at once. A part adds its own here."""
    return (watching(database, env, clock, stop), reminding(database, env), referring(database, env))


def main() -> int:
    """Serve until SIGTERM or Ctrl-C; a database that is away is tried again."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda number, frame: stop.set())
    if off(os.environ):
        return 0
    stop.wait(FIRST_SECONDS)
    while not stop.is_set():
        try:
            serve(open_migrated(os.environ), os.environ, utc_now, stop)
        except (StoreUnavailable, ValueError):
            print("the chores wait for the database", flush=True)
            stop.wait(FIRST_SECONDS)
    return 0


def serve(
    database: Database, env: Mapping[str, str], clock: Callable[[], datetime], stop: threading.Event
) -> None:
    """Do what is due and wait for the next, until stopped."""
    rota = Rota(chores(database, env, clock, stop), lambda words: print(words, flush=True))
    while not stop.is_set():
        rota.do_due(clock(), stop)
        stop.wait(rota.seconds_to_next(clock()))


def utc_now() -> datetime:
    """Return the moment it is."""
    return datetime.now(timezone.utc)


if __name__ == "__main__":
    sys.exit(main())
