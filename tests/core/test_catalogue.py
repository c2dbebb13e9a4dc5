"""Reading offers: what a record may leave out, what it may say, and what comes back when it is written."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.catalogue import (
    BadCatalogue,
    dump_area,
    dump_offer,
    dump_provider,
    parse_area,
    parse_offer,
    parse_provider,
    read_catalogue_file,
    read_pack,
    read_starter_pack,
)
from knowledge_base.offer_format import LISTED_FACTS, MONEY_FACTS, NUMBER_FACTS
from knowledge_base.records import Between, NoneOf, OneOf, Source, Within
from knowledge_base.safe_files import read_yaml
from knowledge_base.words import JOURNEY_STAGES, KINDS, NEEDS, WINDOW_STATUSES

PACK = Path(__file__).parents[2] / "knowledge_base" / "content"

FULL = """
name: Example growth grant
kind: grant
provider: example-council
areas: [west-midlands]
needs: [process_improvement, digital_adoption]
stages: [fund]
summary: Half the cost of new equipment for small manufacturers.
criteria:
  - {fact: employees, between: [5, 249], words: You employ between 5 and 249 people}
  - {fact: legal_form, none_of: [sole_trader], words: You are not a sole trader}
  - {fact: turnover, between: [null, 10000000], currency: GBP, words: Your turnover is at most £10m}
  - any_of:
      - {fact: sector, one_of: [manufacturing], words: You make things}
      - {fact: place, within: [black-country, coventry], words: You are in the Black Country or Coventry}
    words: You make things, or are in the Black Country or Coventry
  - {words: The project must not have started}
