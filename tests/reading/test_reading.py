"""A whole message: several facts at once, in the profile's own shape, nothing invented."""

import pytest

from knowledge_base.profile import dump_profile, parse_profile
from knowledge_base.words import FACTS, LEGAL_FORMS, SECTORS

MESSAGES = [
    "We run a bakery in Dudley, 14 of us, trading since 2019, turnover £1.2m, need £50k by Easter, no loans",
    "Client: precision valves firm, Telford, fewer than 50 staff, Ltd, £4m t/o. Needs 300k.",
    "I'm a sole trader, just me, mobile hairdresser in Hereford, started in March, in Welsh please",
    "Vi är ett AB i Jönköping, 5 anställda, omsättning 2,5 mkr",
    "we've done Help to Grow and had £20k of grants last year",
]


def test_a_message_full_of_facts_is_read_in_one_go(read):
    told = read(MESSAGES[0])

    assert dict(told.facts) == {
        "employees": 14,
        "place": "Dudley",
        "sector": "food_drink",
        "turnover": {"amount": 1_200_000, "currency": "GBP"},
        "trading_months": {"from": 82, "to": 94},
        "amount": {"amount": 50_000, "currency": "GBP"},
        "deadline": "2027-03-28",
        "refuses": ["loan"],
    }
    assert dict(told.implied) == {"stage": "established"}


@pytest.mark.parametrize("message", MESSAGES)
def test_what_is_read_is_a_profile(read, message):
    facts = read(message).facts
    profile = parse_profile(facts)

    assert facts
    assert set(facts) <= set(FACTS)
    assert dump_profile(profile) == dict(facts)
    assert facts.get("sector") in {*SECTORS, None}
    assert facts.get("legal_form") in {*LEGAL_FORMS, None}


def test_each_fact_says_where_it_was_read(read):
    told = read(MESSAGES[0])

    assert {fact: MESSAGES[0][start:end] for fact, (start, end) in told.spans.items()} == {
        "employees": "14 of us",
        "place": "Dudley",
        "sector": "bakery",
        "turnover": "£1.2m",
        "trading_months": "trading since 2019",
        "stage": "trading since 2019",
        "amount": "£50k",
        "deadline": "by Easter",
        "refuses": "loans",
    }


@pytest.mark.parametrize(
    "said",
    [
        "hello",
        "thanks, that's great",
        "yes",
        "no",
        "what can you do for me?",
        "every bid I write I come second",
        "can someone explain an API like I'm 5",
        "phones. we miss a third of our calls",
    ],
)
def test_a_message_without_facts_gives_none(read, said):
    told = read(said)

    assert not told.facts
    assert (told.offers, told.refused, told.turned_down, told.unknown_place) == ((), (), (), None)


def test_reading_twice_gives_the_same(read):
    assert [read(m) for m in MESSAGES] == [read(m) for m in MESSAGES]


def test_what_is_read_cannot_be_changed(read):
    with pytest.raises(TypeError):
        read(MESSAGES[0]).facts["employees"] = 99


def test_a_name_and_a_way_to_be_reached_are_read_only_when_asked_for(read):
    said = "Jane Smith, jane@example.org or 07700 900123"

    assert read(said).contact is None
    assert read(said, asked="contact").contact == {
        "email": "jane@example.org",
        "phone": "07700 900123",
        "name": "Jane Smith",
    }
    assert not read("I'm Jane, 14 staff", asked="contact").facts


@pytest.mark.parametrize(
    ("said", "contact"),
    [
        ("my email is bob.jones+work@mail.example.org", {"email": "bob.jones+work@mail.example.org"}),
        ("+46 36 10 00 00", {"phone": "+46 36 10 00 00"}),
        ("My name is Åsa Öberg", {"name": "Åsa Öberg"}),
        ("no thanks", None),
        ("123", None),
    ],
)
def test_contact_details_come_in_parts(read, said, contact):
    assert read(said, asked="contact").contact == contact


def test_a_question_about_needs_is_no_question_about_a_fact(read):
    told = read("I'd rather not say", asked="needs")

    assert told.refused == ()
