"""Hang further applications into the gateway, each at a path of its own."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send


def hang(app: FastAPI, path: str, door: ASGIApp) -> None:
    """Serve ``door`` under a path, and at the path itself without sending people to the one with a stroke."""
    app.router.routes.append(Route(path, _AtItsPath(door, path)))
    app.mount(path, door)


class _AtItsPath:
    """Hands on a request for the bare path as one for its root.

    A redirect would name the host and the scheme as the gateway sees them, which behind a proxy are others.
    """

    def __init__(self, door: ASGIApp, path: str) -> None:
        self.door = door
        self.path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        root = scope.get("root_path", "")
        inside = {"app_root_path": scope.get("app_root_path", root), "root_path": root + self.path}
        await self.door({**scope, **inside, "path": scope["path"] + "/"}, receive, send)
