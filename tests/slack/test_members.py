"""Who may come through the door: brokers, and members of a team's user group, never by a failure."""

from __future__ import annotations

import asyncio
from datetime import datetime, timezone

import pytest

from bot.slack import limits
from bot.slack.errors import asked_to_wait
from bot.slack.members import Member, Members, MembersUnknown
from bot.slack.parts import web_client
from bot.slack.settings import slack_settings
from knowledge_base.brokers.records import Team
from knowledge_base.store.database import Database
from knowledge_base.store.teams import Brokers, Teams
from tests.slack.stand_in import TEAM, StandIn

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=timezone.utc)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def team(slack_database: Database) -> Team:
    return Teams(slack_database).add(
        name="Example Advisers", slack_team=TEAM, channel="C0TEAM", slack_group="S0GROUP", now=NOW
    )


@pytest.fixture
def members(slack: StandIn, slack_database: Database, team: Team, clock: Clock) -> Members:
    slack.groups["S0GROUP"] = ["U0LEE"]
    settings = slack_settings(slack.environment())
    assert settings
    return Members(Teams(slack_database), Brokers(slack_database), web_client(settings), clock)


def of(members: Members, user: str, slack_team: str = TEAM) -> Member | None:
    return asyncio.run(members.of(slack_team, user))


def test_a_broker_is_known_by_workspace_and_member_id(
    members: Members, slack_database: Database, slack: StandIn, team: Team
) -> None:
    broker = Brokers(slack_database).add(
        team=team.id, name="Kim Example", slack_team=TEAM, slack_user="U0KIM", now=NOW
    )

    found = of(members, "U0KIM")

    assert found == Member(team, TEAM, "U0KIM", broker)
    assert found.who == broker.id
    assert of(members, "U0KIM", "T0OTHER") is None
    assert slack.called("usergroups.users.list") == []


def test_a_member_of_the_teams_group_may_and_a_stranger_may_not(members: Members, team: Team) -> None:
    assert of(members, "U0LEE") == Member(team, TEAM, "U0LEE", None)
    assert of(members, "U0STRANGER") is None
    assert of(members, "U0LEE", "T0OTHER") is None
    assert of(members, "") is None
    assert of(members, "U0LEE", "") is None


def test_who_was_shut_out_stays_out_though_the_group_has_them(
    members: Members, slack_database: Database, team: Team
) -> None:
    brokers = Brokers(slack_database)
    lee = brokers.add(team=team.id, name="Lee Example", slack_team=TEAM, slack_user="U0LEE", now=NOW)
    brokers.change(lee.id, active=False, now=NOW)

    assert of(members, "U0LEE") is None


def test_slack_is_asked_about_a_group_once_in_five_minutes(
    members: Members, slack: StandIn, clock: Clock
) -> None:
    for _ in range(5):
        of(members, "U0LEE")
        of(members, "U0STRANGER")
    asked = len(slack.called("usergroups.users.list"))
    slack.groups["S0GROUP"] = ["U0STRANGER"]
    clock.now += 301

    assert asked == 1
    assert of(members, "U0LEE") is None
    assert of(members, "U0STRANGER")


@pytest.mark.parametrize(
    "trouble", [{"status": 500}, {"status": 429, "retry_after": 30}, {"drop": True}, {"error": "fatal_error"}]
)
def test_while_slack_does_not_answer_members_stay_and_nobody_is_let_in(
    members: Members, slack: StandIn, clock: Clock, trouble: dict[str, object]
) -> None:
    before = of(members, "U0LEE")
    slack.trouble("usergroups.users.list", times=99, **trouble)
    clock.now += 400

    assert before
    assert of(members, "U0LEE") == before
    assert of(members, "U0STRANGER") is None


def test_while_slack_never_said_who_is_in_a_group_nobody_is_let_in_or_turned_away(
    members: Members, slack: StandIn, clock: Clock
) -> None:
    slack.trouble("usergroups.users.list", status=500)

    with pytest.raises(MembersUnknown):
        of(members, "U0LEE")
    clock.now += 2
    assert of(members, "U0LEE")
    assert of(members, "U0STRANGER") is None


