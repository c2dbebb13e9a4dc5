"""A made-up world of pages that change over a year, served on loopback, and the records that quote them."""

from __future__ import annotations

import gzip
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from knowledge_base.records import Amount, Area, Catalogue, Offer, Provider, Source, Window
from tests.watch import phrases

START = datetime(2026, 11, 23, 6, 0, tzinfo=timezone.utc)
LANGUAGES = ("en", "en", "en", "de", "sv", "da", "pl", "hu", "cy")
PER_HOST = 10
REAL = ("closes", "opens", "max", "rate", "closed", "reworded", "extended", "moved", "missing", "gone")
TROUBLE = ("403", "500", "drip", "big", "private", "metadata", "loop", "bomb", "blank")


@dataclass
class Page:
    """One page as it is now. ``style`` picks its phrases; ``record`` is what the catalogue has of it."""

    number: int
    language: str
    style: int
    record: Offer
    closes: date | None
    opens: date | None
    most: int | None
    least: int | None
    rate: int | None
    closed: bool = False
    extended_from: date | None = None
    path: str = ""
    old_path: str = ""
    answer: int = 200
    trouble: str = ""
    noise: int = 0
    etags: bool = False

    @property
    def host(self) -> str:
        return f"site{self.number // PER_HOST}.example.org"

    def html(self, today: date) -> str:
        """Write the page, with what stands around its own matter."""
        said, language, style = random.Random(f"{self.number} {self.noise}"), self.language, self.style
        parts = []
        if self.closed:
            parts.append(_one(phrases.CLOSED, language, style))
        if self.opens:
            parts.append(
                _one(phrases.OPENS, language, style).format(d=phrases.day(self.opens, language, style))
            )
        if self.closes:
            parts.append(self._closing())
        if self.most is not None:
            told = {
                "m": phrases.money(self.most, language, style),
                "low": phrases.money(self.least or 500, language, style),
            }
            parts.append(_one(phrases.MOST, language, style).format(**told))
        if self.rate is not None:
            parts.append(_one(phrases.RATE, language, style).format(r=self.rate))
        parts = [f"<table>{part}</table>" if part.startswith("<tr") else part for part in parts]
        noise = _noise(said, language, today)
        around = [f"<p>{noise['aside']}</p>", f"<p>{noise['event']}</p>", f"<p>{noise['stamp']}</p>"]
        body = parts[:1] + around[:1] + parts[1:] + around[1:]
        menu = "".join(
            f"<li><a href='/m{n}'>Menu {said.randint(1, 99)}</a></li>" for n in range(said.randint(3, 7))
        )
        until, cookies = noise["day"], said.randint(2, 90)
        cookie = f"<div class='cookie-banner'><p>We use {cookies} cookies until {until}.</p></div>"
        name = self.record.name
        return (
            f"<!doctype html><html lang='{language}'><head><title>{name}</title>"
            f"<script>var d='{until}';</script></head>"
            f"<body>{cookie if self.noise % 3 else ''}<nav><ul>{menu}</ul></nav><main><h1>{name}</h1>"
            f"{''.join(body)}<section><h2>{noise['heading']}</h2><ul>{noise['news']}</ul></section></main>"
            f"<footer>© {today.year + self.noise % 2} Example Agency</footer></body></html>"
        )

    def _closing(self) -> str:
        assert self.closes is not None
        written = phrases.day(self.closes, self.language, self.style)
        if self.extended_from is None:
            return _one(phrases.CLOSES, self.language, self.style).format(d=written)
        old = phrases.day(self.extended_from, self.language, self.style)
        return {
            "en": f"<p>The deadline has been extended from {old} to {written}.</p>",
            "de": f"<p>Die Antragsfrist wurde vom {old} bis zum {written} verlängert.</p>",
            "sv": f"<p>Sista ansökningsdag är framflyttad till {written}.</p>",
            "da": f"<p>Fristen er forlænget til {written}.</p>",
            "pl": f"<p>Termin naboru przedłużono do {written}</p>",
            "hu": f"<p>A benyújtási határidő új időpontja: {written}</p>",
            "cy": f"<p>Mae'r dyddiad cau wedi'i ymestyn hyd {written}.</p>",
        }[self.language]


def _one(table: dict[str, tuple[str, ...]], language: str, style: int) -> str:
    return table[language][style % len(table[language])]


