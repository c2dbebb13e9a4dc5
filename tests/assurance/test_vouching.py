"""Curators vouch for records: all that are named or none, each with a revision, and never unseen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from knowledge_base.assurance import BadAssurance, vouch
from knowledge_base.store.assurances import Assurances, ids_of, reason
from knowledge_base.store.audit import Audit
from knowledge_base.store.catalogue_store import CatalogueStore, StaleRecord
from knowledge_base.store.desk_tables import FindingRow, OfferCountRow
from tests.store.conftest import NOW

TODAY = NOW.date()
WORD = vouch("A. Curator", TODAY, date(2027, 2, 1))
CURATOR = "curator@hub.example.org"


def assure(store: CatalogueStore, offers, assured=WORD, why="checked", now=NOW):
    return Assurances(store).assure(offers, assured, by=CURATOR, why=why, now=now)


def test_a_curator_vouches_for_two_records_and_each_keeps_a_revision_with_the_reason(store):
    names = assure(store, {"example-loan": 1, "example-grant": None}, why=reason(WORD, "read both pages"))

    assert names == ("Example grant", "Example loan")
    offer, version = store.offer("example-loan")
    assert (offer.assured, version) == (WORD, 2)
    newest = store.history("example-loan")[0]
    assert (newest.by, newest.why) == (CURATOR, "checked, and vouched for until 2027-02-01: read both pages")
    assert newest.document["assured"] == {"by": "A. Curator", "on": "2026-11-21", "until": "2027-02-01"}
    deeds = Audit(store.database).list(10)
    assert [(deed.by, deed.what, deed.about) for deed in deeds] == [
        (CURATOR, "assured", "example-loan"),
        (CURATOR, "assured", "example-grant"),
    ]


def test_the_next_answer_knows_that_the_hub_checked(store):
    before = store.catalogue()
    assert before.offers["example-loan"].assured is None

    assure(store, {"example-loan": None})

    assert store.catalogue().offers["example-loan"].assured == WORD


def test_vouching_twice_the_same_keeps_one_revision(store):
    assure(store, {"example-loan": None})
    assure(store, {"example-loan": None})

    assert len(store.history("example-loan")) == 2
    assert len(Audit(store.database).list(10)) == 1


@pytest.mark.parametrize(
    ("offers", "fault"),
    [
        ({"example-loan": 1, "example-grant": 7}, StaleRecord),
        ({"example-loan": 1, "example-grant": 0}, StaleRecord),
        ({"example-loan": 1, "no-such-offer": None}, LookupError),
        ({}, BadAssurance),
        (dict.fromkeys((f"o{n}" for n in range(501)), None), BadAssurance),
    ],
)
def test_where_one_cannot_be_vouched_for_none_is(store, offers, fault):
    with pytest.raises(fault):
        assure(store, offers)

    assert store.offer("example-loan")[0].assured is None
    assert Audit(store.database).list(10) == []


def test_a_record_changed_since_it_was_looked_at_is_not_vouched_for_unseen(store):
    offer, version = store.offer("example-loan")
    store.save_offer(replace(offer, summary="Another sum altogether"), "E", "changed", NOW, version)

    with pytest.raises(StaleRecord, match="changed since you looked at it"):
        assure(store, {"example-loan": version})

    assert store.offer("example-loan")[0].assured is None


@pytest.mark.parametrize("status", ["draft", "withdrawn"])
def test_nobody_vouches_for_what_businesses_do_not_see(store, status):
    offer, version = store.offer("example-loan")
    store.save_offer(replace(offer, status=status), "E", "changed", NOW, version)

    with pytest.raises(BadAssurance, match=f"it is {status}"):
        assure(store, {"example-loan": None})


@pytest.mark.parametrize("told", ["", "@", "a", "a@", "@3", "a@-1", "a@x", "a@³", "a@99999999999999999999"])
def test_a_choice_that_a_form_cannot_have_sent_is_refused(told):
    with pytest.raises(BadAssurance, match="reload the page"):
        ids_of([told])


def test_an_id_with_an_at_sign_is_read_from_its_end():
    assert ids_of(["a@b@3", "c@0"]) == {"a@b": 3, "c": 0}


def test_what_is_due_counts_the_showings_of_three_months_and_the_open_findings(store):
    assure(store, {"example-loan": None})
    with store.database.writing() as session:
        for month, offer, what, count in (
            ("2026-11", "example-grant", "shown", 5),
            ("2026-09", "example-grant", "shown", 5),
            ("2026-08", "example-check-up", "shown", 50),
            ("2026-11", "example-check-up", "opened", 50),
            ("2026-12", "example-check-up", "shown", 50),
        ):
            session.add(OfferCountRow(month=month, offer_id=offer, what=what, count=count))
        for state in ("open", "dismissed"):
            session.add(
                FindingRow(
                    record_type="offer",
                    record_id="example-loan",
                    url="https://example.org/loan",
                    kind="gone",
                    words="the page is gone",
                    changes={},
                    digest="0" * 64,
                    found=NOW,
                    state=state,
                )
            )

    found = Assurances(store, 60).due(TODAY)

    assert [(each.offer, each.standing, each.shown, each.findings, each.version) for each in found] == [
        ("example-loan", "finding", 0, 1, 2),
        ("example-grant", "never", 10, 0, 1),
    ]


def test_lately_reaches_back_over_the_new_year(store):
    with store.database.writing() as session:
        for month in ("2026-11", "2026-10"):
            row = OfferCountRow(month=month, offer_id="example-grant", what="shown", count=10)
            session.add(row)

    assert [each.shown for each in Assurances(store).due(date(2027, 1, 5))] == [10]
    assert Assurances(store).due(date(2027, 2, 5)) == ()


def test_vouching_marks_a_saved_roadmap_to_be_read_again_with_the_new_word(store):
    soon = vouch("A. Curator", TODAY - timedelta(days=40), TODAY - timedelta(days=10))
    assure(store, {"example-loan": None}, assured=soon)
    assert [each.offer for each in Assurances(store).due(TODAY)] == ["example-loan"]

    assure(store, {"example-loan": None})

    assert Assurances(store).due(TODAY) == ()
