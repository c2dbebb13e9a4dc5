"""The legal form a business has, and the language it asks to be helped in."""

import pytest


@pytest.mark.parametrize(
    ("said", "form"),
    [
        ("I'm a sole trader", "sole_trader"),
        ("I'm self-employed", "sole_trader"),
        ("sole trader, two vans", "sole_trader"),
        ("we're a limited company", "limited_company"),
        ("Ltd co, 38 staff", "limited_company"),
        ("Nordform AB in Habo", "limited_company"),
        ("we trade as a GmbH", "limited_company"),
        ("firma sp. z o.o. in Gdynia", "limited_company"),
        ("we're an LLP", "llp"),
        ("we're a CIC", "community_interest_company"),
        ("We're a small registered charity", "charity"),
        ("we're a workers' co-op", "co_operative"),
        ("it's a family partnership", "partnership"),
        ("we haven't registered yet", "not_yet_formed"),
        ("the company isn't registered yet", "not_yet_formed"),
        ("nothing incorporated yet", "not_yet_formed"),
        ("we aren't a charity but a CIC", "community_interest_company"),
        ("not a charity, we're a limited company", "limited_company"),
        ("was a sole trader, sorry, we're a limited company now", "limited_company"),
        ("Removals company, limited. Tamworth", "limited_company"),
        ("we went limited in 2020", "limited_company"),
        ("Kft in Győr, 12 people", "limited_company"),
        ("ApS, Odense, eight staff", "limited_company"),
        ("Our charity's lunch club needs a kitchen", "charity"),
        ("One of our trustees asked whether the charity was modern", "charity"),
        ("Our trustees want the charity on video", "charity"),
        ("Do charities count? We're one.", "charity"),
        ("is it open to co-ops, as we are one", "co_operative"),
        ("our co-op's bakery wants an oven", "co_operative"),
        ("solicitors, LLP, 9 partners", "llp"),
        ("me and the wife, partnership", "partnership"),
        ("public limited company, Derby", "plc"),
        ("started off as a sole trader, now limited", "limited_company"),
        ("community owned co-operative, Ulverston", "co_operative"),
        ("we're a community interest company limited by shares", "community_interest_company"),
        ("I haven't registered as anything", "not_yet_formed"),
        ("Nothing's formed yet. I've a board game", "not_yet_formed"),
        ("I don't have a firm registered yet", "not_yet_formed"),
        ("no company formed yet", "not_yet_formed"),
        ("the company's not been formed yet", "not_yet_formed"),
    ],
)
def test_the_own_form_is_read(read, said, form):
    assert read(said).facts.get("legal_form") == form


@pytest.mark.parametrize(
    "said",
    [
        "should I be a sole trader or a limited company",
        "ltd or sole trader?",
        "do I need to become a limited company",
        "we're not a charity",
        "in partnership with the council",
        "the charity shop next door",
        "we give to charity",
        "I want to set up a CIC",
        "not registered for VAT yet",
        "AB testing our website",
        "limited time, need help",
        "a charity asked us to make ramps",
        "we're limited to forty covers",
        "the charity next door has a grant",
        "I work for a charity that needs a van",
        "do charities pay VAT",
        "me and Dave in partnership with the council",
    ],
)
def test_a_question_about_forms_is_no_form(read, said):
    assert "legal_form" not in read(said).facts


@pytest.mark.parametrize(
    ("answer", "form"),
    [
        ("a limited company", "limited_company"),
        ("partnership", "partnership"),
        ("charity", "charity"),
        ("not yet", "not_yet_formed"),
    ],
)
def test_a_bare_form_answers_the_question(read, answer, form):
    assert read(answer, asked="legal_form").facts["legal_form"] == form


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("in Swedish please", ["sv"]),
        ("can we do this in Welsh", ["cy"]),
        ("I'm a Welsh speaker", ["cy"]),
        ("I speak only Polish", ["pl"]),
        ("på svenska tack", ["sv"]),
        ("po polsku", ["pl"]),
        ("is there a German-speaking adviser", ["de"]),
        ("I'd prefer Hungarian", ["hu"]),
        ("do you have someone who speaks Danish", ["da"]),
    ],
)
def test_a_language_asked_for_is_read(read, said, codes):
    assert read(said).facts.get("languages") == codes


@pytest.mark.parametrize(
    "said",
    [
        "nobody here speaks German",
        "I don't speak Swedish",
        "tell me in plain English",
        "we sell Polish food",
        "our website is in German",
        "the Welsh market is small",
    ],
)
def test_a_language_only_mentioned_is_left_alone(read, said):
    assert "languages" not in read(said).facts


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("I'd like it in Polish if I may", ["pl"]),
        ("Please in German.", ["de"]),
        ("show me only what there is in Danish", ["da"]),
        ("can somebody Hungarian ring me", ["hu"]),
        ("Swedish would suit us best", ["sv"]),
        ("Is there anybody at your end with some Polish?", ["pl"]),
        ("Could it be in Swedish, or Danish?", ["sv", "da"]),
        ("German is what I read best, so in German then", ["de"]),
        ("switch to Welsh", ["cy"]),
        ("Is there a Welsh version?", ["cy"]),
    ],
)
def test_a_language_is_asked_for_in_many_manners(read, said, codes):
    assert read(said).facts.get("languages") == codes


@pytest.mark.parametrize(
    "said",
    [
        "My shop is only in Danish",
        "we teach in Welsh and want more pupils",
        "we need our website in German",
        "I need to hire somebody who speaks Polish",
        "could we get a Swedish partner for a project",
        "We need German speakers for our sales team",
        "Can Swedish companies apply?",
        "someone to translate our labels into German",
        "Polish is our main market",
        "we'd like to do tours in German for the visitors",
    ],
)
def test_a_language_of_customers_staff_or_papers_is_left_alone(read, said):
    assert "languages" not in read(said).facts


@pytest.mark.parametrize(
    ("said", "form"),
    [
        ("It's a GmbH & Co. KG, 210 people", "partnership"),
        ("joint-stock company, Gdynia", "plc"),
        ("we're an AG in Stuttgart", "plc"),
        ("publikt aktiebolag, Jönköping", "plc"),
        ("firma jednoosobowa, Gdynia", "sole_trader"),
        ("eingetragener Verein, 200 members", "unincorporated_association"),
        ("Debt advice charity, so yes we're tight", "charity"),
        ("Small animal rescue charity in Swansea, roof leaks", "charity"),
        ("We are a charity for the deaf in Walsall", "charity"),
        ("can a sole trader even get tax credits?? asking cos i am one", "sole_trader"),
        ("I've been self-employed for 9 years", "sole_trader"),
        ("A charity asked us to make ramps", None),
        ("I work for a charity that helps the blind", None),
        ("we're in partnership with the council", None),
        ("my landlord is a limited company", None),
    ],
)
def test_a_form_is_known_in_many_tongues_and_by_what_a_charity_does(read, said, form):
    assert read(said).facts.get("legal_form") == form


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("Please talk Polish when possible.", ["pl"]),
        ("kan vi snakke dansk?", ["da"]),
        ("können wir Deutsch sprechen?", ["de"]),
        ("I'd like my reports in Welsh tidy like", ["cy"]),
        ("our customers speak Polish", None),
        ("I'd like our brochure in German", None),
    ],
)
def test_a_language_is_asked_for_in_it_or_for_what_is_sent(read, said, codes):
    assert read(said).facts.get("languages") == codes
