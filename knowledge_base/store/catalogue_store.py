"""Keep the records that answers are made from: the database is their one master."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge_base.catalogue import dump_provider, parse_area, parse_offer, parse_provider
from knowledge_base.records import Catalogue, Offer, Provider
from knowledge_base.store.database import Database
from knowledge_base.store.packs import LoadReport, export_pack, load_pack
from knowledge_base.store.record_rows import (
    bump_version,
    catalogue_version,
    lock_catalogue,
    read_offers,
    read_records,
    refuse_faults,
    write_offer,
    write_provider,
)
from knowledge_base.store.tables import AreaRow, OfferRow, ProviderRow, RevisionRow, ThresholdRow
from knowledge_base.uncollected import uncollected


class StaleRecord(RuntimeError):
    """Somebody else changed the record meanwhile. Read it again before changing it."""


@dataclass(frozen=True, slots=True)
class Revision:
    """What a record was after one change. ``document`` is in the offer format."""

    record_type: str
    record_id: str
    version: int
    at: datetime
    by: str
    why: str
    document: dict[str, Any]


class CatalogueStore:
    """The records kept in one database. Every method may raise `StoreUnavailable`."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._lock = threading.Lock()
        self._version = -1
        self._parsed: dict[str, tuple[int, Offer]] = {}
        self._built: dict[bool, Catalogue] = {}

    def catalogue(self, published_only: bool = True) -> Catalogue:
        """Return the records as they are now, read again only when one has changed.

        Drafts and withdrawn offers are left out unless ``published_only`` is False.
        """
        with self.database.session() as session:
            version = catalogue_version(session)
            with self._lock:
                if version == self._version and published_only in self._built:
                    return self._built[published_only]
        with self._lock, self.database.session() as session:
            return self._build(session, published_only)

    @uncollected()
    def _build(self, session: Session, published_only: bool) -> Catalogue:
        version = catalogue_version(session)
        if version != self._version:
            self._built = {}
        parsed = self._offers(session)
        areas = [parse_area(document) for document in session.scalars(select(AreaRow.document))]
        providers = session.execute(select(ProviderRow.id, ProviderRow.document))
        offers = [offer for _, offer in parsed.values() if offer.status == "published" or not published_only]
        catalogue = Catalogue.of(areas, offers, [parse_provider(id, document) for id, document in providers])
        self._parsed, self._version = parsed, version
        self._built[published_only] = catalogue
        return catalogue

    def _offers(self, session: Session) -> dict[str, tuple[int, Offer]]:
        """Return every offer with its version; only those that have changed are read."""
        there = dict(session.execute(select(OfferRow.id, OfferRow.version)).tuples().all())
        same = {id: known for id, known in self._parsed.items() if there.get(id) == known[0]}
        changed = there.keys() - same.keys()
        # Naming most of the rows there are takes longer than reading them all.
        wanted = changed if len(changed) * 4 < len(there) else None
        for version, offer in read_offers(session, wanted):
            same[offer.id] = version, offer
        return same

    def versions(self, catalogue: Catalogue, offers: Iterable[str]) -> dict[str, int]:
        """Return the versions that offers have in a catalogue; 0 for one that was changed since."""
        with self._lock:
            known = {id: self._parsed.get(id) for id in offers}
        return {
            id: each[0] if each is not None and catalogue.offers.get(id) is each[1] else 0
            for id, each in known.items()
        }

    @property
    def version(self) -> int:
        """The version of the records that were read last; -1 before anything was read."""
        return self._version

    def is_empty(self) -> bool:
        """Say whether there is no offer at all, not even a draft."""
        with self.database.session() as session:
            return session.scalar(select(OfferRow.id).limit(1)) is None

    def offer(self, id: str) -> tuple[Offer, int] | None:
        """Return an offer, draft or not, with its version, which `save_offer` takes back."""
        with self.database.session() as session:
            row = session.get(OfferRow, id)
            return (parse_offer(id, row.document), row.version) if row else None

    def save_offer(self, offer: Offer, by: str, why: str, now: datetime, version: int | None = None) -> int:
        """Keep an offer, new or changed, with a revision; return its version.

        Args:
            version: the version that was read before the change; None overwrites whatever is there.

        Raises:
            BadCatalogue: the offer cannot be read back, names a provider, an area or an offer that
                is not there, or would require itself by way of others.
            StaleRecord: the offer is not at ``version`` any more.
        """
        with self.database.writing() as session:
            lock_catalogue(session)
            row = session.get(OfferRow, offer.id)
            if version is not None and version != (row.version if row else 0):
                raise StaleRecord(f"{offer.id}: somebody else changed it meanwhile; read it again, then save")
            refuse_faults(session, offer)
            kept, changed = write_offer(session, offer, row, by, why, now)
            if changed:
                bump_version(session)
            return kept

    def close_offer(
        self,
        id: str,
        by: str,
        why: str,
        now: datetime,
        closes: date | None = None,
        succeeded_by: str | None = None,
    ) -> int:
        """Say that an offer has ended, and what follows it where that is known; return its version.

        Raises:
            LookupError: there is no such offer.
            BadCatalogue: the successor is not an offer.
        """
        found = self.offer(id)
        if found is None:
            raise LookupError(f"{id}: there is no such offer; look for it by name")
        offer, version = found
        return self.save_offer(offer.ended(closes, succeeded_by), by, why, now, version)

    def save_provider(self, provider: Provider, by: str, why: str, now: datetime) -> int:
        """Keep a provider, new or changed, with a revision; return its version."""
        parse_provider(provider.id, dump_provider(provider))
        with self.database.writing() as session:
            lock_catalogue(session)
            kept, changed = write_provider(session, provider, by, why, now)
            if changed:
                bump_version(session)
            return kept

    def history(self, id: str, record_type: str = "offer") -> list[Revision]:
        """Return every revision of a record, the newest first."""
        mine = (RevisionRow.record_type == record_type, RevisionRow.record_id == id)
        with self.database.session() as session:
            rows = session.scalars(select(RevisionRow).where(*mine).order_by(RevisionRow.version.desc()))
            return [
                Revision(r.record_type, r.record_id, r.version, r.at, r.by, r.why, r.document) for r in rows
            ]

    def thresholds(self) -> list[dict[str, Any]]:
        """Return the numbers set by law, as ``thresholds.yml`` lists them."""
        with self.database.session() as session:
            return list(session.scalars(select(ThresholdRow.document).order_by(ThresholdRow.position)))

    def load_pack(self, folder: Path | str, now: datetime, keep_going: bool = False) -> LoadReport:
        """Load a folder in the shape of the starter pack, all of it or nothing.

        With ``keep_going``, leave out what is faulty and load the rest. Loading the same again
        changes nothing; a record that differs is replaced, with a revision.

        Raises:
            BadCatalogue: naming every fault there is; nothing was loaded.
        """
        with self.database.writing() as session:
            return load_pack(session, folder, now, keep_going)

    def export_pack(self, folder: Path | str) -> int:
        """Write every record as files that `load_pack` reads; return how many offers there are."""
        with self.database.session() as session:
            records, thresholds = read_records(session), self.thresholds()
        return export_pack(records, thresholds, folder)
