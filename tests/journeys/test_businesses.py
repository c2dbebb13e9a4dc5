"""Businesses of the kind the hub meets, from their first message to their roadmap."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.journeys.house import Heard, Owner

pytestmark = pytest.mark.journey

README = Path(__file__).resolve().parents[2] / "README.md"

ELSEWHERE = re.compile(
    r"wales|cymru|leicester|jönköping|sweden|denmark|germany|poland|hungary", re.IGNORECASE
)


def until_roadmap(owner: Owner, first: str, *answers: str) -> Heard:
    """Say the first message, then the answers in turn while questions come."""
    heard = owner.says(first)
    for answer in answers:
        if heard.roadmap:
            break
        heard = owner.says(answer)
    assert heard.roadmap, heard.text
    return heard


def test_the_conversation_that_the_readme_opens_with_is_the_one_that_is_had(owner: Owner) -> None:
    told = README.read_text(encoding="utf-8").partition("\nA small business")[0]
    turns = plain(told).split("Owner: ")[1:]

    assert len(turns) == 4
    for turn in turns:
        said, _, answered = turn.partition("Fingerpost: ")
        heard = plain(owner.says(said.strip()).text)
        for part in answered.split("…"):
            for sentence in re.split(r"(?<=[.:;]) ", part.strip()):
                assert sentence.strip(" .,;") in heard, (sentence, heard)


def plain(text: str) -> str:
    """Text without the marks of its layout."""
    return " ".join(re.sub(r"\*\*|^> ?|https?://(?:www\.)?", "", text, flags=re.MULTILINE).split())


def test_a_metal_firm_in_dudley_gets_a_roadmap_within_three_messages(owner: Owner) -> None:
    heard = until_roadmap(
        owner,
        "14 of us, metal fabrication in Dudley, lead times are all over the place",
        "limited company, trading 20 years",
        "I'd rather not say",
    )

    assert 1 <= len(heard.steps) <= 7
    assert heard.roadmap is not None
    assert heard.roadmap["needs"][0] == "process_improvement"
    for step in heard.steps:
        assert step["source"], step["name"]
        assert step["source_checked"], step["name"]
        assert step["verdict"] != "unlikely"
        assert not any(ELSEWHERE.search(why) for why in step["why"] if why.startswith("Open in")), step


def test_a_bakery_that_will_not_borrow_sees_no_loan(owner: Owner) -> None:
    before = until_roadmap(
        owner,
        "We're a bakery in Loughborough, 9 staff, and need money for a new oven",
        "limited company",
        "about 400k a year",
        "rather not say",
    )
    after = owner.says("no loans")

    assert before.steps
    assert after.roadmap, after.text
    assert all(step["kind"] != "loan" for step in after.steps)
    assert "loan" in after.text.lower()


def test_a_care_home_going_paperless_is_found_by_its_postcode(owner: Owner) -> None:
    heard = until_roadmap(
        owner,
        "care home in LE67, still all on paper and want to go paperless",
        "about 40 staff",
        "limited company",
    )

    assert heard.roadmap is not None
    assert set(heard.roadmap["needs"]) & {"digital_adoption", "process_improvement"}
    assert heard.roadmap["profile"]["place"].upper().startswith("LE67")


def test_a_swansea_firm_may_keep_its_size_to_itself(owner: Owner) -> None:
    heard = owner.says("our energy costs are killing us, we're in Swansea")
    asked = heard.text
    for _ in range(3):
        if heard.roadmap:
            break
        heard = owner.says("I'd rather not say")
        assert "how many people work" not in heard.text.lower() or "how many people work" not in asked.lower()
        asked += heard.text

    assert heard.roadmap, heard.text
    assert heard.steps
    assert "employees" not in heard.roadmap["profile"]


def test_a_sole_founder_in_habo_finds_company(owner: Owner) -> None:
    heard = until_roadmap(
        owner, "just me, in Habo, would love some company with other founders", "just started", "no"
    )

    assert heard.steps or heard.roadmap["gaps"]  # type: ignore[index]
    assert "peer_networks" in heard.roadmap["needs"]  # type: ignore[index]
    for step in heard.steps:
        assert "united kingdom" not in " ".join(step["why"]).lower()


def test_a_cardiff_firm_asking_for_ceic_hears_what_the_record_says(owner: Owner) -> None:
    heard = owner.says("we're in Cardiff and want to join CEIC")

    assert "CEIC Wales" in heard.text
    assert "http" in heard.text


def test_siru_2_0_is_told_to_have_ended_with_what_there_is_now(owner: Owner) -> None:
    heard = owner.says("Can I join SIRU 2.0?")

    assert "ended" in heard.text
    assert "April 2023" in heard.text
    assert "Coompanion" in heard.text


def test_we_do_not_do_innovation_is_a_beginning_not_a_dead_end(owner: Owner) -> None:
    heard = until_roadmap(owner, "we don't do innovation", "Wolverhampton", "12 people")

    assert "understand_innovation" in heard.roadmap["needs"]  # type: ignore[index]
    assert heard.steps
