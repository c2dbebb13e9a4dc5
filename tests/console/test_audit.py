"""The page where an administrator reads what was done, and the file they take away."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.console.deeds import LONGEST, WORDS, deed_words, detail_words
from bot.console.desk import Desk
from bot.web.services import Services
from bot.web.wiring import open_services
from knowledge_base.store.audit import Audit, Deed
from tests.console.conftest import AtTheConsole, Clock
from tests.store.conftest import NOW

SCRIPT = "<script>alert('1')</script>"
FORMULA = '=HYPERLINK("https://example.org","look")'


@pytest.fixture
def audit(desk: Desk) -> Audit:
    return Audit(desk.advice.database)


def rows_of(text: str) -> list[dict[str, str]]:
    return [*csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))]


def test_an_administrator_reads_who_did_what_newest_first(administrator: AtTheConsole, audit: Audit) -> None:
    audit.note(
        "kim@hub.example.org", "published", "example-grant", NOW, record_type="offer", why="it is open"
    )
    audit.note(
        "sam@hub.example.org", "closed", "example-grant", NOW + timedelta(hours=1), record_type="offer"
    )

    page = administrator.get("/console/audit").text

    assert page.index("sam@hub.example.org") < page.index("kim@hub.example.org")
    assert "because it is open" in page
    assert 'href="/console/offers/example-grant"' in page
    assert 'href="/console/audit"' in administrator.get("/console/staff").text


@pytest.mark.parametrize("role", ["viewer", "editor", "curator"])
def test_nobody_else_reads_it(role: str, request: pytest.FixtureRequest) -> None:
    browser: AtTheConsole = request.getfixturevalue(role)

    for path in ("/console/audit", "/console/audit.csv"):
        assert browser.get(path).status_code == 403


def test_a_sign_in_that_failed_is_shown_without_what_was_typed(
    administrator: AtTheConsole, desk: Desk, nobody: AtTheConsole
) -> None:
    nobody.get("/console/sign-in")
    token = nobody.get("/console/sign-in").text.split('name="csrf" value="')[1].split('"')[0]
    for email in ("editor@hub.example.org", "stranger@example.org"):
        sent = {"email": email, "password": "a secret guess", "csrf": token, "next": ""}
        assert nobody.post("/console/sign-in", data=sent).status_code == 403

    page = administrator.get("/console/audit?what=sign_in_failed").text

    assert page.count("failed to sign in</span>") == 2
    assert "editor@hub.example.org" in page
    assert "an e-mail of nobody here" in page
    assert "stranger@example.org" not in page
    assert "a secret guess" not in page
    person = desk.staff.by_email("editor@hub.example.org")
    assert person is not None
    assert "failed to sign in, by somebody unknown" in administrator.get(f"/console/staff/{person.id}").text


def test_it_is_filtered_by_who_about_what_and_deed(administrator: AtTheConsole, audit: Audit) -> None:
    audit.note("kim@hub.example.org", "published", "one-grant", NOW)
    audit.note("kim@hub.example.org", "closed", "other-grant", NOW)
    audit.note("sam@hub.example.org", "published", "third-loan", NOW)

    def found(query: str) -> set[str]:
        page = administrator.get(f"/console/audit?{query}").text
        return {each for each in ("one-grant", "other-grant", "third-loan") if each in page}

    assert found("by=kim") == {"one-grant", "other-grant"}
    assert found("about=GRANT&what=published") == {"one-grant"}
    assert found("what=no-such-deed") == {"one-grant", "other-grant", "third-loan"}
    assert "Nothing like this was done" in administrator.get("/console/audit?by=nobody").text


def test_fifty_lines_are_a_page_and_the_filter_goes_along(administrator: AtTheConsole, audit: Audit) -> None:
    for n in range(60):
        audit.note("kim@hub.example.org", "published", f"offer-{n:03}", NOW + timedelta(minutes=n))

    first = administrator.get("/console/audit?by=kim").text
    second = administrator.get("/console/audit?by=kim&page=2").text

    assert ("offer-059" in first, "offer-010" in first, "offer-009" in first) == (True, True, False)
    assert "/console/audit?by=kim&amp;page=2" in first
    assert ("offer-009" in second, "offer-010" in second) == (True, False)
    assert "There are no older lines" in administrator.get("/console/audit?page=9").text


@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=x", "page=" + "9" * 400, "page=%C2%B2", "by=%00", "about=%ED%A0%80",
              "by=" + "x" * 5_000, "by=a&by=b", "what=%27"],
)  # fmt: skip
def test_an_odd_address_shows_a_page_all_the_same(administrator: AtTheConsole, query: str) -> None:
    assert administrator.get(f"/console/audit?{query}").status_code == 200
    assert administrator.get(f"/console/audit.csv?{query}").status_code == 200


def test_what_was_noted_is_shown_as_text_and_computes_nothing(
    administrator: AtTheConsole, audit: Audit
) -> None:
    audit.note(SCRIPT, SCRIPT, SCRIPT, NOW, why=SCRIPT)
    audit.note(FORMULA, "published", "@SUM(1)", NOW, **{"-1+1": "yes"})

    assert "<script>" not in administrator.get("/console/audit").text
    answer = administrator.get("/console/audit.csv")
    cells = [cell for row in rows_of(answer.text) for cell in row.values()]

    assert answer.headers["content-type"].startswith("text/csv")
    assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))]
    assert f"'{FORMULA}" in cells


def test_the_file_has_what_the_filter_shows(administrator: AtTheConsole, audit: Audit) -> None:
    audit.note("kim@hub.example.org", "published", "example-grant", NOW, version=3, why="it is open")
    audit.note("sam@hub.example.org", "closed", "example-loan", NOW)

    rows = rows_of(administrator.get("/console/audit.csv?by=kim").text)

    assert rows == [
        {
            "at": "2026-11-21T12:00:00+00:00",
            "who": "kim@hub.example.org",
            "did": "published",
            "about": "example-grant",
            "more": "version 3; because it is open",
        }
    ]


def test_it_says_how_long_it_is_kept_and_the_hourly_purge_keeps_to_that(
    administrator: AtTheConsole, desk: Desk, audit: Audit, clock: Clock
) -> None:
    audit.note("kim@hub.example.org", "published", "old-grant", clock.now - timedelta(days=730))
    audit.note("kim@hub.example.org", "published", "young-grant", clock.now - timedelta(days=729))
    assert "kept for 730 days" in administrator.get("/console/audit").text

    services: Services = open_services({}, desk.advice)
    assert services.purge is not None
    services.purge(clock.now)

    page = administrator.get("/console/audit").text
    assert ("old-grant" in page, "young-grant" in page) == (False, True)


def test_a_role_that_changed_is_told_with_both(desk: Desk) -> None:
    deed = Deed(NOW, "kim", "staff_role", "sam", {"before": "editor", "after": "curator"})

    assert (deed_words(deed.what), detail_words(deed)) == ("given another role", "editor → curator")
    assert all(WORDS.values())


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda i: st.lists(i) | st.dictionaries(st.text(), i),
    )
)
def test_whatever_was_noted_is_one_line_of_bounded_length(detail: object) -> None:
    told = detail_words(Deed(NOW, "a", "b", "c", detail))  # type: ignore[arg-type]

    assert len(told) <= LONGEST
