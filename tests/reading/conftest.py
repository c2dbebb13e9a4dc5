"""A small catalogue, the real gazetteer and one reader for every test here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from knowledge_base.areas import starter_areas
from knowledge_base.places import Gazetteer
from knowledge_base.reading import Reader, Reading
from knowledge_base.records import Catalogue, Offer

TODAY = date(2026, 11, 21)  # a Saturday


def offer(
    id: str, name: str, kind: str = "grant", aliases: tuple[str, ...] = (), local: str | None = None
) -> Offer:
    return Offer(
        id,
        name,
        kind,
        "example-provider",
        ("uk",),
        ("finance",),
        ("fund",),
        aliases=aliases,
        local_name=local,
    )


def small_catalogue() -> Catalogue:
    return Catalogue.of(
        starter_areas().values(),
        [
            offer("ktp", "Knowledge Transfer Partnership (KTP)", "research_collaboration", ("KTP",)),
            offer("ceic", "Circular Economy Innovation Communities (CEIC)", "network"),
            offer("help-to-grow", "Help to Grow: Management", "training", ("Help to Grow",)),
            offer("siru-1", "SIRU – Social Innovation for Regional Development", "training"),
            offer("siru-2", "SIRU 2.0 – Social Innovation for Regional Development", "training"),
            offer("support", "Business Support", "advice"),
            offer("advice-line", "Advice", "advice"),
            offer("eis", "Enterprise Investment Scheme", "equity"),
            offer("growth", "Business Growth Programme", "training"),
            offer("tap", "Trade Show Access Programme", "grant", ("TAP",)),
            offer("check", "Innovation check", "diagnostic", local="Innovationskollen"),
            offer("loan-a", "Example Fund North", "loan"),
            offer("loan-b", "Example Fund South", "loan"),
            offer("twin-a", "Bridgeworks: Start", "loan", ("Bridgeworks",)),
            offer("twin-b", "Bridgeworks: Grow", "loan", ("Bridgeworks",)),
        ],
    )


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return small_catalogue()


@pytest.fixture(scope="session")
def reader(catalogue: Catalogue) -> Reader:
    return Reader(catalogue, Gazetteer.load(catalogue.areas))


@pytest.fixture(scope="session")
def starter() -> Reader:
    from tests.reading.measure_dev import starter_reader

    return starter_reader()


@pytest.fixture(scope="session")
def read(reader: Reader) -> Callable[..., Reading]:
    def reading(text: str, **more: Any) -> Reading:
        return reader.read(text, on=more.pop("on", TODAY), **more)

    return reading
