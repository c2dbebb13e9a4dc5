"""The page where an administrator looks after the people of the console."""

from __future__ import annotations

from typing import Any

import pytest

from bot.console.desk import Desk
from bot.console.gate import COOKIE
from bot.console.oidc import OwnSignIn
from knowledge_base.staff import Member
from knowledge_base.store.audit import Audit
from tests.console.conftest import PASSWORD, AtTheConsole, Clock

NEW = {"email": "sam@hub.example.org", "name": "Sam Example", "role": "curator", "password": PASSWORD}


def person(desk: Desk, email: str) -> Member:
    found = desk.staff.by_email(email)
    assert found is not None
    return found


def test_an_administrator_adds_a_curator_who_can_sign_in(
    administrator: AtTheConsole, desk: Desk, clock: Clock
) -> None:
    answer = administrator.submit("/console/staff", **NEW)
    page = administrator.get(answer.headers["location"]).text

    assert answer.status_code == 303
    assert "Added. Tell them their password" in page
    assert "Sam Example" in page
    assert desk.staff.sign_in(NEW["email"], PASSWORD, "192.0.2.1", clock.now)[1].role == "curator"
    (added, *_) = Audit(desk.advice.database).list(5, about=NEW["email"])[::-1]
    assert (added.by, added.what) == ("administrator@hub.example.org", "staff_added")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"email": "no e-mail"}, "not an e-mail address"),
        ({"email": "viewer@hub.example.org"}, "on the list already"),
        ({"name": ""}, "name"),
        ({"role": "root"}, "no such role"),
        ({"password": "short"}, "too short"),
        ({"password": ""}, "too short"),
    ],
)
def test_what_cannot_be_is_said_and_the_form_keeps_the_rest(
    administrator: AtTheConsole, desk: Desk, wrong: dict[str, str], words: str
) -> None:
    page = administrator.submit("/console/staff", **{**NEW, **wrong})

    assert page.status_code == 422
    assert words in page.text
    assert PASSWORD not in page.text
    assert f'value="{wrong.get("email", NEW["email"])}"' in page.text
    assert len(desk.staff.all()) == 4


def test_what_somebody_is_called_is_shown_and_never_run(administrator: AtTheConsole, desk: Desk) -> None:
    administrator.submit("/console/staff", **{**NEW, "name": "<script>alert(1)</script>"})

    for path in ("/console/staff", f"/console/staff/{person(desk, NEW['email']).id}"):
        page = administrator.get(path).text
        assert "<script>" not in page
        assert "&lt;script&gt;" in page


def test_another_role_counts_at_the_persons_next_click(
    administrator: AtTheConsole, curator: AtTheConsole, desk: Desk
) -> None:
    id = person(desk, "curator@hub.example.org").id
    administrator.submit(f"/console/staff/{id}/role", name="Example curator", role="administrator")
    assert curator.get("/console/staff").status_code == 200
    administrator.submit(f"/console/staff/{id}/role", name="Example curator", role="viewer")

    assert curator.get("/console/staff").status_code == 403
    assert "administrator → viewer" in administrator.get(f"/console/staff/{id}").text


def test_who_is_shut_out_is_out_at_once_and_can_be_let_in_again(
    administrator: AtTheConsole, editor: AtTheConsole, desk: Desk
) -> None:
    id = person(desk, "editor@hub.example.org").id
    out = administrator.submit(f"/console/staff/{id}/active", active="no")

    assert out.headers["location"] == f"/console/staff/{id}?done=out"
    assert editor.get("/console/me", follow_redirects=False).status_code == 303
    assert "shut out" in administrator.get("/console/staff").text
    administrator.submit(f"/console/staff/{id}/active", active="yes")
    assert person(desk, "editor@hub.example.org").active


def test_the_last_administrator_can_neither_leave_nor_step_down(
    administrator: AtTheConsole, desk: Desk
) -> None:
    id = person(desk, "administrator@hub.example.org").id
    for path, fields in (("active", {"active": "no"}), ("role", {"name": "A", "role": "viewer"})):
        page = administrator.submit(f"/console/staff/{id}/{path}", fields)

        assert page.status_code == 422
        assert "last active administrator" in page.text
    assert administrator.get("/console/staff").status_code == 200


def test_a_password_set_for_somebody_signs_them_out(
    administrator: AtTheConsole, editor: AtTheConsole, desk: Desk
) -> None:
    id = person(desk, "editor@hub.example.org").id
    answer = administrator.submit(f"/console/staff/{id}/password", password=PASSWORD)

    assert answer.status_code == 303
    assert editor.get("/console/me", follow_redirects=False).status_code == 303
    assert administrator.get("/console/me", follow_redirects=False).status_code == 200


def test_an_administrator_who_sets_their_own_goes_on_with_a_new_session(
    administrator: AtTheConsole, desk: Desk, clock: Clock
) -> None:
    id, before = person(desk, "administrator@hub.example.org").id, administrator.cookies.get(COOKIE)
    answer = administrator.submit(f"/console/staff/{id}/password", password=PASSWORD)

    assert answer.status_code == 303
    assert desk.staff.session(str(before), clock.now) is None
    cookie = answer.headers["set-cookie"].partition(";")[0].partition("=")[2]
    assert desk.staff.session(cookie, clock.now) is not None


def test_with_a_sign_in_of_the_hubs_own_a_password_may_be_left_out(
    administrator: AtTheConsole, desk: Desk
) -> None:
    desk.oidc = OwnSignIn("https://login.example.org", "example-console", "example-secret")
    answer = administrator.submit("/console/staff", **{**NEW, "password": ""})

    assert answer.headers["location"] == "/console/staff?done=added-plain"
    assert not person(desk, NEW["email"]).has_password
    assert "example-secret" not in administrator.get("/console/staff").text


@pytest.mark.parametrize("id", ["x", "%00", "é", "a" * 5_000, "..%2f..", "<b>"])
def test_somebody_who_is_not_there_is_not_found(administrator: AtTheConsole, id: str) -> None:
    answers: list[Any] = [administrator.get(f"/console/staff/{id}")]
    answers += [administrator.submit(f"/console/staff/{id}/role", name="X", role="viewer")]

    assert [each.status_code for each in answers] == [404, 404]