def test_what_must_be_done_while_slack_waits_fits_into_its_three_seconds() -> None:
    assert limits.ASKING_SECONDS < limits.QUICK_SECONDS
    assert limits.QUICK_SECONDS < limits.ANSWER_SECONDS < 3.0


def test_what_slack_said_a_day_ago_opens_no_door(members: Members, slack: StandIn, clock: Clock) -> None:
    assert of(members, "U0LEE")
    slack.trouble("usergroups.users.list", times=99, status=500)
    clock.now += 86_401

    with pytest.raises(MembersUnknown):
        of(members, "U0LEE")


def test_a_group_that_is_gone_lets_nobody_in(members: Members, slack: StandIn, clock: Clock) -> None:
    assert of(members, "U0LEE")
    del slack.groups["S0GROUP"]
    clock.now += 301

    assert of(members, "U0LEE") is None


def test_a_team_that_is_no_longer_active_opens_no_door(
    members: Members, slack_database: Database, team: Team
) -> None:
    Teams(slack_database).change(team.id, active=False, now=NOW)

    assert of(members, "U0LEE") is None


def test_who_was_listed_by_the_group_is_out_once_they_leave_it(
    members: Members, slack: StandIn, slack_database: Database, clock: Clock, team: Team
) -> None:
    lee = Brokers(slack_database).add(
        team=team.id, name="Lee Example", slack_team=TEAM, slack_user="U0LEE", by_group=True, now=NOW
    )

    assert of(members, "U0LEE") == Member(team, TEAM, "U0LEE", lee)
    slack.groups["S0GROUP"] = []
    clock.now += 301
    assert of(members, "U0LEE") is None


def test_slack_is_not_asked_about_a_group_before_the_time_it_asked_for_is_over(
    members: Members, slack: StandIn, clock: Clock
) -> None:
    slack.trouble("usergroups.users.list", status=429, retry_after=60)

    for waited in (0.0, 40.0):
        clock.now = 1000.0 + waited
        with pytest.raises(MembersUnknown) as told:
            of(members, "U0LEE")
        assert asked_to_wait(told.value) == 60.0 - waited
    asked = len(slack.called("usergroups.users.list"))
    clock.now = 1060.0

    assert asked == 1
    assert of(members, "U0LEE")


def test_while_slack_does_not_say_who_is_in_their_own_group_nobody_is_moved_to_anothers(
    members: Members, slack: StandIn, slack_database: Database, clock: Clock, team: Team
) -> None:
    lee = Brokers(slack_database).add(
        team=team.id, name="Lee Example", slack_team=TEAM, slack_user="U0LEE", by_group=True, now=NOW
    )
    other = Teams(slack_database).add(
        name="Another", slack_team=TEAM, channel="C0TEAM", slack_group="S0OTHER", now=NOW
    )
    slack.groups["S0OTHER"] = ["U0LEE"]
    slack.trouble("usergroups.users.list", status=500)

    with pytest.raises(MembersUnknown):
        of(members, "U0LEE")
    clock.now += 2
    assert of(members, "U0LEE") == Member(team, TEAM, "U0LEE", lee)
    slack.groups["S0GROUP"] = []
    clock.now += 301
    assert of(members, "U0LEE") == Member(other, TEAM, "U0LEE", None)
    slack.groups["S0OTHER"] = []
    clock.now += 301
    assert of(members, "U0LEE") is None


def test_somebody_in_two_groups_stays_in_the_team_that_lists_them(
    members: Members, slack: StandIn, slack_database: Database, team: Team
) -> None:
    lee = Brokers(slack_database).add(
        team=team.id, name="Lee Example", slack_team=TEAM, slack_user="U0LEE", by_group=True, now=NOW
    )
    Teams(slack_database).add(
        name="Another", slack_team=TEAM, channel="C0TEAM", slack_group="S0OTHER", position=-1, now=NOW
    )
    slack.groups["S0OTHER"] = ["U0LEE"]

    assert of(members, "U0LEE") == Member(team, TEAM, "U0LEE", lee)
