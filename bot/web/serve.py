"""Listen: bind the port, say in one line when that cannot be, and serve until stopped."""

from __future__ import annotations

import errno
import socket
import sys

import uvicorn
from starlette.types import ASGIApp

from bot.web.settings import Settings


def serve(app: ASGIApp, settings: Settings) -> int:
    """Serve the application; return the exit code. Addresses asked for are not logged: they name roadmaps."""
    try:
        listening = _bound(settings.host, settings.port)
    except OSError as error:
        reason = {
            errno.EADDRINUSE: "something else is using it. Stop that, or set FINGERPOST_PORT to another.",
            errno.EACCES: "this account may not. Set FINGERPOST_PORT to 1024 or above.",
        }.get(error.errno or 0, f"{error.strerror}. Set FINGERPOST_HOST and FINGERPOST_PORT.")
        print(f"Cannot listen on {settings.host} port {settings.port}: {reason}", file=sys.stderr)
        return 1
    config = uvicorn.Config(
        app, access_log=False, log_level="warning", server_header=False, timeout_graceful_shutdown=10
    )
    with listening:
        uvicorn.Server(config).run(sockets=[listening])
    return 0


def _bound(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listening = socket.socket(family, kind, protocol)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(address)
        listening.listen(512)
    except OSError:
        listening.close()
        raise
    return listening