def _noise(said: random.Random, language: str, today: date) -> dict[str, str]:
    def day() -> str:
        return phrases.day(today + timedelta(days=said.randint(-200, 300)), language, said.randint(0, 5))

    def told(text: str) -> str:
        money = phrases.money(said.randint(1, 400) * 1000, language, said.randint(0, 3))
        return text.format(d=day(), e=day(), m=money, r=said.randint(5, 25), n=said.randint(10, 900))

    heading, item, stamp = phrases.NEWS[language]
    return {
        "heading": heading,
        "news": "".join(f"<li>{told(item)}</li>" for _ in range(said.randint(1, 4))),
        "stamp": told(stamp),
        "event": told(said.choice(phrases.EVENTS[language])) if said.random() < 0.5 else "",
        "aside": told(said.choice(phrases.ASIDES[language])) if said.random() < 0.6 else "",
        "day": day(),
    }


@dataclass(frozen=True)
class Change:
    """Something that really changed on a page: what a finding about it must say."""

    number: int
    kind: str
    place: str
    after: object


@dataclass
class World:
    """Pages, the day it is, and what was asked for where it never should be."""

    pages: list[Page]
    today: date
    port: int = 0
    private_port: int = 0
    private_hits: int = 0
    requests: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def of(cls, count: int, seed: int = 7) -> World:
        said = random.Random(seed)
        return cls([_page(number, said) for number in range(count)], START.date())

    def url(self, page: Page) -> str:
        return f"http://{page.host}:{self.port}{page.record.source.url}"

    def catalogue(self) -> Catalogue:
        """Return the records, each with its page's address on this world's port."""
        offers = [replace(p.record, source=Source(url=self.url(p))) for p in self.pages]
        return Catalogue.of(
            [Area("example", "Example")], offers, [Provider("example-agency", "Example Agency", "public")]
        )

    def resolve(self, host: str, port: int) -> list[str]:
        """Look a made-up host up: all are on loopback, but for those that lead somewhere private."""
        return ["10.0.0.7"] if host.startswith("inside") else ["127.0.0.1"]

    def week(self, said: random.Random) -> list[Change]:
        """Let a week go by: noise on most pages, a real change on a few; return the real ones."""
        self.today += timedelta(days=7)
        changes: list[Change] = []
        for page in self.pages:
            if page.trouble and said.random() < 0.5:
                page.trouble = ""
            if said.random() < 0.6:
                page.noise += 1
            if page.answer != 200:
                continue
            if said.random() < 0.03 and not page.trouble:
                made = _really(page, said, self.today)
                changes += [made] if made else []
            elif said.random() < 0.02:
                page.trouble = said.choice(TROUBLE)
        return changes


def _page(number: int, said: random.Random) -> Page:
    language = said.choice(LANGUAGES)
    closes = START.date() + timedelta(days=said.randint(450, 700)) if said.random() < 0.7 else None
    opens = START.date() + timedelta(days=said.randint(380, 440)) if said.random() < 0.4 else None
    scale = {"sv": 10, "da": 10, "pl": 5, "hu": 400}.get(language, 1)
    most = said.randint(10, 60) * 1000 * scale if said.random() < 0.7 else None
    least = said.randint(1, 5) * 1000 * scale if most and said.random() < 0.4 else None
    rate = said.choice((30, 40, 50, 60, 70, 75, 80)) if said.random() < 0.5 else None
    style = said.randint(0, 20)
    record = Offer(
        id=f"offer-{number}", name=f"Example Offer {number}", kind="grant", provider="example-agency",
        areas=("example",),
        needs=("finance",), stages=("fund",), summary="An example.", source=Source(url=f"/p{number}"),
        amount=Amount(
            currency=phrases.CURRENCY[language], max=_decimal(most), rate_percent=_decimal(rate),
            min=_decimal(least) if "{low}" in _one(phrases.MOST, language, style) else None,
        ),
        window=Window("dated" if closes or opens else "rolling", opens, closes),
    )  # fmt: skip
    return Page(
        number,
        language,
        style,
        record,
        closes,
        opens,
        most,
        least,
        rate,
        path=f"/p{number}",
        etags=said.random() < 0.4,
    )


def _decimal(number: int | None) -> Decimal | None:
    return None if number is None else Decimal(number)


