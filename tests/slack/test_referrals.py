"""A business asks for a person: what its team sees in Slack, and what becomes of it there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from knowledge_base.store.database import Database
from tests.slack.block_kit_schema import message_faults
from tests.slack.referral_house import ReferralHouse, choice
from tests.slack.stand_in import StandIn


@pytest.fixture
def house(slack: StandIn, slack_database: Database) -> Iterator[ReferralHouse]:
    with ReferralHouse(slack, slack_database) as running:
        yield running


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
