"""Teams and brokers are kept as told, or refused in words that say what to write."""

from __future__ import annotations

import pytest

from knowledge_base.store.audit import Audit
from knowledge_base.store.tables import AreaRow
from knowledge_base.store.teams import BadBroker, BadTeam, Brokers, ChangedMeanwhile, Teams, mark_of
from tests.store.broker_records import house_in
from tests.store.conftest import NOW

CURATOR = "curator@example.org"


@pytest.fixture
def teams(database):
    with database.writing() as transaction:
        transaction.add(AreaRow(code="dudley", name="Dudley", document={}))
    return Teams(database)


def test_a_team_is_kept_with_all_it_looks_after(teams):
    told = {
        "name": "  Example   makers ",
        "areas": ["dudley"],
        "needs": ["finance", "finance"],
        "sectors": ["manufacturing"],
        "slack_team": "T1",
        "channel": "C1",
        "slack_group": "S1",
        "lead_email": "lead@example.org",
        "lead_slack": "U9",
        "remind_days": [3, 1],
        "lead_after_days": 4,
        "position": 2,
    }
    team = teams.add(**told, by=CURATOR, now=NOW)

    assert team.name == "Example makers"
    assert (team.areas, team.needs, team.sectors) == (("dudley",), ("finance",), ("manufacturing",))
    assert (team.slack_team, team.channel, team.slack_group, team.lead_slack) == ("T1", "C1", "S1", "U9")
    assert (team.remind_days, team.lead_after_days, team.position, team.active) == ((1, 3), 4, 2, True)
    assert teams.get(team.id) == team
    assert teams.all() == [team]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"name": " "}, "no name"),
        ({"name": "x" * 201}, "too long"),
        ({"needs": ["money"]}, "needs: money is not on the list"),
        ({"sectors": ["rockets"]}, "sectors: rockets is not on the list"),
        ({"areas": ["atlantis"]}, "areas: atlantis is not an area"),
        ({"slack_team": "T1", "channel": "#general"}, "#general is not the id of the channel"),
        ({"channel": "C1"}, "say which workspace"),
        ({"lead_email": "lead"}, "lead is not an e-mail address"),
        ({"lead_slack": "@lead"}, "@lead is not the id of the member"),
        ({"remind_days": [0]}, "remind_days: 0 is not a whole number from 1 to 90"),
        ({"remind_days": [1, 2, 3, 4, 5, 6]}, "6 reminders are too many"),
        ({"lead_after_days": True}, "lead_after_days: True"),
        ({"colour": "red"}, "colour: there is no such field"),
    ],
)
def test_a_team_that_cannot_be_kept_is_refused_in_words(teams, told, said):
    with pytest.raises(BadTeam, match=said):
        teams.add(**{"name": "Example makers", **told}, now=NOW)

    assert teams.all() == []


def test_two_teams_of_one_name_are_told_apart_at_once(teams):
    teams.add(name="Example makers", now=NOW)

    with pytest.raises(BadTeam, match="already"):
        teams.add(name="Example makers", now=NOW)

    assert len(teams.all()) == 1


def test_a_change_of_a_team_leaves_the_rest_and_is_noted_with_ids_only(database, teams):
    team = teams.add(name="Example makers", remind_days=(2,), by=CURATOR, now=NOW)

    changed = teams.change(team.id, active=False, position=7, by=CURATOR, now=NOW)

    assert (changed.name, changed.remind_days) == ("Example makers", (2,))
    assert (changed.active, changed.position) == (False, 7)
    assert teams.all(active=True) == []
    deeds = Audit(database).list(10, about=team.id)
    assert [(deed.what, deed.by) for deed in deeds] == [("team_changed", CURATOR), ("team_added", CURATOR)]
    assert deeds[0].detail == {"fields": ["active", "position"]}
    with pytest.raises(BadTeam, match="no team with that id"):
        teams.change("none", position=1, now=NOW)


def test_a_broker_is_found_by_workspace_and_member_id_alone(database):
    house, brokers = house_in(database), Brokers(database)

    assert brokers.of_slack("T1", "U1") == house.ann
    assert brokers.of_slack("T2", "U1") is None
    assert brokers.of_slack("T1", "U9") is None
    assert brokers.of_slack("", "") is None
    assert brokers.all(house.money.id) == [house.ann, house.bea]


def test_who_has_left_or_whose_team_is_closed_is_no_broker_in_slack(database):
    house, brokers = house_in(database), Brokers(database)

    brokers.change(house.ann.id, active=False, now=NOW)
    Teams(database).change(house.makers.id, active=False, now=NOW)

    assert brokers.of_slack("T1", "U1") is None
    assert brokers.of_slack("T1", "U3") is None
    assert brokers.of_slack("T1", "U2") == house.bea
    assert brokers.get(house.ann.id).active is False


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"name": ""}, "no name"),
        ({"team": "none"}, "no such team"),
        ({"email": "a b@example.org"}, "is not an e-mail address"),
        ({"slack_user": "U7"}, "tell both ids, or none"),
        ({"slack_team": "T1", "slack_user": "U1"}, "another broker has this member id"),
        ({"slack_team": "T1", "slack_user": "<@U7>"}, "is not the id of the member"),
        ({"role": "lead"}, "role: there is no such field"),
    ],
)
def test_a_broker_who_cannot_be_kept_is_refused_in_words(database, told, said):
    house, brokers = house_in(database), Brokers(database)

    with pytest.raises(BadBroker, match=said):
        brokers.add(**{"team": house.money.id, "name": "Dora Example", **told}, now=NOW)

    assert len(brokers.all()) == 3


def test_brokers_who_are_not_in_slack_yet_do_not_get_in_each_others_way(database):
    house, brokers = house_in(database), Brokers(database)

    for name in ("Dora Example", "Emil Example"):
        brokers.add(team=house.money.id, name=name, now=NOW)

    assert [each.slack_user for each in brokers.all(house.money.id)] == ["U1", "U2", "", ""]


def test_what_somebody_changed_meanwhile_is_not_written_over(database, teams):
    house = house_in(database)
    team, person = teams.get(house.money.id), Brokers(database).get(house.ann.id)
    teams.change(team.id, name="Theirs", now=NOW)
    Brokers(database).change(person.id, name="Theirs", now=NOW)

    with pytest.raises(ChangedMeanwhile):
        teams.change(team.id, name="Mine", seen=mark_of(team), now=NOW)
    with pytest.raises(ChangedMeanwhile):
        Brokers(database).change(person.id, name="Mine", seen=mark_of(person), now=NOW)

    assert teams.get(team.id).name == Brokers(database).get(person.id).name == "Theirs"
    assert teams.change(team.id, name="Mine", seen=mark_of(teams.get(team.id)), now=NOW).name == "Mine"


def test_what_cannot_be_kept_names_its_field(teams):
    told = {
        "name": {"name": "\x00 "},
        "channel": {"name": "A", "slack_team": "T1", "channel": "x"},
        "slack_team": {"name": "A", "channel": "C1"},
        "areas": {"name": "A", "areas": ["x"]},
        "remind_days": {"name": "A", "remind_days": [0]},
    }
    for field, fields in told.items():
        with pytest.raises(BadTeam) as bad:
            teams.add(**fields, now=NOW)
        assert bad.value.field == field
