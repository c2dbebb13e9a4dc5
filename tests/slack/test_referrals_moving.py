"""A referral changes hands, waits too long, is forgotten, meets a crash: nothing of it is lost or doubled."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from bot.slack.referring import Referring
from tests.slack.block_kit_schema import message_faults
from tests.slack.databases import on_both
from tests.slack.referral_house import choice, text
from tests.slack.referral_steps import in_contact, taken, two_teams


@on_both
def test_passed_on_to_another_team_nothing_of_it_stays_with_the_first(house):
    _, far = two_teams(house, "cardiff")
    code = house.asks()
    card = house.card(code)
    house.press("take", code, "U0KIM", ts=card.ts)
    house.becomes(code, "taken")

    told = {**choice("to", f"team:{far.id}"), **text("why", "They moved to Cardiff")}
    house.form("pass_on", code, "U0KIM", told, ts=card.ts)
    other = house.card(code, "C0FAR")
    house.quiet()

    here = house.card(code)
    assert "It is with Example far team now." in here.text
    assert "action_id" not in str(here.blocks)
    assert "ada@example.org" not in "".join(m.text + str(m.blocks) for m in house.slack.said())
    said = house.slack.said("C0FAR", other.ts)
    assert any("They moved to Cardiff" in m.text for m in said)

    house.press("take", code, "U0FAR", ts=other.ts, channel="C0FAR")
    house.becomes(code, "taken")
    house.quiet()
    client = house.advice.clients.of_referral(code)
    assert client.team == far.id


def test_declined_by_every_team_it_is_with_the_lead_who_is_told(house):
    two_teams(house, "west-midlands", lead_slack="U0LEAD")
    house.slack.person("U0LEAD", "Lou Example")
    code = house.asks()

    house.form("decline", code, "U0KIM", text("why", "We are full"), ts=house.card(code).ts)
    other = house.card(code, "C0FAR")
    assert "We are full" in other.text
    house.form("decline", code, "U0FAR", text("why", "So are we"), ts=other.ts, channel="C0FAR")
    lead = house.slack.wait_for(lambda: [m for m in house.slack.said() if m.channel.startswith("D")])[0]
    house.quiet()

    assert code in lead.text
    assert message_faults(lead.text, lead.blocks) == []
    found = house.advice.referrals.get(code)
    assert (found.team, found.broker, found.state) == (None, None, "new")
    assert [each.code for each in house.advice.referrals.unplaced(5)] == [code]


@on_both
def test_nobody_answers_so_the_team_is_reminded_on_its_days_and_then_the_lead_has_it(house):
    house.team(remind_days=(1, 3), lead_after_days=5, slack_group="S0NEAR", lead_slack="U0LEAD")
    house.slack.person("U0LEAD", "Lou Example")
    code = house.asks()
    card = house.card(code)
    house.quiet()

    counts = []
    for _ in range(4):
        house.later(days=1, minutes=1)
        house.quiet()
        counts.append(len([m for m in house.slack.said("C0TEAM", card.ts) if "has waited" in m.text]))
    house.later(days=1, minutes=1)
    house.quiet()

    assert counts == [1, 1, 2, 2]
    assert all("<!subteam^S0NEAR>" in m.text for m in house.slack.said("C0TEAM", card.ts))
    assert "It is with the hub's lead now" in house.card(code).text
    [lead] = [m for m in house.slack.said() if m.channel.startswith("D")]
    assert code in lead.text


@on_both
def test_the_chat_is_handed_back_and_taken_up_again_by_the_next_line(house):
    _, code, card = taken(house)
    house.writes("Hello", "U0KIM", card)
    house.slack.wait_for(lambda: house.advice.relay.talking("owner-session"))

    house.press("hand_back", code, "U0KIM", ts=card.ts)
    house.slack.wait_for(lambda: not house.advice.relay.talking("owner-session"))
    kept = house.advice.referrals.get(code)
    house.writes("One thing more", "U0KIM", card, ts="1795300000.000100")
    house.slack.wait_for(lambda: house.advice.relay.talking("owner-session"))

    assert (kept.state, bool(kept.broker)) == ("in_contact", True)


@on_both
def test_when_the_owner_has_everything_deleted_nothing_of_it_stays_in_slack(house):
    _, code, card = in_contact(house)
    house.advice.relay.say(code, "owner", "", "My secret plan", "m1", house.now())
    house.quiet()
    assert "My secret plan" in str([m.text for m in house.slack.said()])

    house.advice.forget("owner-session")
    house.slack.wait_for(lambda: not [m for m in house.slack.said() if code in m.text + str(m.blocks)])
    house.quiet()

    assert house.slack.said() == []
    house.press("outcome", code, "U0KIM", ts=card.ts)
    house.slack.wait_for(lambda: house.told_alone("U0KIM"))
    assert "There is no referral with this code any more" in house.told_alone("U0KIM")[-1]


def test_while_slack_is_down_nothing_is_lost(house):
    house.slack.trouble("chat.postMessage", times=3, status=503)
    house.broker(house.team(), "U0KIM", "Kim Example")
    code = house.asks()

    card = house.slack.wait_for(
        lambda: next((m for m in house.slack.said("C0TEAM") if code in m.text), None), seconds=60
    )
    house.press("take", code, "U0KIM", ts=card.ts)
    house.becomes(code, "taken")

    assert len([m for m in house.slack.said("C0TEAM") if code in m.text and not m.thread_ts]) == 1


def test_a_line_of_the_owner_reaches_the_broker_even_where_the_team_lost_its_channel(house):
    team, code, _ = in_contact(house)

    house.advice.teams.change(team.id, channel="", now=house.now())
    house.advice.relay.say(code, "owner", "", "Are you there?", "m1", house.now())
    said = house.slack.wait_for(lambda: [m for m in house.slack.said() if "Are you there?" in m.text])

    assert [m.channel[:1] for m in said] == ["D"]


@on_both
def test_what_was_done_before_a_crash_and_is_done_again_changes_and_says_nothing_more(house):
    _, far = two_teams(house, "west-midlands")
    code, other = house.asks("one"), house.asks("two")
    card, second = house.card(code).ts, house.card(other).ts
    answer, why = text("answer", "Hello"), text("why", "We are full")

    def everything():
        kept = house.advice
        return (
            [kept.referrals.get(each) for each in (code, other)],
            [kept.referrals.trail(each) for each in (code, other)],
            [[line.text for line in kept.relay.since(each, 0, 50)] for each in (code, other)],
            [(m.channel, m.text) for m in house.slack.said()],
            len(house.slack.ephemerals),
        )

    steps = (
        lambda: house.press("take", code, "U0KIM", ts=card),
        lambda: house.form("answer", code, "U0KIM", answer, ts=card),
        lambda: house.press("hand_back", code, "U0KIM", ts=card),
        lambda: house.form("pass_on", code, "U0KIM", choice("to", f"team:{far.id}"), ts=card),
        lambda: house.form("decline", other, "U0KIM", why, ts=second),
        lambda: house.press("take", other, "U0FAR", ts=second, channel="C0FAR"),
        lambda: house.form("outcome", other, "U0FAR", choice("outcome", "helped"), channel="C0FAR"),
    )
    for number, step in enumerate(steps):
        house.door.handlers.handled.clear()
        step()
        house.slack.wait_for(lambda: house.door.handlers.handled)
        house.quiet()
        before = everything()
        house.done_again()
        assert (number, everything()) == (number, before)
    assert [house.state(code), house.state(other)] == ["new", "helped"]


@on_both
def test_two_gateways_that_look_at_once_show_one_card(house):
    house.team()
    others = [Referring(house.door, house.advice) for _ in range(3)]
    code = house.asks()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda other: other.look(), others * 3))
    house.quiet()

    assert len([m for m in house.slack.said() if code in m.text]) == 1
    assert house.card(code).edited == 0
