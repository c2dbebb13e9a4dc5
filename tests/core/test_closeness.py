"""Offers close to what an owner said go first among those that fit as well; empty words change nothing."""

from __future__ import annotations

import logging
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.closeness import (
    MOST_PIECES,
    digest,
    joined,
    pack,
    read_near,
    texts_of,
    unpack,
    write_near,
)
from knowledge_base.documents import canonical_json, roadmap_document
from knowledge_base.meanings import Meanings
from knowledge_base.roadmap import CatalogueIndex, make_roadmap
from knowledge_base.sentences import sentences
from knowledge_base.services import ENCODER
from knowledge_base.view import View
from tests.core.builders import AREAS, TODAY, Catalogue, business, employs, offer, resolve
from tests.core.closeness_measure import (
    ON,
    PROBES,
    by_chance,
    by_figures,
    by_words,
    figures_for,
    measure,
    real_view,
    serving,
)
from tests.core.worlds import world
from tests.encoder import need_encoder

WATER = "We run a small brewery and pour away far too much water when we wash the tanks"
PRESS = "we are a printer and think about new digital machinery, a digital press"
VANS = "our vans are diesel and we want somewhere at the yard to plug in electric ones"


@pytest.fixture(scope="session")
def view() -> View:
    need_encoder()
    return real_view()


def steps(view: View, words: str | None, need: str, **facts) -> list[str]:
    near = view.near_of(words) if words else None
    roadmap = view.roadmap([need], business(**facts), ON, near=near)
    return [step.offer for phase in roadmap.phases for step in phase.steps]


def test_what_owners_say_finds_the_offer_a_good_adviser_would_name(view):
    figures = measure(view, by_figures(view))
    shared_words, chance = measure(view, by_words), measure(view, by_chance)

    assert figures.reciprocal >= 0.78
    assert figures.three >= 0.85
    assert figures.reciprocal >= shared_words.reciprocal + 0.08
    assert figures.three >= shared_words.three + 0.08
    assert figures.reciprocal >= 3 * chance.reciprocal


def test_words_with_nothing_particular_bring_no_offer_nearer(view):
    parted = [
        (words, need)
        for words in PROBES["plain"]
        for need in view.index.by_need
        if figures_for(view, words, need, [each.id for each in serving(view, need)])
    ]

    assert len(parted) <= 0.08 * len(PROBES["plain"]) * len(view.index.by_need), parted


@pytest.mark.parametrize("words", ["I need help with my business", "", "   ", "help", "we are 14 in Dudley"])
def test_words_of_nothing_leave_every_roadmap_as_it_is(view, words):
    assert view.near_of(words) is None


def test_a_brewery_and_a_printer_are_not_shown_the_same_offers_first(view):
    ids = [each.id for each in serving(view, "process_improvement")]
    brewery = figures_for(view, WATER, "process_improvement", ids)
    printer = figures_for(view, PRESS, "process_improvement", ids)

    assert max(brewery, key=lambda id: (brewery[id], id)) != max(printer, key=lambda id: (printer[id], id))
    assert brewery["wales-circular-economy-fund-business"] > printer.get(
        "wales-circular-economy-fund-business", 0.5
    )
    assert printer["made-smarter-west-midlands"] > brewery.get("made-smarter-west-midlands", 0.5)


def test_a_brewery_that_wastes_water_is_shown_who_pays_for_water_and_a_van_owner_is_not(view):
    facts = {"place": "Wales", "employees": 12}

    assert "dbw-green-business-loan" in steps(view, WATER, "sustainability", **facts)
    assert "dbw-green-business-loan" not in steps(view, VANS, "sustainability", **facts)


def test_who_counts_carbon_and_who_wants_lower_bills_begin_elsewhere(view):
    facts = {"place": "Birmingham", "employees": 12}
    carbon = "Our biggest customer asks how much CO2 we emit and we have no idea how to count it"
    bills = "someone to come and look at where our electricity goes, the bills are killing us"

    first, other = (steps(view, words, "sustainability", **facts)[0] for words in (carbon, bills))

    assert first == "uk-business-climate-hub"
    assert other == "beas-west-midlands"


def test_who_never_learned_to_lead_begins_with_a_course_in_it(view):
    facts = {"place": "Birmingham", "employees": 12}
    lead = "I got promoted to managing director and never learned to lead people"

    assert steps(view, lead, "skills_leadership", **facts)[0] == "help-to-grow-management"
    assert steps(view, None, "skills_leadership", **facts)[0] != "help-to-grow-management"


def test_facts_in_the_message_do_not_make_an_offer_of_that_name_close(view):
    ids = [each.id for each in serving(view, "finance")]
    here, there = (
        figures_for(view, f"the bank in {place} said no to a loan for our stock", "finance", ids)
        for place in ("Dudley", "Hinckley")
    )

    assert here == there


