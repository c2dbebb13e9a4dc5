"""Curators see look-alikes side by side, say that they are two, or make them one and take that back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge_base.store.audit import Audit
from knowledge_base.store.duplicates import Duplicates
from tests.store.conftest import NOW
from tests.store.example_records import GRANT

AGAIN = replace(
    GRANT,
    id="example-grant-again",
    name="Example grant",
    requires=(),
    summary="<script>alert(1)</script>",
    aliases=("The other example grant",),
)
PAIR = {"one": "example-grant", "other": "example-grant-again"}


@pytest.fixture
def records(desk):
    desk.advice.records.save_offer(AGAIN, "C", "new", NOW)
    return desk.advice.records


def versions(records) -> dict[str, str]:
    return {f"{side}_version": str(records.offer(id)[1]) for side, id in PAIR.items()}


def merged(client, records, **more):
    return client.submit(
        "/console/duplicates/merge", **{**PAIR, **versions(records), "stays": "example-grant", **more}
    )


def test_a_pair_that_looks_alike_is_listed_with_the_reason(viewer, records):
    page = viewer.get("/console/duplicates").text

    assert "/console/duplicates/pair?one=example-grant&amp;other=example-grant-again" in page
    assert "much the same name" in page.casefold()


def test_two_records_stand_side_by_side_where_they_differ(viewer, records):
    page = viewer.get("/console/duplicates/pair", params=PAIR).text

    assert "<h3>Other names</h3>" in page
    assert "The other example grant" in page
    assert "<script>alert" not in page
    assert "<h3>Name</h3>" not in page, "their names are the same"


def test_a_pair_said_to_be_two_is_not_listed_again_until_that_is_taken_back(curator, records):
    assert curator.submit("/console/duplicates/two", PAIR).status_code == 303
    page = curator.get("/console/duplicates").text
    assert "No two records look alike" in page
    assert "Said to be two (1)" in page

    curator.submit("/console/duplicates/two", PAIR, do="forget")
    assert "No two records look alike" not in curator.get("/console/duplicates").text


def test_two_are_made_one_with_fields_as_chosen(curator, records, desk):
    done = merged(
        curator, records, **{"from.summary": "example-grant-again", "from.requires": "example-grant-again"}
    )

    assert done.status_code == 303
    kept = records.offer("example-grant")[0]
    assert (kept.summary, kept.requires) == (AGAIN.summary, ())
    assert kept.aliases == ("The other example grant",)
    gone = records.offer("example-grant-again")[0]
    assert (gone.status, gone.succeeded_by) == ("withdrawn", "example-grant")
    assert "example-grant-again" not in desk.advice.view().catalogue.offers
    assert "is now" in curator.get("/console/duplicates").text
    assert "merged" in {each.what for each in Audit(records.database).list(5)}


def test_the_whole_of_the_one_that_stays_can_be_kept_whatever_is_ticked(curator, records):
    merged(curator, records, whole="yes", **{"from.summary": "example-grant-again"})

    assert records.offer("example-grant")[0].summary == GRANT.summary


def test_a_merge_is_taken_back(curator, records):
    before = {id: records.offer(id)[0] for id in PAIR.values()}
    merged(curator, records, **{"from.summary": "example-grant-again"})
    (made,) = Duplicates(records).merges()

    done = curator.submit("/console/duplicates/undo", merge=made.id)
    twice = curator.submit("/console/duplicates/undo", merge=made.id)

    assert done.status_code == 303
    assert {id: records.offer(id)[0] for id in PAIR.values()} == before
    assert twice.status_code == 400
    assert "taken back already" in twice.text


def test_what_was_changed_since_is_named_when_a_merge_is_taken_back(curator, records):
    merged(curator, records, **{"from.summary": "example-grant-again"})
    kept, version = records.offer("example-grant")
    records.save_offer(replace(kept, summary="Written since"), "D", "better", NOW, version)
    (made,) = Duplicates(records).merges()

    page = curator.submit("/console/duplicates/undo", merge=made.id)

    assert "example-grant: summary" in page.text
    assert records.offer("example-grant")[0].summary == "Written since"


def test_a_record_changed_while_somebody_was_deciding_is_not_merged(curator, records):
    before = versions(records)
    records.save_offer(replace(AGAIN, summary="Changed"), "D", "better", NOW)

    answer = merged(curator, records, **before)

    assert answer.status_code == 409
    assert records.offer("example-grant-again")[0].status == "published"


@pytest.mark.parametrize(
    "sent",
    [
        {"stays": ""},
        {"stays": "example-loan"},
        {"other": "example-grant"},
        {"other": "narnia", "stays": "example-grant"},
        {"one_version": "x"},
        {"one_version": "9" * 500},
        {"one": "\0", "stays": "\0"},
        {"stays": "<script>alert(1)</script>"},
    ],
)
def test_a_merge_that_cannot_be_changes_nothing_and_says_so(curator, records, sent):
    before = records.catalogue(published_only=False)

    answer = merged(curator, records, **sent)

    assert answer.status_code in (400, 409)
    assert "<script>alert" not in answer.text
    assert records.catalogue(published_only=False) is before


@pytest.mark.parametrize(
    "query", [{}, {"one": "example-grant"}, {"one": "narnia", "other": "example-grant"},
              {"one": "example-grant", "other": "example-grant"}, {"one": "x" * 5000, "other": "\0"}]
)  # fmt: skip
def test_a_pair_that_is_none_is_told_so(viewer, records, query):
    assert viewer.get("/console/duplicates/pair", params=query).status_code in (400, 404)


def test_only_who_may_publish_makes_one_of_two(viewer, editor, records):
    for each in (viewer, editor):
        assert "Make them one" not in each.get("/console/duplicates/pair", params=PAIR).text
        for path in ("merge", "two", "undo"):
            answer = each.submit(
                f"/console/duplicates/{path}", {**PAIR, **versions(records)}, stays="example-grant"
            )
            assert answer.status_code == 403
    assert records.offer("example-grant-again")[0].status == "published"
    assert Duplicates(records).apart() == set()


def test_a_form_of_another_site_merges_nothing(curator, records):
    curator.csrf = ""

    assert merged(curator, records).status_code == 403
    assert records.offer("example-grant-again")[0].status == "published"


def test_without_look_alikes_the_page_says_what_comes_here(viewer):
    assert "No two records look alike" in viewer.get("/console/duplicates").text


def test_a_withdrawn_record_is_shown_and_not_merged_again(curator, records):
    merged(curator, records)

    page = curator.get("/console/duplicates/pair", params=PAIR).text
    assert "withdrawn, so there is nothing to make one of" in page
    assert 'name="stays"' not in page
