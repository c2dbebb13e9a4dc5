"""The hub's own sign-in, by OpenID Connect: code flow with PKCE, state and nonce.

What the provider says of itself and its keys is fetched for each sign-in: those are few, and keys change.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from bot.web.settings import BadSettings, origin_of

SECONDS = 10.0
LEEWAY = 60  # seconds the provider's clock may be off
SCOPE = "openid email profile"
# Keys that only the provider holds: none of what is signed with the client's secret, or not at all.
SIGNED_WITH = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
    "Ed25519",
)
_SETTINGS = ("FINGERPOST_OIDC_ISSUER", "FINGERPOST_OIDC_CLIENT_ID", "FINGERPOST_OIDC_CLIENT_SECRET")
_LOOPBACK = re.compile(r"http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?")
_PARTS = re.compile(r"[A-Za-z0-9_-]{40,60}")


class NotSignedIn(Exception):
    """The hub's own sign-in came to nothing. The message says why and what to do, in plain words."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that was begun: what its browser keeps until it comes back."""

    state: str
    nonce: str
    verifier: str

    def __str__(self) -> str:
        return f"{self.state}.{self.nonce}.{self.verifier}"

    @classmethod
    def read(cls, told: str) -> Begun | None:
        """Return what a browser kept, or None for anything else."""
        parts = told.split(".")
        return cls(*parts) if len(parts) == 3 and all(map(_PARTS.fullmatch, parts)) else None


@dataclass(frozen=True, slots=True)
class Known:
    """Whom the provider knows: ``subject`` never changes; ``email`` is None unless it was verified there."""

    subject: str
    email: str | None


@dataclass(frozen=True)
class OwnSignIn:
    """Where the hub's own sign-in is, and as what we are known there."""

    issuer: str
    client_id: str
    client_secret: str

    def __repr__(self) -> str:
        return f"OwnSignIn({self.issuer})"  # never the secret

    def begin(self, back: str) -> tuple[str, Begun]:
        """Return the provider's page to go to, and what to keep; ``back`` is where it sends people then.

        Raises:
            NotSignedIn: the provider does not answer.
        """
        begun = Begun(secrets.token_urlsafe(32), secrets.token_urlsafe(32), generate_token(48))
        with self._client(back) as client:
            url, _ = client.create_authorization_url(
                self._metadata(client)["authorization_endpoint"],
                state=begun.state,
                nonce=begun.nonce,
                code_verifier=begun.verifier,
            )
        return str(url), begun

    def finish(self, begun: Begun | None, answer: Mapping[str, str], back: str, now: datetime) -> Known:
        """Return whom the provider knows, from what it sent a browser back with.

        Raises:
            NotSignedIn: nobody, or not for this browser, or the provider's answer cannot be trusted.
        """
        state = answer.get("state", "")
        if begun is None or not hmac.compare_digest(state.encode(), begun.state.encode()):
            raise NotSignedIn("That sign-in was begun too long ago, or in another browser. Begin again.")
        if answer.get("iss", self.issuer) != self.issuer:
            raise NotSignedIn("The answer came from another sign-in than your organisation's. Begin again.")
        if "error" in answer or not answer.get("code"):
            raise NotSignedIn("You were not signed in with your organisation's account. Begin again.")
        with self._client(back) as client:
            metadata = self._metadata(client)
            claims = self._claims(client, metadata, begun, answer["code"], now)
            if "email" not in claims and metadata.get("userinfo_endpoint"):
                more = _json(
                    client.get(metadata["userinfo_endpoint"], timeout=SECONDS, allow_redirects=False)
                )
                claims |= more if more.get("sub") == claims["sub"] else {}
        email, verified = claims.get("email"), claims.get("email_verified")
        good = isinstance(email, str) and verified in (True, "true")
        return Known(str(claims["sub"]), email if good else None)

    def _client(self, back: str) -> Any:
        return _Client(
            self.client_id,
            self.client_secret,
            scope=SCOPE,
            redirect_uri=back,
            code_challenge_method="S256",
        )

    def _metadata(self, client: Any) -> dict[str, Any]:
        address = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
        metadata = _json(client.get(address, timeout=SECONDS, allow_redirects=False, withhold_token=True))
        ends = [metadata.get(f"{name}_endpoint") for name in ("authorization", "token")]
        if metadata.get("issuer") != self.issuer or not all(
            map(is_safe, [*ends, metadata.get("jwks_uri"), metadata.get("userinfo_endpoint", self.issuer)])
        ):
            raise NotSignedIn(
                "Your organisation's sign-in is not set up as it should be; tell an administrator."
            )
        return metadata

    def _claims(
        self, client: Any, metadata: dict[str, Any], begun: Begun, code: str, now: datetime
    ) -> dict[str, Any]:
        methods = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        client.token_endpoint_auth_method = (
            "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post"
        )
        token = client.fetch_token(
            metadata["token_endpoint"],
            code=code,
            code_verifier=begun.verifier,
            timeout=SECONDS,
            allow_redirects=False,
        )
        keys = _json(
            client.get(metadata["jwks_uri"], timeout=SECONDS, allow_redirects=False, withhold_token=True)
        )
        signed = jwt.decode(
            str(token["id_token"]),
            KeySet.import_key_set(keys),  # type: ignore[arg-type]
            registry=JWSRegistry(algorithms=list(SIGNED_WITH), strict_check_header=False),
        )
        claims = CodeIDToken(
            signed.claims,
            signed.header,
            {
                "iss": {"essential": True, "values": [self.issuer]},
                "aud": {"essential": True, "values": [self.client_id]},
            },
            {"nonce": begun.nonce, "client_id": self.client_id, "access_token": token.get("access_token")},
        )
        claims.validate(now=int(now.timestamp()), leeway=LEEWAY)
        if claims.get("nonce") != begun.nonce:
            raise NotSignedIn("That sign-in was begun in another browser. Begin again.")
        return dict(claims)


