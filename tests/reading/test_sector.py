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


@pytest.mark.parametrize(
    ("said", "sector"),
    [
        ("Nine of us tiling bathrooms in Wrexham", "construction"),
        ("Eleven people pressing brackets, Tipton", "manufacturing"),
        ("Six women sewing curtains in Telford", "manufacturing"),
        ("we're oatcakes, in Leek", "food_drink"),
        ("we do pork pies", "food_drink"),
        ("our perry won't clear this year", "food_drink"),
        ("our bread's too dear for the supermarkets", "food_drink"),
        ("Honey, Builth Wells.", "food_drink"),
        ("9 of us, pickles.", "food_drink"),
        ("Cauliflowers. The wet spring did for half of them.", "agriculture"),
        ("250 ewes above Bala and a quad that won't start", "agriculture"),
        ("I smoke mackerel in Aberdyfi", "food_drink"),
        ("we pickle onions, Evesham", "food_drink"),
        ("We mend dishwashers all over Stafford", "other_services"),
        ("I sell second-hand bikes from a lock-up", "retail_wholesale"),
        ("i sell candles", "retail_wholesale"),
        ("vintage clothes, Leicester, online only", "retail_wholesale"),
        ("chimney sweep, Hereford", "other_services"),
        ("I'm a farrier", "other_services"),
        ("going to be a mobile mechanic, on my own", "retail_wholesale"),
        ("I'd be making baby clothes", "manufacturing"),
        ("I would open nail salon in Cardiff", "other_services"),
        ("We would begin a tea room with my sister", "hospitality_tourism"),
        ("I want to start a window cleaning round", "other_services"),
        ("I begin with online shop for yarn", "retail_wholesale"),
        ("Eight of us on a campsite near Tenby", "hospitality_tourism"),
        ("Twelve of us in this recruitment agency and one printer", "professional_services"),
        ("three friends with a coffee van", "hospitality_tourism"),
        ("what would innovation mean for a funeral director", "other_services"),
        ("is there any support for a small tannery", "manufacturing"),
        ("can a pub get an energy grant", "hospitality_tourism"),
        ("to compare notes with nurseries like ours, day nurseries like ours", "health_social_care"),
        ("a customer slipped in my restaurant", "hospitality_tourism"),
        (
            "Drove for a haulage firm six years and now I want my own lorry and to be on my own",
            "transport_logistics",
        ),
        ("childminder going full time, Rugby", "health_social_care"),
        ("three bike cafés", "hospitality_tourism"),
        ("it was wrong before. Put garden centre.", "retail_wholesale"),
        ("Every day the hotel throws out bread and I want us to stop", "hospitality_tourism"),
        ("four of us spun out with an antibody, Cardiff", "life_sciences"),
        ("We're a scale-up (booking software)", "digital_tech"),
        ("wedding dresses, made by us in Stoke", "manufacturing"),
        ("our bricks crack in the kiln", "manufacturing"),
        ("swimming school, Newport", "education_training"),
        ("Guest house in Sopot", "hospitality_tourism"),
        ("we do skip hire", "energy_environment"),
        ("I publish guidebooks", "creative_media"),
        ("private investigator, Derby", "professional_services"),
        ("We fish for crab off Anglesey", "agriculture"),
        ("firma remontowa w Gdyni", "construction"),
        ("Jag är frisör i Tranås", "other_services"),
        ("Client's a brickworks, sixty staff", "manufacturing"),
    ],
)
def test_a_trade_is_heard_in_whatever_way_it_is_said(read, said, sector):
    assert read(said).facts.get("sector") == sector


@pytest.mark.parametrize(
    "said",
    [
        "Does my gym count",
        "How do I dissolve a marriage when we both own the farm",
        "Looking for part-time work, a bar or a shop",
        "Is my neighbour allowed to run a car repair business",
        "whoever wrote this has never run a chip shop",
        "Our web shop is only in Danish",
        "before we build any booking app",
        "a supermarket asked us for a discount",
        "our importer found out",
        "our bread supplier let us down",
        "our cider press machine broke",
        "pawn shop sold my watch",
        "our software tells dentists when to reorder gloves",
        "give me others who run theatres",
        "my daughter wants to open a salon",
        "Explain me 'state aid' with words for a butcher",
        "we supply caravan parks",
        "our app helps plumbers",
        "I look after my dad",
        "saved our bacon",
        "press the orange button",
        "our only castings come from one foundry in Qingdao",
        "my landlord owns a guest house",
        "the caravan park next door complains",
        "cookies, can I say no",
        "we used to be next to a brickworks",
        "Is there a market for goat ice cream",
        "our tea is cold",
        "who sells bricks near Telford",
        "we buy our bread from a bakery",
    ],
)
def test_what_is_no_trade_of_the_senders_settles_nothing(read, said):
    assert "sector" not in read(said).facts


def test_what_is_listed_stands_before_what_it_implies(read):
    assert read("We run a coffee shop").facts["sector"] == "hospitality_tourism"
    assert read("We run a lampshade shop").facts["sector"] == "retail_wholesale"
    assert read("We're a lampshade maker").facts["sector"] == "manufacturing"


def test_a_shop_whose_page_is_all_that_is_told_is_left_open(read):
    assert "sector" not in read("The web shop is slow").facts
    assert read("I run an online shop for tea towels").facts["sector"] == "retail_wholesale"


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
    assert len(seen) > 7000


@pytest.mark.parametrize(
    ("said", "sector"),
    [
        ("Could the chip shop get help with its oil bill?", "hospitality_tourism"),
        ("My client turns over a million, they weave tartan rugs", "manufacturing"),
        ("Start-up, we turn old nets into mats", "manufacturing"),
        ("Jag har en liten möbelfabrik", "manufacturing"),
        ("Has anyone seen how other bakeries save gas?", "food_drink"),
    ],
)
def test_a_trade_said_plainly_is_the_senders(read, said, sector):
    assert read(said).facts.get("sector") == sector


@pytest.mark.parametrize(
    "said",
    [
        "my cousin has a brewery and got a grant",
        "we sell kits for care homes",
        "the village bakery is shutting",
    ],
)
def test_a_trade_given_to_another_is_not(read, said):
    assert "sector" not in read(said).facts
