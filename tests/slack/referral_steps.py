"""How far a referral has come before a test begins: two teams, one that took it, and a broker who wrote."""

from __future__ import annotations

from typing import Any

from tests.slack.referral_house import ReferralHouse
from tests.slack.workspace import Message


def two_teams(house: ReferralHouse, areas: str, **more: Any) -> tuple[Any, Any]:
    """A near team with Kim in it, and one farther off with Fay, in a channel of its own."""
    near = house.team(**more)
    house.slack.channel("C0FAR")
    far = house.team("Example far team", "C0FAR", areas=[areas], **more)
    house.broker(near, "U0KIM", "Kim Example")
    house.broker(far, "U0FAR", "Fay Example")
    return near, far


def taken(house: ReferralHouse) -> tuple[Any, str, Message]:
    """A referral that Kim has; return her team, the code and the card."""
    team = house.team()
    house.broker(team, "U0KIM", "Kim Example")
    code = house.asks()
    card = house.card(code)
    house.press("take", code, "U0KIM", ts=card.ts)
    house.becomes(code, "taken")
    return team, code, card


def in_contact(house: ReferralHouse) -> tuple[Any, str, Message]:
    """The same, its owner's chat with Kim, who has written."""
    team, code, card = taken(house)
    house.writes("Good morning", "U0KIM", card)
    house.becomes(code, "in_contact")
    house.quiet()
    return team, code, card
