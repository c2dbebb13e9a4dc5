"""Whoever asked for a person is told of by mail, with no Slack at all, and nobody is written to twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.chores.referring import notices, referring
from knowledge_base.advice import Advice
from knowledge_base.brokers.handing_on import card_key, reminder_keys, take
from knowledge_base.hubs import read_hub
from knowledge_base.profile import parse_profile
from knowledge_base.store.database import open_database
from knowledge_base.store.slack_outbox import SlackOutbox
from tests.assurance.servers import Postbox, mail_server

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
PACK = Path(__file__).resolve().parents[1] / "pack"


class Town:
    """A hub's records and a mail server; ``runs`` does the chore at a time."""

    def __init__(self, advice: Advice, box: Postbox, port: int) -> None:
        self.advice, self.box = advice, box
        self.env = {
            "FINGERPOST_SMTP_URL": f"smtp://127.0.0.1:{port}",
            "FINGERPOST_DIGEST_FROM": "hub@example.org",
            "FINGERPOST_PUBLIC_URL": "https://hub.example.org",
        }

    def runs(self, at: datetime) -> list[tuple[str, str]]:
        """Who was written to in this run, with the letter."""
        before = len(self.box.taken)
        referring(self.advice.database, self.env).run(at)
        new = self.box.taken[before:]
        return [(each.rcpt_tos[0], each.content.decode("utf-8", "replace")) for each in new]

    def team(self, **more):
        told = {"areas": ["dudley"], "lead_email": "lead@example.org", **more}
        return self.advice.teams.add(name=more.pop("name", "Example near team"), now=NOW, **told)

    def broker(self, team, name="kim"):
        return self.advice.brokers.add(team=team.id, name=name, email=f"{name}@example.org", now=NOW)

    def asks(self, place="Dudley") -> str:
        contact = {"name": "Ada Secret", "email": "ada@example.org"}
        profile = parse_profile({"place": place, "employees": 14})
        return self.advice.refer(
            session="owner", contact=contact, needs=["finance"], profile=profile, roadmap=None, now=NOW
        )


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    database = open_database(f"sqlite:///{tmp_path / 'example.sqlite'}")
    database.migrate()
    advice = Advice(database, read_hub("default"), "https://hub.example.org")
    advice.records.load_pack(PACK, now=NOW)
    box = Postbox()
    with mail_server(box) as port:
        yield Town(advice, box, port)
    database.close()


def later(**how_much: float) -> datetime:
    return NOW + timedelta(**how_much)


def test_a_team_without_slack_is_written_to_once_and_reminded_on_its_days_until_the_lead_has_it(town):
    team = town.team(remind_days=(1, 3), lead_after_days=5)
    town.broker(team)
    code = town.asks()

    told = {
        name: [to for to, _ in town.runs(at)]
        for name, at in {
            "at once": later(minutes=1),
            "soon": later(minutes=16),
            "again": later(minutes=21),
            "a day": later(days=1, minutes=1),
            "two": later(days=2),
            "three": later(days=3, minutes=1),
            "five": later(days=5, minutes=1),
            "six": later(days=6),
            "eight": later(days=8, minutes=2),
            "nine": later(days=9),
            "eleven": later(days=11, minutes=3),
        }.items()
    }

    assert told == {
        "at once": [],
        "soon": ["kim@example.org"],
        "again": [],
        "a day": ["kim@example.org"],
        "two": [],
        "three": ["kim@example.org"],
        "five": ["lead@example.org"],
        "six": [],
        "eight": ["lead@example.org"],
        "nine": [],
        "eleven": ["lead@example.org"],
    }
    assert [each.code for each in town.advice.referrals.unplaced(5)] == [code]


def test_a_letter_names_the_request_and_nothing_of_who_asked(town):
    town.team()
    code = town.asks()

    [(to, letter)] = town.runs(later(minutes=16))

    assert to == "lead@example.org"
    assert code in letter
    assert "hub.example.org/console/referrals/" in letter.replace("=\r\n", "")
    assert "Secret" not in letter
    assert "ada@example.org" not in letter


