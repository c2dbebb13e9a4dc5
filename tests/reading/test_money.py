"""Turnover, the amount sought and help received: one sum is never two facts."""

import pytest

from knowledge_base.profile import parse_profile


def pounds(amount):
    return {"amount": amount, "currency": "GBP"}


@pytest.mark.parametrize(
    ("said", "turnover"),
    [
        ("turnover £1.2m", pounds(1_200_000)),
        ("Our turnover is £850,000", pounds(850_000)),
        ("we do 800k a year", pounds(800_000)),
        ("turning over half a million", pounds(500_000)),
        ("we turn over two and a half million", pounds(2_500_000)),
        ("t/o 1.1m", pounds(1_100_000)),
        ("sales of £300,000 last year", pounds(300_000)),
        ("£6m t/o", pounds(6_000_000)),
        ("a £4m turnover business", pounds(4_000_000)),
        ("turnover €30,000", {"amount": 30_000, "currency": "EUR"}),
        ("turnover 2.5 million SEK", {"amount": 2_500_000, "currency": "SEK"}),
        ("omsättning 30 000 kr", {"amount": 30_000, "currency": "SEK"}),
        ("revenue of 400 000 zł", {"amount": 400_000, "currency": "PLN"}),
        ("árbevétel 90 000 000 Ft", {"amount": 90_000_000, "currency": "HUF"}),
        ("turnover around £1m", {"from": 850_000, "to": 1_150_000, "currency": "GBP"}),
        ("turnover of just under £500k", {"from": 425_000, "to": 500_000, "currency": "GBP"}),
        ("£300k income", pounds(300_000)),
        ("turnover under £85k", {"from": None, "to": 85_000, "currency": "GBP"}),
        ("turnover £1-2m", {"from": 1_000_000, "to": 2_000_000, "currency": "GBP"}),
        ("we went from 600k to 1m turnover", pounds(1_000_000)),
    ],
)
def test_turnover_is_read(read, said, turnover):
    facts = read(said).facts
    assert facts.get("turnover") == turnover
    assert "amount" not in facts


@pytest.mark.parametrize(
    ("said", "amount"),
    [
        ("need £50k", pounds(50_000)),
        ("looking for 20 grand", pounds(20_000)),
        ("a new oven costs £9k", pounds(9_000)),
        ("we've been quoted 38k for a robot", pounds(38_000)),
        ("I'd like to borrow 50000", pounds(50_000)),
        ("£25k loan to fit the kitchen out", pounds(25_000)),
        ("need 500 tkr", {"amount": 500_000, "currency": "SEK"}),
        ("we need about £50k", pounds(50_000)),
        ("I need £10,000 to £15,000 for kit", {"from": 10_000, "to": 15_000, "currency": "GBP"}),
        ("raising 250k this spring", pounds(250_000)),
        ("need £50,000.00 please", pounds(50_000)),
        ("the quote came in at 64k", pounds(64_000)),
    ],
)
def test_the_amount_sought_is_read(read, said, amount):
    facts = read(said).facts
    assert facts.get("amount") == amount
    assert "turnover" not in facts


@pytest.mark.parametrize(
    ("said", "received"),
    [
        ("we had £20k of grants last year", pounds(20_000)),
        ("de minimis 40k", pounds(40_000)),
        ("We already received £5,000 in grants", pounds(5_000)),
        ("we got a £5k grant last year", pounds(5_000)),
        ("we've had 12k off the council since 2024", pounds(12_000)),
        ("we got £18,500 of SPF money in March", pounds(18_500)),
        ("the council gave us five grand for the shopfront", pounds(5_000)),
        ("had two vouchers worth £10k so far", pounds(10_000)),
        ("£9,000 of it came from the lottery in 2025", pounds(9_000)),
        ("we received 22.000 euro of public subsidy", {"amount": 22_000, "currency": "EUR"}),
    ],
)
def test_help_already_received_is_not_an_amount_sought(read, said, received):
    facts = read(said).facts
    assert facts.get("subsidy_received") == received
    assert "amount" not in facts