def _really(page: Page, said: random.Random, today: date) -> Change | None:
    kind = said.choice(REAL)
    if page.closed and kind not in ("moved", "missing", "gone"):
        return None
    if kind in ("closes", "reworded", "extended") and page.closes and page.record.window.closes:
        before = page.closes
        page.closes = before + timedelta(days=said.choice((14, 21, 30, 61)))
        page.extended_from = before if kind == "extended" else None
        page.style += kind == "reworded"
        return Change(page.number, "date", "window.closes", page.closes.isoformat())
    if kind == "opens" and page.opens and page.record.window.opens:
        page.opens += timedelta(days=said.choice((3, 7, 10)))
        if page.closes is None or page.opens < page.closes:
            return Change(page.number, "date", "window.opens", page.opens.isoformat())
    elif kind == "max" and page.most:
        page.most += said.choice((5, 10, 15)) * (1000 if page.most < 100_000 else 10_000)
        return Change(page.number, "amount", "amount.max", page.most)
    elif kind == "rate" and page.rate:
        page.rate += said.choice((5, 10))
        return Change(page.number, "amount", "amount.rate_percent", page.rate)
    elif kind == "closed":
        page.closed = True
        return Change(page.number, "closed", "window.status", "closed")
    elif kind == "moved" and not page.old_path:
        page.old_path, page.path = page.path, f"{page.path}-new"
        return Change(page.number, "moved", "source.url", page.path)
    elif kind in ("missing", "gone"):
        page.answer = 404 if kind == "missing" else 410
        return Change(page.number, "broken", "source.url", None)
    return None


@contextmanager
def served(world: World) -> Iterator[World]:
    """Serve a world on loopback, with a second server beside it that nothing may ever reach."""

    class Private(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            world.private_hits += 1
            self.send_response(200)
            self.end_headers()

        def log_message(self, *told: object) -> None:
            pass

    class Pages(Private):
        def do_GET(self) -> None:
            with world.lock:
                world.requests += 1
            with suppress(OSError):
                _answer(self, world)

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

    with Server(("127.0.0.1", 0), Pages) as pages, Server(("127.0.0.1", 0), Private) as private:
        world.port, world.private_port = pages.server_port, private.server_port
        for server in (pages, private):
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield world
        finally:
            pages.shutdown()
            private.shutdown()


def _answer(ask: BaseHTTPRequestHandler, world: World) -> None:
    path = urlsplit(ask.path).path
    if path == "/robots.txt":
        return _send(ask, 200, "User-agent: *\nDisallow: /private/\n", {"Content-Type": "text/plain"})
    number = path.removeprefix("/p").partition("-")[0]
    page = world.pages[int(number)] if number.isdigit() and int(number) < len(world.pages) else None
    if page is None or (ask.headers.get("Host") or "").partition(":")[0] != page.host:
        return _send(ask, 404, "nothing", {})
    if page.trouble and page.answer == 200:
        return _trouble(ask, page, world)
    if page.answer != 200:
        return _send(ask, page.answer, "gone", {})
    if page.old_path and path == page.old_path:
        return _send(ask, 301, "", {"Location": page.path})
    body = page.html(world.today)
    tag = f'"{hash((page.number, page.noise, page.closes, page.opens, page.most, page.rate, page.closed)):x}"'
    if page.etags and ask.headers.get("If-None-Match") == tag:
        return _send(ask, 304, "", {"ETag": tag})
    return _send(ask, 200, body, {"ETag": tag} if page.etags else {})


def _trouble(ask: BaseHTTPRequestHandler, page: Page, world: World) -> None:
    match page.trouble:
        case "403" | "500":
            return _send(ask, int(page.trouble), "not now", {})
        case "private":
            return _send(ask, 302, "", {"Location": f"http://127.0.0.1:{world.private_port}/secret"})
        case "metadata":
            return _send(ask, 302, "", {"Location": f"http://inside{page.number}.example.org/latest"})
        case "loop":
            return _send(ask, 302, "", {"Location": page.path + "?again"})
        case "blank":
            return _send(ask, 200, "", {})
        case "bomb":
            packed = gzip.compress(b"<p>" + b"a" * 30_000_000, 1)
            ask.send_response(200)
            ask.send_header("Content-Encoding", "gzip")
            ask.send_header("Content-Type", "text/html")
            ask.end_headers()
            ask.wfile.write(packed)
        case "big":
            ask.send_response(200)
            ask.send_header("Content-Type", "text/html; charset=utf-8")
            ask.end_headers()
            ask.wfile.write(page.html(world.today).encode())
            for _ in range(50 * 16):
                ask.wfile.write(b"<p>x</p>" * 8192)
        case "drip":
            ask.send_response(200)
            ask.send_header("Content-Type", "text/html")
            ask.end_headers()
            for _ in range(600):
                ask.wfile.write(b"x")
                ask.wfile.flush()
                time.sleep(0.1)
    return None


def _send(ask: BaseHTTPRequestHandler, status: int, body: str, headers: dict[str, str]) -> None:
    data = body.encode()
    ask.send_response(status)
    for name, value in ({"Content-Type": "text/html; charset=utf-8"} | headers).items():
        ask.send_header(name, value)
    ask.send_header("Content-Length", str(len(data)))
    ask.end_headers()
    if status != 304:
        ask.wfile.write(data)
