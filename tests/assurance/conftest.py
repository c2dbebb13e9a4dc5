"""Databases to vouch in, with three example offers, on SQLite and on PostgreSQL."""

from __future__ import annotations

import pytest

from knowledge_base.store.catalogue_store import CatalogueStore
from knowledge_base.store.database import Database
from knowledge_base.store.record_rows import write_area
from tests.core.builders import AREAS
from tests.store.conftest import address, database, postgresql
from tests.store.example_records import example_advice

__all__ = ["address", "database", "postgresql"]


@pytest.fixture
def store(database: Database) -> CatalogueStore:
    with database.writing() as session:
        for area in AREAS:
            write_area(session, area)
    return example_advice(database).records
