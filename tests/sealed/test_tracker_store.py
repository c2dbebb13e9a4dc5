"""Keeping conversations: in one row each, or with an error that everybody hears."""

from __future__ import annotations

import asyncio
import shutil
import time

import pytest
import sqlalchemy as sa
from rasa.core.tracker_store import FailSafeTrackerStore, TrackerStore
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.rasa.tracker_store import CONVERSATIONS, ConversationStore, LostUpdate, StoreError
from tests.sealed.conversations import DOMAIN, opening, turn


@pytest.fixture(params=["sqlite", "postgres"])
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/kept/conversations.sqlite"
    address = request.getfixturevalue("postgres").url
    engine = sa.create_engine(address.replace("postgresql:", "postgresql+psycopg2:"))
    CONVERSATIONS.drop(engine, checkfirst=True)
    engine.dispose()
    return address


@pytest.fixture
def sqlite(tmp_path):
    return tmp_path / "kept" / "conversations.sqlite"


def store_at(url, **options):
    return ConversationStore(DOMAIN, host=str(url), **options)


def run(awaitable):
    return asyncio.run(awaitable)


def conversation(sender="owner", events=()):
    return DialogueStateTracker.from_events(sender, [*opening(), *turn(1), *events], DOMAIN.slots)


def rows(store):
    with store._engine.begin() as connection:
        return connection.execute(sa.select(CONVERSATIONS)).all()


def test_a_conversation_is_there_for_another_server(url):
    run(store_at(url).save(conversation(events=[SlotSet("place", "Dudley")])))

    back = run(store_at(url).retrieve("owner"))

    assert back.get_slot("place") == "Dudley"
    assert back.latest_message.parse_data["needs"] == [{"need": "finance", "confidence": 0.8}]
    assert list(run(store_at(url).keys())) == ["owner"]


def test_a_conversation_nobody_had_is_none(url):
    assert run(store_at(url).retrieve("stranger")) is None


def test_an_untouched_conversation_leaves_no_row(url):
    store = store_at(url)

    run(FailSafeTrackerStore(store).get_or_create_tracker("visitor", append_action_listen=False))

    assert rows(store) == []


def test_turn_400_reads_and_writes_no_more_than_an_early_turn(url):
    store, sizes, counts = store_at(url), [], []

    async def talk():
        for number in range(400):
            tracker = await store.retrieve("owner") or conversation(events=[SlotSet("place", "Dudley")])
            counts.append(len(tracker.events))
            for event in turn(number):
                tracker.update(event)
            await store.save(tracker)
            if number < 12 or number > 387:
                sizes.append(len(rows(store)[0].events))

    run(talk())

    assert max(counts[12:]) <= max(counts[:12])
    assert max(sizes[12:]) <= max(sizes[:12]) * 1.05
    assert run(store.retrieve("owner")).get_slot("place") == "Dudley"


def test_of_two_servers_answering_at_once_the_later_one_fails(url):
    one, other = store_at(url), store_at(url)
    run(one.save(conversation()))
    here, there = run(one.retrieve("owner")), run(other.retrieve("owner"))
    here.update(SlotSet("place", "Dudley"))
    there.update(SlotSet("place", "Swansea"))
    run(one.save(here))

    with pytest.raises(LostUpdate):
        run(other.save(there))
    assert run(other.retrieve("owner")).get_slot("place") == "Dudley"


def test_of_two_servers_beginning_a_conversation_the_later_one_fails(url):
    run(store_at(url).save(conversation()))

    with pytest.raises(LostUpdate):
        run(store_at(url).save(conversation()))


def test_one_server_may_save_a_conversation_twice(url):
    store, tracker = store_at(url), conversation()
    run(store.save(tracker))
    tracker.update(SlotSet("place", "Dudley"))
    run(store.save(tracker))

    assert run(store.retrieve("owner")).get_slot("place") == "Dudley"


def test_many_servers_lose_nothing_of_different_conversations(url):
    stores = [store_at(url) for _ in range(3)]

    async def all_at_once():
        saves = (stores[n % 3].save(conversation(f"owner {n}")) for n in range(30))
        await asyncio.gather(*saves)

    run(all_at_once())

    assert len(rows(stores[0])) == 30


def test_who_asks_to_be_forgotten_leaves_nothing(url):
    store, tracker = store_at(url), conversation()
    run(store.save(tracker))
    tracker.update(SlotSet("forget_me", True))
    run(store.save(tracker))

    assert rows(store) == []
    assert run(store.retrieve("owner")) is None


def test_who_was_forgotten_is_not_brought_back_by_a_slower_server(url):
    one, other = store_at(url), store_at(url)
    run(one.save(conversation()))
    slower, asking = run(other.retrieve("owner")), run(one.retrieve("owner"))
    asking.update(SlotSet("forget_me", True))
    run(one.save(asking))

    with pytest.raises(LostUpdate):
        run(other.save(slower))
    assert rows(one) == []


