"""A store with areas and a council, on SQLite and on PostgreSQL."""

from __future__ import annotations

import pytest

from knowledge_base.store.catalogue_store import CatalogueStore
from knowledge_base.store.database import Database
from knowledge_base.store.imports import Imports
from knowledge_base.store.record_rows import bump_version, write_area
from tests.interchange.taking import AREAS, COUNCIL
from tests.store.conftest import NOW, address, database, postgresql, store

__all__ = ["address", "database", "postgresql", "store"]


@pytest.fixture
def imports(database: Database, store: CatalogueStore) -> Imports:
    with database.writing() as transaction:
        for area in AREAS:
            write_area(transaction, area)
        bump_version(transaction)
    store.save_provider(COUNCIL, "C", "new", NOW)
    return Imports(store)
