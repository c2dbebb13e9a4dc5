"""What Slack told is done once, in order within a thread, by one worker at a time, whoever dies meanwhile."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from knowledge_base.store.broker_tables import SlackWorkRow
from knowledge_base.store.slack_work import MOST_TRIES, SlackWork
from tests.store.broker_records import later
from tests.store.conftest import NOW

LEASE = 30


@pytest.fixture
def work(database):
    return SlackWork(database)


def body_of(database, key):
    with database.session() as transaction:
        row = transaction.scalars(select(SlackWorkRow).where(SlackWorkRow.key == key)).one()
        return row.state, row.body, row.why


def test_what_is_told_twice_is_taken_in_once_even_after_it_was_done(work):
    assert work.take_in("event:1", "message", {"text": "first"}, NOW)
    assert not work.take_in("event:1", "message", {"text": "again"}, NOW)

    held = work.claim("one", NOW, LEASE)
    work.done(held.key, NOW)

    assert held.body == {"text": "first"}
    assert not work.take_in("event:1", "message", {"text": "again"}, NOW)
    assert work.claim("one", NOW, LEASE) is None


def test_the_oldest_comes_first_and_a_thread_is_done_in_order(work):
    for number, lane in enumerate(["a", "a", "b", "a"]):
        work.take_in(f"event:{number}", "message", {}, NOW, lane=lane)

    first, second = work.claim("one", NOW, LEASE), work.claim("two", NOW, LEASE)

    assert [first.key, second.key] == ["event:0", "event:2"]
    assert work.claim("three", NOW, LEASE) is None
    work.done("event:0", NOW)
    assert work.claim("three", NOW, LEASE).key == "event:1"
    assert work.claim("four", NOW, LEASE) is None


def test_work_without_a_thread_waits_for_nothing(work):
    for number in range(3):
        work.take_in(f"event:{number}", "command", {}, NOW)

    assert {work.claim("one", NOW, LEASE).key for _ in range(3)} == {"event:0", "event:1", "event:2"}


def test_who_dies_loses_the_work_when_the_lease_runs_out_and_not_before(work):
    work.take_in("event:1", "message", {"text": "hello"}, NOW)
    work.claim("dies", NOW, LEASE)

    assert work.claim("other", later(seconds=LEASE - 1), LEASE) is None
    taken = work.claim("other", later(seconds=LEASE), LEASE)

    assert (taken.key, taken.tries, taken.body) == ("event:1", 2, {"text": "hello"})
    assert not work.renew("event:1", "dies", later(seconds=LEASE + 1), LEASE)
    assert not work.again("event:1", NOW, "too late", worker="dies")
    assert work.claim("third", later(seconds=LEASE + 1), LEASE) is None


def test_a_lease_that_is_renewed_holds_on(work):
    work.take_in("event:1", "message", {}, NOW)
    work.claim("slow", NOW, LEASE)

    assert work.renew("event:1", "slow", later(seconds=20), LEASE)
    assert work.claim("other", later(seconds=40), LEASE) is None
    assert work.claim("other", later(seconds=50), LEASE) is not None


def test_what_is_to_be_tried_again_waits_and_its_thread_with_it(work):
    for number in range(2):
        work.take_in(f"event:{number}", "message", {}, NOW, lane="a")
    work.claim("one", NOW, LEASE)

    assert work.again("event:0", later(seconds=60), "Slack could not be reached")
    assert work.claim("one", later(seconds=59), LEASE) is None
    assert work.claim("one", later(seconds=60), LEASE).key == "event:0"


def test_work_that_kills_its_workers_is_given_up_and_lets_the_thread_go_on(database, work):
    work.take_in("event:0", "message", {"text": "secret"}, NOW, lane="a")
    work.take_in("event:1", "message", {}, NOW, lane="a")
    now = NOW
    for _ in range(MOST_TRIES):
        assert work.claim("dies", now, LEASE).key == "event:0"
        now += timedelta(seconds=LEASE)

    assert work.claim("lives", now, LEASE).key == "event:1"
    state, body, why = body_of(database, "event:0")
    assert (state, body) == ("given_up", None)
    assert "stopped, again and again" in why


def test_a_wait_that_is_no_try_does_not_count(work):
    work.take_in("event:0", "message", {}, NOW)

    for _ in range(MOST_TRIES + 2):
        assert work.claim("one", NOW, LEASE).tries == 1
        work.again("event:0", NOW, "Slack asked to wait", counts=False)

    assert work.claim("one", NOW, LEASE).tries == 1


def test_the_text_goes_when_the_work_ends_and_the_key_a_week_later(database, work):
    for key in ("done", "given up"):
        work.take_in(key, "message", {"text": "secret"}, NOW)
    work.done("done", NOW)
    work.give_up("given up", "it cannot be read", NOW)

    assert body_of(database, "done") == ("done", None, "")
    assert body_of(database, "given up") == ("given_up", None, "it cannot be read")
    assert not work.done("given up", NOW)
    assert work.purge(later(days=6)) == 0
    assert not work.take_in("done", "message", {}, later(days=6))
    assert work.purge(later(days=7)) == 2
    assert work.take_in("done", "message", {}, later(days=7))


def test_text_that_nobody_could_work_on_is_not_kept_for_ever(database, work):
    work.take_in("event:0", "message", {"text": "secret"}, NOW)

    work.purge(later(days=2))
    assert body_of(database, "event:0")[1] == {"text": "secret"}
    work.purge(later(days=3))

    assert body_of(database, "event:0")[:2] == ("given_up", None)


@pytest.mark.parametrize("key", ["", "k" * 5_000, "k" * 4_999 + "l", "a\x00b", "ключ", "'; drop table"])
def test_any_key_is_one_key(work, key):
    assert work.take_in(key, "message", {"text": "\x00 \ud800 ok"}, NOW, lane="l" * 900, about="a" * 90)
    assert not work.take_in(key, "message", {}, NOW)
    assert work.take_in(key + "!", "message", {}, NOW)

    held = work.claim("one", NOW, LEASE)

    assert held.body == {"text": "\x00 \ud800 ok"}
    assert work.done(held.key, NOW)


def test_of_fifty_that_take_in_the_same_at_once_one_is_told_it_is_new(work):
    barrier = Barrier(50)

    def take(_: int) -> bool:
        barrier.wait()
        return work.take_in("event:1", "message", {}, NOW)

    with ThreadPoolExecutor(50) as pool:
        told = Counter(pool.map(take, range(50)))

    assert told == {True: 1, False: 49}


def test_fifty_workers_at_once_never_hold_the_same_nor_two_of_one_thread(work):
    for number in range(60):
        work.take_in(f"event:{number}", "message", {}, NOW, lane=f"thread {number % 20}")
    barrier = Barrier(50)

    def hold(number: int):
        barrier.wait()
        return work.claim(f"worker {number}", NOW, LEASE)

    with ThreadPoolExecutor(50) as pool:
        held = [each for each in pool.map(hold, range(50)) if each]

    assert len(held) == 20
    assert len({each.key for each in held}) == 20
    assert len({each.lane for each in held}) == 20


def test_workers_that_die_at_random_leave_nothing_undone_and_nothing_done_twice(work):
    """Each worker dies at every third piece; the lease, and with it the clock, brings the piece back."""
    for number in range(24):
        work.take_in(f"event:{number:02}", "message", {}, NOW, lane=f"thread {number % 4}")
    done: list[tuple[str, str]] = []

    def labour(name: int) -> None:
        now = NOW
        for turn in range(200):
            held = work.claim(f"worker {name}", now, 1)
            if held is None:
                now += timedelta(seconds=1)
                continue
            if (turn + name) % 3 == 0 and held.tries < 4:
                continue  # dies: neither done nor given back
            if work.done(held.key, now):
                done.append((held.lane, held.key))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(labour, range(4)))

    assert sorted(key for _, key in done) == [f"event:{number:02}" for number in range(24)]


def test_what_is_taken_back_is_new_when_it_is_told_again_and_what_is_begun_stays(work):
    work.take_in("view:1", "submission", {"note": "typed"}, NOW)

    assert work.take_back("view:1")
    assert not work.take_back("view:1")
    assert work.take_in("view:1", "submission", {"note": "typed"}, NOW)

    held = work.claim("one", NOW, LEASE)
    assert not work.take_back(held.key)
    assert work.renew(held.key, "one", NOW, LEASE)
    work.done(held.key, NOW)
    assert not work.take_back(held.key)
    assert not work.take_in("view:1", "submission", {"note": "typed"}, NOW)


def test_what_was_given_back_is_known_to_be_begun_though_it_was_no_try(work):
    work.take_in("command:1", "command", {}, NOW)

    first = work.claim("one", NOW, LEASE)
    work.again(first.key, later(seconds=60), "Slack asked to wait", worker="one", counts=False)
    assert work.claim("one", later(seconds=59), LEASE) is None
    second = work.claim("one", later(seconds=60), LEASE)

    assert (first.begun, first.tries) == (False, 1)
    assert (second.begun, second.tries) == (True, 1)
