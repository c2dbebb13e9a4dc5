"""Where digests go and through what, from the environment; no secret is ever part of a message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from knowledge_base.hubs import Hub, is_address

SMTP_URL, SLACK_URL, FROM = "FINGERPOST_SMTP_URL", "FINGERPOST_SLACK_DIGEST_URL", "FINGERPOST_DIGEST_FROM"
PORTS = {"smtp": 587, "smtps": 465}


class BadDigestSetting(ValueError):
    """A setting of the digest cannot be used; the message names it, the way out, and no secret."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server to hand mail to; ``tls`` speaks TLS from the start, else STARTTLS where it is offered."""

    host: str
    port: int
    tls: bool
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class DigestSettings:
    """Where digests go. Without a server no mail is sent, without ``slack`` nothing is posted."""

    server: MailServer | None
    sender: str
    recipients: tuple[str, ...]
    slack: str | None = field(default=None, repr=False)


def digest_settings(env: Mapping[str, str], hub: Hub, to: Sequence[str] | None = None) -> DigestSettings:
    """Read the settings; ``to`` takes the place of the hub's recipients and leaves Slack out.

    Raises:
        BadDigestSetting: one cannot be used.
    """
    recipients = tuple(dict.fromkeys(hub.digest_recipients if to is None else to))
    for address in recipients:
        if not is_address(address):
            raise BadDigestSetting(f"{address[:60]!r} is not an e-mail address; write it as name@example.org")
    server = _server(env.get(SMTP_URL, "").strip())
    slack = env.get(SLACK_URL, "").strip() if to is None else ""
    if slack and not _is_web(slack):
        raise BadDigestSetting(f"{SLACK_URL} is not a web address; paste the webhook's, with https://")
    return DigestSettings(server, _sender(env, server, hub) if server else "", recipients, slack or None)


def _server(url: str) -> MailServer | None:
    if not url:
        return None
    wrong = BadDigestSetting(
        f"{SMTP_URL} cannot be used; write smtp://user:password@mail.example.org:587, or smtps:// and 465, "
        "with %40 for an @ in the password"
    )
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
    except ValueError:
        raise wrong from None
    plain = all(text.isascii() and (text.isprintable() or not text) for text in (user, password))
    if parts.scheme not in PORTS or not host or parts.path not in ("", "/") or parts.query or not plain:
        raise wrong
    return MailServer(host, port or PORTS[parts.scheme], parts.scheme == "smtps", user, password)


def _sender(env: Mapping[str, str], server: MailServer, hub: Hub) -> str:
    told = env.get(FROM, "").strip()
    if told and not is_address(told):
        raise BadDigestSetting(f"{FROM}: {told[:60]!r} is not an e-mail address")
    contact = hub.contact.email if hub.contact else None
    for address in (told, server.user, contact or ""):
        if is_address(address):
            return address
    raise BadDigestSetting(f"{FROM} is not set; name the address that digests come from")


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and url.isprintable()
    except ValueError:
        return False
