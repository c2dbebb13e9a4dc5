"""Send the digest of a day to everybody it is for, each once."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot.digest.fates import MaybeSent, NotSent
from bot.digest.letter import Letter, letter
from bot.digest.mail import send_mail
from bot.digest.settings import SMTP_URL, DigestSettings
from bot.digest.slack import post
from knowledge_base.hubs import Hub
from knowledge_base.store.assurances import Assurances
from knowledge_base.store.catalogue_store import CatalogueStore
from knowledge_base.store.digests import Digests

logger = logging.getLogger(__name__)

SENT, BEFORE, FAILED, UNCERTAIN = "sent", "sent before", "failed", "uncertain"
KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the digest for one address; ``words`` say why it failed."""

    to: str
    fate: str
    words: str = ""


def digest_of(store: CatalogueStore, hub: Hub, now: datetime, address: str) -> Letter | None:
    """Write the digest of a day; None where nothing is due. ``address`` is that of the gateway."""
    due = Assurances(store, hub.grace_days).due(now.date())
    return letter(due, now.date(), hub.name, f"{address}/console/due")


def send_digest(
    store: CatalogueStore, found: Letter, settings: DigestSettings, now: datetime
) -> list[Outcome]:
    """Send a day's digest to each address that has not had it yet."""
    digests = Digests(store.database)
    digests.forget(now.date() - KEPT)
    outcomes = []
    server = settings.server
    for to in settings.recipients:
        if server is None:
            outcomes.append(Outcome(to, FAILED, f"{SMTP_URL} is not set, so no mail can be sent"))
            continue
        send = partial(send_mail, server, settings.sender, to, found, now)
        outcomes.append(_each(digests, now, to.casefold(), to, send))
    slack = settings.slack
    if slack:
        # The address of a webhook lets anybody post: only its digest is kept.
        key = f"slack:{hashlib.sha256(slack.encode()).hexdigest()[:32]}"
        outcomes.append(_each(digests, now, key, "Slack", lambda: post(slack, found)))
    for each in outcomes:
        if each.fate in (FAILED, UNCERTAIN):
            logger.warning("A digest was not sent: %s", each.words)
    return outcomes


def _each(digests: Digests, now: datetime, key: str, to: str, send: Callable[[], None]) -> Outcome:
    if not digests.claim(now.date(), key, now):
        return Outcome(to, BEFORE)
    try:
        send()
    except NotSent as error:
        digests.release(now.date(), key)
        return Outcome(to, FAILED, str(error))
    except MaybeSent as error:
        return Outcome(to, UNCERTAIN, f"{error}; it is not tried again today")
    except BaseException:
        # Nothing we know of: nobody can say how far it came.
        logger.warning("The digest broke off; it is not tried again today")
        raise
    digests.sent(now.date(), key)
    return Outcome(to, SENT)
