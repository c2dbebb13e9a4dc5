"""The checks an editor relies on: each fault is found, explained, and the starter pack has none to mend."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from knowledge_base.content_check import Finding, check_pack, render
from knowledge_base.schemas import example_schema, offer_schema, provider_schema
from knowledge_base.words import FACTS, JOURNEY_STAGES, KINDS, NEEDS, PROVIDER_TYPES, WINDOW_STATUSES

PACK = Path(__file__).parents[2] / "knowledge_base" / "content"
TODAY = date(2026, 11, 21)

GRANT: dict[str, Any] = {
    "name": "Example grant",
    "kind": "grant",
    "provider": "example-council",
    "areas": ["wales"],
    "needs": ["finance"],
    "stages": ["fund"],
    "summary": "Half the cost of new equipment.",
    "window": {"status": "rolling"},
    "source": {"url": "https://example.org/grant", "seen": "2026-11-01"},
}


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A folder with one sound offer, its provider, two areas and a hub that lacks most needs."""
    for name in ("offers", "providers", "hubs"):
        (tmp_path / name).mkdir()
    areas = [{"code": "uk", "name": "UK"}, {"code": "wales", "name": "Wales", "within": ["uk"]}]
    write(tmp_path, "areas.yml", {"areas": areas})
    write(
        tmp_path,
        "providers/example-council.yml",
        {"name": "Example council", "type": "public", "areas": ["wales"]},
    )
    write(tmp_path, "offers/example-grant.yml", GRANT)
    return tmp_path


def write(folder: Path, file: str, document: Any) -> None:
    (folder / file).write_text(yaml.safe_dump(document), encoding="utf-8")


def change(folder: Path, **fields: Any) -> list[Finding]:
    write(folder, "offers/example-grant.yml", {**GRANT, **fields})
    return check_pack(folder, TODAY)


def one(findings: list[Finding], field: str) -> Finding:
    found = [f for f in findings if f.field == field]
    assert len(found) == 1, render(findings)
    return found[0]


def test_a_sound_pack_has_nothing_to_mend(pack):
    assert check_pack(pack, TODAY) == []
    assert render([]) == "Nothing to mend."


def test_the_starter_pack_has_nothing_that_must_be_mended():
    findings = [f for f in check_pack(PACK, TODAY) if f.severity != "info"]

    assert findings == [], render(findings)


def test_each_fault_says_what_why_and_how_to_mend_it(pack):
    finding = one(
        change(pack, criteria=[{"fact": "employees", "between": [249, 5], "words": "x"}]),
        "criteria[0].between",
    )

    assert finding.file == "offers/example-grant.yml"
    assert finding.severity == "error"
    assert finding.heading == "5 is below 249"
    assert finding.why == "No business could ever meet this condition."
    assert finding.remedy == "put the smaller bound first"
    text = render([finding])
    assert text.startswith("ERROR  offers/example-grant.yml: criteria[0].between\n")
    assert text.endswith("1 error, 0 warnings, 0 to know.")


@pytest.mark.parametrize(
    ("fields", "field", "severity", "said"),
    [
        ({"provider": "nobody"}, "provider", "error", "is not a provider"),
        ({"areas": ["narnia"]}, "areas[0]", "error", "is not an area"),
        ({"requires": ["gone"]}, "requires", "error", "is not an offer"),
        ({"leads_to": ["gone"]}, "leads_to", "error", "is not an offer"),
        ({"succeeded_by": "gone"}, "succeeded_by", "error", "is not an offer"),
        ({"part_of": "gone"}, "part_of", "error", "is not an offer"),
        ({"leads_to": ["example-grant"]}, "leads_to", "error", "names itself"),
        ({"needs": []}, "needs", "error", "this is empty"),
        ({"summary": None}, "summary", "error", "does not fit"),
        ({"languages": ["English"]}, "languages[0]", "error", "is not written as this field is"),
        (
            {"criteria": [{"fact": "sector", "one_of": ["retail_wholesale"]}]},
            "criteria[0].words",
            "error",
            "missing",
        ),
        (
            {"criteria": [{"fact": "turnover", "between": [1, 2], "words": "x"}]},
            "criteria[0].currency",
            "error",
            "missing",
        ),
        (
            {"criteria": [{"fact": "employees", "between": [None, None], "words": "x"}]},
            "criteria[0].between",
            "warning",
            "both bounds are open",
        ),
        ({"criteria": [{"words": "word " * 30}]}, "criteria[0].words", "warning", "too long"),
        ({"summary": "word " * 60}, "summary", "warning", "60 words are too many"),
        (
            {"window": {"status": "rolling", "closes": "2026-11-20"}},
            "window.closes",
            "warning",
            "not called closed",
        ),
        ({"window": {"status": "dated"}}, "window.opens", "warning", "without a date"),
        ({"window": {"status": "annual"}}, "window.usual_month", "info", "usual month"),
        ({"window": {"status": "closed"}}, "succeeded_by", "info", "no successor"),
        ({"source": {"title": "A page"}}, "source.url", "warning", "no source"),
        ({"source": {"title": "A page"}, "status": "draft"}, "source.url", "info", "no source"),
        (
            {"assured": {"by": "Example", "on": "2026-01-01", "until": "2026-06-01"}},
            "assured.until",
            "warning",
            "checked again by 2026-06-01",
        ),
        ({"amount": {"rate_percent": 150}}, "amount.rate_percent", "error", "above the whole"),
    ],
)
def test_what_an_editor_should_mend_is_found(pack, fields, field, severity, said):
    finding = next(f for f in change(pack, **fields) if f.field == field and said in f.heading)

    assert finding.severity == severity
    assert finding.why
    assert finding.remedy


