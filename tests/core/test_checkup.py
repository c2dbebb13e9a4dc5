"""Where answers place a business, and what follows: the same answers, the same result, nothing guessed."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.areas import AreaTree, starter_areas
from knowledge_base.checkup import (
    BadAnswers,
    Checkup,
    CheckupResult,
    checkup_faults,
    place,
    read_answers,
    read_checkup,
)
from knowledge_base.checkup.documents import result_document
from knowledge_base.checkup.saved import figures_for
from knowledge_base.checkup.shapes import ASPECTS, BARRIERS, LEVELS
from knowledge_base.content_check import check_pack
from knowledge_base.words import NEEDS
from tests.core.builders import TODAY as ON

CONTENT = Path(__file__).resolve().parents[2] / "knowledge_base" / "content"


def placed(**told: Any) -> CheckupResult:
    checkup = read_checkup()
    return place(checkup, read_answers(checkup, told))


def levels(result: CheckupResult) -> dict[str, str | None]:
    return {each.aspect: each.level for each in result.aspects}


def needs(result: CheckupResult) -> list[str]:
    return [each.need for each in result.needs]


ALL_NO = dict.fromkeys(["sells", "works", "organised", "reaches", "earns", "community"], "no")


def test_there_are_five_to_eight_questions_and_together_they_tell_everything() -> None:
    checkup = read_checkup()
    options = [option for question in checkup.questions for option in question.options]

    assert 5 <= len(checkup.questions) <= 8
    assert {aspect for option in options for aspect in option.places} == set(ASPECTS)
    assert {option.barrier for option in options} - {None} == set(BARRIERS)


def test_the_questions_are_plain() -> None:
    for question in read_checkup().questions:
        for sentence in question.ask.replace("?", ".").split(". "):
            assert len(sentence.split()) <= 24, sentence
        assert "innovation" not in question.ask.lower()


def test_a_firm_that_does_no_innovation_begins_with_understanding_it() -> None:
    result = placed(**ALL_NO, listens="acts")

    assert needs(result) == ["understand_innovation"]
    assert result.under_way == 0


def test_a_firm_that_sells_a_new_service_does_innovate() -> None:
    result = placed(sells="service")

    assert levels(result)["service"] == "strong"
    assert levels(result)["product"] == "none"
    assert result.headline.startswith("You do innovate")


def test_what_is_being_tried_is_some_and_its_need_follows() -> None:
    result = placed(sells="no", works="some")

    assert levels(result)["process"] == "some"
    assert needs(result) == ["process_improvement"]


@pytest.mark.parametrize(
    ("barrier", "need"),
    [
        ("know", "understand_innovation"),
        ("skills", "skills_leadership"),
        ("time", "process_improvement"),
        ("money", "finance"),
        ("people", "skills_leadership"),
    ],
)
def test_what_holds_a_business_back_leads_to_its_need_and_says_why(barrier: str, need: str) -> None:
    result = placed(holds=barrier)

    assert result.barriers == (barrier,)
    assert needs(result) == [need]
    assert result.needs[0].because


def test_who_does_not_listen_is_led_to_customers() -> None:
    assert needs(placed(listens="no")) == ["customer_insight"]
    assert placed(listens="no").listening == "none"


def test_a_need_comes_once_with_the_reason_that_came_first() -> None:
    result = placed(works="some", holds=["time"])

    assert needs(result) == ["process_improvement"]
    assert "no time" in result.needs[0].because


def test_everything_in_the_way_at_once_stays_a_short_list() -> None:
    result = placed(**ALL_NO, listens="no", holds=list(BARRIERS))

    assert needs(result) == ["understand_innovation", "skills_leadership", "process_improvement", "finance"]


def test_a_firm_with_all_in_place_is_led_to_others_like_it() -> None:
    all_yes = {**dict.fromkeys(ALL_NO, "yes"), "sells": "both", "listens": "acts", "holds": "nothing"}

    assert needs(placed(**all_yes)) == ["peer_networks"]
    assert placed(**all_yes).under_way == 7


def test_skipped_is_not_taken_for_no() -> None:
    result = placed(sells=None, works="no", holds=[])

    assert levels(result)["product"] is None
    assert levels(result)["process"] == "none"
    assert result.answered == 1


def test_nothing_answered_places_nothing_and_says_so() -> None:
    result = placed()

    assert set(levels(result).values()) == {None}
    assert result.answered == 0
    assert "nothing to place" in result.headline


def test_a_named_barrier_outweighs_nothing() -> None:
    assert placed(holds=["nothing", "money"]).barriers == ("money",)
    assert placed(holds="nothing").barriers == ()


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"sell": "yes"}, "'sell' is not a question"),
        ({"sells": "maybe"}, "use thing, service, both, trying, no or null"),
        ({"works": ["yes", "no"]}, "give one answer"),
        ({"works": True}, "True is not an answer"),
        ({"works": {"yes": 1}}, "is not an answer"),
        ({"holds": ["time", ["money"]]}, "is not an answer"),
        ([], "write question: answer"),
        ("works", "write question: answer"),
        (None, "write question: answer"),
    ],
)
def test_answers_that_cannot_be_read_say_what_is_wrong(told: Any, words: str) -> None:
    with pytest.raises(BadAnswers, match=words):
        read_answers(read_checkup(), told)


def test_the_same_answer_a_thousand_times_is_one() -> None:
    assert placed(holds=["time"] * 1000) == placed(holds="time")


def any_answers(checkup: Checkup) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {},
        optional={
            question.id: st.none()
            | (
                st.lists(st.sampled_from([o.id for o in question.options]), max_size=8)
                if question.many
                else st.sampled_from([o.id for o in question.options])
            )
            for question in checkup.questions
        },
    )


@settings(deadline=None, max_examples=200, print_blob=True)
@given(any_answers(read_checkup()), st.randoms())
def test_any_answers_place_a_business_by_what_was_told_alone(told: dict[str, Any], random: Any) -> None:
    checkup = read_checkup()
    shuffled = list(told.items())
    random.shuffle(shuffled)

    result = place(checkup, read_answers(checkup, told))

    assert place(checkup, read_answers(checkup, dict(shuffled))) == result
    assert 1 <= len(result.needs) <= checkup.most_needs
    assert len({each.need for each in result.needs}) == len(result.needs)
    assert all(each.need in NEEDS and each.because for each in result.needs)
    told_of = {
        aspect
        for question in checkup.questions
        if told.get(question.id)
        for aspect in question.options[0].places
    }
    for each in result.aspects:
        assert (each.level in LEVELS) == (each.aspect in told_of)


@settings(deadline=None, max_examples=100, print_blob=True)
@given(any_answers(read_checkup()))
def test_the_words_say_all_of_the_picture(told: dict[str, Any]) -> None:
    checkup = read_checkup()
    answers = read_answers(checkup, told)
    result = place(checkup, answers)

    words = " ".join(result_document(checkup, answers, result, ON)["words"]).lower()

    assert all(about.name.lower() in words for about in checkup.aspects.values())
    assert all((about.name in words) == (code in result.barriers) for code, about in checkup.barriers.items())


def test_the_share_of_welsh_firms_is_told_in_wales_and_nowhere_else() -> None:
    checkup, tree = read_checkup(), AreaTree(starter_areas())

    (figure,) = figures_for(checkup, tree, ["swansea-bay"])
    assert "28%" in figure.words
    assert figure.source.url
    assert figure.source.seen
    assert figures_for(checkup, tree, ["west-midlands"]) == []
    assert figures_for(checkup, tree, ["swansea-bay", "west-midlands"]) == []
    assert figures_for(checkup, tree, []) == []
    assert figures_for(checkup, tree, ["no-such-area"]) == []


def test_every_figure_names_the_page_and_the_day_it_was_seen() -> None:
    for figure in read_checkup().figures:
        assert figure.source.url
        assert figure.source.url.startswith("https://")
        assert figure.source.seen


def changed(folder: Path, **parts: Any) -> list[str]:
    raw = yaml.safe_load((CONTENT / "checkup.yml").read_text(encoding="utf-8"))
    (folder / "checkup.yml").write_text(yaml.safe_dump({**raw, **parts}, default_flow_style=False), "utf-8")
    return [str(fault) for fault in checkup_faults(folder, ["wales"])]


def part(name: str) -> Any:
    return yaml.safe_load((CONTENT / "checkup.yml").read_text(encoding="utf-8"))[name]


def test_the_starter_pack_has_a_sound_check_up() -> None:
    assert checkup_faults(CONTENT, starter_areas()) == []


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("questions", part("questions")[:3], "3 questions are not five to eight"),
        ("questions", [*part("questions")[:7], part("questions")[0]], "is there twice"),
        ("questions", part("questions")[:-1], "no answer tells this"),
        ("needs", part("needs")[:-1], "end with an entry that has when"),
        ("needs", [{"need": "luck", "when": {}, "because": "Why not"}], "not in the list"),
        ("needs", [{"need": "finance", "when": {"level": "none"}, "because": "So"}], "belong together"),
        ("figures", [{"area": "wales", "words": "Half of all firms"}], "the day it was seen"),
        ("figures", [{**part("figures")[0], "area": "atlantis"}], "is not an area"),
        ("levels", {"strong": "Yes"}, "this is missing"),
        ("commands", {}, "list how people say it"),
        ("scale", "no list", "0 answers are not 2 to 8"),
        ("intro", "Some questions.", "write {count}"),
        ("aspects", None, "this is missing"),
        ("title", ["Check-up"], "is not text"),
        ("extra", 1, "this is not a field"),
    ],
)
def test_a_check_up_with_a_fault_is_explained(tmp_path: Path, name: str, value: Any, words: str) -> None:
    assert any(words in fault for fault in changed(tmp_path, **{name: value}))


def test_words_that_say_two_answers_at_once_are_a_fault(tmp_path: Path) -> None:
    scale = part("scale")
    scale[2]["words"].append("yes")

    assert any("says both yes and no" in fault for fault in changed(tmp_path, scale=scale))


@pytest.mark.parametrize("text", ["", "[]", "a: b: c", "&a [*a]", "questions: 5\nneeds: x\nfigures: {}\n"])
def test_a_file_that_is_no_check_up_is_refused_in_words(tmp_path: Path, text: str) -> None:
    (tmp_path / "checkup.yml").write_text(text, encoding="utf-8")

    assert checkup_faults(tmp_path, [])


def test_content_check_looks_at_the_check_up(tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(Path(__file__).resolve().parents[1] / "pack", pack)
    changed(pack, intro="Some questions.")

    assert any(found.file == "checkup.yml" for found in check_pack(pack, ON))
