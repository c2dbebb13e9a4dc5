"""A console on a small catalogue, and somebody of each role signed in to it.

``curator.get("/console/offers")`` looks at a page; ``curator.submit("/console/offers", name="…")`` posts a
form with the token its pages carry, and does not follow the redirect. ``clock.now`` is the time of each page.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bot.console.app import create_console
from bot.console.desk import Desk
from bot.console.gate import COOKIE
from bot.web.app import create_app
from bot.web.settings import Settings
from knowledge_base.advice import Advice
from knowledge_base.hubs import read_hub
from knowledge_base.staff import ROLES, Member
from knowledge_base.store.database import Database, open_database
from knowledge_base.store.record_rows import write_area
from knowledge_base.store.staff import Staff
from tests.core.builders import AREAS
from tests.store.conftest import NOW
from tests.store.example_records import example_advice
from tests.web.example import small_factory
from tests.web.fakes import House

ADDRESS = "http://testserver"
PASSWORD = "three owls on a fence"


@dataclass
class Clock:
    """What time it is, as long as a test says nothing else."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


class AtTheConsole(TestClient):
    """A browser at the console; ``member`` is who is signed in, None for nobody."""

    member: Member | None = None
    csrf: str = ""

    def sign_in_as(self, desk: Desk, email: str) -> None:
        """Begin a session without a password: checking one takes its time on purpose."""
        person = desk.staff.by_email(email)
        assert person is not None
        token, self.member = desk.staff.begin(person.id, desk.clock())
        self.cookies.set(COOKIE, token, path="/console")
        session = desk.staff.session(token, desk.clock())
        assert session is not None
        self.csrf = session[1]

    def submit(
        self,
        path: str,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
        headers: Mapping[str, str] | None = None,
        **fields: Any,
    ) -> Any:
        """Post a form with this session's token, and do not follow where it leads.

        A field whose name no keyword can be goes into ``data``, a list as its value is sent several times.
        """
        sent = {"csrf": self.csrf, **(data or {}), **fields}
        return self.post(path, data=sent, files=files, headers=headers, follow_redirects=False)


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with areas, a provider, three offers and somebody of each role; copied, never used."""
    path = tmp_path_factory.mktemp("furnished") / "fingerpost.sqlite"
    database = open_database(f"sqlite:///{path}")
    database.migrate()
    with database.writing() as transaction:
        for area in AREAS:
            write_area(transaction, area)
    example_advice(database)
    staff = Staff(database)
    for role in ROLES:
        staff.add(f"{role}@hub.example.org", f"Example {role}", role, None, NOW)
    database.close()
    return path


@pytest.fixture
def database(furnished: Path, tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "fingerpost.sqlite"
    for each in furnished.parent.glob("fingerpost.sqlite*"):
        shutil.copy(each, tmp_path / each.name)
    opened = open_database(f"sqlite:///{path}")
    yield opened
    opened.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(database: Database, clock: Clock) -> Desk:
    advice = Advice(database, read_hub("default"), ADDRESS)
    return Desk(advice, Staff(database), {}, ADDRESS, clock)


@pytest.fixture
def gateway(desk: Desk) -> Any:
    """The gateway with the console in it, as it is served."""
    house = House.with_roadmap(small_factory())
    return create_app(Settings(public_url=ADDRESS), house.services, {"/console": create_console(desk)})


@pytest.fixture
def nobody(gateway: Any) -> AtTheConsole:
    return AtTheConsole(gateway, base_url=ADDRESS)


def _of(role: str) -> Any:
    @pytest.fixture(name=role)
    def signed_in(gateway: Any, desk: Desk) -> AtTheConsole:
        client = AtTheConsole(gateway, base_url=ADDRESS)
        client.sign_in_as(desk, f"{role}@hub.example.org")
        return client

    return signed_in


viewer, editor, curator, administrator = (_of(role) for role in ROLES)
