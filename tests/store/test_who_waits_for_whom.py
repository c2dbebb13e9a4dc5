"""On PostgreSQL those who hold the same rows hold them in one order, so that nobody waits in a circle."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from time import sleep

import pytest
from sqlalchemy import select, text

from knowledge_base.asked import Asked
from knowledge_base.profile import Profile
from knowledge_base.store import clients as clients_module
from knowledge_base.store import referral_trail
from knowledge_base.store.chats import Chats
from knowledge_base.store.clients import Clients
from knowledge_base.store.referral_rows import held
from knowledge_base.store.referrals import NoSuchReferral, Referrals
from knowledge_base.store.roadmaps import Roadmaps
from knowledge_base.store.tables import ReferralRow, RoadmapRow
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


def test_who_deletes_a_conversation_waits_for_its_referrals_before_holding_anything_else(database):
    chats = Chats(database)
    session = chats.new_session(NOW)
    wish = Asked(("finance",), Profile(), NOW.date())
    Roadmaps(database).save({}, wish, session=session, now=NOW, keep_days=9)
    first, second = sorted(ask(database, session) for _ in range(2))

    with ThreadPoolExecutor(1) as pool:
        with database.writing() as transaction:
            held(transaction, first)
            gone = pool.submit(chats.forget, session)
            wait_until_it_waits(database, gone)
            for others in (select(RoadmapRow), select(ReferralRow).where(ReferralRow.code == second)):
                assert transaction.scalars(others.with_for_update(nowait=True)).one()
        assert gone.result(30)

    assert Referrals(database).list() == []


def test_who_deletes_a_request_by_its_code_holds_the_conversations_referrals_in_the_same_order(database):
    chats = Chats(database)
    session = chats.new_session(NOW)
    first, second = sorted(ask(database, session) for _ in range(2))

    with ThreadPoolExecutor(1) as pool:
        with database.writing() as transaction:
            held(transaction, first)
            gone = pool.submit(chats.forget_request, second, "curator@hub.example.org", NOW)
            wait_until_it_waits(database, gone)
            mine = select(ReferralRow).where(ReferralRow.code == second)
            assert transaction.scalars(mine.with_for_update(nowait=True)).one()
        gone.result(30)

    assert Referrals(database).list() == []


def test_of_two_who_delete_one_request_at_once_the_second_is_told_that_it_is_gone(database):
    chats = Chats(database)
    session = chats.new_session(NOW)
    code = ask(database, session)

    with ThreadPoolExecutor(1) as pool:
        with database.writing() as transaction:
            row = held(transaction, code)
            gone = pool.submit(chats.forget_request, code, "curator@hub.example.org", NOW)
            wait_until_it_waits(database, gone)
            transaction.delete(row)
        with pytest.raises(NoSuchReferral):
            gone.result(30)

    assert chats.holds(session)
