"""The page of what is due: who vouches until when, and vouching for one record or several."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.console.desk import Desk
from knowledge_base.assurance import vouch
from knowledge_base.profile import Profile
from knowledge_base.store.assurances import Assurances
from knowledge_base.store.audit import Audit
from tests.console.conftest import AtTheConsole
from tests.store.conftest import NOW

TODAY = NOW.date()
IN_90_DAYS = "2027-02-19"


@pytest.fixture(autouse=True)
def overdue(desk: Desk) -> None:
    """The loan is overdue by ten days, the grant due in three; nobody ever checked the check-up."""
    store = Assurances(desk.advice.records)
    for offer, days in (("example-loan", -10), ("example-grant", 3)):
        assured = vouch("A. Curator", TODAY - timedelta(days=80), TODAY + timedelta(days=days))
        store.assure({offer: None}, assured, by="c@hub.example.org", why="checked", now=NOW)


def assured(desk: Desk, offer: str) -> tuple[str, date]:
    found = desk.advice.records.offer(offer)
    assert found is not None
    assert found[0].assured is not None
    return found[0].assured.by, found[0].assured.until


def test_a_curator_sees_what_is_due_who_vouched_and_until_when(curator: AtTheConsole):
    page = curator.get("/console/due").text

    assert page.index("Example loan") < page.index("Example grant")
    assert "Overdue by 10 days, left out of new roadmaps from 11 January 2027." in page
    assert "Due in 3 days." in page
    assert "Vouched for by A. Curator, 2 September 2026, until 11 November 2026." in page
    assert 'value="2027-02-19"' in page
    assert "Example check up" not in page


def test_every_record_nobody_checked_is_there_when_asked_for(curator: AtTheConsole):
    assert "Example check up" in curator.get("/console/due?show=all").text


def test_a_curator_vouches_for_two_records_at_once_and_is_told_so(curator: AtTheConsole, desk: Desk):
    answer = curator.submit(
        "/console/due",
        {"chosen": ["example-loan@2", "example-grant@2"]},
        until=IN_90_DAYS,
        why="read both pages",
    )

    assert (answer.status_code, answer.headers["location"]) == (303, "/console/due?show=&done=2")
    for offer in ("example-loan", "example-grant"):
        assert assured(desk, offer) == ("Example curator", date(2027, 2, 19))
    newest = desk.advice.records.history("example-loan")[0]
    assert newest.by == "curator@hub.example.org"
    assert newest.why == "checked, and vouched for until 2027-02-19: read both pages"
    page = curator.get(answer.headers["location"]).text
    assert "You vouched for 2 records." in page
    assert "Nothing is due." in page


def test_the_button_of_one_record_vouches_for_that_one_whatever_is_chosen(curator: AtTheConsole, desk: Desk):
    curator.submit("/console/due", {"chosen": ["example-grant@2"]}, one="example-loan@2", until=IN_90_DAYS)

    assert assured(desk, "example-loan")[0] == "Example curator"
    assert assured(desk, "example-grant")[0] == "A. Curator"


def test_the_next_answer_knows_it(curator: AtTheConsole, desk: Desk):
    def words() -> str:
        card = desk.advice.card("example-loan", Profile(), on=TODAY)
        assert card is not None
        return card.age_words

    assert words().endswith("due again since 11 November 2026")
    curator.submit("/console/due", one="example-loan@2", until=IN_90_DAYS)
    assert words().endswith("; checked by the hub on 21 November 2026")


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"until": IN_90_DAYS}, "Choose at least one record"),
        ({"one": "example-loan@2"}, "Name the day you vouch until"),
        ({"one": "example-loan@2", "until": "soon"}, "Name the day you vouch until"),
        ({"one": "example-loan@2", "until": "2026-11-21"}, "is not after 21 November 2026"),
        ({"one": "example-loan@2", "until": "9999-12-31"}, "more than three years off"),
        ({"one": "example-loan", "until": IN_90_DAYS}, "reload the page"),
        ({"one": "no-such@1", "until": IN_90_DAYS}, "there is no such offer"),
        ({"chosen": [f"o{n}@1" for n in range(501)], "until": IN_90_DAYS}, "at most 500 at once"),
    ],
)
def test_what_cannot_be_vouched_for_is_said_and_nothing_is_kept(
    curator: AtTheConsole, desk: Desk, sent: dict[str, Any], said: str
):
    answer = curator.submit("/console/due", sent)

    assert answer.status_code == 422
    assert said.lower() in answer.text.lower()
    assert assured(desk, "example-loan")[0] == "A. Curator"


def test_what_was_chosen_stays_chosen_when_the_day_was_wrong(curator: AtTheConsole):
    page = curator.submit("/console/due", {"chosen": ["example-loan@2"]}, until="soon").text

    assert 'value="example-loan@2" checked' in page
    assert 'value="example-grant@2" checked' not in page


def test_a_record_that_somebody_changed_meanwhile_is_not_vouched_for(curator: AtTheConsole, desk: Desk):
    store = desk.advice.records
    found = store.offer("example-loan")
    assert found is not None
    store.save_offer(replace(found[0], summary="Another sum"), "E", "changed", NOW)

    answer = curator.submit("/console/due", one="example-loan@2", until=IN_90_DAYS)

    assert answer.status_code == 409
    assert "changed since you looked at it" in answer.text
    assert assured(desk, "example-loan")[0] == "A. Curator"


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_who_may_not_vouch_sees_the_list_without_buttons_and_is_refused(
    request: pytest.FixtureRequest, desk: Desk, role: str
):
    client: AtTheConsole = request.getfixturevalue(role)
    page = client.get("/console/due").text

    assert "Example loan" in page
    assert "Vouch for the chosen" not in page
    assert 'type="checkbox"' not in page
    answer = client.submit("/console/due", one="example-loan@2", until=IN_90_DAYS)
    assert answer.status_code == 403
    assert assured(desk, "example-loan")[0] == "A. Curator"


def test_a_form_of_another_session_vouches_for_nothing(curator: AtTheConsole, desk: Desk):
    curator.csrf = "0" * 32

    assert curator.submit("/console/due", one="example-loan@2", until=IN_90_DAYS).status_code == 403
    assert assured(desk, "example-loan")[0] == "A. Curator"


def test_nobody_reaches_it_without_signing_in(nobody: AtTheConsole):
    assert nobody.get("/console/due", follow_redirects=False).status_code == 303
    assert nobody.submit("/console/due", one="example-loan@2", until=IN_90_DAYS).status_code == 303


def test_what_a_record_is_called_is_only_text(curator: AtTheConsole, desk: Desk):
    store = desk.advice.records
    found = store.offer("example-loan")
    assert found is not None
    name = '"><script>alert(1)</script>'
    source = replace(found[0].source, url="https://example.org/?a='\"><b>")
    store.save_offer(replace(found[0], name=name, source=source), "E", "changed", NOW)

    page = curator.get("/console/due").text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<b>" not in page


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(max_size=40),
    st.lists(st.text(max_size=40), max_size=4),
    st.text(max_size=12),
    st.text(max_size=9),
)
def test_whatever_a_form_holds_is_answered_and_nothing_is_vouched_for(
    curator: AtTheConsole, desk: Desk, one: str, chosen: list[str], until: str, show: str
):
    sent = {"one": one, "chosen": chosen, "until": until, "show": show}
    answer = curator.submit("/console/due", sent)

    assert answer.status_code in (400, 409, 422)
    assert [deed.what for deed in Audit(desk.advice.database).list(100)].count("assured") == 2


@pytest.mark.parametrize(
    "query", ["done=-1", "done=99999999999999999999999", "done=x", "show=%00", "done=1&done=2"]
)
def test_an_address_somebody_made_up_says_nothing_that_is_not_so(curator: AtTheConsole, query: str):
    page = curator.get(f"/console/due?{query}")

    assert page.status_code in (200, 400)
    if query != "done=1&done=2":
        assert "You vouched" not in page.text
