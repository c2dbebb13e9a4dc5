"""One house for all journeys of a run; those that break things start their own."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.journeys.house import MODEL, House, Owner, house


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep what shares a start-up together where tests run side by side: a file, and one house for all.

    The journeys take longest, so they go first.
    """
    if config.getoption("numprocesses", None):
        items.sort(key=lambda item: "/journeys/" not in item.nodeid)
    for item in items:
        shares = "the_house" in getattr(item, "fixturenames", ())
        item.add_marker(pytest.mark.xdist_group("house" if shares else item.nodeid.partition("::")[0]))


@pytest.fixture(scope="session")
def the_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    if not MODEL.exists():
        if os.environ.get("FINGERPOST_FULL_TESTS"):
            pytest.fail("no trained bot in models/; `make train` makes it")
        pytest.skip("no trained bot in models/; `make train` makes it")
    with house(tmp_path_factory.mktemp("house")) as running:
        running.wait_until_awake()
        yield running


@pytest.fixture
def owner(the_house: House) -> Owner:
    return the_house.owner()
