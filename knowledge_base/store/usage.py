"""Count which offers are shown, opened, followed and turned down: numbers by month, of nobody.

Counting is never worth an answer: where it fails, the log says so and everything else goes on.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from knowledge_base.asked import Asked, steps_of
from knowledge_base.store.database import Database, StoreUnavailable
from knowledge_base.store.desk_tables import OfferCountRow

logger = logging.getLogger(__name__)

SHOWN, OPENED, VISITED = "shown", "opened", "visited"
FOLLOWED, TURNED_DOWN, SKIPPED = "followed", "turned_down", "skipped"
WHATS: Mapping[str, str] = {
    SHOWN: "Shown as a step of a roadmap, once for each roadmap",
    OPENED: "Asked about in the chat",
    VISITED: "Its page was opened from a roadmap or the chat, as far as that can be told from robots",
    FOLLOWED: "A business said it had done it",
    TURNED_DOWN: "A business said the provider had said no",
    SKIPPED: "A business said it would rather not",
}


@dataclass(frozen=True, slots=True)
class OfferUse:
    """How often one offer was shown, opened, and so on, in some months; what is not in ``counts`` is 0."""

    offer: str
    counts: Mapping[str, int]
    months: Mapping[str, int]

    def __getitem__(self, what: str) -> int:
        return self.counts.get(what, 0)


class OfferCounts:
    """The counts of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, what: str, offers: Iterable[str], now: datetime) -> None:
        """Add one to the count of each offer, in the month of ``now``; raise nothing for the database."""
        wanted = list(offers)
        if not wanted:
            return
        try:
            with self._database.writing() as transaction:
                count_offers(transaction, {what: wanted}, now)
        except (StoreUnavailable, SQLAlchemyError) as error:
            logger.warning("Offers %s could not be counted: %s", what, type(error).__name__)

    def used(self, since: str | None = None, until: str | None = None) -> list[OfferUse]:
        """Return every offer that was counted from a month until another, by id.

        ``months`` holds how often it was shown in each month.
        """
        asked = select(OfferCountRow).order_by(OfferCountRow.offer_id, OfferCountRow.month)
        if since is not None:
            asked = asked.where(OfferCountRow.month >= since)
        if until is not None:
            asked = asked.where(OfferCountRow.month <= until)
        counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        months: dict[str, dict[str, int]] = defaultdict(dict)
        with self._database.session() as transaction:
            for row in transaction.scalars(asked):
                counts[row.offer_id][row.what] += row.count
                if row.what == SHOWN:
                    months[row.offer_id][row.month] = row.count
        return [OfferUse(offer, dict(found), months[offer]) for offer, found in counts.items()]


def count_offers(transaction: Session, noted: Mapping[str, Collection[str]], now: datetime) -> None:
    """Count offers by what happened to them, inside somebody else's transaction, which goes on whatever."""
    try:
        with transaction.begin_nested():
            # In one order, so that two that count the same offers never wait for each other.
            for offer, what in sorted(
                (offer, what) for what, offers in noted.items() for offer in set(offers)
            ):
                _add_one(transaction, offer, what, now)
    except SQLAlchemyError as error:
        logger.warning("Offers could not be counted: %s", type(error).__name__)


def _add_one(transaction: Session, offer: str, what: str, now: datetime) -> None:
    table = OfferCountRow.__table__
    assert isinstance(table, Table)
    insert = postgresql_insert if transaction.get_bind().dialect.name == "postgresql" else sqlite_insert
    values = {"month": f"{now:%Y-%m}", "offer_id": offer, "what": what, "count": 1}
    keys = [column.name for column in table.primary_key]
    statement = insert(table).values(**values)
    transaction.execute(
        statement.on_conflict_do_update(index_elements=keys, set_={"count": table.c.count + 1})
    )


def new_in(
    document: Mapping[str, Any], asked: Asked, before: Mapping[str, Any], asked_before: Asked
) -> dict[str, set[str]]:
    """Return what to count of a roadmap that was planned again: what is new since it was shown last.

    Only offers the roadmap has shown can be followed or turned down: what a business had done before it came
    is no news of ours.
    """
    had = _offers(before)
    done = {step.offer for step in asked.done_steps} - {step.offer for step in asked_before.done_steps}
    return {
        SHOWN: _offers(document) - had,
        FOLLOWED: done & had,
        TURNED_DOWN: ({*asked.turned_down} - {*asked_before.turned_down}) & had,
        SKIPPED: ({*asked.skipped} - {*asked_before.skipped}) & had,
    }


def shown_in(document: Mapping[str, Any]) -> dict[str, set[str]]:
    """Return what to count of a new roadmap."""
    return {SHOWN: _offers(document)}


def _offers(document: Mapping[str, Any]) -> set[str]:
    return {str(step["offer"]) for step in steps_of(document)}
