from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from bot.web.app import create_app
from bot.web.settings import Rate, Settings
from tests.web.example import small_factory
from tests.web.fakes import House

ROOMY = Settings(
    session_rate=Rate(1000, 60_000), address_rate=Rate(1000, 60_000), public_url="http://testserver"
)


@pytest.fixture
def house() -> House:
    return House.with_roadmap(small_factory())


@pytest.fixture
def client(house: House) -> Iterator[TestClient]:
    with TestClient(create_app(ROOMY, house.services)) as client:
        yield client
