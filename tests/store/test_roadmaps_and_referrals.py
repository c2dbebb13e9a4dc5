"""Roadmaps and referrals are kept for their time, to the letter, and are gone when asked."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from knowledge_base.asked import Asked
from knowledge_base.profile import parse_profile
from knowledge_base.store.referrals import Referrals
from knowledge_base.store.roadmaps import Roadmaps
from tests.store.conftest import NOW

ON = date(2026, 11, 21)


@pytest.fixture
def roadmaps(database):
    return Roadmaps(database)


@pytest.fixture
def referrals(database):
    return Referrals(database)


def save(roadmaps: Roadmaps, document=None, session=None, now=NOW, keep_days=30) -> str:
    asked = Asked(("finance", "premises"), parse_profile({"employees": 14, "place": "Dudley"}), ON)
    return roadmaps.save(document or {"phases": []}, asked, session=session, now=now, keep_days=keep_days)


def test_a_roadmap_comes_back_as_it_was_shown_with_its_keys_in_order(roadmaps):
    document = {
        "needs": ["finance"],
        "on": "2026-11-21",
        "a": {"z": 1, "b": None},
        "words": "£ 🧭 \x00 \ud800",
    }

    saved = roadmaps.get(save(roadmaps, document), NOW)

    assert saved.document == document
    assert list(saved.document) == list(document)
    assert saved.needs == ("finance", "premises")
    assert saved.profile == {"employees": 14, "place": "Dudley"}
    assert (saved.on, saved.created, saved.session) == (ON, NOW, None)


def test_a_roadmap_of_a_megabyte_is_kept_whole(roadmaps):
    document = {"words": "å" * 1_000_000}

    assert roadmaps.get(save(roadmaps, document), NOW).document == document


def test_a_roadmaps_address_cannot_be_guessed(roadmaps):
    ids = {save(roadmaps) for _ in range(20)}

    assert len(ids) == 20
    assert {len(id) for id in ids} == {16}


@pytest.mark.parametrize("id", ["", "nobody", "x" * 1_000_000, "\x00", "' OR 1=1 --", "🧭"])
def test_an_address_nobody_was_given_shows_nothing(roadmaps, id):
    save(roadmaps)

    assert roadmaps.get(id, NOW) is None


def test_a_roadmap_is_shown_until_its_time_is_over_and_then_purged(roadmaps):
    id = save(roadmaps, keep_days=30)
    end = NOW + timedelta(days=30)

    assert roadmaps.get(id, end - timedelta(seconds=1)) is not None
    assert roadmaps.get(id, end) is None
    assert roadmaps.purge(end - timedelta(seconds=1)) == 0
    assert roadmaps.purge(end) == 1


def test_time_is_the_same_wherever_the_clock_stands(roadmaps):
    stockholm = timezone(timedelta(hours=1))
    id = save(roadmaps, now=datetime(2026, 11, 21, 13, 0, tzinfo=stockholm))

    assert roadmaps.get(id, NOW).created == NOW
    assert save(roadmaps, now=datetime(2026, 11, 21, 12, 0)) != id


def test_deleting_a_conversations_roadmaps_leaves_the_others(roadmaps):
    mine, other = save(roadmaps, session="mine"), save(roadmaps, session="other")

    assert roadmaps.delete_for_session("mine") == 1
    assert roadmaps.get(mine, NOW) is None
    assert roadmaps.get(other, NOW) is not None


def test_a_referral_is_kept_with_what_the_person_needs_to_call_back(referrals):
    code = referrals.record(
        "s1",
        name=" Ann Example ",
        contact="ann@example.org",
        words="We bake bread and want an oven 🥖",
        needs=["finance"],
        areas=["dudley"],
        roadmap_id="r1",
        consent_at=NOW,
    )

    (referral,) = referrals.list()
    assert referral.code == code
    assert (referral.name, referral.contact) == ("Ann Example", "ann@example.org")
    assert referral.words == "We bake bread and want an oven 🥖"
    assert (referral.needs, referral.areas, referral.roadmap_id) == (("finance",), ("dudley",), "r1")
    assert referral.consent_at == NOW


def test_a_referrals_code_can_be_read_aloud(referrals):
    codes = {referrals.record(None, name="A", contact="a@example.org", consent_at=NOW) for _ in range(20)}

    assert len(codes) == 20
    assert all(len(code) == 8 and not set(code) & set("01OILl") for code in codes)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"contact": " "}, "contact: this is missing"),
        ({"contact": "x" * 301}, "contact: 301 characters"),
        ({"name": "x" * 1_000_000}, "name: 1000000 characters"),
        ({"words": "x" * 4001}, "words: 4001 characters"),
    ],
)
def test_a_referral_nobody_could_answer_is_refused(referrals, fields, said):
    with pytest.raises(ValueError, match=said):
        referrals.record(None, **{"name": "A", "contact": "a@example.org", "consent_at": NOW, **fields})

    assert referrals.list() == []


def test_a_character_no_database_takes_does_not_lose_the_referral(referrals):
    referrals.record("s\x001", name="An\x00n", contact="a@example.org\ud800", consent_at=NOW)

    (referral,) = referrals.list()
    assert (referral.name, referral.contact, referral.session) == ("Ann", "a@example.org", "s1")


def test_the_newest_referral_comes_first_and_old_ones_are_purged(referrals):
    old = referrals.record(None, name="A", contact="a@example.org", consent_at=NOW - timedelta(days=200))
    new = referrals.record(None, name="B", contact="b@example.org", consent_at=NOW)

    assert [referral.code for referral in referrals.list()] == [new, old]
    assert referrals.purge(NOW, keep_days=180) == 1
    assert [referral.code for referral in referrals.list()] == [new]


def test_deleting_a_conversations_referrals_leaves_the_others(referrals):
    referrals.record("mine", name="A", contact="a@example.org", consent_at=NOW)
    other = referrals.record("other", name="B", contact="b@example.org", consent_at=NOW)

    assert referrals.delete_for_session("mine") == 1
    assert [referral.code for referral in referrals.list()] == [other]
