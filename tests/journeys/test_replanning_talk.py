"""A roadmap goes on through a conversation: what is told of its steps changes it, under the same address."""

from __future__ import annotations

import httpx
import pytest

from tests.journeys.house import House, Owner
from tests.journeys.test_businesses import until_roadmap

pytestmark = pytest.mark.journey


def test_steps_done_and_skipped_change_the_same_roadmap_and_it_says_why(
    the_house: House, owner: Owner
) -> None:
    first = until_roadmap(
        owner,
        "14 of us, metal fabrication in Dudley, lead times are all over the place",
        "limited company, trading 20 years",
        "I'd rather not say",
    )
    names = [step["name"] for step in first.steps]

    done = owner.says("done step 1")
    assert done.roadmap, done.text
    skipped = owner.says("skip the first one")
    assert skipped.roadmap, skipped.text

    assert first.roadmap is not None
    assert done.roadmap["id"] == skipped.roadmap["id"] == first.roadmap["id"]
    assert names[0] in done.text
    assert names[0] not in [step["name"] for step in done.steps]
    assert f"{done.steps[0]['name']} is left out: you would rather not do it." in skipped.text
    assert done.steps[0]["name"] not in [step["name"] for step in skipped.steps]

    page = httpx.get(f"{the_house.url}/roadmap/{first.roadmap['id']}").text
    assert "What changed since you last looked" in page
    assert "Done so far" in page
