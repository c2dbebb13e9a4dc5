"""What the gateway is told by its surroundings, read once and checked together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit


class BadSettings(ValueError):
    """One or more settings cannot be used; ``faults`` names each and the way out."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("The gateway cannot start:\n" + "\n".join(f"  - {fault}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Rate:
    """How many at once, and how many a minute after that."""

    burst: int
    per_minute: float


SESSION_RATE = Rate(12, 40)
ADDRESS_RATE = Rate(60, 240)


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the gateway listens, whom it asks, whom it answers, and how much it takes."""

    host: str = "127.0.0.1"
    port: int = 8000
    hub: str = "default"
    rasa_url: str = "http://127.0.0.1:5005"
    actions_url: str = "http://127.0.0.1:5055"
    origins: tuple[str, ...] = ()
    public_url: str | None = None
    session_rate: Rate = SESSION_RATE
    address_rate: Rate = ADDRESS_RATE
    rasa_seconds: float = 30.0
    most_characters: int = 4_000
    most_bytes: int = 65_536
    most_waiting: int = 4
    announce: bool = False

    @property
    def address(self) -> str:
        """The address people use: the public one, or the one we listen on."""
        if self.public_url:
            return self.public_url
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


def from_environment(env: Mapping[str, str]) -> Settings:
    """Read the settings from environment variables; an empty one counts as not set.

    Raises:
        BadSettings: with every fault found, not only the first.
    """
    reader = _Reader(env)
    settings = Settings(
        host=reader.text("FINGERPOST_HOST") or "127.0.0.1",
        port=int(reader.number("FINGERPOST_PORT", 8000, 1, 65_535)),
        hub=reader.text("FINGERPOST_HUB") or "default",
        rasa_url=reader.url("FINGERPOST_RASA_URL") or "http://127.0.0.1:5005",
        actions_url=reader.url("FINGERPOST_ACTIONS_URL") or "http://127.0.0.1:5055",
        origins=reader.origins("FINGERPOST_ORIGINS"),
        public_url=reader.url("FINGERPOST_PUBLIC_URL"),
        session_rate=reader.rate("FINGERPOST_SESSION_RATE", SESSION_RATE),
        address_rate=reader.rate("FINGERPOST_ADDRESS_RATE", ADDRESS_RATE),
        rasa_seconds=reader.number("FINGERPOST_RASA_SECONDS", 30, 0.1, 300),
        announce=reader.text("FINGERPOST_ANNOUNCE") not in {"0", "no", "false"},
    )
    if reader.faults:
        raise BadSettings(reader.faults)
    return settings


def origin_of(url: str) -> str | None:
    """Return ``scheme://host[:port]`` of an address, lower case, or None when it has none."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    default = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != default else "")


class _Reader:
    def __init__(self, env: Mapping[str, str]) -> None:
        self.env = env
        self.faults: list[str] = []

    def text(self, name: str) -> str | None:
        return self.env.get(name, "").strip() or None

    def number(self, name: str, default: float, low: float, high: float) -> float:
        told = self.text(name)
        if told is None:
            return default
        try:
            value = float(told)
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            self.faults.append(f"{name}: {told!r} is not a number from {low:g} to {high:g}")
            return default
        return value

    def url(self, name: str) -> str | None:
        told = self.text(name)
        if told is None:
            return None
        if origin_of(told) is None:
            self.faults.append(f"{name}: {told!r} is not a web address; write it as http://127.0.0.1:5005")
            return None
        return told.rstrip("/")

    def origins(self, name: str) -> tuple[str, ...]:
        found: list[str] = []
        for told in (self.text(name) or "").replace(",", " ").split():
            origin = origin_of(told)
            if origin is None or origin != told.rstrip("/").lower():
                self.faults.append(f"{name}: {told!r} is not an origin; write it as https://hub.example.org")
            else:
                found.append(origin)
        return tuple(dict.fromkeys(found))

    def rate(self, name: str, default: Rate) -> Rate:
        told = self.text(name)
        if told is None:
            return default
        burst, _, minute = told.partition("/")
        try:
            rate = Rate(int(burst), float(minute))
        except ValueError:
            rate = Rate(0, 0)
        if rate.burst < 1 or not 0 < rate.per_minute < 1e9:
            self.faults.append(f"{name}: {told!r} is not a rate; 12/40 is 12 at once, then 40 a minute")
            return default
        return rate
