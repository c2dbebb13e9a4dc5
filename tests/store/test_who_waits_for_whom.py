"""On PostgreSQL those who hold the same rows hold them in one order, so that nobody waits in a circle."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from time import sleep

import pytest
from sqlalchemy import text

from knowledge_base.store import clients as clients_module
from knowledge_base.store import referral_trail
from knowledge_base.store.clients import Clients
from knowledge_base.store.referrals import Referrals
from knowledge_base.store.teams import Brokers, Teams
from tests.store.broker_records import ask, house_in, later
from tests.store.conftest import NOW

pytestmark = pytest.mark.parametrize("address", ["postgresql"], indirect=True)
WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@pytest.fixture
def house(database):
    return house_in(database)


def wait_until_it_waits(database, done: Future) -> None:
    """Return once somebody waits for a row that another holds."""
    for _ in range(1000):
        with database.session() as transaction:
            if transaction.scalar(WAITING):
                return
        assert not done.done(), done.result()
        sleep(0.02)
    raise AssertionError("nobody waits for anybody")


@pytest.mark.parametrize("change", [{"active": False}, {"active": False, "name": "Another example name"}])
@pytest.mark.parametrize("kind", ["broker", "team"])
def test_who_is_shut_out_while_a_client_is_made_for_them_is_shut_out(
    database, house, monkeypatch, kind, change
):
    code = ask(database, team=house.money.id)
    Referrals(database).take(code, house.ann.id, NOW)
    holds, may_go_on = Event(), Event()
    known = referral_trail.client_deleted

    def slowly(done):
        holds.set()
        assert may_go_on.wait(30)
        return known(done)

    monkeypatch.setattr(clients_module.trail, "client_deleted", slowly)
    kept, whom = (Brokers, house.ann) if kind == "broker" else (Teams, house.money)

    with ThreadPoolExecutor(2) as pool:
        made = pool.submit(
            Clients(database).add, house.money.id, house.ann.id, "Referral", "s9", NOW, referral=code
        )
        assert holds.wait(30)
        out = pool.submit(lambda: kept(database).change(whom.id, now=later(hours=1), **change))
        try:
            wait_until_it_waits(database, out)
        finally:
            may_go_on.set()
        client = made.result(30)
        assert not out.result(30).active

    assert client.referral == code
    assert not kept(database).get(whom.id).active
    now = Referrals(database).get(code)
    assert (now.state, now.broker, now.team) == ("new", None, house.money.id if kind == "broker" else None)
