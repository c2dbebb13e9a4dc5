"""Visit a source: obey its host's robots.txt, wait the host's turn, and say what came of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from bot.watch.fetch import Answer, Fetcher
from bot.watch.pinned import NoSuchHost, TimeIsUp
from bot.watch.reach import NotReachable
from bot.watch.robots import ALL, Robots, read_robots
from knowledge_base.watch.visits import Check, Visit

BETWEEN_SECONDS = 2.0
ROBOT = "FingerpostWatch"
_HTML = ("text/html", "application/xhtml+xml", "application/xml", "text/xml", "")


def agent_name(public_url: str | None) -> str:
    """Return what the robot calls itself, with the hub's public address where there is one."""
    about = f"; +{public_url}" if public_url else ""
    return f"{ROBOT}/1.0 (checks the sources of business support records once a week{about})"


class Stopped(Exception):
    """Somebody asked for the round to end."""


class NotByRobots(Exception):
    """The host's robots.txt does not want the page visited, or could not be read."""


class Visitor:
    """Visit sources for one round. Threads may share it.

    Args:
        between: seconds from one request to a host to the next.
        stop: set to end the round; whoever waits then raises Stopped.
    """

    def __init__(
        self, fetcher: Fetcher, *, between: float = BETWEEN_SECONDS, stop: threading.Event | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._fetcher, self._between = fetcher, between
        self.stop = stop or threading.Event()
        self._clock = clock
        self._lock = threading.Lock()
        self._turns: dict[str, float] = {}
        self._robots: dict[str, Robots | None] = {}
        self._asking: dict[str, threading.Lock] = {}

    def visit(self, url: str, before: Check | None = None) -> Visit:
        """Return what came of visiting an address; whatever goes wrong is an outcome. May raise Stopped."""
        headers = {}
        if before is not None and before.answer not in ("broken",):
            if before.etag:
                headers["If-None-Match"] = before.etag
            if before.last_modified:
                headers["If-Modified-Since"] = before.last_modified
        try:
            return self._outcome(url, self._fetcher.get(url, headers, self._before_hop))
        except Stopped:
            raise
        except NoSuchHost as error:
            return Visit(url, "missing" if error.sure else "uncertain", reason=str(error))
        except NotReachable as error:
            return Visit(url, "uncertain", reason=f"not visited: {error}")
        except NotByRobots as error:
            return Visit(url, "uncertain", reason=str(error))
        except TimeIsUp:
            return Visit(url, "uncertain", reason="it took too long to answer")
        except (OSError, UnicodeError) as error:
            return Visit(url, "uncertain", reason=str(error)[:200] or "no connection")

    def _outcome(self, url: str, answer: Answer) -> Visit:
        status, headers = answer.status, answer.headers
        moved_to = answer.moved_to if answer.moved_to and _differs(url, answer.moved_to) else None
        common = {"status": status, "final_url": answer.url}
        if status == 304:
            return Visit(url, "unchanged", moved_to=moved_to, etag=_header(headers, "etag", 500), **common)  # type: ignore[arg-type]
        if status == 200:
            kind = headers.get("content-type", "").partition(";")[0].strip().lower()
            readable = kind in _HTML or kind == "text/plain"
            if readable and not answer.body.strip():
                return Visit(url, "uncertain", reason="its page is empty", **common)  # type: ignore[arg-type]
            return Visit(
                url, "read", moved_to=moved_to,
                etag=_header(headers, "etag", 500), last_modified=_header(headers, "last-modified", 100),
                body=answer.text() if readable else "", html=kind != "text/plain", **common,  # type: ignore[arg-type]
            )  # fmt: skip
        if status == 410:
            return Visit(url, "gone", reason="the server says it is gone for good (410)", **common)  # type: ignore[arg-type]
        if status == 404:
            return Visit(url, "missing", reason="the server has no such page (404)", **common)  # type: ignore[arg-type]
        return Visit(url, "uncertain", reason=_refusal(status), **common)  # type: ignore[arg-type]

    def _before_hop(self, url: str) -> None:
        robots = self._robots_of(url)
        if robots is None:
            raise NotByRobots("its robots.txt could not be read, so it was left alone")
        if not robots.allows(url):
            raise NotByRobots("its robots.txt asks that the page be left alone")
        self._wait_turn(url, robots.delay)

    def _robots_of(self, url: str) -> Robots | None:
        host = _origin(url)
        with self._lock:
            lock = self._asking.setdefault(host, threading.Lock())
        with lock:
            if host not in self._robots:
                self._robots[host] = self._read_robots(f"{host}/robots.txt")
            return self._robots[host]

    def _read_robots(self, url: str) -> Robots | None:
        """Return a host's rules, all allowed where it has none, and None where nobody can say."""
        try:
            answer = self._fetcher.get(url, None, lambda hop: self._wait_turn(hop, None))
        except NotReachable:
            raise
        except NoSuchHost:
            raise
        except (OSError, TimeIsUp, UnicodeError):
            return None
        if answer.status == 200:
            return read_robots(answer.text(), self._fetcher.agent)
        return ALL if 300 <= answer.status < 500 and answer.status != 429 else None

    def _wait_turn(self, url: str, delay: float | None) -> None:
        host = urlsplit(url).hostname or ""
        between = max(self._between, delay or 0.0) if self._between else 0.0
        with self._lock:
            now = self._clock()
            turn = max(now, self._turns.get(host, now))
            self._turns[host] = turn + between
        if self.stop.wait(turn - now) if turn > now else self.stop.is_set():
            raise Stopped


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _differs(url: str, to: str) -> bool:
    return url.rstrip("/") != to.rstrip("/")


def _header(headers: dict[str, str], name: str, most: int) -> str | None:
    value = headers.get(name)
    return value if value and len(value) <= most and value.isprintable() and value.isascii() else None


def _refusal(status: int) -> str:
    if status in (401, 403):
        return f"it does not let robots in ({status})"
    if status == 429:
        return "it asks for fewer visits (429)"
    if status >= 500:
        return f"its server has trouble ({status})"
    return f"its server gave an answer of no use ({status})"
