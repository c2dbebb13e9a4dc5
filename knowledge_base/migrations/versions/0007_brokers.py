"""The brokers' door: teams, clients, the states of referrals, lines between both, and Slack's work."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ADDED: tuple[sa.Column[Any], ...] = (
    sa.Column("sector", sa.String(40), nullable=True),
    sa.Column("recap", sa.Text(), nullable=True),
    sa.Column("state", sa.String(20), nullable=False, server_default="new"),
    sa.Column("team", sa.String(20), nullable=True),
    sa.Column("broker", sa.String(20), nullable=True),
    sa.Column("live", sa.Boolean(), nullable=False, server_default=sa.false()),
    sa.Column("since", MOMENT, nullable=True),
    sa.Column("due_at", MOMENT, nullable=True),
    sa.Column("taken_at", MOMENT, nullable=True),
    sa.Column("first_answer_at", MOMENT, nullable=True),
    sa.Column("closed_at", MOMENT, nullable=True),
    sa.Column("reminded", sa.Integer(), nullable=False, server_default="0"),
    sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
)
LOOKED_UP = ("roadmap_id", "state", "team", "broker", "due_at")


def upgrade() -> None:
    for column in ADDED:
        op.add_column("referrals", column.copy())
    for name in LOOKED_UP:
        op.create_index(f"ix_referrals_{name}", "referrals", [name])
    op.create_table(
        "broker_teams",
        sa.Column("id", sa.String(20), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False, unique=True),
        sa.Column("areas", sa.Text(), nullable=False),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("sectors", sa.Text(), nullable=False),
        sa.Column("slack_team", sa.String(40), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("slack_group", sa.String(40), nullable=False),
        sa.Column("lead_email", sa.String(254), nullable=False),
        sa.Column("lead_slack", sa.String(40), nullable=False),
        sa.Column("remind_days", sa.Text(), nullable=False),
        sa.Column("lead_after_days", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    op.create_table(
        "brokers",
        sa.Column("id", sa.String(20), primary_key=True),
        sa.Column(
            "team",
            sa.String(20),
            sa.ForeignKey("broker_teams.id", ondelete="RESTRICT"),
            nullable=False,
            index=True,
        ),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("slack_team", sa.String(40), nullable=True),
        sa.Column("slack_user", sa.String(40), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("by_group", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.UniqueConstraint("slack_team", "slack_user", name="uq_brokers_slack"),
    )
    op.create_table(
        "clients",
        sa.Column("id", sa.String(20), primary_key=True),
        sa.Column(
            "team", sa.String(20), sa.ForeignKey("broker_teams.id", ondelete="RESTRICT"), nullable=False
        ),
        sa.Column(
            "broker",
            sa.String(20),
            sa.ForeignKey("brokers.id", ondelete="SET NULL"),
            nullable=True,
            index=True,
        ),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("roadmap", sa.String(40), nullable=True, index=True),
        sa.Column("session", sa.String(100), nullable=False, unique=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column(
            "referral",
            sa.String(20),
            sa.ForeignKey("referrals.code", ondelete="SET NULL"),
            nullable=True,
            index=True,
        ),
        sa.Column("owner", sa.String(64), nullable=True, index=True),
        sa.Column("archived", MOMENT, nullable=True),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("touched", MOMENT, nullable=False, index=True),
        sa.Column("forgotten", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
    )
    op.create_index("ix_clients_team", "clients", ["team", "touched"])
    op.create_table("parted_sessions", sa.Column("session", sa.String(100), primary_key=True))
    op.create_table(
        "roadmap_notes",
        sa.Column("roadmap_id", sa.String(40), _roadmap(), primary_key=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("by_name", sa.String(200), nullable=False),
        sa.Column("team_name", sa.String(200), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_table(
        "roadmap_news",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("roadmap_id", sa.String(40), _roadmap(), nullable=False, index=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("batch", sa.Integer(), nullable=True),
    )
    op.create_table(
        "slack_places",
        sa.Column("slack_team", sa.String(40), primary_key=True),
        sa.Column("channel", sa.String(40), primary_key=True),
        sa.Column("thread", sa.String(40), primary_key=True),
        sa.Column(
            "client",
            sa.String(20),
            sa.ForeignKey("clients.id", ondelete="CASCADE"),
            nullable=True,
            index=True,
        ),
        sa.Column("referral", sa.String(20), _referral(), nullable=True, index=True),
    )
    op.create_table(
        "referral_trail",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("code", sa.String(20), _referral(), nullable=False, index=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.String(254), nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("team", sa.String(20), nullable=True),
        sa.Column("broker", sa.String(20), nullable=True),
    )
    op.create_table(
        "relay_lines",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("code", sa.String(20), _referral(), nullable=False, index=True),
        sa.Column("key", sa.String(200), nullable=False, unique=True),
        sa.Column("side", sa.String(10), nullable=False),
        sa.Column("who", sa.String(254), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("sent", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_index("ix_relay_lines_unsent", "relay_lines", ["sent", "side", "id"])
    op.create_table(
        "slack_work",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(300), nullable=False, unique=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("lane", sa.String(200), nullable=False),
        sa.Column("about", sa.String(40), nullable=False, index=True),
        sa.Column("body", sa.Text(), nullable=True),
        *_queue(),
    )
    op.create_index("ix_slack_work_state", "slack_work", ["state", "due_at"])
    op.create_index("ix_slack_work_lane", "slack_work", ["lane", "id"])
    op.create_table(
        "slack_outbox",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(300), nullable=False, unique=True),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("lane", sa.String(400), nullable=False),
        sa.Column("about", sa.String(40), nullable=False, index=True),
        sa.Column("thread_ts", sa.String(40), nullable=True),
        sa.Column("after_key", sa.String(300), nullable=True, index=True),
        sa.Column("update_ts", sa.String(40), nullable=True),
        sa.Column("update_key", sa.String(300), nullable=True, index=True),
        sa.Column("ephemeral_to", sa.String(40), nullable=True),
        sa.Column("payload", sa.Text(), nullable=True),
        sa.Column("ts", sa.String(40), nullable=True),
        *_queue(),
    )
    op.create_index("ix_slack_outbox_state", "slack_outbox", ["state", "due_at"])
    op.create_index("ix_slack_outbox_lane", "slack_outbox", ["lane", "id"])
    op.create_index("ix_slack_outbox_ts", "slack_outbox", ["channel", "ts"])


def _referral() -> sa.ForeignKey:
    return sa.ForeignKey("referrals.code", ondelete="CASCADE")


def _roadmap() -> sa.ForeignKey:
    return sa.ForeignKey("roadmaps.id", ondelete="CASCADE")


def _queue() -> list[sa.Column]:
    return [
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("worker", sa.String(100), nullable=True),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("ended", MOMENT, nullable=True, index=True),
        sa.Column("why", sa.String(), nullable=False, server_default=""),
    ]


def downgrade() -> None:
    for table in (
        "slack_outbox",
        "slack_work",
        "relay_lines",
        "referral_trail",
        "slack_places",
        "roadmap_news",
        "roadmap_notes",
        "parted_sessions",
        "clients",
        "brokers",
        "broker_teams",
    ):
        op.drop_table(table)
    for name in LOOKED_UP:
        op.drop_index(f"ix_referrals_{name}", "referrals")
    with op.batch_alter_table("referrals") as referrals:
        for column in reversed(ADDED):
            referrals.drop_column(column.name)
