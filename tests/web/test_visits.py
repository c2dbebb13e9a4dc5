"""An owner goes on to the provider's page by way of a count: only ever there, and nobody is remembered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.web.app import create_app
from bot.web.visits import AGAIN, MOST_A_DAY, NETWORK_RATE, Visits, by_somebody, way_to
from bot.web.wiring import open_services
from knowledge_base.records import Catalogue, Offer, Provider, Source
from knowledge_base.store.database import Database, open_database
from knowledge_base.store.usage import VISITED
from knowledge_base.view import View
from tests.core.builders import AREAS, offer
from tests.store.example_records import example_advice
from tests.web.conftest import ROOMY
from tests.web.example import small_factory, step
from tests.web.fakes import TODAY, House, Saved

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
ANDROID = "Mozilla/5.0 (Linux; Android 13; CUBOT NOTE 40) AppleWebKit/537.36 Chrome/126.0 Mobile"
OPENED = {"user-agent": FIREFOX, "sec-fetch-dest": "document", "sec-fetch-mode": "navigate"}
GRANT = "https://example.org/example-grant"
ON = TODAY.date()


def grant(url: str | None = GRANT, id: str = "example-grant", **more: Any) -> Offer:
    return replace(offer(id, "grant"), source=Source(url=url), **more)


@dataclass
class Gateway:
    """A gateway whose records a test can change, with what it counted."""

    offers: list[Offer]
    house: House = field(default_factory=lambda: House.with_roadmap(small_factory()))
    counted: list[str] = field(default_factory=list)
    count: Callable[[str, datetime], object] | None = None
    now: datetime = TODAY

    def records(self) -> View:
        # As the database gives them: published ones alone.
        offers = [each for each in self.offers if each.status == "published"]
        return View.of(Catalogue.of(AREAS, offers, [Provider("example-council", "Example", "public")]))

    def client(self, address: str = "203.0.113.7") -> TestClient:
        services = replace(
            self.house.services,
            records=self.records,
            visited=self.count or (lambda offer, now: self.counted.append(offer)),
            clock=lambda: self.now,
        )
        return TestClient(
            create_app(ROOMY, services), follow_redirects=False, headers=OPENED, client=(address, 50_000)
        )


@pytest.fixture
def gateway() -> Gateway:
    return Gateway([grant()])


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path / 'example.sqlite'}")
    opened.migrate()
    yield opened
    opened.close()


def test_an_owner_who_opens_a_source_lands_on_the_page_its_record_names_and_is_counted(gateway: Gateway):
    answer = gateway.client().get("/source/example-grant")

    assert (answer.status_code, answer.headers["location"]) == (302, GRANT)
    assert answer.headers["referrer-policy"] == "no-referrer", "the provider does not learn whence they came"
    assert answer.headers["cache-control"] == "private, no-store"
    assert "set-cookie" not in answer.headers
    assert gateway.counted == ["example-grant"]


@pytest.mark.parametrize(
    "path",
    [
        "/source/nothing-of-ours",
        "/source/" + "a" * 50_000,
        "/source/https:%2F%2Fevil.example",
        "/source/https://evil.example",
        "/source//evil.example",
        "/source/..%2F..%2Fetc%2Fpasswd",
        "/source/%00",
        "/source/example-grant%0d%0aLocation:%20https:%2F%2Fevil.example",
        "/source/example-grant/more",
        "/source/",
        "/source/EXAMPLE-GRANT",
        "/source/%F0%9F%92%A5",
    ],
)
def test_nothing_but_a_published_records_id_leads_anywhere(gateway: Gateway, path: str):
    answer = gateway.client().get(path)

    assert answer.status_code == 404
    assert "location" not in answer.headers
    assert "evil.example" not in answer.text
    assert gateway.counted == []


@pytest.mark.parametrize("query", ["?url=https://evil.example", "?next=//evil.example", "?to=x&id=y"])
def test_no_query_changes_where_it_leads(gateway: Gateway, query: str):
    assert gateway.client().get(f"/source/example-grant{query}").headers["location"] == GRANT


@pytest.mark.parametrize(
    "url",
    [
        None, "", "  ", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,<script>",
        "//evil.example", "/about-your-data", "ftp://example.org/x", "https://", "http:///x", "https://[",
        "file:" + "//" + "/etc/hosts",
        "vbscript:x", "mailto:a@example.org",
    ],
)  # fmt: skip
def test_a_record_without_an_address_of_the_web_leads_nowhere(gateway: Gateway, url: str | None):
    gateway.offers[:] = [grant(url)]
    answer = gateway.client().get("/source/example-grant")

    assert answer.status_code == 404
    assert "location" not in answer.headers
    assert gateway.counted == []


def test_an_address_with_a_line_break_cannot_write_a_header(gateway: Gateway):
    gateway.offers[:] = [grant("https://example.org/a\r\nset-cookie: x=1")]
    answer = gateway.client().get("/source/example-grant")

    assert "set-cookie" not in answer.headers
    assert answer.headers["location"].startswith("https://example.org/a%0D%0A")


def test_a_withdrawn_offer_leads_nowhere_and_the_page_says_the_way_out(gateway: Gateway):
    gateway.offers[:] = [grant(status="withdrawn")]
    answer = gateway.client().get("/source/example-grant", headers={"accept": "text/html"})

    assert answer.status_code == 404
    assert "no such offer among our records now" in answer.text
    assert "<h1" in answer.text


def test_what_a_curator_publishes_is_where_the_link_leads_at_once(gateway: Gateway):
    client = gateway.client()
    gateway.offers[:] = [grant("https://example.org/moved")]

    assert client.get("/source/example-grant").headers["location"] == "https://example.org/moved"


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-purpose": "prefetch"},
        {"sec-purpose": "prefetch;prerender"},
        {"purpose": "prefetch"},
        {"x-moz": "prefetch"},
        {"x-purpose": "preview"},
        {"sec-fetch-dest": "image"},
        {"sec-fetch-dest": "iframe"},
        {"sec-fetch-dest": "empty"},
        {"user-agent": ""},
        {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"user-agent": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"},
        {"user-agent": "facebookexternalhit/1.1"},
        {"user-agent": "curl/8.5.0"},
        {"user-agent": "python-requests/2.32"},
        {"user-agent": "Mozilla/5.0 HeadlessChrome/126.0"},
    ],
)
def test_what_nobody_opened_is_led_on_and_not_counted(gateway: Gateway, headers: dict[str, str]):
    answer = gateway.client().get("/source/example-grant", headers=headers)

    assert answer.headers["location"] == GRANT
    assert gateway.counted == []


def test_looking_whether_a_link_works_is_not_counted_and_nothing_can_be_sent_to_it(gateway: Gateway):
    client = gateway.client()

    assert client.head("/source/example-grant").headers["location"] == GRANT
    assert client.post("/source/example-grant").status_code == 405
    assert gateway.counted == []


@pytest.mark.parametrize("agent", [FIREFOX, ANDROID])
def test_an_older_browser_that_tells_nothing_of_its_purpose_counts(agent: str):
    assert by_somebody("GET", {"user-agent": agent})


def test_hitting_a_link_again_and_again_counts_once_in_ten_minutes_and_leads_on_each_time(gateway: Gateway):
    client = gateway.client()
    answers = [client.get("/source/example-grant") for _ in range(50)]

    assert {answer.headers["location"] for answer in answers} == {GRANT}
    assert gateway.counted == ["example-grant"]


def test_one_network_cannot_count_many_offers_in_a_run():
    visits = Visits()
    counted = sum(visits.counts(f"offer-{n}", "2001:db8::1", ON, 0.0) for n in range(500))

    assert counted == NETWORK_RATE.burst
    assert not visits.counts("another", "2001:db8::2", ON, 0.0), "an address of the same network"
    assert visits.counts("another", "2001:db8:1::1", ON, 0.0)


def test_many_networks_cannot_count_one_offer_beyond_a_days_most():
    visits = Visits()
    a_day = [visits.counts("grant", f"198.51.{n // 250}.{n % 250}", ON, 0.0) for n in range(2 * MOST_A_DAY)]

    assert sum(a_day) == MOST_A_DAY
    assert visits.counts("loan", "203.0.113.1", ON, 0.0), "another offer is not held back by it"
    assert visits.counts("grant", "203.0.113.1", ON + timedelta(days=1), 0.0)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["grant", "loan"]),
            st.sampled_from(["192.0.2.1", "192.0.2.2", None, "", "no address", "fe80::1%eth0"]),
            st.floats(0, 300),
        ),
        max_size=60,
    )
)
@settings(deadline=None)
def test_whatever_comes_in_whatever_order_no_network_counts_an_offer_more_often_than_said(hits: Any):
    visits, at, counted = Visits(), 0.0, Counter[tuple[str, str | None]]()
    for which, address, later in hits:
        at += later
        counted[which, address] += visits.counts(which, address, ON, at)

    assert all(n <= AGAIN.burst + at / 600 for n in counted.values())


def test_nothing_that_is_held_for_the_limits_tells_who_opened_what():
    visits = Visits()
    visits.counts("secret-offer", "203.0.113.7", ON, 0.0)

    held = repr([{**vars(each)} if hasattr(each, "__dict__") else each for each in vars(visits).values()])
    pairs = repr(vars(visits._again))
    assert "203.0.113.7" in held, "the network's own rate is by its address, as everywhere at this door"
    assert "203.0.113.7" not in pairs
    assert "secret-offer" not in pairs
    visits.counts("secret-offer", "203.0.113.8", ON + timedelta(days=1), 0.0)
    assert "203.0.113.7" not in repr([vars(visits._again), vars(visits._networks)]), "gone with the day"


def test_a_database_that_fails_keeps_no_owner_from_the_page(database: Database):
    advice = example_advice(database)
    advice.records.save_offer(grant(), "C", "new page", TODAY)
    services = replace(open_services({}, advice), clock=lambda: TODAY)
    with database.writing() as transaction:
        transaction.connection().exec_driver_sql("DROP TABLE offer_counts")
    client = TestClient(create_app(ROOMY, services), follow_redirects=False, headers=OPENED)

    assert client.get("/source/example-grant").headers["location"] == GRANT


def test_what_is_counted_is_a_number_of_the_month_beside_the_other_figures(database: Database):
    advice = example_advice(database)
    advice.records.save_offer(grant(), "C", "new page", TODAY)
    services = replace(open_services({}, advice), clock=lambda: TODAY)
    client = TestClient(create_app(ROOMY, services), follow_redirects=False, headers=OPENED)
    client.get("/source/example-grant")

    (used,) = advice.used.used()
    assert (used.offer, dict(used.counts)) == ("example-grant", {VISITED: 1})


# The pages.


def test_a_roadmaps_sources_are_counted_and_say_where_they_lead(gateway: Gateway):
    gateway.house.roadmaps.held["made"] = Saved("made", small_factory())
    page = gateway.client().get("/roadmap/made").text

    assert (
        f'<a href="/source/example-grant" data-address="{GRANT}" rel="noopener noreferrer">'
        'Example growth grant page</a><span class="at"> (example.org)</span>' in page
    )


def test_an_address_that_is_not_the_records_own_any_more_is_linked_to_as_it_is_shown(gateway: Gateway):
    gateway.house.roadmaps.held["made"] = Saved("made", small_factory())
    gateway.offers[:] = [grant("https://example.net/elsewhere")]
    page = gateway.client().get("/roadmap/made").text

    assert "/source/" not in page, "it would lead elsewhere than is shown, or to a record that is gone"
    assert f'<a href="{GRANT}"' in page
    assert f'href="{GRANT.replace("grant", "review")}"' in page


@pytest.mark.parametrize("url", ["javascript:alert(1)", None, "/source/example-grant", 7])
def test_a_step_without_an_address_of_the_web_has_no_link_though_its_record_says_the_same(
    gateway: Gateway, url: Any
):
    gateway.offers[:] = [grant(url if isinstance(url, str) else None)]
    bad = step("example-grant", "Example growth grant", source={"url": url, "title": "A page"})
    document = {**small_factory(), "phases": [{"phase": "get_funded", "steps": [bad]}]}
    gateway.house.roadmaps.held["bad"] = Saved("bad", document)
    page = gateway.client().get("/roadmap/bad").text

    assert "Source: A page." in page
    assert "/source/" not in page
    assert "javascript:" not in page


def test_the_roadmap_for_programs_keeps_the_records_own_addresses(gateway: Gateway):
    gateway.house.roadmaps.held["made"] = Saved("made", small_factory())
    told = gateway.client().get("/api/roadmaps/made").json()["roadmap"]

    assert told == small_factory()


def test_pages_of_examples_link_to_providers_themselves(gateway: Gateway):
    page = gateway.client().get("/examples/black-country-metal-firm")

    assert page.status_code == 200
    assert "/source/" not in page.text


@given(st.text(max_size=40), st.text(max_size=60))
@settings(deadline=None)
def test_a_link_is_what_is_shown_or_a_path_of_ours(id: str, shown: str):
    assert way_to(None, shown) == shown
    link = way_to(replace(grant(shown), id=id), shown)
    assert link == shown or (link.startswith("/source/") and link.count("/") == 2)
