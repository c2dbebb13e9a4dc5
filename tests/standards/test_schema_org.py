"""A page's steps are told to machines in the words of schema.org, and nothing in them can run."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.standards.schema_org import as_script, steps_as_things, thing_of
from tests.web.example import small_factory, step

EDITION = {
    "uid": "a",
    "starts": "2027-03-04T10:00:00+00:00",
    "ends": "2027-03-04T12:00:00+00:00",
    "place": "Town Hall",
    "online": True,
    "booking": "https://example.org/book",
}


def test_the_steps_of_a_roadmap_stand_in_their_order():
    things = steps_as_things(small_factory(), lambda offer: ["Wales"])

    assert things is not None
    items = things["itemListElement"]
    assert [item["position"] for item in items] == [1, 2, 3, 4]
    assert [item["item"]["@type"] for item in items] == ["Service", "Course", "MonetaryGrant", "Service"]
    first = items[0]["item"]
    assert first["provider"] == {"@type": "Organization", "name": "Example Council"}
    assert first["areaServed"] == [{"@type": "AdministrativeArea", "name": "Wales"}]
    assert first["url"] == "https://example.org/example-review"


def test_an_event_with_a_day_is_an_event_and_one_without_is_a_service():
    dated = thing_of(step("e", "Example evening", kind="event", edition=EDITION))
    undated = thing_of(step("e", "Example evening", kind="event"))

    assert (dated["@type"], dated["startDate"]) == ("Event", "2027-03-04T10:00:00+00:00")
    assert dated["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert [each["@type"] for each in dated["location"]] == ["Place", "VirtualLocation"]
    assert undated["@type"] == "Service"
    assert "startDate" not in undated


def test_a_moved_evening_says_so():
    moved = thing_of(step("e", "E", kind="event", edition={**EDITION, "status": "moved"}))

    assert moved["eventStatus"] == "https://schema.org/EventRescheduled"


def test_only_what_a_grant_pays_out_is_told_as_its_amount():
    most = {"amount": 20000, "currency": "GBP"}
    pays = thing_of(step("g", "G", kind="grant", funding={"meaning": "payment", "max": most}))
    limit = thing_of(step("g", "G", kind="grant", funding={"meaning": "limit", "max": most}))

    assert pays["amount"] == {"@type": "MonetaryAmount", "currency": "GBP", "maxValue": 20000}
    assert "amount" not in limit


def test_a_roadmap_without_steps_tells_nothing():
    assert steps_as_things({"phases": []}) is None


def test_a_source_that_is_no_web_address_is_not_told():
    assert "url" not in thing_of(step("g", "G", source={"url": "javascript:alert(1)"}))


@pytest.mark.parametrize(
    "hostile", ["</script><script>alert(1)</script>", "<!--<script>", "a & b", "\u2028\u2029", "]]>"]
)
def test_nothing_that_a_record_says_can_end_the_element_it_stands_in(hostile: str):
    text = as_script({"name": hostile})

    assert json.loads(text) == {"name": hostile}
    assert not set(text) & set("<>&\u2028\u2029")


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(tuple(step("x", "X"))), values), values)
@settings(deadline=None)
def test_whatever_a_saved_step_holds_its_thing_is_plain_data(odd: dict[str, Any], edition: Any):
    thing = thing_of({**step("x", "X"), **odd, "edition": edition})

    assert thing["@type"]
    assert json.loads(as_script(thing)) == json.loads(json.dumps(thing))
