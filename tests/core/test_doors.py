"""Doors to turn to are real records with a page, and trouble is heard only where it is the owner's own."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from knowledge_base.doors import CONTENT, FAMILIES, FILE, door_faults, plain, read_doors
from knowledge_base.tongues import other_language

DOORS = read_doors()
AREAS = {
    each["code"] for each in yaml.safe_load((CONTENT / "areas.yml").read_text(encoding="utf-8"))["areas"]
}


def test_the_doors_of_the_starter_pack_hold_together() -> None:
    assert door_faults(CONTENT, AREAS) == []
    assert set(DOORS.families) == set(FAMILIES)


def spoiled(tmp_path: Path, **changed: object) -> list[str]:
    raw = yaml.safe_load((CONTENT / FILE).read_text(encoding="utf-8"))
    for door in raw["doors"]:
        door["seen"] = str(door["seen"])
    raw["doors"][0] |= changed
    (tmp_path / FILE).write_text(yaml.safe_dump(raw), encoding="utf-8")
    return [fault.field for fault in door_faults(tmp_path, AREAS)]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("url", "samaritans.org"),
        ("url", "javascript:alert(1)"),
        ("phone", "call us"),
        ("seen", "lately"),
        ("areas", ["atlantis"]),
        ("areas", []),
        ("title", " "),
    ],
)
def test_a_door_that_leads_nowhere_is_found(tmp_path: Path, field: str, value: object) -> None:
    assert f"doors[0].{field}" in spoiled(tmp_path, **{field: value})


def test_a_folder_without_doors_has_no_fault_of_them(tmp_path: Path) -> None:
    assert door_faults(tmp_path, AREAS) == []


def test_a_family_without_its_doors_is_a_fault(tmp_path: Path) -> None:
    raw = {"doors": [], "families": {"visas": ["nowhere"]}, "troubles": [], "others": []}
    (tmp_path / FILE).write_text(yaml.safe_dump(raw), encoding="utf-8")

    found = [fault.field for fault in door_faults(tmp_path, AREAS)]

    assert {"families.visas", "families.health", "troubles"} <= set(found)


@pytest.mark.parametrize(
    ("text", "troubles"),
    [
        ("I can’t go on", ("life",)),
        ("I'm at breaking point", ("mind",)),
        ("the bailiffs were here and I can't sleep", ("mind", "money")),
        ("we can't pay our VAT bill", ("money",)),
        ("I think we have to close", ("money",)),
        ("our supplier went into liquidation", ()),
        ("the bank branch is closing down", ()),
        ("cash flow is tight", ()),
        ("the motor burnt out", ()),
        ("we repair vans after a breakdown", ()),
        ("", ()),
        ("😭" * 3000, ()),
    ],
)
def test_trouble_is_heard_where_it_is_the_owners_own(text: str, troubles: tuple[str, ...]) -> None:
    assert DOORS.troubles_in(text) == troubles


def test_a_door_serves_its_own_nation_and_the_untold_uk() -> None:
    in_wales = {d.id for d in DOORS.for_family("health", {"wales", "uk"})}
    untold = {d.id for d in DOORS.for_family("health", {"uk"})}

    assert in_wales == {"nhs-111-wales"}
    assert untold == {"nhs-111", "nhs-111-wales"}
    assert DOORS.for_family("health", {"sweden", "eu"}) == []


def test_plain_words_have_no_marks() -> None:
    assert plain("I CAN’T… (really)") == "i cant really"


@pytest.mark.parametrize(
    "text",
    [
        "14 of us in Dudley, need a grant",
        "we want to sell to Deutschland and Österreich",
        "I am Björn from Göteborg",
        "Cwmni da cyf, Bangor",
        "hej",
        "",
        "\u202e\u0000",
        "a e i o u",
        "1234 5678",
    ],
)
def test_english_and_names_are_not_taken_for_another_language(text: str) -> None:
    assert other_language(text) is None
