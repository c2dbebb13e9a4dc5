"""The digest as something done by itself: once a day, in the morning."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, tzinfo

from bot.chores.chore import Chore
from bot.digest.sending import digest_of, send_digest
from bot.digest.settings import BadDigestSetting, digest_settings
from bot.web.settings import from_environment
from knowledge_base.hubs import Hub
from knowledge_base.services import hub_of
from knowledge_base.store.catalogue_store import CatalogueStore
from knowledge_base.store.database import Database

logger = logging.getLogger(__name__)

FROM_HOUR = 7  # of the day where the hub is: nobody is told in the night
EVERY_SECONDS = 1800  # tried again after a failure; who had it today does not get it again


def reminding(database: Database, env: Mapping[str, str], zone: tzinfo | None = None) -> Chore:
    """Return the chore; it is told the time anywhere, and goes by that of ``zone``, or of this machine."""
    store = CatalogueStore(database)

    def run(now: datetime) -> object:
        try:
            return send_daily(store, hub_of(env), env, from_environment(env).address, now.astimezone(zone))
        except BadDigestSetting as bad:
            logger.warning("No digest can be sent: %s", bad)  # it names the setting, and holds no secret
            return {}

    return Chore("digest of what is due", EVERY_SECONDS, run)


def send_daily(
    store: CatalogueStore, hub: Hub, env: Mapping[str, str], address: str, now: datetime
) -> dict[str, int]:
    """Send today's digest to whom it was not sent yet; return how many it was sent to, and failed for.

    ``address`` is that of the gateway; ``now`` the time where the hub is.

    Raises:
        BadDigestSetting: a setting cannot be used.
        StoreUnavailable: the database cannot be used.
    """
    if now.hour < FROM_HOUR:
        return {}
    settings = digest_settings(env, hub)
    if not settings.recipients and not settings.slack:
        return {}
    found = digest_of(store, hub, now, address)
    if found is None:
        return {}
    fates = [each.fate for each in send_digest(store, found, settings, now)]
    return {fate: fates.count(fate) for fate in sorted(set(fates))}
