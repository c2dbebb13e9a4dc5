"""An offer is found by its id or a name of its own; where there is none, the closest are named."""

from __future__ import annotations

import pytest

from knowledge_base.offer_lookup import NoSuchOffer, find_offer
from tests.core.builders import catalogue, offer

RECORDS = catalogue(
    offer("growth-course", name="Grow Your Firm: Management", aliases=("GYFM", "Grow")),
    offer("growth-club", name="Grow Your Firm: Club", aliases=("Grow",)),
    offer("cafe-prize", name="Café Prize", local_name="Gwobr Caffi"),
    offer("lab-days", name="The Open-Lab Days"),
)


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("growth-course", "growth-course"),
        ("  growth-course\n", "growth-course"),
        ("grow your firm management", "growth-course"),
        ("gyfm", "growth-course"),
        ("CAFE PRIZE", "cafe-prize"),
        ("gwobr caffi", "cafe-prize"),
        ("open lab days", "lab-days"),
    ],
)
def test_an_offer_is_found_however_it_is_written(text, id):
    assert find_offer(RECORDS, text).id == id


def test_a_name_that_several_share_is_not_guessed():
    with pytest.raises(NoSuchOffer, match="'grow' may be several offers; use the id") as found:
        find_offer(RECORDS, "grow")

    assert set(found.value.close) == {"growth-club", "growth-course"}


def test_a_slip_of_the_pen_gets_the_closest_names():
    with pytest.raises(NoSuchOffer, match=r"the closest are growth-course \(Grow Your Firm: Management\)"):
        find_offer(RECORDS, "grow your firm managment")


@pytest.mark.parametrize("text", ["", " ", "-", "!!!", "\x00", "ö" * 100_000, "(" * 5000, "moonshine xyz"])
def test_what_is_no_name_at_all_is_refused_in_few_words(text):
    with pytest.raises(NoSuchOffer) as found:
        find_offer(RECORDS, text)

    assert "is not an offer we know; use its id or its name" in str(found.value)
    assert len(str(found.value)) < 400


def test_a_book_without_offers_has_no_closest():
    with pytest.raises(NoSuchOffer) as found:
        find_offer(catalogue(), "growth-course")

    assert found.value.close == ()
