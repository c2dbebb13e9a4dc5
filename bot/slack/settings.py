"""What the brokers' door is told by its surroundings: secrets of the gateway alone, checked together."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bot.web.settings import BadSettings, from_environment

SECRET, TOKEN, APP_TOKEN = "SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"
API_URL = "SLACK_API_URL"
SLACK = "https://slack.com/api/"


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """How the door talks with Slack; with ``app_token`` over a socket of its own (Socket Mode)."""

    signing_secret: str = field(repr=False)
    bot_token: str = field(repr=False)
    app_token: str | None = field(default=None, repr=False)
    api_url: str = SLACK

    @property
    def proxied(self) -> bool:
        """Whether the surroundings' proxy is on the way: never to this machine itself."""
        return not _is_loopback(urlsplit(self.api_url).hostname or "")


def slack_settings(env: Mapping[str, str]) -> SlackSettings | None:
    """Read the settings; None where nothing of Slack is set. No value of a secret is ever part of a fault.

    Raises:
        BadSettings: with every fault found, not only the first.
    """
    told = {name: env.get(name, "").strip() for name in (SECRET, TOKEN, APP_TOKEN)}
    if not any(told.values()):
        return None
    faults = [fault for name, value in told.items() for fault in _faults(name, value)]
    if not told[SECRET]:
        faults.insert(0, f"{SECRET} is not set; copy it from the app's page, Basic Information")
    if not told[TOKEN]:
        faults.insert(0, f"{TOKEN} is not set; copy it from the app's page, OAuth & Permissions")
    url = env.get(API_URL, "").strip() or SLACK
    if not _may_be_told_a_token(url):
        faults.append(f"{API_URL} is not an https address; leave it out, or write {SLACK}")
    if faults:
        raise BadSettings(faults)
    return SlackSettings(told[SECRET], told[TOKEN], told[APP_TOKEN] or None, url.rstrip("/") + "/")


def all_faults(env: Mapping[str, str]) -> None:
    """Read every setting of the gateway, the door's too.

    Raises:
        BadSettings: with the faults of all of them together.
    """
    faults: list[str] = []
    for read in (from_environment, slack_settings):
        try:
            read(env)
        except BadSettings as bad:
            faults += bad.faults
    if faults:
        raise BadSettings(faults)


def _faults(name: str, value: str) -> list[str]:
    if value and not (value.isascii() and value.isprintable() and " " not in value):
        return [f"{name} holds a space or a character that Slack never uses; copy it again"]
    starts = {TOKEN: "xoxb-", APP_TOKEN: "xapp-"}.get(name)
    if value and starts and not value.startswith(starts):
        return [f"{name} does not begin with {starts}; another of the app's tokens was copied"]
    return []


def _may_be_told_a_token(url: str) -> bool:
    """Say whether an address is encrypted, or on this machine."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or parts.query or parts.fragment or not url.isprintable():
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
