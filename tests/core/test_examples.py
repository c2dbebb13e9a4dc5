"""The gallery of examples: typical businesses of every region, each with a roadmap that keeps the rules."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge_base.catalogue import read_starter_pack
from knowledge_base.content_check import Finding, check_pack, render
from knowledge_base.documents import canonical_json, roadmap_document
from knowledge_base.examples import CONTENT, advise, read_gallery
from knowledge_base.faults import BadCatalogue
from knowledge_base.view import View
from tests.core.rules import Rules

TODAY = date(2026, 11, 21)
DAYS = (TODAY, date(2027, 3, 1), date(2027, 9, 15), date(2028, 6, 1))
GALLERY = read_gallery()
EXAMPLES = {example.id: example for example in GALLERY.examples}


@pytest.fixture(scope="module")
def view() -> View:
    return View.of(read_starter_pack(CONTENT))


@pytest.fixture(scope="module")
def today(view: View) -> dict[str, Any]:
    """Every example's roadmap of today."""
    return {id: advise(example, view, TODAY) for id, example in EXAMPLES.items()}


def inside(view: View, profile: Any) -> Any:
    place = view.resolve(profile.place)

    def held(areas: frozenset[str]) -> bool | None:
        return None if place.status == "unknown" else view.tree.standing(place.areas, areas)

    return held


@pytest.mark.parametrize("on", DAYS, ids=str)
@pytest.mark.parametrize("id", EXAMPLES)
def test_every_example_keeps_the_nine_rules(view, id, on):
    example = EXAMPLES[id]
    roadmap = advise(example, view, on)

    rules = Rules(view.catalogue, example.profile, on, inside(view, example.profile))
    rules.check(roadmap_document(roadmap), list(example.needs))


def test_the_same_example_twice_gets_the_same_bytes(view, today):
    for id, example in EXAMPLES.items():
        again = advise(example, view, TODAY)

        assert canonical_json(roadmap_document(again)) == canonical_json(roadmap_document(today[id])), id


def test_the_owners_words_say_which_offers_are_close(view, monkeypatch):
    heard: list[str] = []
    monkeypatch.setattr(View, "near_of", lambda self, text: heard.append(text))

    for example in GALLERY.examples:
        advise(example, view, TODAY)

    assert heard == [example.said for example in GALLERY.examples]


def test_there_are_examples_from_all_five_regions():
    assert len(EXAMPLES) >= 14
    assert len(GALLERY.regions) == 5
    for region in GALLERY.regions:
        assert len(GALLERY.of(region)) >= 2, region.name
    assert list(GALLERY.examples) == [e for region in GALLERY.regions for e in GALLERY.of(region)]


@pytest.mark.parametrize(
    ("place", "facts"),
    [
        ("black-country", {"sector": "manufacturing"}),
        ("melton", {"sector": "food_drink"}),
        ("merthyr-tydfil", {"sector": "health_social_care"}),
        ("jonkoping-county", {"sector": "manufacturing"}),
        ("west-midlands", {"stage": "pre_start"}),
        ("west-midlands", {"legal_form": "community_interest_company"}),
        ("wales", {"sector": "retail_wholesale"}),
        ("pomerania", {"sector": "manufacturing"}),
        ("denmark", {}),
        ("germany", {}),
        ("hungary", {}),
    ],
)
def test_the_businesses_the_partners_asked_for_are_there(view, place, facts):
    def lies(example: Any) -> bool:
        return view.tree.standing(view.resolve(example.profile.place).areas, frozenset([place])) is True

    assert [
        e
        for e in GALLERY.examples
        if lies(e) and all(getattr(e.profile, fact) == told for fact, told in facts.items())
    ]


def test_every_founding_request_is_shown_by_an_example():
    shown = {code for example in GALLERY.examples for code in example.shows}

    assert shown == set(GALLERY.shows)


def test_an_example_names_no_business_and_every_one_is_said_in_a_sentence():
    for example in GALLERY.examples:
        assert 8 <= len(example.business.split()) <= 18, example.id
        assert not example.business.endswith(".")
        assert example.said.endswith((".", "?"))
        assert example.why.endswith(".")
    assert len({e.business for e in GALLERY.examples}) == len(EXAMPLES)


