"""Connections that go to an address that was looked up and checked once, and that end when time is up."""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from bot.watch.reach import NotReachable, Reach

Resolve = Callable[[str, int], list[str]]


class NoSuchHost(Exception):
    """The name of a host leads nowhere; ``sure`` when the answer was that there is no such name."""

    def __init__(self, words: str, sure: bool) -> None:
        super().__init__(words)
        self.sure = sure


class TimeIsUp(Exception):
    """A visit took as long as it may."""


class Deadline:
    """The time one visit may take. When it is up its connection is cut, wherever it waits."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._timer.start()

    @property
    def left(self) -> float:
        """Seconds left, at least a tiny part of one."""
        return max(0.01, self._end - time.monotonic())

    @property
    def over(self) -> bool:
        return time.monotonic() >= self._end

    def check(self) -> None:
        """Raise TimeIsUp when it is."""
        if self.over:
            raise TimeIsUp

    def hold(self, connected: socket.socket) -> None:
        """Cut this connection too when time is up. The twin stays valid while TLS wraps the original."""
        with self._lock:
            self._sockets.append(connected.dup())
        if self.over:
            self._cut()

    def close(self) -> None:
        """Let go of everything."""
        self._timer.cancel()
        with self._lock:
            for each in self._sockets:
                each.close()
            self._sockets.clear()

    def _cut(self) -> None:
        with self._lock:
            for each in self._sockets:
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)


def look_up(host: str, port: int) -> list[str]:
    """Return the numeric addresses of a host; raise NoSuchHost."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        sure = error.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
        raise NoSuchHost(f"{host[:100]} leads nowhere", sure) from error
    except (OSError, UnicodeError, ValueError) as error:
        raise NoSuchHost(f"{host[:100]} cannot be looked up", False) from error
    return list(dict.fromkeys(str(each[4][0]) for each in found))


class Dialler:
    """Look a host up once, and connect to the first of its addresses that may be reached."""

    def __init__(self, reach: Reach, deadline: Deadline, resolve: Resolve = look_up) -> None:
        self._reach, self._deadline, self._resolve = reach, deadline, resolve

    def connect(self, host: str, port: int) -> socket.socket:
        """Return a connected socket; raise NoSuchHost, NotReachable, TimeIsUp or OSError."""
        found = self._look_up(host.strip("[]").rstrip("."), port)
        permitted = [address for address in found if self._reach.permits(address, port)]
        if not permitted:
            raise NotReachable(f"{host[:100]} leads to an address that is not on the public internet")
        last: OSError | None = None
        for address in permitted[:3]:
            self._deadline.check()
            try:
                connected = socket.create_connection((address, port), timeout=min(10.0, self._deadline.left))
            except OSError as error:
                last = error
                continue
            self._deadline.hold(connected)
            connected.settimeout(self._deadline.left)
            return connected
        self._deadline.check()
        raise last or OSError("not connected")

    def _look_up(self, host: str, port: int) -> list[str]:
        """Look up in a thread of its own: the system's resolver knows no time limit."""
        answers: queue.Queue[list[str] | Exception] = queue.Queue()

        def ask() -> None:
            try:
                answers.put(self._resolve(host, port))
            except Exception as error:  # handed over to whoever waits
                answers.put(error)

        threading.Thread(target=ask, daemon=True).start()
        try:
            answer = answers.get(timeout=self._deadline.left)
        except queue.Empty:
            raise TimeIsUp from None
        if isinstance(answer, Exception):
            raise answer
        return answer


class PinnedAdapter(HTTPAdapter):
    """Send a request over connections that a dialler makes.

    Host, server name and certificate are those of the address asked for, so nothing of HTTPS is given up.
    """

    def __init__(self, dialler: Dialler) -> None:
        self._dialler = dialler
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pool with connections of ours."""
        connect = self._dialler.connect

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return connect(self.host, self.port)

        class Secure(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return connect(self.host, self.port or 443)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        manager = PoolManager(num_pools=4, maxsize=1, retries=False)
        manager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}
        self.poolmanager = manager
