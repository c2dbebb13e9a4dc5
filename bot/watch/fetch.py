"""Ask for one page: each hop checked, so many bytes and seconds and no more."""

from __future__ import annotations

import contextlib
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError

from bot.watch.pinned import Deadline, Dialler, NoSuchHost, PinnedAdapter, Resolve, TimeIsUp, look_up
from bot.watch.reach import PUBLIC, NotReachable, Reach

MOST_BYTES = 2 * 1024 * 1024
MOST_SECONDS = 20.0
MOST_HOPS = 5
CHUNK = 16 * 1024
PERMANENT = (301, 308)
REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server gave in the end. ``moved_to`` is where the permanent redirects at the start led."""

    status: int
    url: str
    moved_to: str | None
    headers: dict[str, str]
    body: bytes
    cut: bool = False

    def text(self) -> str:
        """Return the body as text, in the encoding it names, or else as UTF-8 or Western European."""
        kind = self.headers.get("content-type", "")
        named = re.search(r"charset\s*=\s*[\"']?([\w.:-]{2,30})", kind, re.I) or re.search(
            r"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]{2,30})", self.body[:4_096].decode("latin-1"), re.I
        )
        for encoding in (named[1] if named else "utf-8", "utf-8"):
            with contextlib.suppress(LookupError, UnicodeError, ValueError):
                return self.body.decode(encoding, "replace" if self.cut else "strict")
        return self.body.decode("cp1252", "replace")


class Fetcher:
    """Ask for pages as a named robot.

    Args:
        agent: what it calls itself.
        reach: where it may go; tests alone permit more than the public internet.
        resolve: how names are looked up; tests alone give another.
        before_hop: called with each address before it is asked, to wait a host's turn or to refuse.
    """

    def __init__(
        self, agent: str, *, reach: Reach = PUBLIC, resolve: Resolve = look_up,
        seconds: float = MOST_SECONDS, most_bytes: int = MOST_BYTES,
    ) -> None:  # fmt: skip
        self.agent = agent
        self._reach, self._resolve = reach, resolve
        self._seconds, self._most = seconds, most_bytes

    def get(
        self,
        url: str,
        headers: dict[str, str] | None = None,
        before_hop: Callable[[str], None] = lambda url: None,
    ) -> Answer:
        """Return what a server gives for an address, following at most five redirects.

        The time a call of ``before_hop`` takes is not counted. Raises NoSuchHost, NotReachable, TimeIsUp,
        or OSError (which requests' and urllib3's errors are turned into) with plain words.
        """
        at, moved_to, permanent = url, None, True
        spent = 0.0
        for _ in range(MOST_HOPS + 1):
            self._reach.check_url(at)
            before_hop(at)
            deadline = Deadline(self._seconds - spent)
            try:
                answer = self._ask(at, headers or {}, deadline)
            finally:
                spent = self._seconds - deadline.left
                deadline.close()
            to = answer.headers.get("location", "")
            if answer.status not in REDIRECTS or not to:
                return Answer(answer.status, at, moved_to, answer.headers, answer.body, answer.cut)
            if spent >= self._seconds - 0.02:
                raise TimeIsUp
            at = _next(at, to)
            permanent = permanent and answer.status in PERMANENT
            moved_to = at if permanent else moved_to
        raise OSError(f"more than {MOST_HOPS} redirects")

    def _ask(self, url: str, headers: dict[str, str], deadline: Deadline) -> Answer:
        dialler = Dialler(self._reach, deadline, self._resolve)
        session = requests.Session()
        session.trust_env = False  # no proxy and no password file decides where this goes
        session.mount("http://", PinnedAdapter(dialler))
        session.mount("https://", PinnedAdapter(dialler))
        told = {
            "User-Agent": self.agent, "Accept": "text/html,application/xhtml+xml,text/plain;q=0.8,*/*;q=0.1",
            "Accept-Encoding": "gzip", "Accept-Language": "en,*;q=0.5", "Connection": "close",
        }  # fmt: skip
        try:
            with session.get(
                url, headers=told | headers, stream=True, allow_redirects=False, timeout=deadline.left
            ) as response:
                found = {name.lower(): value for name, value in response.headers.items()}
                wanted = response.status_code == 200
                body, cut = self._body(response, found, deadline) if wanted else (b"", False)
                return Answer(response.status_code, url, None, found, body, cut)
        except (requests.RequestException, HTTPError, OSError, ValueError, zlib.error) as error:
            raise self._plainly(error, deadline) from error
        finally:
            session.close()

    def _body(
        self, response: requests.Response, headers: dict[str, str], deadline: Deadline
    ) -> tuple[bytes, bool]:
        encoding = headers.get("content-encoding", "").strip().lower()
        if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise OSError(f"it answers in an encoding nobody asked for ({encoding[:20]})")
        unpack = zlib.decompressobj(wbits=47) if encoding in ("gzip", "x-gzip", "deflate") else None
        body, read = bytearray(), 0
        # A page made small by gzip may be huge: what is unpacked is counted as well as what is read.
        while read < self._most and len(body) < self._most:
            deadline.check()
            chunk = response.raw.read(CHUNK, decode_content=False)
            if not chunk:
                deadline.check()
                return bytes(body), False
            read += len(chunk)
            room = self._most - len(body)
            body += unpack.decompress(chunk, room) if unpack else chunk[:room]
        return bytes(body), True

    def _plainly(self, error: Exception, deadline: Deadline) -> Exception:
        """Return what went wrong as one of our errors, from however deep it came."""
        seen: BaseException | None = error
        for _ in range(8):
            if isinstance(seen, (NotReachable, NoSuchHost, TimeIsUp)):
                return seen
            if seen is None:
                break
            inner = [each for each in seen.args if isinstance(each, BaseException)]
            reason = getattr(seen, "reason", None)
            seen = (
                inner[0]
                if inner
                else reason
                if isinstance(reason, BaseException)
                else seen.__cause__ or seen.__context__
            )
        if deadline.over or isinstance(error, requests.Timeout):
            return TimeIsUp()
        if isinstance(error, requests.exceptions.SSLError):
            return OSError("its certificate cannot be trusted")
        if isinstance(error, (requests.ConnectionError, OSError)) and not str(error).startswith("it answers"):
            return OSError("no connection, or one that broke off")
        return OSError(
            str(error)[:100] if str(error).startswith("it answers") else "its answer cannot be read"
        )


def _next(at: str, to: str) -> str:
    """Return where a redirect leads; raise NotReachable where that cannot be read."""
    try:
        # Servers send raw UTF-8 where only ASCII is allowed; it was read as Latin-1.
        with contextlib.suppress(UnicodeError):
            to = to.encode("latin-1").decode("utf-8")
        onward = urljoin(at, to.strip())
        urlsplit(onward)
    except ValueError:
        raise NotReachable("it redirects to an address that cannot be read") from None
    return onward.partition("#")[0]
