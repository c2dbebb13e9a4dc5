"""Open what the doors need, from settings given as a mapping: the core reads no environment itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from knowledge_base.advice import Advice
from knowledge_base.catalogue import read_catalogue_file, read_starter_pack
from knowledge_base.hubs import read_hub
from knowledge_base.reading import Reader
from knowledge_base.store.catalogue_store import CatalogueStore
from knowledge_base.store.database import Database, open_database
from knowledge_base.view import View

PACK = Path(__file__).parent / "content"
VAR = Path(__file__).resolve().parents[1] / "var"


def database_url(settings: Mapping[str, str]) -> str:
    """DATABASE_URL, or a SQLite file of our own."""
    return settings.get("DATABASE_URL") or f"sqlite:///{VAR / 'fingerpost.sqlite'}"


def open_migrated(settings: Mapping[str, str]) -> Database:
    """Open the database and bring it up to date."""
    database = open_database(database_url(settings))
    database.migrate()
    return database


def open_store(settings: Mapping[str, str]) -> CatalogueStore:
    """The records in the database that the settings name."""
    return CatalogueStore(open_migrated(settings))


def open_advice(settings: Mapping[str, str]) -> Advice:
    """The advice behind every door."""
    host = settings.get("FINGERPOST_HOST") or "127.0.0.1"
    port = settings.get("FINGERPOST_PORT") or "8000"
    return Advice(
        open_migrated(settings),
        read_hub(settings.get("FINGERPOST_HUB") or "default"),
        settings.get("FINGERPOST_PUBLIC_URL") or f"http://{host}:{port}",
    )


def view_of(catalogue: Path | None, settings: Mapping[str, str]) -> View:
    """A view of a catalogue file, or of the database's records; of the starter pack while that is empty."""
    if catalogue is not None:
        return View.of(read_catalogue_file(catalogue))
    hub = read_hub(settings.get("FINGERPOST_HUB") or "default")
    store = open_store(settings)
    records = read_starter_pack(PACK) if store.is_empty() else store.catalogue()
    return View.of(records, hub.areas, store.thresholds())


def starter_reader() -> Reader:
    """The reader of facts with the names of the starter pack's offers: no database is needed."""
    return View.of(read_starter_pack(PACK)).reader
