"""The roadmap as it is said, saved, shared and planned again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timezone

from actions.reading import ReadMessage
from actions.roadmap import NoteProgress, ShareRoadmap, ShowRoadmap
from knowledge_base.advice import Advice
from knowledge_base.records import Assurance
from tests.actions.conftest import Outcome, Talk

DUDLEY = {
    "needs": ["process_improvement"],
    "employees": 14,
    "place": "Dudley",
    "legal_form": "limited_company",
}


def changes_in(outcome: Outcome) -> str:
    """What was said to have changed; nothing where nothing was."""
    return next((m["changes"] for m in outcome.messages if m.get("response") == "utter_what_changed"), "")


def test_the_roadmap_is_said_in_order_with_source_and_saved(advice: Advice) -> None:
    outcome = Talk(**DUDLEY).hears("14", "give_profile").does(ShowRoadmap(advice))

    roadmap = outcome.custom("roadmap")
    offers = [step["offer"] for phase in roadmap["phases"] for step in phase["steps"]]
    saved = advice.roadmaps.get(roadmap["id"], datetime(2026, 11, 22, tzinfo=timezone.utc))
    assert offers.index("example-check-up") < offers.index("example-machine-grant")
    assert "https://example.org/example-check-up" in outcome.words
    assert saved is not None
    assert saved.on.isoformat() == "2026-11-21"
    assert outcome.slot("shown") == offers


def test_each_step_says_whether_the_hub_checked_it_and_when_that_is_due_again(advice: Advice) -> None:
    word = Assurance("A. Curator", date(2026, 8, 1), date(2026, 11, 1))
    found = advice.records.offer("example-check-up")
    assert found is not None
    advice.records.save_offer(replace(found[0], assured=word), "C", "checked", datetime.now(timezone.utc))

    words = Talk(**DUDLEY).hears("14", "give_profile").does(ShowRoadmap(advice)).words

    assert "; last checked by the hub on 1 August 2026, due again since 1 November 2026." in words
    assert "; not yet checked by the hub." in words


def test_a_need_nobody_serves_is_named_as_a_gap(advice: Advice) -> None:
    talk = Talk(needs=["process_improvement", "export_markets"], place="Dudley", employees=14)

    outcome = talk.hears("Dudley", "give_profile").does(ShowRoadmap(advice))

    assert "utter_gap" in outcome.replies
    assert "new markets and export" in outcome.words


def test_when_nothing_fits_a_person_is_offered_and_nothing_padded(advice: Advice) -> None:
    outcome = (
        Talk(needs=["export_markets"], place="Dudley").hears("x", "give_profile").does(ShowRoadmap(advice))
    )

    assert "utter_no_roadmap" in outcome.replies
    assert outcome.slot("shown") == []


def test_a_refused_kind_is_nowhere_in_the_roadmap(advice: Advice) -> None:
    outcome = Talk(**DUDLEY, refuses=["grant"]).hears("no grants", "refine").does(ShowRoadmap(advice))

    assert "example-machine-grant" not in outcome.slot("shown")


def test_a_step_that_was_turned_down_is_planned_around(advice: Advice) -> None:
    talk = Talk(**DUDLEY, turned_down=["example-machine-grant"]).hears("they said no", "inform_progress")

    outcome = talk.does(ShowRoadmap(advice))

    assert "example-machine-grant" not in outcome.slot("shown")


def test_the_roadmap_can_be_shared_by_its_link_and_calendar(advice: Advice) -> None:
    talk = Talk(**DUDLEY).hears("14", "give_profile")
    shown = talk.does(ShowRoadmap(advice))

    outcome = talk.hears("send it to my partner", "save_or_share").does(ShareRoadmap(advice))

    url = f"http://hub.example.org/roadmap/{shown.slot('roadmap')}"
    assert url in outcome.words
    assert f"{url}.ics" in outcome.words


def test_sharing_before_there_is_a_roadmap_says_so(advice: Advice) -> None:
    outcome = Talk().hears("save it", "save_or_share").does(ShareRoadmap(advice))

    assert outcome.replies == ["utter_nothing_to_share"]


def test_a_step_done_is_said_back_by_name(advice: Advice) -> None:
    talk = Talk(shown=["example-check-up", "example-lean-course"]).hears("done step 1", "inform_progress")
    talk.does(ReadMessage(advice))

    outcome = talk.does(NoteProgress(advice))

    assert talk.slots["done"] == ["example-check-up"]
    assert "Example check-up" in outcome.words


def test_progress_on_nothing_in_particular_is_asked_about(advice: Advice) -> None:
    talk = Talk(shown=["example-check-up", "example-loan"]).hears("all done!", "inform_progress")

    outcome = talk.does(NoteProgress(advice))

    assert outcome.replies == ["utter_progress_unclear"]
    assert talk.slots["waiting"] == {"kind": "step", "how": "done"}


def test_progress_before_any_roadmap_is_told_that_there_is_none(advice: Advice) -> None:
    outcome = Talk().hears("all done!", "inform_progress").does(NoteProgress(advice))

    assert outcome.replies == ["utter_progress_of_what"]


def test_slots_that_hold_rubbish_do_not_stop_the_roadmap(advice: Advice) -> None:
    talk = Talk(needs=["process_improvement", "nonsense"], employees="many", turnover=7, deadline="soon")

    outcome = talk.hears("go on", "affirm").does(ShowRoadmap(advice))

    assert outcome.custom("roadmap")["needs"] == ["process_improvement"]


def test_a_fact_that_changes_no_step_is_noted_without_saying_it_all_again(advice: Advice) -> None:
    talk = Talk(**DUDLEY).hears("14", "give_profile")
    first = talk.does(ShowRoadmap(advice))

    again = talk.hears("we speak Welsh too", "give_profile").does(ShowRoadmap(advice))

    assert "utter_same_roadmap" in again.replies
    assert "utter_what_changed" not in again.replies
    assert again.slot("roadmap") == first.slot("roadmap")


def test_progress_plans_the_same_roadmap_again_and_says_what_changed_and_why(advice: Advice) -> None:
    talk = Talk(**DUDLEY).hears("14", "give_profile")
    first = talk.does(ShowRoadmap(advice))
    name = first.custom("roadmap")["phases"][0]["steps"][0]["name"]

    talk.hears("done step 1", "inform_progress").does(ReadMessage(advice))
    noted = talk.does(NoteProgress(advice))
    again = talk.does(ShowRoadmap(advice))

    assert noted.replies == ["utter_progress_done"]
    assert again.slot("roadmap") == first.slot("roadmap")
    assert [step["name"] for step in again.custom("roadmap")["done_steps"]] == [name]
    assert f"{name} is done" not in changes_in(again)  # it was said back already
    assert first.slot("shown")[0] not in again.slot("shown")


def test_a_step_skipped_is_left_out_and_nobody_is_said_to_have_turned_it_down(advice: Advice) -> None:
    talk = Talk(**DUDLEY).hears("14", "give_profile")
    first = talk.does(ShowRoadmap(advice))
    last = first.slot("shown")[-1]

    talk.hears("skip the last one", "inform_progress").does(ReadMessage(advice))
    noted = talk.does(NoteProgress(advice))
    again = talk.does(ShowRoadmap(advice))

    assert talk.slots["skipped"] == [last]
    assert not talk.slots.get("turned_down")
    assert noted.replies == ["utter_progress_skipped"]
    assert "you would rather not do it" in changes_in(again)
    assert "turned you down" not in again.words
    assert last not in again.slot("shown")
    assert again.slot("roadmap") == first.slot("roadmap")


def test_what_changed_is_said_before_the_new_roadmap(advice: Advice) -> None:
    talk = Talk(**DUDLEY).hears("14", "give_profile")
    talk.does(ShowRoadmap(advice))

    talk.slots["refuses"] = ["grant"]
    again = talk.hears("no grants", "refine").does(ShowRoadmap(advice))

    assert again.replies.index("utter_what_changed") < again.replies.index("utter_roadmap_after")
    assert "you would rather not use grants" in changes_in(again)


def test_another_need_begins_another_roadmap(advice: Advice) -> None:
    talk = Talk(**DUDLEY).hears("14", "give_profile")
    first = talk.does(ShowRoadmap(advice))

    talk.slots["needs"] = ["digital_adoption"]
    other = talk.hears("we want a website", "describe_need").does(ShowRoadmap(advice))

    assert other.slot("roadmap") != first.slot("roadmap")
    assert "utter_what_changed" not in other.replies


def test_a_roadmap_whose_time_is_over_is_made_anew(advice: Advice) -> None:
    talk = Talk(**DUDLEY, roadmap="gone-long-ago", turned_down=["never-heard-of-it"])

    outcome = talk.hears("14", "give_profile").does(ShowRoadmap(advice))

    assert outcome.slot("roadmap") != "gone-long-ago"
