"""A team's row, and the record of it."""

from __future__ import annotations

from knowledge_base.brokers.records import Team
from knowledge_base.store.broker_tables import TeamRow

TEAM_FIELDS = ("name", "areas", "needs", "sectors", "slack_team", "channel", "slack_group", "lead_email",
               "lead_slack", "remind_days", "lead_after_days", "position", "active")  # fmt: skip


def team_of(row: TeamRow) -> Team:
    """Return the record of a row."""
    lists = {name: tuple(getattr(row, name)) for name in ("areas", "needs", "sectors", "remind_days")}
    return Team(id=row.id, **{name: getattr(row, name) for name in TEAM_FIELDS} | lists)