def test_the_same_words_give_the_same_bytes(view):
    assert view.near_of(WATER) == view.near_of(WATER)
    first, second = (
        view.roadmap_document(["finance"], business(), ON, near=view.near_of(VANS)) for _ in "12"
    )
    assert canonical_json(first) == canonical_json(second)


def test_no_word_of_the_owner_stands_in_what_is_kept(view):
    near = view.near_of(f"{WATER}. My name is Zebedee Quux, call me on 01384 000000")

    assert near is not None
    assert len(near) <= 8 + MOST_PIECES * 513
    for word in ("brewery", "water", "Zebedee", "Quux", "01384"):
        assert word.lower() not in near.lower()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00\x00\x00",
        "brewing \x00 water " * 60_000,
        "🍺" * 5000,
        "🍺 💧 ♻️",
        "我们是一家啤酒厂，想节约用水",
        "Мы пивоварня и хотим тратить меньше воды",
        "نحن مصنع جعة ونريد استخدام كمية أقل من الماء",
        "\ud800 half a pair of waste water \udfff",
        "https://example.org/" + "a" * 10_000,
        ". . . ! ? ;" * 1000,
        "' OR 1=1; DROP TABLE offers; --",
    ],
)
def test_any_text_is_answered(view, text):
    near = view.near_of(text)

    assert near is None or read_near(near) is not None


@pytest.mark.parametrize(
    "text",
    [
        "我们是一家啤酒厂，想节约用水",
        "Wir sind ein kleiner Betrieb in Hamburg und brauchen Hilfe",
        "🍺" * 40,
        "asdkjh qwelkj zxmcn asdlkj",
    ],
)
def test_words_the_encoder_does_not_know_bring_nobody_nearer(view, text):
    assert view.near_of(text) is None


@pytest.mark.parametrize(
    "near", ["", "x", ".", "12345678.", "12345678.AAAA", "é" * 521, "12345678" + ".A" * 50_000]
)
def test_what_is_not_ours_is_not_read(view, near):
    assert read_near(near) is None
    assert steps(view, None, "finance") == [
        step.offer
        for phase in view.roadmap(["finance"], business(), ON, near=near).phases
        for step in phase.steps
    ]


def test_words_kept_for_another_encoder_count_for_nothing(view):
    near = view.near_of(WATER)
    assert near is not None

    assert view.closeness(f"{'0' * 8}{near[8:]}", ["sustainability"], business(), ON) is None


def test_a_long_story_is_heard_by_its_sentences(view):
    ids = [each.id for each in serving(view, "sustainability")]
    story = f"Hi there, we have been going for six years now. {VANS}. Any help would be great, thanks!"

    assert figures_for(view, story, "sustainability", ids)["workplace-charging-scheme"] >= 0.75


# Examples, without the encoder: what the figures may do to a roadmap.


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**40), st.randoms(use_true_random=False))
def test_closeness_serves_no_need_more_or_less_and_keeps_who_fits(seed, chance):
    given_ = world(seed)
    catalogue = Catalogue.of(AREAS, given_.offers)
    figures = {each.id: chance.choice((0.0, 0.5, 0.75, 1.0)) for each in given_.offers}
    plain, close = (
        make_roadmap(catalogue, given_.needs, given_.profile, TODAY, resolve=resolve, closeness=closeness)
        for closeness in (None, figures)
    )

    assert [gap.need for gap in close.gaps] == [gap.need for gap in plain.gaps]
    for phase in close.phases:
        for step in phase.steps:
            assert step.verdict != "unlikely"
            assert set(step.needs) <= set(given_.needs)


def test_an_offer_close_to_the_words_never_goes_before_one_that_is_likelier():
    likely = offer("likely-check-up")
    unsure = offer("unsure-check-up", criteria=(employs(1, 8), employs(1, 9)))
    roadmap = make_roadmap(
        Catalogue.of(AREAS, [likely, unsure]),
        ["process_improvement"],
        business(employees={"from": 5, "to": 12}),
        TODAY,
        resolve=resolve,
        closeness={"unsure-check-up": 1.0, "likely-check-up": 0.0},
    )

    assert [step.offer for phase in roadmap.phases for step in phase.steps] == ["likely-check-up"]


def test_of_two_that_fit_alike_the_closer_goes_first():
    alike = [offer("a-check-up"), offer("b-check-up")]
    for close in ("a-check-up", "b-check-up"):
        roadmap = make_roadmap(
            Catalogue.of(AREAS, alike),
            ["process_improvement"],
            business(),
            TODAY,
            resolve=resolve,
            closeness={each.id: float(each.id == close) for each in alike},
        )
        assert next(step.offer for phase in roadmap.phases for step in phase.steps) == close


