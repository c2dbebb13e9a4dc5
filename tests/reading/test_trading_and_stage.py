"""How long a business has traded on 21 November 2026, and the stage its words put it at."""

import pytest

from knowledge_base.profile import parse_profile


@pytest.mark.parametrize(
    ("said", "months"),
    [
        ("trading since 2019", {"from": 82, "to": 94}),
        ("we started in March", {"from": 7, "to": 8}),
        ("we've been trading 3 years", 36),
        ("an 18 month old business", 18),
        ("we're 18 months old", 18),
        ("family firm since 1962", {"from": 766, "to": 778}),
        ("third generation, going since 1962", {"from": 766, "to": 778}),
        ("Est. 2001", {"from": 298, "to": 310}),
        ("we set up two years ago", 24),
        ("been in business for ten years", 120),
        ("in our first year of trading", {"from": 0, "to": 11}),
        ("started trading last year", {"from": 10, "to": 22}),
        ("incorporated in January 2025", {"from": 21, "to": 22}),
        ("trading as Bramble and Bow since 2011", {"from": 178, "to": 190}),
        ("been going about five years", {"from": 51, "to": 69}),
        ("I came from Syria and have now a firm two years", 24),
        ("we've had the shop eleven years", 132),
        ("I run my garage 6 years already", 72),
        ("selling yoga mats from the spare room, 14 months in", 14),
        ("twenty-two years I've had this garage", 264),
        ("in our third year", {"from": 24, "to": 35}),
        ("under a year old, two of us", {"from": 0, "to": 11}),
        ("Less than a year going, up to twelve months at the outside", {"from": None, "to": 12}),
    ],
)
def test_months_are_counted_to_the_day_given(read, said, months):
    assert read(said).facts.get("trading_months") == months


@pytest.mark.parametrize(
    "said",
    [
        "the boiler is twenty years old",
        "my son is 9 years old",
        "it's the same recipe since 1979",
        "I've been a nurse 25 years",
        "they have been trading 3 years",
        "our competitor started in 2019",
        "the scheme started in March",
        "six boilers a day since 2015",
        "we want a ten year lease",
        "founded in 2035",
        "I laughed at it in 2018",
        "we want to have a shop in two years",
        "we've had the lease on the shop 5 years",
        "a loan for up to twelve months",
        "I have a van three years old",
    ],
)
def test_other_ages_are_left_alone(read, said):
    assert "trading_months" not in read(said).facts


@pytest.mark.parametrize(
    ("answer", "months"),
    [
        ("4 years", 48),
        ("18 months", 18),
        ("2019", {"from": 82, "to": 94}),
        ("since March", {"from": 7, "to": 8}),
        ("about 2 years", {"from": 20, "to": 28}),
        ("less than a year", {"from": 0, "to": 11}),
        ("a year", 12),
        ("not started yet", 0),
    ],
)
def test_a_bare_answer_about_time_is_never_a_headcount(read, answer, months):
    facts = read(answer, asked="trading_months").facts

    assert facts["trading_months"] == months
    assert "employees" not in facts


@pytest.mark.parametrize(
    ("said", "stage"),
    [
        ("haven't started trading yet", "pre_start"),
        ("it's just an idea", "pre_start"),
        ("I want to start my own business", "pre_start"),
        ("I'm not trading yet", "pre_start"),
        ("thinking of setting up a small business", "pre_start"),
        ("we've just started trading", "start_up"),
        ("brand new business, candles", "start_up"),
        ("we're a startup in Cardiff", "start_up"),
        ("Robotics startup, Newport", "start_up"),
        ("about to start trading", "pre_start"),
        ("we are a scale-up", "scale_up"),
        ("a well established firm", "established"),
        ("Established food business", "established"),
        ("Ltd, established, 14 staff", "established"),
        ("growing fast", "scale_up"),
        ("we're growing really fast", "scale_up"),
        ("growing", "scale_up"),
        ("a fast-growing company", "scale_up"),
        ("pre-revenue", "pre_start"),
        ("we're pre-revenue", "pre_start"),
        ("thinking of starting a bakery", "pre_start"),
        ("I want to start a food business", "pre_start"),
        ("want to start a company", "pre_start"),
        ("I'm starting up", "pre_start"),
        ("Sawmill, Builth. Well established, nineteen men", "established"),
        ("we're long established and set in our ways", "established"),
        ("an established pub with a dead kitchen", "established"),
        ("just opened our cafe in Neath", "start_up"),
        ("we're a new business, two of us", "start_up"),
        ("early-stage start-up, batteries", "start_up"),
        ("my start up does bookings for dentists", "start_up"),
        ("we're still at the planning stage", "pre_start"),
        ("we haven't opened yet", "pre_start"),
        ("pre-revenue biotech, three of us", "pre_start"),
        ("I'm just about to open a nail bar", "pre_start"),
        ("we're an established butcher", "established"),
    ],
)
def test_a_stage_is_read_where_words_name_it(read, said, stage):
    assert read(said).facts.get("stage") == stage


@pytest.mark.parametrize(
    ("said", "stage"),
    [
        ("trading 14 months", "start_up"),
        ("limited company, 18 months old, just lost our main customer", "start_up"),
        ("trading since 1998", "established"),
        ("Twenty years in business and I've never asked a customer anything", "established"),
        ("third generation ropemakers", "established"),
        ("trading 5 years, pre-revenue", "established"),
    ],
)
def test_what_years_imply_is_no_stage_told(read, said, stage):
    heard = read(said)

    assert "stage" not in heard.facts
    assert heard.implied == {"stage": stage}
    assert "stage" in heard.spans


