"""Offers named or pointed at, those done, and those that said no."""

from dataclasses import replace

import pytest

from knowledge_base.areas import starter_areas
from knowledge_base.reading import Reader
from knowledge_base.records import Catalogue, Provider

from .conftest import TODAY, offer

SHOWN = ("ktp", "loan-a", "help-to-grow")


@pytest.mark.parametrize(
    ("said", "offers"),
    [
        ("what is KTP", ("ktp",)),
        ("are ktps any good", ("ktp",)),
        ("the KTP's deadline", ("ktp",)),
        ("tell me about the Knowledge Transfer Partnership", ("ktp",)),
        ("ceic or ktp?", ("ceic", "ktp")),
        ("Help to Grow: Management", ("help-to-grow",)),
        ("is Help to Grow still on", ("help-to-grow",)),
        ("is that help to grow thing still on", ("help-to-grow",)),
        ("SIRU 2.0", ("siru-2",)),
        ("what was SIRU", ("siru-1",)),
        ("innovationskollen", ("check",)),
        ("is the enterprise investment scheme open", ("eis",)),
        ("Can I use TAP this year", ("tap",)),
    ],
)
def test_a_named_offer_is_found_longest_name_first(read, said, offers):
    assert read(said).offers == offers


@pytest.mark.parametrize(
    "said",
    [
        "I need help to grow my business",
        "I want business support",
        "any advice?",
        "we want a business growth programme",
        "turn the tap off",
        "we need an example",
        "knowledge is power",
    ],
)
def test_everyday_words_are_no_offer(read, said):
    assert read(said).offers == ()


@pytest.mark.parametrize(
    ("said", "offers"),
    [
        ("tell me about the second one", ("loan-a",)),
        ("what about step 2", ("loan-a",)),
        ("the last one looks good", ("help-to-grow",)),
        ("option 3 please", ("help-to-grow",)),
        ("the 1st one", ("ktp",)),
        ("the first two", ("ktp", "loan-a")),
        ("how does that loan work", ("loan-a",)),
        ("that course", ("help-to-grow",)),
        ("step 9", ()),
        ("that grant", ()),
        ("my second shop", ()),
        ("step 1.5", ()),
    ],
)
def test_an_offer_just_shown_can_be_pointed_at(read, said, offers):
    assert read(said, shown=SHOWN).offers == offers


def test_pointing_at_nothing_finds_nothing(read):
    assert read("the second one").offers == ()
    assert read("that loan", shown=("loan-a", "loan-b")).offers == ()


@pytest.mark.parametrize(
    ("said", "done"),
    [
        ("we've done Help to Grow already", ["help-to-grow"]),
        ("already had the KTP", ["ktp"]),
        ("done step 2", ["loan-a"]),
        ("finished the second one", ["loan-a"]),
        ("we completed Help to Grow and KTP", ["help-to-grow", "ktp"]),
        ("KTP is done", ["ktp"]),
        ("I've done the first two", ["ktp", "loan-a"]),
    ],
)
def test_what_was_done_is_done(read, said, done):
    assert read(said, shown=SHOWN).facts.get("done") == done


@pytest.mark.parametrize(
    "said",
    [
        "we haven't done Help to Grow",
        "should I do KTP",
        "once we've done the KTP",
        "what is KTP",
        "my neighbour did Help to Grow",
        "we did Bridgeworks",
        "have you done KTP before?",
    ],
)
def test_what_was_not_done_by_them_is_not_done(read, said):
    assert "done" not in read(said, shown=SHOWN).facts


def test_a_refusal_by_a_provider_is_kept_apart_from_done(read):
    told = read("we got rejected by KTP")

    assert told.turned_down == ("ktp",)
    assert "done" not in told.facts


def test_they_turned_me_down_means_the_one_offer_shown_or_nothing(read):
    assert read("they turned me down", shown=("ktp",)).turned_down == ("ktp",)
    assert read("they turned me down", shown=SHOWN).turned_down == ()
    assert read("the second one turned us down", shown=SHOWN).turned_down == ("loan-a",)


@pytest.mark.parametrize(
    ("said", "out"),
    [
        ("no thanks to the first", ("ktp",)),
        ("I don't like step 2", ("loan-a",)),
        ("skip step 2", ("loan-a",)),
        ("not interested in the second one", ("loan-a",)),
        ("we skipped the training", ("help-to-grow",)),
        ("KTP isn't for us", ("ktp",)),
        ("should I skip step 2?", ()),
        ("don't skip step 2", ()),
        ("we skipped the meeting", ()),
        ("I like step 2", ()),
    ],
)
def test_an_offer_waved_away_is_out(read, said, out):
    told = read(said, shown=SHOWN)

    assert told.skipped == out
    assert told.turned_down == ()
    assert "done" not in told.facts


