"""A stand-in for Slack: a real HTTP server on loopback that Slack's own client talks to.

::

    with StandIn() as slack:
        env = slack.environment()                  # SLACK_API_URL, SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET
        slack.channel("C0TEAM")                    # the bot is a member, but for joined=False
        slack.trouble("chat.postMessage", status=429, retry_after=1)       # the next call only
        ...
        slack.wait_for(lambda: slack.said("C0TEAM"))
        slack.messages                             # every message posted, oldest first
        slack.ephemerals, slack.views, slack.files, slack.responses, slack.calls

It refuses what Slack refuses (an unknown channel, blocks over the limits, a trigger used twice, a wrong
token) with Slack's own error names, and keeps everything it got, message metadata included. Troubles:
``status`` (500, or 429 with ``retry_after``), ``error`` (an ``ok: false`` by that name), ``hang`` (seconds
before it answers), ``drop`` (the connection is cut); with ``stored=True`` it did its work before.
Requests *to* us are made with `tests.slack.signing`; in Socket Mode they go through `push`, and
`acknowledged` holds what came back.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import WSMsgType, web

from tests.slack.workspace import (
    APP_TOKEN,
    BOT_USER,
    METHODS,
    SECRET,
    TEAM,
    TOKEN,
    Channel,
    Message,
    Refusal,
    Workspace,
)


@dataclass
class Call:
    """One call of a method: what was asked, and what was answered (None where the connection was cut)."""

    method: str
    asked: dict[str, Any]
    at: float
    answer: dict[str, Any] | None = None
    status: int = 200


@dataclass
class Trouble:
    """What goes wrong at the next calls of a method."""

    times: int
    status: int = 0
    retry_after: int | None = None
    error: str = ""
    hang: float = 0.0
    drop: bool = False
    stored: bool = False
    channel: str = ""


class StandIn(Workspace):
    """Slack, as far as a bot of one workspace sees it. Use it as a context manager."""

    def __init__(self, token: str = TOKEN) -> None:
        super().__init__()
        self.token = token
        self.responses: list[dict[str, Any]] = []
        self.calls: list[Call] = []
        self.acknowledged: list[dict[str, Any]] = []
        self._troubles: dict[str, list[Trouble]] = {}
        self._sockets: list[web.WebSocketResponse] = []
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True, name="slack-stand-in")

    # What tests say to it.

    def __enter__(self) -> StandIn:
        self._thread.start()
        assert self._ready.wait(10), "the stand-in did not start"
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    @property
    def url(self) -> str:
        """What SLACK_API_URL is set to."""
        return f"http://127.0.0.1:{self.port}/api/"

    def environment(self, *, socket_mode: bool = False) -> dict[str, str]:
        """The settings of a gateway that talks to this stand-in."""
        env = {"SLACK_API_URL": self.url, "SLACK_BOT_TOKEN": self.token, "SLACK_SIGNING_SECRET": SECRET}
        return {**env, "SLACK_APP_TOKEN": APP_TOKEN} if socket_mode else env

    def channel(self, id: str, name: str = "", *, joined: bool = True, archived: bool = False) -> Channel:
        """Add a channel."""
        self.channels[id] = Channel(id, name or id.lower(), joined, archived)
        return self.channels[id]

    def person(self, id: str, name: str = "Example Person", **more: Any) -> str:
        """Add a person of the workspace."""
        self.people[id] = {"id": id, "team_id": TEAM, "name": name, "real_name": name, **more}
        return id

    def response_url(self, name: str = "1") -> str:
        """An address that takes answers to a command or a press, as Slack's response_url does."""
        return f"http://127.0.0.1:{self.port}/response/{name}"

    def trouble(self, method: str, *, times: int = 1, **what: Any) -> None:
        """Make the next calls of a method go wrong; see `Trouble` for what may happen."""
        with self._lock:
            self._troubles.setdefault(method, []).append(Trouble(times, **what))

    def untroubled(self) -> None:
        """Take every trouble back."""
        with self._lock:
            self._troubles.clear()

    def write(self, channel: str, text: str, by: str, thread_ts: str | None = None) -> Message:
        """Let a person write a message, as it stands in Slack (no event is sent)."""
        with self._lock:
            message = Message(channel, self._ts(), text, [], thread_ts, None, by=by)
            self.messages.append(message)
            return message

    def said(self, channel: str = "", thread_ts: str | None = None) -> list[Message]:
        """What the bot posted: all of it, or that of one channel, or of one thread (its root left out)."""
        with self._lock:
            return [
                each
                for each in self.messages
                if each.by == BOT_USER
                and (not channel or each.channel == channel)
                and (thread_ts is None or each.thread_ts == thread_ts)
            ]

    def called(self, method: str) -> list[Call]:
        """The calls of a method, oldest first."""
        with self._lock:
            return [call for call in self.calls if call.method == method]

    def wait_for(self, what: Callable[[], Any], seconds: float = 60.0) -> Any:
        """Return what ``what`` gives as soon as it is true; fail when the time is over."""
        until = time.monotonic() + seconds
        while not (found := what()):
            if time.monotonic() > until:
                raise AssertionError(f"not within {seconds} s; calls: {[c.method for c in self.calls][-20:]}")
            time.sleep(0.02)
        return found

    def push(self, payload: dict[str, Any], type: str = "events_api", retry: int = 0) -> str:
        """Send a request through the socket of Socket Mode; return its envelope's id."""
        envelope = f"envelope-{next(self._numbers)}"
        body: dict[str, Any] = {
            "envelope_id": envelope,
            "type": type,
            "payload": payload,
            "accepts_response_payload": type != "events_api",
        }
        if retry:
            body |= {"retry_attempt": retry, "retry_reason": "timeout"}
        sending = asyncio.run_coroutine_threadsafe(self._send(json.dumps(body)), self._loop)
        sending.result(5)
        return envelope

    @property
    def connected(self) -> int:
        """How many sockets of Socket Mode are open."""
        return sum(not socket.closed for socket in self._sockets)

    def hang_up(self) -> None:
        """Close every socket, as Slack does when it refreshes a connection."""

        async def close() -> None:
            for socket in list(self._sockets):
                await socket.close()

        asyncio.run_coroutine_threadsafe(close(), self._loop).result(5)

    # The server.

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._run())

    async def _run(self) -> None:
        self._stop = asyncio.Event()
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/upload/{file}", self._upload)
        app.router.add_post("/response/{name}", self._response)
        app.router.add_get("/socket", self._socket)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.port = runner.addresses[0][1]
        self._ready.set()
        await self._stop.wait()
        for socket in list(self._sockets):
            await socket.close()
        await runner.cleanup()

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        asked = await _arguments(request)
        call = Call(method, asked, time.monotonic())
        with self._lock:
            self.calls.append(call)
            trouble = self._trouble_of(method, asked)
        if trouble and trouble.hang and not trouble.stored:
            await asyncio.sleep(trouble.hang)
        if trouble and trouble.status:
            call.status = trouble.status
            if trouble.status == 429:
                headers = {"Retry-After": str(trouble.retry_after or 1)}
                return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
            return web.Response(status=trouble.status, text="upstream failure")
        if trouble and trouble.drop and not trouble.stored:
            return _cut(request)
        call.answer = self._answer(method, asked, request, trouble)
        if trouble and trouble.hang and trouble.stored:
            await asyncio.sleep(trouble.hang)
        if trouble and trouble.drop:
            call.answer = None
            return _cut(request)
        return web.json_response(call.answer, headers={"x-oauth-scopes": "chat:write"})

    def _answer(
        self, method: str, asked: dict[str, Any], request: web.Request, trouble: Trouble | None
    ) -> dict[str, Any]:
        told = request.headers.get("Authorization", "").removeprefix("Bearer ") or asked.get("token", "")
        wanted = APP_TOKEN if method == "apps.connections.open" else self.token
        if told != wanted:
            return {"ok": False, "error": "invalid_auth" if told else "not_authed"}
        if trouble and trouble.error:
            return {"ok": False, "error": trouble.error}
        answer = METHODS.get(method)
        if answer is None:
            return {"ok": False, "error": "unknown_method"}
        try:
            with self._lock:
                return {"ok": True, **answer(self, asked)}
        except Refusal as refusal:
            more = {"response_metadata": {"messages": refusal.details}} if refusal.details else {}
            return {"ok": False, "error": refusal.error, **more}

    def _trouble_of(self, method: str, asked: dict[str, Any]) -> Trouble | None:
        for trouble in self._troubles.get(method, []):
            if trouble.times and (not trouble.channel or trouble.channel == asked.get("channel")):
                trouble.times -= 1
                return trouble
        return None

    async def _upload(self, request: web.Request) -> web.Response:
        body = await request.read()
        if request.content_type.startswith("multipart/"):
            body = body.split(b"\r\n\r\n", 1)[1].rsplit(b"\r\n--", 1)[0]
        with self._lock:
            file = next(each for each in self.files if each["id"] == request.match_info["file"])
            file["data"] = body
        return web.Response(text=f"OK - {len(body)}")

    async def _response(self, request: web.Request) -> web.Response:
        with self._lock:
            self.responses.append({"name": request.match_info["name"], **await request.json()})
        return web.Response(text="ok")

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoping=True)
        await socket.prepare(request)
        self._sockets.append(socket)
        await socket.send_str(json.dumps({"type": "hello", "num_connections": 1}))
        async for message in socket:
            if message.type == WSMsgType.TEXT:
                with self._lock:
                    self.acknowledged.append(json.loads(message.data))
        return socket

    async def _send(self, text: str) -> None:
        open_ones = [socket for socket in self._sockets if not socket.closed]
        assert open_ones, "nobody is connected in Socket Mode"
        await open_ones[-1].send_str(text)


async def _arguments(request: web.Request) -> dict[str, Any]:
    """What a call was given, whichever way the client sent it."""
    asked: dict[str, Any] = dict(request.query)
    body = await request.text()
    if request.content_type == "application/json":
        asked |= json.loads(body or "{}")
    else:
        asked |= dict(parse_qsl(body, keep_blank_values=True))
    for name in ("blocks", "metadata", "view", "files"):
        if isinstance(asked.get(name), str):
            asked[name] = json.loads(asked[name])
    return asked


def _cut(request: web.Request) -> web.Response:
    """Close the connection without a word."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
