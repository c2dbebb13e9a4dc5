"""A business asks for a person: what its team sees in Slack, and what becomes of it there."""

from __future__ import annotations

import pytest

from knowledge_base.store.audit import Audit
from tests.slack import signing
from tests.slack.block_kit_schema import message_faults
from tests.slack.databases import on_both
from tests.slack.referral_house import choice, text
from tests.slack.workspace import BOT_USER


@on_both
def test_a_business_is_taken_answered_and_helped_in_one_thread(house):
    team = house.team()
    kim = house.broker(team, "U0KIM", "Kim Example")
    code = house.asks()

    card = house.card(code)
    assert message_faults(card.text, card.blocks) == []
    assert "Ada" not in str(card.blocks) + card.text

    house.press("take", code, "U0KIM", ts=card.ts)
    house.becomes(code, "taken")
    house.quiet()
    assert house.advice.referrals.get(code).broker == kim.id
    assert "Kim Example" in house.card(code).text

    house.writes("Good morning, I am Kim. <https://example.org|Look here> &amp; call me.", "U0KIM", card)
    house.becomes(code, "in_contact")
    lines = [each.text for each in house.advice.relay.since(code, 0, 10)]
    assert lines[-1].startswith("Good morning, I am Kim.")
    assert "Look here" in lines[-1]
    assert "&amp;" not in lines[-1]

    house.advice.relay.say(code, "owner", "", "Thank you, <!channel> today?", "m1", house.now())
    house.slack.wait_for(lambda: any("Thank you" in m.text for m in house.slack.said("C0TEAM", card.ts)))
    said = next(m for m in house.slack.said("C0TEAM", card.ts) if "Thank you" in m.text)
    assert "<!channel>" not in said.text + str(said.blocks)

    house.form("outcome", code, "U0KIM", choice("outcome", "helped"), ts=card.ts)
    house.becomes(code, "helped")
    house.quiet()
    closed = house.card(code)
    assert "Closed: helped" in closed.text
    assert "action_id" not in str(closed.blocks)


def test_name_and_contact_go_to_the_taker_alone(house):
    team = house.team()
    house.broker(team, "U0KIM", "Kim Example")
    code = house.asks()
    card = house.card(code)

    house.press("take", code, "U0KIM", ts=card.ts)
    house.becomes(code, "taken")
    house.quiet()

    told = [m for m in house.slack.said() if "ada@example.org" in m.text + str(m.blocks)]
    assert [m.channel[:1] for m in told] == ["D"]
    assert all("Ada" not in m.text + str(m.blocks) for m in house.slack.said("C0TEAM"))


@on_both
def test_of_two_who_take_it_at_once_one_has_it_and_the_other_is_told_who(house):
    team = house.team()
    house.broker(team, "U0KIM", "Kim Example")
    house.broker(team, "U0LEE", "Lee Example")
    code = house.asks()
    card = house.card(code)

    house.press("take", code, "U0KIM", ts=card.ts)
    house.press("take", code, "U0LEE", ts=card.ts)
    house.becomes(code, "taken")
    house.slack.wait_for(lambda: house.told_alone("U0KIM") + house.told_alone("U0LEE"))

    has = house.advice.brokers.get(house.advice.referrals.get(code).broker).name
    other = "U0LEE" if has == "Kim Example" else "U0KIM"
    assert house.told_alone(other) == [f"{has} has taken it."]


def test_who_is_no_broker_changes_nothing(house):
    house.team()
    house.slack.person("U0EVE", "Eve Example")
    code = house.asks()
    card = house.card(code)

    for verb in ("take", "decline", "pass_on", "outcome", "contacted", "answer", "hand_back"):
        assert house.press(verb, code, "U0EVE", ts=card.ts).status_code == 200
    house.quiet()

    assert house.state(code) == "new"
    assert house.slack.views == []


def test_a_broker_of_another_team_cannot_take_what_is_not_theirs(house):
    house.team()
    house.slack.channel("C0FAR")
    far = house.team("Example far team", "C0FAR", areas=["cardiff"])
    house.broker(far, "U0FAR", "Fay Example")
    code = house.asks()

    house.press("take", code, "U0FAR", ts=house.card(code).ts)
    house.slack.wait_for(lambda: house.told_alone("U0FAR"))

    assert house.told_alone("U0FAR") == ["It is with Example near team, and nobody has taken it yet."]
    assert house.state(code) == "new"


@on_both
def test_the_same_press_told_twice_and_a_second_press_change_nothing_more(house):
    house.broker(house.team(), "U0KIM", "Kim Example")
    code = house.asks()
    card = house.card(code)

    for trigger in ("1.1", "1.1", "1.2"):
        house.press("take", code, "U0KIM", ts=card.ts, trigger=trigger)
    house.becomes(code, "taken")
    house.quiet()

    assert [e.what for e in house.advice.referrals.trail(code)].count("taken") == 1
    slips = [m for m in house.slack.said() if m.channel.startswith("D")]
    assert len(slips) == 1
    assert [m for m in house.slack.said("C0TEAM") if not m.thread_ts] == [house.card(code)]
    assert house.told_alone("U0KIM") == []


