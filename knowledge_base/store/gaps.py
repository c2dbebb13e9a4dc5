"""Count what is missing, so that a hub can see which support its businesses look for in vain.

What is kept: how often, in a month, a need had no step, by area, size and sector of the business and by the
reason. No conversation, no roadmap, no words, no place as it was typed: the area is a county, a hub's area
or a region, the size one of five bands. A roadmap counts once; planning it again does not count again.

The counts themselves are for nobody's eyes: a small one may be about a business that somebody could guess.
What may be shown of them is for `knowledge_base.gap_pictures` to say, and nothing else shows them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Table, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from knowledge_base.gap_groups import GapSeen
from knowledge_base.gap_pictures import FEWEST_SHOWN, Counted, Figure, figures
from knowledge_base.store.database import Database
from knowledge_base.store.tables import GapCountRow

__all__ = ["FEWEST_SHOWN", "GapSeen", "Gaps", "count_gaps"]


class Gaps:
    """The counts of what is missing, in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, gaps: Iterable[GapSeen], now: datetime) -> None:
        """Add one to the count of each gap, in the month of ``now``."""
        with self._database.writing() as transaction:
            count_gaps(transaction, gaps, now)

    def figures(self, on: date) -> list[Figure]:
        """Return what may be shown on a day: nothing of the running month, and nothing below ten."""
        return figures(self.counts(), f"{on:%Y-%m}")

    def any(self) -> bool:
        """Say whether anything was counted at all."""
        with self._database.session() as transaction:
            return transaction.scalar(select(GapCountRow.need).limit(1)) is not None

    def counts(self, since: str | None = None) -> list[Counted]:
        """Return every count from a month on (2026-01), by month, need and the rest; never to be shown."""
        table = GapCountRow
        asked = select(table).order_by(
            table.month, table.need, table.area, table.size_band, table.sector, table.reason
        )
        if since is not None:
            asked = asked.where(table.month >= since)
        with self._database.session() as transaction:
            return [
                Counted(
                    row.month, GapSeen(row.need, row.reason, row.area, row.size_band, row.sector), row.count
                )
                for row in transaction.scalars(asked)
            ]


def count_gaps(transaction: Session, gaps: Iterable[GapSeen], now: datetime) -> None:
    """Count gaps inside somebody else's transaction."""
    table = GapCountRow.__table__
    assert isinstance(table, Table)
    postgresql = transaction.get_bind().dialect.name == "postgresql"
    # In one order, so that two that count the same gaps never wait for each other.
    for gap in sorted(gaps, key=lambda gap: (gap.need, gap.area, gap.size_band, gap.sector, gap.reason)):
        values = {
            "month": f"{now:%Y-%m}",
            "need": gap.need,
            "area": gap.area,
            "size_band": gap.size_band,
            "sector": gap.sector,
            "reason": gap.reason,
            "count": 1,
        }
        insert = (postgresql_insert if postgresql else sqlite_insert)(table).values(**values)
        keys = [column.name for column in table.primary_key]
        transaction.execute(
            insert.on_conflict_do_update(index_elements=keys, set_={"count": table.c.count + 1})
        )
