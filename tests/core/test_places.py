"""People say where they are in many ways; each is placed, or said to be unclear, and never guessed."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from knowledge_base.areas import ELSEWHERE, AreaTree, starter_areas
from knowledge_base.place_names import city_names, own_names
from knowledge_base.places import Gazetteer
from knowledge_base.postcodes import uk_areas
from knowledge_base.records import Area


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load(starter_areas())


def areas_of(**listed: tuple[str, str]) -> dict[str, Area]:
    return {
        code.replace("_", "-"): Area(code.replace("_", "-"), name, tuple(within.split()))
        for code, (name, within) in listed.items()
    }


TOLD = yaml.safe_load((Path(__file__).parent / "told_places.yml").read_text(encoding="utf-8"))
TOLD_PLACES = [(told, area) for area, names in TOLD.items() for told in names]


@pytest.mark.parametrize(("told", "area"), TOLD_PLACES)
def test_a_business_is_placed_by_what_it_says(gazetteer, told, area):
    place = gazetteer.resolve(told)

    assert (place.status, place.areas) == ("known", (area,))


@pytest.mark.parametrize(
    ("told", "area"),
    [
        ("Newport, Shropshire", "telford-and-wrekin"),
        ("Newport, Wales", "newport"),
        ("Newport TF10 7AB", "telford-and-wrekin"),
        ("Newport, Essex", "east-of-england"),
        ("Telford, Shropshire", "telford-and-wrekin"),
        ("Leicester, Leicestershire", "leicester"),
        ("Walsall, Staffordshire", "walsall"),
        ("Melbourne, Derbyshire", "derbyshire"),
        ("Unit 4, Example Street, Dudley, DY1 2AB", "dudley"),
        ("Solihull, West Midlands", "solihull"),
        ("Cardiff, UK", "cardiff"),
        ("55322 Jönköping", "jonkoping"),
        ("we are based in Dudley", "dudley"),
        ("near Hinckley", "hinckley-and-bosworth"),
    ],
)
def test_an_address_is_read_with_what_stands_around_it(gazetteer, told, area):
    assert gazetteer.resolve(told).areas == (area,)


def test_newport_is_asked_about_until_the_hub_or_the_county_settles_it(gazetteer):
    assert gazetteer.resolve("Newport").status == "ambiguous"
    assert set(gazetteer.resolve("Newport").areas) == {"newport", "telford-and-wrekin"}
    assert gazetteer.resolve("Newport", near=["wales"]).areas == ("newport",)
    assert gazetteer.resolve("Newport", near=["marches"]).areas == ("telford-and-wrekin",)
    assert gazetteer.resolve("Newport", near=["wales", "west-midlands"]).status == "ambiguous"


def test_a_hub_in_staffordshire_hears_newcastle_as_newcastle_under_lyme(gazetteer):
    assert gazetteer.resolve("Newcastle", near=["staffordshire"]).areas == ("newcastle-under-lyme",)


def test_a_firm_in_the_valleys_is_in_wales_but_in_no_one_district(gazetteer):
    tree, place = AreaTree(starter_areas()), gazetteer.resolve("the Valleys")

    assert tree.standing(place.areas, frozenset({"wales"})) is True
    assert tree.standing(place.areas, frozenset({"caerphilly"})) is None
    assert tree.standing(place.areas, frozenset({"north-wales"})) is False


def test_a_postcode_that_crosses_a_boundary_is_not_pinned_to_one_side(gazetteer):
    assert set(gazetteer.resolve("SA4").areas) == {"swansea", "carmarthenshire"}
    assert set(gazetteer.resolve("B79").areas) == {"lichfield", "north-warwickshire", "tamworth"}


@pytest.mark.parametrize(
    "told",
    ["Sydney", "Toronto", "Norway", "Texas", "Birmingham, Alabama", "Birmingham, USA", "Paris, Texas", "JE2"],
)
def test_a_firm_elsewhere_in_the_world_is_known_to_be_outside(gazetteer, told):
    place = gazetteer.resolve(told)

    assert (place.status, place.areas) == ("outside", (ELSEWHERE,))
    assert AreaTree(starter_areas()).standing(place.areas, frozenset({"uk", "eu"})) is False


@pytest.mark.parametrize(
    "told",
    [
        "",
        "   ",
        "qwertyville",
        "\0\0\0",
        "😀😀😀",
        "'; DROP TABLE areas;--",
        "x" * 1_000_000,
        "a," * 90,
        "-",
        "...",
        "AAA 111",
        "QQ1 1AA",
        "12345",
        "none of your business",
        "everywhere",
        "١٢٣",
        "B" * 199,
        "<script>",
    ],
)
def test_a_text_that_names_no_place_is_unknown(gazetteer, told):
    place = gazetteer.resolve(told)

    assert (place.status, place.areas) == ("unknown", ())


def test_a_small_english_town_of_another_region_is_outside_the_west_midlands_without_being_guessed(gazetteer):
    place, tree = gazetteer.resolve("Whitby"), AreaTree(starter_areas())
    village = gazetteer.resolve("Hunmanby")

    assert tree.standing(place.areas, frozenset({"west-midlands"})) is False
    assert tree.standing(village.areas, frozenset({"west-midlands"})) is False
    assert tree.standing(village.areas, frozenset({"england"})) is True


@pytest.mark.parametrize(
    ("message", "found"),
    [
        ("i run a bakery in dudley and need a loan", ["dudley"]),
        ("we're in South Wales, near LE67 3XX once, now DY1", ["South Wales", "LE67 3XX", "DY1"]),
        ("Brum's Jewellery Quarter goldsmith", ["Brum's Jewellery Quarter"]),
        ("Twelve of us in the Black Country and the Valleys", ["Black Country", "Valleys"]),
        ("vi finns i Jönköping och Habo", ["Jönköping", "Habo"]),
        ("Small workshop, Jonkoping", ["Jonkoping"]),
        ("North West Leicestershire joiner", ["North West Leicestershire"]),
        ("HELP US GROW IN WALSALL", ["WALSALL"]),
        ("Walsall's oldest saddler", ["Walsall"]),
        ("we trade from Gdańsk and Gdynia", ["Gdańsk", "Gdynia"]),
        ("Stoke on Trent and Newcastle-under-Lyme", ["Stoke on Trent", "Newcastle-under-Lyme"]),
        ("we're based in reading and sell in bath", ["reading"]),
        ("a café in Wells", ["Wells"]),
        ("our shop in Barry needs a roof", ["Barry"]),
        ("work in barry mostly", ["barry"]),
        ("My workshop is in Stone, Staffordshire", ["Stone", "Staffordshire"]),
    ],
)
def test_places_are_found_in_running_messages(gazetteer, message, found):
    assert [message[start:end] for start, end, _ in gazetteer.find(message)] == found


@pytest.mark.parametrize(
    "message",
    [
        "We're a street food van reading up on grants, hope this is the right place",
        "Reading the guidance, I want a deal on the sale of hardware",
        "the scheme closes in March, or in May",
        "we want to cut CO2 and NO2 by half",
        "stone masons, well above the flint and mold on the wall",
        "a nice bath and a bury of wells",
        "I'm Barry and this is Kerry",
        "Barry here, a plumber",
        "Most of our customers are over the hill",
        "we'm busy but skint",
        "we hold 10 GB of data and want a good roi",
        "at least three of us, in time, in sales, from home",
        "Our battle is to settle the lease",
        "\0\0 😀 '; DROP TABLE areas;--",
        "",
    ],
)
def test_ordinary_words_are_not_taken_for_villages(gazetteer, message):
    assert gazetteer.find(message) == []


def test_the_offsets_point_at_the_words_of_the_message(gazetteer):
    message = "Hi! 😀 We make kayaks — in Ynys Môn, LL65 1AA — and sell to Åland"

    assert [message[s:e] for s, e, _ in gazetteer.find(message)] == ["Ynys Môn", "LL65 1AA"]


def test_a_catalogue_with_a_few_areas_of_its_own_places_firms_in_them():
    areas = areas_of(
        uk=("UK", ""),
        wales=("Wales", "uk"),
        west_midlands=("West Midlands", "uk"),
        black_country=("Black Country", "west-midlands"),
        acme_zone=("Acme Zone", "west-midlands"),
    )
    gazetteer = Gazetteer.load(areas)

    assert gazetteer.resolve("acme zone").areas == ("acme-zone",)
    assert gazetteer.resolve("ACME-ZONE").areas == ("acme-zone",)
    assert gazetteer.resolve("Dudley").areas == ("black-country",)
    assert gazetteer.resolve("DY1 2AB").areas == ("black-country",)
    assert gazetteer.resolve("Rugby").areas == ("west-midlands",)
    assert gazetteer.resolve("Jönköping").status == "outside"


def test_an_area_renamed_by_a_catalogue_answers_to_its_new_name():
    gazetteer = Gazetteer.load(areas_of(dudley=("Dudley and the Castle", "")))

    assert gazetteer.resolve("dudley and the castle").areas == ("dudley",)
    assert gazetteer.resolve("Stourbridge").areas == ("dudley",)


def test_a_catalogue_may_spell_its_codes_as_it_likes():
    gazetteer = Gazetteer.load(areas_of(wm=("West Midlands", ""), cy=("Cymru", "")))

    assert gazetteer.resolve("Dudley").areas == ("wm",)
    assert gazetteer.resolve("Cardiff").areas == ("cy",)
    assert gazetteer.resolve("Wales").areas == ("cy",)


def test_coventry_lies_in_both_hubs_of_a_catalogue_that_has_no_coventry():
    areas = areas_of(cw=("Coventry and Warwickshire", ""), metro=("West Midlands Combined Authority", ""))
    told = Gazetteer.load(areas).resolve("Coventry").areas

    assert AreaTree(areas).standing(told, frozenset({"cw"})) is True
    assert AreaTree(areas).standing(told, frozenset({"metro"})) is True


def test_a_place_wider_than_the_catalogue_may_or_may_not_be_inside():
    areas = areas_of(dudley=("Dudley", ""))
    told = Gazetteer.load(areas).resolve("West Midlands").areas

    assert AreaTree(areas).standing(told, frozenset({"dudley"})) is None


def test_without_the_world_our_own_tables_still_answer():
    gazetteer = Gazetteer.load(starter_areas(), with_world=False)

    assert gazetteer.resolve("Dudley").status == "known"
    assert gazetteer.resolve("Sydney").status == "unknown"


def test_with_no_areas_at_all_every_known_place_is_outside():
    assert Gazetteer.load({}).resolve("Dudley").status == "outside"


def test_every_name_and_postcode_in_our_tables_leads_to_areas_that_exist():
    known = {*starter_areas(), ELSEWHERE}
    wrong = {
        m.name: m.areas
        for table in (own_names(), city_names())
        for ms in table.values()
        for m in ms
        if not set(m.areas) <= known
    }

    assert wrong == {}


@pytest.mark.parametrize("outward", ["B1", "cv1", "LE67", "CF99", "ZE1", "W1A", "EC1A"])
def test_every_british_postcode_area_is_somewhere(outward):
    assert set(uk_areas(outward)) <= set(starter_areas())
    assert uk_areas(outward)


def test_an_address_of_several_parts_lies_where_its_town_does(gazetteer):
    assert gazetteer.resolve("Unit 7, Example Street, Dudley").areas == ("dudley",)


def test_every_place_of_the_longest_message_is_found(gazetteer):
    sentence = "We run a street food firm in Bath, near Leicester, and hope to grow in Wales. "
    message = sentence * 50

    found = [message[start:end] for start, end, _ in gazetteer.find(message)]
    assert found == ["Bath", "Leicester", "Wales"] * 50
