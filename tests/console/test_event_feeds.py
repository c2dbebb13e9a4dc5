"""A curator names a feed by its address: it is fetched from the public web alone, and never for long."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from bot.console import event_feeds
from bot.console.desk import Desk
from bot.console.event_feeds import AT_ONCE, FeedFetcher
from bot.watch.feeds import LARGEST, NoFeed, web_address_of
from bot.watch.fetch import Answer
from knowledge_base.offer_format import parse_offer
from knowledge_base.store.life import Life
from tests.console.conftest import AtTheConsole
from tests.console.test_events import FEED
from tests.console.test_events import evenings as evenings  # the fixture
from tests.watch.serving import Asked, fetcher, pages, say, serving

PUBLIC_NAMES = {"site.example.org": "93.184.215.14", "inside.example.org": "10.0.0.7"}
LISTING = b"""{"events": [{"id": "7", "name": {"text": "Example fair"}, "status": "live",
 "start": {"utc": "2026-12-04T09:00:00Z", "timezone": "Europe/London"}}]}"""


@pytest.fixture
def fetching(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let the console fetch from these servers on loopback, and from nowhere else of this machine."""

    def permit(*servers: Asked, **given: Any) -> None:
        made = fetcher(*servers, most_bytes=LARGEST, **given)
        monkeypatch.setattr(event_feeds, "fetcher_of", lambda agent: made)

    return permit


def asked_for(client: AtTheConsole, address: str, **more: Any) -> Any:
    return client.submit("/console/events/import", address=address, **more)


def drafts(desk: Desk) -> list[Any]:
    return [parse_offer(copy.id, copy.document) for copy in Life(desk.advice.records).working_all()]


def key_of(page: str) -> str:
    return page.split('name="key" value="')[1].split('"')[0]


@pytest.mark.parametrize(("body", "place"), [(FEED, "Example Hall"), (LISTING, None)])
def test_a_feed_is_fetched_looked_at_and_taken_in_as_it_was_looked_at(
    curator: AtTheConsole, desk: Desk, fetching: Callable[..., None], body: bytes, place: str | None
) -> None:
    with serving(pages(feed=lambda ask: say(ask, 200, body))) as server:
        fetching(server)
        seen = asked_for(curator, server.url("/feed"))
        assert seen.status_code == 200, seen.text
        assert not drafts(desk), "looking writes nothing"
        taken = curator.submit("/console/events/take-in", key=key_of(seen.text))

        assert taken.status_code == 303
        assert server.paths == ["/feed"], "what is taken in is what was looked at"
        assert "text/calendar" in server.headers["Accept"]
        (made,) = drafts(desk)
        assert [edition.place for edition in made.editions] == [place]
        assert {edition.source for edition in made.editions} == {server.url("/feed")}
        assert "Nothing would change" in asked_for(curator, server.url("/feed")).text


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://127.0.0.1/feed.ics", "not on the public internet"),
        ("http://localhost/feed.ics", "not on the public internet"),
        ("http://LOCALHOST./feed.ics", "not on the public internet"),
        ("http://[::1]/feed.ics", "not on the public internet"),
        ("http://[::ffff:127.0.0.1]/feed.ics", "not on the public internet"),
        ("http://0.0.0.0/feed.ics", "not on the public internet"),
        ("http://10.1.2.3/feed.ics", "not on the public internet"),
        ("http://192.168.0.1/feed.ics", "not on the public internet"),
        ("http://100.64.0.1/feed.ics", "not on the public internet"),
        ("http://169.254.169.254/latest/meta-data/", "not on the public internet"),
        ("http://2130706433/feed.ics", "not on the public internet"),
        ("http://0x7f.1/feed.ics", "not on the public internet"),
        ("webcal://127.0.0.1/feed.ics", "not on the public internet"),
        ("http://127.0.0.1:5005/webhooks", "port 5005 is not one of the web"),
        ("https://example.org:22/", "port 22 is not one of the web"),
        ("http://somebody:secret@example.org/feed.ics", "carries a user name"),
        ("file:" + "//" + "/etc/hosts", "does not begin with http"),
        ("ftp://example.org/feed.ics", "does not begin with http"),
        ("javascript:alert(1)", "does not begin with http"),
        ("example.org/feed.ics", "does not begin with http"),
        ("http://", "does not begin with http"),
        ("http://[", "cannot be read"),
        ("http://example.org/a b.ics", "no address has"),
        ("http://example.org/\r\nHost: other", "no address has"),
        ("http://example.org\\@127.0.0.1/", "carries a user name"),
        ("https://example.org/" + "x" * 5_000, "longer than 2,000"),
    ],
)
def test_an_address_that_is_not_of_the_public_web_is_refused_in_words(
    curator: AtTheConsole, desk: Desk, address: str, words: str
) -> None:
    answer = asked_for(curator, address)

    assert answer.status_code == 422
    alert = answer.text.split('role="alert">')[1].split("</p>")[0]
    assert words in alert.replace("&#39;", "'")
    assert "check the address" in alert
    assert not drafts(desk)


