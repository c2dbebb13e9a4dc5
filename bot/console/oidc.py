"""The hub's own sign-in, by OpenID Connect."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class OwnSignIn:
    """Where the hub's own sign-in is, and as what we are known there."""

    issuer: str
    client_id: str
    client_secret: str
