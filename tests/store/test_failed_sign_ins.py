"""Sign-ins that failed can be looked up, on both databases, and tell no more of anybody than they must."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from knowledge_base.staff import Member
from knowledge_base.store.audit import Audit, Deed
from knowledge_base.store.database import Database
from knowledge_base.store.desk_tables import AuditRow
from knowledge_base.store.failed_sign_ins import FAILED, MOST_NOTED, NOBODYS, SOMEBODY, wide_network
from knowledge_base.store.sign_in_tries import WINDOW
from knowledge_base.store.staff import Staff, TooManyTries, WrongSignIn
from tests.store.conftest import NOW
from tests.store.test_staff import HOME, KIM, MINUTE, PASSWORD, kim, sam, staff, wrong

__all__ = ["kim", "sam", "staff"]


@pytest.fixture
def failed(database: Database) -> Callable[[], list[Deed]]:
    return lambda: Audit(database).find(1_000, what=FAILED)


def test_a_members_failed_sign_in_names_them_and_never_what_was_typed(
    staff: Staff, kim: Member, database: Database, failed: Callable[[], list[Deed]]
) -> None:
    wrong(staff, f" {KIM.upper()}")

    (deed,) = failed()
    assert (deed.at, deed.by, deed.about) == (NOW, SOMEBODY, KIM)
    assert deed.detail == {"tried": "a password", "network": "192.0.2.0/24"}
    with database.session() as session:
        rows = [(r.by, r.what, r.about, str(r.detail)) for r in session.scalars(select(AuditRow))]
    assert "not the password at all" not in str(rows)
    assert HOME not in str(rows)


@pytest.mark.parametrize("typed", ["stranger@example.org", PASSWORD, "", "\x00\ud800", "x" * 100_000])
def test_of_nobodys_e_mail_only_that_one_was_tried_is_noted(
    staff: Staff, kim: Member, failed: Callable[[], list[Deed]], typed: str
) -> None:
    wrong(staff, typed)

    (deed,) = failed()
    assert deed.about == NOBODYS
    assert deed.detail == {"tried": "a password", "network": "192.0.2.0/24"}


def test_who_was_shut_out_and_tries_again_is_named(
    staff: Staff, sam: Member, failed: Callable[[], list[Deed]]
) -> None:
    staff.change(sam.id, active=False, now=NOW)
    wrong(staff, sam.email)

    assert [deed.about for deed in failed()] == [sam.email]


def test_a_right_sign_in_is_noted_as_one_and_not_as_failed(
    staff: Staff, kim: Member, database: Database, failed: Callable[[], list[Deed]]
) -> None:
    staff.sign_in(KIM, PASSWORD, HOME, NOW)

    assert failed() == []
    assert Audit(database).list(1)[0].what == "signed_in"


def test_a_wrong_present_password_is_noted_too(
    staff: Staff, kim: Member, failed: Callable[[], list[Deed]]
) -> None:
    with pytest.raises(WrongSignIn):
        staff.confirm(KIM, "a guess at an unlocked desk", HOME, NOW)

    (deed,) = failed()
    assert (deed.about, deed.detail["tried"]) == (KIM, "the present password, to change it")


def test_tries_that_have_to_wait_add_no_lines(
    staff: Staff, kim: Member, failed: Callable[[], list[Deed]]
) -> None:
    for _ in range(5):
        wrong(staff)
    for _ in range(3):
        with pytest.raises(TooManyTries):
            staff.sign_in(KIM, PASSWORD, HOME, NOW)

    assert len(failed()) == 5


def test_a_flood_of_strangers_is_cut_short_and_says_so_and_members_are_noted_all_the_same(
    staff: Staff, kim: Member, failed: Callable[[], list[Deed]]
) -> None:
    for n in range(MOST_NOTED + 20):
        staff.failed(f"stranger-{n}@example.org", f"198.51.{n}.1", NOW)
    staff.failed(KIM, HOME, NOW)

    deeds = failed()
    assert len(deeds) == MOST_NOTED + 1
    assert deeds[0].about == KIM
    assert [deed.detail.get("more") for deed in deeds[1:3]] == [
        "for a while no more of these are noted",
        None,
    ]
    staff.failed("stranger@example.org", HOME, NOW + WINDOW + MINUTE)
    assert len(failed()) == MOST_NOTED + 2


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.0/24"),
        ("2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("unknown", None),
        ("", None),
        ("192.0.2.7, 198.51.100.1", None),
    ],
)
def test_of_an_address_only_the_wide_network_is_kept(address: str, network: str | None) -> None:
    assert wide_network(address) == network


@settings(deadline=None)
@given(st.ip_addresses())
def test_whatever_the_address_many_share_what_is_kept(address: object) -> None:
    told = wide_network(str(address))

    assert told is not None
    assert told.endswith(("/24", "/48"))


# --- what was done is kept for its stated time


def test_what_was_done_goes_after_its_days_and_not_before(database: Database) -> None:
    audit = Audit(database)
    for days in (731, 730, 729, 0):
        audit.note(KIM, "published", f"{days}-days-ago", NOW - timedelta(days=days))

    assert audit.purge(NOW, 730) == 2
    assert [deed.about for deed in audit.list(10)] == ["0-days-ago", "729-days-ago"]
    assert audit.purge(NOW, 730) == 0


def test_what_was_done_is_found_by_parts_of_who_and_about_what(database: Database) -> None:
    audit = Audit(database)
    audit.note("kim@hub.example.org", "published", "example-grant", NOW)
    audit.note("sam@hub.example.org", "published", "example_loan", NOW + MINUTE)
    audit.note("sam@hub.example.org", "closed", "100%-loan", NOW + 2 * MINUTE)

    def about(**asked: str) -> list[str]:
        return [deed.about for deed in audit.find(10, **asked)]

    assert about(by="SAM@") == ["100%-loan", "example_loan"]
    assert about(about="loan", what="published") == ["example_loan"]
    assert about(about="%") == ["100%-loan"]
    assert about(about="e_l") == ["example_loan"]
    assert [deed.about for deed in audit.find(1, 1)] == ["example_loan"]
    assert audit.find(10, by="'; DROP TABLE audit; --") == []