def test_conversations_that_nobody_touched_are_removed_in_time(url):
    store = store_at(url, keep_days=30)
    run(store.save(conversation("old")))
    run(store.save(conversation("young")))
    with store._engine.begin() as connection:
        aged = sa.update(CONVERSATIONS).where(CONVERSATIONS.c.sender_id == "old")
        connection.execute(aged.values(updated=time.time() - 31 * 86400))

    run(store_at(url, keep_days=30).save(conversation("new")))

    assert {row.sender_id for row in rows(store)} == {"young", "new"}


@pytest.mark.parametrize("sender", ["", "x" * 256, "a\x00b", None, 7])
def test_an_impossible_conversation_id_is_refused(url, sender):
    store = store_at(url)

    with pytest.raises(StoreError, match="255"):
        run(store.retrieve(sender))
    with pytest.raises(StoreError, match="255"):
        run(store.save(conversation(sender)))


def test_a_nul_character_is_refused_but_the_words_for_one_are_not(url):
    store = store_at(url)

    with pytest.raises(StoreError, match="NUL"):
        run(store.save(conversation(events=turn(2, "a\x00b"))))
    run(store.save(conversation(events=turn(2, r"C:\u0000 is what it said"))))
    assert run(store.retrieve("owner")).latest_message.text == r"C:\u0000 is what it said"


def test_awkward_text_comes_back_as_it_went(url):
    store, text = store_at(url), '\'; drop table rasa_conversation; -- 😀 zażółć \\u0041 {"a": 1}'
    run(store.save(conversation(events=turn(2, text))))

    assert run(store.retrieve("owner")).latest_message.text == text


def as_rasa_wraps_it(store):
    return FailSafeTrackerStore(store)


def test_a_database_that_is_gone_is_an_error_and_not_a_memory(sqlite):
    store = as_rasa_wraps_it(store_at(f"sqlite:///{sqlite}"))
    tracker = conversation()
    run(store.save(tracker))
    shutil.rmtree(sqlite.parent)

    for attempt in (
        store.retrieve("owner"),
        store.save(tracker),
        store.keys(),
        store.retrieve_full_tracker("owner"),
    ):
        with pytest.raises(StoreError):
            run(attempt)
    assert store._fallback_tracker_store is None


def test_a_database_that_comes_back_is_used_again(sqlite):
    store = as_rasa_wraps_it(store_at(f"sqlite:///{sqlite}"))
    run(store.save(conversation("before")))
    shutil.rmtree(sqlite.parent)
    with pytest.raises(StoreError):
        run(store.retrieve("before"))
    sqlite.parent.mkdir()

    run(store.save(conversation("after")))
    assert run(store.retrieve("after")) is not None


def test_a_file_that_was_swapped_is_noticed_at_once(sqlite):
    store = store_at(f"sqlite:///{sqlite}")
    run(store.save(conversation()))
    sqlite.rename(sqlite.with_name("moved.sqlite"))
    sqlite.touch()

    with pytest.raises(StoreError):
        run(store.retrieve("owner"))
    assert run(store.retrieve("owner")) is None


def test_postgres_stopped_and_started_loses_no_message_that_was_answered(postgres):
    store = as_rasa_wraps_it(store_at(postgres.url))
    run(store.save(conversation("before the stop")))
    postgres.stop()
    try:
        with pytest.raises(StoreError):
            run(store.save(conversation("during the stop")))
    finally:
        postgres.start()
    run(store.save(conversation("after the stop")))

    kept = set(run(store.keys()))
    assert kept >= {"before the stop", "after the stop"}
    assert "during the stop" not in kept


def test_a_database_that_is_down_at_the_start_is_used_once_it_is_up(postgres):
    postgres.stop()
    try:
        store = as_rasa_wraps_it(store_at(postgres.url))
        with pytest.raises(StoreError):
            run(store.retrieve("owner"))
    finally:
        postgres.start()
    run(store.save(conversation("late")))

    assert run(store.retrieve("late")) is not None


def test_rasa_finds_the_store_by_its_name(tmp_path):
    named = EndpointConfig(
        url=f"sqlite:///{tmp_path}/c.sqlite", type="bot.rasa.tracker_store.ConversationStore", keep_days=7
    )

    assert isinstance(TrackerStore.create(named, DOMAIN), ConversationStore)


@pytest.mark.parametrize("url", [None, "", "nonsense", "sqlite://", "mysql://host/db", "sqlite:///:memory:"])
def test_an_address_that_cannot_keep_anything_stops_the_start(url):
    with pytest.raises(StoreError, match="url"):
        ConversationStore(DOMAIN, host=url)


def test_an_error_names_no_word_of_the_message(sqlite):
    store = store_at(f"sqlite:///{sqlite}")
    run(store.save(conversation()))
    with store._engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE rasa_conversation")

    with pytest.raises(StoreError) as error:
        run(store.save(conversation("other", turn(2, "my secret plan"))))
    assert "secret" not in f"{error.value} {error.value.__cause__}"
