"""Where the business is; not where it sells, is going, or is not."""

import pytest


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("We're in Dudley", "Dudley"),
        ("based near Hereford", "Hereford"),
        ("Ropeworks, Walsall", "Walsall"),
        ("postcode DY1 2AB", "DY1 2AB"),
        ("our unit is at dy1 2ab", "DY1 2AB"),
        ("Vi är i Jönköping", "Jönköping"),
        ("no, Coventry not Birmingham", "Coventry"),
        ("We're in Birmingham, sorry, Coventry", "Coventry"),
        ("we're not in Wales, we're in Hereford", "Hereford"),
        ("We sell to Germany from our shop in Telford", "Telford"),
        ("I'm in Sweden", "Sweden"),
        ("we are 12 people in Dudley", "Dudley"),
        ("14 people in Coventry, limited company", "Coventry"),
        ("We are 14 people in Dudley", "Dudley"),
        ("8 people in Gnosjö", "Gnosjö"),
        ("we moved from Birmingham to Coventry", "Coventry"),
    ],
)
def test_the_own_place_is_read(read, said, place):
    assert read(said).facts.get("place") == place


@pytest.mark.parametrize(
    "said",
    [
        "we're not in Wales",
        "we export to Germany",
        "customers in Ireland keep asking",
        "thinking of moving to Cardiff",
        "opening in Derby next spring",
        "our supplier in Leicester went bust",
        "a man in Swindon undercuts me",
        "mills in Portugal make it for us",
        "We met 14 people in Dudley",
        "we train 200 people in Derby every spring",
    ],
)
def test_other_places_are_left_alone(read, said):
    assert "place" not in read(said).facts


def test_a_bare_place_answers_the_question(read):
    assert read("Dudley", asked="place").facts["place"] == "Dudley"
    assert read("dudley", asked="place").facts["place"] == "Dudley"


def test_a_place_we_do_not_know_is_named_not_guessed(read):
    told = read("we're in Blimpton Parva")
    assert told.unknown_place == "Blimpton Parva"
    assert "place" not in told.facts

    assert read("Blimpton", asked="place").unknown_place == "Blimpton"


@pytest.mark.parametrize("answer", ["dunno", "why do you ask", "skip", "I'd rather not say", "no"])
def test_an_answer_that_is_no_place_is_not_an_unknown_place(read, answer):
    assert read(answer, asked="place").unknown_place is None


def test_no_place_is_made_of_ordinary_words(read):
    assert "place" not in read("I was reading in the bath about a sale in march").facts
    assert read("we need help in finding customers").unknown_place is None