amount: {currency: GBP, min: 5000, max: 20000, rate_percent: 50, cost_to_business: null, paid: in_arrears}
duration_weeks: 12
hours: 10
window: {status: dated, opens: 2026-10-01, closes: 2027-01-31, usual_month: null, note: null}
requires: [example-diagnostic]
leads_to: []
excludes: []
succeeded_by: null
prepare: [Last two years' accounts]
languages: [en, no]
audience: owner
evidence: null
source: {url: "https://example.org/grant", title: An example, date: null, seen: 2026-11-21}
assured: {by: Example curator, on: 2026-11-01, until: 2027-02-01}
"""


def full_offer():
    return parse_offer("example-growth-grant", read_yaml(FULL, "example.yml"))


def the_faults_of(raw: dict[str, Any]) -> list[str]:
    with pytest.raises(BadCatalogue) as bad:
        parse_offer("example", {"name": "Example", "kind": "grant", **raw})
    return [str(fault) for fault in bad.value.faults]


def written(path: Path, value: Any) -> Path:
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def test_the_contracted_example_is_read_whole():
    offer = full_offer()

    assert offer.criteria[0].test == Between(Decimal(5), Decimal(249))
    assert offer.criteria[1].test == NoneOf(frozenset({"sole_trader"}))
    assert offer.criteria[2].test == Between(None, Decimal(10_000_000), "GBP")
    assert [part.test for part in offer.criteria[3].any_of] == [
        OneOf(frozenset({"manufacturing"})),
        Within(frozenset({"black-country", "coventry"})),
    ]
    assert not offer.criteria[4].testable
    assert offer.window.closes == date(2027, 1, 31)
    assert offer.assured is not None
    assert offer.assured.until == date(2027, 2, 1)


def test_norwegian_is_a_language_and_not_a_no():
    assert full_offer().languages == ("en", "no")


def test_what_is_written_reads_back_the_same():
    assert parse_offer("example-growth-grant", dump_offer(full_offer())) == full_offer()


def test_an_offer_needs_only_a_name_and_a_kind():
    offer = parse_offer("example", {"name": "Example", "kind": "loan"})

    assert (offer.provider, offer.areas, offer.summary) == ("", (), "")
    assert offer.window.status == "unknown"
    assert offer.source == Source(url=None)


def test_an_offer_without_a_name_or_kind_is_refused_for_both():
    with pytest.raises(BadCatalogue) as bad:
        parse_offer("example", {})

    assert {fault.field for fault in bad.value.faults} == {"name", "kind"}


def test_told_words_and_recorded_words_are_spelled_alike():
    criteria = [{"fact": "legal_form", "one_of": ["Limited Company", "sole-trader "], "words": "x"}]

    offer = parse_offer("example", {"name": "Example", "kind": "loan", "criteria": criteria})

    assert offer.criteria[0].test == OneOf(frozenset({"limited_company", "sole_trader"}))


def test_an_offer_done_before_is_tested_by_its_id_as_it_is():
    criteria = [{"fact": "done", "one_of": ["example-diagnostic"], "words": "You had the diagnostic"}]

    offer = parse_offer("example", {"name": "Example", "kind": "loan", "criteria": criteria})

    assert offer.criteria[0].test == OneOf(frozenset({"example-diagnostic"}))


@pytest.mark.parametrize(
    ("told", "opens", "closes"),
    [
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-12", date(2023, 12, 1), date(2023, 12, 31)),
        (2021, date(2021, 1, 1), date(2021, 12, 31)),
        ("2021", date(2021, 1, 1), date(2021, 12, 31)),
    ],
)
def test_a_month_or_a_year_lasts_to_its_last_day_and_stays_a_month_or_a_year(told, opens, closes):
    raw = {"name": "Example", "kind": "loan", "window": {"status": "dated", "opens": told, "closes": told}}

    offer = parse_offer("example", raw)

    assert (offer.window.opens, offer.window.closes) == (opens, closes)
    assert (offer.window.opens_text, offer.window.closes_text) == (str(told), str(told))
    assert parse_offer("example", dump_offer(offer)) == offer


def test_bounds_the_wrong_way_round_are_refused_with_the_way_out():
    faults = the_faults_of(
        {"criteria": [{"words": "x"}, {"fact": "employees", "between": [249, 5], "words": "x"}]}
    )

    assert faults == ["offers/example.yml: criteria[1].between: 5 is below 249; put the smaller bound first."]


def test_every_fault_is_named_and_not_only_the_first():
    faults = the_faults_of({"needs": ["money"], "amount": {"currency": "ZZZ", "max": -1}, "sumary": "x"})

    assert [fault.split(": ")[1] for fault in faults] == [
        "sumary",
        "needs[0]",
        "amount.max",
        "amount.currency",
    ]
    assert "write summary if that is meant" in faults[0]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"criteria": [{"fact": "place", "one_of": ["dudley"], "words": "x"}]}, "use within"),
        ({"criteria": [{"fact": "sector", "between": [1, 2], "words": "x"}]}, "use one_of or none_of"),
        ({"criteria": [{"fact": "deadline", "between": [1, 2], "words": "x"}]}, "words only"),
        ({"criteria": [{"fact": "employees", "between": [1, 2], "one_of": ["a"], "words": "x"}]}, "one test"),
        ({"criteria": [{"between": [1, 2], "words": "x"}]}, "say which fact"),
        ({"criteria": [{}]}, "says nothing"),
        ({"criteria": [{"fact": "sector", "one_of": [], "words": "x"}]}, "the list is empty"),
        ({"criteria": [{"any_of": [], "words": "x"}]}, "empty group"),
        ({"criteria": [{"fact": "colour", "one_of": ["red"], "words": "x"}]}, "not in the list"),
        ({"criteria": {"fact": "sector"}}, "write one condition to a line"),
        ({"areas": "west-midlands"}, "is not a list"),
        ({"areas": [["west-midlands"]]}, "is not text"),
        ({"requires": ["../../etc/passwd"]}, "is not an id"),
        ({"duration_weeks": 1.5}, "whole number"),
        ({"hours": "ten"}, "is not a number"),
        ({"hours": True}, "is not a number"),
        ({"amount": {"min": 10, "max": 5}}, "put the smaller amount in min"),
        ({"amount": 5000}, "is not a mapping"),
        ({"amount": {"max": 10**40}}, "cannot be"),
        ({"window": {"opens": "2026-02-30"}}, "is not a date"),
        ({"window": {"opens": "2026-03-01", "closes": "2026-02"}}, "put the earlier date in opens"),
        ({"window": {"usual_month": 13}}, "from 1 to 12"),
        ({"assured": {"by": "x", "on": "2026-11"}}, "names no day"),
        ({"source": {"url": "javascript:alert(1)"}}, "is not a web address"),
        ({"source": {"url": "https://"}}, "is not a web address"),
        ({"summary": "a" * 1_000_000}, "are too many"),
        ({"summary": "a\x00b"}, "cannot be shown"),
        ({"summary": "\ud800"}, "cannot be shown"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(raw, said):
    assert any(said in fault for fault in the_faults_of(raw))


def test_an_id_that_leads_out_of_the_folder_is_refused():
    with pytest.raises(BadCatalogue, match="is not an id"):
        parse_offer("../escape", {"name": "Example", "kind": "loan"})


def test_areas_and_providers_read_back_the_same():
    area = parse_area(
        {"code": "dudley", "name": "Dudley", "within": "black-country", "aliases": ["Dudley MBC"]}
    )
    provider = parse_provider(
        "example-council", {"name": "Example council", "type": "public", "areas": ["dudley"]}
    )

    assert parse_area(dump_area(area)) == area
    assert area.within == ("black-country",)
    assert parse_provider("example-council", dump_provider(provider)) == provider


def test_a_catalogue_file_needs_no_more_than_areas_and_offers(tmp_path):
    raw = {
        "areas": [
            {"code": "uk", "name": "UK", "within": None},
            {"code": "wales", "name": "Wales", "within": "uk"},
        ],
        "offers": [{"id": "example", "name": "Example", "kind": "advice", "areas": ["wales"]}],
    }

    catalogue = read_catalogue_file(written(tmp_path / "catalogue.json", raw))

    assert catalogue.areas["wales"].within == ("uk",)
    assert list(catalogue.offers) == ["example"]


def test_a_draft_and_a_withdrawn_offer_stay_out_of_the_catalogue(tmp_path):
    offers = [
        {"id": status, "name": status, "kind": "advice", "status": status}
        for status in ("draft", "withdrawn", "published")
    ]

    catalogue = read_catalogue_file(written(tmp_path / "catalogue.json", {"offers": offers}))

    assert list(catalogue.offers) == ["published"]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (
            {"offers": [{"id": "a", "name": "A", "kind": "loan", "areas": ["narnia"]}]},
            "offers|areas[0]: 'narnia' is not",
        ),
        (
            {"offers": [{"id": i, "name": i, "kind": "loan", "requires": [o]} for i, o in ("ab", "ba")]},
            "a requires b requires a, which is a circle",
        ),
        ({"offers": [{"id": "a", "name": "A", "kind": "loan", "requires": ["a"]}]}, "which is a circle"),
        ({"offers": [{"id": "a", "name": "A", "kind": "loan"}] * 2}, "offers[1].id: 'a' is there twice"),
        ({"areas": [{"code": "a"}] * 2, "offers": []}, "areas[1].code: 'a' is there twice"),
        (
            {"areas": [{"code": "a", "within": ["b"]}, {"code": "b", "within": ["a"]}], "offers": []},
            "a circle",
        ),
        ({"areas": [{"code": "a", "within": ["b"]}], "offers": []}, "a.within: 'b' is not an area"),
        ({"offers": [{"name": "A", "kind": "loan"}]}, "offers[0].id: this is missing"),
        ({"offers": ["a"]}, "offers[0]: 'a' is not a mapping"),
        ({"offers": {"a": {}}}, "offers: "),
        ({}, "offers: this is missing"),
        ([], "is not a mapping"),
        (None, "is not a mapping"),
    ],
)
def test_a_catalogue_file_that_does_not_hold_together_is_refused(tmp_path, raw, said):
    with pytest.raises(BadCatalogue) as bad:
        read_catalogue_file(written(tmp_path / "catalogue.json", raw))

    assert said.replace("offers|", "") in str(bad.value)
    assert str(bad.value).startswith("catalogue.json: ")


def test_the_starter_pack_is_read_whole():
    catalogue = read_starter_pack(PACK)

    assert len(catalogue.offers) > 300


def test_every_record_of_the_starter_pack_is_written_as_it_was_read():
    pack = read_pack(PACK)

    assert pack.faults == []
    for id, offer in pack.offers.items():
        assert parse_offer(id, dump_offer(offer)) == offer


def test_a_folder_names_the_file_and_the_field_of_every_fault(tmp_path):
    for name in ("offers", "providers"):
        (tmp_path / name).mkdir()
    (tmp_path / "areas.yml").write_text("areas: []")
    (tmp_path / "offers" / "one.yml").write_text("name: One\nkind: grnt\n")
    (tmp_path / "offers" / "two.yml").write_text("name: [\n")
    (tmp_path / "offers" / "three.yml").write_text("")
    (tmp_path / "providers" / "four.yml").write_text("name: Four\ntype: guild\n")

    with pytest.raises(BadCatalogue) as bad:
        read_starter_pack(tmp_path)

    found = {(fault.file, fault.field) for fault in bad.value.faults}
    assert found == {
        ("offers/one.yml", "kind"),
        ("offers/two.yml", "line 2, column 1"),
        ("offers/three.yml", ""),
        ("providers/four.yml", "type"),
    }


def test_a_folder_that_is_not_there_says_so(tmp_path):
    with pytest.raises(BadCatalogue, match=r"areas\.yml: the file cannot be read"):
        read_starter_pack(tmp_path / "nowhere")


ids = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)
words = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=40).map(str.strip)
texts = words.filter(bool)
numbers = st.one_of(st.integers(0, 10**9), st.decimals(0, 10**6, places=2).map(float))
bounds = st.tuples(st.none() | numbers, st.none() | numbers).map(
    lambda pair: list(pair) if None in pair else sorted(pair)
)
days = st.dates(date(2000, 1, 1), date(2100, 1, 1)).map(date.isoformat)


def criteria(depth: int = 1) -> st.SearchStrategy[dict[str, Any]]:
    plain = st.one_of(
        st.fixed_dictionaries({"words": texts}),
        st.fixed_dictionaries({"fact": st.sampled_from(NUMBER_FACTS), "between": bounds, "words": words}),
        st.fixed_dictionaries(
            {
                "fact": st.sampled_from(MONEY_FACTS),
                "between": bounds,
                "currency": st.just("SEK"),
                "words": words,
            }
        ),
        st.fixed_dictionaries({"fact": st.sampled_from(LISTED_FACTS), "one_of": st.lists(ids, min_size=1)}),
        st.fixed_dictionaries({"fact": st.sampled_from(LISTED_FACTS), "none_of": st.lists(ids, min_size=1)}),
        st.fixed_dictionaries(
            {"fact": st.just("place"), "within": st.lists(ids, min_size=1), "words": words}
        ),
    )
    if not depth:
        return plain
    group = st.fixed_dictionaries(
        {"any_of": st.lists(criteria(depth - 1), min_size=1, max_size=3), "words": words}
    )
    return plain | group


offers = st.fixed_dictionaries(
    {"name": texts, "kind": st.sampled_from(KINDS)},
    optional={
        "provider": ids,
        "aliases": st.lists(texts, max_size=3),
        "areas": st.lists(ids, max_size=3),
        "needs": st.lists(st.sampled_from(NEEDS), max_size=3),
        "stages": st.lists(st.sampled_from(JOURNEY_STAGES), max_size=3),
        "summary": words,
        "criteria": st.lists(criteria(), max_size=4),
        "hours": st.none() | numbers,
        "duration_weeks": st.integers(0, 500),
        "amount": st.fixed_dictionaries(
            {}, optional={"currency": st.just("EUR"), "max": numbers, "note": words}
        ),
        "window": st.fixed_dictionaries(
            {"status": st.sampled_from(WINDOW_STATUSES)}, optional={"opens": days}
        ),
        "requires": st.lists(ids, max_size=2),
        "prepare": st.lists(texts, max_size=3),
        "source": st.fixed_dictionaries({}, optional={"title": words, "seen": days}),
        "succeeded_by": st.none() | ids,
    },
)


@settings(max_examples=150, deadline=None)
@given(offers)
def test_any_offer_reads_back_as_it_was_written(raw):
    offer = parse_offer("example", raw)
    document = dump_offer(offer)

    assert parse_offer("example", document) == offer
    assert dump_offer(parse_offer("example", json.loads(json.dumps(document)))) == document
