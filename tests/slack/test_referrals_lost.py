"""What Slack refuses, or a team's channel changes under: nobody is told in the wrong place, or not at all."""

from __future__ import annotations

from bot.slack.door import ACTION, SUBMISSION, Asked
from knowledge_base.brokers.handing_on import card_key
from knowledge_base.brokers.records import Place
from knowledge_base.store.broker_tables import SlackWorkRow
from tests.slack import signing
from tests.slack.databases import on_both
from tests.slack.referral_house import choice
from tests.slack.referral_steps import in_contact, two_teams
from tests.slack.workspace import TEAM


def unsent(house):
    return [line.text for line in house.advice.relay.unsent("owner", 10)]


def test_when_a_team_moves_its_channel_a_thread_stays_where_its_card_is(house):
    team, code, card = in_contact(house)
    house.slack.channel("C0NEW")
    house.advice.teams.change(team.id, channel="C0NEW", now=house.now())

    house.advice.relay.say(code, "owner", "", "Are you there?", "m1", house.now())
    house.quiet()
    house.form("outcome", code, "U0KIM", choice("outcome", "helped"), ts=card.ts)
    house.becomes(code, "helped")
    house.quiet()

    assert any("Are you there?" in m.text for m in house.slack.said("C0TEAM", card.ts))
    assert house.slack.said("C0NEW") == []
    assert "Closed: helped" in house.card(code).text


@on_both
def test_a_line_that_slack_refuses_in_the_thread_goes_to_its_broker(house):
    _, code, _ = in_contact(house)
    house.slack.trouble("chat.postMessage", error="is_archived")

    house.advice.relay.say(code, "owner", "", "Are you there?", "m1", house.now())
    house.slack.wait_for(lambda: not unsent(house))

    [said] = [m for m in house.slack.said() if "Are you there?" in m.text]
    assert said.channel == "D0KIM"


@on_both
def test_a_line_is_handed_over_only_when_it_is_in_slack(house):
    _, code, _ = in_contact(house)
    house.slack.trouble("chat.postMessage", error="is_archived", times=2)

    house.advice.relay.say(code, "owner", "", "Are you there?", "m1", house.now())
    states = house.door.outbox.state_of
    key = f"{card_key(code, house.advice.referrals.get(code).team)}:line-"
    line = house.advice.relay.unsent("owner", 1)[0]
    house.slack.wait_for(lambda: states(f"{key}{line.id}") == "given_up")
    house.quiet()

    assert not any("Are you there?" in m.text for m in house.slack.said())
    assert unsent(house) == ["Are you there?"]


def test_what_changes_while_a_card_is_written_is_on_the_card(house):
    house.broker(house.team(), "U0KIM", "Kim Example")
    code = house.asks()
    house.card(code)
    house.stop_looking()
    cards = house.looking.cards
    show = cards._show

    def overtaken(referral):
        show(referral)
        house.advice.referrals.close(code, "helped", "lead", house.now(), as_lead=True)

    cards._show = overtaken
    cards.bring_up_to_date(code)

    assert house.slack.wait_for(lambda: "Closed: helped" in house.card(code).text)


def test_with_the_lead_it_is_said_again_until_somebody_has_it(house):
    house.slack.person("U0LEAD", "Lou Example")
    house.team(lead_slack="U0LEAD", areas=["cardiff"])
    code = house.asks()

    def notes():
        return [m for m in house.slack.said("D0LEAD") if code in m.text]

    counts = []
    for days in (0, 3, 1, 2):
        house.later(days=days)
        house.quiet()
        counts.append(len(notes()))

    assert counts == [1, 2, 2, 3]


@on_both
def test_passed_on_the_first_team_neither_keeps_the_client_nor_hears_of_it(house):
    near, far = two_teams(house, "cardiff")
    code = house.asks()
    house.press("take", code, "U0KIM", ts=house.card(code).ts)
    house.becomes(code, "taken")
    house.slack.wait_for(lambda: house.advice.clients.of_referral(code))
    client = house.advice.clients.of_referral(code)
    house.advice.clients.note(client.id, near.id, "only for us", house.now())
    house.advice.clients.bind(Place(TEAM, "C0TEAM", "9.9"), client=client.id)

    house.form("pass_on", code, "U0KIM", choice("to", f"team:{far.id}"), ts=house.card(code).ts)
    other = house.card(code, "C0FAR")
    between = house.advice.clients.get(client.id, near.id)
    house.press("take", code, "U0FAR", ts=other.ts, channel="C0FAR")
    house.becomes(code, "taken")

    kept = house.slack.wait_for(lambda: house.advice.clients.get(client.id, far.id))
    assert (between, kept.note, house.advice.clients.threads_of(client.id)) == (None, "", [])


@on_both
def test_what_is_asked_in_a_tied_thread_and_not_done_yet_is_forgotten_with_its_client(house):
    _, code, card = in_contact(house)
    house.gateway.post(signing.message("// Ada is away", user="U0KIM", channel="C0TEAM", thread=card.ts))
    house.press("take", code, "U0KIM", ts="7.7", channel="C0OTHER")
    house.quiet()

    with house.database.session() as transaction:
        about = {row.lane.split(":")[-1]: row.about for row in transaction.query(SlackWorkRow)}
    assert (about[card.ts], about["7.7"]) == (code, code)


def test_a_button_or_a_form_says_whom_it_is_about_by_an_id_alone():
    def about(kind, value):
        return Asked(key="k", kind=kind, team="T", user="U", value=value).about

    assert about(ACTION, "rename:0123456789") == about(ACTION, "0123456789") == "0123456789"
    assert about(SUBMISSION, '{"client": "0123456789", "channel": "C"}') == "0123456789"
    assert about(SUBMISSION, '{"code": "K3Q7ABCD"}') == "K3Q7ABCD"
    for hostile in ("", "[]", "{", "null", '{"client": 7}', "Ada Example", "grants for Ada"):
        assert (about(ACTION, hostile), about(SUBMISSION, hostile)) == ("", "")
