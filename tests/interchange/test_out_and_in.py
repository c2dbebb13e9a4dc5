"""What is written out and taken in again is what it was, in every format, for every offer there can be."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import knowledge_base
from knowledge_base.catalogue import parse_offer, parse_provider, read_pack
from knowledge_base.faults import BadCatalogue
from knowledge_base.interchange.cells import guarded, unguarded
from knowledge_base.interchange.closed_lists import words_of
from knowledge_base.interchange.export import export_csv, export_json, export_workbook
from knowledge_base.interchange.known import Known
from knowledge_base.interchange.targets import own_columns
from knowledge_base.interchange.values import list_of, listed
from knowledge_base.records import Area, Catalogue, Offer, Provider
from tests.core.test_catalogue import offers
from tests.interchange.every_field import FIELDS, PROVIDER_FIELDS, documents
from tests.interchange.taking import planned

PACK = read_pack(Path(knowledge_base.__file__).parent / "content").catalogue(published_only=False)
FORMATS = ("csv", "xlsx", "json")


def written(records: Catalogue, form: str, record_type: str = "offer") -> bytes:
    if form == "xlsx":
        out = io.BytesIO()
        export_workbook(records, out)
        return out.getvalue()
    return (export_json(records) if form == "json" else "".join(export_csv(records, record_type))).encode()


def back(content: bytes, form: str, there: Known, areas: Any) -> Iterator[Offer | Provider]:
    """Take a file in, and give its records; every row must be good."""
    for row in planned(content, f"records.{form}", there=there, words=words_of(areas)):
        assert not row.faults, [str(fault) for fault in row.faults]
        read: Any = parse_offer if row.record_type == "offer" else parse_provider
        yield read(row.id, row.document)


@pytest.mark.parametrize("form", FORMATS)
def test_the_whole_starter_pack_comes_back_as_it_was(form: str) -> None:
    there = Known.of(Catalogue.of(PACK.areas.values(), [], PACK.providers.values() if form == "csv" else ()))

    found = [*back(written(PACK, form), form, there, PACK.areas.values())]

    assert {each.id: each for each in found if isinstance(each, Offer)} == dict(PACK.offers)
    if form != "csv":
        assert {each.id: each for each in found if isinstance(each, Provider)} == dict(PACK.providers)


def test_the_providers_of_the_starter_pack_come_back_from_their_own_file() -> None:
    there = Known.of(Catalogue.of(PACK.areas.values(), []))

    found = {p.id: p for p in back(written(PACK, "csv", "provider"), "csv", there, PACK.areas.values())}

    assert found == dict(PACK.providers)


def test_what_is_there_already_is_as_it_is() -> None:
    rows = planned(written(PACK, "csv"), there=Known.of(PACK), words=words_of(PACK.areas.values()))

    assert {row.outcome for row in rows} == {"same"}
    assert len(rows) == len(PACK.offers)


formulas = (
    st.text(st.sampled_from("=+-@'\t\n;|[]\",＝ aé"), min_size=1, max_size=12).map(str.strip).filter(bool)
)


@pytest.mark.parametrize("form", FORMATS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(raw=offers, odd=st.lists(formulas, min_size=3, max_size=3))
def test_any_offer_comes_back_as_it_was(form: str, raw: dict[str, Any], odd: list[str]) -> None:
    raw = raw | {"aliases": odd, "summary": odd[0], "evidence": odd[1], "source": {"title": odd[2]}}
    try:
        offer = parse_offer("example", raw)
    except BadCatalogue:
        assume(False)
    areas = [Area(code, f"Area {n}") for n, code in enumerate(offer.areas)]
    providers = [Provider(offer.provider, "Example", "public")] if offer.provider else []
    there = Known.of(Catalogue.of(areas, [], providers))
    there.ids["offer"] |= {*offer.requires, *offer.leads_to, *offer.excludes} | {offer.succeeded_by or ""}
    there.ids["offer"].discard("example")
    records = Catalogue.of(areas, [offer], () if form == "csv" else providers)

    found = [each for each in back(written(records, form), form, there, areas) if isinstance(each, Offer)]

    assert found == [offer]


def test_every_field_that_goes_out_is_tried() -> None:
    assert {"id", *FIELDS} == {*own_columns("offer")}
    assert {"id", *PROVIDER_FIELDS} == {*own_columns("provider")}


@pytest.mark.parametrize("form", FORMATS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(raw=documents(FIELDS))
def test_an_offer_with_any_field_in_any_way_comes_back_as_it_was(form: str, raw: dict[str, Any]) -> None:
    offer = parse_offer("example", raw)
    areas = [Area(code, f"Area {n}") for n, code in enumerate(offer.areas)]
    providers = [Provider(offer.provider, "Example", "public")] if offer.provider else []
    there = Known.of(Catalogue.of(areas, [], providers))
    named = {*offer.requires, *offer.leads_to, *offer.excludes, offer.succeeded_by or "", offer.part_of or ""}
    there.ids["offer"] |= named
    there.ids["offer"].discard("example")
    records = Catalogue.of(areas, [offer], () if form == "csv" else providers)

    found = [each for each in back(written(records, form), form, there, areas) if isinstance(each, Offer)]

    assert found == [offer]


@pytest.mark.parametrize("form", FORMATS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(raw=documents(PROVIDER_FIELDS))
def test_a_provider_with_any_field_in_any_way_comes_back_as_it_was(form: str, raw: dict[str, Any]) -> None:
    provider = parse_provider("example", raw)
    areas = [Area(code, f"Area {n}") for n, code in enumerate(provider.areas)]
    there = Known.of(Catalogue.of(areas, []))

    found = [*back(written(Catalogue.of(areas, [], [provider]), form, "provider"), form, there, areas)]

    assert found == [provider]


@pytest.mark.parametrize("form", FORMATS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(raw=documents(FIELDS))
def test_what_was_just_written_out_changes_nothing(form: str, raw: dict[str, Any]) -> None:
    offer = parse_offer("example", raw)
    areas = [Area(code, f"Area {n}") for n, code in enumerate(offer.areas)]
    providers = [Provider(offer.provider, "Example", "public")] if offer.provider else []
    records = Catalogue.of(areas, [offer], providers)
    there = Known.of(records)
    there.ids["offer"] |= {
        *offer.requires,
        *offer.leads_to,
        *offer.excludes,
        *filter(None, (offer.succeeded_by, offer.part_of)),
    }

    rows = planned(written(records, form), f"records.{form}", there=there, words=words_of(areas))

    assert {row.outcome for row in rows} == {"same"}, [str(f) for row in rows for f in row.faults]


@given(st.text(max_size=30))
@settings(deadline=None)
def test_marking_a_cell_is_undone_exactly(text: str) -> None:
    assert unguarded(guarded(text)) == text


@given(st.text(st.sampled_from("'=+-@\t\r \u00a0\ufeffa"), max_size=6))
@settings(deadline=None)
def test_no_cell_that_is_written_begins_like_a_formula(text: str) -> None:
    assert not guarded(text).lstrip(" \u00a0\ufeff").startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("before", [" ", "\u00a0", "\ufeff", "\u3000", "\u200b", " \u00a0\ufeff ", "' "])
@pytest.mark.parametrize("formula", ["=1+1", "+44", "-2", "@SUM(A1)", "＝1"])
def test_a_formula_behind_what_a_spreadsheet_drops_is_marked_and_comes_back(
    before: str, formula: str
) -> None:
    assert guarded(before + formula) == f"'{before}{formula}"
    assert unguarded(guarded(before + formula)) == before + formula


@given(st.lists(formulas, max_size=5, unique=True))
@settings(deadline=None)
def test_a_list_in_one_cell_comes_apart_as_it_was(values: list[str]) -> None:
    assert list_of(listed(values), exact=True) == values


def test_a_formula_in_a_name_is_written_as_text() -> None:
    name = '=HYPERLINK("https://example.org","x")'
    records = Catalogue.of([], [parse_offer("example", {"name": name, "kind": "grant"})])

    rows = [*csv.DictReader(io.StringIO("".join(export_csv(records)).removeprefix("\ufeff")))]
    sheet = openpyxl.load_workbook(io.BytesIO(written(records, "xlsx")))["offers"]

    assert rows[0]["name"] == f"'{name}"
    assert (sheet["B2"].value, sheet["B2"].data_type) == (f"'{name}", "s")


def test_conditions_longer_than_a_workbooks_cell_come_back_whole() -> None:
    wordy = [{"words": f"{n} {'long words ' * 300}".strip()} for n in range(30)]
    offer = parse_offer("example", {"name": "Example", "kind": "grant", "criteria": wordy})
    records = Catalogue.of([], [offer])

    found = [*back(written(records, "xlsx"), "xlsx", Known.of(Catalogue.of([], [])), [])]

    assert found == [offer]
