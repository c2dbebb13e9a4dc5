"""Offers named or pointed at, those done, and those that said no."""

import time

import pytest

from knowledge_base.areas import starter_areas
from knowledge_base.reading import Reader
from knowledge_base.records import Catalogue

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


def test_rebuilding_for_many_offers_is_cheap_beside_the_first_build(reader):
    many = [offer(f"o-{n}", f"Programme Quillon {n}", aliases=(f"QLN{n}",)) for n in range(353)]
    began = time.process_time()
    Reader(Catalogue.of([], many), reader._gazetteer)

    assert time.process_time() - began < 2  # a twentieth of this on an idle core
