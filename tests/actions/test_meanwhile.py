"""What an adviser or the roadmap's page told meanwhile, an owner's next message knows and does not undo."""

from __future__ import annotations

from typing import Any

from actions.reading import ReadMessage
from actions.roadmap import ShowRoadmap
from actions.slots import set_since_spoken
from knowledge_base.advice import Advice
from knowledge_base.known import Known
from knowledge_base.replanning import Happened
from tests.actions.conftest import NOW, Talk

DUDLEY: dict[str, Any] = {"needs": ["process_improvement"], "employees": 14, "place": "Dudley"}


def planned(advice: Advice) -> Talk:
    talk = Talk(**DUDLEY).hears("14", "give_profile")
    talk.does(ReadMessage(advice))
    talk.does(ShowRoadmap(advice))
    return talk


def meanwhile(advice: Advice, talk: Talk, **happened: Any) -> None:
    """Have somebody else plan the owner's roadmap again."""
    made = advice.progress(talk.slots["roadmap"], Happened(**happened), on=NOW.date(), now=NOW)
    assert made is not None


def says(advice: Advice, talk: Talk, text: str, act: str, *needs: str) -> dict[str, Any]:
    """Have the owner say something that is planned for; return the facts of the roadmap after it."""
    talk.hears(text, act, *needs).does(ReadMessage(advice))
    talk.does(ShowRoadmap(advice))
    saved = advice.roadmaps.get(talk.slots["roadmap"], NOW)
    assert saved is not None
    return saved.profile


def test_a_number_an_adviser_corrected_stays_when_the_owner_tells_something_else(advice: Advice) -> None:
    talk = planned(advice)
    meanwhile(advice, talk, facts={"employees": 300})

    told = says(advice, talk, "we are a limited company", "give_profile")

    assert (told["employees"], told["legal_form"]) == (300, "limited_company")
    assert talk.slots["employees"] == 300


def test_what_the_owner_says_now_counts_over_what_an_adviser_told(advice: Advice) -> None:
    talk = planned(advice)
    meanwhile(advice, talk, facts={"employees": 300, "legal_form": "limited_company"})

    told = says(advice, talk, "we are 20 people now", "change_profile")

    assert (told["employees"], told["legal_form"]) == (20, "limited_company")


def test_a_step_ticked_off_on_the_page_is_done_in_the_chat_too(advice: Advice) -> None:
    talk = planned(advice)
    step = talk.slots["shown"][0]
    meanwhile(advice, talk, done=(step,))

    told = says(advice, talk, "we are a limited company", "give_profile")

    assert told["done"] == [step]
    assert talk.slots["done"] == [step]
    assert step not in talk.slots["shown"]


def test_a_need_an_adviser_added_stays_and_the_roadmap_keeps_its_address(advice: Advice) -> None:
    talk = planned(advice)
    before = talk.slots["roadmap"]
    meanwhile(advice, talk, needs=("export_markets",))

    says(advice, talk, "we are a limited company", "give_profile")

    assert talk.slots["roadmap"] == before
    assert talk.slots["needs"] == ["process_improvement", "export_markets"]


def test_a_fact_an_adviser_took_out_stays_out(advice: Advice) -> None:
    talk = planned(advice)
    meanwhile(advice, talk, withdrawn_facts=("employees",))

    told = says(advice, talk, "we are a limited company", "give_profile")

    assert "employees" not in told
    assert talk.slots["employees"] is None


def test_what_others_told_is_not_taken_for_said_just_now(advice: Advice) -> None:
    talk = planned(advice)
    meanwhile(advice, talk, facts={"employees": 300})
    talk.hears("thanks", "thanks").does(ReadMessage(advice))

    tracker = type("Seen", (), {"events": talk.events})

    assert talk.slots["employees"] == 300
    assert "employees" not in set_since_spoken(tracker)
    assert talk.slots["role"] is None


def test_what_comes_in_while_a_message_is_answered_is_kept_too(advice: Advice) -> None:
    talk = planned(advice)
    talk.hears("we are a limited company", "give_profile").does(ReadMessage(advice))
    meanwhile(advice, talk, facts={"employees": 300}, needs=("export_markets",))

    talk.does(ShowRoadmap(advice))
    told = says(advice, talk, "thanks, and we began in 2019", "give_profile")

    assert (told["employees"], told["legal_form"]) == (300, "limited_company")
    assert talk.slots["employees"] == 300
    assert talk.slots["needs"] == ["process_improvement", "export_markets"]


def test_a_second_business_takes_nothing_from_the_firsts_roadmap(advice: Advice) -> None:
    talk = planned(advice)
    meanwhile(advice, talk, facts={"employees": 300})
    first = {name: talk.slots[name] for name in ("roadmap", "planned")}
    talk.slots |= {
        "roadmap": None,
        "planned": None,
        "employees": None,
        "needs": ["finance"],
        "place": "Cardiff",
    }

    told = says(advice, talk, "we are a charity", "give_profile")

    assert "employees" not in told
    assert talk.slots["roadmap"] != first["roadmap"]


def test_a_broker_who_plans_over_an_older_record_undoes_nothing_of_the_owners(advice: Advice) -> None:
    owner = planned(advice)
    id = owner.slots["roadmap"]
    known = Known(("process_improvement",), {"employees": 14, "place": "Dudley"})
    meanwhile(advice, owner, facts={"employees": 300})
    talk = Talk().for_a_client(needs=known.needs, profile=known.profile, roadmap=id, planned=known.dumped())

    told = says(advice, talk, "they're a limited company", "give_profile")

    assert talk.slots["roadmap"] == id
    assert (told["employees"], told["legal_form"]) == (300, "limited_company")
    assert "planned" not in talk.slots
