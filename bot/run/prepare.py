"""Bring the database up to date before anything is served, and fill an empty one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone

from bot.run.settings import CannotStart
from knowledge_base.catalogue import BadCatalogue
from knowledge_base.services import PACK, open_store
from knowledge_base.store.database import StoreUnavailable


def prepare_database(database_url: str, say: Callable[[str], None]) -> None:
    """Migrate; load the starter pack where there is no offer yet, and touch nothing where there is.

    Raises:
        CannotStart: the database cannot be used, or the starter pack has a fault.
    """
    try:
        store = open_store({"DATABASE_URL": database_url})
        if store.is_empty():
            say("loading the starter pack into the empty database")
            report = store.load_pack(PACK, now=datetime.now(timezone.utc))
            say(f"{len(report.added)} offers loaded")
        store.database.close()
    except BadCatalogue as bad:
        raise CannotStart(
            f"the starter pack has faults; `fingerpost content check` explains them.\n{bad}"
        ) from bad
    except (StoreUnavailable, ValueError) as error:
        raise CannotStart(f"the database cannot be used: {error}") from error