def test_a_stage_named_leaves_nothing_to_suppose(read):
    heard = read("we're a start-up, trading since 2019")

    assert heard.facts["stage"] == "start_up"
    assert not heard.implied


@pytest.mark.parametrize(
    "said",
    [
        "we've been trading two and a half years",
        "trading 30 months",
        "we want to scale up",
        "are start up loans any good",
        "is there help for startups",
        "the project hasn't started yet",
        "I want to start a second shift",
        "want a new business plan",
        "thinking of starting a training course for staff",
        "we want to get established in Germany",
        "growing vegetables fast is hard",
        "our customers are growing fast in number",
        "we want to open another bakery",
        "help for established firms",
        "just lost our main customer",
        "forget the lot, new topic, new firm",
        "we supply a new firm in Telford",
        "we just started a course on welding",
        "just opened a second shop",
        "we just started selling online",
        "we're not a startup any more",
        "thirty years I've been a nurse to them",
        "we would like to open a shop in Leek",
        "our customers are established names",
        "I want to become established here",
    ],
)
def test_no_stage_where_neither_words_nor_time_settle_it(read, said):
    heard = read(said)

    assert "stage" not in heard.facts
    assert not heard.implied


@pytest.mark.parametrize(
    ("answer", "stage"),
    [
        ("planning", "pre_start"),
        ("still planning", "pre_start"),
        ("starting up", "pre_start"),
        ("just started", "start_up"),
        ("established", "established"),
        ("well established", "established"),
        ("growing fast", "scale_up"),
        ("growing", "scale_up"),
        ("established and growing fast", "scale_up"),
        ("pre-revenue", "pre_start"),
    ],
)
def test_each_answer_the_question_offers_is_read(read, answer, stage):
    assert read(answer, asked="stage").facts["stage"] == stage


def test_a_firm_that_trades_is_not_put_back_to_the_start(read):
    trading = parse_profile({"trading_months": 60})

    assert "stage" not in read("thinking of starting a bakery", profile=trading).facts


@pytest.mark.parametrize(
    ("said", "months"),
    [
        ("ltd, 9 yrs, t/o £4.2m", 108),
        ("Telford, 5yrs, 20 staff", 60),
        ("Signwriters, Ltd, 12 years, 14 staff", 144),
        ("Bakery, 6 months old, Dudley", 6),
        ("loan of £50k, 5 yrs, Dudley", None),
        ("Dudley, want a lease, 10 years", None),
        ("6 months old", None),
        ("Social worker in Loughborough, 22 years", None),
        ("my son, 9 years old, in Dudley", None),
    ],
)
def test_a_time_alone_in_a_list_of_facts_is_the_time_traded(read, said, months):
    assert read(said).facts.get("trading_months") == months


def test_a_bare_stage_is_read_when_asked(read):
    assert read("still just planning", asked="stage").facts["stage"] == "pre_start"
    assert read("up and running", asked="stage").facts["stage"] == "established"


@pytest.mark.parametrize(
    ("said", "months"),
    [
        ("So I've had this caff for 4 years, by the bus stops", 48),
        ("We've had our bakery for 6 years now", 72),
        ("I have run this pub for 20 years", 240),
        ("Thirty-one year I've bin here", 372),
        ("20 yrs I've been doing this", 240),
        ("It's six and a half years since I put the sign up", 78),
        ("Two and a half years since we started trading", 30),
        ("trading for a year and a half", 18),
        ("trading 3yrs 2 months", 38),
        ("two decades in business", 240),
        ("After eight months we've more orders than hours", 8),
        ("14 mths in and still no profit", 14),
        ("We're going on nine years now", {"from": 96, "to": 108}),
        ("Limited company these four years, before that on my own account, so eleven years in all", 132),
        ("seit 12 Jahren am Markt", 144),
        ("company is existing 5 years", 60),
        ("Limited company, incorporated 14 October 2025", 13),
        ("we opened in spring 2024, a little deli", {"from": 29, "to": 32}),
        ("We started in 2021, in March", {"from": 67, "to": 68}),
        ("third year of trading, ltd", {"from": 24, "to": 35}),
        ("This is our third year", {"from": 24, "to": 35}),
        ("we're in year 3", {"from": 24, "to": 35}),
        ("Been here since my dad's day in 1987", {"from": 466, "to": 478}),
        ("Firma działa od 2010", {"from": 190, "to": 202}),
        ("we exist since 1998", {"from": 334, "to": 346}),
    ],
)
def test_time_in_business_is_heard_however_it_is_put(read, said, months):
    assert read(said).facts.get("trading_months") == months


@pytest.mark.parametrize(
    "said",
    [
        "My brother's had his garage for 4 years",
        "I've had the van 6 years and it's knackered",
        "We've had this website for 3 years and hate it",
        "it's three years now since the fire",
        "it's two years since we bought the press",
        "After three years of rent rises we can't cope",
        "After 5 years the warranty ends",
        "I have 25 years' experience as a welder",
        "We've been waiting 6 months for planning",
    ],
)
def test_time_spent_on_anything_else_is_no_time_in_business(read, said):
    assert "trading_months" not in read(said).facts