def test_together_they_show_offers_from_every_side(view, today):
    catalogue = view.catalogue
    delivered = {
        catalogue.providers[catalogue.offers[step.offer].provider].type
        for roadmap in today.values()
        for step in roadmap.steps
    }

    assert {"public", "private", "membership", "university"} <= delivered


def test_somebody_starts_with_a_check_up(today):
    assert [id for id, roadmap in today.items() if roadmap.steps and roadmap.steps[0].kind == "diagnostic"]


def test_who_asks_for_people_to_learn_with_meets_a_network(today):
    for id, example in EXAMPLES.items():
        if "peer_networks" in example.needs:
            steps = [step for step in today[id].steps if "peer_networks" in step.needs]
            assert {step.kind for step in steps} & {"network", "event", "training", "mentoring"}, id
    assert [step for roadmap in today.values() for step in roadmap.steps if step.kind in ("network", "event")]


@pytest.mark.parametrize("need", ["social_innovation", "sustainability", "customer_insight"])
def test_what_is_not_technology_has_steps_too(today, need):
    assert [step for roadmap in today.values() for step in roadmap.steps if need in step.needs]


def test_where_support_is_missing_the_gap_is_named(today):
    showing = [id for id, example in EXAMPLES.items() if "missing_support" in example.shows]

    assert showing
    for id in showing:
        assert today[id].gaps, id
        assert all(gap.words for gap in today[id].gaps)


def test_nobody_is_offered_what_they_refuse(today):
    for id, example in EXAMPLES.items():
        assert not {step.kind for step in today[id].steps} & set(example.profile.refuses), id