@pytest.mark.parametrize(
    ("said", "amount", "currency"),
    [
        ("New oven's £14,500, the old one is past it", 14_500, "GBP"),
        ("it's the presses want feeding, a hoist would do but its 90 grand and we need help", 90_000, "GBP"),
        ("Tickets for the forklift, two first aiders: it comes to nine thousand pounds", 9_000, "GBP"),
        ("We need someone to walk the floor, a £55,000 saw, and a tidy store", 55_000, "GBP"),
        ("it's new tills and a stock system, £16,000 of it", 16_000, "GBP"),
        ("6k, spent and sorted by 31 December", 6_000, "GBP"),
        ("£35,000 needed for the van", 35_000, "GBP"),
        ("Scanning software, tablets, the lot: £27,000. Who helps with that?", 27_000, "GBP"),
        ("we want a bigger dairy and the two hundred and twenty thousand pounds to do it", 220_000, "GBP"),
        ("new press, £40k, need a grant", 40_000, "GBP"),
        ("a decent planer is thirty-odd grand, any help going", 30_000, "GBP"),
        ("after a grant towards an extraction system (about €45,000)", 45_000, "EUR"),
        ("We want a forklift. Dealer says £11,750.", 11_750, "GBP"),
        ("i need a yard with a roof, thirty thousand pounds, and somebody to plan it", 30_000, "GBP"),
        ("New hall costs 20.000 € for the floor", 20_000, "EUR"),
        ("For the second hall 1 500 000 zł is needed", 1_500_000, "PLN"),
        ("400 tys. zł is wanted for a lathe", 400_000, "PLN"),
        ("we need 1,5 Mio. Euro for a hall", 1_500_000, "EUR"),
        ("need 12 millió Ft for an oven", 12_000_000, "HUF"),
        ("en ny ugn kostar 400 000 kr", 400_000, "SEK"),
        ("the robot is SEK 850 000 and we need help paying", 850_000, "SEK"),
    ],
)
def test_the_price_of_what_is_wanted_is_an_amount(read, said, amount, currency):
    facts = read(said).facts
    assert facts.get("amount") == {"amount": amount, "currency": currency}
    assert not {"turnover", "subsidy_received"} & set(facts)


@pytest.mark.parametrize(
    "said",
    [
        "a guest slipped on the step and is asking for £10k, am I liable",
        "an old hand is suing us for £30k, who helps",
        "how much redundancy for 13 years on 28k",
        "a fitter on 32k wants more and I need to keep him",
        "payroll is 18k on Friday and we need cash",
        "the order is £60k, they pay in 90 days and we need help",
        "our rent is £24,000 and I want somewhere cheaper",
        "a £300k house isn't enough for the bank, we need a loan",
        "we sell a £1,200 bike and need customers",
        "how could we find out for under a thousand euro",
        "Bakery, Ltd, 12 staff, £900k, want a new oven",
        "insurers want £4k more and we need to cut costs",
        "our wages come to £22k, need help with cash",
    ],
)
def test_what_others_ask_or_what_is_owed_is_no_amount(read, said):
    assert not {"turnover", "amount", "subsidy_received"} & set(read(said).facts)


@pytest.mark.parametrize(
    ("said", "turnover"),
    [
        ("Correction to what I gave: the turnover is £1.1 million. I read the wrong column.", 1_100_000),
        ("no, sorry, turnover's 340k not 430k", 340_000),
        ("turnover used to be £2m, now it's £1.4m", 1_400_000),
        ("I told you wrong, turnover is actually £750,000", 750_000),
    ],
)
def test_a_turnover_put_right_is_the_new_one(read, said, turnover):
    assert read(said).facts.get("turnover") == pounds(turnover)


def test_part_of_the_turnover_may_be_help_received(read):
    facts = read("CIC, turnover £310,000, £60,000 of that from grants we've already had").facts

    assert facts["turnover"] == pounds(310_000)
    assert facts["subsidy_received"] == pounds(60_000)
    assert "amount" not in facts


def test_turnover_and_amount_stand_side_by_side(read):
    facts = read("Turnover £1.2m, and we need £50k for a press").facts

    assert facts["turnover"] == pounds(1_200_000)
    assert facts["amount"] == pounds(50_000)


