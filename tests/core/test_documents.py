"""The contracted JSON."""

from __future__ import annotations

import json
from decimal import Decimal

from knowledge_base.documents import assessment_document, canonical_json, roadmap_document
from knowledge_base.eligibility import assess
from knowledge_base.records import Amount, Money
from knowledge_base.roadmap import make_roadmap
from knowledge_base.windows import usable
from tests.core.builders import (
    TODAY,
    business,
    catalogue,
    dudley_metal_firm,
    employs,
    grant_for_exporters,
    offer,
    resolve,
    situation,
    welsh_cafe,
)

CONTRACTED = {
    "offer",
    "name",
    "needs",
    "verdict",
    "why",
    "unsure",
    "to_check",
    "starts",
    "apply_by",
    "cost",
    "funding",
    "requires",
    "reserve",
    "source",
    "source_checked",
}


def document(profile, needs, *offers, **more):
    return roadmap_document(make_roadmap(catalogue(*offers), needs, profile, TODAY, resolve=resolve, **more))


def test_a_roadmap_document_has_the_contracted_shape():
    found = document(dudley_metal_firm(), ["export_markets", "premises"], grant_for_exporters())

    assert list(found) == ["needs", "on", "profile", "phases", "gaps", "funding", "next_question"]
    assert found["needs"] == ["export_markets", "premises"]
    assert found["on"] == "2026-11-21"
    assert found["profile"]["employees"] == 14
    assert [(phase["phase"], len(phase["steps"])) for phase in found["phases"]] == [("get_funded", 1)]
    assert found["phases"][0]["steps"][0].keys() >= CONTRACTED
    assert [(gap["need"], gap["reason"]) for gap in found["gaps"]] == [("premises", "nothing open")]


def test_a_step_is_written_in_plain_values():
    (phase,) = document(dudley_metal_firm(), ["export_markets"], grant_for_exporters())["phases"]
    (step,) = phase["steps"]

    assert (step["offer"], step["starts"], step["apply_by"]) == ("grant-for-exporters", "2026-11-21", None)
    assert step["funding"]["max"] == {"amount": 8000, "currency": "GBP"}
    assert step["funding"]["rate_percent"] == 50
    assert step["source"]["url"] == "https://example.org/offer"
    assert step["source_checked"] == "2026-11-01"
    assert step["to_check"] == ["You have an export plan"]


def test_a_document_can_be_sent_and_read_back_the_same():
    found = document(
        business(), ["export_markets"], grant_for_exporters(), cost=Money(Decimal("99.5"), "GBP")
    )

    assert json.loads(canonical_json(found)) == found
    assert found["funding"]["cost"] == {"amount": 99.5, "currency": "GBP"}


def test_a_question_is_written_with_its_fact():
    found = document(business(), ["export_markets"], grant_for_exporters())["next_question"]

    assert found == {"fact": "place", "settles": 1, "offers": ["grant-for-exporters"], "sharper": False}


def test_an_assessment_is_written_with_every_criterion_and_the_window():
    found = assessment_document(
        assess(grant_for_exporters(), situation(welsh_cafe())), usable(grant_for_exporters().window, TODAY)
    )

    assert (found["offer"], found["verdict"]) == ("grant-for-exporters", "unlikely")
    assert [(c["fact"], c["result"]) for c in found["criteria"]] == [
        ("place", "failed"),
        ("employees", "met"),
        (None, "unknown"),
    ]
    assert found["window"]["starts"] == "2026-11-21"
    assert json.loads(canonical_json(found)) == found


def test_pence_stay_pence():
    cheap = offer("cheap", amount=Amount("GBP", cost_to_business=Decimal("12.50")), criteria=(employs(1, 2),))
    (phase,) = document(business(), ["process_improvement"], cheap)["phases"]

    assert phase["steps"][0]["cost"] == "£12.50"
    assert phase["steps"][0]["cost_to_business"] == {"amount": 12.5, "currency": "GBP"}


def test_equal_documents_are_equal_texts_whatever_the_order_of_their_keys():
    assert canonical_json({"b": "é", "a": 1}) == canonical_json({"a": 1, "b": "é"}) == '{"a":1,"b":"é"}'