def test_a_window_that_closes_today_is_still_open(pack):
    assert change(pack, window={"status": "dated", "closes": "2026-11-21"}) == []


def test_one_fault_is_said_once(pack):
    findings = change(pack, criteria=[{"fact": "turnover", "between": [1, 2], "words": "x"}], kind="grnt")

    assert sorted(f.field for f in findings) == ["criteria[0].currency", "kind"]


def test_a_missing_field_quotes_the_guide_for_it(pack):
    write(pack, "offers/example-grant.yml", {k: v for k, v in GRANT.items() if k != "stages"})

    finding = one(check_pack(pack, TODAY), "stages")

    assert finding.heading == "this is missing"
    assert "Where on the way it helps" in finding.remedy


def test_offers_that_require_each_other_are_found(pack):
    write(pack, "offers/other.yml", {**GRANT, "name": "Other", "requires": ["example-grant"]})

    findings = change(pack, requires=["other"])

    assert "which is a circle" in one(findings, "requires").heading


def test_two_offers_that_answer_to_one_name_are_told_apart(pack):
    write(pack, "offers/other.yml", {**GRANT, "name": "Other", "aliases": ["EXAMPLE  grant"]})

    finding = one(check_pack(pack, TODAY), "aliases[0]")

    assert finding.file == "offers/other.yml"
    assert "also a name of example-grant" in finding.heading


def test_the_years_of_one_series_may_share_a_name(pack):
    write(pack, "offers/other.yml", {**GRANT, "series": "example"})

    assert change(pack, series="example") == []


def test_a_need_that_nothing_in_a_hub_serves_is_named(pack):
    write(pack, "hubs/wales.yml", {"name": "Example hub", "areas": ["wales"]})

    findings = check_pack(pack, TODAY)

    assert {f.heading for f in findings} == {
        f"no open offer for {need} in Example hub" for need in NEEDS if need != "finance"
    }
    assert {f.severity for f in findings} == {"info"}


def test_a_hub_with_unknown_areas_or_an_unknown_contact_is_an_error(pack):
    hub = {"name": "Hub", "areas": ["narnia"], "contact": {"name": "X", "provider": "nobody"}}
    write(pack, "hubs/wales.yml", hub)

    errors = [f for f in check_pack(pack, TODAY) if f.severity == "error"]

    assert [(f.file, f.field) for f in errors] == [
        ("hubs/wales.yml", "areas[0]"),
        ("hubs/wales.yml", "contact.provider"),
    ]


LIMIT = {
    "name": "example_limit",
    "amount": 1000,
    "currency": "EUR",
    "from": "2020-01-01",
    "reference": "Example Act",
}


@pytest.mark.parametrize(
    ("thresholds", "field", "said"),
    [
        ([LIMIT, {**LIMIT, "from": "2024-01-01"}], "thresholds[1].from", "two numbers on 2024-01-01"),
        ([{**LIMIT, "reference": None}], "thresholds[0].reference", "missing"),
        ([{**LIMIT, "amount": None}], "thresholds[0].amount", "missing"),
        ([{**LIMIT, "from": None}], "thresholds[0].from", "missing"),
        ([{**LIMIT, "until": "2019-01-01"}], "thresholds[0].until", "is before"),
        ("none", "thresholds", "not a list"),
    ],
)
def test_a_number_set_by_law_has_its_day_its_law_and_no_rival(pack, thresholds, field, said):
    write(pack, "thresholds.yml", {"thresholds": thresholds})

    assert said in one(check_pack(pack, TODAY), field).heading


def test_a_change_of_law_is_a_new_line_after_the_old_one(pack):
    old = {**LIMIT, "until": "2023-12-31"}
    write(pack, "thresholds.yml", {"thresholds": [old, {**LIMIT, "from": "2024-01-01"}]})

    assert check_pack(pack, TODAY) == []


def test_a_folder_that_is_not_there_is_an_error_and_not_a_crash(tmp_path):
    findings = check_pack(tmp_path / "nowhere", TODAY)

    assert [(f.file, f.severity) for f in findings] == [("areas.yml", "error")]


@pytest.mark.parametrize(
    ("name", "schema"),
    [("offer", offer_schema()), ("provider", provider_schema()), ("example", example_schema())],
)
def test_the_committed_schemas_are_those_of_the_code(name, schema):
    """If this fails, call `knowledge_base.schemas.write_schemas()`."""
    committed = json.loads((PACK / f"{name}.schema.json").read_text(encoding="utf-8"))

    assert committed == schema
    Draft202012Validator.check_schema(committed)


def test_the_schemas_know_the_words_of_the_closed_lists_and_no_others():
    fields = offer_schema()["properties"]
    criterion = offer_schema()["$defs"]["criterion"]["properties"]

    assert fields["kind"]["enum"] == list(KINDS)
    assert fields["needs"]["items"]["enum"] == list(NEEDS)
    assert fields["stages"]["items"]["enum"] == list(JOURNEY_STAGES)
    assert fields["window"]["properties"]["status"]["enum"] == list(WINDOW_STATUSES)
    assert criterion["fact"]["enum"] == list(FACTS)
    assert provider_schema()["properties"]["type"]["enum"] == list(PROVIDER_TYPES)


def test_every_field_of_the_schemas_carries_its_guide():
    def undescribed(schema: dict[str, Any], at: str = "") -> list[str]:
        found = []
        for name, field in schema.get("properties", {}).items():
            found += [] if field.get("description") else [f"{at}{name}"]
            found += undescribed(field, f"{at}{name}.")
        return found

    assert undescribed(offer_schema()) == undescribed(provider_schema()) == []
    assert undescribed(example_schema()) == []
    assert undescribed(offer_schema()["$defs"]["criterion"]) == []