def test_a_name_that_leads_into_the_hubs_own_network_is_refused(
    curator: AtTheConsole, fetching: Callable[..., None]
) -> None:
    fetching(resolve=lambda host, port: [PUBLIC_NAMES[host]])

    answer = asked_for(curator, "https://inside.example.org/feed.ics")

    assert answer.status_code == 422
    assert "leads to an address that is not on the public internet" in answer.text


@pytest.mark.parametrize(
    "to", ["http://127.0.0.1/", "http://localhost:5055/webhook", "http://169.254.169.254/"]
)
def test_a_feed_that_redirects_inside_is_not_followed(
    curator: AtTheConsole, fetching: Callable[..., None], to: str
) -> None:
    with serving(pages(feed=lambda ask: say(ask, 302, b"", Location=to))) as server:
        fetching(server)
        answer = asked_for(curator, server.url("/feed"))

    assert answer.status_code == 422
    assert "not on the public internet" in answer.text or "not one of the web" in answer.text


def test_a_redirect_to_another_server_of_this_machine_asks_it_nothing(
    curator: AtTheConsole, fetching: Callable[..., None]
) -> None:
    with serving(pages(feed=lambda ask: say(ask, 200, FEED))) as inside:
        with serving(pages(feed=lambda ask: say(ask, 301, b"", Location=inside.url("/feed")))) as server:
            fetching(server)
            answer = asked_for(curator, server.url("/feed"))

        assert answer.status_code == 422
        assert inside.paths == []


def test_a_redirect_to_where_the_feed_is_now_is_followed(
    curator: AtTheConsole, fetching: Callable[..., None]
) -> None:
    with serving(
        pages(feed=lambda ask: say(ask, 301, b"", Location="/new"), new=lambda ask: say(ask, 200, FEED))
    ) as server:
        fetching(server)
        answer = asked_for(curator, server.url("/feed"))

    assert answer.status_code == 200
    assert "new draft" in answer.text


def test_fifty_megabytes_are_not_read_to_their_end(
    curator: AtTheConsole, fetching: Callable[..., None]
) -> None:
    sent = []

    def huge(ask: BaseHTTPRequestHandler) -> None:
        ask.send_response(200)
        ask.end_headers()
        for _ in range(50):
            ask.wfile.write(b"X" * 1024 * 1024)
            sent.append(1)

    with serving(huge) as server:
        fetching(server, seconds=20.0)
        answer = asked_for(curator, server.url("/feed"))

    assert answer.status_code == 422
    assert "over 5 MB" in answer.text
    assert len(sent) < 50


def test_a_little_that_unpacks_to_much_is_cut_too(
    curator: AtTheConsole, fetching: Callable[..., None]
) -> None:
    import gzip

    packed = gzip.compress(b"X" * 50 * 1024 * 1024)
    with serving(lambda ask: say(ask, 200, packed, Content_Encoding="gzip")) as server:
        fetching(server, seconds=20.0)
        answer = asked_for(curator, server.url("/feed"))

    assert answer.status_code == 422
    assert "over 5 MB" in answer.text


