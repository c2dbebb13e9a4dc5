"""Grants that a funder has published are told as evidence: as many, as much and where, as the file says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.standards.threesixty import BadGrants, evidence, read_grants

SOURCE = "https://example.org/grants.json"


def grant(id: str, amount: Any = 5000, **fields: Any) -> dict[str, Any]:
    """One example grant as the standard has it."""
    return {
        "id": id,
        "amountAwarded": amount,
        "currency": "GBP",
        "awardDate": "2024-03-01T00:00:00+00:00",
        "recipientOrganization": [{"id": "GB-COH-0", "name": "Example Firm"}],
        "fundingOrganization": [{"id": "GB-X-1", "name": "Example Fund"}],
        "grantProgramme": [{"title": "Example Growth Grants"}],
        "beneficiaryLocation": [{"name": "Leicester"}],
        **fields,
    }


def file_of(*grants: Any) -> bytes:
    return json.dumps({"grants": grants}).encode()


def told(*grants: Any, **chosen: str) -> str:
    return evidence(read_grants(file_of(*grants)).grants, SOURCE, **chosen)


def test_grants_are_told_by_number_size_time_and_place_with_their_source():
    words = told(
        grant("a", 1000),
        grant("b", 5000, awardDate="2022-11-30"),
        grant("c", 20000.50, beneficiaryLocation=[{"name": "Rutland"}]),
    )

    assert words == (
        "3 grants awarded by Example Fund under Example Growth Grants from November 2022 to March 2024. "
        "They were of £1,000 to £20,000.50, half of them at most £5,000. "
        "Where they went: Leicester 2, Rutland 1. "
        "Source: https://example.org/grants.json (360Giving data)."
    )


def test_no_sum_place_or_date_is_made_up_where_none_is_told():
    words = told(
        grant("a", None, beneficiaryLocation=[], awardDate=None),
        grant("b", "about five thousand", beneficiaryLocation=None, awardDate="soon"),
    )

    assert words.startswith(
        "2 grants awarded by Example Fund under Example Growth Grants. For 2 no sum is told."
    )
    assert "Where they went is not told" in words


def test_sums_of_two_currencies_are_told_apart():
    words = told(grant("a", 1000), grant("b", 2000), grant("c", 9000, currency="EUR"))

    assert "One of them was of €9,000" in words
    assert "2 of them were of £1,000 to £2,000" in words


def test_only_the_funder_and_the_programme_asked_for_are_told():
    other = grant("b", 9, fundingOrganization=[{"id": "GB-Y-2", "name": "Another Fund"}], grantProgramme=[])

    assert told(grant("a"), other, funder="example fund").startswith("1 grant awarded by Example Fund")
    assert told(grant("a"), other, funder="GB-Y-2").startswith(
        "1 grant awarded by Another Fund in March 2024"
    )
    with pytest.raises(BadGrants, match="the funders are Another Fund, Example Fund"):
        told(grant("a"), other, funder="Nobody")
    with pytest.raises(BadGrants, match="the programmes are Example Growth Grants"):
        told(grant("a"), programme="Nothing")


def test_the_same_grant_twice_counts_once():
    found = read_grants(file_of(grant("a"), grant("a"), grant("")))

    assert len(found.grants) == 1
    assert found.notes == ("1 named twice left out", "1 without an identifier left out")


def test_a_spreadsheet_of_the_standard_reads_the_same_as_its_json():
    text = (
        "\ufeffIdentifier,Title,Currency,Amount Awarded,Award Date,Recipient Org:Name,Funding Org:Identifier,"
        "Funding Org:Name,Grant Programme:Title,Beneficiary Location:Name\r\n"
        'a,"A, title",GBP,"5,000",2024-03-01,Example Firm,GB-X-1,Example Fund,'
        "Example Growth Grants,Leicester\r\n"
        "b,short\r\n"
    )

    found = read_grants(text.encode())

    assert found.grants[0] == read_grants(file_of(grant("a"))).grants[0]
    assert found.grants[1].amount is None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"{}", "has no grants"),
        (b'{"grants": []}', "holds no grant"),
        (b'{"grants": [1, null]}', "holds no grant"),
        (b"{", "not JSON"),
        (b"Name,Sum\r\nA,1\r\n", "no columns Identifier and Amount Awarded"),
        (b"Identifier,Amount Awarded\r\n", "holds no grant"),
        (b"\x00\xff\x00", "no columns"),
    ],
)
def test_a_file_that_holds_no_grants_is_refused_with_the_way_out(data: bytes, words: str):
    with pytest.raises(BadGrants, match=words):
        read_grants(data)


plain = st.floats(allow_nan=False, allow_infinity=False) | st.integers() | st.text(max_size=6)
parts = st.sampled_from(("id", "name", "title"))
values = st.recursive(
    st.none() | st.booleans() | plain,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(parts, inner, max_size=3),
    max_leaves=6,
)


@given(st.lists(st.dictionaries(st.sampled_from(tuple(grant("x"))), values, max_size=8), max_size=5))
@settings(deadline=None)
def test_whatever_a_file_of_grants_holds_the_number_told_is_the_number_there(odd: list[dict[str, Any]]):
    found = read_grants(file_of(grant("known"), *odd))

    words = evidence(found.grants, SOURCE)

    assert words.startswith(f"{len(found.grants):,} grant")
    assert words.endswith("Source: https://example.org/grants.json (360Giving data).")