def test_what_colleagues_say_among_themselves_does_not_reach_the_owner(house):
    team = house.team()
    house.broker(team, "U0KIM", "Kim Example")
    house.broker(team, "U0LEE", "Lee Example")
    code = house.asks()
    card = house.card(code)

    house.writes("Before anybody took it", "U0LEE", card)
    house.press("take", code, "U0KIM", ts=card.ts)
    house.becomes(code, "taken")
    house.writes("// do we know them?", "U0KIM", card)
    house.writes("They never pay", "U0LEE", card)
    house.slack.wait_for(lambda: len(house.told_alone("U0LEE")) == 2)
    house.quiet()

    assert [x.text for x in house.advice.relay.since(code, 0, 10) if x.side == "broker"] == []
    assert "take the referral first" in house.told_alone("U0LEE")[0]
    assert "only what Kim Example writes here" in house.told_alone("U0LEE")[1]
    assert house.told_alone("U0KIM") == []
    assert "//" in str(house.card(code).blocks)


@on_both
def test_a_message_that_slack_sends_twice_reaches_the_owner_once(house):
    house.broker(house.team(), "U0KIM", "Kim Example")
    code = house.asks()
    card = house.card(code)
    house.press("take", code, "U0KIM", ts=card.ts)
    house.becomes(code, "taken")

    for event in ("Ev1", "Ev1", "Ev2"):
        house.writes("Only once", "U0KIM", card, ts="1795200000.000100", event_id=event)
    house.becomes(code, "in_contact")
    house.quiet()

    assert [x.text for x in house.advice.relay.since(code, 0, 10)].count("Only once") == 1


def test_a_form_answers_the_owner_and_the_thread_shows_it(house):
    house.broker(house.team(), "U0KIM", "Kim Example")
    code = house.asks()
    card = house.card(code)
    house.press("take", code, "U0KIM", ts=card.ts)
    house.becomes(code, "taken")

    empty = house.form("answer", code, "U0KIM", text("answer", "  "), ts=card.ts)
    house.form("answer", code, "U0KIM", text("answer", "Kim here.\nShall we talk?"), ts=card.ts)
    house.becomes(code, "in_contact")
    house.quiet()

    assert empty.json()["response_action"] == "errors"
    lines = [x.text for x in house.advice.relay.since(code, 0, 10) if x.side == "broker"]
    assert lines == ["Kim here.\nShall we talk?"]
    assert any("Kim Example wrote to the owner" in m.text for m in house.slack.said("C0TEAM", card.ts))


def test_a_list_is_about_several_and_holds_nobodys_contact(house):
    team = house.team()
    house.broker(team, "U0KIM", "Kim Example")
    house.broker(team, "U0LEE", "Lee Example")
    code = house.asks()
    house.press("take", code, "U0KIM", ts=house.card(code).ts)
    house.becomes(code, "taken")

    house.gateway.post(signing.command("referrals", user="U0KIM"))
    house.gateway.post(signing.command("referrals", user="U0LEE"))
    house.slack.wait_for(lambda: house.told_alone("U0KIM") and house.told_alone("U0LEE"))

    assert code in house.told_alone("U0KIM")[0]
    assert "in our direct message" in house.told_alone("U0KIM")[0]
    seen = str(house.slack.ephemerals)
    assert ("ada@example.org" in seen, "Ada" in seen) == (False, False)
    assert "Kim Example" in house.told_alone("U0LEE")[0]
    shown = [each for each in house.slack.ephemerals if each["blocks"]]
    assert [message_faults(each["text"], each["blocks"]) for each in shown] == [[]] * len(shown)


def test_a_member_of_the_teams_user_group_who_takes_one_is_listed_with_their_name(house):
    team = house.team(slack_group="S0NEAR")
    house.slack.groups["S0NEAR"] = ["U0NEW"]
    house.slack.person("U0NEW", "Noa Example")
    code = house.asks()

    house.press("take", code, "U0NEW", ts=house.card(code).ts)
    house.becomes(code, "taken")

    [noa] = house.advice.brokers.all(team.id)
    assert (noa.name, noa.slack_user) == ("Noa Example", "U0NEW")


def test_what_was_done_is_noted_with_ids_and_nothing_of_the_business(house):
    kim = house.broker(house.team(), "U0KIM", "Kim Example")
    code = house.asks()
    house.press("take", code, "U0KIM", ts=house.card(code).ts)
    house.becomes(code, "taken")
    house.quiet()

    [deed] = Audit(house.database).list(10, about=code)
    assert (deed.by, deed.what, deed.detail) == (kim.id, "referral_take", {})


@pytest.mark.parametrize("kind", ["message", "mention"])
def test_what_a_broker_asks_us_in_the_thread_does_not_reach_the_owner(house, kind):
    house.broker(house.team(), "U0KIM", "Kim Example")
    code = house.asks()
    card = house.card(code)
    house.press("take", code, "U0KIM", ts=card.ts)
    house.becomes(code, "taken")
    asked = []

    async def converse(what, member, client):
        asked.append((what.text, client.referral))

    house.door.handlers.talk.converse = converse

    words = "is their credit bad?"
    if kind == "message":
        house.writes(f"<@{BOT_USER}> {words}", "U0KIM", card)
    else:
        house.gateway.post(signing.mention(words, thread=card.ts))
    house.slack.wait_for(lambda: asked)

    assert asked == [(words, code)]
    assert [x.text for x in house.advice.relay.since(code, 0, 10) if x.side == "broker"] == []


@pytest.mark.parametrize("code", ["", "NOSUCH", "A" * 2000, "'; drop table referrals --", "-"])
def test_a_code_that_is_none_is_answered_in_a_line_and_nothing_breaks(house, code):
    house.broker(house.team(), "U0KIM", "Kim Example")

    for verb in ("take", "decline"):
        assert house.press(verb, code, "U0KIM").status_code == 200
    house.slack.wait_for(lambda: len(house.told_alone("U0KIM")) == 2)

    assert all("no referral with this code" in each for each in house.told_alone("U0KIM"))
