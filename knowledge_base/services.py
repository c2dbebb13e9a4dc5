"""Open what the doors need, from settings given as a mapping: the core reads no environment itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from knowledge_base.advice import Advice
from knowledge_base.catalogue import read_catalogue_file, read_sound_records, read_starter_pack
from knowledge_base.faults import BadRecord
from knowledge_base.funding.thresholds import FILE
from knowledge_base.hubs import MAY_BE_NONE, Hub, read_hub
from knowledge_base.meanings import Meanings
from knowledge_base.reading import Reader
from knowledge_base.records import Catalogue
from knowledge_base.safe_files import read_document
from knowledge_base.store.catalogue_store import CatalogueStore
from knowledge_base.store.database import Database, open_database
from knowledge_base.store.vectors import OfferVectors
from knowledge_base.view import View

PACK = Path(__file__).parent / "content"
VAR = Path(__file__).resolve().parents[1] / "var"
ENCODER = Path(__file__).resolve().parents[1] / "models" / "encoder"
KEPT = {
    "FINGERPOST_UNHEARD_DAYS": "unheard",
    "FINGERPOST_AUDIT_DAYS": "audit",
    "FINGERPOST_IMPORTS_DAYS": "imports",
}


class BadSetting(ValueError):
    """A setting cannot be used; the message names it and the way out."""


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


def hub_of(settings: Mapping[str, str]) -> Hub:
    """The hub that the settings name, with what they say in place of its file.

    Raises:
        BadCatalogue: its file cannot be used.
        BadSetting: a setting cannot.
    """
    hub = read_hub(settings.get("FINGERPOST_HUB") or "default")
    told = {
        what: _days(name, settings[name], what)
        for name, what in KEPT.items()
        if settings.get(name, "").strip()
    }
    return replace(hub, retention_days={**hub.retention_days, **told}) if told else hub


def _days(name: str, told: str, what: str) -> int:
    told, least = told.strip(), 0 if what in MAY_BE_NONE else 1
    if not (told.isascii() and told.isdigit() and least <= int(told[:9]) <= 3650):
        none = "" if least else " (keep none)"
        raise BadSetting(f"{name}: {told[:40]!r} is not a number of days from {least}{none} to 3650")
    return int(told)


def open_advice(settings: Mapping[str, str]) -> Advice:
    """The advice behind every door."""
    host = settings.get("FINGERPOST_HOST") or "127.0.0.1"
    port = settings.get("FINGERPOST_PORT") or "8000"
    database = open_migrated(settings)
    return Advice(
        database,
        hub_of(settings),
        settings.get("FINGERPOST_PUBLIC_URL") or f"http://{host}:{port}",
        Meanings(ENCODER, OfferVectors(database)),
    )


def view_of(
    catalogue: Path | None,
    settings: Mapping[str, str],
    listening: bool = False,
    left_out: list[BadRecord] | None = None,
) -> View:
    """A view of a catalogue file, or of the database's records; of the starter pack while that is empty.

    ``listening`` makes it able to rank by an owner's words, which takes some seconds the first time. With a
    list to note them in, the faulty records of a catalogue file are ``left_out``; without, they are refused.
    """
    if catalogue is not None:
        meanings = Meanings(ENCODER) if listening else None
        view = View.of(_file(catalogue, left_out), (), starter_law(), meanings=meanings)
    else:
        hub = read_hub(settings.get("FINGERPOST_HUB") or "default")
        store = open_store(settings)
        empty = store.is_empty()
        kept = None if empty else OfferVectors(store.database)
        view = View.of(
            read_starter_pack(PACK) if empty else store.catalogue(),
            hub.areas,
            starter_law() if empty else store.thresholds(),
            meanings=Meanings(ENCODER, kept) if listening else None,
            grace_days=hub.grace_days,
        )
    if view.meanings:
        view.meanings.fill(view.index)
    return view


def starter_law() -> list[Mapping[str, Any]]:
    """The numbers set by law, as the starter pack lists them: they hold whatever the catalogue."""
    raw = read_document(PACK / FILE, FILE)
    return list(raw["thresholds"])


def _file(path: Path, left_out: list[BadRecord] | None) -> Catalogue:
    if left_out is None:
        return read_catalogue_file(path)
    records, faults = read_sound_records(path)
    left_out.extend(faults)
    return records


def starter_reader() -> Reader:
    """The reader of facts with the names of the starter pack's offers: no database is needed."""
    return View.of(read_starter_pack(PACK)).reader
