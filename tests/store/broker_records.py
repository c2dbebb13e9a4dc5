"""Teams, brokers and referrals of the tests: plainly examples."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from knowledge_base.brokers.records import Broker, Team
from knowledge_base.store.database import Database
from knowledge_base.store.referrals import Referrals
from knowledge_base.store.teams import Brokers, Teams
from tests.store.conftest import NOW


@dataclass(frozen=True)
class House:
    """Two teams, the first with two brokers."""

    money: Team
    makers: Team
    ann: Broker
    bea: Broker
    carl: Broker


def house_in(database: Database) -> House:
    teams, brokers = Teams(database), Brokers(database)
    money = teams.add(name="Example money team", slack_team="T1", channel="C1", remind_days=(1, 3), now=NOW)
    makers = teams.add(name="Example makers team", slack_team="T1", channel="C2", position=1, now=NOW)
    ann = brokers.add(team=money.id, name="Ann Example", slack_team="T1", slack_user="U1", now=NOW)
    bea = brokers.add(team=money.id, name="Bea Example", slack_team="T1", slack_user="U2", now=NOW)
    carl = brokers.add(team=makers.id, name="Carl Example", slack_team="T1", slack_user="U3", now=NOW)
    return House(money, makers, ann, bea, carl)


def ask(database: Database, session: str | None = "owner", **fields) -> str:
    told = {"name": "Example Metalworks Ltd", "contact": "owner@example.org", "consent_at": NOW}
    return Referrals(database).record(session, **{**told, **fields})


def later(**passed: float):
    return NOW + timedelta(**passed)
