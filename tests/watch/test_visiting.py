# ruff: noqa: E501  addresses and pages stay on their line
"""A visit reaches public pages and nothing else, takes its time and no more, and is polite."""

from __future__ import annotations

import gzip
import ssl
import threading
import time
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.watch.fetch import MOST_BYTES, Fetcher
from bot.watch.pinned import NoSuchHost
from bot.watch.reach import PUBLIC, NotReachable, is_public
from bot.watch.robots import matches, read_robots
from bot.watch.visiting import Stopped, Visitor, agent_name
from knowledge_base.watch.visits import Check, Visit
from tests.store.conftest import NOW
from tests.watch.serving import fetcher, pages, say, serving, visitor

PRIVATE = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.7", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "168.63.129.16",
    "100.127.255.255", "192.0.0.8", "192.88.99.1", "198.18.0.1", "224.0.0.1", "239.1.2.3", "240.0.0.1", "255.255.255.255",
    "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1",
    "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "2002:7f00:1::", "2002:808:808::1",
    "2001:db8::1", "2001::1", "100::1", "not an address", "",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_on_the_public_internet_is_none_to_visit(address: str) -> None:
    assert not is_public(address)
    assert not PUBLIC.permits(address, 443)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "1.1.1.1"])
def test_a_public_address_may_be_visited_on_the_ports_of_the_web(address: str) -> None:
    assert is_public(address)
    assert PUBLIC.permits(address, 80)
    assert not PUBLIC.permits(address, 22)
    assert not PUBLIC.permits(address, 8080)


