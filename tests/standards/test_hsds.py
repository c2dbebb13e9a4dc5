"""Records go out as Open Referral services that fit its schemas, and come back as they were."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.faults import BadCatalogue
from knowledge_base.offer_dump import dump_offer
from knowledge_base.offer_format import parse_offer
from knowledge_base.records import Amount, Catalogue, Offer, Provider
from knowledge_base.standards.hsds import export_hsds, service_of
from knowledge_base.standards.hsds_reading import read_hsds
from tests.core.builders import AREAS, BY_CODE, closed, grant_for_exporters, offer
from tests.core.test_offer_readback import PACK, some_offer
from tests.events.builders import ON, evening, held
from tests.events.test_editions import raw_editions
from tests.standards.hsds_schema import faults_in

COUNCIL = Provider("example-council", "Example Council", "public", ("EC",), "https://example.org", ("wales",))
FULL = evening(
    "example-evening",
    held("2027-03-04T10:00:00+00:00", "a", ends=held("2027-03-04T12:00:00+00:00").starts, place="Town Hall",
         booking="https://example.org/book"),
    held("2027-04-01", "b", online=True, status="moved"),
    held("2027-05-01", "c"),
    areas=("wales", "dudley"),
    summary="An evening for makers.",
    languages=("en", "cy"),
    prepare=("A question",),
    amount=Amount(currency="GBP", cost_to_business=Decimal("7.50"), cost_words="a seat"),
)  # fmt: skip


def sent(*offers: Offer, providers: tuple[Provider, ...] = (COUNCIL,)) -> Any:
    """What another system receives."""
    return json.loads(json.dumps(export_hsds(Catalogue.of(AREAS, offers, providers), ON)))


def test_every_record_of_the_starter_pack_would_fit_the_schemas_if_it_were_published():
    records = [replace(each, status="published") for each in PACK.offers.values()]

    page = json.loads(
        json.dumps(export_hsds(Catalogue.of(PACK.areas.values(), records, PACK.providers.values()), ON))
    )

    assert page["size"] == page["total_items"] == len(PACK.offers)
    assert faults_in(page) == []


def test_a_reader_of_the_uk_profile_finds_terms_areas_and_the_organization_under_its_names():
    service = sent(FULL)["contents"][0]

    assert [area["service_area"] for area in service["service_areas"]] == ["Wales", "Dudley"]
    assert all(each["taxonomy_term"]["term"] for each in service["attributes"])
    assert service["organization_id"] == service["organization"]["id"]
    assert {each["taxonomy_term"]["taxonomy_id"] for each in service["attributes"]} == {
        each["taxonomy_term"]["taxonomy_detail"]["id"] for each in service["attributes"]
    }


def test_an_area_told_only_under_the_name_of_the_uk_profile_is_read():
    page = {
        "contents": [
            {
                "id": "ac148810-d857-441c-9679-408f346de14b",
                "name": "Example line",
                "status": "active",
                "service_areas": [{"id": "y", "service_area": "Wales"}],
            }
        ]
    }

    assert read_hsds(page, BY_CODE).offers[0].areas == ("wales",)


def test_every_published_record_of_the_starter_pack_fits_the_schemas_and_comes_back_equal():
    catalogue = Catalogue.of(PACK.areas.values(), PACK.offers.values(), PACK.providers.values())
    page = json.loads(json.dumps(export_hsds(catalogue, ON)))

    found = read_hsds(page, PACK.areas)

    published = {id: o for id, o in PACK.offers.items() if o.status == "published"}
    assert faults_in(page) == []
    assert {o.id: o for o in found.offers} == published
    assert {p.id: p for p in found.providers} == {
        p.id: p for p in PACK.providers.values() if p.id in {o.provider for o in published.values()}
    }
    assert (found.notes, found.faults) == ((), ())


def test_what_the_standard_has_a_field_for_stands_in_it():
    service = sent(FULL)["contents"][0]

    assert (service["name"], service["description"]) == ("Example evening", "An evening for makers.")
    assert service["organization"]["name"] == "Example Council"
    assert [area["name"] for area in service["service_areas"]] == ["Wales", "Dudley"]
    assert [each["code"] for each in service["languages"]] == ["en", "cy"]
    assert service["cost_options"][0]["amount"] == 7.5
    assert service["required_documents"][0]["document"] == "A question"
    terms = {each["taxonomy_term"]["code"] for each in service["attributes"]}
    assert {"event", "process_improvement", "diagnose"} <= terms
    at = service["service_at_locations"][0]
    assert (at["location"]["name"], at["schedules"][0]["opens_at"]) == ("Town Hall", "10:00+00:00")
    assert service["schedules"][-1]["dtstart"] == "2027-05-01"


def test_conditions_are_told_in_their_own_words():
    service = sent(grant_for_exporters())["contents"][0]

    assert service["eligibility_description"] == (
        "You employ between 5 and 249 people\nYou have an export plan"
    )


def test_what_a_grant_pays_is_not_told_as_a_cost():
    service = sent(grant_for_exporters())["contents"][0]

    assert "cost_options" not in service
    assert "fees_description" not in service


def test_an_ended_offer_is_inactive_and_a_draft_is_not_sent():
    page = sent(offer("over", window=closed()), offer("open"), offer("draft", status="draft"))

    assert {each["name"]: each["status"] for each in page["contents"]} == {
        "Over": "inactive",
        "Open": "active",
    }


@given(st.integers(0, 2**40), raw_editions())
@settings(deadline=None, max_examples=200)
def test_whatever_a_record_says_comes_back_equal(seed: int, editions: list[dict[str, Any]]):
    chance = Random(seed)
    base = replace(FULL, window=replace(FULL.window, editions=()))
    raw = dump_offer(
        replace(some_offer(chance, chance.choice([base, grant_for_exporters()])), status="published")
    )
    if raw["kind"] == "event":
        raw["editions"] = editions
    try:
        record = parse_offer("example", raw)
    except BadCatalogue:
        return
    page = sent(record, providers=chance.choice([(), (COUNCIL,)]))

    found = read_hsds(page, BY_CODE)

    assert found.offers == (record,)
    assert faults_in(page) == []


def test_what_another_system_changed_is_taken_over():
    page = sent(FULL)
    service = page["contents"][0]
    service["description"] = "Changed elsewhere."
    service["service_areas"] = service["service_areas"][:1]

    changed = read_hsds(page, BY_CODE).offers[0]

    assert changed == replace(FULL, summary="Changed elsewhere.", areas=("wales",))


def test_a_service_of_another_system_becomes_a_draft_that_says_what_is_not_told():
    page = {
        "contents": [
            {
                "id": "ac148810-d857-441c-9679-408f346de14b",
                "name": "Example advice line",
                "status": "active",
                "description": "Advice by telephone.",
                "url": "https://example.org/advice",
                "organization": {"id": "x", "name": "Example Charity", "description": "d"},
                "service_areas": [{"id": "y", "name": "Wales"}, {"id": "z", "name": "Atlantis"}],
                "eligibility_description": "You are in business",
            }
        ]
    }

    found = read_hsds(page, BY_CODE)

    made = found.offers[0]
    assert (made.id, made.status, made.provider) == ("example-advice-line", "draft", "example-charity")
    assert (made.areas, made.criteria[0].words) == (("wales",), "You are in business")
    assert found.providers == ()
    assert any("kind of support is not told" in note for note in found.notes)
    assert any("no such provider yet" in note for note in found.notes)


def test_a_provider_known_by_its_other_name_is_found():
    service = {"name": "Line", "organization": {"name": "ec"}}

    assert read_hsds([service], BY_CODE, {COUNCIL.id: COUNCIL}).offers[0].provider == "example-council"


@pytest.mark.parametrize("raw", [None, 5, "services", {}, {"contents": 5}, {"contents": {}}])
def test_a_file_without_services_is_refused_with_the_way_out(raw: Any):
    with pytest.raises(BadCatalogue, match="there are no services in it"):
        read_hsds(raw, BY_CODE)


def test_two_services_of_one_id_that_differ_are_told():
    page = sent(FULL)
    other = copy.deepcopy(page["contents"][0])
    other["description"] = "Another."
    page["contents"].append(other)

    assert "stands twice" in str(read_hsds(page, BY_CODE).faults[0])


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.data())
@settings(deadline=None, max_examples=200)
def test_whatever_stands_in_a_field_the_service_is_read_or_refused_by_name(data: st.DataObject):
    service = copy.deepcopy(service_of(FULL, Catalogue.of(AREAS, [FULL], [COUNCIL]), ON))
    for name in data.draw(st.lists(st.sampled_from([*service, "id"]), max_size=3)):
        service[name] = data.draw(values)
    own = next(
        (a for a in service["attributes"] if isinstance(a, dict) and "value" in a), None
    ) if isinstance(service["attributes"], list) else None  # fmt: skip
    if own is not None and data.draw(st.booleans()):
        own["value"] = data.draw(
            st.text(max_size=5) | values.map(lambda v: json.dumps({"id": "x", "fields": v}))
        )

    found = read_hsds([service, sent(grant_for_exporters())["contents"][0]], BY_CODE)

    assert "grant-for-exporters" in {each.id for each in found.offers}
    assert len(found.offers) + bool(found.faults) >= 2 or found.offers[0].id == "grant-for-exporters"


def test_the_same_records_give_the_same_text():
    assert json.dumps(sent(FULL)) == json.dumps(sent(FULL))
    assert sent()["empty"] is True
    assert date(2027, 3, 4).isoformat() in json.dumps(sent(FULL))
