"""Bring the database up to date before anything is served, and fill an empty one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timezone

from bot.console.oidc import own_sign_in
from bot.run.settings import CannotStart
from bot.slack.settings import all_faults
from bot.web.settings import BadSettings
from knowledge_base.catalogue import BadCatalogue
from knowledge_base.services import PACK, BadSetting, hub_of, open_store
from knowledge_base.store.database import StoreUnavailable


def check_settings(env: Mapping[str, str]) -> None:
    """Read what the processes will be told, so that a fault is named once and before any of them starts.

    Raises:
        CannotStart: naming every setting that cannot be used.
    """
    try:
        all_faults(env)
        hub_of(env)
        own_sign_in(env)
    except BadSettings as bad:
        raise CannotStart("; ".join(bad.faults)) from bad
    except (BadCatalogue, BadSetting) as bad:
        raise CannotStart(str(bad)) from bad


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
