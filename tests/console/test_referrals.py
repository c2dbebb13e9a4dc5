"""Curators hand on who asked for a person, mark what was done, and close it: without Slack."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from bot.console.desk import Desk
from knowledge_base.hubs import Contact
from knowledge_base.store.audit import Audit
from knowledge_base.store.chats import Chats
from knowledge_base.store.slack_outbox import SlackOutbox
from tests.console.brokers_example import BAKERY, CONTACT, SCRIPT, again, asked, days, kim, makers
from tests.console.conftest import AtTheConsole, Clock
from tests.store.conftest import NOW

PATH = "/console/referrals"
PRIVATE = (BAKERY, CONTACT, "ring after three", "14 people")


def test_before_anybody_asked_the_page_says_what_will_stand_there(viewer: AtTheConsole) -> None:
    assert "Nobody has asked for a person yet" in viewer.get(PATH).text


def test_a_curator_sees_who_asked_and_how_to_reach_them(curator: AtTheConsole, desk: Desk) -> None:
    referral = asked(desk, team=makers(desk).id, roadmap_id="example-roadmap")

    listed = curator.get(PATH).text
    page = curator.get(f"{PATH}/{referral.code}").text

    assert BAKERY in listed
    assert "Makers, not taken yet" in listed
    for words in (
        *PRIVATE,
        "http://testserver/roadmap/example-roadmap",
        "a new product or service",
        "Dudley",
    ):
        assert words in page


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_others_see_that_somebody_waits_and_not_who(request: Any, desk: Desk, role: str) -> None:
    browser = request.getfixturevalue(role)
    referral = asked(desk, team=makers(desk).id, roadmap_id="example-roadmap")

    for path in (
        PATH, f"{PATH}?state=all", f"{PATH}/{referral.code}", f"{PATH}/{referral.code}?lines=1", "/console/",
        f"{PATH}/figures", f"{PATH}/figures.csv",
    ):  # fmt: skip
        page = browser.get(path)
        assert page.status_code == 200
        for words in (*PRIVATE, "example-roadmap"):
            assert words not in page.text, path
    assert referral.code in browser.get(PATH).text
    assert "Delete this request" not in browser.get(f"{PATH}/{referral.code}").text
    for do in ("assign", "contacted", "close", "delete"):
        answer = browser.submit(f"{PATH}/{referral.code}/{do}", to="lead", outcome="helped", why="asked")
        assert answer.status_code == 403
    assert again(desk, referral) == referral


def test_what_is_overdue_comes_first_and_then_who_waited_longest(
    curator: AtTheConsole, desk: Desk, clock: Clock
) -> None:
    quick, slow = makers(desk, remind_days=[1]), makers(desk, name="Slow", remind_days=[], lead_after_days=90)
    asked(desk, NOW - days(6), name="Oldest", team=slow.id)
    asked(desk, NOW - days(2), name="Overdue", team=quick.id)
    asked(desk, NOW - days(4), name="Middle", team=slow.id)
    closed = asked(desk, NOW - days(9), name="Closed", team=slow.id)
    desk.advice.referrals.close(closed.code, "helped", "us", NOW, as_lead=True)

    page = curator.get(PATH).text
    everything = curator.get(f"{PATH}?state=all").text
    late = curator.get(f"{PATH}?state=late").text

    assert page.index("Overdue</a>") < page.index("Oldest</a>") < page.index("Middle</a>")
    assert "Closed</a>" not in page
    assert everything.index("Middle</a>") < everything.index("Closed</a>")
    assert "Overdue</a>" in late
    assert "Middle</a>" not in late
    assert "6 days ago" in page


@pytest.mark.parametrize(
    ("state", "seen"),
    [("lead", "Alone"), ("new", "Alone"), ("taken", "Taken"), ("helped", "Done"), ("unreachable", "")],
)
def test_the_list_can_be_of_one_state(curator: AtTheConsole, desk: Desk, state: str, seen: str) -> None:
    team = makers(desk)
    asked(desk, name="Alone")
    taken, done = asked(desk, name="Taken", team=team.id), asked(desk, name="Done")
    desk.advice.referrals.take(taken.code, kim(desk, team).id, NOW)
    desk.advice.referrals.close(done.code, "helped", "us", NOW, as_lead=True)

    page = curator.get(f"{PATH}?state={state}").text

    for name in ("Alone", "Taken", "Done"):
        assert (f">{name}</a>" in page) == (name == seen), name


def test_a_long_list_comes_in_pages(curator: AtTheConsole, desk: Desk) -> None:
    for n in range(51):
        asked(desk, NOW - days(100 - n), name=f"Business {n:02}")

    first, second = curator.get(PATH).text, curator.get(f"{PATH}?page=2").text

    assert "Business 00" in first
    assert "Business 50" not in first
    assert "Business 50" in second
    assert "Page 2 of 2, 51 in all" in curator.get(f"{PATH}?page=999").text


def test_the_code_an_owner_quotes_leads_to_the_request(curator: AtTheConsole, desk: Desk) -> None:
    code = asked(desk).code

    for told in (code, f" {code[:4].lower()} {code[4:]}", f"{code[:4]}-{code[4:].lower()}."):
        answer = curator.get(PATH, params={"code": told}, follow_redirects=False)
        assert answer.headers["location"] == f"{PATH}/{code}", told
    wrong = curator.get(PATH, params={"code": "ABCD2345"})
    assert wrong.status_code == 404
    assert "There is no request with this code" in wrong.text


@pytest.mark.parametrize("code", ["x", "%00", "é", "A" * 5_000, "..%2f..", SCRIPT, "'%20OR%201=1"])
def test_a_code_that_is_none_is_not_found(curator: AtTheConsole, desk: Desk, code: str) -> None:
    asked(desk)
    answers = [curator.get(f"{PATH}/{code}"), curator.get(f"{PATH}?code={code}")]
    for do in ("assign", "contacted", "close"):
        answers.append(curator.submit(f"{PATH}/{code}/{do}", to="lead", outcome="helped"))

    assert {each.status_code for each in answers} == {404}
    assert not any(SCRIPT in each.text for each in answers)


def test_a_hub_without_slack_hands_it_on_answers_it_and_closes_it(
    curator: AtTheConsole, desk: Desk, clock: Clock
) -> None:
    team = makers(desk)
    person = kim(desk, team)
    referral = asked(desk)
    path = f"{PATH}/{referral.code}"

    assert (
        curator.submit(f"{path}/assign", to=f"team:{team.id}").headers["location"] == f"{path}?done=assigned"
    )
    assert again(desk, referral).team == team.id
    curator.submit(f"{path}/assign", to=f"broker:{person.id}")
    assert again(desk, referral).broker == person.id
    curator.submit(f"{path}/contacted")
    assert again(desk, referral).state == "in_contact"
    assert again(desk, referral).first_answer_at == clock.now
    curator.submit(f"{path}/close", outcome="helped")
    assert again(desk, referral).state == "helped"

    page = curator.get(path).text
    for words in (
        "given to Makers", "passed on to Kim Example", "in contact with the business", "closed: helped",
        "by curator@hub.example.org",
    ):  # fmt: skip
        assert words in page
    forms = re.findall(r'<form[^>]*action="([^"]+)"', page.split("<main")[1])
    assert forms == [f"{PATH}/{referral.code}/delete"], "what is closed is only read, or deleted"
    told = [line.text for line in desk.advice.relay.since(referral.code, 0, 10)]
    assert any("Kim Example (Makers) has your request" in each for each in told)
    assert any("is closed" in each for each in told)


def test_without_any_team_the_lead_still_answers_and_closes(curator: AtTheConsole, desk: Desk) -> None:
    referral = asked(desk)
    path = f"{PATH}/{referral.code}"

    assert "There is no team to hand it to" in curator.get(path).text
    curator.submit(f"{path}/contacted")
    assert again(desk, referral).state == "in_contact"
    assert again(desk, referral).taken_at == NOW
    curator.submit(f"{path}/close", outcome="unreachable")
    assert again(desk, referral).state == "unreachable"


def test_it_goes_back_to_the_lead(curator: AtTheConsole, desk: Desk) -> None:
    team = makers(desk)
    referral = asked(desk, team=team.id)

    curator.submit(f"{PATH}/{referral.code}/assign", to="lead")

    assert again(desk, referral).team is None
    assert "with the hub’s lead" in curator.get(f"{PATH}/{referral.code}").text


def test_the_same_form_sent_twice_does_it_once(curator: AtTheConsole, desk: Desk) -> None:
    team = makers(desk)
    referral = asked(desk)
    for do, fields in (
        ("assign", {"to": f"team:{team.id}"}),
        ("contacted", {}),
        ("close", {"outcome": "helped"}),
    ):
        before = str(again(desk, referral).version)
        for _ in range(3):
            answer = curator.submit(f"{PATH}/{referral.code}/{do}", version=before, **fields)
            assert answer.status_code == 303, do

    assert [each.what for each in desk.advice.referrals.trail(referral.code)] == [
        "asked", "assigned", "contacted", "closed",
    ]  # fmt: skip


def test_what_somebody_did_meanwhile_is_not_undone_unseen(curator: AtTheConsole, desk: Desk) -> None:
    team, other = makers(desk), makers(desk, name="Others")
    referral = asked(desk, team=team.id)
    desk.advice.referrals.take(referral.code, kim(desk, team).id, NOW)

    page = curator.submit(
        f"{PATH}/{referral.code}/assign", to=f"team:{other.id}", version=str(referral.version)
    )

    assert page.status_code == 409
    assert "Somebody did something about this meanwhile" in page.text
    assert "Kim Example" in page.text
    assert again(desk, referral).team == team.id


@pytest.mark.parametrize(
    ("do", "fields", "status"),
    [
        ("assign", {}, 422),
        ("assign", {"to": "nobody"}, 422),
        ("assign", {"to": "team:"}, 422),
        ("assign", {"to": "team:0123456789"}, 409),
        ("assign", {"to": "broker:0123456789"}, 409),
        ("assign", {"to": "team:\x00"}, 422),
        ("assign", {"to": "broker:" + "x" * 5_000}, 422),
        ("assign", {"to": f"broker:{SCRIPT}"}, 422),
        ("close", {}, 422),
        ("close", {"outcome": SCRIPT}, 422),
        ("close", {"outcome": "new"}, 422),
    ],
)
def test_what_cannot_be_done_changes_nothing(
    curator: AtTheConsole, desk: Desk, do: str, fields: dict[str, str], status: int
) -> None:
    referral = asked(desk, team=makers(desk).id)

    page = curator.submit(f"{PATH}/{referral.code}/{do}", **fields)

    assert page.status_code == status
    assert 'role="alert"' in page.text
    assert SCRIPT not in page.text
    assert again(desk, referral) == referral


def test_what_is_closed_says_so_to_who_comes_late(curator: AtTheConsole, desk: Desk) -> None:
    referral = asked(desk)
    desk.advice.referrals.close(referral.code, "helped", "us", NOW, as_lead=True)

    page = curator.submit(f"{PATH}/{referral.code}/close", outcome="unreachable")

    assert page.status_code == 409
    assert "It is closed: the business was helped." in page.text


def test_whatever_a_business_wrote_is_shown_as_text(curator: AtTheConsole, desk: Desk) -> None:
    referral = asked(
        desk, name=SCRIPT, contact=f'"><img src=x>{SCRIPT}', words=SCRIPT * 50, recap=[SCRIPT], areas=[SCRIPT]
    )
    for path in (PATH, f"{PATH}/{referral.code}", f"{PATH}/figures", "/console/"):
        page = curator.get(path).text
        assert SCRIPT not in page, path
        assert "<img" not in page, path


def test_what_was_written_between_them_is_shown_only_when_asked_for_and_that_is_noted(
    curator: AtTheConsole, desk: Desk
) -> None:
    team = makers(desk)
    person = kim(desk, team)
    referral = asked(desk, team=team.id)
    desk.advice.referrals.take(referral.code, person.id, NOW)
    desk.advice.relay.begin(referral.code, NOW)
    desk.advice.relay.say(referral.code, "owner", "", f"Our takings fell {SCRIPT}", "example-1", NOW)
    path = f"{PATH}/{referral.code}"

    assert "Our takings fell" not in curator.get(path).text
    shown = curator.get(f"{path}?lines=1").text
    assert "Our takings fell" in shown
    assert SCRIPT not in shown
    noted = [each for each in Audit(desk.advice.database).list(9) if each.what == "referral_lines_read"]
    assert [(each.by, each.about) for each in noted] == [("curator@hub.example.org", referral.code)]


def test_what_was_done_is_noted_with_ids_alone(curator: AtTheConsole, desk: Desk) -> None:
    team = makers(desk)
    referral = asked(desk)
    curator.submit(f"{PATH}/{referral.code}/assign", to=f"team:{team.id}")
    curator.submit(f"{PATH}/{referral.code}/close", outcome="helped")

    deeds = Audit(desk.advice.database).list(20, about=referral.code)

    assert [each.what for each in deeds] == ["referral_closed", "referral_assigned"]
    assert not any(word in repr(deeds) for word in PRIVATE)


def test_today_says_how_many_wait_and_how_long(viewer: AtTheConsole, desk: Desk) -> None:
    team = makers(desk)
    assert "Nobody waits for an answer." in viewer.get("/console/").text
    asked(desk, NOW - days(3), team=team.id)
    answered = asked(desk, NOW - days(8))
    desk.advice.referrals.contacted(answered.code, "us", NOW, as_lead=True)

    page = viewer.get("/console/").text

    assert '<strong class="count">1</strong> asked for a person and waits, the longest for 3 days' in page
    assert 'href="/console/referrals"' in page


def test_requests_that_reach_nobody_are_warned_of(administrator: AtTheConsole, desk: Desk) -> None:
    asked(desk)

    assert "Nobody is told" in administrator.get("/console/").text
    assert "Nobody is told when somebody asks" in administrator.get(PATH).text
    desk.advice.hub = replace(desk.advice.hub, contact=Contact("Example desk", phone="01632 960000"))
    assert "Nobody is told" not in administrator.get("/console/").text
    desk.advice.hub = replace(desk.advice.hub, contact=None)
    makers(desk)
    assert "Nobody is told" not in administrator.get(PATH).text


def test_a_request_deleted_meanwhile_is_gone_politely(curator: AtTheConsole, desk: Desk) -> None:
    referral = asked(desk)
    desk.advice.forget("example-session")

    page = curator.submit(f"{PATH}/{referral.code}/contacted")

    assert page.status_code == 404
    assert "It may have been deleted" in page.text


@pytest.mark.parametrize("role", ["curator", "administrator"])
def test_a_request_is_deleted_with_all_it_told_and_taken_down_in_slack(
    request: Any, desk: Desk, role: str
) -> None:
    browser, database = request.getfixturevalue(role), desk.advice.database
    session = Chats(database).new_session(NOW)
    code = desk.advice.referrals.record(session, name=BAKERY, contact=CONTACT, consent_at=NOW)
    other = asked(desk)
    outbox = SlackOutbox(database)
    outbox.put("card", "C0123ABCD", text=BAKERY, about=code, now=NOW)
    assert outbox.claim("worker", NOW, 60) is not None
    outbox.sent("card", "1.1", NOW)

    assert "Delete this request and all it told" in browser.get(f"{PATH}/{code}").text
    answer = browser.submit(f"{PATH}/{code}/delete", why="asked")
    page = browser.get(answer.headers["location"])

    assert answer.status_code == 303
    assert "The request is deleted" in page.text
    assert desk.advice.referrals.get(code) is None
    assert again(desk, other) == other
    assert not Chats(database).holds(session)
    post = outbox.claim("worker", NOW, 60)
    assert post is not None
    assert (post.delete, post.channel, post.update_ts) == (True, "C0123ABCD", "1.1")
    (deed,) = Audit(database).list(9, about=code)
    assert (deed.by, deed.what) == (f"{role}@hub.example.org", "referral_deleted")
    assert deed.detail == {"why": "the business asked for it"}


def test_a_request_is_deleted_though_the_conversations_cannot_be_reached(
    curator: AtTheConsole, desk: Desk, monkeypatch: Any
) -> None:
    code = asked(desk).code
    asked_of = []

    def away(*of: Any) -> None:
        asked_of.append(of)
        raise ConnectionError("the other store is away")

    monkeypatch.setattr("bot.console.pages.referrals.forget_deleted", away)

    answer = curator.submit(f"{PATH}/{code}/delete", why="asked")

    assert len(asked_of) == 1
    assert answer.status_code == 303
    assert "The request is deleted" in curator.get(answer.headers["location"]).text
    assert desk.advice.referrals.get(code) is None


def test_the_trail_of_what_was_done_says_that_a_request_was_deleted_and_not_whose(
    administrator: AtTheConsole, desk: Desk
) -> None:
    referral = asked(desk)
    administrator.submit(f"{PATH}/{referral.code}/delete", why="not_real")

    page = administrator.get("/console/audit").text

    assert "request deleted" in page
    assert referral.code in page
    for words in (*PRIVATE, "example-session"):
        assert words not in page


@pytest.mark.parametrize("why", ["", "because Ada Example rang", SCRIPT, "asked\x00"])
def test_a_request_is_deleted_for_a_listed_reason_alone(curator: AtTheConsole, desk: Desk, why: str) -> None:
    referral = asked(desk)

    answer = curator.submit(f"{PATH}/{referral.code}/delete", why=why)

    assert answer.status_code == 422
    assert "Say why it is to be deleted." in answer.text
    assert SCRIPT not in answer.text
    assert again(desk, referral) == referral


def test_a_form_of_another_site_deletes_nothing(curator: AtTheConsole, desk: Desk) -> None:
    referral = asked(desk)

    answer = curator.post(f"{PATH}/{referral.code}/delete", data={"csrf": "another", "why": "asked"})

    assert answer.status_code == 403
    assert again(desk, referral) == referral


def test_what_is_deleted_twice_or_was_never_there_is_gone_politely(curator: AtTheConsole, desk: Desk) -> None:
    referral = asked(desk)
    path = f"{PATH}/{referral.code}/delete"
    curator.submit(path, why="asked")

    for again_there in (path, f"{PATH}/NOBODYS2/delete", f"{PATH}/%00/delete"):
        answer = curator.submit(again_there, why="asked")
        assert answer.status_code == 404
        assert "There is no request with this code" in answer.text
    assert len(Audit(desk.advice.database).list(9, about=referral.code)) == 1
