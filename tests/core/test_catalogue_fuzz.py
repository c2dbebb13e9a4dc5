"""Whatever is done to a good record, it is read or refused by name: file, field, reason and remedy."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from knowledge_base.catalogue import BadCatalogue, read_catalogue_file, read_sound_records
from knowledge_base.currencies import CURRENCIES, OF_COUNTRY, currency_fault
from knowledge_base.faults import MOST_PRINTED, BadRecord, shown
from knowledge_base.records import Catalogue

GOOD: dict[str, Any] = {
    "id": "example-grant",
    "name": "Example growth grant",
    "aliases": ["EGG"],
    "kind": "grant",
    "provider": "example-council",
    "areas": ["wales"],
    "needs": ["finance", "digital_adoption"],
    "stages": ["fund"],
    "summary": "Half the cost of new equipment.",
    "criteria": [
        {"fact": "employees", "between": [5, 249], "words": "You employ between 5 and 249 people"},
        {"fact": "turnover", "between": [None, 10_000_000], "currency": "GBP", "words": "At most £10m"},
        {
            "any_of": [
                {"fact": "sector", "one_of": ["manufacturing"], "words": "You make things"},
                {"fact": "place", "within": ["wales"], "words": "You are in Wales"},
            ],
            "words": "You make things, or are in Wales",
        },
        {"words": "The project must not have started"},
    ],
    "amount": {"currency": "GBP", "min": 5000, "max": 20000, "rate_percent": 50, "paid": "in_arrears"},
    "duration_weeks": 12,
    "hours": 10.5,
    "window": {"status": "dated", "opens": "2026-10-01", "closes": "2027-01", "usual_month": 3},
    "requires": ["first-step"],
    "succeeded_by": None,
    "prepare": ["Last two years' accounts"],
    "languages": ["en", "cy"],
    "source": {
        "url": "https://example.org/grant",
        "title": "An example",
        "date": "2026",
        "seen": "2026-11-21",
    },
    "assured": {"by": "Example curator", "on": "2026-11-01", "until": "2027-02-01"},
}
FIRST = {"id": "first-step", "name": "First step", "kind": "diagnostic"}
WALES = {"code": "wales", "name": "Wales", "within": None}

ODD: list[Any] = [
    *(None, True, False, 0, -1, 1.5, 10**40, -(10**40), 1e308, math.nan, math.inf, -math.inf),
    *("", " ", "1e999", "\x00", "a\x1b[2Jb", "\u202egnp", "\u2066x", "\ud800", "\u2028", "\ufeff"),
    *("é" * 5000, "x" * 1_000_000, "2026-02-30", "9999-99-99", "0000-00-00", "../../etc/passwd"),
    *("javascript:alert(1)", "http://[::1", "GPB", "£"),
    *([], [[]], [None], ["a"] * 501, [1, 2, 3], ["en", 5]),
    *({}, {"": ""}, {"a": {"b": {"c": [1]}}}, {"from": 1}),
]
values = st.one_of(
    st.sampled_from(ODD).map(copy.deepcopy),
    st.text(max_size=30),
    st.integers(),
    st.floats(),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=8,
    ),
)


def paths(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a document, the inner ones too."""
    inner: Any = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    found = [path for key, each in inner for path in paths(each, (*at, key))]
    return [at, *found] if at else found


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    record = copy.deepcopy(GOOD)
    for _ in range(draw(st.integers(1, 4))):
        *way, last = draw(st.sampled_from(paths(record)))
        holder: Any = record
        for key in way:
            holder = holder[key]
        match draw(st.sampled_from(("change", "drop", "add", "double"))):
            case "change":
                holder[last] = draw(values)
            case "drop":
                del holder[last]
            case "add" if isinstance(holder, dict):
                holder[draw(st.text(max_size=10) | st.sampled_from(("sumary", "x" * 5000, "id")))] = draw(
                    values
                )
            case _ if isinstance(holder, list):
                holder.append(copy.deepcopy(holder[last]))
        if not record:
            break
    return record


def the_text(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=True).encode()


