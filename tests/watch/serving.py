"""A server on loopback that answers as a test says, and a visitor that may reach it and nothing else."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from bot.watch.fetch import Fetcher
from bot.watch.reach import Reach
from bot.watch.visiting import Visitor

Answering = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Asked:
    """What came to a server: the paths in order, and the headers of the last request."""

    port: int = 0
    paths: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    def url(self, path: str = "/page", host: str = "site.example.org", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"


@contextmanager
def serving(answer: Answering, tls: ssl.SSLContext | None = None) -> Iterator[Asked]:
    """Serve on a free loopback port."""
    asked = Asked()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.paths.append(self.path)
            asked.headers = dict(self.headers.items())
            with suppress(OSError):
                answer(self)

        def log_message(self, *told: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            pass

    with Server(("127.0.0.1", 0), Handler) as server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        asked.port = server.server_port
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield asked
        finally:
            server.shutdown()


def say(
    ask: BaseHTTPRequestHandler, status: int = 200, body: bytes | str = b"<p>Hello</p>", **headers: str
) -> None:
    """Send one whole answer; a header's _ stands for -."""
    data = body.encode() if isinstance(body, str) else body
    ask.send_response(status)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in ({"Content-Type": "text/html; charset=utf-8"} | named).items():
        ask.send_header(name, value)
    ask.send_header("Content-Length", str(len(data)))
    ask.end_headers()
    ask.wfile.write(data)


def pages(**by_path: Answering) -> Answering:
    """Answer each path in its way (``page`` is /page); robots.txt is not there unless it is told."""

    def answer(ask: BaseHTTPRequestHandler) -> None:
        name = ask.path.partition("?")[0].strip("/").replace(".", "_").replace("/", "_") or "front"
        if name in by_path:
            by_path[name](ask)
        else:
            say(ask, 404, "nothing")

    return answer


def fetcher(*servers: Asked, seconds: float = 3.0, **given: Any) -> Fetcher:
    """A fetcher for which every name leads to loopback, and which may reach these servers alone."""
    reach = Reach(frozenset(("127.0.0.1", server.port) for server in servers))
    return Fetcher(
        "FingerpostWatch/1.0 (test)", reach=reach, seconds=seconds,
        resolve=given.pop("resolve", lambda host, port: ["127.0.0.1"]), **given,
    )  # fmt: skip


def visitor(*servers: Asked, **given: Any) -> Visitor:
    """A visitor that waits for nobody."""
    return Visitor(fetcher(*servers, **given), between=0)