@given(st.ip_addresses())
@settings(deadline=None)
def test_nothing_the_standard_library_calls_private_is_ever_public(address: Any) -> None:
    if is_public(str(address)):
        assert not address.is_private
        assert not address.is_loopback
        assert not address.is_multicast


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/x", "file:/" "//etc/passwd", "gopher://example.org", "http://", "https://user:word@example.org/",
        "http://example.org:22/", "http://example.org:8000/", "http://example.org:99999/", "http://exa mple.org/",
        "http://example.org/\r\nHost: other", "http://example.org\\@127.0.0.1/", "//example.org", "javascript:alert(1)",
        "http://[::1", "http://example.org/" + "a" * 3000, "",
    ],
)  # fmt: skip
def test_what_is_no_page_of_the_web_is_not_asked_for(url: str) -> None:
    with pytest.raises(NotReachable):
        PUBLIC.check_url(url)
    visit = Visitor(
        Fetcher("test", resolve=lambda host, port: pytest.fail("it was looked up")), between=0
    ).visit(url)
    assert visit.outcome == "uncertain"


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.7", "169.254.169.254", "::1", "64:ff9b::7f00:1", "::ffff:127.0.0.1"]
)
def test_a_name_that_leads_somewhere_private_is_not_visited_whatever_the_environment_says(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(pages(page=lambda ask: say(ask))) as inside:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{inside.port}")
        monkeypatch.setenv("FINGERPOST_WATCH_ALLOW", "127.0.0.1")
        visit = Visitor(Fetcher("test", resolve=lambda host, port: [address]), between=0).visit(
            "http://inside.example.org/"
        )

        assert visit.outcome == "uncertain"
        assert "not on the public internet" in visit.reason
        assert inside.paths == []


def test_a_host_of_which_one_address_is_public_is_reached_there_and_nowhere_else() -> None:
    with serving(pages(page=lambda ask: say(ask))) as outside:
        answers = ["10.0.0.7", "::1", "127.0.0.1"]
        visit = visitor(outside, resolve=lambda host, port: answers).visit(outside.url())

        assert visit.outcome == "read"


def test_a_name_is_looked_up_once_for_each_connection_so_that_its_answer_cannot_change_meanwhile() -> None:
    looked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        looked.append(host)
        return ["127.0.0.1"] if len(looked) == 1 else ["10.0.0.7"]

    with serving(pages(page=lambda ask: say(ask))) as outside:
        answer = fetcher(outside, resolve=resolve).get(outside.url())

    assert answer.status == 200
    assert looked == ["site.example.org"]


@pytest.mark.parametrize("to", ["http://127.0.0.1:{inside}/secret", "http://inside.example.org:{inside}/secret", "//127.0.0.1:{inside}/",
                                "http://[::1]:{inside}/", "http://2130706433:{inside}/", "ftp://example.org/", "http://[bad"])  # fmt: skip
def test_a_redirect_to_somewhere_private_is_not_followed(to: str) -> None:
    with serving(lambda ask: say(ask)) as inside:
        onward = to.format(inside=inside.port)
        with serving(pages(page=lambda ask: say(ask, 302, "", Location=onward))) as outside:
            visit = visitor(outside).visit(outside.url())

        assert visit.outcome == "uncertain"
        assert inside.paths == []


def test_five_redirects_are_followed_and_a_circle_is_left() -> None:
    def hop(ask: BaseHTTPRequestHandler) -> None:
        number = int(ask.path.partition("?")[2] or 0)
        say(ask, 200, "<p>There</p>") if number == 5 else say(ask, 302, "", Location=f"/page?{number + 1}")

    with serving(pages(page=hop, circle=lambda ask: say(ask, 302, "", Location="/circle"))) as outside:
        assert visitor(outside).visit(outside.url()).outcome == "read"
        circle = visitor(outside).visit(outside.url("/circle"))
        assert (circle.outcome, circle.reason) == ("uncertain", "more than 5 redirects")


def test_only_a_redirect_for_good_is_a_move() -> None:
    with serving(
        pages(
            old=lambda ask: say(ask, 301, "", Location="/new"),
            now=lambda ask: say(ask, 302, "", Location="/new"),
            half=lambda ask: say(ask, 308, "", Location="/now"),
            new=lambda ask: say(ask),
        )
    ) as outside:
        moved = [
            visitor(outside).visit(outside.url(path)).moved_to for path in ("/old", "/now", "/half", "/new")
        ]

        assert moved == [outside.url("/new"), None, outside.url("/now"), None]


def test_a_page_of_fifty_megabytes_is_cut() -> None:
    def big(ask: BaseHTTPRequestHandler) -> None:
        ask.send_response(200)
        ask.send_header("Content-Type", "text/html")
        ask.end_headers()
        ask.wfile.write(b"<p>Apply by 31 March 2027.</p>")
        for _ in range(50):
            ask.wfile.write(b"x" * 1_000_000)

    with serving(pages(page=big)) as outside:
        answer = fetcher(outside, seconds=20).get(outside.url())

    assert (len(answer.body), answer.cut) == (MOST_BYTES, True)
    assert answer.text().startswith("<p>Apply by")


def test_a_small_page_that_unpacks_to_a_huge_one_is_cut() -> None:
    packed = gzip.compress(b"a" * 60_000_000, 1)
    with serving(pages(page=lambda ask: say(ask, 200, packed, Content_Encoding="gzip"))) as outside:
        answer = fetcher(outside, seconds=20).get(outside.url())

    assert (len(answer.body), answer.cut) == (MOST_BYTES, True)


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "x" * 500])
def test_an_encoding_nobody_asked_for_is_left(encoding: str) -> None:
    with serving(pages(page=lambda ask: say(ask, 200, b"xx", Content_Encoding=encoding))) as outside:
        assert visitor(outside).visit(outside.url()).outcome == "uncertain"


def test_broken_packing_is_left() -> None:
    with serving(
        pages(page=lambda ask: say(ask, 200, b"no gzip at all", Content_Encoding="gzip"))
    ) as outside:
        assert visitor(outside).visit(outside.url()).outcome == "uncertain"


@pytest.mark.parametrize("part", ["status", "header", "body"])
def test_a_slow_drip_cannot_stretch_a_visit(part: str) -> None:
    over = threading.Event()

    def drip(ask: BaseHTTPRequestHandler) -> None:
        begun = {
            "status": b"",
            "header": b"HTTP/1.1 200 OK\r\n",
            "body": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
        }
        ask.wfile.write(begun[part])
        while not over.wait(0.02):
            ask.wfile.write(b"x")

    with serving(pages(page=drip)) as outside:
        visit = visitor(outside, seconds=0.6).visit(outside.url())
        over.set()

    assert (visit.outcome, visit.reason) == ("uncertain", "it took too long to answer")


