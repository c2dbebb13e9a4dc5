"""Which offers are shown, asked about, followed and turned down: counted where it happens, of nobody."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from knowledge_base.profile import parse_profile
from knowledge_base.replanning import Happened
from knowledge_base.store.usage import FOLLOWED, OPENED, SHOWN, SKIPPED, TURNED_DOWN, OfferCounts
from tests.store.conftest import NOW
from tests.store.example_records import example_advice

ON = date(2026, 11, 21)
FIRM = parse_profile({"employees": 14, "place": "Dudley"})
BOTH = ("process_improvement", "finance")


@pytest.fixture
def advice(database):
    return example_advice(database)


def counted(advice) -> dict[tuple[str, str], int]:
    return {(use.offer, what): count for use in advice.used.used() for what, count in use.counts.items()}


def test_a_roadmap_counts_each_of_its_steps_as_shown_once_however_often_it_is_opened(advice):
    plan = advice.plan(BOTH, FIRM, on=ON, now=NOW)
    steps = [step["offer"] for step in plan.steps]
    for _ in range(3):
        advice.open_roadmap(plan.id, on=ON, now=NOW)
    advice.progress(plan.id, Happened(facts={"employees": 15}), on=ON, now=NOW)

    assert "example-grant" in steps
    assert counted(advice) == {(offer, SHOWN): 1 for offer in steps}


def test_what_a_business_did_and_was_refused_is_counted_once_though_it_is_told_twice(advice):
    plan = advice.plan(BOTH, FIRM, on=ON, now=NOW)
    for _ in range(2):
        advice.progress(plan.id, Happened(done=("example-check-up",)), on=ON, now=NOW)
        advice.progress(plan.id, Happened(turned_down=("example-grant",)), on=ON, now=NOW)

    found = counted(advice)
    assert found["example-check-up", FOLLOWED] == 1
    assert found["example-grant", TURNED_DOWN] == 1
    assert found["example-loan", SHOWN] == 1, "it came in where the grant fell through"


def test_what_was_had_before_the_roadmap_is_nothing_it_led_to(advice):
    had = parse_profile({"employees": 14, "place": "Dudley", "done": ["example-check-up"]})
    plan = advice.plan(BOTH, had, on=ON, now=NOW)
    advice.progress(plan.id, Happened(skipped=("example-grant",)), on=ON, now=NOW)

    found = counted(advice)
    assert ("example-check-up", FOLLOWED) not in found
    assert found["example-grant", SKIPPED] == 1


def test_asking_about_an_offer_counts_it_in_its_month(advice):
    advice.opened(["example-grant"], NOW)
    advice.opened(["example-grant", "example-loan"], NOW + timedelta(days=30))
    advice.opened([], NOW)

    assert counted(advice) == {("example-grant", OPENED): 2, ("example-loan", OPENED): 1}
    december = advice.used.used(since="2026-12")
    assert [(use.offer, use[OPENED], use[SHOWN]) for use in december] == [
        ("example-grant", 1, 0),
        ("example-loan", 1, 0),
    ]


def test_counting_at_once_loses_none(database):
    counts = OfferCounts(database)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: counts.note(SHOWN, ["b", "a"] if n % 2 else ["a", "b"], NOW), range(12)))

    assert {use.offer: use[SHOWN] for use in counts.used()} == {"a": 12, "b": 12}


def test_a_roadmap_is_made_and_kept_though_counting_fails(advice, caplog):
    with advice.database.writing() as transaction:
        transaction.execute(text("DROP TABLE offer_counts"))

    plan = advice.plan(BOTH, FIRM, on=ON, now=NOW)
    advice.opened(["example-grant"], NOW)
    after = advice.progress(plan.id, Happened(done=("example-check-up",)), on=ON, now=NOW)

    assert advice.roadmaps.get(plan.id, NOW) is not None
    assert [step["offer"] for step in after.document["done_steps"]] == ["example-check-up"]
    assert "could not be counted" in caplog.text
    assert "example-grant" not in caplog.text


def test_nothing_of_whoever_asked_is_beside_a_count(advice):
    advice.plan(BOTH, FIRM, on=ON, now=NOW, session="a-session-of-somebody")

    with advice.database.session() as session:
        rows = session.execute(text("SELECT * FROM offer_counts")).mappings().all()
    assert rows
    assert {tuple(row) for row in rows} == {("month", "offer_id", "what", "count")}
    assert "a-session-of-somebody" not in str(rows)
