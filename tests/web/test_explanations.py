"""Why an offer is not in a saved roadmap, over HTTP."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest

from tests.store.example_records import GRANT
from tests.web.asking import error_of
from tests.web.fakes import TODAY
from tests.web.test_roadmap_progress import advice, client, gateway, id

__all__ = ["advice", "client", "id"]


def test_a_step_and_a_reserve_are_told_as_what_they_are(client, id):
    step = client.get(f"/api/roadmaps/{id}/explain/example-check-up").json()
    reserve = client.get(f"/api/roadmaps/{id}/explain/example-loan").json()

    assert (step["standing"], step["step"]) == ("step", 1)
    assert step["words"] == ["Example check up is step 1 of your roadmap."]
    assert reserve["standing"] == "reserve"
    assert reserve["words"][0] == "Example loan is the reserve for Example grant, should that fall through."
    assert reserve["beaten_by"] == ["example-grant"]


def test_an_offer_may_be_named(client, id):
    answer = client.get(f"/api/roadmaps/{id}/explain/{quote('EXAMPLE  grant')}")

    assert answer.json()["offer"] == "example-grant"


def test_what_happened_since_counts(client, id):
    client.post(f"/api/roadmaps/{id}/progress", json={"turned_down": ["example-grant"]})

    told = client.get(f"/api/roadmaps/{id}/explain/example-grant").json()

    assert told["words"] == ["Example grant: they turned you down."]
    assert [reason["because"] for reason in told["reasons"]] == ["turned_down"]


def test_what_has_closed_since_is_closed_though_the_roadmap_is_older(advice, client, id):
    with gateway(advice, clock=TODAY + timedelta(days=300)) as in_a_year:
        told = in_a_year.get(f"/api/roadmaps/{id}/explain/example-grant").json()

    assert told["words"] == ["Example grant closed on 31 January 2027. No successor is known."]


@pytest.mark.parametrize("offer", ["moonshine", "%00", "a" * 3000, "%F0%9F%92%A9", "<script>"])
def test_an_unknown_offer_is_refused_with_what_is_close(client, id, offer):
    answer = client.get(f"/api/roadmaps/{id}/explain/{offer}")

    assert answer.status_code == 404
    assert answer.json()["error"] in ("unknown_offer", "not_found")
    assert len(answer.json()["message"]) < 500


def test_a_slip_of_the_pen_gets_the_closest(client, id):
    answer = client.get(f"/api/roadmaps/{id}/explain/exampel-grant")

    assert error_of(answer) == (404, "unknown_offer")
    assert "example-grant (Example grant)" in answer.json()["message"]


@pytest.mark.parametrize("unknown", ["nobody", "a" * 500, "%E2%98%83"])
def test_a_roadmap_that_is_not_there_says_so(client, unknown):
    answer = client.get(f"/api/roadmaps/{unknown}/explain/example-grant")

    assert error_of(answer) == (404, "unknown_roadmap")


def test_asking_changes_nothing(client, id):
    before = client.get(f"/api/roadmaps/{id}").json()
    first = client.get(f"/api/roadmaps/{id}/explain/example-loan")
    again = client.get(f"/api/roadmaps/{id}/explain/example-loan")

    assert first.content == again.content
    assert client.get(f"/api/roadmaps/{id}").json() == before


def test_a_database_that_is_away_is_said_to_be(advice, client, id):
    advice.roadmaps.get = lambda *_: 1 / 0

    assert error_of(client.get(f"/api/roadmaps/{id}/explain/{GRANT.id}")) == (503, "not_kept")


def test_the_interface_describes_it(client):
    described = client.get("/api/openapi.json").json()
    path = described["paths"]["/api/roadmaps/{id}/explain/{offer}"]

    assert "would let it in" in path["get"]["description"]
    assert set(described["components"]["schemas"]["Explained"]["required"]) >= {
        "standing",
        "words",
        "changes",
    }