@pytest.mark.parametrize(
    "said",
    [
        "£120k",
        "rent is £900 a month",
        "we made £40k profit",
        "our biggest customer owes us 52k",
        "I've got £600 in the bank",
        "is the £5,000 grant still open",
        "40k birds and one shed",
        "we want to reach £2m turnover",
        "grow turnover to £5m",
        "they charge £45 an hour",
        "paid an agency £1,800 for a logo",
        "ISO 9001 by spring",
        "we make 3000 units",
        "won a £30k contract",
        "tickets cost £12",
        "10k steps a day",
        "it's 20m long",
    ],
)
def test_other_sums_are_nobodys_turnover_or_need(read, said):
    assert not {"turnover", "amount", "subsidy_received"} & set(read(said).facts)


@pytest.mark.parametrize(
    ("asked", "answer", "value"),
    [
        ("turnover", "2m", pounds(2_000_000)),
        ("turnover", "about 400k", {"from": 340_000, "to": 460_000, "currency": "GBP"}),
        ("turnover", "nothing yet", pounds(0)),
        ("amount", "£120k", pounds(120_000)),
        ("amount", "120,000", pounds(120_000)),
        ("subsidy_received", "none", pounds(0)),
        ("subsidy_received", "no", pounds(0)),
        ("subsidy_received", "we've had none", pounds(0)),
        ("turnover", "we don't have any yet", pounds(0)),
        ("subsidy_received", "about 15 grand", {"from": 12_750, "to": 17_250, "currency": "GBP"}),
    ],
)
def test_a_bare_sum_takes_the_meaning_of_the_question(read, asked, answer, value):
    assert dict(read(answer, asked=asked).facts) == {asked: value}


def test_a_cue_beats_the_question(read):
    assert dict(read("we need £20k", asked="turnover").facts) == {"amount": pounds(20_000)}


@pytest.mark.parametrize(
    ("said", "currency"),
    [
        ("We're in Jönköping and need 200k", "SEK"),
        ("We're in Aarhus and need 500.000 kr", "DKK"),
        ("We're in Dudley and need 200k", "GBP"),
        ("Based in Hamburg, need 80k", "EUR"),
        ("turnover 2 million SEK, need 300k", "SEK"),
    ],
)
def test_a_bare_sum_is_in_the_money_of_the_place(read, said, currency):
    assert read(said).facts["amount"]["currency"] == currency


def test_the_place_told_before_names_the_currency(read):
    profile = parse_profile({"place": "Gdynia"})

    assert read("need 90k", profile=profile).facts["amount"] == {"amount": 90_000, "currency": "PLN"}


def test_the_figure_mended_is_the_one_kept(read):
    assert read("need £50k, sorry, need £60k").facts["amount"] == pounds(60_000)


def test_a_large_sum_beside_a_legal_form_is_not_taken_for_the_amount_asked(read):
    assert "amount" not in read("limited company, £9m", asked="amount").facts
    assert read("£9m", asked="amount").facts["amount"]["amount"] == 9_000_000
    assert read("Ltd, £50k", asked="amount").facts["amount"]["amount"] == 50_000
    assert read("Ltd, need £9m", asked="amount").facts["amount"]["amount"] == 9_000_000


@pytest.mark.parametrize(
    ("said", "fact", "value"),
    [
        ("Budget? Three to five thousand, tops", "amount", {"from": 3000, "to": 5000, "currency": "GBP"}),
        ("Roof leaks, new roof 22k", "amount", pounds(22_000)),
        ("been asked to buy him out for £14k", "amount", pounds(14_000)),
        ("building needs 35k doing to it", "amount", pounds(35_000)),
        ("£4,000. That's all we need", "amount", pounds(4_000)),
        ("£70k it'll cost to do the roof", "amount", pounds(70_000)),
        ("We had the covid loan, 50 grand, still paying it back", "amount", None),
        ("We were refused a £10k grant", "amount", None),
        ("we've £33,000 worth of timber sat there", "amount", None),
        ("the shop takes 250 thousand a year", "turnover", pounds(250_000)),
        ("the books say £640,000 last year", "turnover", pounds(640_000)),
        ("we were awarded £25,000 by the Welsh Government", "subsidy_received", pounds(25_000)),
        ("We received a covid grant of £10,000", "subsidy_received", pounds(10_000)),
        ("We got a £7,500 heat-pump voucher from the gov in 2024", "subsidy_received", pounds(7_500)),
        ("my mate got £20k off the council", "subsidy_received", None),
    ],
)
def test_a_sum_is_heard_for_what_it_is(read, said, fact, value):
    assert read(said).facts.get(fact) == value
