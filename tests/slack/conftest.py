from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.slack import app
from knowledge_base.store.database import Database, open_database
from tests.slack.gateway import Gateway
from tests.slack.referral_house import ReferralHouse
from tests.slack.stand_in import StandIn
from tests.slack.talking import Talking, filled_database, talking


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that shares its machine with others is no Slack: it waits longer than three seconds."""
    monkeypatch.setattr(app, "QUICK_SECONDS", 20.0)
    monkeypatch.setattr(app, "ANSWER_SECONDS", 30.0)


@pytest.fixture
def slack() -> Iterator[StandIn]:
    """Slack, with a channel, an archived one, one we are not in, and two people."""
    with StandIn() as running:
        running.channel("C0TEAM", "brokers")
        running.channel("C0OTHER", "elsewhere", joined=False)
        running.channel("C0OLD", "old", archived=True)
        running.person("U0KIM", "Kim Example")
        running.person("U0LEE", "Lee Example")
        yield running


@pytest.fixture
def slack_database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path / 'fingerpost.db'}")
    opened.migrate()
    yield opened
    opened.close()


@pytest.fixture
def gateway(slack: StandIn, slack_database: Database) -> Iterator[Gateway]:
    """The door open to that Slack, answering "Heard: …"."""
    with Gateway(slack.environment(), slack_database) as running:
        yield running


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the starter pack in it."""
    return filled_database(tmp_path_factory.mktemp("filled"))


@pytest.fixture
def talk(slack: StandIn, filled: Path, tmp_path: Path) -> Iterator[Talking]:
    """The door open to that Slack, with the engine on the starter pack behind it."""
    with talking(slack, filled, tmp_path) as running:
        yield running


@pytest.fixture
def house(slack: StandIn, slack_database: Database) -> Iterator[ReferralHouse]:
    """The door with teams and people, for what becomes of referrals."""
    with ReferralHouse(slack, slack_database) as running:
        yield running
