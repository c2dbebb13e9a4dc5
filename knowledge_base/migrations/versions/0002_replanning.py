"""What a roadmap was made from, the records it uses, and counts of what is missing."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("roadmaps", sa.Column("asked", sa.Text(), nullable=True))
    op.add_column("roadmaps", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("roadmaps", sa.Column("marked", sa.Boolean(), nullable=False, server_default=sa.false()))
    # Which records these use was not kept: they are planned again when they are next opened.
    op.execute(sa.table("roadmaps", sa.column("marked", sa.Boolean())).update().values(marked=sa.true()))
    op.create_table(
        "roadmap_offers",
        sa.Column(
            "roadmap_id", sa.String(40), sa.ForeignKey("roadmaps.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("offer_id", sa.String(100), primary_key=True, index=True),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.create_table(
        "gap_counts",
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("need", sa.String(40), primary_key=True),
        sa.Column("area", sa.String(100), primary_key=True),
        sa.Column("size_band", sa.String(20), primary_key=True),
        sa.Column("sector", sa.String(40), primary_key=True),
        sa.Column("reason", sa.String(40), primary_key=True),
        sa.Column("count", sa.Integer(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("gap_counts")
    op.drop_table("roadmap_offers")
    with op.batch_alter_table("roadmaps") as roadmaps:
        for column in ("marked", "version", "asked"):
            roadmaps.drop_column(column)
