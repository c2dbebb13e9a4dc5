"""A message is answered once, a conversation is forgotten when asked, and hostile text changes neither."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest

from knowledge_base.asked import Asked
from knowledge_base.profile import Profile
from knowledge_base.store.audit import Audit
from knowledge_base.store.chats import CLAIM_LAPSES_AFTER, Chats, UnknownSession
from knowledge_base.store.clients import Clients
from knowledge_base.store.parted import Parted
from knowledge_base.store.referrals import NoSuchReferral, Referrals
from knowledge_base.store.roadmaps import Roadmaps
from knowledge_base.store.slack_outbox import SlackOutbox
from knowledge_base.store.teams import Brokers, Teams
from tests.store.conftest import NOW

REPLIES = [{"text": "Here is your roadmap 🧭", "buttons": [{"title": "Save", "payload": "/save"}]}]


@pytest.fixture
def chats(database):
    return Chats(database)


def test_a_conversations_id_cannot_be_guessed(chats):
    ids = {chats.new_session(NOW) for _ in range(20)}

    assert len(ids) == 20
    assert min(map(len, ids)) >= 32


def test_only_a_conversation_we_issued_is_known(chats):
    session = chats.new_session(NOW)

    assert chats.known(session, NOW)
    assert not chats.known(session[:-1], NOW)
    assert not chats.known("", NOW)
    assert not chats.known("x" * 1_000_000, NOW)
    assert not chats.known("' OR 1=1 --", NOW)


def test_the_same_message_is_answered_once(chats):
    session = chats.new_session(NOW)

    assert chats.claim(session, "m1", NOW) == "new"
    assert chats.claim(session, "m1", NOW) == "pending"
    chats.keep_answer(session, "m1", REPLIES, NOW)

    assert chats.claim(session, "m1", NOW) == REPLIES
    assert chats.answer_for(session, "m1") == REPLIES


def test_an_answer_of_nothing_at_all_is_still_an_answer(chats):
    session = chats.new_session(NOW)
    chats.claim(session, "m1", NOW)
    chats.keep_answer(session, "m1", [], NOW)

    assert chats.claim(session, "m1", NOW) == []


def test_of_many_that_arrive_at_the_same_moment_one_is_answered(chats):
    session = chats.new_session(NOW)
    barrier = Barrier(8)

    def claim(_: int) -> object:
        barrier.wait()
        return chats.claim(session, "m1", NOW)

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(claim, range(8)))

    assert sorted(map(str, told)) == ["new", *["pending"] * 7]


def test_many_conversations_at_once_lose_nothing(chats):
    def talk(number: int) -> bool:
        session = chats.new_session(NOW)
        for turn in range(5):
            assert chats.claim(session, f"m{turn}", NOW) == "new"
            chats.keep_answer(session, f"m{turn}", [{"text": f"{number}.{turn}"}], NOW)
        return all(chats.answer_for(session, f"m{t}") == [{"text": f"{number}.{t}"}] for t in range(5))

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(talk, range(16)))


def test_a_message_that_could_not_be_answered_can_be_sent_again(chats):
    session = chats.new_session(NOW)
    chats.claim(session, "m1", NOW)

    chats.release(session, "m1")

    assert chats.claim(session, "m1", NOW) == "new"


def test_releasing_late_does_not_lose_an_answer(chats):
    session = chats.new_session(NOW)
    chats.claim(session, "m1", NOW)
    chats.keep_answer(session, "m1", REPLIES, NOW)

    chats.release(session, "m1")

    assert chats.answer_for(session, "m1") == REPLIES


def test_a_message_whose_process_was_killed_is_taken_up_once_by_another(chats):
    session = chats.new_session(NOW)
    chats.claim(session, "m1", NOW)
    later = NOW + CLAIM_LAPSES_AFTER + timedelta(seconds=1)

    assert chats.claim(session, "m1", later) == "new"
    assert chats.claim(session, "m1", later) == "pending"


def test_the_same_message_id_in_another_conversation_is_another_message(chats):
    one, other = chats.new_session(NOW), chats.new_session(NOW)
    chats.claim(one, "m1", NOW)
    chats.keep_answer(one, "m1", REPLIES, NOW)

    assert chats.claim(other, "m1", NOW) == "new"
    assert chats.answer_for(other, "m1") is None


@pytest.mark.parametrize(
    "message_id", ["", "a\x00b", "🧭" * 1000, "x" * 1_000_000, "\ud800", "'; DROP TABLE offers;"]
)
def test_any_message_id_can_be_kept(chats, message_id):
    session = chats.new_session(NOW)

    assert chats.claim(session, message_id, NOW) == "new"
    chats.keep_answer(session, message_id, REPLIES, NOW)
    assert chats.claim(session, message_id, NOW) == REPLIES
    assert chats.answer_for(session, message_id + "x") is None


@pytest.mark.parametrize("text", ["a\x00b", "🧭 Värnamo ŵ", "x" * 1_000_000, "\ud800", "\u202e"])
def test_any_reply_is_kept_to_the_letter(chats, text):
    session = chats.new_session(NOW)
    chats.keep_answer(session, "m1", [{"text": text}], NOW)

    assert chats.answer_for(session, "m1") == [{"text": text}]


def test_a_conversation_that_is_not_known_claims_nothing(chats):
    with pytest.raises(UnknownSession):
        chats.claim("nobody", "m1", NOW)


def test_only_payloads_that_were_issued_come_back(chats):
    session = chats.new_session(NOW)
    assert chats.issued(session) == set()

    chats.set_issued(session, ["/save", "/more", "/save"])

    assert chats.issued(session) == {"/save", "/more"}
    assert chats.issued("nobody") == set()


def test_forgetting_takes_everything_the_conversation_left(database, chats):
    session, other = chats.new_session(NOW), chats.new_session(NOW)
    roadmaps, referrals = Roadmaps(database), Referrals(database)
    saved = {}
    for each in (session, other):
        chats.keep_answer(each, "m1", REPLIES, NOW)
        asked = Asked(("finance",), Profile(), date(2026, 11, 21))
        saved[each] = roadmaps.save({}, asked, session=each, now=NOW, keep_days=9)
        referrals.record(each, name="Ann", contact="ann@example.org", consent_at=NOW)

    assert chats.forget(session)
    assert not chats.forget(session)

    assert not chats.known(session, NOW)
    assert chats.answer_for(session, "m1") is None
    assert roadmaps.get(saved[session], NOW) is None
    assert roadmaps.get(saved[other], NOW) is not None
    assert [referral.session for referral in referrals.list()] == [other]
    assert chats.known(other, NOW)


def test_an_answer_that_comes_after_the_conversation_was_forgotten_is_not_kept(chats):
    session = chats.new_session(NOW)
    chats.claim(session, "m1", NOW)
    chats.forget(session)

    chats.keep_answer(session, "m1", REPLIES, NOW)

    assert chats.answer_for(session, "m1") is None


def test_conversations_nobody_uses_any_more_are_purged(chats):
    old, used = chats.new_session(NOW), chats.new_session(NOW)
    later = NOW + timedelta(days=31)
    chats.keep_answer(old, "m1", REPLIES, NOW)
    chats.known(used, NOW + timedelta(days=20))

    assert chats.purge(later, keep_days=30) == [old]
    assert not chats.known(old, later)
    assert chats.known(used, later)


def test_a_purge_of_thousands_is_done_in_pieces(database, chats):
    from sqlalchemy import insert

    from knowledge_base.store.tables import ChatSessionRow

    with database.writing() as session:
        rows = [{"id": f"s{i}", "created": NOW, "seen": NOW, "issued": []} for i in range(1200)]
        session.execute(insert(ChatSessionRow), rows)

    assert len(chats.purge(NOW + timedelta(days=31), keep_days=30)) == 1200


def days(count: int) -> timedelta:
    return timedelta(days=count)


def asked(database, session: str | None) -> str:
    return Referrals(database).record(session, name="Ann", contact="ann@example.org", consent_at=NOW)


def client_of(database, code: str) -> str:
    """The client that a broker made from a referral; its id."""
    team = Teams(database).add(name=f"Example team {code}", now=NOW)
    kim = Brokers(database).add(team=team.id, name="Kim Example", now=NOW)
    Referrals(database).take(code, kim.id, NOW)
    made = Clients(database).add(team.id, kim.id, "Example Bakery", f"client-{code}", NOW, referral=code)
    return made.id


def test_an_owner_who_comes_back_after_a_month_still_deletes_their_request(database, chats):
    session, referrals = chats.new_session(NOW), Referrals(database)
    code = asked(database, session)

    assert chats.purge(NOW + days(31), keep_days=30) == []
    assert chats.purge(NOW + days(179), keep_days=30) == []

    assert chats.known(session, NOW + days(179))
    assert chats.forget(session)
    assert referrals.get(code) is None


def test_what_was_said_goes_after_its_month_though_the_request_stays(database, chats):
    session = chats.new_session(NOW)
    asked(database, session)
    chats.keep_answer(session, "m1", REPLIES, NOW)
    chats.set_issued(session, ["/save"])

    chats.purge(NOW + days(29), keep_days=30)
    assert chats.answer_for(session, "m1") == REPLIES
    assert Parted(database).waiting() == []
    chats.purge(NOW + days(31), keep_days=30)

    assert chats.holds(session)
    assert chats.answer_for(session, "m1") is None
    assert chats.issued(session) == set()
    assert Parted(database).waiting() == [session]


def test_what_is_forgotten_elsewhere_is_so_once_and_not_every_hour(database, chats):
    session = chats.new_session(NOW)
    asked(database, session)
    chats.keep_answer(session, "m1", REPLIES, NOW)
    chats.purge(NOW + days(31), keep_days=30)
    Parted(database).done(session)

    chats.purge(NOW + days(31) + timedelta(hours=1), keep_days=30)

    assert Parted(database).waiting() == []


def test_who_talks_again_before_rasa_could_forget_loses_no_new_words(database, chats):
    session = chats.new_session(NOW)
    asked(database, session)
    chats.keep_answer(session, "m1", REPLIES, NOW)
    chats.purge(NOW + days(31), keep_days=30)

    assert chats.known(session, NOW + days(31))

    assert Parted(database).waiting() == []


def test_a_conversation_goes_once_its_request_has_had_its_time(database, chats):
    session = chats.new_session(NOW)
    asked(database, session)
    Referrals(database).purge(NOW + days(181), 180)

    assert chats.purge(NOW + days(181), keep_days=30) == [session]
    assert not chats.holds(session)


def test_the_owner_of_an_advisers_client_can_still_delete_it_after_the_request_is_gone(database, chats):
    session = chats.new_session(NOW)
    client = client_of(database, asked(database, session))
    Referrals(database).purge(NOW + days(181), 180)

    assert chats.purge(NOW + days(181), keep_days=30) == []
    assert Clients(database).there(client)
    assert chats.forget(session)

    assert not Clients(database).there(client)


def test_a_conversation_goes_once_the_adviser_deleted_the_client_made_from_it(database, chats):
    session = chats.new_session(NOW)
    client = client_of(database, asked(database, session))
    Referrals(database).purge(NOW + days(181), 180)
    Clients(database).purge(NOW + days(400), 365)

    assert not Clients(database).there(client)
    assert chats.purge(NOW + days(400), keep_days=30) == [session]


def test_a_request_is_deleted_by_its_code_with_all_it_told(database, chats):
    session, other = chats.new_session(NOW), chats.new_session(NOW)
    roadmaps, referrals, saved = Roadmaps(database), Referrals(database), {}
    for each in (session, other):
        chats.keep_answer(each, "m1", REPLIES, NOW)
        wish = Asked(("finance",), Profile(), date(2026, 11, 21))
        saved[each] = roadmaps.save({}, wish, session=each, now=NOW, keep_days=9)
    closed, code, theirs = asked(database, session), asked(database, session), asked(database, other)
    client = client_of(database, code)
    outbox = SlackOutbox(database)
    outbox.put("card", "C0123ABCD", text="Ann asks", about=code, now=NOW)
    assert outbox.claim("worker", NOW, 60) is not None
    outbox.sent("card", "1.1", NOW)

    chats.forget_request(code, "curator@hub.example.org", NOW, why="asked")

    assert [each.code for each in referrals.list()] == [theirs]
    assert referrals.get(closed) is None
    assert roadmaps.get(saved[session], NOW) is None
    assert roadmaps.get(saved[other], NOW) is not None
    assert not chats.holds(session)
    assert chats.answer_for(other, "m1") == REPLIES
    assert not Clients(database).there(client)
    assert session in Parted(database).waiting()
    post = outbox.claim("worker", NOW, 60)
    assert post is not None
    assert (post.delete, post.channel, post.update_ts) == (True, "C0123ABCD", "1.1")
    (deed,) = Audit(database).list(5, about=code)
    assert (deed.by, deed.what, deed.about) == ("curator@hub.example.org", "referral_deleted", code)
    assert deed.detail == {"why": "asked"}


def test_a_request_without_a_conversation_is_deleted_alone(database, chats):
    code, other = asked(database, None), asked(database, None)
    client = client_of(database, code)

    chats.forget_request(code, "curator@hub.example.org", NOW)

    assert [each.code for each in Referrals(database).list()] == [other]
    assert not Clients(database).there(client)


def test_a_code_that_is_nobodys_deletes_nothing_and_notes_nothing(database, chats):
    code = asked(database, chats.new_session(NOW))

    for wrong in ("", code[:-1], f"{code} ", "%", "' OR 1=1 --"):
        with pytest.raises(NoSuchReferral):
            chats.forget_request(wrong, "curator@hub.example.org", NOW)

    assert [each.code for each in Referrals(database).list()] == [code]
    assert Audit(database).list(5) == []
