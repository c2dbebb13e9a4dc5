"""An innovation check-up from “we don't do innovation” to a roadmap and a page; and the command."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests.journeys.calling import answer, failure, fingerpost, written
from tests.journeys.house import House, Owner

PACK = Path(__file__).resolve().parents[1] / "pack"


@pytest.mark.journey
def test_a_baker_in_swansea_who_does_no_innovation_finds_that_she_does(
    the_house: House, owner: Owner
) -> None:
    owner.says("we don't do innovation")
    assert "1 of 8" in owner.presses("Check-up").text
    owner.says("a thing")
    owner.says("sort of")
    assert "Events and networks" in owner.says("what events are on near Swansea?").text
    owner.says("no")
    assert "3 of 8" in owner.says("go back").text
    owner.presses("Yes")
    owner.says("skip")
    owner.says("3")
    owner.says("not really")
    owner.says("now and then")
    end = owner.says("no time and no money")

    assert "You do innovate" in end.text
    assert "In the way: no time and no money." in end.text
    (kept,) = [reply["checkup"] for reply in end.replies if "checkup" in reply]
    heard = owner.says("yes")
    for said in ("Swansea", "9 of us", "rather not say"):
        if heard.roadmap:
            break
        heard = owner.says(said)

    assert heard.roadmap is not None, heard.text
    assert heard.roadmap["needs"][:2] == ["process_improvement", "finance"]
    assert heard.steps
    page = httpx.get(f"{the_house.url}/checkup/{kept['id']}").text
    assert heard.steps[0]["name"] in page.replace("&#39;", "'").replace("&amp;", "&")
    assert f"/roadmap/{heard.roadmap['id']}" in page


def test_the_command_places_a_business_and_adds_the_roadmap(tmp_path: Path) -> None:
    answers = written(tmp_path / "answers.yml", {"works": "some", "holds": ["money"]})
    profile = written(tmp_path / "firm.json", {"place": "Dudley"})
    catalogue = written(
        tmp_path / "offers.json", {"areas": [{"code": "uk", "name": "UK", "within": []}], "offers": []}
    )
    told = answer("checkup", "--answers", answers, "--profile", profile, "--catalogue", catalogue)

    assert [need["need"] for need in told["needs"]] == ["finance", "process_improvement"]
    assert [gap["need"] for gap in told["roadmap"]["gaps"]] == ["finance", "process_improvement"]


def test_the_command_writes_the_questions_and_takes_a_list(tmp_path: Path) -> None:
    assert len(answer("checkup")["questions"]) == 8

    catalogue = written(tmp_path / "offers.json", {"areas": [], "offers": []})
    several = written(tmp_path / "several.json", [{"answers": {"works": "yes"}}, {}])
    told = answer("checkup", "--answers", several, "--catalogue", catalogue)
    assert [one["answered"] for one in told] == [1, 0]


@pytest.mark.parametrize("raw", [{"sells": "maybe"}, {"answers": 5}, "words", 7, [[1]]])
def test_the_command_says_what_it_cannot_read(tmp_path: Path, raw: object) -> None:
    code, words = failure(fingerpost("checkup", "--answers", written(tmp_path / "answers.json", raw)))

    assert code == "bad_answers"
    assert "answers.json" in words