def test_a_server_that_drips_is_left_when_the_time_is_up(
    curator: AtTheConsole, fetching: Callable[..., None]
) -> None:
    done = threading.Event()

    def drip(ask: BaseHTTPRequestHandler) -> None:
        ask.send_response(200)
        ask.end_headers()
        while not done.wait(0.05):
            ask.wfile.write(b"B")

    with serving(drip) as server:
        fetching(server, seconds=0.4)
        answer = asked_for(curator, server.url("/feed"))
        done.set()

    assert answer.status_code == 422
    assert "took too long to answer; try again later" in answer.text


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (200, b"<!doctype html><h1>Events</h1>", "this is no calendar"),
        (200, b'{"cookies": true}', "this is no list of events"),
        (200, b"\x89PNG\r\n\x1a\n" + bytes(2_000), "this is no calendar"),
        (200, b"", "is empty"),
        (404, b"gone", "it answered 404; check the address"),
        (401, FEED, "it answered 401"),
        (500, b"", "it answered 500"),
    ],
)
def test_what_is_no_feed_is_refused_in_words_and_nothing_typed_is_lost(
    curator: AtTheConsole, fetching: Callable[..., None], status: int, body: bytes, words: str
) -> None:
    with serving(lambda ask: say(ask, status, body)) as server:
        fetching(server)
        address = server.url("/feed?of=<b>us</b>")
        answer = asked_for(curator, address, offer="example-evening", zone="Europe/Warsaw")

    assert answer.status_code == 422
    assert words in answer.text
    assert "<b>us</b>" not in answer.text
    assert f'name="address" value="{address.replace("<", "&lt;").replace(">", "&gt;")}"' in answer.text
    assert '<option value="example-evening" selected>' in answer.text
    assert "<option selected>Europe/Warsaw" in answer.text


def test_a_host_that_is_not_there_is_said(curator: AtTheConsole, fetching: Callable[..., None]) -> None:
    from bot.watch.pinned import NoSuchHost

    def nowhere(host: str, port: int) -> list[str]:
        raise NoSuchHost(f"{host} leads nowhere", True)

    fetching(resolve=nowhere)

    assert (
        "site.example.org leads nowhere; check the address"
        in asked_for(curator, "https://site.example.org/feed.ics").text
    )


def test_an_address_and_a_file_at_once_is_asked_about(curator: AtTheConsole, desk: Desk) -> None:
    answer = asked_for(curator, "https://example.org/feed.ics", files={"file": ("feed.ics", FEED)})

    assert answer.status_code == 422
    assert "not both" in answer.text
    assert not drafts(desk)


def test_who_may_only_look_fetches_nothing(viewer: AtTheConsole, fetching: Callable[..., None]) -> None:
    with serving(pages(feed=lambda ask: say(ask, 200, FEED))) as server:
        fetching(server)
        answer = asked_for(viewer, server.url("/feed"))

    assert answer.status_code == 403
    assert server.paths == []


def test_only_two_feeds_are_fetched_at_once_and_a_failure_frees_its_place() -> None:
    waiting, go_on = threading.Barrier(AT_ONCE + 1), threading.Event()

    def slow(address: str, told: Any) -> Answer:
        waiting.wait(5)
        go_on.wait(5)
        raise OSError("no connection")

    feeds = FeedFetcher(slow)
    refused: list[str] = []

    def fetch() -> None:
        try:
            feeds.fetch("https://example.org/feed.ics")
        except NoFeed as none:
            refused.append(str(none))

    threads = [threading.Thread(target=fetch) for _ in range(AT_ONCE)]
    for each in threads:
        each.start()
    waiting.wait(5)
    with pytest.raises(NoFeed, match="two other feeds are being fetched"):
        feeds.fetch("https://example.org/another.ics")
    go_on.set()
    for each in threads:
        each.join(5)

    assert refused == ["no connection; check the address"] * AT_ONCE
    fine = FeedFetcher(lambda address, told: Answer(200, address, None, {}, FEED))
    assert [fine.fetch("https://example.org/feed.ics") for _ in range(AT_ONCE + 1)] == [FEED] * (AT_ONCE + 1)


def test_an_address_that_calendars_are_shared_by_is_one_of_the_web() -> None:
    assert web_address_of("webcal://example.org/a.ics") == "https://example.org/a.ics"
    assert web_address_of("WEBCAL://example.org/a.ics") == "https://example.org/a.ics"
    assert web_address_of("http://example.org/webcal://a.ics") == "http://example.org/webcal://a.ics"
    assert web_address_of("webcal") == "webcal"
