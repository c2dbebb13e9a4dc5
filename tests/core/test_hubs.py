"""A hub is a file of settings; what cannot be used in it is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge_base.catalogue import BadCatalogue, read_pack
from knowledge_base.hubs import HUBS, KEPT_DAYS, read_hub
from knowledge_base.services import BadSetting, hub_of


def test_the_default_hub_covers_every_place_an_offer_of_the_pack_is_open_in():
    pack = read_pack(HUBS.parent)
    covered = set(read_hub("default").areas)

    def lies_within(code: str) -> bool:
        return code in covered or any(lies_within(above) for above in pack.areas[code].within)

    outside = {area for offer in pack.offers.values() for area in offer.areas if not lies_within(area)}
    assert outside == set()


@pytest.mark.parametrize("name", sorted(path.stem for path in HUBS.glob("*.yml")))
def test_every_hub_can_be_used_and_says_how_long_it_keeps_things(name):
    hub = read_hub(name, areas=read_pack(HUBS.parent).areas)

    assert set(hub.retention_days) == set(KEPT_DAYS)
    assert hub.intro


@pytest.mark.parametrize("name", sorted(path.stem for path in HUBS.glob("*.yml")))
def test_a_telephone_number_or_address_is_only_given_with_its_source(name):
    contact = read_hub(name).contact

    if contact and (contact.phone or contact.email or contact.url):
        assert contact.source is not None
        assert contact.source.url


def test_a_west_midlands_business_is_given_the_number_of_its_hub():
    contact = read_hub("west-midlands").contact

    assert contact is not None
    assert contact.phone == "0345 646 1352"


@pytest.mark.parametrize("name", ["atlantis", "../offers/ktp", "", "default.yml", "a\x00b"])
def test_a_hub_that_is_not_there_is_answered_with_those_that_are(name):
    with pytest.raises(BadCatalogue, match="use one of default, jonkoping-county"):
        read_hub(name)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("areas: []", "name at least one area"),
        ("areas: [a]\nallowed_origins: ['https://example.org/path']", "is not an origin"),
        ("areas: [a]\nallowed_origins: ['*']", "is not an origin"),
        ("areas: [a]\ncolours: {accent: 'red; }'}", "write six digits"),
        ("areas: [a]\ncontact: {name: X, phone: call me}", "cannot be used"),
        ("areas: [a]\ncontact: {name: X, email: nobody}", "name@example.org"),
        ("areas: [a]\nretention_days: {roadmaps: 0}", "whole number from 1"),
        ("areas: [a]\ncolors: {}", "write colours"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, line, said):
    (tmp_path / "example.yml").write_text(f"name: Example hub\n{line}\n")

    with pytest.raises(BadCatalogue) as bad:
        read_hub("example", tmp_path)

    assert said in str(bad.value)
    assert str(bad.value).startswith("hubs/example.yml: ")


def hub_with(folder: Path, *lines: str):
    (folder / "example.yml").write_text("\n".join(["name: Example hub", "areas: [wales]", *lines]), "utf-8")
    return read_hub("example", folder)


def test_a_hub_that_says_nothing_of_checking_gets_the_usual_days(tmp_path):
    hub = hub_with(tmp_path)

    assert (hub.assurance_days, hub.grace_days, hub.own_drafts, hub.digest_recipients) == (90, 60, False, ())


def test_a_hub_says_how_long_its_word_holds_and_who_is_told_what_is_due(tmp_path):
    hub = hub_with(
        tmp_path,
        "assurance_days: 30",
        "grace_days: 0",
        "own_drafts: true",
        "digest_recipients: [a@example.org, b@example.org, a@example.org]",
    )

    assert (hub.assurance_days, hub.grace_days, hub.own_drafts) == (30, 0, True)
    assert hub.digest_recipients == ("a@example.org", "b@example.org")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("assurance_days: 0", "from 1 to 1096"),
        ("assurance_days: soon", "is not a number"),
        ("grace_days: -1", "from 0 to"),
        ("grace_days: 99999", "from 0 to 3650"),
        ("own_drafts: maybe", "write true or false"),
        ("own_drafts: 1", "write true or false"),
        ("digest_recipients: a@example.org", "is not a list"),
        ("digest_recipients: ['a@example.org\\nBcc: b@example.org']", "is not an e-mail address"),
        ("digest_recipients: [nobody]", "is not an e-mail address"),
    ],
)
def test_a_setting_of_checking_that_cannot_be_used_is_named(tmp_path, line, said):
    with pytest.raises(BadCatalogue, match=said):
        hub_with(tmp_path, line)


def test_what_staff_did_is_kept_for_two_years_unless_the_hub_or_the_setting_says_otherwise(tmp_path):
    (tmp_path / "a.yml").write_text("name: A\nareas: [wales]\nretention_days: {audit: 90}\n")

    assert read_hub("default").retention_days["audit"] == 730
    assert read_hub("a", tmp_path).retention_days["audit"] == 90
    assert hub_of({"FINGERPOST_AUDIT_DAYS": " 365 "}).retention_days == {**KEPT_DAYS, "audit": 365}


@pytest.mark.parametrize("told", ["0", "-1", "two years", "1.5", "3651", "９", "9" * 5000])
def test_a_time_for_what_staff_did_that_is_none_is_refused_by_name(told):
    with pytest.raises(BadSetting, match=r"FINGERPOST_AUDIT_DAYS: .* from 1 to 3650"):
        hub_of({"FINGERPOST_AUDIT_DAYS": told})
