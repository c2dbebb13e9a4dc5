"""Kinds of help refused, welcome again or asked for; facts not told; wishes about speed, price and place."""

import pytest

from knowledge_base.profile import parse_profile


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        ("no loans", ["loan"]),
        ("no loans please, we've had enough", ["loan"]),
        ("I won't borrow", ["loan"]),
        ("don't want debt", ["loan"]),
        ("I don't want a loan", ["loan"]),
        ("not giving away shares", ["equity"]),
        ("we won't give up equity", ["equity"]),
        ("no courses, thanks", ["training"]),
        ("no more networking", ["network"]),
        ("not another grant form", ["grant"]),
        ("sick of seminars", ["event"]),
        ("no loans or equity", ["loan", "equity"]),
        ("anything without borrowing", ["loan"]),
        ("I need a grant not a loan", ["loan"]),
    ],
)
def test_a_kind_somebody_will_not_have_is_refused(read, said, kinds):
    assert read(said).facts.get("refuses") == kinds


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        ("only grants please", ["loan", "guarantee", "equity"]),
        ("grants only", ["loan", "guarantee", "equity"]),
        ("just grants", ["loan", "guarantee", "equity"]),
        ("nothing but grants", ["loan", "guarantee", "equity"]),
        ("we only want grants", ["loan", "guarantee", "equity"]),
        ("Bakery in Dudley, 14 staff, grants only please", ["loan", "guarantee", "equity"]),
        ("only grants or loans", ["equity"]),
        ("loans only", ["grant", "equity"]),
        ("anything but loans", ["loan"]),
        ("anything but a loan", ["loan"]),
        ("anything other than equity", ["equity"]),
    ],
)
def test_wanting_one_kind_of_funding_only_refuses_the_rest(read, said, kinds):
    assert read(said).facts.get("refuses") == kinds


def test_the_only_kind_wanted_is_noted_and_welcome_again(read):
    told = read("grants only", profile=parse_profile({"refuses": ["grant"]}))

    assert (told.kinds_wanted, told.allows) == (("grant",), ("grant",))


@pytest.mark.parametrize(
    "said",
    [
        "we only got a grant once",
        "we only had grants",
        "is it grants only?",
        "can only get loans",
        "we just need a grant",
        "only grants of £5k are left",
        "there are only loans",
        "only courses please",
    ],
)
def test_only_said_of_something_else_refuses_nothing(read, said):
    assert "refuses" not in read(said).facts


@pytest.mark.parametrize(
    "said",
    [
        "the bank said no loan",
        "are there no grants for us",
        "there's no training near us",
        "we've had no grants",
        "I don't know about loans",
        "I don't understand equity",
        "can't get a loan anywhere",
        "why are there no courses",
        "we have no debt",
        "we're looking for a loan",
    ],
)
def test_lack_and_doubt_are_no_refusal(read, said):
    assert "refuses" not in read(said).facts


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        ("loans are fine after all", ("loan",)),
        ("a loan would be ok", ("loan",)),
        ("I don't mind a loan", ("loan",)),
        ("we're open to equity now", ("equity",)),
        ("happy to borrow if it's cheap", ("loan",)),
    ],
)
def test_a_refusal_can_be_taken_back(read, said, kinds):
    told = read(said)
    assert told.allows == kinds
    assert "refuses" not in told.facts


def test_the_kind_wanted_is_noted(read):
    assert read("I'm looking for a mentor").kinds_wanted == ("mentoring",)
    assert read("need a grant, not a loan").kinds_wanted == ("grant",)


@pytest.mark.parametrize(
    ("said", "asked", "facts"),
    [
        ("I'd rather not say", "turnover", ("turnover",)),
        ("none of your business", "employees", ("employees",)),
        ("skip that", "legal_form", ("legal_form",)),
        ("skip", "place", ("place",)),
        ("pass", "amount", ("amount",)),
        ("that's private", "turnover", ("turnover",)),
        ("not telling you our turnover", None, ("turnover",)),
        ("I'd prefer not to give my postcode", "employees", ("place",)),
        ("I'd rather not say", None, ()),
        ("this is private land", None, ()),
    ],
)
def test_a_fact_not_told_is_remembered_as_refused(read, said, asked, facts):
    assert read(said, asked=asked).refused == facts


def test_a_fact_told_in_the_same_breath_is_not_refused(read):
    told = read("I'd rather not say exactly but turnover is about £1m", asked="turnover")

    assert told.refused == ()
    assert told.facts["turnover"]["currency"] == "GBP"


@pytest.mark.parametrize(
    "said", ["dunno", "no idea", "not sure really", "I don't know", "haven't a clue", "vet inte"]
)
def test_not_knowing_is_neither_a_fact_nor_a_refusal(read, said):
    told = read(said, asked="turnover")

    assert told.does_not_know
    assert not told.facts
    assert told.refused == ()


def test_not_knowing_counts_only_as_an_answer(read):
    assert not read("no idea").does_not_know
    assert not read("not sure, about 14", asked="employees").does_not_know