class _Client:
    """Authlib's client, with everything that can go wrong turned into words."""

    def __init__(self, *given: Any, **named: Any) -> None:
        self._session = OAuth2Session(*given, **named)

    def __enter__(self) -> Any:
        return self._session

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self._session.close()
        if isinstance(error, requests.RequestException):
            raise NotSignedIn(
                "Your organisation's sign-in does not answer. Try again in a minute, or use a password."
            ) from error
        if isinstance(error, (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError)):
            raise NotSignedIn(
                "The answer of your organisation's sign-in cannot be trusted. Begin again, and if that "
                "does not help, tell an administrator."
            ) from error


def own_sign_in(env: Mapping[str, str]) -> OwnSignIn | None:
    """Return the hub's own sign-in from the settings, or None where none is set.

    Raises:
        BadSettings: only some of it is set, or the issuer is no safe address.
    """
    told = [env.get(name, "").strip() for name in _SETTINGS]
    if not any(told):
        return None
    faults = [
        f"{name} is not set; the sign-in takes all three"
        for name, each in zip(_SETTINGS, told, strict=True)
        if not each
    ]
    if told[0] and not is_safe(told[0]):
        faults.append(f"{_SETTINGS[0]}: not an https address; write it as https://login.example.org")
    if faults:
        raise BadSettings(faults)
    return OwnSignIn(*told)


def is_safe(address: object) -> bool:
    """Say whether a secret may be sent there: by https, or to this machine."""
    if not isinstance(address, str) or origin_of(address) is None:
        return False
    return address.startswith("https://") or _LOOPBACK.fullmatch(origin_of(address) or "") is not None


def _json(response: requests.Response) -> dict[str, Any]:
    response.raise_for_status()
    told = response.json()
    if not isinstance(told, dict):
        raise ValueError("not an object")
    return told
