"""Tables that others keep: what is plain is read, what is not is refused and never guessed."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import knowledge_base
from knowledge_base.catalogue import parse_offer, read_pack
from knowledge_base.interchange.closed_lists import FACETS, words_of
from knowledge_base.interchange.guessing import guess
from knowledge_base.interchange.known import Known
from knowledge_base.interchange.mapping import BadMapping, Column, ColumnMap, dump_mapping, parse_mapping
from knowledge_base.interchange.values import Unread, count_of, day_of, money_of, percent_of, range_of
from knowledge_base.records import Catalogue, Offer, OneOf
from tests.interchange.taking import COUNCIL, WORDS, faults, known, made, opened, planned

PACK = read_pack(Path(knowledge_base.__file__).parent / "content").catalogue(published_only=False)


def table(*rows: dict[str, str]) -> str:
    """A CSV with the headings of the first row."""
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize(
    "told",
    ["31/03/2027", "31.3.2027", "31-03-27", "2027-03-31", "2027-03-31T00:00:00Z", "31 March 2027",
     "31st Mar 2027", "Wednesday 31 March 2027", "March 31, 2027", "31 of March 2027"],
)  # fmt: skip
def test_a_day_is_read_in_every_usual_spelling(told: str) -> None:
    assert day_of(told) == "2027-03-31"


@pytest.mark.parametrize(
    "told", ["31/02/2027", "soon", "46112", "spring 2027", "2027-13-01", "1/2", "99999-01-01"]
)
def test_what_is_no_day_is_refused(told: str) -> None:
    with pytest.raises(Unread):
        day_of(told)


def test_a_month_alone_stays_a_month_and_the_order_is_the_curators() -> None:
    assert day_of("March 2027") == "2027-03"
    assert (day_of("03/04/2027"), day_of("03/04/2027", month_first=True)) == ("2027-04-03", "2027-03-04")


@pytest.mark.parametrize(
    ("told", "amount", "currency"),
    [("£5,000", 5000, "GBP"), ("5k", 5000, ""), ("€1.5m", 1_500_000, "EUR"), ("SEK 100 000", 100_000, "SEK"),
     ("5000 GBP", 5000, "GBP"), ("1,234.50", 1234.5, ""), ("2 million", 2_000_000, ""),
     ("20,000 zł", 20_000, "PLN")],
)  # fmt: skip
def test_an_amount_is_read_with_its_currency(told: str, amount: float, currency: str) -> None:
    assert money_of(told) == (amount, currency)


@pytest.mark.parametrize(
    "told", ["1.000", "1,50", "5,00,000", "about 5", "£5 €5", "five", "£", "1e99999", "--"]
)
def test_an_amount_that_could_be_two_things_is_refused(told: str) -> None:
    with pytest.raises(Unread):
        money_of(told)


def test_a_comma_parts_decimals_where_the_curator_says_so() -> None:
    assert money_of("1.234,50 kr", comma=True) == (1234.5, "")
    assert money_of("1.000", comma=True) == (1000, "")


def test_a_share_below_one_may_be_either_and_is_refused() -> None:
    assert (percent_of("50%"), percent_of("up to 40 per cent"), percent_of(50)) == (50, 40, 50)
    with pytest.raises(Unread, match="50 %"):
        percent_of(0.5)


def test_a_range_and_a_count_take_their_bounds_as_the_words_say() -> None:
    assert range_of("£1,000 to £5,000") == (1000, 5000, "GBP")
    assert range_of("up to £10k") == (None, 10_000, "GBP")
    assert [count_of(t) for t in ("10-49", "fewer than 250", "250+", "over 500 employees", "up to 9")] == [
        (10, 49), (None, 249), (250, None), (501, None), (None, 9)
    ]  # fmt: skip


def test_columns_are_suggested_by_headings_and_by_what_is_in_them() -> None:
    content = table(
        {
            "Scheme name": "Example grant",
            "Funder": "Example Council",
            "Funding type": "Grants",
            "Eligible areas": "Cymru",
            "Deadline": "31 March 2027",
            "Web page": "https://example.org/a",
            "Remarks": "ask Kim",
        }
    )

    suggested = {each.column: each.to for each in guess(opened(content), WORDS).columns}

    assert suggested == {
        "Scheme name": "name",
        "Funder": "provider",
        "Funding type": "kind",
        "Eligible areas": "areas",
        "Deadline": "window.closes",
        "Web page": "source.url",
    }


def test_a_value_nobody_knows_is_reported_with_what_it_may_be_and_not_taken() -> None:
    content = table({"Title": "Example", "Type": "Grantt", "Region": "Wales"})

    row = planned(content)[0]

    assert row.outcome == "refuse"
    assert row.unknown == (("Type", "Grantt"),)
    assert "perhaps grant" in str(row.faults[0])


def test_a_mapping_says_once_what_a_value_means_and_is_used_again() -> None:
    content = table({"Title": "Example", "Type": "Gr. A", "Region": "Wales; Mars"})
    kept = json.loads(
        json.dumps(
            dump_mapping(
                ColumnMap(
                    columns=(
                        Column("Title", "name"),
                        Column("Type", "kind", values={"gr. a": "grant"}),
                        Column("Region", "areas", values={"Mars": "-"}),
                    )
                )
            )
        )
    )

    assert made(content, mapping=parse_mapping(kept)) == [
        {
            "name": "Example",
            "kind": "grant",
            "areas": ["wales"],
            "window": {"status": "unknown"},
            "source": {"url": None},
        }
    ]


@pytest.mark.parametrize(
    "raw",
    [
        [], {"colums": []}, {"columns": [{"column": "a", "to": "nowhere"}]}, {"columns": "x"},
        {"columns": [{"column": "a", "to": "name"}, {"column": "b", "to": "name"}]},
        {"fixed": {"criteria": "x"}}, {"new_providers": "friends"}, {"name": "x" * 200},
        {"record_type": "area"},
    ],
)  # fmt: skip
def test_a_mapping_that_cannot_be_used_says_why(raw: Any) -> None:
    with pytest.raises(BadMapping) as bad:
        parse_mapping(raw)
    assert len(str(bad.value)) > 20


def test_a_provider_nobody_knows_is_made_only_where_its_type_is_said() -> None:
    content = table({"Title": "Example", "Type": "Grant", "Funder": "Example Trust"})
    suggested = guess(opened(content), WORDS)
    assert "this provider is not known" in faults(content)[0]

    rows = planned(content, mapping=replace(suggested, new_providers="charity"))

    assert [(row.record_type, row.id, row.outcome) for row in rows] == [
        ("provider", "example-trust", "make"),
        ("offer", "example", "make"),
    ]


def test_no_provider_is_made_for_an_offer_that_is_refused() -> None:
    content = table(
        {"Title": "Example", "Type": "Riddle", "Funder": "Example Trust"},
        {"Title": "Other", "Type": "Grant", "Funder": "Example Trust"},
    )

    rows = planned(content, mapping=replace(guess(opened(content), WORDS), new_providers="charity"))

    assert [(row.row, row.record_type, row.outcome) for row in rows] == [
        (2, "offer", "refuse"),
        (3, "provider", "make"),
        (3, "offer", "make"),
    ]


def council_offer(id: str, name: str, url: str) -> Offer:
    return parse_offer(
        id,
        {
            "name": name,
            "kind": "grant",
            "provider": COUNCIL.id,
            "source": {"url": url},
            "summary": "As it was.",
        },
    )


def test_a_row_is_matched_by_id_then_by_name_and_provider_then_by_its_page() -> None:
    there = known(
        council_offer("one", "Kiln grant", "https://example.org/1"),
        council_offer("two", "Yarn grant", "https://example.org/2"),
        council_offer("three", "Paper mill fund", "https://www.example.org/3/"),
    )
    content = table(
        {"id": "one", "Title": "New name", "Type": "Grant", "Funder": "", "Link": ""},
        {"id": "", "Title": "YARN  grant", "Type": "Grant", "Funder": "ExC", "Link": ""},
        {"id": "", "Title": "Paper fund", "Type": "Grant", "Funder": "ExC", "Link": "http://example.org/3"},
        {"id": "", "Title": "Kites", "Type": "Grant", "Funder": "ExC", "Link": "https://example.org/1"},
    )

    rows = planned(content, there=there)

    assert [(row.id, row.matched, row.outcome) for row in rows] == [
        ("one", "id", "change"),
        ("two", "name", "change"),
        ("three", "link", "change"),
        ("kites", "", "make"),
    ]
    assert [(c.label, c.before, c.after) for c in rows[0].changes] == [("Name", "Kiln grant", "New name")]
    assert rows[0].document is not None
    assert rows[0].document["summary"] == "As it was."


def test_an_empty_cell_leaves_a_field_alone_unless_the_curator_says_otherwise() -> None:
    there = known(council_offer("one", "Kiln grant", "https://example.org/1"))
    content = table({"id": "one", "Title": "Kiln grant", "Description": ""})
    suggested = guess(opened(content), WORDS)

    assert planned(content, mapping=suggested, there=there)[0].outcome == "same"

    there = known(council_offer("one", "Kiln grant", "https://example.org/1"))
    changed = planned(content, mapping=replace(suggested, empty="clear"), there=there)[0]
    assert [(c.label, c.after) for c in changed.changes] == [("Summary", "")]


def test_the_same_record_twice_in_one_file_is_refused_the_second_time() -> None:
    content = table(
        {"Title": "Example", "Type": "Grant", "Funder": "ExC"},
        {"Title": "example!", "Type": "Grant", "Funder": "ExC"},
    )

    rows = planned(content)

    assert [row.outcome for row in rows] == ["make", "refuse"]
    assert "row 2 has the same name" in str(rows[1].faults[0])


def test_an_offer_that_names_another_of_the_file_further_down_is_good() -> None:
    content = table(
        {"id": "second", "Title": "Second", "Type": "Grant", "requires": "first"},
        {"id": "first", "Title": "First", "Type": "Diagnostic", "requires": ""},
        {"id": "third", "Title": "Third", "Type": "Grant", "requires": "nowhere"},
    )

    assert [row.outcome for row in planned(content)] == ["make", "make", "refuse"]


# The five facet groups of a finder of business support, and an example row of such a table.
GOVUK: dict[str, str] = {
    "title": "Example fund",
    "summary": "An example of a row.",
    "organiser": "Example Council",
    "types_of_support": "finance|grant",
    "business_stages": "start-up|established",
    "business_sizes": "under-10|between-10-and-249",
    "industries": "construction|mining",
    "regions": "wales|west-midlands",
    "continuation_link": "https://example.org/fund",
}


def test_a_row_in_facets_becomes_a_kind_needs_areas_and_conditions() -> None:
    found = made(table(GOVUK))[0]

    assert (found["kind"], found["needs"], found["stages"]) == ("grant", ["finance"], ["fund"])
    assert found["areas"] == ["wales", "west-midlands"]
    employees, sector, stage = found["criteria"]
    assert (employees["between"], employees["words"]) == ([None, 249], "You employ fewer than 250 people")
    assert sector["any_of"][0]["one_of"] == ["construction"]
    assert sector["any_of"][1] == {"words": "Your business is in mining or quarrying"}
    assert stage["one_of"] == ["established", "scale_up", "start_up"]


def test_facets_that_leave_nobody_out_ask_for_nothing() -> None:
    everybody = {facet: "|".join(WORDS.meant[facet]) for facet in FACETS if facet != "types_of_support"}

    found = made(table(GOVUK | everybody))[0]

    assert "criteria" not in found
    assert found["areas"] == ["uk"]


def test_two_kinds_of_support_in_one_row_are_left_to_the_curator() -> None:
    content = table(GOVUK | {"types_of_support": "grant|loan"})
    assert "names 2 kinds: grant, loan" in faults(content)[0]

    first = replace(guess(opened(content), WORDS), several="first")
    assert made(content, mapping=first)[0]["kind"] == "grant"


def test_money_of_no_kind_is_not_made_a_grant() -> None:
    assert "there is no kind" in faults(table(GOVUK | {"types_of_support": "finance"}))[0]


def in_facets(each: Offer) -> dict[str, str]:
    """One of our own published records as such a finder would list it: an example made by this test."""
    kinds = {"advice": "expertise-and-advice", "award": "recognition-award"}
    sectors = {"construction": "construction", "retail_wholesale": "wholesale-and-retail"}
    told = [
        s for c in each.criteria if c.fact == "sector" and isinstance(c.test, OneOf) for s in c.test.values
    ]
    return {
        "title": each.name,
        "summary": each.summary,
        "organiser": PACK.providers[each.provider].name,
        "types_of_support": kinds.get(each.kind, each.kind),
        "business_stages": "",
        "business_sizes": "up-to-249" if any(c.fact == "employees" for c in each.criteria) else "",
        "industries": "|".join(sorted(sectors[s] for s in told if s in sectors)),
        "regions": "|".join(PACK.areas[code].name for code in each.areas),
        "continuation_link": each.source.url or "",
    }


def test_a_finders_table_of_a_hundred_schemes_is_taken_in_without_a_guess() -> None:
    kinds = ("grant", "loan", "equity", "advice", "award")
    ours = [each for each in PACK.offers.values() if each.status == "published" and each.kind in kinds]
    content = table(*map(in_facets, ours))
    there = Known.of(Catalogue.of(PACK.areas.values(), [], PACK.providers.values()))

    rows = planned(content, there=there, words=words_of(PACK.areas.values()))

    assert len(ours) > 100
    assert [str(fault) for row in rows for fault in row.faults] == []
    good = [parse_offer(row.id, row.document) for row in rows]
    assert [(o.name, o.kind, o.provider) for o in good] == [(o.name, o.kind, o.provider) for o in ours]