@pytest.mark.parametrize(
    ("said", "wish"),
    [
        ("online only please", "online_only"),
        ("it has to be remote", "online_only"),
        ("I can't travel", "online_only"),
        ("anything sooner?", "sooner"),
        ("is there something quicker", "sooner"),
        ("anything cheaper?", "cheaper"),
        ("that's too expensive", "cheaper"),
        ("free ones only", "cheaper"),
    ],
)
def test_wishes_are_flagged_one_by_one(read, said, wish):
    told = read(said)

    assert [name for name in ("online_only", "sooner", "cheaper") if getattr(told, name)] == [wish]


@pytest.mark.parametrize(
    "said", ["our online shop is slow", "feel free to ring", "we make faster bikes", "cheap rent"]
)
def test_ordinary_words_raise_no_flag(read, said):
    told = read(said)

    assert [told.online_only, told.sooner, told.cheaper] == [False] * 3


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        ("Forty thousand for the kiln, none of it borrowed", ["loan"]),
        ("nobody's getting a stake in my bakery", ["equity"]),
        ("the same again minus anything that wants shares", ["equity"]),
        ("take out the courses", ["training"]),
        ("loans are out", ["loan"]),
        ("Webinars? No thanks.", ["event"]),
        ("steer clear of consultants for me", ["advice"]),
        ("I'm allergic to networking", ["network"]),
        ("we shan't borrow", ["loan"]),
        ("no outside investors and no more bank debt", ["equity", "loan"]),
        ("I don't do mentors", ["mentoring"]),
        ("no, we don't want a bank loan, the last one nearly did for us", ["loan"]),
    ],
)
def test_help_is_refused_in_many_manners(read, said, kinds):
    assert read(said).facts.get("refuses") == kinds


@pytest.mark.parametrize(
    "said",
    [
        "the bank won't give us a loan",
        "without a loan we can't buy the oven",
        "none of the lads could run it without training",
        "we don't have a mentor",
        "we've no consultants in this valley",
        "no other training has helped us",
        "why do you leave out loans",
        "how do I get rid of debt",
        "our events are out of town",
        "I won't go into how many grants we've had",
    ],
)
def test_help_that_others_withhold_or_that_is_lacking_is_not_refused(read, said):
    assert "refuses" not in read(said).facts


@pytest.mark.parametrize(
    ("said", "facts"),
    [
        ("I'd prefer to keep revenue and headcount out of this", ("turnover", "employees")),
        ("I shan't say how much here", ("amount",)),
        ("We'd rather not put a number on what we want", ("amount",)),
        ("The turnover stays between me and my accountant", ("turnover",)),
        ("Our staff numbers are off limits", ("employees",)),
        ("I'd sooner not discuss what grants we've had or where we are", ("subsidy_received", "place")),
        ("I won't tell you how old the firm is", ("trading_months",)),
        ("what we turn over is nobody's business but ours", ("turnover",)),
        ("rather not say when we need it by", ("deadline",)),
        ("where exactly we are, I'll not say", ("place",)),
    ],
)
def test_every_fact_somebody_declines_to_tell_is_heard(read, said, facts):
    assert read(said).refused == facts


@pytest.mark.parametrize(
    "said",
    [
        "they won't tell us the deadline",
        "don't tell me to hire staff",
        "I'm not giving our staff a rise",
        "we don't want to give up our trade",
        "I'd rather not move location",
        "I don't want to tell staff yet but we're closing the shop",
        "I can't say how good this has been for sales",
        "I want to keep our sales team out of the office",
    ],
)
def test_what_is_not_told_by_others_or_to_others_is_no_refusal_of_ours(read, said):
    assert read(said).refused == ()


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        ("we rejected a loan last time and we'd reject it again", ["loan"]),
        ("Don't show me loans. Don't show me toolkits either", ["loan", "toolkit"]),
        ("please don't suggest webinars", ["event"]),
        ("the last thing we need is another loan", ["loan"]),
        ("you can keep your workshops", ["training"]),
        ("I'll have no truck with investors", ["equity"]),
        ("keine Kredite bitte", ["loan"]),
        ("the bank rejected our loan", None),
        ("why don't you show me loans", None),
        ("we don't have a loan", None),
    ],
)
def test_help_waved_away_in_other_words_is_refused(read, said, kinds):
    assert read(said).facts.get("refuses") == kinds


@pytest.mark.parametrize(
    ("said", "facts"),
    [
        ("If I tell you our revenue will it go on some list? I won't then.", ("turnover",)),
        ("What do we turn over? not saying", ("turnover",)),
        ("turnover undisclosed", ("turnover",)),
        ("you don't need to know our sales", ("turnover",)),
        ("How many staff? Rather keep that to myself", ("employees",)),
        ("is our turnover confidential?", ()),
    ],
)
def test_a_fact_kept_back_is_heard_without_a_question_of_ours(read, said, facts):
    assert read(said).refused == facts
