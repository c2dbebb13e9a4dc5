"""Keep the vectors of offers, so that each text is encoded once, whichever process comes first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Table, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from knowledge_base.store.database import Database
from knowledge_base.store.tables import OfferRow, OfferVectorRow


@dataclass(frozen=True, slots=True)
class KeptVector:
    """The vectors of one offer, with the digest of its texts and the encoder's mark they belong to."""

    offer: str
    digest: str
    encoder: str
    vectors: bytes


class OfferVectors:
    """The vectors kept in one database: one row an offer, replaced when its texts or the encoder change.

    A row goes with its offer. Every method may raise `StoreUnavailable`.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self) -> list[KeptVector]:
        """Return all that is kept, in order of offer."""
        columns = (OfferVectorRow.offer_id, OfferVectorRow.digest, OfferVectorRow.encoder)
        with self._database.session() as session:
            rows = session.execute(select(*columns, OfferVectorRow.vectors).order_by(columns[0]))
            return [KeptVector(*row) for row in rows]

    def keep(self, made: Iterable[KeptVector]) -> int:
        """Keep vectors, over those that were there; return how many, as an offer may be gone meanwhile."""
        by_offer = {each.offer: each for each in made}
        with self._database.writing() as session:
            there = session.scalars(select(OfferRow.id).where(OfferRow.id.in_(by_offer))).all()
            for id in there:
                _replace(session, by_offer[id])
            return len(there)


def _replace(session: Session, made: KeptVector) -> None:
    table = OfferVectorRow.__table__
    assert isinstance(table, Table)
    insert = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    values = {"digest": made.digest, "encoder": made.encoder, "vectors": made.vectors}
    statement = insert(table).values(offer_id=made.offer, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["offer_id"], set_=values))
