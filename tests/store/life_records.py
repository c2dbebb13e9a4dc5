"""Example records and curators for the tests of a record's life."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from knowledge_base.catalogue import parse_provider
from knowledge_base.records import Offer
from knowledge_base.store.catalogue_store import CatalogueStore
from knowledge_base.store.database import Database
from knowledge_base.store.desk_tables import AuditRow
from knowledge_base.store.life import Life
from tests.store.conftest import NOW

ANNA, BEN, CARLA = "anna@example.org", "ben@example.org", "carla@example.org"
COUNCIL = parse_provider("example-council", {"name": "Example council", "type": "public"})


def grant(**fields: Any) -> dict[str, Any]:
    """An offer that passes every check."""
    return {
        "name": "Example grant",
        "kind": "grant",
        "provider": "example-council",
        "areas": [],
        "needs": ["finance"],
        "stages": ["fund"],
        "summary": "Half the cost of an oven.",
        "amount": {"currency": "GBP", "max": 9000},
        "window": {"status": "rolling"},
        "source": {"url": "https://example.org/grant", "title": "Grants", "seen": "2026-11-01"},
    } | fields


def later(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def life_in(database: Database, **settings: Any) -> Life:
    """A life of records in a database that knows one provider."""
    store = CatalogueStore(database)
    store.save_provider(COUNCIL, "Loader", "new", NOW)
    return Life(store, **settings)


def save(
    life: Life, id: str = "example-grant", by: str = ANNA, version: int | None = None, **fields: Any
) -> int:
    """Save a draft of an offer; on top of the one that is there unless a version is told."""
    if version is None:
        copy = life.working("offer", id)
        version = copy.version if copy else 0
    why = fields.pop("why", "the page says so")
    now = fields.pop("now", NOW)
    return life.save("offer", id, grant(**fields), by=by, why=why, now=now, version=version)


def publish(life: Life, id: str = "example-grant", **fields: Any) -> int:
    """Anna writes, Ben publishes."""
    version = save(life, id, **fields)
    version = life.send("offer", id, ANNA, NOW, version)
    return life.publish("offer", id, BEN, NOW, version)


def audited(database: Database) -> list[tuple[str, str, str]]:
    with database.session() as session:
        rows = session.scalars(select(AuditRow).order_by(AuditRow.id))
        return [(row.by, row.what, row.about) for row in rows]


def everything(life: Life, id: str = "example-grant", record_type: str = "offer") -> dict[str, Any]:
    """All that is known of one record: to see that nothing of it changed."""
    return {
        "published": life.published(record_type, id),
        "working": life.working(record_type, id),
        "history": life.history(record_type, id),
        "audit": audited(life.store.database),
        "shown": CatalogueStore(life.store.database).catalogue().offers.get(id),
    }


def shown(life: Life, id: str = "example-grant") -> Offer | None:
    """What another process tells businesses about an offer."""
    return CatalogueStore(life.store.database).catalogue().offers.get(id)
