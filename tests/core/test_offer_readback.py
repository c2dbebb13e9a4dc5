"""A stored offer is read back as the full reader reads it, and what that would refuse is refused."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import knowledge_base
from knowledge_base import offer_readback
from knowledge_base.catalogue import dump_offer, parse_offer, read_pack
from knowledge_base.faults import BadCatalogue
from knowledge_base.offer_readback import ReadBack
from knowledge_base.records import Amount, Assurance, Between, Criterion, Offer, OneOf, Source, Window, Within
from knowledge_base.words import KINDS
from tests.core.builders import dated, employs, is_none_of, is_one_of, is_within, offer, turns_over
from tests.core.worlds import world

PACK = read_pack(Path(knowledge_base.__file__).parent / "content")
ODD = (
    *(
        None,
        True,
        False,
        0,
        1,
        -1,
        1.5,
        10**16,
        1e400,
        float("nan"),
        "",
        " ",
        " padded ",
        "two\nlines",
        "\xa0",
    ),
    *("\x00", "\u202e", "x" * 5000, [], {}, [[]], [None], [1, True], ["a", "a", " a "], {"url": None}),
    *("2026-02-30", "2026", "2026-02", 2026, "https://", "https://a b", "http://[::1]/", "HRK", "GBP", "gbp"),
    *(
        {"from": 1},
        {"min": 5, "max": 1},
        {"opens": "2027-01-01", "closes": "2026-01-01"},
        "published",
        "grant",
    ),
)
seeds = st.integers(0, 2**40)


def stored(record: Offer) -> Any:
    """What the database gives back of an offer."""
    return json.loads(json.dumps(dump_offer(record)))


def either(read: Any, id: str, raw: Any) -> Any:
    """What reading gives: an offer, or the faults it is refused for."""
    try:
        return read(id, raw)
    except BadCatalogue as bad:
        return [str(fault) for fault in bad.faults]


def some_offer(chance: Random, base: Offer) -> Offer:
    """A record with any field another way, as a curator could have saved it."""
    days = [None, date(2026, 1, 31), date(2027, 2, 1)]
    sums = [None, Decimal(0), Decimal("0.5"), Decimal(20_000)]
    words = ["", "Plain words", "Zażółć, d'œuvre – 50 %", "  untidy ", "two\nlines", "no\xa0break"]
    return replace(
        base,
        name=chance.choice(["A grant", "Zażółć", " A grant "]),
        local_name=chance.choice([None, *words[1:]]),
        aliases=tuple(chance.sample(["KTP", "ktp", "the other", " spaced"], chance.randint(0, 3))),
        summary=chance.choice(words),
        criteria=tuple(
            chance.sample(
                [
                    *(
                        employs(5, 249),
                        employs(None, None),
                        turns_over(None, 100, "SEK"),
                        Criterion("w", "sector"),
                    ),
                    *(
                        is_one_of("sector", "manufacturing", "Food drink"),
                        is_none_of("languages", "en", "EN "),
                    ),
                    *(
                        is_within("wales", "uk"),
                        Criterion("Words alone", source=Source("https://example.org")),
                    ),
                    Criterion("", any_of=(employs(1, 2), Criterion("m", any_of=(is_within("wales"),)))),
                    Criterion("", "amount", Between(Decimal("0.5"), None, "EUR")),
                    Criterion("by hand", "place", OneOf(frozenset({"wales"}))),
                    Criterion("by hand", "employees", Within(frozenset({"wales"}))),
                    Criterion("by hand", "employees", Between(Decimal(9), Decimal(1))),
                ],
                chance.randint(0, 4),
            )
        ),
        amount=Amount(
            chance.choice([None, "GBP", "HUF"]),
            *(chance.choice(sums) for _ in range(4)),
            chance.choice([None, *words]),
            chance.choice([None, "in_arrears"]),
            chance.choice(["payment", "limit", "price"]),
        ),
        hours=chance.choice(sums),
        duration_weeks=chance.choice([None, 0, 12, 5000]),
        window=chance.choice(
            [
                base.window,
                dated(chance.choice(days), chance.choice(days)),
                Window("closed", None, date(2023, 4, 30), None, "2023-04", None, "Ended"),
                Window("annual", usual_month=chance.choice([None, 1, 12, 13])),
            ]
        ),
        source=chance.choice(
            [
                base.source,
                Source(None),
                Source("https://example.org/a?b=c#d", "T", "2024", date(2026, 1, 1)),
                Source("https://exämple.org/å", None, None, None),
                Source("ftp://example.org", "T", None, None),
            ]
        ),
        assured=chance.choice([None, Assurance("A curator", date(2026, 1, 1), date(2026, 6, 1))]),
        status=chance.choice(["published", "draft", "withdrawn"]),
        audience=chance.choice(["owner", "broker"]),
        prepare=tuple(chance.sample(words[1:], 2)),
        languages=tuple(chance.sample(["en", "sv", "en "], 2)),
    )


def test_every_offer_of_the_starter_pack_is_read_back_without_the_full_reader(monkeypatch):
    back = ReadBack()
    monkeypatch.setattr(offer_readback, "parse_offer", lambda id, raw: pytest.fail(f"{id} was read in full"))

    assert {id: back.offer(id, stored(record)) for id, record in PACK.offers.items()} == PACK.offers


@settings(max_examples=300, deadline=None)
@given(seeds)
def test_offers_of_any_shape_are_read_back_as_the_full_reader_reads_them(seed):
    chance, back = Random(seed), ReadBack()
    for base in world(seed).offers:
        record = some_offer(chance, base)
        raw = stored(record)

        assert either(back.offer, record.id, raw) == either(parse_offer, record.id, raw)


def spoil(chance: Random, raw: Any) -> Any:
    """Put something odd somewhere in a document."""
    places: list[tuple[Any, Any]] = []
    waiting = [raw]
    while waiting:
        part = waiting.pop()
        for key in part if isinstance(part, dict) else range(len(part)):
            places.append((part, key))
            if isinstance(part[key], (dict, list)):
                waiting.append(part[key])
    part, key = chance.choice(places)
    how = chance.random()
    if isinstance(part, dict) and how < 0.2:
        del part[key]
    elif isinstance(part, dict) and how < 0.4:
        part[chance.choice(["id", "nmae", "fact", "between", "one_of", "within", "any_of", "currency"])] = (
            deepcopy(chance.choice([*ODD, ["wales"], [1, 2], "place"]))
        )
    else:
        part[key] = deepcopy(chance.choice(ODD))
    return raw


@settings(max_examples=400, deadline=None)
@given(seeds)
def test_a_spoiled_document_is_refused_with_the_same_words_or_read_the_same(seed):
    chance, back = Random(seed), ReadBack()
    records = chance.sample(sorted(PACK.offers), 4)
    for id in (*records, *records):  # so that what was read before stands beside what is spoiled
        raw = stored(PACK.offers[id])
        for _ in range(chance.randint(0, 2)):
            raw = spoil(chance, raw) if raw else raw

        assert repr(either(back.offer, id, raw)) == repr(either(parse_offer, id, raw))


@pytest.mark.parametrize("raw", [None, [], "text", 5, {}, {"name": "N"}, {"name": "N", "kind": "grant"}])
def test_what_is_hardly_an_offer_is_left_to_the_full_reader(raw):
    assert either(ReadBack().offer, "an-id", raw) == either(parse_offer, "an-id", raw)


@pytest.mark.parametrize("id", ["", "-", "a b", "x" * 200, "ok.dot", "ä"])
def test_an_id_is_judged_by_the_full_reader(id):
    raw = stored(offer("a"))

    assert either(ReadBack().offer, id, raw) == either(parse_offer, id, raw)


def test_deep_groups_are_refused_and_not_followed():
    raw: dict[str, Any] = {"fact": "place", "within": ["wales"], "words": "w"}
    for _ in range(200):
        raw = {"any_of": [raw], "words": "w"}
    document = {**stored(offer("a")), "criteria": [raw]}

    assert either(ReadBack().offer, "a", document) == either(parse_offer, "a", document)


def test_true_is_not_read_as_one_because_one_was_read_before():
    back = ReadBack()
    document = stored(offer("a", duration_weeks=1, hours=Decimal(1)))
    assert back.offer("a", document).duration_weeks == 1

    for field in ("duration_weeks", "hours"):
        with pytest.raises(BadCatalogue):
            back.offer("a", {**document, field: True})


def test_equal_conditions_of_several_offers_are_kept_once():
    back = ReadBack()
    records = [offer(f"o-{n}", KINDS[n], criteria=(employs(5, 249),), areas=("wales",)) for n in range(5)]
    read = [back.offer(record.id, stored(record)) for record in records]

    assert read == records
    for part in ("areas", "criteria", "source", "window", "amount"):
        values = [getattr(each, part) for each in read]
        kept = [value[0] if part == "criteria" else value for value in values]
        assert len({id(value) for value in kept}) == 1, part


def test_nothing_shared_can_be_changed():
    def parts(value: Any) -> Any:
        yield value
        if is_dataclass(value):
            for each in fields(value):
                yield from parts(getattr(value, each.name))
        elif isinstance(value, tuple):
            for each in value:
                yield from parts(each)

    for record in PACK.offers.values():
        for value in parts(ReadBack().offer(record.id, stored(record))):
            assert not isinstance(value, (list, dict, set)), f"{record.id}: {value}"