def attempt(read: Callable[[], Any]) -> tuple[Any, tuple[BadRecord, ...]]:
    """Read, and return what was read or the faults."""
    try:
        return read(), ()
    except BadCatalogue as bad:
        note(str(bad))
        return None, bad.faults


def assert_told(fault: BadRecord) -> None:
    assert fault.file == "catalogue.json"
    assert fault.field
    assert fault.what
    assert fault.why
    assert fault.remedy
    assert "\n" not in str(fault)
    assert str(fault).isprintable()
    assert len(str(fault)) < 1500


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(mutated())
def test_a_record_changed_at_random_is_read_or_refused_by_name(tmp_path_factory, record):
    file = tmp_path_factory.getbasetemp() / "catalogue.json"
    file.write_bytes(the_text({"areas": [WALES], "offers": [record, FIRST]}))

    catalogue, faults = attempt(lambda: read_catalogue_file(file))

    assert isinstance(catalogue, Catalogue) is not bool(faults)
    for fault in faults:
        assert_told(fault)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(mutated(), max_size=4), st.lists(values, max_size=2), values)
def test_what_is_sound_beside_the_faulty_is_kept_and_the_rest_is_named(tmp_path_factory, records, odd, area):
    offers = [FIRST, *({**record, "id": f"o{i}"} for i, record in enumerate(records)), *odd]
    file = tmp_path_factory.getbasetemp() / "catalogue.json"
    file.write_bytes(the_text({"areas": [WALES, area], "offers": offers}))

    read, spoilt = attempt(lambda: read_sound_records(file))
    if read is None:  # a number or a key that no reader takes spoils the whole file
        assert [bool(fault.field) for fault in spoilt] == [True]
        return
    catalogue, faults = read

    assert "first-step" in catalogue.offers
    named = {fault.field.split(".")[0] for fault in faults}
    for i in range(len(records)):
        drafted = records[i].get("status") in ("draft", "withdrawn")
        assert (f"o{i}" in catalogue.offers) is not (f"offers[{i + 1}]" in named or drafted)
    for i in range(len(odd)):
        assert f"offers[{len(records) + 1 + i}]" in named
    for fault in faults:
        assert_told(fault)


@pytest.mark.parametrize("code", ["GBP", "EUR", "SEK", "DKK", "PLN", "HUF", "XCG", "USD"])
def test_a_currency_in_use_is_taken(code):
    assert currency_fault(code) is None


@pytest.mark.parametrize(
    ("told", "remedy"),
    [
        ("gbp", "write GBP if that is meant"),
        ("£", "write GBP"),
        ("Euros", "write EUR"),
        ("kr", "three letters"),
        ("kronor", "write SEK"),
        ("HRK", "write EUR, with the amounts in it"),
        ("DEM", "write EUR"),
        ("XAU", "three letters"),
        ("GPB", "three letters"),
        ("x" * 10_000, "three letters"),
    ],
)
def test_another_is_refused_with_the_one_that_is_meant(told, remedy):
    fault = currency_fault(told)

    assert fault is not None
    assert remedy in fault[1]


def test_the_currencies_of_countries_are_in_use():
    assert set(OF_COUNTRY.values()) <= CURRENCIES
    assert all(len(code) == 3 and code.isalpha() and code.isupper() for code in CURRENCIES)


@given(values)
@settings(deadline=None)
def test_whatever_is_shown_is_short_and_on_one_line(value):
    assert shown(value).isprintable()
    assert len(shown(value, 60)) <= 60 * 10  # an escape takes up to ten signs


def test_of_many_faults_fifty_are_printed_and_all_are_kept():
    faults = [BadRecord("x.yml", f"offers[{i}].kind", "wrong", "why", "mend it") for i in range(60)]

    bad = BadCatalogue(faults)

    lines = str(bad).splitlines()
    assert len(lines) == MOST_PRINTED + 1
    assert lines[-1] == "and 10 more"
    assert len(bad.faults) == 60


def test_a_starter_pack_folder_is_no_catalogue_file(tmp_path: Path):
    with pytest.raises(BadCatalogue, match="cannot be read"):
        read_catalogue_file(tmp_path)
