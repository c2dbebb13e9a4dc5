"""What a provider's answer must be like to be believed: a provider on loopback that can be made to lie."""

from __future__ import annotations

import hashlib
import json
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from joserfc.jws import JWSRegistry

from bot.console.oidc import Begun, NotSignedIn, OwnSignIn

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=timezone.utc)
BACK = "https://hub.example.org/console/oidc/callback"
SECRET = "example-secret-that-is-long-enough"
OURS, STRANGE = (RSAKey.generate_key(2048, {"kid": name, "use": "sig"}) for name in ("one", "one"))
SEEN = int(NOW.timestamp())
Claims = dict[str, Any]


class Provider(ThreadingHTTPServer):
    """Answers discovery, keys, tokens and what is known of a person, each as a test wants it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.issuer = f"http://127.0.0.1:{self.server_port}"
        self.metadata = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/me",
        }
        self.sign: Callable[[Claims], str] = lambda claims: jwt.encode(
            {"alg": "RS256", "kid": "one"}, claims, OURS
        )
        self.claims: Claims = {}
        self.me: Claims = {}
        self.asked: dict[str, list[str]] = {}


class _Answers(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        known = {
            "/.well-known/openid-configuration": self.server.metadata,
            "/keys": {"keys": [OURS.as_dict(private=False)]},
            "/me": self.server.me,
        }
        self._send(known[self.path])

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        self.server.asked = parse_qs(body) | {"authorization": [self.headers.get("authorization", "")]}
        token = self.server.sign(self.server.claims)
        self._send({"access_token": "example-access", "token_type": "Bearer", "id_token": token})

    def _send(self, told: Any) -> None:
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *given: object) -> None:
        """Say nothing."""


@pytest.fixture
def provider() -> Iterator[Provider]:
    server = Provider()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def own(provider: Provider) -> OwnSignIn:
    return OwnSignIn(provider.issuer, "example-console", SECRET)


@pytest.fixture
def begun(own: OwnSignIn, provider: Provider) -> Begun:
    _, begun = own.begin(BACK)
    provider.claims = {
        "iss": provider.issuer,
        "sub": "u-1",
        "aud": "example-console",
        "iat": SEEN,
        "exp": SEEN + 300,
        "nonce": begun.nonce,
        "email": "kim@hub.example.org",
        "email_verified": True,
    }
    return begun


def finish(own: OwnSignIn, begun: Begun) -> Any:
    return own.finish(begun, {"code": "example-code", "state": begun.state}, BACK, NOW)


def test_a_good_answer_is_believed_and_the_code_was_fetched_with_the_verifier(
    own: OwnSignIn, provider: Provider
) -> None:
    url, begun = own.begin(BACK)
    provider.claims = {
        "iss": provider.issuer, "sub": "u-1", "aud": ["example-console"], "iat": SEEN, "exp": SEEN + 300,
        "nonce": begun.nonce, "email": "kim@hub.example.org", "email_verified": True,
    }  # fmt: skip

    known = finish(own, begun)

    assert (known.subject, known.email) == ("u-1", "kim@hub.example.org")
    digest = hashlib.sha256(provider.asked["code_verifier"][0].encode()).digest()
    challenge = parse_qs(urlsplit(url).query)["code_challenge"][0]
    assert urlsafe_b64encode(digest).decode().rstrip("=") == challenge
    assert provider.asked["authorization"][0].startswith("Basic ")
    assert SECRET not in url


@pytest.mark.parametrize(
    "lie",
    [
        {"iss": "https://evil.example.org"},
        {"iss": None},
        {"aud": "another-console"},
        {"aud": ["another-console"]},
        {"aud": None},
        {"nonce": "x" * 43},
        {"nonce": None},
        {"exp": SEEN - 3_600},
        {"exp": None},
        {"iat": SEEN + 3_600},
        {"sub": None},
        {"azp": "another-console", "aud": ["example-console", "another-console"]},
        {"at_hash": "x"},
    ],
)
def test_a_token_for_somebody_else_or_another_time_is_not_believed(
    own: OwnSignIn, begun: Begun, provider: Provider, lie: Claims
) -> None:
    told = {**provider.claims, **lie}
    provider.claims = {name: value for name, value in told.items() if value is not None}

    with pytest.raises(NotSignedIn):
        finish(own, begun)


FORGERIES: dict[str, Callable[[Claims], str]] = {
    "a strange key": lambda claims: jwt.encode({"alg": "RS256", "kid": "one"}, claims, STRANGE),
    "an unknown key": lambda claims: jwt.encode({"alg": "RS256", "kid": "two"}, claims, STRANGE),
    "the client's secret": lambda claims: jwt.encode(
        {"alg": "HS256"}, claims, OctKey.import_key(SECRET), registry=JWSRegistry(algorithms=["HS256"])
    ),
    "the public key as a secret": lambda claims: jwt.encode(
        {"alg": "HS256"},
        claims,
        OctKey.import_key(hashlib.sha512(OURS.as_pem(private=False)).hexdigest()),
        registry=JWSRegistry(algorithms=["HS256"]),
    ),
    "nothing": lambda claims: ".".join(
        [
            *(
                urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
                for part in ({"alg": "none"}, claims)
            ),
            "",
        ]
    ),
    "rubbish": lambda claims: "not.a.token",
    "too little": lambda claims: "",
}


@pytest.mark.parametrize("signed_with", FORGERIES)
def test_a_token_the_provider_did_not_sign_is_not_believed(
    own: OwnSignIn, begun: Begun, provider: Provider, signed_with: str
) -> None:
    provider.sign = FORGERIES[signed_with]

    with pytest.raises(NotSignedIn, match="cannot be trusted"):
        finish(own, begun)


def test_an_e_mail_told_beside_the_token_counts_for_the_same_person_only(
    own: OwnSignIn, begun: Begun, provider: Provider
) -> None:
    del provider.claims["email"], provider.claims["email_verified"]
    provider.me = {"sub": "u-1", "email": "kim@hub.example.org", "email_verified": True}
    assert finish(own, begun).email == "kim@hub.example.org"

    provider.me = {"sub": "u-2", "email": "boss@hub.example.org", "email_verified": True}
    assert finish(own, begun).email is None


@pytest.mark.parametrize("end", ["authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"])
@pytest.mark.parametrize("address", ["http://evil.example.org/x", "javascript:alert(1)", "", 7])
def test_a_secret_is_not_sent_where_somebody_could_listen(
    own: OwnSignIn, provider: Provider, end: str, address: Any
) -> None:
    provider.metadata[end] = address

    with pytest.raises(NotSignedIn, match="not set up as it should be"):
        own.begin(BACK)


@pytest.mark.parametrize("metadata", [[], "x", None, {}])
def test_a_provider_that_says_nothing_of_use_is_told_in_words(
    own: OwnSignIn, provider: Provider, metadata: Any
) -> None:
    provider.metadata = metadata

    with pytest.raises(NotSignedIn):
        own.begin(BACK)