def test_a_name_server_that_never_answers_holds_nobody() -> None:
    forever = threading.Event()

    def resolve(host: str, port: int) -> list[str]:
        forever.wait(30)
        return ["127.0.0.1"]

    visit = Visitor(Fetcher("test", resolve=resolve, seconds=0.3), between=0).visit(
        "http://slow.example.org/"
    )
    forever.set()

    assert visit.reason in (
        "it took too long to answer",
        "its robots.txt could not be read, so it was left alone",
    )


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(403, "uncertain"), (401, "uncertain"), (429, "uncertain"), (500, "uncertain"), (503, "uncertain"), (404, "missing"),
     (410, "gone"), (418, "uncertain"), (204, "uncertain")],
)  # fmt: skip
def test_each_answer_of_a_server_has_its_meaning(status: int, outcome: str) -> None:
    with serving(pages(page=lambda ask: say(ask, status, ""))) as outside:
        assert visitor(outside).visit(outside.url()).outcome == outcome


def test_a_name_that_leads_nowhere_is_missing_and_one_that_could_not_be_asked_is_not() -> None:
    def nowhere(sure: bool) -> Visit:
        def resolve(host: str, port: int) -> list[str]:
            raise NoSuchHost("gone.example.org leads nowhere", sure)

        return Visitor(Fetcher("test", resolve=resolve), between=0).visit("http://gone.example.org/page")

    assert nowhere(True).outcome == "missing"
    assert nowhere(False).outcome == "uncertain"


def test_a_server_that_hangs_up_or_talks_nonsense_is_uncertain() -> None:
    for nonsense in (
        b"",
        b"\x00\xff\xfe",
        b"SSH-2.0-x\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
    ):
        with serving(pages(page=lambda ask, nonsense=nonsense: ask.wfile.write(nonsense))) as outside:  # type: ignore[misc]
            assert visitor(outside).visit(outside.url()).outcome in ("uncertain", "read")


def test_the_robot_says_who_it_is_and_asks_for_the_host_by_name() -> None:
    with serving(pages(page=lambda ask: say(ask))) as outside:
        Visitor(
            Fetcher(
                agent_name("https://hub.example.org"),
                reach=fetcher(outside)._reach,
                resolve=lambda host, port: ["127.0.0.1"],
            ),
            between=0,
        ).visit(outside.url())

    assert outside.headers["Host"] == f"site.example.org:{outside.port}"
    assert "FingerpostWatch" in outside.headers["User-Agent"]
    assert "+https://hub.example.org" in outside.headers["User-Agent"]
    assert "Cookie" not in outside.headers


def test_what_robots_txt_asks_to_be_left_alone_is_left_alone() -> None:
    rules = "User-agent: *\nDisallow: /page\nAllow: /page-two\n"
    with serving(pages(robots_txt=lambda ask: say(ask, 200, rules), page=lambda ask: say(ask))) as outside:
        one = visitor(outside)
        visits = [one.visit(outside.url(path)) for path in ("/page", "/page?x=1", "/page-two")]

        assert [visit.outcome for visit in visits] == ["uncertain", "uncertain", "missing"]
        assert outside.paths == ["/robots.txt", "/page-two"]


def test_a_host_whose_rules_cannot_be_read_is_left_alone() -> None:
    with serving(pages(robots_txt=lambda ask: say(ask, 503, ""), page=lambda ask: say(ask))) as outside:
        assert visitor(outside).visit(outside.url()).outcome == "uncertain"
        assert outside.paths == ["/robots.txt"]


def test_the_longest_rule_decides_and_the_group_that_names_the_robot_counts() -> None:
    text = "User-agent: other\nDisallow: /\n\nUser-agent: *\nDisallow: /a\nAllow: /a/b$\nDisallow: /*.pdf\nCrawl-delay: 7\n"
    robots = read_robots(text, "FingerpostWatch/1.0")

    assert [robots.allows(f"https://example.org{path}") for path in ("/", "/a", "/a/b", "/a/bc", "/x.pdf", "/b?x.pdf")] == [
        True, False, True, False, False, False,
    ]  # fmt: skip
    assert robots.delay == 7
    assert not read_robots(
        "User-agent: fingerpostwatch\nDisallow: /\nUser-agent: *\nAllow: /", "FingerpostWatch/1.0"
    ).allows("http://example.org/")


@given(st.text(max_size=200), st.text(max_size=40))
@settings(deadline=None)
def test_any_robots_txt_can_be_read(text: str, path: str) -> None:
    assert read_robots(text, "FingerpostWatch").allows(f"http://example.org/{path}") in (True, False)


def test_a_pattern_of_stars_is_matched_without_trying_every_way() -> None:
    assert not matches("/" + "*a" * 200 + "$", "/" + "a" * 150 + "b")
    assert matches("/*/c", "/a/b/c")


