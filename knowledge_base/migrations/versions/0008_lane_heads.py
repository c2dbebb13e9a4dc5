"""The first of each lane of Slack's work and posts, found without going through what has ended.

And whose direct conversation a thread about a client is in.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = ("slack_work", "slack_outbox")


def upgrade() -> None:
    for table in TABLES:
        op.drop_index(f"ix_{table}_lane", table)
        op.create_index(f"ix_{table}_lane", table, ["state", "lane", "id"])
    op.add_column("slack_places", sa.Column("person", sa.String(40), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("slack_places", "person")
    for table in TABLES:
        op.drop_index(f"ix_{table}_lane", table)
        op.create_index(f"ix_{table}_lane", table, ["lane", "id"])