def test_skipping_a_step_does_not_skip_the_question(read):
    assert read("skip step 2", asked="turnover", shown=SHOWN).refused == ()
    assert read("skip that one", asked="turnover", shown=("ktp",)).refused == ("turnover",)


@pytest.mark.parametrize(
    "said",
    [
        "it",
        "that one",
        "could we get it",
        "when does it close",
        "how do I apply",
        "what documents do I need",
        "how much can I get",
        "who runs it",
        "tell me more about that",
        "are they any good?",
    ],
)
def test_words_that_point_at_what_was_shown_are_noted(read, said):
    assert read(said).points_back


@pytest.mark.parametrize(
    "said",
    [
        "hello",
        "14 staff in Dudley",
        "it's just me",
        "how do I apply for KTP",
        "we want a machine that welds",
        "something that would help",
        "a new oven this year",
    ],
)
def test_words_that_name_their_subject_do_not_point_back(read, said):
    assert not read(said).points_back


@pytest.fixture(scope="module")
def lenders(reader):
    offers = [
        offer("sul", "Start Up Loan", "loan", aliases=("Start Up Loans",)),
        offer("green", "Green Business Loan Scheme (Wales)", "loan"),
        offer("gs", "Goldman Sachs 10,000 Small Businesses UK", "training"),
        offer("lean-a", "Toyota Lean Clusters Programme", "training"),
        offer("lean-b", "Toyota Lean Clusters resource pack", "toolkit"),
        replace(offer("audit", "Energy audit", "diagnostic"), provider="trust"),
    ]
    trust = Provider("trust", "Carbon Trust", "charity")
    return Reader(Catalogue.of([], offers, [trust]), reader._gazetteer)


@pytest.mark.parametrize(
    ("said", "offers"),
    [
        ("what about start up loans", ("sul",)),
        ("is the green business loan still open", ("green",)),
        ("green business loan", ("green",)),
        ("tell me about the goldman sachs one", ("gs",)),
        ("the carbon trust one", ("audit",)),
        ("the toyota lean one", ()),
        ("we need a green business loan", ()),
        ("a business loan", ()),
        ("the business loan scheme", ()),
        ("we start up machines and take out loans", ()),
    ],
)
def test_part_of_a_name_is_enough_where_it_can_mean_one_offer_only(lenders, said, offers):
    assert lenders.read(said, on=TODAY).offers == offers


def test_a_new_offer_is_known_as_soon_as_the_reader_is_built(catalogue, reader):
    new = offer("kilnstart", "Kilnstart Bursary", aliases=("Kilnstart",))
    fresh = Reader(
        Catalogue.of(starter_areas().values(), [*catalogue.offers.values(), new]), reader._gazetteer
    )

    assert fresh.read("do you know Kilnstart?", on=TODAY).offers == ("kilnstart",)
    assert reader.read("do you know Kilnstart?", on=TODAY).offers == ()


def test_a_name_that_many_offers_share_settles_nothing(reader):
    many = [offer(f"fund-{n}", f"Zephyr: part {n}", aliases=("Zephyr",)) for n in range(9)]
    crowded = Reader(Catalogue.of([], many), reader._gazetteer)

    assert crowded.read("what is Zephyr", on=TODAY).offers == ()


def test_of_many_offers_whose_names_differ_by_a_number_each_is_known_by_its_own(reader):
    many = [offer(f"o-{n}", f"Programme Quillon {n}", aliases=(f"QLN{n}",)) for n in range(353)]
    crowded = Reader(Catalogue.of([], many), reader._gazetteer)

    assert [crowded.read(f"what is Programme Quillon {n}", on=TODAY).offers for n in (3, 35, 352)] == [
        ("o-3",),
        ("o-35",),
        ("o-352",),
    ]


@pytest.mark.parametrize(
    "said", ["why did you not suggest KTP", "why did you leave out KTP", "and why did KTP go"]
)
def test_asking_why_an_offer_was_not_advised_is_not_having_done_it(read, said):
    heard = read(said)

    assert heard.offers == ("ktp",)
    assert "done" not in heard.facts
