from __future__ import annotations

from tests.console.conftest import AtTheConsole


def test_who_is_signed_in_as_a_viewer_sees_their_own_page(viewer: AtTheConsole) -> None:
    page = viewer.get("/console/me")

    assert page.status_code == 200
    assert "viewer@hub.example.org" in page.text


def test_who_is_not_signed_in_is_asked_to_first(nobody: AtTheConsole) -> None:
    page = nobody.get("/console/me", follow_redirects=False)

    assert (page.status_code, page.headers["location"]) == (303, "/console/sign-in?next=/console/me")
