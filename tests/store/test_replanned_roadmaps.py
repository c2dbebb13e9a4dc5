"""Saved roadmaps follow their records: marked when one changes, planned again when opened, written once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import select, text

from knowledge_base.advice import Advice
from knowledge_base.asked import Asked
from knowledge_base.profile import BadProfile, parse_profile
from knowledge_base.replanning import BadProgress, Happened
from knowledge_base.store.chats import Chats
from knowledge_base.store.database import MIGRATIONS, StoreUnavailable
from knowledge_base.store.gaps import Gaps, GapSeen
from knowledge_base.store.tables import RoadmapOfferRow, RoadmapRow
from tests.store.conftest import NOW
from tests.store.example_records import CHECK_UP, GRANT, LOAN, example_advice

ON = date(2026, 11, 21)
FIRM = parse_profile({"employees": 14})


@pytest.fixture
def advice(database) -> Advice:
    return example_advice(database)


def planned(advice: Advice, **more):
    return advice.plan(["process_improvement", "finance"], FIRM, on=ON, now=NOW, **more)


def opened(advice: Advice, id: str, on=ON):
    found = advice.open_roadmap(id, on=on, now=NOW)
    assert found is not None
    return found


def steps(document) -> list[str]:
    return [step["offer"] for phase in document["phases"] for step in phase["steps"]]


def version(advice: Advice, id: str) -> int:
    return advice.roadmaps.get(id, NOW).version


def test_what_a_roadmap_was_made_from_comes_back(advice):
    plan = planned(
        advice, cost=Decimal("40000.50"), turned_down=["example-loan"], skipped=["nobody"], prefer="cheaper"
    )

    asked = advice.roadmaps.get(plan.id, NOW).asked
    assert asked.needs == ("process_improvement", "finance")
    assert (asked.profile, asked.on, asked.cost) == (FIRM, ON, Decimal("40000.50"))
    assert (asked.turned_down, asked.skipped, asked.prefer) == (("example-loan",), ("nobody",), "cheaper")
    assert asked.catalogue_version == advice.records.version > 0


def test_a_roadmap_nothing_happened_to_is_opened_as_it_was_and_nothing_is_written(advice):
    plan = planned(advice)

    saved = opened(advice, plan.id, ON + timedelta(days=9))

    assert saved.document == plan.document
    assert saved.version == 1


def test_the_records_a_roadmap_uses_are_noted_with_their_versions(advice):
    advice.records.save_offer(replace(CHECK_UP, summary="Newer"), "C", "newer", NOW)
    plan = planned(advice)

    with advice.database.session() as session:
        rows = session.execute(select(RoadmapOfferRow.offer_id, RoadmapOfferRow.version))
        used = dict(rows.tuples().all())
    assert used == {"example-check-up": 2, "example-grant": 1, "example-loan": 1}
    assert steps(plan.document) == ["example-check-up", "example-grant"]


@pytest.mark.parametrize(
    "change",
    [
        lambda store: store.close_offer("example-grant", "C", "over", NOW, closes=date(2026, 11, 1)),
        lambda store: store.save_offer(replace(GRANT, status="withdrawn"), "C", "gone", NOW),
        lambda store: store.save_offer(replace(LOAN, summary="Another bank"), "C", "a reserve", NOW),
    ],
)
def test_a_curators_change_marks_the_roadmaps_that_use_the_record_and_no_other(advice, change):
    using = planned(advice)
    other = advice.plan(["process_improvement"], FIRM, on=ON, now=NOW)

    change(advice.records)

    assert advice.roadmaps.get(using.id, NOW).marked
    assert not advice.roadmaps.get(other.id, NOW).marked


def test_saving_a_record_unchanged_marks_nothing(advice):
    plan = planned(advice)

    advice.records.save_offer(GRANT, "C", "looked again", NOW)

    assert not advice.roadmaps.get(plan.id, NOW).marked


def test_a_change_that_is_refused_marks_nothing(advice):
    plan = planned(advice)

    with pytest.raises(ValueError, match="nowhere"):
        advice.records.save_offer(replace(GRANT, requires=("nowhere",)), "C", "wrong", NOW)

    assert not advice.roadmaps.get(plan.id, NOW).marked


def test_loading_a_pack_marks_the_roadmaps_whose_records_it_changes(advice, tmp_path):
    plan, other = planned(advice), advice.plan(["process_improvement"], FIRM, on=ON, now=NOW)
    advice.records.export_pack(tmp_path)
    file = tmp_path / "offers" / "example-grant.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("9000", "7000"), encoding="utf-8")

    advice.records.load_pack(tmp_path, NOW)

    assert advice.roadmaps.get(plan.id, NOW).marked
    assert not advice.roadmaps.get(other.id, NOW).marked


def test_a_record_that_changed_while_the_roadmap_was_made_marks_it(advice):
    view = advice.view()
    advice.records.save_offer(replace(GRANT, summary="Newer"), "C", "meanwhile", NOW)
    advice.records.catalogue()
    advice.plans._view = lambda: view

    assert advice.roadmaps.get(planned(advice).id, NOW).marked


def test_a_marked_roadmap_is_planned_again_when_opened_and_says_what_changed(advice):
    plan = planned(advice)
    advice.records.close_offer("example-grant", "C", "over", NOW, closes=date(2026, 11, 20))

    saved = opened(advice, plan.id)

    assert (saved.id, saved.marked, saved.version) == (plan.id, False, 2)
    assert steps(saved.document) == ["example-check-up", "example-loan"]
    words = [change["words"] for change in saved.document["changes"]]
    assert "Example grant is left out: it closed on 20 November 2026." in words
    assert "The reserve Example loan takes the place of Example grant." in words
    assert saved.document["changed_on"] == "2026-11-21"


def test_looking_again_shows_the_same_and_writes_nothing(advice):
    plan = planned(advice)
    advice.records.close_offer("example-grant", "C", "over", NOW)

    first, second = opened(advice, plan.id), opened(advice, plan.id)

    assert second.document == first.document
    assert version(advice, plan.id) == 2


def test_news_nobody_may_have_read_yet_outlives_a_change_without_any(advice):
    plan = planned(advice)
    advice.records.close_offer("example-grant", "C", "over", NOW)
    told = opened(advice, plan.id).document["changes"]
    advice.records.save_offer(replace(LOAN, summary="Another bank"), "C", "words", NOW)

    saved = opened(advice, plan.id)

    assert saved.version == 3
    assert saved.document["changes"] == told != []


def test_a_roadmap_whose_step_cannot_be_reached_any_more_is_planned_again(advice):
    plan = planned(advice)

    in_time = opened(advice, plan.id, date(2027, 1, 17))
    too_late = opened(advice, plan.id, date(2027, 1, 18))

    assert in_time.document == plan.document
    assert steps(too_late.document) == ["example-check-up", "example-loan"]
    assert too_late.on == date(2027, 1, 18)
    left = next(c for c in too_late.document["changes"] if c["kind"] == "left")
    assert left["because"] == "too_late"


def test_a_roadmap_made_for_a_later_day_never_goes_back_in_time(advice):
    plan = advice.plan(["finance"], FIRM, on=date(2027, 5, 1), now=NOW)
    advice.records.save_offer(replace(LOAN, hours=Decimal(3)), "C", "hours", NOW)

    assert opened(advice, plan.id).on == date(2027, 5, 1)


def test_of_readers_that_open_at_once_one_writes_and_all_see_the_same(advice):
    plan = planned(advice)
    advice.records.close_offer("example-grant", "C", "over", NOW)
    together = threading.Barrier(4)

    def look(_: int):
        together.wait()
        return opened(advice, plan.id)

    with ThreadPoolExecutor(4) as pool:
        seen = list(pool.map(look, range(4)))

    assert [saved.document for saved in seen] == [seen[0].document] * 4
    assert version(advice, plan.id) == 2


def test_a_write_that_comes_second_changes_nothing(advice):
    plan = planned(advice)
    saved = advice.roadmaps.get(plan.id, NOW)
    write = {"used": None, "now": NOW}

    assert advice.roadmaps.keep(saved, {**saved.document, "n": 1}, saved.asked, **write) is not None
    assert advice.roadmaps.keep(saved, {**saved.document, "n": 2}, saved.asked, **write) is None
    assert advice.roadmaps.get(plan.id, NOW).document["n"] == 1


def test_progress_is_kept_under_the_same_address_and_told_twice_changes_nothing(advice):
    plan = planned(advice)
    happened = Happened(done=("example-check-up",), refuses=("grant",))

    first = advice.progress(plan.id, happened, on=ON, now=NOW)
    again = advice.progress(plan.id, happened, on=ON, now=NOW)

    assert steps(first.document) == ["example-loan"]
    assert [step["name"] for step in first.document["done_steps"]] == ["Example check up"]
    assert [c["because"] for c in first.document["changes"]][:2] == ["done", "refused_kind"]
    assert again.document["changes"] == []
    assert again.planned.said == ("Nothing has changed: the steps stay as they were.",)
    assert version(advice, plan.id) == 2
    assert opened(advice, plan.id).document["changes"] == first.document["changes"]


def test_several_who_tell_at_once_are_all_heard(advice):
    plan = planned(advice)
    told = [
        Happened(done=("example-check-up",)),
        Happened(refuses=("loan",)),
        Happened(facts={"stage": "established"}),
    ]
    together = threading.Barrier(3)

    def tell(happened):
        together.wait()
        advice.progress(plan.id, happened, on=ON, now=NOW)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(tell, told))

    profile = advice.roadmaps.get(plan.id, NOW).asked.profile
    assert (profile.done, profile.refuses, profile.stage) == (("example-check-up",), ("loan",), "established")


@pytest.mark.parametrize(
    ("happened", "fault", "said"),
    [
        (Happened(done=("narnia",)), BadProgress, "'narnia' is not an offer we know"),
        (Happened(skipped=("x" * 10_000,)), BadProgress, "is not an offer we know"),
        (Happened(refuses=("lone",)), BadProgress, "'lone' is not a kind of help"),
        (Happened(facts={"employees": "many"}), BadProfile, "employees: 'many' is not a number"),
        (Happened(withdrawn_facts=("shoe_size",)), BadProfile, "shoe_size: not a fact we know"),
    ],
)
def test_what_cannot_have_happened_is_refused_and_nothing_is_written(advice, happened, fault, said):
    plan = planned(advice)

    with pytest.raises(fault, match=said):
        advice.progress(plan.id, happened, on=ON, now=NOW)
    assert version(advice, plan.id) == 1


def test_a_conversation_goes_on_with_its_roadmap_for_the_same_needs_and_more(advice):
    plan = planned(advice)
    more = advice.plan(
        ["process_improvement", "finance", "premises"],
        FIRM,
        on=ON,
        now=NOW,
        before=plan.id,
        turned_down=["gone"],
    )
    other = advice.plan(["premises"], FIRM, on=ON, now=NOW, before=plan.id)

    assert more.id == plan.id
    assert [change.kind for change in more.changes] == ["gap_opened"]
    assert (other.id != plan.id, other.changes) == (True, ())


def test_a_roadmap_that_is_not_there_can_be_neither_opened_nor_changed(advice):
    assert advice.open_roadmap("nobody", on=ON, now=NOW) is None
    assert advice.progress("nobody", Happened(done=("example-grant",)), on=ON, now=NOW) is None


def test_a_database_that_is_gone_is_an_error_not_an_old_roadmap(advice):
    plan = planned(advice)
    advice.database.close()
    with advice.database.session() as session:
        session.execute(text("DROP TABLE catalogue_version"))

    with pytest.raises(StoreUnavailable):
        advice.progress(plan.id, Happened(done=("example-grant",)), on=ON, now=NOW)


@pytest.mark.parametrize("forget", ["advice", "chats", "purge"])
def test_forgetting_leaves_nothing_of_the_records_a_roadmap_used(advice, forget):
    chats = Chats(advice.database)
    session = chats.new_session(NOW)
    planned(advice, session=session)

    if forget == "advice":
        advice.forget(session)
    elif forget == "chats":
        chats.forget(session)
    else:
        advice.purge(NOW + timedelta(days=4000))

    with advice.database.session() as transaction:
        assert transaction.scalars(select(RoadmapOfferRow)).all() == []
        assert transaction.scalars(select(RoadmapRow)).all() == []


def test_a_roadmap_older_than_these_columns_is_planned_again_when_opened(advice):
    plan = planned(advice)
    with advice.database.writing() as transaction:
        transaction.execute(text("UPDATE roadmaps SET asked = NULL"))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with advice.database._writer.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
        command.upgrade(config, "head")

    assert advice.roadmaps.get(plan.id, NOW).marked
    saved = opened(advice, plan.id)
    assert (steps(saved.document), saved.marked) == (steps(plan.document), False)
    assert saved.asked == replace(Asked(("process_improvement", "finance"), FIRM, ON), catalogue_version=4)


def test_each_need_without_a_step_is_counted_once_whatever_follows(advice):
    plan = advice.plan(["finance", "premises"], FIRM, on=ON, now=NOW)
    advice.progress(plan.id, Happened(facts={"employees": 15}), on=ON, now=NOW)
    advice.plan(["finance", "premises", "export_markets"], FIRM, on=ON, now=NOW, before=plan.id)
    advice.plan(["premises"], FIRM, on=ON, now=NOW + timedelta(days=30))

    counted = [(each.month, each.gap.need, each.count) for each in advice.gaps.counts()]
    assert counted == [
        ("2026-11", "export_markets", 1),
        ("2026-11", "premises", 1),
        ("2026-12", "premises", 1),
    ]
    assert [each.month for each in advice.gaps.counts(since="2026-12")] == ["2026-12"]


def test_counting_at_once_loses_none_and_what_is_below_ten_is_not_shown(database):
    gaps = Gaps(database)
    premises = GapSeen("premises", "nothing open", "black-country", "10 to 49", "manufacturing")
    export = GapSeen("export_markets", "nothing open")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: gaps.record([premises, export], NOW), range(8)))
    gaps.record([GapSeen("finance", "refused")] * 2, NOW)

    assert {each.gap.need: each.count for each in gaps.counts()} == {
        "premises": 8,
        "export_markets": 8,
        "finance": 2,
    }
    assert gaps.figures(date(2027, 1, 1)) == []
    gaps.record([premises] * 2, NOW)
    assert gaps.figures(ON) == [], "the month is not over"
    found = gaps.figures(date(2026, 12, 1))
    assert {(each.need, each.by, each.count) for each in found} == {
        ("premises", by, 10) for by in ("all", "area", "size_band", "sector", "reason")
    }
