"""What goes into Slack goes once and in order, under what it belongs to, and can be taken down again."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from knowledge_base.brokers.records import Place
from knowledge_base.store.broker_tables import SlackOutboxRow
from knowledge_base.store.clients import Clients
from knowledge_base.store.referrals import Referrals
from knowledge_base.store.slack_outbox import MOST_TRIES, SlackOutbox
from tests.store.broker_records import ask, house_in, later
from tests.store.conftest import NOW

LEASE = 30


@pytest.fixture
def outbox(database):
    return SlackOutbox(database)


def put(outbox, key, channel="C1", **more):
    return outbox.put(key, channel, **{"text": f"text of {key}", "now": NOW, **more})


def claim(outbox, now=NOW, **more):
    return outbox.claim("one", now, LEASE, **more)


def row_of(database, key):
    with database.session() as transaction:
        return transaction.scalars(select(SlackOutboxRow).where(SlackOutboxRow.key == key)).one()


def test_a_post_is_put_once_and_sent_once(outbox):
    assert put(outbox, "a", blocks=[{"type": "divider"}], file={"name": "plan.pdf"}, ephemeral_to="U1")
    assert not put(outbox, "a", text="another")

    post = claim(outbox)
    assert (post.key, post.channel, post.text, post.ephemeral_to) == ("a", "C1", "text of a", "U1")
    assert (post.blocks, post.file) == ([{"type": "divider"}], {"name": "plan.pdf"})
    assert (post.tries, post.lost, post.delete) == (1, False, False)
    assert claim(outbox) is None
    assert outbox.sent("a", "1.1", NOW)

    assert not outbox.sent("a", "1.2", NOW)
    assert outbox.ts_of("a") == "1.1"
    assert claim(outbox, later(days=1)) is None
    assert not put(outbox, "a")


def test_an_answer_waits_for_the_message_it_belongs_under_whichever_was_put_first(outbox):
    put(outbox, "answer", after_key="root")
    assert claim(outbox) is None
    put(outbox, "root")

    assert claim(outbox).key == "root"
    assert claim(outbox) is None
    outbox.sent("root", "1.1", NOW)

    post = claim(outbox)
    assert (post.key, post.thread_ts) == ("answer", "1.1")


def test_a_thread_is_in_order_whether_its_root_is_told_by_key_or_by_ts(outbox):
    put(outbox, "root")
    claim(outbox)
    put(outbox, "first", after_key="root")
    outbox.sent("root", "1.1", NOW)
    put(outbox, "second", thread_ts="1.1")
    put(outbox, "elsewhere", thread_ts="9.9")

    assert [claim(outbox).key, claim(outbox).key] == ["first", "elsewhere"]
    assert claim(outbox) is None
    outbox.sent("first", "1.2", NOW)

    assert claim(outbox).key == "second"


def test_a_message_is_changed_once_it_is_there(outbox):
    put(outbox, "card")
    put(outbox, "change", update_key="card")
    claim(outbox)
    assert claim(outbox) is None
    outbox.sent("card", "1.1", NOW)

    assert claim(outbox).update_ts == "1.1"


def test_what_follows_a_file_goes_to_the_thread_of_the_file(outbox):
    put(outbox, "file", thread_ts="1.1", file={"name": "plan.pdf"})
    put(outbox, "word", after_key="file")
    claim(outbox)
    outbox.sent("file", None, NOW)

    post = claim(outbox)

    assert (post.key, post.thread_ts) == ("word", "1.1")


def test_what_belongs_to_a_post_that_was_given_up_is_given_up_with_its_text(database, outbox):
    put(outbox, "root")
    put(outbox, "answer", after_key="root")
    put(outbox, "under it", after_key="answer")
    put(outbox, "change", update_key="root")

    outbox.give_up("root", "its channel is gone", NOW)

    for key in ("answer", "under it", "change"):
        row = row_of(database, key)
        assert (row.state, row.payload, row.why) == (
            "given_up",
            None,
            "the message it belongs to was not sent",
        )
    put(outbox, "too late", after_key="root")
    assert claim(outbox) is None
    assert outbox.state_of("too late") == "given_up"


def test_a_channel_that_is_to_wait_keeps_no_other_waiting(outbox):
    put(outbox, "slow", "C1")
    put(outbox, "quick", "C2")

    assert claim(outbox, without=["C1"]).key == "quick"
    assert claim(outbox, without=["C1"]) is None
    assert claim(outbox).key == "slow"


def test_who_takes_over_is_told_that_it_may_be_there_already(outbox):
    put(outbox, "a")
    claim(outbox)

    assert claim(outbox, later(seconds=LEASE - 1)) is None
    assert claim(outbox, later(seconds=LEASE)).lost
    assert outbox.again("a", later(seconds=40), "Slack asked to wait", counts=False)
    assert not claim(outbox, later(seconds=40)).lost
    assert outbox.again("a", later(seconds=50), "no answer", unsure=True)

    post = claim(outbox, later(seconds=50))
    assert post.lost
    assert not outbox.again("a", NOW, "not mine", worker="other")


def test_a_post_that_stops_every_deliverer_is_given_up(outbox):
    put(outbox, "a")
    put(outbox, "b")
    for turn in range(MOST_TRIES):
        assert claim(outbox, later(seconds=LEASE * turn)).key == "a"

    assert claim(outbox, later(seconds=LEASE * MOST_TRIES)).key == "b"
    assert outbox.state_of("a") == "given_up"


def test_the_text_goes_with_the_sending_and_the_key_a_week_later(database, outbox):
    put(outbox, "a")
    claim(outbox)
    outbox.sent("a", "1.1", NOW)
    assert row_of(database, "a").payload is None

    assert outbox.purge(later(days=6)) == 0
    assert not put(outbox, "a")
    assert outbox.purge(later(days=7)) == 1
    assert put(outbox, "a")


def test_what_could_not_be_sent_for_days_is_given_up_with_its_text(database, outbox):
    put(outbox, "a")

    outbox.purge(later(days=3))

    row = row_of(database, "a")
    assert (row.state, row.payload) == ("given_up", None)


def test_the_place_of_a_card_is_known_as_long_as_its_referral(database, outbox):
    code = ask(database)
    put(outbox, "card", about=code)
    claim(outbox)
    outbox.sent("card", "1.1", NOW)

    outbox.purge(later(days=100))
    assert outbox.ts_of("card") == "1.1"


def test_forgetting_a_referral_takes_down_what_is_in_slack_and_blanks_what_waits(database, outbox):
    code, other = ask(database, "mine"), ask(database, "other")
    put(outbox, "card", about=code)
    put(outbox, "other card", "C2", about=other)
    for key in ("card", "other card"):
        claim(outbox)
        outbox.sent(key, f"ts of {key}", NOW)
    put(outbox, "line", thread_ts="ts of card", about=code)

    assert Referrals(database).delete_for_session("mine") == 1

    assert row_of(database, "line").payload is None
    post = claim(outbox)
    assert (post.delete, post.channel, post.update_ts, post.text) == (True, "C1", "ts of card", "")
    assert claim(outbox) is None
    assert outbox.sent(post.key, None, NOW)
    assert claim(outbox, later(days=1)) is None


def test_what_was_on_its_way_while_it_was_forgotten_is_taken_down_when_it_arrives(database, outbox):
    code = ask(database, "mine")
    put(outbox, "card", about=code)
    claim(outbox)
    Referrals(database).delete_for_session("mine")
    assert claim(outbox) is None

    assert outbox.sent("card", "1.1", NOW)

    post = claim(outbox)
    assert (post.delete, post.update_ts) == (True, "1.1")


@pytest.mark.parametrize("when", ["before it is put", "before it is sent", "after it is sent"])
@pytest.mark.parametrize(("channel", "place"), [("C1", "C1"), ("U7", "D7")])
def test_what_a_thread_is_about_is_known_of_its_posts_however_early_it_is_told(
    database, outbox, when, channel, place
):
    house, clients = house_in(database), Clients(database)
    client = clients.add(house.money.id, house.ann.id, "Example Metalworks Ltd", "s1", NOW)
    tie = lambda: clients.bind(Place("T1", place, "1.1"), client=client.id)  # noqa: E731
    if when == "before it is put":
        tie()
    put(outbox, "root", channel)
    put(outbox, "answer", channel, after_key="root")
    put(outbox, "known by ts", channel, thread_ts="1.1")
    claim(outbox)
    if when == "before it is sent":
        tie()
    outbox.sent("root", "1.1", NOW)
    if when == "after it is sent":
        tie()

    abouts = {key: row_of(database, key).about for key in ("root", "answer", "known by ts")}

    assert abouts == dict.fromkeys(abouts, client.id)


def test_a_thread_in_another_channel_is_about_nothing_of_ours(database, outbox):
    house, clients = house_in(database), Clients(database)
    client = clients.add(house.money.id, house.ann.id, "Example Metalworks Ltd", "s1", NOW)
    clients.bind(Place("T1", "C1", "1.1"), client=client.id)

    put(outbox, "a", "C2", thread_ts="1.1")

    assert row_of(database, "a").about == ""


def test_what_belongs_to_a_message_goes_where_that_is_whatever_channel_is_said(database, outbox):
    put(outbox, "early", "C2", after_key="root")
    put(outbox, "root", "C1")
    put(outbox, "late", "C2", after_key="root")
    put(outbox, "change", "C2", update_key="root")
    assert claim(outbox).key == "root"
    outbox.sent("root", "1.1", NOW)

    went = {}
    while post := claim(outbox):
        went[post.key] = (post.channel, post.thread_ts or post.update_ts)
        outbox.sent(post.key, "2.2", NOW)

    assert went == dict.fromkeys(("early", "late", "change"), ("C1", "1.1"))
    assert row_of(database, "early").channel == "C1"  # it is taken down there


def test_an_older_state_never_takes_the_place_of_a_newer_one(outbox):
    put(outbox, "card")
    outbox.sent(claim(outbox).key, "1.1", NOW)

    told = [
        put(outbox, "card", update_key="card", order=order, text=f"v{order}") for order in (9, 10, 9, 10, 8)
    ]

    assert told == [True, True, False, False, False]
    shown = []
    while post := claim(outbox):
        shown.append(post.text)
        outbox.sent(post.key, "1.1", NOW)
    assert shown == ["v9", "v10"]


def test_a_word_to_one_person_that_became_a_message_is_taken_down_from_them(database, outbox):
    code = ask(database)
    put(outbox, "word", ephemeral_to="U1", about=code)
    put(outbox, "seen", ephemeral_to="U1", about=code)
    outbox.sent(claim(outbox).key, "1.1", NOW)
    outbox.sent(claim(outbox).key, None, NOW)

    Referrals(database).delete_for_session("owner")

    post = claim(outbox, later(minutes=1))
    assert (post.delete, post.channel, post.update_ts) == (True, "U1", "1.1")
    assert claim(outbox, later(minutes=1)) is None
