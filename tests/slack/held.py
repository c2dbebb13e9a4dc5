"""A referral that a broker has, and what both sides then write and read."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from bot.web.people import People
from tests.slack import signing
from tests.slack.referral_house import ReferralHouse
from tests.slack.workspace import Message


@pytest.fixture
def held(house: ReferralHouse) -> SimpleNamespace:
    """A referral that Kim has and nobody has answered yet; Ben is a colleague."""
    team = house.team()
    kim, ben = house.broker(team, "U0KIM", "Kim Example"), house.broker(team, "U0BEN", "Ben Example")
    code = house.asks()
    card = house.card(code)
    house.press("take", code, "U0KIM", ts=card.ts)
    house.becomes(code, "taken")
    house.quiet()
    return SimpleNamespace(team=team, kim=kim, ben=ben, code=code, card=card)


def written(house: ReferralHouse, held: Any, text: str, user: str = "U0KIM", **how: Any) -> None:
    house.writes(text, user, held.card, **how)
    house.quiet()


def read(house: ReferralHouse) -> list[str]:
    """What the owner's page shows of people."""
    news = People(house.advice).news("owner-session", 0, house.now())
    return [line["text"] for line in news["lines"] if line["who"] != "Fingerpost"]


def opened(house: ReferralHouse, held: Any, verb: str, user: str = "U0KIM") -> dict[str, Any]:
    """Press the button of a form, and return the form."""
    before = len(house.slack.views)
    assert house.press(verb, held.code, user, ts=held.card.ts).status_code == 200
    return house.slack.wait_for(lambda: house.slack.views[before:])[0]


def sent(
    house: ReferralHouse, view: dict[str, Any], values: dict[str, Any], user: str = "U0KIM"
) -> dict[str, Any]:
    """Send a form off, and return what its errors are."""
    told = {"view_id": view["id"], "hash": view["hash"], "metadata": view["private_metadata"]}
    answer = house.gateway.post(signing.submission(view["callback_id"], values, user=user, **told))
    assert answer.status_code == 200
    house.quiet()
    return answer.json().get("errors", {}) if answer.text else {}


def direct(house: ReferralHouse, holds: str) -> list[Message]:
    """The direct messages that hold some words."""
    return [m for m in house.slack.said() if m.channel.startswith("D") and holds in m.text]
