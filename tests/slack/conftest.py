from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.slack import app
from knowledge_base.store.database import Database, open_database
from tests.slack.databases import drop_database, make_database, name_of
from tests.slack.gateway import Gateway
from tests.slack.held import held  # noqa: F401  (a fixture)
from tests.slack.referral_house import ReferralHouse
from tests.slack.stand_in import StandIn
from tests.slack.talking import Talking, filled_database, talking
from tests.store.conftest import postgresql  # noqa: F401  (a fixture)


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


@pytest.fixture(scope="session")
def migrated(postgresql: str) -> str:  # noqa: F811
    """The name of a PostgreSQL database with its tables, to be copied, as making them takes longer."""
    address = make_database(postgresql)
    opened = open_database(address)
    opened.migrate()
    opened.close()
    return name_of(address)


@pytest.fixture
def slack_address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database of the test's own; see `on_both`."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield f"sqlite:///{tmp_path / 'fingerpost.db'}"
        return
    server = request.getfixturevalue("postgresql")
    address = make_database(server, request.getfixturevalue("migrated"))
    yield address
    drop_database(server, address)


@pytest.fixture
def slack_database(slack_address: str) -> Iterator[Database]:
    opened = open_database(slack_address)
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
