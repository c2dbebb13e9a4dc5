"""Teams, people and requests for the tests of the brokers' pages. Every name is an example."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.console.desk import Desk
from knowledge_base.brokers.records import Broker, Referral, Team
from tests.store.conftest import NOW

SCRIPT = "<script>alert(1)</script>"
CONTACT = "07700 900123"
BAKERY = "Example Bakery"


def makers(desk: Desk, **more: Any) -> Team:
    told = {"name": "Makers", "areas": ["black-country"], "needs": ["product_development"]} | more
    return desk.advice.teams.add(now=NOW, **told)


def kim(desk: Desk, team: Team, **more: Any) -> Broker:
    return desk.advice.brokers.add(now=NOW, **{"team": team.id, "name": "Kim Example"} | more)


def asked(desk: Desk, at: datetime = NOW, **more: Any) -> Referral:
    told = {
        "name": BAKERY,
        "contact": CONTACT,
        "words": "Please ring after three",
        "needs": ["product_development"],
        "areas": ["dudley"],
        "recap": ["You employ 14 people"],
    } | more
    code = desk.advice.referrals.record("example-session", consent_at=at, **told)
    found = desk.advice.referrals.get(code)
    assert found is not None
    return found


def again(desk: Desk, referral: Referral) -> Referral:
    found = desk.advice.referrals.get(referral.code)
    assert found is not None
    return found


def days(count: float) -> timedelta:
    return timedelta(days=count)
