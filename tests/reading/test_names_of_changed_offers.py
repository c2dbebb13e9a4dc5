"""When offers change, a reader made from the one before knows the names a new reader knows."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.reading.offer_names import OfferNames
from knowledge_base.reading.text import read_message
from knowledge_base.records import Catalogue, Offer, Provider
from tests.reading.conftest import offer, small_catalogue

TRUST = Provider("example-provider", "Lantern Enterprise Trust", "charity")
NAMES = (
    "Knowledge Transfer Partnership (KTP)",
    "Lantern Growth Grant: small works",
    "Lantern Growth Grant",
    "Help to Grow",
    "Harbour Bridge Scheme",
    "SIRU",
    "SIRU 2.0",
    "Start-up loan programme",
    "the",
)


def changed(chance: Random, offers: dict[str, Offer]) -> dict[str, Offer]:
    """Take offers out, rename them, give them aliases, add some; at times most of them at once."""
    out = dict(offers)
    for id in chance.sample(sorted(out), min(len(out), chance.choice([0, 1, 1, 2, len(out)]))):
        record = out.pop(id)
        if chance.random() < 0.7:
            aliases = tuple(chance.sample(NAMES, chance.randint(0, 2)))
            out[id] = replace(record, name=chance.choice(NAMES), aliases=aliases)
    if chance.random() < 0.5:
        id = f"new-{chance.randint(0, 99)}"
        out[id] = offer(id, chance.choice(NAMES))
    return out


def said(chance: Random, offers: dict[str, Offer]) -> str:
    words = chance.choice([*NAMES, *(each.name for each in offers.values()), TRUST.name]).split()
    at = chance.randrange(len(words))
    part = " ".join(words[at : at + 3] if chance.random() < 0.3 else words)
    return (
        f"{chance.choice(['I did that', 'what about the', ''])} {part} {chance.choice(['one', 'grant', ''])}"
    )


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**40))
def test_names_are_found_as_if_all_had_been_read_anew(seed):
    chance = Random(seed)
    offers = dict(small_catalogue().offers)
    names = None
    earlier: list[tuple[OfferNames, str, list]] = []
    for _ in range(6):
        catalogue = Catalogue.of([], offers.values(), [TRUST])
        names, anew = OfferNames(catalogue, names), OfferNames(catalogue)
        for _ in range(8):
            message = said(chance, offers)
            found = names.find(read_message(message))
            assert found == anew.find(read_message(message)), message
            earlier.append((names, message, found))
        offers = changed(chance, offers)
    for before, message, found in earlier:
        assert before.find(read_message(message)) == found, f"an earlier version changed: {message}"


def test_a_renamed_offer_answers_to_its_new_name_alone():
    first = Catalogue.of([], [*small_catalogue().offers.values(), offer("harbour", "Harbour Bridge Scheme")])
    names = OfferNames(first)
    renamed = {**first.offers, "harbour": offer("harbour", "Quayside Works Fund")}
    after = OfferNames(Catalogue.of([], renamed.values()), names)

    assert [m.offers for m in names.find(read_message("The Harbour Bridge Scheme"))] == [("harbour",)]
    assert after.find(read_message("The Harbour Bridge Scheme")) == []
    assert [m.offers for m in after.find(read_message("the Quayside Works Fund"))] == [("harbour",)]
