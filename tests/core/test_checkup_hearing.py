"""How an answer is heard in what people type: numbers, a word or two, a sentence, or a wish to be spared."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.checkup import Heard, hear, is_question, read_checkup

CHECKUP = read_checkup()


def heard(question: str, text: str) -> Heard:
    found = CHECKUP.question(question)
    assert found is not None
    return hear(CHECKUP, found, text)


@pytest.mark.parametrize(
    ("question", "text", "option"),
    [
        ("works", "yes", "yes"),
        ("works", "Yeah, definitely.", "yes"),
        ("works", "1", "yes"),
        ("works", "3.", "no"),
        ("works", "number two", "some"),
        ("works", "the second one", "some"),
        ("works", "sort of", "some"),
        ("works", "sort of?", "some"),
        ("works", "yes, a bit", "some"),
        ("works", "not really", "no"),
        ("works", "nope, same as ever", "no"),
        ("works", "No we haven’t changed a thing", "no"),
        ("works", "we put in a booking system last year", "yes"),
        ("reaches", "we sell online now", "yes"),
        ("sells", "a service", "service"),
        ("sells", "products and services", "both"),
        ("sells", "we're trying a new product", "trying"),
        ("sells", "neither", "no"),
        ("listens", "only when they complain", "hears"),
        ("listens", "we ask them but don't always change things", "hears"),
    ],
)
def test_one_answer_is_heard(question: str, text: str, option: str) -> None:
    assert heard(question, text) == Heard("answer", (option,))


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("no time and no money", ("time", "money")),
        ("2 and 4", ("skills", "money")),
        ("4, 2", ("skills", "money")),
        ("we can't afford it", ("money",)),
        ("dunno where to start really", ("know",)),
        ("don't know", ("know",)),
        ("too busy, and I'm on my own", ("time", "people")),
        ("nothing", ("nothing",)),
        ("nothing but money", ("money",)),
    ],
)
def test_several_things_in_the_way_are_heard(text: str, options: tuple[str, ...]) -> None:
    assert heard("holds", text) == Heard("answer", options)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("skip", "skip"),
        ("I'd rather not say", "skip"),
        ("please skip this one", "skip"),
        ("I don't know", "skip"),
        ("no idea", "skip"),
        ("stop", "stop"),
        ("ok let's stop now", "stop"),
        ("no thanks", "stop"),
        ("skip the rest", "stop"),
        ("go back", "back"),
        ("sorry, that was wrong", "back"),
        ("what do you mean?", "help"),
        ("can you give me an example please", "help"),
        ("why do you ask?", "help"),
    ],
)
def test_a_wish_about_the_questions_is_heard(text: str, kind: str) -> None:
    assert heard("works", text).kind == kind
    assert heard("earns", text.upper()).kind == kind


def test_going_back_to_a_number_names_it() -> None:
    assert heard("earns", "go back to 2") == Heard("back", to=2)
    assert heard("earns", "back to the first question") == Heard("back", to=1)


@pytest.mark.parametrize("text", ["yes", "5 and 1", "9", "0", "1 and 2"])
def test_what_does_not_settle_the_first_question_is_unclear(text: str) -> None:
    assert heard("sells", text).kind == "unclear"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "!!!",
        "🙂",
        "what events are on for small firms?",
        "we need a grant",
        "yes no",
        "٣",
        "1" * 500,
    ],
)
def test_what_is_no_answer_is_unclear(text: str) -> None:
    assert heard("works", text).kind == "unclear"


def test_a_question_back_is_never_taken_for_an_answer() -> None:
    assert heard("holds", "is there any money for new machines?").kind == "unclear"
    assert is_question("can you help with a grant")
    assert not is_question("we bought a van")


def test_every_answer_is_heard_by_its_title_and_its_number() -> None:
    for question in CHECKUP.questions:
        for number, option in enumerate(question.options, 1):
            assert hear(CHECKUP, question, option.title) == Heard("answer", (option.id,)), option.title
            assert hear(CHECKUP, question, str(number)) == Heard("answer", (option.id,))


def test_every_way_to_say_an_answer_is_heard_as_that_answer() -> None:
    for question in CHECKUP.questions:
        for option in question.options:
            for words in option.words:
                said = hear(CHECKUP, question, words)
                assert said == Heard("answer", (option.id,)), (question.id, words, said)


@settings(deadline=None, max_examples=300, print_blob=True)
@given(st.sampled_from(CHECKUP.questions), st.text(max_size=600))
def test_any_text_is_heard_as_something_the_question_knows(question, text: str) -> None:
    said = hear(CHECKUP, question, text)

    assert set(said.options) <= {option.id for option in question.options}
    assert bool(said.options) == (said.kind == "answer")
    assert len(said.options) <= 1 or question.many
    assert hear(CHECKUP, question, text) == said
