"""Results of innovation check-ups."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "checkups",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("session", sa.String(100), nullable=True, index=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("roadmap_id", sa.String(40), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False, index=True),
    )


def downgrade() -> None:
    op.drop_table("checkups")
