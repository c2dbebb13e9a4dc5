"""The offers a business nearly fits, and what is missing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge_base.asked import Asked
from knowledge_base.eligibility import assess
from knowledge_base.nearest import after
from knowledge_base.nearly import MOST_FAILED, nearly
from knowledge_base.records import Catalogue
from knowledge_base.view import View
from tests.core.builders import (
    AREAS,
    TODAY,
    business,
    closed,
    employs,
    is_none_of,
    is_one_of,
    is_within,
    offer,
    turns_over,
)
from tests.core.worlds import world


def asked(**facts) -> Asked:
    return Asked(("finance",), business(**{"place": "Dudley", **facts}), TODAY)


def view(*offers) -> View:
    return View.of(Catalogue.of(AREAS, [replace(each, needs=("finance",)) for each in offers]))


def found(records, asking, limit=10, leave_out=()):
    return [(near.offer.id, near.verdict) for near in nearly(view(*records), asking, limit, leave_out)]


def test_a_firm_one_employee_short_of_a_grant_nearly_fits_it_and_is_told_so():
    grant = offer("example-grant", criteria=(employs(5, 249),))

    [near] = nearly(view(grant), asked(employees=4), 5)

    assert near.offer.id == "example-grant"
    assert near.verdict == "unlikely"
    assert [each.words for each in near.missing] == ["you employed one more person, 5 in all"]


def test_what_only_has_to_be_told_is_named_as_that():
    grant = offer("example-grant", criteria=(employs(5, 249),))

    [near] = nearly(view(grant), asked(), 5)

    assert near.verdict == "unsure"
    assert near.failed == ()
    assert len(near.unsure) == 1


def test_what_fits_already_is_not_nearly_fitting():
    assert found([offer("example-advice")], asked()) == []


def test_what_closed_or_was_turned_down_or_done_is_left_out():
    open_to = (employs(5, 249),)
    offers = [
        offer("closed-grant", criteria=open_to, window=closed("2023-04")),
        offer("no-grant", criteria=open_to),
        offer("done-grant", criteria=open_to),
        offer("near-grant", criteria=open_to),
    ]
    asking = replace(asked(employees=4, done=["done-grant"]), turned_down=("no-grant",))

    assert found(offers, asking) == [("near-grant", "unlikely")]


def test_a_business_is_not_told_to_move_to_another_country():
    assert found([offer("welsh-grant", criteria=(is_within("wales"),))], asked()) == []


def test_the_nearest_comes_first_and_no_more_are_given_than_asked_for():
    offers = [
        offer("a-two-short", criteria=(employs(6, None), turns_over(1300, None))),
        offer("b-one-short", criteria=(employs(6, None),)),
        offer("c-to-tell", criteria=(is_one_of("sector", "manufacturing"),)),
    ]
    asking = asked(employees=5, turnover={"amount": 1000, "currency": "GBP"})

    assert [id for id, _ in found(offers, asking)] == ["c-to-tell", "b-one-short", "a-two-short"]
    assert [id for id, _ in found(offers, asking, limit=1)] == ["c-to-tell"]


def test_what_misses_many_conditions_is_far():
    many = (employs(500, None), turns_over(9_000_000, None), is_none_of("legal_form", "sole_trader"))
    asking = asked(employees=4, turnover={"amount": 5, "currency": "GBP"}, legal_form="sole_trader")

    assert len(many) > MOST_FAILED
    assert found([offer("far-grant", criteria=many)], asking) == []


def test_the_steps_of_the_roadmap_are_not_named_again():
    offers = [offer("example-grant", criteria=(employs(5, 249),))]

    assert found(offers, asked(), leave_out=["example-grant"]) == []


def test_a_kind_that_the_client_refuses_is_not_offered_as_nearly_fitting():
    loan = offer("example-loan", kind="loan", criteria=(employs(5, 249),))

    assert found([loan], asked(employees=4, refuses=["loan"])) == []


@pytest.mark.parametrize("seed", range(40))
def test_whatever_is_named_would_fit_after_the_changes_named(seed):
    made = world(seed)
    seen = View.of(made.catalogue())
    asking = Asked(tuple(made.needs), made.profile, TODAY, turned_down=tuple(made.turned_down))

    near = nearly(seen, asking, 20)

    assert [each.offer.id for each in nearly(seen, asking, 20)] == [each.offer.id for each in near]
    for each in near:
        later = after(asking, each.missing)
        assert set(each.offer.needs) & set(asking.needs)
        assert assess(each.offer, seen.situation(asking.profile)).verdict == each.verdict != "likely"
        assert assess(each.offer, seen.situation(later.profile)).verdict == "likely"
        assert all(change.within_reach for change in each.missing)
