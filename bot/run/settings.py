"""What the supervisor needs to know, read once from the environment."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOOPBACK = "127.0.0.1"
# Passwords, by the one process that needs each.
SECRETS = {
    "FINGERPOST_OIDC_CLIENT_SECRET": "gateway",
    "FINGERPOST_SMTP_URL": "chores",
    "FINGERPOST_SLACK_DIGEST_URL": "chores",
    "SLACK_APP_TOKEN": "gateway",
    "SLACK_BOT_TOKEN": "gateway",
    "SLACK_SIGNING_SECRET": "gateway",
}


class CannotStart(Exception):
    """Something is missing or in the way; the message says what, and the way out."""


@dataclass(frozen=True)
class RunSettings:
    """Addresses and stores of the processes."""

    host: str
    port: int
    rasa_port: int
    actions_port: int
    database_url: str
    conversations_url: str
    environment: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, env: Mapping[str, str] = os.environ) -> RunSettings:
        """Read the settings; ports that are not named are free ones chosen now.

        Raises:
            CannotStart: a port is not a number, or is in use.
        """
        port = _port(env, "FINGERPOST_PORT", 8000)
        host = env.get("FINGERPOST_HOST", LOOPBACK)
        refuse_port_in_use(host, port, "FINGERPOST_PORT")
        rasa_port = _port(env, "FINGERPOST_RASA_PORT", None)
        actions_port = _port(env, "FINGERPOST_ACTIONS_PORT", None)
        for name, inner in (("FINGERPOST_RASA_PORT", rasa_port), ("FINGERPOST_ACTIONS_PORT", actions_port)):
            refuse_port_in_use(LOOPBACK, inner, name)
        database_url = env.get("DATABASE_URL") or f"sqlite:///{ROOT / 'var' / 'fingerpost.sqlite'}"
        conversations_url = env.get("FINGERPOST_CONVERSATIONS_URL") or (
            f"sqlite:///{ROOT / 'var' / 'conversations.sqlite'}"
            if database_url.startswith("sqlite")
            else database_url
        )
        return cls(host, port, rasa_port, actions_port, database_url, conversations_url, dict(env))

    @property
    def rasa_url(self) -> str:
        return f"http://{LOOPBACK}:{self.rasa_port}"

    @property
    def actions_url(self) -> str:
        return f"http://{LOOPBACK}:{self.actions_port}"

    def environment_of(self, process: str) -> dict[str, str]:
        """What one process gets: the same for all, but for the secrets of others."""
        hidden = {name for name, owner in SECRETS.items() if owner != process}
        return {name: value for name, value in self.for_processes().items() if name not in hidden}

    def for_processes(self) -> dict[str, str]:
        """The environment of the house; one thread each, no telemetry."""
        return {
            **self.environment,
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "PYTHONWARNINGS": "ignore",
            "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "TF_NUM_INTEROP_THREADS": "1",
            "TF_NUM_INTRAOP_THREADS": "1",
            "RASA_TELEMETRY_ENABLED": "false",
            "DATABASE_URL": self.database_url,
            "FINGERPOST_ANNOUNCE": "1",
            "FINGERPOST_HOST": self.host,
            "FINGERPOST_PORT": str(self.port),
            "FINGERPOST_RASA_PORT": str(self.rasa_port),
            "FINGERPOST_ACTIONS_PORT": str(self.actions_port),
            "FINGERPOST_RASA_URL": self.rasa_url,
            "FINGERPOST_ACTIONS_URL": self.actions_url,
            "FINGERPOST_CONVERSATIONS_URL": self.conversations_url,
        }


def refuse_port_in_use(host: str, port: int, setting: str) -> None:
    """Raise CannotStart when somebody else is listening on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise CannotStart(
                f"port {port} may not be used by you; set {setting} to one above 1023"
            ) from None
        except OSError as error:
            raise CannotStart(
                f"port {port} on {host} cannot be used ({error.strerror}); "
                f"stop what is on it, or set {setting}"
            ) from None


def _port(env: Mapping[str, str], name: str, default: int | None) -> int:
    raw = env.get(name, "")
    if raw:
        if not raw.isdigit() or not 0 < int(raw) < 65536:
            raise CannotStart(f"{name}={raw!r} is not a port; use a number from 1 to 65535")
        return int(raw)
    if default is not None:
        return default
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        port: int = free.getsockname()[1]
        return port