# The check of the gallery.


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A folder with areas, no offers and one sound example."""
    for name in ("areas.yml", "gallery.yml"):
        shutil.copy(CONTENT / name, tmp_path / name)
    (tmp_path / "examples").mkdir()
    write(tmp_path, "examples/example-firm.yml", FIRM)
    return tmp_path


FIRM: dict[str, Any] = {
    "business": "An example firm in Dudley that wants a better way of working",
    "region": "west-midlands",
    "needs": ["process_improvement"],
    "said": "Everything takes too long.",
    "profile": {"place": "Dudley", "employees": 14},
    "shows": ["process_innovation"],
    "why": "It is an example of an example.",
}


WEST = {"code": "west-midlands", "name": "West Midlands", "areas": ["west-midlands"]}


def write(folder: Path, file: str, document: Any) -> None:
    (folder / file).write_text(yaml.safe_dump(document), encoding="utf-8")


def findings_in(folder: Path) -> list[Finding]:
    return [f for f in check_pack(folder, TODAY) if f.severity != "info"]


def test_a_sound_example_has_nothing_to_mend(pack):
    assert findings_in(pack) == [], render(findings_in(pack))


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"needs": ["gold"]}, "needs[0]", "'gold' is not in the list"),
        ({"needs": []}, "needs", ""),
        ({"needs": None}, "needs", ""),
        ({"region": "atlantis"}, "region", "'atlantis' is not in the list"),
        ({"region": "wales"}, "profile.place", "'Dudley' does not lie in Wales"),
        ({"profile": {"place": "Nowhere at all"}}, "profile.place", "does not lie in West Midlands"),
        ({"profile": {"employees": 14}}, "profile.place", "missing"),
        ({"profile": {"place": "Dudley", "employees": "many"}}, "profile.employees", "not a number"),
        ({"profile": {"place": "Dudley", "shoes": 44}}, "profile.shoes", "not a fact we know"),
        ({"profile": {"place": "Dudley", "sector": "alchemy"}}, "profile.sector", "not in the list"),
        ({"profile": {"place": "Dudley", "stage": "huge"}}, "profile.stage", "not in the list"),
        ({"profile": {"place": "Dudley", "refuses": ["gifts"]}}, "profile.refuses[0]", "not in the list"),
        ({"profile": {"place": "Dudley", "done": ["no-such-offer"]}}, "profile.done[0]", "not an offer"),
        ({"profile": {"place": "Dudley", "turnover": 5}}, "profile.turnover", "needs a currency"),
        ({"profile": []}, "profile", "not a mapping"),
        ({"profile": None}, "profile", ""),
        ({"cost": {"amount": 5}}, "cost", "a cost needs an amount and a currency"),
        ({"cost": {"amount": -5, "currency": "GBP"}}, "cost.amount", "cannot be"),
        ({"cost": {"amount": 5, "currency": "pounds"}}, "cost.currency", "'pounds'"),
        ({"cost": 60000}, "cost", "not a mapping"),
        ({"shows": ["magic"]}, "shows[0]", "'magic' is not in the list"),
        ({"said": ""}, "said", ""),
        ({"said": "word " * 200}, "said", "characters are too many"),
        ({"business": "x" * 161}, "business", "characters are too many"),
        ({"business": "A firm\x07"}, "business", "cannot be shown"),
        ({"why": ["a", "list"]}, "why", "not text"),
        ({"naem": "x"}, "naem", "not a field of this record"),
    ],
)
def test_a_bad_example_is_refused_with_its_file_field_reason_and_remedy(pack, change, field, said):
    write(pack, "examples/example-firm.yml", {**FIRM, **change})

    found = [f for f in findings_in(pack) if f.field == field]

    assert found, render(findings_in(pack))
    assert found[0].file == "examples/example-firm.yml"
    assert found[0].severity == "error"
    assert said in found[0].heading
    assert found[0].why
    assert found[0].remedy


@pytest.mark.parametrize("field", ["business", "region", "needs", "said", "profile", "shows", "why"])
def test_an_example_without_a_part_names_the_part(pack, field):
    write(pack, "examples/example-firm.yml", {k: v for k, v in FIRM.items() if k != field})

    assert field in {f.field for f in findings_in(pack)}


@pytest.mark.parametrize(
    "text", ["", "[]", "- just\n- a list", "a: [", "x", "\x00", "a: &b 1\nc: *b", "[" * 500]
)
def test_a_file_that_is_no_example_is_named_and_does_not_hide_the_others(pack, text):
    (pack / "examples/bad.yml").write_text(text, encoding="utf-8")
    write(pack, "examples/worse.yml", {**FIRM, "needs": ["gold"]})

    files = {f.file for f in findings_in(pack)}

    assert files == {"examples/bad.yml", "examples/worse.yml"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": None}, "title"),
        ({"regions": []}, "regions"),
        ({"regions": "all"}, "regions"),
        ({"regions": [{**WEST, "areas": ["west-midlands", "atlantis"]}]}, "regions[0].areas[1]"),
        ({"regions": [{**WEST, "areas": []}]}, "regions[0].areas"),
        ({"regions": [WEST, {**WEST, "areas": ["wales"]}]}, "regions[1].code"),
        ({"shows": None}, "shows"),
        ({"shows": {"process_innovation": 5}}, "shows.process_innovation"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_bad_gallery_names_what_to_mend(pack, change, field):
    raw = yaml.safe_load((CONTENT / "gallery.yml").read_text(encoding="utf-8"))
    write(pack, "gallery.yml", {**raw, **change})

    found = [f for f in findings_in(pack) if (f.file, f.field) == ("gallery.yml", field)]

    assert found, render(findings_in(pack))
    assert found[0].remedy


def test_examples_without_a_gallery_are_told_so_and_a_folder_without_either_is_sound(pack):
    (pack / "gallery.yml").unlink()
    assert [f.file for f in findings_in(pack)] == ["gallery.yml"]

    (pack / "examples/example-firm.yml").unlink()
    assert findings_in(pack) == []


def test_a_gallery_with_faults_is_not_read(pack):
    write(pack, "examples/example-firm.yml", {**FIRM, "needs": ["gold"]})

    with pytest.raises(BadCatalogue, match=r"examples/example-firm\.yml: needs\[0\].*use one of"):
        read_gallery(pack)
