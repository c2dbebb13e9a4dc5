"""Signing in and out, in a browser: what is asked, what is kept, and what another site cannot do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.responses import Response

from bot.console import cookies
from bot.console.desk import Desk
from bot.console.gate import COOKIE
from bot.console.next_page import back_to
from knowledge_base.store.database import StoreUnavailable
from tests.console.conftest import ADDRESS, PASSWORD, AtTheConsole, Clock

EDITOR = "editor@hub.example.org"


@pytest.fixture
def editor_with_password(desk: Desk, clock: Clock) -> str:
    person = desk.staff.by_email(EDITOR)
    assert person is not None
    desk.staff.change(person.id, password=PASSWORD, now=clock.now)
    return person.id


def token_in(html: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', html)
    assert found
    return found[1]


def sign_in(browser: AtTheConsole, email: str = EDITOR, password: str = PASSWORD, **more: Any) -> Any:
    token = token_in(browser.get("/console/sign-in").text)
    data = {"csrf": token, "email": email, "password": password, "next": "/console/me"} | more
    return browser.post("/console/sign-in", data=data, follow_redirects=False)


def test_an_editor_signs_in_and_is_where_they_wanted_to_be(
    nobody: AtTheConsole, editor_with_password: str
) -> None:
    asked = nobody.get("/console/me", follow_redirects=False)
    answer = sign_in(nobody, next="/console/me?x=1")

    assert asked.headers["location"] == "/console/sign-in?next=/console/me"
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/me?x=1")
    assert "Example editor" in nobody.get("/console/me").text


def test_what_was_looked_for_is_found_again_after_signing_in(nobody: AtTheConsole) -> None:
    asked = nobody.get("/console/staff?done=role&q=a%20b", follow_redirects=False)
    page = nobody.get(asked.headers["location"])

    assert 'name="next" value="/console/staff?done=role&amp;q=a%20b"' in page.text


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(
    nobody: AtTheConsole, editor_with_password: str, desk: Desk
) -> None:
    plain = next(c for c in sign_in(nobody).headers.get_list("set-cookie") if c.startswith(f"{COOKIE}="))
    desk.address = "https://hub.example.org"
    response = Response()
    cookies.signed_in(response, desk, "x" * 43)
    secret = response.headers.getlist("set-cookie")[0]

    for cookie in (plain, secret):
        assert {"HttpOnly", "Path=/console", "SameSite=lax"} <= set(cookie.split("; "))
        assert "expires" not in cookie.lower()
    assert "Secure" not in plain
    assert "Secure" in secret


def test_each_sign_in_has_a_new_token_and_ends_the_one_before(
    nobody: AtTheConsole, editor_with_password: str, desk: Desk, clock: Clock
) -> None:
    nobody.cookies.set(COOKIE, "planted-by-somebody", path="/console", domain="testserver.local")
    sign_in(nobody)
    first = nobody.cookies.get(COOKIE, domain="testserver.local", path="/console")
    page = nobody.get("/console/sign-in", follow_redirects=False)

    assert first != "planted-by-somebody"
    assert (page.status_code, page.headers["location"]) == (303, "/console")
    assert desk.staff.session(str(first), clock.now) is not None


def test_a_wrong_password_is_told_without_saying_which_was_wrong(
    nobody: AtTheConsole, editor_with_password: str
) -> None:
    known = sign_in(nobody, password="not the password")
    unknown = sign_in(nobody, email="nobody@hub.example.org")

    assert known.status_code == unknown.status_code == 403
    assert "do not belong together" in known.text
    assert known.text.replace(EDITOR, "") == unknown.text.replace("nobody@hub.example.org", "")
    assert COOKIE not in nobody.cookies
    assert "not the password" not in known.text


def test_too_many_tries_are_told_with_how_long_to_wait(
    nobody: AtTheConsole, editor_with_password: str, clock: Clock
) -> None:
    for _ in range(5):
        sign_in(nobody, password="not the password")
    waits = sign_in(nobody)
    clock.now += timedelta(minutes=15)

    assert waits.status_code == 429
    assert waits.headers["retry-after"] == "900"
    assert "Wait 15 minutes" in waits.text
    assert sign_in(nobody).status_code == 303


def test_with_nobody_on_the_list_the_page_says_how_to_begin(nobody: AtTheConsole, desk: Desk) -> None:
    with desk.advice.database.writing() as transaction:
        transaction.connection().exec_driver_sql("DELETE FROM staff")

    page = nobody.get("/console/sign-in").text

    assert "Nobody is on the staff list yet" in page
    assert "fingerpost staff add" in page
    assert "--role administrator" in page


def test_a_sign_in_form_from_elsewhere_signs_nobody_in(
    nobody: AtTheConsole, editor_with_password: str
) -> None:
    data = {"email": EDITOR, "password": PASSWORD, "next": ""}
    without = nobody.post("/console/sign-in", data=data, follow_redirects=False)
    forged = nobody.post("/console/sign-in", data={**data, "csrf": "x" * 43}, follow_redirects=False)
    token = token_in(nobody.get("/console/sign-in").text)
    elsewhere = nobody.post(
        "/console/sign-in",
        data={**data, "csrf": token},
        headers={"origin": "https://evil.example.org"},
        follow_redirects=False,
    )

    assert [each.status_code for each in (without, forged, elsewhere)] == [403, 403, 403]
    assert COOKIE not in nobody.cookies


def test_two_open_sign_in_pages_both_work(nobody: AtTheConsole, editor_with_password: str) -> None:
    first = token_in(nobody.get("/console/sign-in").text)
    nobody.get("/console/sign-in")

    answer = nobody.post(
        "/console/sign-in",
        data={"csrf": first, "email": EDITOR, "password": PASSWORD},
        follow_redirects=False,
    )

    assert answer.status_code == 303


def test_a_link_from_a_mail_opens_a_page_and_another_sites_script_does_not(editor: AtTheConsole) -> None:
    follows = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    for dest, status in (("document", 200), ("iframe", 403), ("embed", 403)):
        assert editor.get("/console/me", headers={**follows, "sec-fetch-dest": dest}).status_code == status
    reads = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "script"}
    assert editor.get("/console/me", headers=reads).status_code == 403


def test_our_own_forms_are_taken_from_every_browser(editor: AtTheConsole) -> None:
    page = editor.get("/console/me")
    for told in (
        {"sec-fetch-site": "same-origin", "origin": "null"},
        {"origin": ADDRESS},
        {"origin": ADDRESS.upper()},
        {},
    ):
        answer = editor.submit("/console/me/password", headers=told, present="x", password="y", again="z")
        assert answer.status_code == 422, told
    # With no-referrer an older browser would say "Origin: null" with them.
    assert page.headers["referrer-policy"] == "same-origin"


# --- where next leads


@pytest.mark.parametrize(
    "told", ["/console", "/console/offers", "/console/offers/a-b?tab=2&x=%C3%A9", "/console/"]
)
def test_a_page_of_the_console_is_gone_back_to(told: str) -> None:
    assert back_to(told) == told


@pytest.mark.parametrize(
    "told",
    [
        *(
            "",
            "/",
            "/roadmap/x",
            "console",
            "/consolex",
            "//evil.example.org",
            "///evil.example.org",
            "https:/console",
        ),
        *(
            "https://evil.example.org/console",
            "/console/../roadmap",
            "/console/%2e%2E/roadmap",
            "/console/./..",
            "/console//x",
        ),
        *(
            "/console\\..\\x",
            "/console/\nx",
            "\t/console",
            "/console@evil.example.org",
            "javascript:alert(1)",
        ),
        *(
            "/console/sign-in?next=/console",
            "/console/sign-out",
            "/console/oidc/start",
            "/console/\x00",
            "/console/é",
        ),
    ],
)
def test_anything_else_leads_to_the_console_itself(told: str) -> None:
    assert back_to(told) == "/console"


@given(st.text(alphabet="/.\\%2eE:@?#&;cons \t\n\x00é", max_size=30).map(lambda tail: f"/console{tail}"))
@example("/console/..%2f")
def test_whatever_is_asked_for_a_browser_stays_in_the_console(told: str) -> None:
    lands = urlsplit(urljoin(f"{ADDRESS}/console/sign-in", back_to(told)))

    assert (lands.scheme, lands.netloc) == ("http", "testserver")
    assert lands.path == "/console" or lands.path.startswith("/console/")


# --- the session


def test_signing_out_ends_the_session_on_our_side_too(editor: AtTheConsole, desk: Desk, clock: Clock) -> None:
    token = editor.cookies.get(COOKIE)
    answer = editor.submit("/console/sign-out")

    assert answer.headers["location"] == "/console/sign-in?done=out"
    assert desk.staff.session(str(token), clock.now) is None
    assert editor.get("/console/me", follow_redirects=False).status_code == 303


def test_who_rests_too_long_signs_in_again(editor: AtTheConsole, clock: Clock) -> None:
    clock.now += timedelta(hours=1, minutes=59)
    assert editor.get("/console/me", follow_redirects=False).status_code == 200
    clock.now += timedelta(hours=2)
    assert editor.get("/console/me", follow_redirects=False).status_code == 303


def test_the_bare_address_of_the_console_is_served_without_a_detour(editor: AtTheConsole) -> None:
    page = editor.get("/console", follow_redirects=False)

    assert page.status_code == 200
    assert str(page.url) == f"{ADDRESS}/console"


def test_a_page_that_is_not_there_is_told_in_the_consoles_own_words(editor: AtTheConsole) -> None:
    page = editor.get("/console/nowhere")

    assert page.status_code == 404
    assert "There is nothing at this address" in page.text


def test_a_database_that_is_down_is_told_and_opens_nothing(
    editor: AtTheConsole, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*given: object) -> Iterator[None]:
        raise StoreUnavailable("the database cannot be used: example")

    monkeypatch.setattr(desk.staff, "session", down)
    page = editor.get("/console/me")

    assert page.status_code == 503
    assert "editor@hub" not in page.text


def test_what_nobody_expected_is_a_page_without_its_words(
    gateway: Any,
    editor: AtTheConsole,
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def breaks(*given: object) -> Iterator[None]:
        raise RuntimeError("somebody's secret words")

    monkeypatch.setattr(desk.staff, "session", breaks)
    page = editor.get("/console/me")

    assert page.status_code == 500
    assert "Something went wrong on our side" in page.text
    assert "secret words" not in page.text + caplog.text


# --- one's own password


def test_an_editor_changes_their_password_and_only_this_browser_goes_on(
    nobody: AtTheConsole, editor: AtTheConsole, editor_with_password: str, gateway: Any, desk: Desk
) -> None:
    other = AtTheConsole(gateway, base_url=ADDRESS)
    other.sign_in_as(desk, EDITOR)
    editor.sign_in_as(desk, EDITOR)
    new = "otter lamp gravel"

    answer = editor.submit("/console/me/password", present=PASSWORD, password=new, again=new)

    assert answer.headers["location"] == "/console/me?done=password"
    assert "Your password is changed" in editor.get(answer.headers["location"]).text
    assert other.get("/console/me", follow_redirects=False).status_code == 303
    assert sign_in(nobody).status_code == 403
    assert sign_in(nobody, password=new).status_code == 303


@pytest.mark.parametrize(
    ("present", "new", "again", "words"),
    [
        (PASSWORD, "short", "short", "too short"),
        (PASSWORD, "otter lamp gravel", "otter lamp grave", "twice alike"),
        ("not the password", "otter lamp gravel", "otter lamp gravel", "not your present password"),
        (PASSWORD, EDITOR, EDITOR, "too close to the e-mail"),
    ],
)
def test_a_password_that_cannot_be_is_refused_with_the_reason(
    editor: AtTheConsole,
    desk: Desk,
    editor_with_password: str,
    present: str,
    new: str,
    again: str,
    words: str,
) -> None:
    editor.sign_in_as(desk, EDITOR)

    page = editor.submit("/console/me/password", present=present, password=new, again=again)

    assert page.status_code in {403, 422}
    assert words in page.text
    assert f'value="{new}"' not in page.text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe=%zz&csrf",
        b"csrf=" + b"x" * 200_000,
        b"&".join(b"a%d=1" % n for n in range(5_000)),
        "csrf=é&email=\u202e".encode(),
    ],
)
@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"]
)
def test_a_hostile_form_is_refused_in_words(editor: AtTheConsole, body: bytes, kind: str) -> None:
    for path in ("/console/sign-in", "/console/me/password", "/console/sign-out"):
        page = editor.post(path, content=body, headers={"content-type": kind}, follow_redirects=False)
        assert page.status_code in {400, 403}, f"{path}: {page.status_code}"
        assert "<h1>" in page.text


@pytest.mark.parametrize(
    ("path", "status"),
    [("/console/nowhere", 404), ("/console/offers/not-there", 404), ("/console/staff", 403)],
)
def test_what_did_not_work_is_told_with_the_menu_to_whoever_is_signed_in(
    path: str, status: int, editor: AtTheConsole, nobody: AtTheConsole
) -> None:
    told = editor.get(path)

    assert (told.status_code, "That did not work" in told.text) == (status, True)
    assert '<a href="/console/offers"' in told.text
    assert editor.csrf in told.text
    assert "/console/sign-out" not in nobody.get(path).text


def test_while_the_store_is_down_an_error_shows_no_menu(
    editor: AtTheConsole, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object) -> None:
        raise StoreUnavailable("the store is down")

    monkeypatch.setattr(desk.staff, "session", down)

    for path, status in (("/console/offers", 503), ("/console/nowhere", 404)):
        told = editor.get(path)
        assert (told.status_code, "/console/sign-out" in told.text) == (status, False)
