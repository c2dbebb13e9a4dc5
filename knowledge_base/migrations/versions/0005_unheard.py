"""What was not understood, without personal data; who wants nothing kept; and the salt of both."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unheard",
        sa.Column("id", sa.String(20), primary_key=True),
        sa.Column("session", sa.String(64), nullable=True, index=True),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("why", sa.String(20), nullable=False),
        sa.Column("act", sa.String(40), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False, index=True),
        sa.Column("state", sa.String(20), nullable=False, index=True),
        sa.Column("label_act", sa.String(40), nullable=True),
        sa.Column("label_needs", sa.Text(), nullable=False),
        sa.Column("file", sa.String(), nullable=True),
        sa.UniqueConstraint("session", "text", name="uq_unheard_once"),
    )
    op.create_table(
        "unheard_refusals",
        sa.Column("session", sa.String(64), primary_key=True),
        sa.Column("day", sa.Date(), nullable=False),
    )
    salt = op.create_table(
        "unheard_salt",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("salt", sa.String(64), nullable=False),
    )
    op.bulk_insert(salt, [{"id": 1, "salt": secrets.token_hex(32)}])


def downgrade() -> None:
    op.drop_table("unheard_salt")
    op.drop_table("unheard_refusals")
    op.drop_table("unheard")
