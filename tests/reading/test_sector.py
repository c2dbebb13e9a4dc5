"""What the business does, in plain words; the first own activity wins."""

import pytest

from knowledge_base.reading.lists import table
from knowledge_base.words import SECTORS


@pytest.mark.parametrize(
    ("said", "sector"),
    [
        ("We run a dairy farm near Bala", "agriculture"),
        ("we're farmers", "agriculture"),
        ("Bakery in Wrexham, nine staff", "food_drink"),
        ("We make chutney in a unit", "food_drink"),
        ("small brewery, Llanidloes", "food_drink"),
        ("a six man sheet metal shop", "manufacturing"),
        ("we do metal fabrication", "manufacturing"),
        ("I make furniture to order", "manufacturing"),
        ("gasket manufacturer, Telford", "manufacturing"),
        ("We're a recycling company", "energy_environment"),
        ("I'm a plumber by trade", "construction"),
        ("our joinery is full to the door", "construction"),
        ("I run a butcher's shop", "retail_wholesale"),
        ("MOT garage, Pontypool", "retail_wholesale"),
        ("haulier, 14 trucks", "transport_logistics"),
        ("I own a taxi firm", "transport_logistics"),
        ("we run a small café", "hospitality_tourism"),
        ("my pub has rooms", "hospitality_tourism"),
        ("We're a software house", "digital_tech"),
        ("we build apps for schools", "digital_tech"),
        ("games studio in Leamington", "creative_media"),
        ("I run a gym", "creative_media"),
        ("Letting agents, Worcester", "finance_property"),
        ("I'm an accountant", "professional_services"),
        ("we're an engineering consultancy", "professional_services"),
        ("I own a driving school", "education_training"),
        ("We run a care home in Llanelli", "health_social_care"),
        ("our day nursery has 40 children", "health_social_care"),
        ("a plant nursery outside Evesham", "agriculture"),
        ("dental lab in Derby", "life_sciences"),
        ("medtech startup, Cardiff", "life_sciences"),
        ("I've a hair salon", "other_services"),
        ("we're in the food industry", "food_drink"),
        ("food", None),
        ("our church hall leaks", "other_services"),
        ("Jag driver ett litet tryckeri", "manufacturing"),
        ("we are a printing business", "manufacturing"),
        ("printer business", "manufacturing"),
        ("food mfr, Dudley", "food_drink"),
        ("food mfg", "food_drink"),
        ("we're a small mfr", "manufacturing"),
        ("we make socks", "manufacturing"),
        ("hosiery, Leicester", "manufacturing"),
        ("I run a barbers, West Brom", "other_services"),
        ("knitwear manufacturer", "manufacturing"),
        ("we run a dog wash", "other_services"),
        ("dog grooming, Telford", "other_services"),
        ("an ecommerce company", "retail_wholesale"),
        ("I have an online shop", "retail_wholesale"),
        ("joinery workshop in Hereford", "manufacturing"),
        ("our joinery makes sash windows", "manufacturing"),
        ("we're joiners", "construction"),
        ("we are 14 people in Dudley making packaging", "manufacturing"),
        ("family firm in Dudley making packaging", "manufacturing"),
    ],
)
def test_trade_words_name_a_sector(read, said, sector):
    assert read(said).facts.get("sector") == sector


@pytest.mark.parametrize(
    "said",
    [
        "we want to sell to manufacturers",
        "our accountant told us to ask",
        "the garage next door is noisy",
        "I need a plumber",
        "looking for a software developer",
        "our customers are care homes",
        "we sell into hotels and restaurants",
        "is there a bakery in Derby that will share an oven",
        "the shop floor is too hot",
        "I used to be a nurse",
        "we're not a charity shop",
        "my garage is full of boxes",
        "we want help with our e-commerce",
        "we met 14 people from firms making packaging",
        "my printer is broken",
        "our only castings come from one foundry in Qingdao",
        "two of my hairdressers want to open up",
        "are dentists private sector for this?",
        "the haulier wants a form",
        "events in March, mfg audience, any",
        "my neighbour's farm floods",
        "a solicitor wrote to me",
    ],
)
def test_other_peoples_trades_are_left_alone(read, said):
    assert "sector" not in read(said).facts


def test_the_first_own_activity_wins(read):
    assert read("We run a bakery and our café is next").facts["sector"] == "food_drink"
    assert read("We sell to farms. We're a software company.").facts["sector"] == "digital_tech"


def test_a_bare_trade_answers_the_question(read):
    assert read("plumbing", asked="sector").facts["sector"] == "construction"
    assert read("food", asked="sector").facts["sector"] == "food_drink"
    assert read("hairdresser", asked="sector").facts["sector"] == "other_services"


def test_the_table_holds_the_closed_list_and_no_word_twice():
    sectors = table("sectors")
    seen: dict[str, str] = {}
    for sector, kinds in sectors.items():
        for words in kinds.values():
            for word in words.split(",") if isinstance(words, str) else []:
                assert seen.setdefault(word.strip(), sector) == sector, word

    assert set(sectors) == set(SECTORS)
    assert len(seen) > 700
