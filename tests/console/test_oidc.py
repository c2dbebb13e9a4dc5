"""The hub's own sign-in against a real OpenID provider on loopback."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import oidc_provider_mock
import pytest

from bot.console.desk import Desk
from bot.console.oidc import Begun, NotSignedIn, OwnSignIn, is_safe, own_sign_in
from bot.web.settings import BadSettings
from knowledge_base.store.audit import Audit
from knowledge_base.store.failed_sign_ins import FAILED, NOBODYS
from tests.console.conftest import ADDRESS, AtTheConsole, Clock

EMAIL = "curator@hub.example.org"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with oidc_provider_mock.run_server_in_thread(require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(autouse=True)
def own(desk: Desk, issuer: str, clock: Clock) -> OwnSignIn:
    desk.oidc = OwnSignIn(issuer, "example-console", "example-secret")
    clock.now = datetime.now(UTC)  # the provider signs for its own clock
    return desk.oidc


def knows(issuer: str, subject: str, **claims: Any) -> None:
    assert httpx.put(f"{issuer}/users/{quote(subject)}", json=claims).status_code == 204


def at_the_provider(browser: AtTheConsole, subject: str, next: str = "/console/me") -> str:
    """Go to the provider and sign in there; return the address it sends the browser back to."""
    off = browser.get(f"/console/oidc/start?next={quote(next)}", follow_redirects=False)
    assert off.status_code == 303, off.text
    back = httpx.post(off.headers["location"], data={"sub": subject}).headers["location"]
    assert back.startswith(f"{ADDRESS}/console/oidc/callback?")
    return back


def test_a_curator_on_the_list_signs_in_with_the_organisations_account(
    nobody: AtTheConsole, issuer: str
) -> None:
    knows(issuer, "u-1", email=EMAIL.upper(), email_verified=True)

    back = nobody.get(at_the_provider(nobody, "u-1"), follow_redirects=False)

    assert (back.status_code, back.headers["location"]) == (303, "/console/me")
    assert "You sign in as curator@hub.example.org" in nobody.get("/console/me").text


def test_what_is_asked_of_the_provider_is_tied_to_this_browser(nobody: AtTheConsole) -> None:
    asked = [
        parse_qs(
            urlsplit(nobody.get("/console/oidc/start", follow_redirects=False).headers["location"]).query
        )
        for _ in range(2)
    ]

    for each in asked:
        assert each["code_challenge_method"] == ["S256"]
        assert each["response_type"] == ["code"]
        assert "openid" in each["scope"][0].split()
        assert each["redirect_uri"] == [f"{ADDRESS}/console/oidc/callback"]
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[0][name][0]) >= 43
        assert asked[0][name] != asked[1][name]


def test_from_then_on_the_account_counts_and_not_the_e_mail(
    nobody: AtTheConsole, issuer: str, desk: Desk
) -> None:
    knows(issuer, "u-2", email=EMAIL, email_verified=True)
    nobody.get(at_the_provider(nobody, "u-2"))

    knows(issuer, "u-2", email="married@hub.example.org", email_verified=True)
    again = nobody.get(at_the_provider(nobody, "u-2"), follow_redirects=False)
    knows(issuer, "u-3", email=EMAIL, email_verified=True)  # the e-mail was given to somebody new
    other = nobody.get(at_the_provider(nobody, "u-3"), follow_redirects=False)

    assert again.status_code == 303
    assert other.status_code == 403


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "stranger@elsewhere.example.org", "email_verified": True},
        {"email": EMAIL, "email_verified": False},
        {"email": EMAIL},
        {"email_verified": True},
        {"email": ["curator@hub.example.org"], "email_verified": True},
        {"email": EMAIL, "email_verified": "no"},
    ],
)
def test_nobody_else_gets_in_and_the_page_says_what_to_do(
    nobody: AtTheConsole, issuer: str, claims: dict[str, Any]
) -> None:
    knows(issuer, "u-4", **claims)

    page = nobody.get(at_the_provider(nobody, "u-4"), follow_redirects=False)

    assert page.status_code == 403
    assert "Ask an administrator" in page.text
    assert nobody.get("/console/me", follow_redirects=False).status_code == 303


def test_who_was_shut_out_stays_out(nobody: AtTheConsole, issuer: str, desk: Desk, clock: Clock) -> None:
    knows(issuer, "u-5", email=EMAIL, email_verified=True)
    nobody.get(at_the_provider(nobody, "u-5"))
    person = desk.staff.by_email(EMAIL)
    assert person is not None
    desk.staff.change(person.id, active=False, now=clock.now)

    assert nobody.get(at_the_provider(nobody, "u-5"), follow_redirects=False).status_code == 403


def test_who_was_refused_can_be_looked_up_and_a_strangers_e_mail_is_not_kept(
    nobody: AtTheConsole, issuer: str, desk: Desk, clock: Clock
) -> None:
    person = desk.staff.by_email(EMAIL)
    assert person is not None
    desk.staff.change(person.id, active=False, now=clock.now)
    knows(issuer, "u-15", email=EMAIL, email_verified=True)
    knows(issuer, "u-16", email="stranger@elsewhere.example.org", email_verified=True)

    for subject in ("u-15", "u-16"):
        nobody.get(at_the_provider(nobody, subject), follow_redirects=False)

    deeds = Audit(desk.advice.database).find(10, what=FAILED)
    assert [deed.about for deed in deeds] == [NOBODYS, EMAIL]
    assert {deed.detail["tried"] for deed in deeds} == {"the organisation’s account"}
    assert "stranger" not in str(deeds)


def test_an_answer_counts_once(nobody: AtTheConsole, issuer: str) -> None:
    knows(issuer, "u-6", email=EMAIL, email_verified=True)
    back = at_the_provider(nobody, "u-6")

    assert nobody.get(back, follow_redirects=False).status_code == 303
    assert nobody.get(back, follow_redirects=False).status_code == 403


def test_an_answer_to_another_browser_is_refused(gateway: Any, nobody: AtTheConsole, issuer: str) -> None:
    knows(issuer, "u-7", email=EMAIL, email_verified=True)
    back = at_the_provider(nobody, "u-7")
    other = AtTheConsole(gateway, base_url=ADDRESS)
    other.get("/console/oidc/start", follow_redirects=False)

    page = other.get(back, follow_redirects=False)

    assert page.status_code == 403
    assert "begun too long ago, or in another browser" in page.text


def test_a_code_that_was_begun_elsewhere_is_refused_for_its_nonce(
    own: OwnSignIn, nobody: AtTheConsole, issuer: str
) -> None:
    knows(issuer, "u-8", email=EMAIL, email_verified=True)
    code = parse_qs(urlsplit(at_the_provider(nobody, "u-8")).query)["code"][0]
    _, begun = own.begin(f"{ADDRESS}/console/oidc/callback")

    with pytest.raises(NotSignedIn):
        own.finish(
            begun,
            {"code": code, "state": begun.state},
            f"{ADDRESS}/console/oidc/callback",
            datetime.now(UTC),
        )


def test_a_token_whose_time_is_over_is_refused(nobody: AtTheConsole, issuer: str, clock: Clock) -> None:
    knows(issuer, "u-9", email=EMAIL, email_verified=True)
    back = at_the_provider(nobody, "u-9")
    clock.now += timedelta(hours=2)

    assert "cannot be trusted" in nobody.get(back, follow_redirects=False).text


def test_who_says_no_at_the_provider_is_told_so(nobody: AtTheConsole) -> None:
    off = nobody.get("/console/oidc/start", follow_redirects=False)
    back = httpx.post(off.headers["location"], data={"action": "deny"}).headers["location"]

    page = nobody.get(back, follow_redirects=False)

    assert page.status_code == 403
    assert "not signed in" in page.text


@pytest.mark.parametrize(
    "query", ["", "?code=x", "?state=x&code=y", "?state=&code=", "?error=<script>", "?iss=x"]
)
def test_a_callback_nobody_asked_for_is_refused(nobody: AtTheConsole, query: str) -> None:
    page = nobody.get(f"/console/oidc/callback{query}", follow_redirects=False)

    assert page.status_code == 403
    assert "<script>" not in page.text


def test_next_leads_nowhere_but_into_the_console(nobody: AtTheConsole, issuer: str) -> None:
    knows(issuer, "u-10", email=EMAIL, email_verified=True)

    back = nobody.get(at_the_provider(nobody, "u-10", "//evil.example.org/x.y"), follow_redirects=False)
    deep = nobody.get(at_the_provider(nobody, "u-10", "/console/me?a.b=c.d"), follow_redirects=False)

    assert back.headers["location"] == "/console"
    assert deep.headers["location"] == "/console/me?a.b=c.d"


def test_a_provider_that_is_down_is_told_in_words(nobody: AtTheConsole, desk: Desk) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        desk.oidc = OwnSignIn(f"http://127.0.0.1:{free.getsockname()[1]}", "a", "b")

        page = nobody.get("/console/oidc/start", follow_redirects=False)

    assert page.status_code == 502
    assert "does not answer" in page.text


def test_a_provider_that_says_it_is_another_is_not_trusted(
    nobody: AtTheConsole, desk: Desk, issuer: str
) -> None:
    desk.oidc = OwnSignIn(issuer.replace("localhost", "127.0.0.1") + "/", "a", "b")

    page = nobody.get("/console/oidc/start", follow_redirects=False)

    assert page.status_code == 502
    assert "not set up as it should be" in page.text


def test_without_one_the_sign_in_page_offers_none(nobody: AtTheConsole, desk: Desk) -> None:
    assert "/console/oidc/start" in nobody.get("/console/sign-in").text
    desk.oidc = None

    assert "/console/oidc/start" not in nobody.get("/console/sign-in").text
    assert nobody.get("/console/oidc/start").status_code == 404
    assert nobody.get("/console/oidc/callback").status_code == 404


def test_its_settings_come_together_or_not_at_all() -> None:
    name = "FINGERPOST_OIDC_"
    whole = {
        f"{name}ISSUER": "https://login.example.org",
        f"{name}CLIENT_ID": "a",
        f"{name}CLIENT_SECRET": "hush",
    }

    found = own_sign_in(whole)

    assert own_sign_in({}) is None
    assert found is not None
    assert "hush" not in repr(found)
    for missing in whole:
        with pytest.raises(BadSettings, match=missing):
            own_sign_in({**whole, missing: ""})
    with pytest.raises(BadSettings, match="https"):
        own_sign_in({**whole, f"{name}ISSUER": "http://login.example.org"})


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://login.example.org/realms/hub", True),
        ("http://localhost:9400", True),
        ("http://127.0.0.1:9400/x", True),
        ("http://localhost.evil.example.org", False),
        ("http://127.0.0.1@evil.example.org", False),
        ("ftp://login.example.org", False),
        (None, False),
    ],
)
def test_a_secret_goes_only_where_nobody_can_listen(address: object, safe: bool) -> None:
    assert is_safe(address) is safe


@pytest.mark.parametrize("kept", ["", "a.b.c", ".".join(["x" * 43] * 2), ".".join(["x" * 43] * 4), "é" * 200])
def test_what_a_browser_did_not_get_from_us_is_no_sign_in(kept: str) -> None:
    assert Begun.read(kept) is None
