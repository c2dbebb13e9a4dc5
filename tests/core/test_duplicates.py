"""Records of one offer are found though they were entered in other words; different offers are left alone."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.catalogue import read_starter_pack
from knowledge_base.closeness import pack, texts_of
from knowledge_base.duplicates import LIKELY, WEIGHTS, chance, page_of, pairs, words_of
from knowledge_base.encoder import Encoder
from knowledge_base.records import Amount, Offer, Source
from knowledge_base.services import ENCODER, PACK
from tests.core.builders import offer
from tests.encoder import need_encoder

REWORDED = Path(__file__).parent / "duplicates_reworded.yml"
AGAIN = "-again"
SEEN = Source("https://example.org/offer-a", "A page")


def named(one: Offer, *others: Offer, **given: Any) -> set[tuple[str, str]]:
    return {(pair.one, pair.other) for pair in pairs([one, *others], **given)}


def fund(id: str, name: str, url: str = "https://example.org/a", **more: Any) -> Offer:
    made = offer(id, "grant", **more)
    return replace(made, name=name, source=Source(url), summary=f"About {name}.")


def test_a_record_entered_twice_from_one_page_is_found():
    first = fund("marches-fund", "Example Marches Growth Fund")
    again = fund("growth-fund-marches", "Growth fund (Example Marches)")

    assert named(first, again) == {("growth-fund-marches", "marches-fund")}


def test_two_regions_of_one_programme_are_two():
    east = fund("east", "Example Smarter East Midlands", "https://example.org/east", areas=("rugby",))
    west = fund("west", "Example Smarter West Midlands", "https://example.org/west", areas=("dudley",))

    assert named(east, west) == set()


def test_records_that_name_each_other_are_two():
    first = fund("first", "Example fund")
    then = replace(fund("then", "Example fund"), requires=("first",))
    now = replace(fund("now", "Example fund"), succeeded_by="then")

    assert named(first, then) == set()
    assert named(then, now) == set()
    assert named(first, now) == {("first", "now")}


def test_what_somebody_said_is_two_is_not_named_again_in_either_order():
    first, again = fund("first", "Example fund"), fund("again", "Example fund")

    assert named(first, again) == {("again", "first")}
    assert named(first, again, apart=[("first", "again")]) == set()
    assert named(first, again, apart=[("again", "first")]) == set()


def test_a_withdrawn_record_is_nobodys_double():
    first, again = fund("first", "Example fund"), fund("again", "Example fund")

    assert named(first, replace(again, status="withdrawn")) == set()
    assert named(first, replace(again, status="draft")) == {("again", "first")}


def test_a_pair_says_why_it_looks_alike():
    first = fund("first", "Example Marches Growth Fund", amount=Amount("GBP", max=9000))
    again = fund("again", "Example Marches growth fund", amount=Amount("GBP", max=9000))

    (pair,) = pairs([first, again])
    assert pair.because[:2] == ("seen on the same page", "much the same name")
    assert "the same sums" in pair.because


def test_initials_are_known_for_the_name_they_stand_for():
    long = fund("long", "Example Regional Innovation Council award", "https://example.org/1")
    short = fund("short", "ERIC award", "https://example.org/2")
    other = fund("other", "Zeta award", "https://example.org/3")

    likely = {(pair.one, pair.other): pair.alike for pair in pairs([long, short, other], least=0.0)}
    assert likely["long", "short"] > likely.get(("long", "other"), 0)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://www.example.org/a/", "http://example.org/a"),
        ("https://EXAMPLE.org/A#top", "https://example.org/a"),
    ],
)
def test_one_page_has_one_address_however_it_is_written(one, other):
    assert page_of(one) == page_of(other) != ""


def test_an_address_that_is_none_is_no_page():
    assert page_of(None) == page_of("") == page_of("http://[") == ""
    assert page_of("https://example.org/a?id=1") != page_of("https://example.org/a?id=2")
    assert words_of("Žižkov: the Fund — for Größe") == ["zizkov", "fund", "grosse"]


def test_a_directory_page_does_not_make_all_it_lists_look_alike():
    listed = [fund(f"offer-{n}", f"Thing{n} number{n}", "https://example.org/list") for n in range(60)]

    assert pairs(listed) == []


def test_vectors_that_do_not_belong_are_passed_over():
    first, again = fund("first", "Example fund"), fund("again", "Example fund")

    for strange in (b"", b"x", b"x" * 384, b"x" * 384 * 9):
        assert named(first, again, vectors={"first": strange, "again": strange}) == {("again", "first")}


TEXTS = st.text(max_size=40)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.builds(
            lambda name, summary, url, aliases: (name, summary, url, tuple(aliases)),
            TEXTS, TEXTS, st.none() | TEXTS, st.lists(TEXTS, max_size=3),
        ),
        min_size=2,
        max_size=6,
    )
)  # fmt: skip
def test_whatever_records_say_pairs_are_in_order_and_do_not_depend_on_how_they_came(raw):
    offers = []
    for n, (name, summary, url, aliases) in enumerate(raw):
        made = replace(offer(f"o{n}", "grant"), name=name or "x", summary=summary, aliases=aliases)
        offers.append(replace(made, source=Source(url)))

    found = pairs(offers, least=0.0)

    assert found == pairs(reversed(offers), least=0.0)
    assert all(pair.one < pair.other and 0 <= pair.alike <= 1 and pair.because for pair in found)
    assert [pair.alike for pair in found] == sorted((pair.alike for pair in found), reverse=True)


@cache
def starter_pack() -> dict[str, Offer]:
    return dict(read_starter_pack(PACK).offers)


def reworded(same_page: bool) -> tuple[list[Offer], set[tuple[str, str]]]:
    """The half of the reworded records no weight was set on, and which pairs are of one offer."""
    made, truth = [], set()
    for told in yaml.safe_load(REWORDED.read_text(encoding="utf-8"))["reworded"]:
        if told["fold"] != "measured":
            continue
        record = starter_pack()[told["of"]]
        url = told.get("url", record.source.url if same_page else f"https://example.org/{record.id}")
        made.append(
            replace(
                record,
                id=record.id + AGAIN,
                name=told["name"],
                summary=told["summary"],
                provider=told.get("provider", record.provider),
                source=Source(url),
                aliases=(),
                local_name=None,
                criteria=(),
                evidence=None,
                amount=Amount(),
            )
        )
        truth.add((record.id, record.id + AGAIN))
    return made, truth


@cache
def vectors() -> dict[str, bytes]:
    need_encoder()
    encoder = Encoder.load(ENCODER)
    return {
        each.id: pack(encoder.encode(texts_of(each)))
        for each in [*starter_pack().values(), *reworded(True)[0]]
    }


def measured(same_page: bool, **given: Any) -> tuple[float, float]:
    """Return precision and recall; every other pair of the whole pack counts as a false alarm."""
    again, truth = reworded(same_page)
    found = named(*starter_pack().values(), *again, **given)
    return len(found & truth) / max(1, len(found)), len(found & truth) / len(truth)


def test_of_records_entered_again_in_other_words_most_are_found_and_few_others():
    of_one_page = measured(True, vectors=vectors())
    of_another = measured(False, vectors=vectors())

    assert of_one_page[1] >= 0.9
    assert of_another[1] >= 0.7
    assert min(of_one_page[0], of_another[0]) >= 0.4


def test_without_an_encoder_names_and_pages_still_find_many():
    assert measured(True)[1] >= 0.6


def test_different_offers_of_one_provider_are_seldom_taken_for_one():
    """All of the starter pack's own: of some thousand pairs of one provider, a handful is named."""
    ours = list(starter_pack().values())
    beside = sum(1 for n, a in enumerate(ours) for b in ours[:n] if a.provider and a.provider == b.provider)

    found = pairs(ours, vectors())
    assert beside > 500
    assert len(found) <= 25


def test_every_sign_has_a_weight_and_more_of_one_never_takes_from_the_chance():
    none = dict.fromkeys(WEIGHTS, 0.0)
    for sign, weight in WEIGHTS.items():
        more = chance({**none, sign: 1.0})
        assert (more > chance(none)) == (weight > 0)
    assert chance(dict.fromkeys(WEIGHTS, 1.0)) > LIKELY
