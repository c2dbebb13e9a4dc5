"""A business goes to the team for its place, need and trade, and to nobody else; the reason is told."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.areas import AreaTree
from knowledge_base.brokers.matching import match
from knowledge_base.brokers.records import Team
from knowledge_base.records import Area

AREAS = {
    area.code: area
    for area in (
        Area("uk", "UK", ()),
        Area("wales", "Wales", ("uk",)),
        Area("cardiff", "Cardiff", ("wales",)),
        Area("swansea", "Swansea", ("wales",)),
        Area("england", "England", ("uk",)),
        Area("dudley", "Dudley", ("england",)),
    )
}
TREE = AreaTree(AREAS)
NAMES = {code: area.name for code, area in AREAS.items()}


def team(id: str, *areas: str, **more) -> Team:
    return Team(id=id, name=f"Team {id}", areas=areas, **more)


def ids(teams, areas, needs=("finance",), sector=None, **more):
    return [found.team.id for found in match(teams, areas, needs, sector, TREE, names=NAMES, **more)]


def test_a_cafe_in_cardiff_goes_to_the_team_for_cardiff_before_the_team_for_wales():
    teams = [team("uk", "uk"), team("wales", "wales"), team("cardiff", "cardiff"), team("dudley", "dudley")]

    assert ids(teams, ["cardiff"]) == ["cardiff", "wales", "uk"]


def test_a_business_somewhere_in_wales_goes_first_to_who_surely_serves_it():
    teams = [team("cardiff", "cardiff"), team("wales", "wales"), team("england", "england")]

    assert ids(teams, ["wales"]) == ["wales", "cardiff"]


def test_a_place_that_may_be_one_of_two_goes_to_the_team_that_serves_both():
    teams = [team("cardiff", "cardiff"), team("uk", "uk")]

    assert ids(teams, ["cardiff", "dudley"]) == ["uk", "cardiff"]


def test_who_looks_after_the_need_and_the_trade_goes_before_who_looks_after_all():
    teams = [
        team("all", "cardiff"),
        team("money", "wales", needs=("finance",)),
        team("trade", "wales", sectors=("retail",)),
        team("both", "uk", needs=("finance", "premises"), sectors=("retail", "care")),
    ]

    assert ids(teams, ["cardiff"], ["finance"], "retail") == ["both", "money", "trade", "all"]
    assert ids(teams, ["cardiff"], ["premises"], "manufacturing") == ["all"]
    assert ids(teams, ["cardiff"], [], None) == ["all"]


def test_the_need_asked_first_decides_between_two_that_look_after_one_each():
    teams = [team("export", needs=("export_markets",)), team("money", needs=("finance",))]

    assert ids(teams, ["cardiff"], ["finance", "export_markets"]) == ["money", "export"]
    assert ids(teams, ["cardiff"], ["export_markets", "finance"]) == ["export", "money"]


def test_two_that_fit_alike_go_by_position_then_by_id():
    teams = [team("c", position=1), team("b", position=2), team("a", position=2)]

    assert ids(teams, ["cardiff"]) == ["c", "a", "b"]


def test_a_team_that_is_closed_gets_nobody():
    assert ids([team("old", active=False)], ["cardiff"]) == []


def test_a_business_whose_place_is_not_known_goes_to_who_serves_all_of_the_hub():
    teams = [team("cardiff", "cardiff"), team("wales", "wales"), team("everywhere")]

    assert ids(teams, []) == ["everywhere"]
    assert ids(teams, [], hub_areas=["wales"]) == ["wales", "everywhere"]
    assert ids(teams, [], hub_areas=["cardiff", "swansea"]) == ["wales", "everywhere"]
    assert ids(teams, [], hub_areas=["uk"]) == ["everywhere"]


def test_an_area_no_record_knows_fits_itself_alone():
    teams = [team("atlantis", "atlantis"), team("uk", "uk")]

    assert ids(teams, ["atlantis"]) == ["atlantis"]
    assert ids(teams, ["elsewhere"]) == []


@pytest.mark.parametrize(
    ("team", "areas", "said"),
    [
        (team("1", "wales"), ["cardiff"], "Team 1: it serves Wales, where the business is."),
        (team("1", "cardiff"), ["wales"], "Team 1: it serves Cardiff, where the business may be."),
        (team("1"), ["cardiff"], "Team 1: it serves every place."),
        (
            team("1", "wales", needs=("finance",), sectors=("manufacturing",)),
            [],
            "Team 1: it serves the whole of the hub's area, and the place is not known, and it looks after "
            "money, and it works with manufacturing.",
        ),
    ],
)
def test_the_reason_is_told_in_words(team, areas, said):
    from knowledge_base import labels

    found = match([team], areas, ["finance"], "manufacturing", TREE, names=NAMES, hub_areas=["cardiff"])

    assert [each.why for each in found] == [said.replace("money", labels.need("finance"))]


CODES = st.sampled_from(sorted(AREAS))
NEEDS = st.sampled_from(["finance", "premises", "start_up"])
SECTORS = st.sampled_from(["retail", "care"])
SOME_TEAMS = st.lists(
    st.builds(
        lambda areas, needs, sectors, position, active: team(
            "?", *areas, needs=tuple(needs), sectors=tuple(sectors), position=position, active=active
        ),
        st.lists(CODES, max_size=2),
        st.lists(NEEDS, max_size=2, unique=True),
        st.lists(SECTORS, max_size=1),
        st.integers(0, 2),
        st.booleans(),
    ),
    max_size=6,
).map(lambda teams: [Team(**{**_fields(each), "id": str(n)}) for n, each in enumerate(teams)])


def _fields(each: Team) -> dict:
    return {name: getattr(each, name) for name in Team.__dataclass_fields__}


@settings(deadline=None)
@given(
    SOME_TEAMS,
    st.lists(CODES, max_size=2, unique=True),
    st.lists(NEEDS, max_size=2, unique=True),
    st.none() | SECTORS,
    st.randoms(),
)
def test_every_team_that_fits_is_found_once_in_one_order_however_they_are_listed(
    teams, areas, needs, sector, shuffler
):
    found = ids(teams, areas, needs, sector)
    shuffled = list(teams)
    shuffler.shuffle(shuffled)

    def fits(each: Team) -> bool:
        placed = not each.areas or any(
            TREE.descendants(told) & TREE.descendants(served) for told in areas for served in each.areas
        )
        wanted = not each.needs or set(each.needs) & set(needs)
        return bool(each.active and placed and wanted and (not each.sectors or sector in each.sectors))

    assert sorted(found) == sorted(each.id for each in teams if fits(each))
    assert ids(shuffled, areas, needs, sector) == found
