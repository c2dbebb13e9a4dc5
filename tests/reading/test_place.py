"""Where the business is; not where it sells, is going, or is not."""

import pytest

from knowledge_base.profile import parse_profile


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
        ("Llandovery we are, up the valley", "Llandovery"),
        ("Eger. The order is bigger than our cellar", "Eger"),
        ("Nine years trading, Vejle, labels", "Vejle"),
        ("Knives from Eskilstuna. Four smiths", "Eskilstuna"),
        ("I came back to Pécs from Vienna and opened a bakery", "Pécs"),
        ("I come home after two years in England to Tychy", "Tychy"),
        ("Of our 12 people in Mold two can weld", "Mold"),
        ("is there a market for snail caviar in Kington?", "Kington"),
        ("I inherited the family sawmill near Mora", "Mora"),
        ("A lab in Lund will test it. We are there too", "Lund"),
        ("the new address is in Builth Wells, Hay was the old one", "Builth Wells"),
        ("Client's in Ludlow, makes gin", "Ludlow"),
        ("bakery in tranemo", "Tranemo"),
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
        "the Telford tech week was a laugh",
        "we used the Aston innovation voucher",
        "not one jar past Dover yet",
        "get them on a shelf in Copenhagen",
        "the airline lost my pram in Katowice",
        "should Wales be independent",
        "what's the weather in Derby",
        "we moved here from Manchester",
        "our supplier is Sheffield based",
        "Thanks, Lewis. And the next one?",
        "Linen. Every day the hotel washes it",
    ],
)
def test_other_places_are_left_alone(read, said):
    assert "place" not in read(said).facts


def test_a_bare_place_answers_the_question(read):
    assert read("Dudley", asked="place").facts["place"] == "Dudley"
    assert read("dudley", asked="place").facts["place"] == "Dudley"


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("We're in Newport, Wales", "Newport, Wales"),
        ("Newport in Gwent", "Newport, Gwent"),
        ("Bakery, Newport, Shropshire, 14 staff", "Newport, Shropshire"),
        ("we're in Newport", "Newport"),
        ("we're in Newport, Dudley is our depot", "Newport"),
        ("Dudley, England", "Dudley"),
    ],
)
def test_the_words_that_tell_namesakes_apart_are_kept(read, said, place):
    assert read(said).facts.get("place") == place


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("the Welsh one", "Newport, Wales"),
        ("Wales", "Newport, Wales"),
        ("the one in Shropshire", "Newport, Shropshire"),
        ("not the Welsh one", None),
        ("we sell in Wales", None),
        ("we're in Dudley", "Dudley"),
    ],
)
def test_which_of_the_namesakes_is_meant_can_be_told_later(read, said, place):
    told = read(said, profile=parse_profile({"place": "Newport"}))

    assert told.facts.get("place") == place


def test_the_welsh_one_means_nothing_of_a_place_with_no_namesake(read):
    assert "place" not in read("the Welsh one", profile=parse_profile({"place": "Dudley"})).facts


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


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("Our wholesaler in Poznań is slow. Warehouse in Hinckley, online sales", "Hinckley"),
        ("The auditor is in Copenhagen, the factory in Vietnam. We ourselves, Fredericia.", "Fredericia"),
        ("The unit we took on in Oldbury needs a roof", "Oldbury"),
        ("My husband and I keep bees in Rhayader", "Rhayader"),
        ("My dad started the forge in Clun in 1962", "Clun"),
        ("Dudley lass, now in Bewdley with a salon", "Bewdley"),
        ("Walsall market, phone cases and keys", "Walsall"),
        ("Fish on Leicester market since 1961", "Leicester"),
        ("Out Penderyn way, gin and whisky", "Penderyn"),
        ("We feed 90 people in Rhymney every Thursday", "Rhymney"),
        ("Design studio – three people in Odense – lamps", "Odense"),
        ("We ship all over Europe from Ebbw Vale", "Ebbw Vale"),
        ("I want to open a barber's in Treorchy", "Treorchy"),
        ("We're in Neath and want to open a second shop in Bridgend", "Neath"),
        ("Domestic cleaning in Neath Port Talbot, mostly Neath", "Neath"),
        ("our base is Madeley but the van's kept in Broseley", "Madeley"),
        ("Your form says Newport. We're the Shropshire one.", "Newport, Shropshire"),
        ("A boatyard in the harbour of Svendborg", "Svendborg"),
        ("A fire in Leek cost us our stock", "Leek"),
    ],
)
def test_of_several_places_the_firms_own_is_taken(read, said, place):
    assert read(said).facts["place"] == place


@pytest.mark.parametrize(
    "said",
    [
        "A printer we use in Leeds has shut. Can you help?",
        "A charity we donate to in Brecon needs volunteers",
        "The foundry we buy from in Telford went bust",
        "My nephew earns more at a games company in Leamington",
        "My mate lives in Bristol and he said to try you",
        "I'm writing a dissertation about family firms in Värnamo",
        "One of our suppliers, based in Wolverhampton, needs help too",
        "A mill in Halifax sells us cloth and it's gone up",
        "A friend, now in Birmingham, told me about you",
        "We want to open another branch in Leeds",
    ],
)
def test_the_places_of_others_are_left_alone(read, said):
    assert "place" not in read(said).facts
