"""Which fact is asked next, and when to stop asking."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.documents import roadmap_document
from knowledge_base.profile import Profile, dump_profile, parse_profile
from knowledge_base.questions import Question, next_question
from knowledge_base.records import Offer
from knowledge_base.roadmap import make_roadmap
from tests.core.builders import (
    TODAY,
    any_of,
    business,
    catalogue,
    closed,
    employs,
    grant_for_exporters,
    in_words,
    is_one_of,
    offer,
    resolve,
    turns_over,
)
from tests.core.worlds import PLACES, world

NOBODY = business()


def ask(*offers: Offer, profile: Profile = NOBODY, needs=("process_improvement",), **more) -> Question | None:
    return next_question(catalogue(*offers), needs, profile, TODAY, resolve=resolve, **more)


def asked(*offers: Offer, **more) -> str | None:
    question = ask(*offers, **more)
    return question.fact if question else None


def test_the_fact_that_settles_most_is_asked():
    found = ask(
        offer("a", criteria=(employs(5, 9), turns_over(None, 10))),
        offer("b", criteria=(turns_over(None, 10),)),
        offer("c", "loan", stages=("fund",), criteria=(turns_over(None, 99),)),
    )

    assert found == Question("turnover", 3, ("a", "b", "c"))


def test_between_equals_the_place_is_asked_before_the_size():
    assert asked(grant_for_exporters(), needs=["export_markets"]) == "place"


def test_nothing_is_asked_when_every_condition_is_settled():
    assert (
        asked(grant_for_exporters(), needs=["export_markets"], profile=business(place="Dudley", employees=9))
        is None
    )


def test_nothing_is_asked_where_no_record_puts_a_condition():
    assert asked(offer("a"), offer("b", criteria=(in_words("Not started"),))) is None


@pytest.mark.parametrize("facts", [{"refused": ["employees"]}, {"employees": 7, "refused": ["employees"]}])
def test_what_a_business_would_rather_not_say_is_never_asked(facts):
    assert asked(offer("a", criteria=(employs(5, 9),)), profile=business(**facts)) is None


def test_nothing_is_asked_about_offers_that_cannot_enter():
    size = (employs(5, 9),)
    others = (
        offer("ended", criteria=size, window=closed()),
        offer("elsewhere", criteria=size, areas=("wales",)),
        offer("loan", "loan", criteria=size, stages=("fund",)),
        offer("used", criteria=size),
        offer("for-brokers", criteria=size, audience="broker"),
        offer("for-another-need", criteria=size, needs=("premises",)),
        offer("out-of-reach", criteria=size, requires=("ended",)),
    )
    told = business(place="Dudley", refuses=["loan"], done=["used"])

    assert asked(offer("sure"), *others, profile=told) is None


def test_nothing_is_asked_about_an_offer_that_would_not_be_chosen_even_if_it_fitted():
    better = offer("better", "diagnostic")
    worse = offer(
        "worse",
        "network",
        stages=("diagnose",),
        needs=("process_improvement", "finance", "premises", "start_up"),
    )
    assert asked(better, worse) is None

    no_better_for_the_answer = Offer(**{**_fields(worse), "criteria": (is_one_of("legal_form", "charity"),)})
    assert asked(better, no_better_for_the_answer) is None


def test_something_is_asked_about_an_offer_that_would_be_chosen_if_it_fitted():
    plain = offer("plain", "advice")
    made_for_makers = offer("for-makers", "diagnostic", criteria=(is_one_of("sector", "manufacturing"),))

    assert asked(plain, made_for_makers) == "sector"


def test_what_a_step_requires_is_asked_about_too():
    first = offer("first", needs=("premises",), criteria=(employs(5, 9),))
    grant = offer("grant", "grant", stages=("fund",), requires=("first",))

    assert asked(first, grant) == "employees"


def test_a_group_asks_for_a_fact_that_could_still_meet_it():
    group = any_of(is_one_of("sector", "manufacturing"), employs(50, None))

    assert asked(offer("a", criteria=(group,))) == "employees"
    assert asked(offer("a", criteria=(group,)), profile=business(employees=3)) == "sector"
    assert asked(offer("a", criteria=(group,)), profile=business(sector="manufacturing")) is None


def test_a_group_only_the_provider_can_settle_asks_for_nothing():
    assert asked(offer("a", criteria=(any_of(employs(5, 9), in_words("You were invited")),))) is None


def test_a_range_too_wide_is_asked_for_once_more_and_then_left():
    told = business(employees={"from": 1, "to": 300})
    scheme = offer("a", criteria=(employs(5, 9),))

    assert ask(scheme, profile=told) == Question("employees", 1, ("a",), sharper=True)
    assert ask(scheme, profile=told, sharpened={"employees"}) is None


def test_a_nation_is_asked_for_more_exactly_when_an_offer_is_for_one_city():
    scheme = offer("a", areas=("cardiff",))

    assert ask(scheme, profile=business(place="Wales")).sharper
    assert asked(scheme, profile=business(place="Cardiff")) is None


def test_a_place_nobody_knows_is_asked_for_again():
    assert ask(offer("a", areas=("cardiff",)), profile=business(place="Narnia")).sharper


def test_an_untold_fact_is_asked_before_one_told_too_coarsely():
    scheme = offer("a", areas=("cardiff",), criteria=(employs(5, 9),))

    assert asked(scheme, profile=business(place="Wales")) == "employees"


def test_money_told_in_another_currency_is_not_asked_for_again():
    told = business(turnover={"amount": 5, "currency": "SEK"})

    assert asked(offer("a", criteria=(turns_over(None, 10),)), profile=told) is None


def test_the_roadmap_carries_the_question():
    scheme = offer("a", criteria=(employs(5, 9),))
    found = make_roadmap(catalogue(scheme), ["process_improvement"], NOBODY, TODAY, resolve=resolve)

    assert found.next_question == ask(scheme)


ANSWERS = {
    "employees": [0, 3, 7, 12, 30, 300],
    "place": PLACES,
    "sector": ["manufacturing", "construction"],
    "turnover": [{"amount": n, "currency": c} for n in (0, 50, 500) for c in ("GBP", "SEK")],
    "legal_form": ["sole_trader", "charity"],
    "languages": [["en"], ["sv"]],
}


def with_answer(profile: Profile, fact: str, value: object) -> Profile:
    return parse_profile({**dump_profile(profile), fact: value})


def advice(given_, profile: Profile) -> list[tuple[str, str, str | None]]:
    roadmap = make_roadmap(given_.catalogue(), given_.needs, profile, TODAY, resolve=resolve)
    steps = [step for phase in roadmap_document(roadmap)["phases"] for step in phase["steps"]]
    return [(step["offer"], step["verdict"], step["reserve"]) for step in steps]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**40))
def test_when_nothing_is_asked_no_answer_would_have_changed_the_steps(seed):
    given_ = world(seed)
    if next_question(given_.catalogue(), given_.needs, given_.profile, TODAY, resolve=resolve) is not None:
        return
    now = [step[:2] for step in advice(given_, given_.profile)]
    for fact, answers in ANSWERS.items():
        if given_.profile.told(fact) or fact in given_.profile.refused:
            continue
        for answer in answers:
            then = advice(given_, with_answer(given_.profile, fact, answer))
            assert [step[:2] for step in then] == now, (fact, answer)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**40))
def test_a_question_is_only_about_what_the_business_has_not_told_or_refused(seed):
    given_ = world(seed)
    found = next_question(given_.catalogue(), given_.needs, given_.profile, TODAY, resolve=resolve)

    if found is not None:
        assert found.fact not in given_.profile.refused
        assert found.sharper is given_.profile.told(found.fact)
        assert found.settles >= len(found.offers) >= 1


def _fields(record: Offer) -> dict[str, object]:
    return {name: getattr(record, name) for name in record.__dataclass_fields__}
