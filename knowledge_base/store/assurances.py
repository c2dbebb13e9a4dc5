"""Keep who vouches for a record, and read what is due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge_base.assurance import DUE_WITHIN, OFTEN, BadAssurance, Due, due_list
from knowledge_base.catalogue import parse_offer
from knowledge_base.records import Assurance
from knowledge_base.store.audit import note
from knowledge_base.store.catalogue_store import CatalogueStore, StaleRecord
from knowledge_base.store.desk_tables import FindingRow, OfferCountRow
from knowledge_base.store.record_rows import bump_version, lock_catalogue, write_offer
from knowledge_base.store.tables import OfferRow

MOST_AT_ONCE = 500
LATELY = 3  # months, the running one among them, whose showings count as lately


class Assurances:
    """The assurances of one database's records. Every method may raise `StoreUnavailable`."""

    def __init__(self, store: CatalogueStore, grace_days: int | None = None) -> None:
        self._store = store
        self._grace_days = grace_days

    def due(self, on: date, within: int = DUE_WITHIN, often: int = OFTEN) -> tuple[Due, ...]:
        """List the records to look at on a day; see `due_list`."""
        catalogue = self._store.catalogue()
        with self._store.database.session() as session:
            shown, findings = _shown(session, on), _findings(session)
        return due_list(
            catalogue.offers.values(),
            on,
            within=within,
            grace_days=self._grace_days,
            often=often,
            shown=shown,
            findings=findings,
            versions=self._store.versions(catalogue, catalogue.offers),
        )

    def assure(
        self, offers: Mapping[str, int | None], assured: Assurance, *, by: str, why: str, now: datetime
    ) -> tuple[str, ...]:
        """Vouch for published offers, all of them or none; each keeps a revision. Return their names.

        Args:
            offers: their ids, each with the version that was looked at; None vouches for whatever is there.
            by: whose revision it is, by e-mail.

        Raises:
            LookupError: there is no such offer.
            BadAssurance: an offer is not published, or too many or none are named.
            StaleRecord: an offer was changed since it was looked at.
        """
        if not offers or len(offers) > MOST_AT_ONCE:
            raise BadAssurance(f"choose at least one record, and at most {MOST_AT_ONCE} at once")
        names: list[str] = []
        changed = False
        with self._store.database.writing() as session:
            lock_catalogue(session)
            for id, version in sorted(offers.items()):
                row = session.get(OfferRow, id)
                if row is None:
                    raise LookupError(f"{id}: there is no such offer; look for it by name")
                if row.status != "published":
                    raise BadAssurance(f"{id}: it is {row.status}; publish it before you vouch for it")
                if version is not None and version != row.version:
                    raise StaleRecord(f"{id}: it was changed since you looked at it; look again, then vouch")
                offer = replace(parse_offer(id, row.document), assured=assured)
                kept, differs = write_offer(session, offer, row, by, why, now)
                if differs:
                    note(session, by, "assured", id, now, version=kept, until=assured.until.isoformat())
                changed = changed or differs
                names.append(offer.name)
            if changed:
                bump_version(session)
        return tuple(names)


def reason(assured: Assurance, told: str = "") -> str:
    """Say in a revision why a record was kept anew."""
    checked = f"checked, and vouched for until {assured.until.isoformat()}"
    return f"{checked}: {told}" if told.strip() else checked


def ids_of(told: Iterable[str]) -> dict[str, int | None]:
    """Read what a form sends of the records chosen, each as id@version.

    Raises:
        BadAssurance: one of them cannot be read.
    """
    found: dict[str, int | None] = {}
    for each in told:
        id, _, version = each.rpartition("@")
        if not id or not (version.isascii() and version.isdigit() and len(version) < 10):
            raise BadAssurance("what was chosen cannot be read; reload the page and choose again")
        found[id] = int(version)
    return found


def _shown(session: Session, on: date) -> dict[str, int]:
    months = on.year * 12 + on.month - LATELY
    since = f"{months // 12:04}-{months % 12 + 1:02}"
    asked = select(OfferCountRow.offer_id, func.sum(OfferCountRow.count)).where(
        OfferCountRow.what == "shown", OfferCountRow.month >= since, OfferCountRow.month <= f"{on:%Y-%m}"
    )
    return {id: int(count) for id, count in session.execute(asked.group_by(OfferCountRow.offer_id))}


def _findings(session: Session) -> dict[str, int]:
    asked = select(FindingRow.record_id, func.count()).where(
        FindingRow.record_type == "offer", FindingRow.state == "open"
    )
    return {id: int(count) for id, count in session.execute(asked.group_by(FindingRow.record_id))}
