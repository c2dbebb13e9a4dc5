"""What the repositories share: inserting a row only where there is none."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from knowledge_base.store.tables import Base


def insert_new(session: Session, row: type[Base], values: dict[str, Any]) -> bool:
    """Insert a row; return False, and change nothing, where one with its key is there."""
    table = row.__table__
    assert isinstance(table, Table)
    insert = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    # Asked for its key back, since a count of rows is not given alike by both databases.
    key = next(iter(table.primary_key))
    return (
        session.execute(insert(table).values(**values).on_conflict_do_nothing().returning(key)).first()
        is not None
    )
