"""What is said of the business itself, however it is put, and what is said of somebody else."""

import pytest

from knowledge_base.profile import parse_profile
from tests.reading.measure_dev import SCORED, pairs, rows_of
from tests.understanding.scores import fact_precision, fact_recall


@pytest.mark.parametrize(
    ("said", "sector"),
    [
        ("we brew in a railway arch", "food_drink"),
        ("I've been fitting kitchens since I left school", "construction"),
        ("three of us, we clean ovens", "other_services"),
        ("we fit new bathrooms", "construction"),
        ("we milk 180 cows", "agriculture"),
        ("we are a printer", "manufacturing"),
        ("is there any help for a small florist", "retail_wholesale"),
        ("Groundworks. Nine men, Stourbridge.", "construction"),
        ("my client makes hydraulic hoses", "manufacturing"),
        ("we make 300 widgets a day", "manufacturing"),
        ("the roof slates we make crack", "manufacturing"),
        ("Industry: food manufacturing", "food_drink"),
        ("Hereford based cider maker", "food_drink"),
    ],
)
def test_what_a_business_does_names_its_sector(read, said, sector):
    assert read(said).facts.get("sector") == sector


@pytest.mark.parametrize(
    "said",
    [
        "can you fit a kitchen",
        "I want to brew one day, how do people brew",
        "they bake for cafes",
        "looking for somebody who makes small batch crisps",
        "we make sure of it",
        "we make a loss on returns",
        "my accountant in Stratford said to ask",
        "shops want it to last 12 months",
        "our members are 140 small farms",
        "second salon: genius or suicide",
        "my mum's care home charges too much",
    ],
)
def test_what_others_do_is_not_its_sector(read, said):
    assert "sector" not in read(said).facts


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("we're in Dudley, well, Netherton really", "Netherton"),
        ("I live in Cardiff but the business is in Newport", "Newport"),
        ("not Birmingham, Solihull", "Solihull"),
        ("dairy farm outside Whitland", "Whitland"),
        ("I teach maths online from Aberystwyth", "Aberystwyth"),
    ],
)
def test_the_seat_is_told_apart_from_other_places(read, said, place):
    assert read(said).facts.get("place") == place


@pytest.mark.parametrize(
    "said",
    [
        "my brother's firm in Telford got a grant",
        "we use a foundry in Telford for castings",
        "I deliver to Leeds, York and Hull",
        "is the Derby event free",
        "do you cover Shropshire",
        "University of Warwick did our testing",
        "Dudley Zoo rang about our feed bins",
        "a wedge of Caerphilly",
        "I lost my job in March",
        "I'd learn more from them than off gov.uk",
        "we're outside Wales",
    ],
)
def test_where_others_are_is_not_its_place(read, said):
    assert "place" not in read(said).facts


@pytest.mark.parametrize(
    ("said", "employees"),
    [
        ("need a grant for new machine, 14 of us in Dudley", 14),
        ("62 carers and 4 in the office", 66),
        ("22 lads on the floor plus 5 in the office", 27),
        ("4 of us in winter and 9 in summer", {"from": 4, "to": 9}),
        ("we used to be 40, now we're 22 and I don't want to lose another", 22),
        ("a marketing agency of 11", 11),
        ("husband and wife team", 2),
        ("security firm, 80 guards", 80),
    ],
)
def test_people_are_counted_as_owners_count_them(read, said, employees):
    assert read(said).facts.get("employees") == employees


@pytest.mark.parametrize(
    "said",
    [
        "my neighbour has a brewery with 12 staff",
        "a big firm with 2,000 employees wants my ramp",
        "only 2 of us can run the machine",
        "the firm across the road has 50 staff",
        "I've two welders need coding in stainless",
    ],
)
def test_other_peoples_people_are_not_counted(read, said):
    assert "employees" not in read(said).facts


@pytest.mark.parametrize(
    "said",
    [
        "does it cost more than £100",
        "the machine cost 85k in 2015",
        "my neighbour got a £5k grant",
        "sales are 35k a month",
        "£2m turnover is the cut off isn't it?",
    ],
)
def test_sums_asked_about_or_long_spent_are_no_facts(read, said):
    assert not {"turnover", "amount", "subsidy_received"} & set(read(said).facts)


def test_the_next_one_shown_can_be_skipped(read):
    assert read("skip the next one", shown=("ktp", "ceic")).skipped == ("ktp",)


@pytest.mark.parametrize("of", ["dev", "held"])
def test_every_label_is_a_profile(of):
    for row in rows_of(of):
        told = parse_profile(row["facts"])

        assert all(getattr(told, fact) not in (None, ()) for fact in row["facts"]), row["facts"]


def test_the_reader_keeps_what_it_reached_on_the_labelled_messages(starter):
    read = list(pairs(rows_of("dev"), starter))

    assert (fact_precision(SCORED, read) or 0) >= 0.97
    assert (fact_recall(SCORED, read) or 0) >= 0.9


def test_of_us_is_said_of_us_whoever_was_named_before(read):
    told = "my brother went off to Spain and now there are 14 of us and every order goes out late"

    assert read(told).facts["employees"] == 14