def test_where_slack_shows_the_card_the_team_gets_no_mail_but_the_lead_does(town):
    team = town.team(slack_team="T0EXAMPLE", channel="C0TEAM", lead_after_days=5)
    town.broker(team)
    code = town.asks()
    outbox, key = SlackOutbox(town.advice.database), card_key(code, team.id)
    outbox.put(key, "C0TEAM", text="card", about=code, now=NOW)
    outbox.claim("deliverer", NOW, 60)
    outbox.sent(key, "1.1", NOW)

    assert town.runs(later(days=2)) == []
    assert [to for to, _ in town.runs(later(days=5, minutes=1))] == ["lead@example.org"]


def test_who_is_answered_is_no_longer_written_about(town):
    team = town.team()
    kim = town.broker(team)
    code = town.asks()
    take(town.advice, code, kim.id, later(minutes=1))
    town.advice.referrals.contacted(code, kim.id, later(minutes=2))

    assert [town.runs(later(days=days)) for days in (1, 3, 9)] == [[], [], []]


def test_where_no_team_fits_the_hub_itself_is_told_at_once(town):
    town.asks(place="Cardiff")
    contact = town.advice.hub.contact

    told = [to for to, _ in town.runs(later(minutes=1))]

    assert told == ([contact.email] if contact and contact.email else [])
    assert [each.state for each in town.advice.referrals.unplaced(5)] == ["new"]


def test_a_mail_server_that_is_away_is_asked_again_the_next_time(town):
    town.team()
    town.asks()
    well, town.env = town.env, town.env | {"FINGERPOST_SMTP_URL": "smtp://127.0.0.1:9"}

    assert town.runs(later(minutes=16)) == []
    town.env = well
    assert [to for to, _ in town.runs(later(minutes=21))] == ["lead@example.org"]


def test_without_a_mail_server_what_is_overdue_is_with_the_lead_all_the_same(town):
    town.team(lead_after_days=5)
    code = town.asks()
    town.env = {}

    assert town.runs(later(days=6)) == []
    assert [each.code for each in town.advice.referrals.unplaced(5)] == [code]


def test_what_waited_longer_than_is_remembered_is_not_written_about_again(town):
    town.team()
    town.asks()

    assert list(notices(town.advice, later(minutes=16)))
    assert list(notices(town.advice, later(days=81))) == []


def test_a_reminder_that_slack_refused_goes_by_mail_though_the_card_is_there(town):
    team = town.team(slack_team="T0EXAMPLE", channel="C0TEAM", remind_days=(1, 3), lead_after_days=9)
    town.broker(team)
    code = town.asks()
    outbox, key = SlackOutbox(town.advice.database), card_key(code, team.id)
    outbox.put(key, "C0TEAM", text="card", about=code, now=NOW)
    outbox.claim("deliverer", NOW, 60)
    outbox.sent(key, "1.1", NOW)

    before = town.runs(later(days=1, minutes=1))
    reminded = reminder_keys(code, team.id, 2)[0]
    outbox.put(reminded, "C0TEAM", text="reminder", after_key=key, about=code, now=later(days=1))
    outbox.give_up(reminded, "its channel is archived", later(days=1))

    assert before == []
    assert [to for to, _ in town.runs(later(days=1, minutes=2))] == ["kim@example.org"]


def test_what_a_business_wrote_and_nobody_could_be_given_is_told_of_by_mail_once_a_day(town):
    team = town.team(slack_team="T0EXAMPLE", channel="C0TEAM", lead_after_days=30, remind_days=(20,))
    kim = town.broker(team)
    code = town.asks()
    take(town.advice, code, kim.id, NOW)
    town.advice.relay.begin(code, NOW)
    lines = [
        town.advice.relay.say(code, "owner", "", f"Hello? {n}", f"m{n}", later(minutes=n)) for n in range(2)
    ]

    early = town.runs(later(minutes=5))
    [(to, letter)] = town.runs(later(minutes=20))

    assert (early, to) == ([], "kim@example.org")
    assert ("did not reach you in Slack" in letter, "Hello" in letter) == (True, False)
    assert town.runs(later(minutes=30)) == []
    for line in lines:
        town.advice.relay.sent(line.id)
    town.advice.relay.say(code, "owner", "", "Still there?", "m9", later(days=1))
    town.advice.relay.sent(lines[-1].id + 1)
    assert not [letter for _, letter in town.runs(later(days=1, minutes=20)) if "did not reach" in letter]