# Vectors.


def test_a_changed_record_has_another_digest_and_the_same_one_the_same():
    one = offer("example", summary="Help with water.")

    assert digest(one) == digest(replace(one))
    for other in (
        replace(one, summary="Help with waste."),
        replace(one, name="Another name"),
        replace(one, aliases=("Nickname",)),
        replace(one, evidence="It saved a third."),
        replace(one, criteria=(employs(1, 9),)),
    ):
        assert digest(other) != digest(one)
    assert digest(replace(one, hours=None, duration_weeks=7)) == digest(one)


def test_a_record_of_bare_name_has_one_text_and_an_empty_one_none():
    assert texts_of(offer("example", name="Example", summary=""))[0] == "Example"
    assert texts_of(offer("example", name="", summary="")) in ((), (".",))


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 9), st.integers(0, 2**32 - 1))
def test_vectors_survive_packing_but_for_rounding(count, seed):
    vectors = np.random.default_rng(seed).normal(size=(count, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)

    assert np.abs(unpack(pack(vectors)) - vectors).max() <= 1 / 512 + 1e-6
    near = write_near("ab" * 32, vectors)
    assert near is not None
    found = read_near(near)
    assert found is not None
    assert found[0] == "abababab"
    assert len(found[1]) == min(count, MOST_PIECES)


def test_what_is_said_later_comes_first_and_the_oldest_gives_way():
    said = [write_near("a" * 64, np.eye(384, dtype=np.float32)[[at]] * 0.4) for at in range(6)]
    kept = None
    for near in said:
        kept = joined(kept, near)

    assert kept is not None
    assert kept.split(".")[1:] == [str(near).split(".")[1] for near in reversed(said[2:])]
    assert joined(kept, said[5]) == kept
    assert joined(kept, None) == kept
    assert joined(None, None) is None
    assert joined(write_near("b" * 64, np.eye(384)[[0]]), said[0]) == said[0]


@given(st.text(max_size=300), st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), max_size=4))
@settings(deadline=None)
def test_sentences_of_any_text_are_few_and_bear_no_control_character(text, spans):
    found = sentences(text, [(min(span), max(span)) for span in spans])

    assert len(found) <= 13
    assert all(part.strip() and "\x00" not in part for part in found)


def test_sentences_leave_out_facts_and_addresses():
    text = "We brew in Dudley. Write to me@example.org about waste water; see https://example.org/x"
    at = text.index("Dudley")

    assert sentences(text, [(at, at + 6)]) == [
        "We brew in . Write to about waste water; see",
        "We brew in",
        "Write to about waste water",
    ]


# What is not ready yet.


def test_an_offer_published_just_now_is_neutral_until_it_is_encoded(view, tmp_path):
    meanings = Meanings(ENCODER)
    charging = replace(view.catalogue.offers["workplace-charging-scheme"], summary="Points to charge vans.")
    others = [each for id, each in view.catalogue.offers.items() if id != charging.id]
    before = CatalogueIndex.of(Catalogue.of(view.catalogue.areas.values(), others))
    meanings.fill(before)
    after = CatalogueIndex.of(Catalogue.of(view.catalogue.areas.values(), [*others, charging]))
    near = view.near_of(VANS)
    assert near is not None
    ids = {"sustainability": [each.id for each in after.by_need["sustainability"]]}

    at_once = meanings.figures(near, after, ids)
    meanings.fill(after)
    later = meanings.figures(near, after, ids)

    assert at_once is not None
    assert later is not None
    assert charging.id not in at_once
    assert later[charging.id] >= 0.75


def test_without_an_encoder_nothing_is_close_and_the_log_says_so_once(view, tmp_path, caplog):
    quiet = View.of(view.catalogue, meanings=Meanings(tmp_path / "nothing-built"))
    with caplog.at_level(logging.WARNING):
        assert [quiet.near_of(WATER) for _ in range(3)] == [None, None, None]
        quiet.roadmap(["sustainability"], business(), ON, near=view.near_of(WATER))

    assert len(caplog.records) == 1
    assert "make encoder" in caplog.text or "not built" in caplog.text


def test_a_broken_encoder_is_no_encoder(view, tmp_path, caplog):
    (tmp_path / "meta.json").write_text("{}")
    quiet = View.of(view.catalogue, meanings=Meanings(tmp_path))

    assert quiet.near_of(WATER) is None
    assert roadmap_document(quiet.roadmap(["finance"], business(), ON, near=view.near_of(WATER)))
    assert WATER not in caplog.text
