"""The console: people, working copies, what was done, visits to sources, imports, counts."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff",
        sa.Column("id", sa.String(20), primary_key=True),
        sa.Column("email", sa.String(254), nullable=False, unique=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("password", sa.String(200), nullable=True),
        sa.Column("subject", sa.String(300), nullable=True, unique=True),
        sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "staff_sessions",
        sa.Column("token", sa.String(64), primary_key=True),
        sa.Column(
            "staff_id",
            sa.String(20),
            sa.ForeignKey("staff.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("csrf", sa.String(64), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False, index=True),
    )
    op.create_table(
        "sign_in_tries",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(64), nullable=False, index=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, index=True),
    )
    op.create_table(
        "working_copies",
        sa.Column("record_type", sa.String(20), primary_key=True),
        sa.Column("record_id", sa.String(100), primary_key=True),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False, index=True),
        sa.Column("by", sa.String(254), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("comment", sa.String(), nullable=False, server_default=""),
    )
    op.create_table(
        "working_revisions",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("record_type", sa.String(20), nullable=False),
        sa.Column("record_id", sa.String(100), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(254), nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
    )
    op.create_index(
        "ix_working_revisions_record",
        "working_revisions",
        ["record_type", "record_id", "version"],
        unique=True,
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("by", sa.String(254), nullable=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("about", sa.String(300), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
    )
    op.create_table(
        "source_checks",
        sa.Column("url", sa.String(2000), primary_key=True),
        sa.Column("checked", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("answer", sa.String(20), nullable=False, index=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("final_url", sa.String(2000), nullable=True),
        sa.Column("etag", sa.String(500), nullable=True),
        sa.Column("last_modified", sa.String(100), nullable=True),
        sa.Column("digest", sa.String(64), nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("fails", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("reason", sa.String(), nullable=False, server_default=""),
    )
    op.create_table(
        "findings",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("record_type", sa.String(20), nullable=False),
        sa.Column("record_id", sa.String(100), nullable=False, index=True),
        sa.Column("url", sa.String(2000), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False, index=True),
        sa.Column("place", sa.String(60), nullable=False, server_default=""),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=False, server_default=""),
        sa.Column("after", sa.String(), nullable=False, server_default=""),
        sa.Column("quote", sa.String(), nullable=False, server_default=""),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=True),
        sa.Column("digest", sa.String(64), nullable=False, index=True),
        sa.Column("found", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("state", sa.String(20), nullable=False, index=True),
        sa.Column("by", sa.String(254), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
    )
    op.create_table(
        "imports",
        sa.Column("id", sa.String(20), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("by", sa.String(254), nullable=False),
        sa.Column("file", sa.String(300), nullable=False),
        sa.Column("state", sa.String(20), nullable=False, index=True),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("total", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("touched", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_table(
        "import_parts",
        sa.Column(
            "import_id", sa.String(20), sa.ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("position", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "import_rows",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "import_id", sa.String(20), sa.ForeignKey("imports.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("record_type", sa.String(20), nullable=False),
        sa.Column("record_id", sa.String(100), nullable=False, index=True),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("draft_version", sa.Integer(), nullable=False),
        sa.Column("wrote", sa.Integer(), nullable=True),
        sa.Column("published", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("left_because", sa.String(), nullable=True),
    )
    op.create_index("ix_import_rows_import", "import_rows", ["import_id", "outcome", "row"])
    op.create_table(
        "import_mappings",
        sa.Column("name", sa.String(100), primary_key=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("by", sa.String(254), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "not_duplicates",
        sa.Column("one", sa.String(100), primary_key=True),
        sa.Column("other", sa.String(100), primary_key=True),
        sa.Column("by", sa.String(254), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "merges",
        sa.Column("id", sa.String(20), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("by", sa.String(254), nullable=False),
        sa.Column("stays", sa.String(100), nullable=False, index=True),
        sa.Column("goes", sa.String(100), nullable=False, index=True),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.Column("undone", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_table(
        "offer_counts",
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("offer_id", sa.String(100), primary_key=True),
        sa.Column("what", sa.String(20), primary_key=True),
        sa.Column("count", sa.Integer(), nullable=False),
    )
    op.create_table(
        "digests",
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("to", sa.String(300), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    for name in (
        "digests",
        "offer_counts",
        "merges",
        "not_duplicates",
        "import_mappings",
        "import_rows",
        "import_parts",
        "imports",
        "findings",
        "source_checks",
        "audit",
        "working_revisions",
        "working_copies",
        "sign_in_tries",
        "staff_sessions",
        "staff",
    ):
        op.drop_table(name)