class Waits(threading.Event):
    """A stop that nobody presses, and that notes how long somebody would have waited."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.seconds.append(timeout or 0)
        return False


def test_a_host_is_given_time_between_requests_and_another_host_need_not_wait() -> None:
    waits = Waits()
    with serving(pages(page=lambda ask: say(ask))) as outside:
        one = Visitor(fetcher(outside), between=3, stop=waits, clock=lambda: 100.0)
        for host in ("one.example.org", "other.example.org"):
            one.visit(outside.url(host=host))

    # Each host is asked for its rules at once, and for its page three seconds after.
    assert waits.seconds == [3.0, 3.0]


def test_who_waits_hears_that_the_round_is_over() -> None:
    stop = threading.Event()
    stop.set()
    with serving(pages(page=lambda ask: say(ask))) as outside, pytest.raises(Stopped):
        Visitor(fetcher(outside), between=3, stop=stop).visit(outside.url())


def test_a_page_that_did_not_change_is_not_sent_again() -> None:
    def page(ask: BaseHTTPRequestHandler) -> None:
        same = ask.headers.get("If-None-Match") == '"7"'
        say(ask, 304 if same else 200, "" if same else "<p>Hello</p>", ETag='"7"')

    with serving(pages(page=page)) as outside:
        first = visitor(outside).visit(outside.url())
        assert (first.outcome, first.etag) == ("read", '"7"')
        kept = Check(outside.url(), NOW, "valid", etag=first.etag)
        again = visitor(outside).visit(outside.url(), kept)
        assert again.outcome == "unchanged"


@pytest.mark.parametrize(
    ("kind", "body", "text"),
    [
        ("text/html; charset=iso-8859-2", "határidő".encode("iso-8859-2"), "határidő"),
        ("text/html", b'<meta charset="windows-1252"><p>\x80', "€"),
        ("text/html", "Frist: März".encode(), "März"),
        ("text/html", "Frist: März".encode("cp1252"), "März"),
        ("text/html; charset=nonsense-9", "März".encode(), "März"),
        ("text/html; charset=rot13", b"Apply", "Apply"),
    ],
)
def test_a_page_is_read_in_the_encoding_it_names_or_else_in_a_likely_one(
    kind: str, body: bytes, text: str
) -> None:
    with serving(pages(page=lambda ask: say(ask, 200, body, Content_Type=kind))) as outside:
        assert text in visitor(outside).visit(outside.url()).body


def test_an_empty_page_closes_nothing_that_was_found() -> None:
    with serving(pages(page=lambda ask: say(ask, 200, " \n"))) as outside:
        assert visitor(outside).visit(outside.url()).outcome == "uncertain"


def test_a_document_that_is_no_page_is_valid_and_not_read() -> None:
    with serving(pages(page=lambda ask: say(ask, 200, b"%PDF", Content_Type="application/pdf"))) as outside:
        visit = visitor(outside).visit(outside.url())

    assert (visit.outcome, visit.body) == ("read", "")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate and key for secure.example.org, signed by itself."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "secure.example.org")])
    now = datetime.now(timezone.utc)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(7).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("secure.example.org")]), False)
        .add_extension(x509.BasicConstraints(True, None), True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = tmp_path_factory.mktemp("tls") / "certificate.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    return file


def test_https_checks_the_name_that_was_asked_for_and_not_the_address(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    names: list[str | None] = []
    context.sni_callback = lambda connection, name, own: names.append(name)
    with serving(pages(page=lambda ask: say(ask)), context) as outside:
        untrusted = visitor(outside).visit(outside.url(host="secure.example.org", scheme="https"))
        monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(certificate))
        trusted = fetcher(outside).get(outside.url(host="secure.example.org", scheme="https"))
        with pytest.raises(OSError, match="certificate"):
            fetcher(outside).get(outside.url(host="other.example.org", scheme="https"))

    assert untrusted.outcome == "uncertain"
    assert trusted.status == 200
    assert set(names) == {"secure.example.org", "other.example.org"}


def test_a_handshake_that_never_ends_is_cut() -> None:
    with serving(lambda ask: time.sleep(0)) as outside:
        # A plain server waits for a request line while the visitor waits for a handshake.
        visit = visitor(outside, seconds=0.5).visit(outside.url(scheme="https"))

    assert visit.outcome == "uncertain"
