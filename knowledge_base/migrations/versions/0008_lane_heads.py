"""The first of each lane of Slack's work and posts, found without going through what has ended.

And what a client's saved roadmap held when the client was last in step with it, and whose direct
conversation a thread about it is in.
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
    op.add_column("clients", sa.Column("planned", sa.Text(), nullable=True))
    op.add_column("slack_places", sa.Column("person", sa.String(40), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("slack_places", "person")
    op.drop_column("clients", "planned")
    for table in TABLES:
        op.drop_index(f"ix_{table}_lane", table)
        op.create_index(f"ix_{table}_lane", table, ["lane", "id"])
