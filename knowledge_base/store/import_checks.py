"""Which records of a file may be published: those that pass the full checks, the whole file being there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from knowledge_base.catalogue import dump_offer, dump_provider
from knowledge_base.checks.schema import schema_findings, validator
from knowledge_base.content_check import check_records
from knowledge_base.records import Catalogue, Offer, Provider
from knowledge_base.schemas import offer_schema, provider_schema
from knowledge_base.store.catalogue_store import CatalogueStore
from knowledge_base.store.imports import WrongState

MOST_PUBLISHED = 5_000


def passing(
    store: CatalogueStore, records: Iterable[tuple[str, str, Any]], on: date
) -> frozenset[tuple[str, str]]:
    """Return the types and ids of the records that may be published; a row that says draft stays one.

    Raises:
        WrongState: they are too many to be checked against each other at once.
    """
    there = store.catalogue(published_only=False)
    offers: dict[str, Offer] = dict(there.offers)
    providers: dict[str, Provider] = dict(there.providers)
    wanted: set[tuple[str, str]] = set()
    shapes = {"offer": validator(offer_schema()), "provider": validator(provider_schema())}
    for record_type, id, record in records:
        if isinstance(record, Provider):
            providers[id] = record
        else:
            offers[id] = record
        dumped = dump_provider(record) if isinstance(record, Provider) else dump_offer(record)
        misshapen = any(f.severity == "error" for f in schema_findings(shapes[record_type], dumped, ""))
        if not misshapen and getattr(record, "status", "") != "draft":
            wanted.add((record_type, id))
        if len(wanted) > MOST_PUBLISHED:
            what = f"Over {MOST_PUBLISHED:,} records are not published at once"
            raise WrongState(f"{what}; take them in as drafts, or split the file")
    whole = Catalogue.of(there.areas.values(), offers.values(), providers.values())
    bad = {found.file for found in check_records(whole, {}, on) if found.severity == "error"}
    return _closed({each for each in wanted if f"{each[0]}s/{each[1]}" not in bad}, whole, there)


def _closed(may: set[tuple[str, str]], whole: Catalogue, there: Catalogue) -> frozenset[tuple[str, str]]:
    """Leave out what names a record that is neither there nor published with it."""
    while True:
        offers = {id for kind, id in may if kind == "offer"} | {*there.offers}
        providers = {id for kind, id in may if kind == "provider"} | {*there.providers}
        out = {
            ("offer", id)
            for kind, id in may
            if kind == "offer" and not _held(whole.offers[id], offers, providers)
        }
        if not out:
            return frozenset(may)
        may = may - out


def _held(offer: Offer, offers: set[str], providers: set[str]) -> bool:
    named = {*offer.requires, *offer.leads_to, *offer.excludes, offer.succeeded_by, offer.part_of} - {None}
    return named <= offers and offer.provider in providers
