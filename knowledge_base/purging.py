"""Delete what was kept of businesses once its stated time is over."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from knowledge_base.store.slack_outbox import SlackOutbox
from knowledge_base.store.slack_work import SlackWork

if TYPE_CHECKING:
    from knowledge_base.advice import Advice


def purge(advice: Advice, now: datetime) -> list[str]:
    """Delete roadmaps, check-ups, referrals, clients, work for Slack and words to learn from in their time.

    Returns:
        The sessions of the clients that went, to be forgotten elsewhere too.
    """
    days = advice.hub.retention_days
    advice.roadmaps.purge(now)
    advice.checkups.rows.purge(now)
    advice.referrals.purge(now, days["referrals"])
    advice.unheard.purge(now.date())
    advice.news.purge()
    SlackWork(advice.database).purge(now)
    SlackOutbox(advice.database).purge(now)
    return advice.clients.purge(now, days["clients"])
