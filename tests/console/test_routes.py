"""Every address of the console, whatever part it belongs to: who gets in, and who does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from starlette.routing import Mount

from bot.console.app import create_console
from bot.console.desk import Desk
from bot.console.gate import COOKIE
from knowledge_base.staff import PERMISSIONS, ROLES, Member
from tests.console.conftest import ADDRESS, AtTheConsole

OPEN = {
    ("GET", "/sign-in"),
    ("POST", "/sign-in"),
    ("POST", "/sign-out"),
    ("GET", "/oidc/start"),
    ("GET", "/oidc/callback"),
}
OF_TYPE = {"int": "1", "float": "1.0", "uuid": "0" * 8 + "-0000-0000-0000-" + "0" * 12, "path": "x"}


def routes(app: Any) -> Iterator[tuple[str, str, Any]]:
    """Every address that takes a method, as ``(method, path, route)``."""
    for route in _flat(app.routes):
        assert hasattr(route, "dependant"), f"{route} is no page: what guards it?"
        for method in sorted(route.methods):
            yield method, route.path, route


def _flat(found: Any) -> Iterator[Any]:
    for route in found:
        if isinstance(route, Mount) and route.path == "/static":
            continue
        inner = getattr(route, "effective_candidates", None)
        yield from _flat(inner()) if callable(inner) else (route,)


def permissions(route: Any) -> set[str]:
    """The permissions a page names, anywhere among what it depends on."""

    def calls(dependant: Dependant) -> Iterator[Callable[..., Any]]:
        for each in dependant.dependencies:
            if each.call is not None:
                yield each.call
            yield from calls(each)

    return {call.permission for call in calls(route.dependant) if hasattr(call, "permission")}


def address(route: Any) -> str:
    """An address of a page, of a record that is not there where it takes one."""
    given = {
        name: OF_TYPE.get(type(each).__name__[:-9].lower(), "x")
        for name, each in route.param_convertors.items()
    }
    for field in route.dependant.path_params:
        if field.field_info.annotation is int:
            given[field.name] = "1"
    return "/console" + route.path.format(**{n: given[n] for n in route.param_convertors})


@pytest.fixture
def app(desk: Desk) -> Any:
    return create_console(desk)


@pytest.fixture
def everybody(gateway: Any, desk: Desk) -> dict[str, AtTheConsole]:
    """A browser for each role, for nobody, and for a curator and an administrator who were shut out."""
    browsers = {"nobody": AtTheConsole(gateway, base_url=ADDRESS, raise_server_exceptions=False)}
    for role in ROLES:
        browsers[role] = AtTheConsole(gateway, base_url=ADDRESS, raise_server_exceptions=False)
        browsers[role].sign_in_as(desk, f"{role}@hub.example.org")
    for role in ("curator", "administrator"):
        name = f"shut out {role}"
        gone = desk.staff.add(f"gone-{role}@hub.example.org", "Gone", role, None, desk.clock())
        browsers[name] = AtTheConsole(gateway, base_url=ADDRESS, raise_server_exceptions=False)
        browsers[name].sign_in_as(desk, gone.email)
        desk.staff.change(gone.id, active=False, now=desk.clock())
    return browsers


def test_the_walk_sees_the_pages_there_are(app: Any) -> None:
    seen = {(method, path) for method, path, _ in routes(app)}

    assert seen >= OPEN | {
        ("GET", "/me"),
        ("POST", "/me/password"),
        ("GET", "/staff"),
        ("POST", "/staff/{id}/role"),
    }


def test_every_page_names_one_permission_but_for_those_that_let_people_in(app: Any) -> None:
    for method, path, route in routes(app):
        named = permissions(route)

        assert named <= set(PERMISSIONS), path
        assert (not named) == ((method, path) in OPEN), f"{method} {path} names {named or 'no permission'}"


def test_each_role_sees_what_its_permission_says_and_nothing_else(
    app: Any, everybody: dict[str, AtTheConsole]
) -> None:
    for method, path, route in routes(app):
        if method != "GET" or (method, path) in OPEN:
            continue
        for who, browser in everybody.items():
            page = browser.get(address(route), follow_redirects=False)
            told = f"{who} at {path}: {page.status_code}"

            if who not in ROLES:
                assert page.status_code == 303, told
                assert page.headers["location"].startswith("/console/sign-in?next="), told
            elif all(Member("", "", "", who).may(each) for each in permissions(route)):
                assert page.status_code in {200, 303, 400, 404}, told
                assert not page.headers.get("location", "").startswith("/console/sign-in"), told
            else:
                assert page.status_code == 403, told
                assert "Your role does not let you" in page.text, told


def test_nothing_is_changed_without_the_token_of_the_form(
    app: Any, everybody: dict[str, AtTheConsole]
) -> None:
    for method, path, route in routes(app):
        if method == "GET" or (method, path) in OPEN:
            continue
        for who, browser in everybody.items():
            for token in ({}, {"csrf": "x" * 43}):
                answer = browser.request(method, address(route), data=token, follow_redirects=False)

                expected = 403 if who in ROLES else 303
                assert answer.status_code == expected, f"{who} {method} {path}: {answer.status_code}"


def test_a_token_of_another_session_is_none(app: Any, everybody: dict[str, AtTheConsole]) -> None:
    theirs = everybody["curator"].csrf
    for method, path, route in routes(app):
        if method == "GET" or (method, path) in OPEN:
            continue
        answer = everybody["administrator"].request(
            method, address(route), data={"csrf": theirs}, follow_redirects=False
        )
        assert answer.status_code == 403, f"{method} {path}: {answer.status_code}"


def test_another_sites_page_changes_nothing_even_with_the_token(
    app: Any, everybody: dict[str, AtTheConsole]
) -> None:
    browser = everybody["administrator"]
    for told in (
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example.org"},
        {"origin": "null"},
        {"origin": "http://testserver.evil.example.org"},
    ):
        for method, path, route in routes(app):
            if method == "GET":
                continue
            answer = browser.request(
                method, address(route), data={"csrf": browser.csrf}, headers=told, follow_redirects=False
            )
            assert answer.status_code == 403, f"{told} {method} {path}: {answer.status_code}"
            assert "Another site sent this" in answer.text


def test_no_page_may_be_kept_by_a_browser_or_framed(app: Any, everybody: dict[str, AtTheConsole]) -> None:
    for method, path, route in routes(app):
        if method != "GET":
            continue
        page = everybody["administrator"].get(address(route), follow_redirects=False)

        assert "no-store" in page.headers["cache-control"], path
        assert "frame-ancestors 'none'" in page.headers["content-security-policy"], path


@pytest.mark.parametrize("cookie", ["", "x", "x" * 43, "%00", "é".encode().decode("latin-1"), "x" * 4_000])
def test_a_cookie_nobody_was_given_opens_nothing(nobody: AtTheConsole, cookie: str) -> None:
    page = nobody.get(
        "/console/me", headers={"cookie": f"{COOKIE}={cookie}".encode("latin-1")}, follow_redirects=False
    )

    assert page.status_code == 303
