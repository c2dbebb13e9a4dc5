"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "areas",
        sa.Column("code", sa.String(100), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
    )
    op.create_table(
        "providers",
        sa.Column("id", sa.String(100), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("type", sa.String(30), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.create_table(
        "offers",
        sa.Column("id", sa.String(100), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False, index=True),
        sa.Column(
            "provider_id",
            sa.String(100),
            sa.ForeignKey("providers.id", ondelete="RESTRICT"),
            nullable=True,
            index=True,
        ),
        sa.Column("status", sa.String(20), nullable=False, index=True),
        sa.Column("window_status", sa.String(20), nullable=False),
        sa.Column("closes", sa.Date(), nullable=True),
        sa.Column("assured_until", sa.Date(), nullable=True, index=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    version = op.create_table(
        "catalogue_version",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.bulk_insert(version, [{"id": 1, "version": 0}])
    op.create_table(
        "revisions",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("record_type", sa.String(20), nullable=False),
        sa.Column("record_id", sa.String(100), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
    )
    op.create_index("ix_revisions_record", "revisions", ["record_type", "record_id", "version"], unique=True)
    op.create_table(
        "thresholds",
        sa.Column("position", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(100), nullable=False, index=True),
        sa.Column("document", sa.Text(), nullable=False),
    )
    op.create_table(
        "roadmaps",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("session", sa.String(100), nullable=True, index=True),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False, index=True),
    )
    op.create_table(
        "chat_sessions",
        sa.Column("id", sa.String(100), primary_key=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("issued", sa.Text(), nullable=False),
    )
    op.create_table(
        "chat_answers",
        sa.Column(
            "session", sa.String(100), sa.ForeignKey("chat_sessions.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("message", sa.String(64), primary_key=True),
        sa.Column("claimed", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replies", sa.Text(), nullable=True),
    )
    op.create_table(
        "referrals",
        sa.Column("code", sa.String(20), primary_key=True),
        sa.Column("session", sa.String(100), nullable=True, index=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("areas", sa.Text(), nullable=False),
        sa.Column("roadmap_id", sa.String(40), nullable=True),
        sa.Column("consent_at", sa.DateTime(timezone=True), nullable=False, index=True),
    )
    op.create_table("health_checks", sa.Column("id", sa.String(40), primary_key=True))


def downgrade() -> None:
    for table in (
        "health_checks",
        "referrals",
        "chat_answers",
        "chat_sessions",
        "roadmaps",
        "thresholds",
        "revisions",
        "catalogue_version",
        "offers",
        "providers",
        "areas",
    ):
        op.drop_table(table)
