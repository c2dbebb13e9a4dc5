"""What is told of one offer to somebody who asked about it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from knowledge_base.cards import age, card_of
from knowledge_base.records import Amount, Assurance, Source
from tests.core.builders import TODAY, business, catalogue, offer, situation

SEEN = date(2026, 11, 21)


def on_a_page(written: str | None, **fields):
    return offer("x", source=Source("https://example.org/x", "A page", written, SEEN), **fields)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("2019-03", "page dated March 2019; seen 21 November 2026; not yet checked by the hub"),
        ("2018-03-29", "page dated 29 March 2018; seen 21 November 2026; not yet checked by the hub"),
        ("22 Aug", "page dated 22 Aug; seen 21 November 2026; not yet checked by the hub"),
        (" ", "seen 21 November 2026; not yet checked by the hub"),
        (None, "seen 21 November 2026; not yet checked by the hub"),
    ],
)
def test_an_owner_hears_how_old_the_page_itself_is(written, told):
    assert age(on_a_page(written), TODAY) == told


def test_a_check_by_the_hub_does_not_hide_an_old_page():
    checked = Assurance("A curator", date(2026, 11, 1), date(2027, 2, 1))

    assert age(on_a_page("2019", assured=checked), TODAY) == (
        "page dated 2019; seen 21 November 2026; checked by the hub on 1 November 2026"
    )


def test_a_card_carries_the_date_of_its_page_beside_the_day_it_was_seen():
    record = on_a_page("2019-03")
    document = card_of(record, catalogue(record), situation(business()), TODAY).document

    assert (document["source_date"], document["source_checked"]) == ("2019-03", "2026-11-21")


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (Amount(), "not known"),
        (Amount("GBP", cost_to_business=Decimal(0), cost_words="Free"), "free"),
        (Amount("GBP", cost_to_business=Decimal(750)), "£750"),
        (Amount(cost_words="Membership fee not known"), "Membership fee not known"),
    ],
)
def test_a_cost_reads_well_after_the_word_cost(amount, words):
    record = offer("x", amount=amount)

    assert card_of(record, catalogue(record), situation(business()), TODAY).cost_words == words
