"""The people of the console, on both databases: who gets in, for how long, and who cannot be got rid of."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text, update

from knowledge_base import passwords
from knowledge_base.staff import BadStaff, Member, email_of, name_of, plain_email
from knowledge_base.store.audit import Audit
from knowledge_base.store.database import Database
from knowledge_base.store.desk_tables import SignInTryRow, StaffRow, StaffSessionRow
from knowledge_base.store.sign_in_tries import MOST_OF_ADDRESS, MOST_OF_EMAIL, WINDOW
from knowledge_base.store.staff import IDLE, LONGEST, Staff, TooManyTries, WrongSignIn
from tests.store.conftest import NOW

KIM, HOME = "kim@hub.example.org", "192.0.2.7"
PASSWORD, OTHER = "three owls on a fence", "nine kites above the mill"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def staff(database: Database, monkeypatch: pytest.MonkeyPatch) -> Staff:
    # The work of one check is what keeps guesses slow; here it would only keep the tests slow.
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", quick)
    monkeypatch.setattr(passwords, "NOBODYS", quick.hash("nobody's"))
    return Staff(database)


@pytest.fixture
def kim(staff: Staff) -> Member:
    return staff.add(KIM, "Kim Example", "administrator", PASSWORD, NOW)


@pytest.fixture
def sam(staff: Staff, kim: Member) -> Member:
    return staff.add("sam@hub.example.org", "Sam", "editor", OTHER, NOW)


def wrong(staff: Staff, email: str = KIM, address: str = HOME, now: object = NOW) -> None:
    with pytest.raises(WrongSignIn):
        staff.sign_in(email, "not the password at all", address, now)  # type: ignore[arg-type]


# --- signing in


def test_a_curator_signs_in_with_e_mail_and_password(staff: Staff, kim: Member) -> None:
    token, member = staff.sign_in(f"  {KIM.upper()} ", PASSWORD, HOME, NOW)
    session = staff.session(token, NOW)

    assert member == kim
    assert session is not None
    assert session[0] == kim
    assert len(session[1]) >= 43


def test_neither_passwords_nor_tokens_can_be_read_in_the_database(
    staff: Staff, kim: Member, database: Database
) -> None:
    token, _ = staff.sign_in(KIM, PASSWORD, HOME, NOW)
    with database.session() as transaction:
        kept = [
            str(transaction.execute(text(f"SELECT * FROM {table}")).all())
            for table in ("staff", "staff_sessions", "sign_in_tries", "audit")
        ]

    assert not [each for each in kept if token in each or PASSWORD in each or HOME in each]
    assert "$argon2id$" in kept[0]


def test_a_wrong_password_does_not_get_in(staff: Staff, kim: Member) -> None:
    for password in ("", "x", PASSWORD.upper(), PASSWORD + " ", "\x00", "\ud800", "é" * 100_000):
        with pytest.raises(WrongSignIn) as told:
            staff.sign_in(KIM, password, HOME, NOW)
        assert "do not belong together" in str(told.value)
        staff.purge(NOW + WINDOW)


def test_an_unknown_e_mail_is_told_the_same_and_costs_as_much(
    staff: Staff, kim: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str | None] = []
    holds = passwords.holds

    def watched(kept: str | None, password: str) -> bool:
        checked.append(kept)
        return holds(kept, password)

    monkeypatch.setattr(passwords, "holds", watched)

    for email in ("", "nobody@hub.example.org", "'; DROP TABLE staff", "x\x00", "@" * 5_000):
        with pytest.raises(WrongSignIn) as told:
            staff.sign_in(email, PASSWORD, HOME, NOW)
        assert str(told.value) == str(WrongSignIn())
    assert checked == [None] * 5


def test_where_there_is_no_password_one_is_checked_all_the_same() -> None:
    assert passwords.holds(None, PASSWORD) is False
    assert not passwords.outdated(passwords.NOBODYS)


def test_a_password_typed_on_another_keyboard_is_the_same(staff: Staff, kim: Member) -> None:
    staff.change(kim.id, password="fyra blåa ugglor i en ek", now=NOW)

    assert staff.sign_in(KIM, "fyra bla\u030aa ugglor i en ek", HOME, NOW)[1] == kim


def test_a_password_kept_by_an_older_measure_is_kept_anew(
    staff: Staff, kim: Member, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kept() -> str | None:
        with database.session() as transaction:
            return transaction.scalar(select(StaffRow.password))

    before = kept()
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    staff.sign_in(KIM, PASSWORD, HOME, NOW)
    after = kept()
    staff.sign_in(KIM, PASSWORD, HOME, NOW)

    assert after != before
    assert "m=16,t=2" in str(after)
    assert kept() == after


def test_what_stands_where_a_password_should_be_lets_nobody_in(
    staff: Staff, kim: Member, database: Database
) -> None:
    with database.writing() as transaction:
        transaction.execute(update(StaffRow).values(password="spoilt"))

    for tried in (PASSWORD, "spoilt"):
        with pytest.raises(WrongSignIn):
            staff.sign_in(KIM, tried, HOME, NOW)


def test_without_a_password_nobody_signs_in_by_one(staff: Staff, kim: Member) -> None:
    pat = staff.add("pat@hub.example.org", "Pat", "viewer", None, NOW)

    assert not pat.has_password
    for tried in ("", PASSWORD):
        with pytest.raises(WrongSignIn):
            staff.sign_in(pat.email, tried, HOME, NOW)


# --- too many tries


def test_after_five_wrong_ones_even_the_right_password_waits(staff: Staff, kim: Member) -> None:
    for n in range(MOST_OF_EMAIL):
        wrong(staff, address=f"192.0.2.{n}", now=NOW + n * MINUTE)

    with pytest.raises(TooManyTries) as told:
        staff.sign_in(KIM, PASSWORD, "198.51.100.1", NOW + 5 * MINUTE)
    assert told.value.retry_after == 10 * 60
    assert "Wait 10 minutes" in str(told.value)
    assert staff.sign_in(KIM, PASSWORD, HOME, NOW + WINDOW)[1] == kim


def test_an_e_mail_nobody_has_is_told_to_wait_just_so(staff: Staff, kim: Member) -> None:
    for _ in range(MOST_OF_EMAIL):
        wrong(staff, "nobody@hub.example.org")

    with pytest.raises(TooManyTries):
        staff.sign_in("nobody@hub.example.org", PASSWORD, HOME, NOW)


def test_an_e_mail_written_otherwise_is_counted_as_the_same(staff: Staff, kim: Member) -> None:
    for dressed in (f" {KIM}", KIM.upper(), f"kim\x00{KIM[3:]}", f"{KIM}\n", f"\ud800{KIM}"):
        wrong(staff, dressed)

    with pytest.raises(TooManyTries):
        staff.sign_in(KIM, PASSWORD, HOME, NOW)


def test_from_one_address_twenty_e_mails_can_be_tried(staff: Staff, kim: Member) -> None:
    for n in range(MOST_OF_ADDRESS):
        wrong(staff, f"n{n}@hub.example.org")

    with pytest.raises(TooManyTries):
        staff.sign_in(KIM, PASSWORD, HOME, NOW)
    assert staff.sign_in(KIM, PASSWORD, "198.51.100.1", NOW)[1] == kim


def test_who_gets_in_starts_again_with_the_e_mail_but_not_with_the_address(
    staff: Staff, kim: Member, database: Database
) -> None:
    for _ in range(MOST_OF_EMAIL - 1):
        wrong(staff)
    staff.sign_in(KIM, PASSWORD, HOME, NOW)
    for _ in range(MOST_OF_EMAIL):
        wrong(staff)

    with database.session() as transaction:
        tries = transaction.scalars(select(SignInTryRow.key)).all()
    assert max(tries.count(key) for key in tries) == 2 * MOST_OF_EMAIL - 1


def test_a_hundred_guesses_at_once_are_counted_as_a_hundred(staff: Staff, kim: Member) -> None:
    together = threading.Barrier(12)

    def guess(n: int) -> str:
        together.wait()
        try:
            staff.sign_in(KIM, f"guess number {n} of many", f"192.0.2.{n}", NOW)
        except (WrongSignIn, TooManyTries) as refused:
            return type(refused).__name__
        return "in"

    with ThreadPoolExecutor(12) as pool:
        told = list(pool.map(guess, range(12)))

    assert told.count("WrongSignIn") == MOST_OF_EMAIL
    assert told.count("TooManyTries") == 12 - MOST_OF_EMAIL


def test_a_new_password_lets_in_who_tried_too_often(staff: Staff, kim: Member) -> None:
    for _ in range(MOST_OF_EMAIL):
        wrong(staff)
    staff.change(kim.id, password=OTHER, now=NOW)

    assert staff.sign_in(KIM, OTHER, HOME, NOW)[1] == kim


def test_a_clock_put_back_keeps_nobody_waiting_longer(staff: Staff, kim: Member) -> None:
    for _ in range(MOST_OF_EMAIL):
        wrong(staff, now=NOW + timedelta(days=3))

    with pytest.raises(TooManyTries) as told:
        staff.sign_in(KIM, PASSWORD, HOME, NOW)
    assert told.value.retry_after <= WINDOW.total_seconds()


# --- sessions


def test_a_session_ends_after_two_hours_of_rest(staff: Staff, kim: Member) -> None:
    token, _ = staff.sign_in(KIM, PASSWORD, HOME, NOW)

    assert staff.session(token, NOW + IDLE - MINUTE) is not None
    assert staff.session(token, NOW + 2 * IDLE - 2 * MINUTE) is not None
    assert staff.session(token, NOW + 3 * IDLE - 2 * MINUTE) is None


def test_a_session_ends_after_twelve_hours_however_busy(staff: Staff, kim: Member) -> None:
    token, _ = staff.sign_in(KIM, PASSWORD, HOME, NOW)
    for hour in range(1, 12):
        assert staff.session(token, NOW + timedelta(hours=hour)) is not None

    assert staff.session(token, NOW + LONGEST - MINUTE) is not None
    assert staff.session(token, NOW + LONGEST) is None


def test_no_token_but_one_that_was_given_opens_a_session(staff: Staff, kim: Member) -> None:
    staff.sign_in(KIM, PASSWORD, HOME, NOW)

    for token in ("", "x", "\x00", "\ud800", "é" * 100_000):
        assert staff.session(token, NOW) is None
        staff.sign_out(token)


def test_the_digest_in_the_database_is_no_token(staff: Staff, kim: Member, database: Database) -> None:
    staff.sign_in(KIM, PASSWORD, HOME, NOW)
    with database.session() as transaction:
        digest = transaction.scalar(select(StaffSessionRow.token))

    assert staff.session(str(digest), NOW) is None


def test_each_sign_in_has_a_token_of_its_own_and_signing_out_ends_one(staff: Staff, kim: Member) -> None:
    first, _ = staff.sign_in(KIM, PASSWORD, HOME, NOW)
    second, _ = staff.sign_in(KIM, PASSWORD, HOME, NOW)
    staff.sign_out(first)

    assert first != second
    assert staff.session(first, NOW) is None
    assert staff.session(second, NOW) is not None


def test_another_role_counts_from_the_next_click(staff: Staff, sam: Member) -> None:
    token, _ = staff.sign_in(sam.email, OTHER, HOME, NOW)
    staff.change(sam.id, role="viewer", now=NOW)
    session = staff.session(token, NOW)

    assert session is not None
    assert not session[0].may("edit")


@pytest.mark.parametrize("change", [{"active": False}, {"password": PASSWORD}])
def test_who_is_shut_out_or_given_a_password_is_signed_out_everywhere(
    staff: Staff, kim: Member, sam: Member, change: dict[str, object]
) -> None:
    mine, _ = staff.sign_in(KIM, PASSWORD, HOME, NOW)
    tokens = [staff.sign_in(sam.email, OTHER, HOME, NOW)[0] for _ in range(2)]
    staff.change(sam.id, now=NOW, **change)  # type: ignore[arg-type]

    assert [staff.session(each, NOW) for each in tokens] == [None, None]
    assert staff.session(mine, NOW) is not None


def test_who_was_shut_out_and_let_in_again_signs_in_anew(staff: Staff, sam: Member) -> None:
    token, _ = staff.sign_in(sam.email, OTHER, HOME, NOW)
    staff.change(sam.id, active=False, now=NOW)
    with pytest.raises(WrongSignIn):
        staff.sign_in(sam.email, OTHER, HOME, NOW)
    staff.change(sam.id, active=True, now=NOW)

    assert staff.session(token, NOW) is None
    assert staff.sign_in(sam.email, OTHER, HOME, NOW)[1] == sam


def test_what_is_over_is_purged_and_nothing_else(staff: Staff, kim: Member, database: Database) -> None:
    old, _ = staff.sign_in(KIM, PASSWORD, HOME, NOW)
    wrong(staff)
    young, _ = staff.sign_in(KIM, PASSWORD, HOME, NOW + IDLE)
    wrong(staff, now=NOW + IDLE)

    assert staff.purge(NOW + IDLE) == 1
    assert staff.session(old, NOW) is None
    assert staff.session(young, NOW + IDLE) is not None
    with database.session() as transaction:
        assert len(transaction.scalars(select(SignInTryRow.at)).all()) == 2


# --- the last administrator


def test_the_last_administrator_stays(staff: Staff, kim: Member, sam: Member) -> None:
    for change in ({"active": False}, {"role": "curator"}, {"role": "viewer", "active": False}):
        with pytest.raises(BadStaff, match="last active administrator"):
            staff.change(kim.id, now=NOW, **change)  # type: ignore[arg-type]
    assert staff.get(kim.id) == kim


def test_an_administrator_who_was_shut_out_does_not_count(staff: Staff, kim: Member, sam: Member) -> None:
    staff.change(sam.id, role="administrator", now=NOW)
    staff.change(sam.id, active=False, now=NOW)

    with pytest.raises(BadStaff):
        staff.change(kim.id, role="viewer", now=NOW)


def test_two_administrators_who_take_the_role_from_each_other_leave_one(
    staff: Staff, kim: Member, sam: Member
) -> None:
    staff.change(sam.id, role="administrator", now=NOW)
    together = threading.Barrier(2)

    def demote(id: str) -> bool:
        together.wait()
        try:
            staff.change(id, role="viewer", now=NOW)
        except BadStaff:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(demote, (kim.id, sam.id)))

    assert sorted(done) == [False, True]
    assert [each.role for each in staff.all() if each.role == "administrator"] == ["administrator"]


# --- adding people


def test_one_e_mail_is_one_person(staff: Staff, kim: Member) -> None:
    with pytest.raises(BadStaff, match="on the list already"):
        staff.add(KIM.upper(), "Another Kim", "viewer", PASSWORD, NOW)
    assert staff.all() == [kim]


@pytest.mark.parametrize(
    "email", ["", "kim", "@", "a@b", "a b@c.de", "a@b@c.de", "a@" + "b" * 300 + ".de", "a@b.\u202ec"]
)
def test_what_is_no_e_mail_is_refused(email: str) -> None:
    with pytest.raises(BadStaff, match="not an e-mail"):
        email_of(email)


@pytest.mark.parametrize("name", ["", "  ", "\x00", "K\u202eim", "k" * 101])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(BadStaff, match="name"):
        name_of(name)


def test_a_role_that_is_none_is_refused_and_nothing_changes(staff: Staff, kim: Member) -> None:
    for role in ("", "Administrator", "root"):
        with pytest.raises(BadStaff, match="no such role"):
            staff.add("x@hub.example.org", "X", role, PASSWORD, NOW)
        with pytest.raises(BadStaff, match="no such role"):
            staff.change(kim.id, role=role, name="Other", now=NOW)
    assert staff.all() == [kim]


WEAK = (
    *("", "elevenchars", "password1234", "P@$$w0rd2026", "123456789012", "qwertyuiopasd", "aaaaaaaaaaaa"),
    *("abcabcabcabc", "Fingerpost-2026", "kim@hub.example.org", "KimExample99", "Kim Example!", "x" * 1_001),
    *("lösenord12345", "Välkommen2026"),
)


def test_a_weak_password_is_refused_with_the_reason(staff: Staff, kim: Member) -> None:
    for password in WEAK:
        with pytest.raises(BadStaff, match="password"):
            staff.change(kim.id, password=password, now=NOW)
    assert staff.sign_in(KIM, PASSWORD, HOME, NOW)[1] == kim


@pytest.mark.parametrize(
    "password", ["otter lamp gravel", "vK3#pQ9!zL0x", "tio gröna båtar", "  spaces count  "]
)
def test_a_good_password_is_taken(password: str) -> None:
    assert passwords.weakness(password, KIM, "Kim Example") is None


@given(st.text(max_size=60))
def test_whatever_is_typed_as_a_password_is_judged_in_words(password: str) -> None:
    told = passwords.weakness(password, KIM, "Kim Example")

    assert told is None or (told.startswith("That password") and told.endswith("."))
    assert told is not None or len(password) >= 4


@given(st.text(max_size=80))
def test_an_e_mail_that_is_kept_reads_the_same_when_it_is_typed_again(typed: str) -> None:
    try:
        kept = email_of(f"{typed}@example.org")
    except BadStaff:
        return
    assert plain_email(kept) == email_of(kept) == kept


# --- another sign-in


ISSUER = "https://login.example.org"


def test_the_first_time_a_verified_e_mail_counts_and_then_the_subject(
    staff: Staff, kim: Member, sam: Member
) -> None:
    assert staff.known_elsewhere(ISSUER, "u-1", None, NOW) is None
    assert staff.known_elsewhere(ISSUER, "u-1", KIM, NOW) == kim
    assert staff.known_elsewhere(ISSUER, "u-1", None, NOW) == kim
    assert staff.known_elsewhere(ISSUER, "u-1", sam.email, NOW) == kim
    assert staff.known_elsewhere(ISSUER, "u-2", KIM, NOW) is None
    assert staff.known_elsewhere("https://other.example.org", "u-1", None, NOW) is None
    assert staff.known_elsewhere(ISSUER, "u-9", "stranger@example.org", NOW) is None


def test_a_subject_as_long_as_it_likes_is_kept(staff: Staff, kim: Member) -> None:
    subject = "\x00é\ud800" * 5_000

    assert staff.known_elsewhere(ISSUER, subject, KIM, NOW) == kim
    assert staff.known_elsewhere(ISSUER, subject, None, NOW) == kim


def test_who_was_shut_out_is_not_known_and_begins_nothing(staff: Staff, kim: Member, sam: Member) -> None:
    staff.known_elsewhere(ISSUER, "u-1", sam.email, NOW)
    staff.change(sam.id, active=False, now=NOW)

    assert staff.known_elsewhere(ISSUER, "u-1", sam.email, NOW) is None
    for id in (sam.id, "nobody"):
        with pytest.raises(WrongSignIn):
            staff.begin(id, NOW)


# --- what was done


def test_what_is_done_to_people_can_be_looked_up(
    staff: Staff, kim: Member, sam: Member, database: Database
) -> None:
    staff.change(sam.id, role="curator", now=NOW + MINUTE, by=KIM)
    staff.change(sam.id, active=False, now=NOW + 2 * MINUTE, by=KIM)
    staff.change(sam.id, role="curator", now=NOW + 3 * MINUTE, by=KIM)  # changes nothing

    deeds = Audit(database).list(10, about=sam.email)

    assert [(each.by, each.what) for each in deeds] == [
        (KIM, "staff_shut_out"), (KIM, "staff_role"), ("command line", "staff_added"),
    ]  # fmt: skip
    assert deeds[1].detail == {"before": "editor", "after": "curator"}
    assert len(Audit(database).list(2)) == 2


def test_what_is_noted_fits_whatever_it_is_about(database: Database) -> None:
    Audit(database).note("b" * 500, "w" * 500, "a\x00" * 500, NOW, note="\ud800", many=[1, None])

    (deed,) = Audit(database).list(5)
    assert (len(deed.by), len(deed.what), deed.detail["many"]) == (254, 40, [1, None])


@pytest.fixture
def broken(database: Database) -> Callable[[], None]:
    def end() -> None:
        with database.writing() as transaction:
            transaction.execute(text("DROP TABLE audit"))

    return end


def test_what_cannot_be_noted_is_not_done(
    staff: Staff, kim: Member, sam: Member, broken: Callable[[], None]
) -> None:
    broken()
    with pytest.raises(Exception, match="cannot be used"):
        staff.change(sam.id, role="curator", now=NOW)
    assert staff.get(sam.id) == sam
