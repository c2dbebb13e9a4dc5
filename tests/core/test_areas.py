"""Areas make one tree with overlaps, and a told place stands inside, outside, or nobody can say yet."""

from __future__ import annotations

import pytest

from knowledge_base.areas import ELSEWHERE, AreaTree, BadAreas, starter_aliases, starter_areas
from knowledge_base.records import Area


@pytest.fixture(scope="module")
def tree() -> AreaTree:
    return AreaTree(starter_areas())


def tree_of(**within: str) -> AreaTree:
    return AreaTree({code: Area(code, code.title(), tuple(up.split())) for code, up in within.items()})


def test_a_dudley_firm_is_in_the_black_country_and_in_everything_above_it(tree):
    hubs = {"black-country", "west-midlands-combined-authority"}

    assert tree.ancestors("dudley") == {"dudley", *hubs, "west-midlands", "midlands", "england", "uk"}


def test_a_coventry_firm_belongs_to_both_hubs(tree):
    assert tree.standing(["coventry"], frozenset({"coventry-and-warwickshire"})) is True
    assert tree.standing(["coventry"], frozenset({"west-midlands-combined-authority"})) is True


def test_a_leicestershire_firm_gets_no_money_meant_for_derbyshire_and_nottinghamshire(tree):
    assert tree.standing(["charnwood"], frozenset({"east-midlands-combined-county-authority"})) is False


@pytest.mark.parametrize(
    ("told", "wanted", "answer"),
    [
        (["dudley"], {"west-midlands"}, True),
        (["dudley"], {"wales"}, False),
        (["dudley"], {"wales", "black-country"}, True),
        (["wales"], {"cardiff"}, None),
        (["west-midlands-combined-authority"], {"coventry-and-warwickshire"}, None),
        (["newport", "telford-and-wrekin"], {"uk"}, True),
        (["newport", "telford-and-wrekin"], {"wales"}, None),
        (["newport", "telford-and-wrekin"], {"scotland"}, False),
        (["habo"], {"jonkoping-county"}, True),
        (["habo"], {"eu"}, True),
        (["habo"], {"uk"}, False),
        ([], {"uk"}, None),
        ([ELSEWHERE], {"uk", "eu"}, False),
        (["derbyshire", ELSEWHERE], {"derbyshire"}, None),
        (["dudley"], set(), False),
        (["dudley"], {"no-such-area"}, False),
        (["no-such-area"], {"uk"}, False),
    ],
)
def test_how_a_told_place_stands_to_the_areas_of_an_offer(tree, told, wanted, answer):
    assert tree.standing(told, frozenset(wanted)) is answer


def test_a_place_in_two_hubs_at_once_lies_in_each():
    hubs = tree_of(metro="", county="", other="")

    assert hubs.standing(["county&metro"], frozenset({"metro"})) is True
    assert hubs.standing(["county&metro"], frozenset({"county"})) is True
    assert hubs.standing(["county&metro"], frozenset({"other"})) is False


def test_descendants_are_the_other_way_round(tree):
    for code in starter_areas():
        for below in tree.descendants(code):
            assert code in tree.ancestors(below)
    assert len(tree.descendants("leicestershire")) == 8
    assert len(tree.descendants("jonkoping-county")) == 14


def test_wales_has_twenty_two_principal_areas_each_in_one_economic_region(tree):
    regions = {"north-wales", "mid-wales", "cardiff-capital-region", "swansea-bay"}
    councils = tree.descendants("wales") - regions - {"wales"}

    assert len(councils) == 22
    assert all(len(tree.ancestors(council) & regions) == 1 for council in councils)


def test_an_area_within_itself_by_a_roundabout_way_is_refused():
    with pytest.raises(BadAreas, match="a within b within c within a"):
        tree_of(a="b", b="c", c="a")
    with pytest.raises(BadAreas, match="here within here"):
        tree_of(here="here")


def test_an_unknown_parent_is_named_with_the_area_that_asks_for_it():
    with pytest.raises(BadAreas, match=r"dudley\.within: no area 'atlantis'"):
        tree_of(dudley="atlantis")


@pytest.mark.parametrize("code", [ELSEWHERE, "a&b"])
def test_codes_kept_for_other_uses_cannot_name_an_area(code):
    with pytest.raises(BadAreas, match="kept for other uses"):
        AreaTree({code: Area(code, "X")})


def test_two_ways_up_to_one_area_are_no_cycle():
    assert tree_of(top="", left="top", right="top", town="left right").ancestors("town") == {
        "town",
        "left",
        "right",
        "top",
    }


def test_a_very_deep_tree_is_read():
    deep = {f"a{n}": Area(f"a{n}", "A", (f"a{n + 1}",) if n < 2999 else ()) for n in range(3000)}

    assert len(AreaTree(deep).ancestors("a0")) == 3000


def test_every_starter_area_has_a_plain_code_and_no_name_is_used_twice():
    names = [n.casefold() for code, a in starter_areas().items() for n in (a.name, *starter_aliases()[code])]

    assert all(code.replace("-", "").isalnum() and code.isascii() for code in starter_areas())
    assert len(names) == len(set(names))
