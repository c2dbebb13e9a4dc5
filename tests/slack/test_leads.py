"""A team's lead is named by their member id and need be no broker; what went unanswered is theirs to move."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.slack import verbs
from bot.slack.blocks.referrals import escalation
from knowledge_base.store.audit import Audit
from tests.slack.referral_house import choice
from tests.slack.signing import command, press, submission
from tests.slack.talking import NOW, Talking
from tests.slack.workspace import TEAM

LEAD = "U0SAM"


@pytest.fixture
def code(talk: Talking) -> str:
    """A referral that nobody in the team answered, so that its lead has it."""
    talk.advice.teams.change(talk.team.id, lead_slack=LEAD, now=NOW)
    code = asks(talk)
    talk.advice.referrals.to_lead(code, "Nobody answered in time.", NOW)
    return code


def asks(talk: Talking, team: str | None = None) -> str:
    """A referral that a team has."""
    told = {"name": "Ada Example", "contact": "ada@example.org", "needs": ["finance"], "consent_at": NOW}
    return talk.advice.referrals.record(None, team=team or talk.team.id, **told)


def send(talk: Talking, verb: str, code: str, values: dict[str, object]) -> None:
    """Press a button that opens a form as the lead, and send the form off."""
    before = len(talk.slack.views)
    talk.post(press(verb, code, user=LEAD))
    for view in talk.slack.views[before:]:
        told = {"view_id": view["id"], "hash": view["hash"], "metadata": view["private_metadata"]}
        talk.post(submission(verb, values, user=LEAD, **told))


def deeds(talk: Talking, code: str) -> list[tuple[str, str]]:
    return [(deed.by, deed.what) for deed in Audit(talk.database).list(10, about=code)]


def test_a_lead_takes_what_nobody_answered_and_is_a_broker_only_while_named(talk: Talking, code: str) -> None:
    talk.post(press(verbs.TAKE, code, user=LEAD))

    referral = talk.advice.referrals.get(code)
    assert referral
    assert referral.team == talk.team.id
    holder = talk.advice.brokers.get(str(referral.broker))
    assert holder
    assert (holder.slack_user, holder.by_group) == (LEAD, True)
    assert (f"lead:{TEAM}:{LEAD}", "referral_take") in deeds(talk, code)

    talk.advice.teams.change(talk.team.id, lead_slack="", now=NOW)
    talk.post(command("clients", user=LEAD))
    assert "is for the hub's advisers" in talk.slack.ephemerals[-1]["text"]


def test_a_lead_passes_a_referral_on(talk: Talking, code: str) -> None:
    send(talk, verbs.PASS_ON, code, choice("to", f"team:{talk.other.id}"))

    referral = talk.advice.referrals.get(code)
    assert referral
    assert referral.team == talk.other.id
    assert deeds(talk, code) == [(f"lead:{TEAM}:{LEAD}", "referral_pass_on")]
    assert [each.slack_user for each in talk.advice.brokers.all()] == ["U0KIM", "U0LEE"]


def test_a_lead_closes_a_referral(talk: Talking, code: str) -> None:
    send(talk, verbs.OUTCOME, code, choice("outcome", "unreachable"))

    referral = talk.advice.referrals.get(code)
    assert referral
    assert referral.state == "unreachable"
    assert deeds(talk, code) == [(f"lead:{TEAM}:{LEAD}", "referral_outcome")]


@pytest.mark.parametrize("verb", [verbs.TAKE, verbs.PASS_ON, verbs.OUTCOME, verbs.DECLINE, verbs.CONTACTED])
def test_a_lead_moves_nothing_of_another_teams(talk: Talking, code: str, verb: str) -> None:
    theirs = asks(talk, talk.other.id)
    before = talk.advice.referrals.get(theirs)

    send(talk, verb, theirs, {**choice("to", f"team:{talk.team.id}"), **choice("outcome", "helped")})

    assert talk.advice.referrals.get(theirs) == before
    assert [each.slack_user for each in talk.advice.brokers.all()] == ["U0KIM", "U0LEE"]


def test_a_lead_who_is_no_broker_sees_no_clients(talk: Talking, code: str) -> None:
    for words in ("clients", "Example Metalworks Ltd: 14-person fabricator, wants ERP"):
        talk.post(command(words, user=LEAD))

    told = [each["text"] for each in talk.slack.ephemerals if each["user"] == LEAD]
    assert len(told) == 2
    assert all("is for the hub's advisers" in each for each in told)
    assert talk.advice.clients.list(talk.team.id) == []


def test_a_lead_lists_the_referrals_that_are_theirs(talk: Talking, code: str) -> None:
    theirs = asks(talk, talk.other.id)

    talk.post(command("referrals", user=LEAD))

    listed = talk.slack.ephemerals[-1]["text"]
    assert code in listed
    assert theirs not in listed


def test_the_leads_note_has_no_button_that_gives_it_back_to_the_lead(talk: Talking, code: str) -> None:
    referral = talk.advice.referrals.get(code)
    assert referral

    shown = str(escalation(referral, timedelta(days=5).days).blocks)

    assert f"'action_id': '{verbs.DECLINE}" not in shown
    assert f"'action_id': '{verbs.TAKE}" in shown
    assert f"'action_id': '{verbs.PASS_ON}" in shown
