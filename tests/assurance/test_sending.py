"""A day's digest reaches each address once: whoever sends it, whatever fails."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta, timezone
from pathlib import Path
from threading import Event

import pytest

from bot.chores.__main__ import chores
from bot.digest import slack
from bot.digest.daily import reminding, send_daily
from bot.digest.fates import MaybeSent, NotSent
from bot.digest.letter import Letter
from bot.digest.sending import digest_of, send_digest
from bot.digest.settings import DigestSettings, MailServer
from bot.digest.slack import post
from knowledge_base.assurance import vouch
from knowledge_base.hubs import read_hub
from knowledge_base.store.assurances import Assurances
from knowledge_base.store.database import StoreUnavailable, open_database
from knowledge_base.store.digests import Digests
from tests.assurance.servers import (
    Postbox,
    Webhook,
    dripping,
    free_port,
    goes_away_after_data,
    mail_server,
    webhook,
)
from tests.store.conftest import NOW

HUB = replace(read_hub("default"), digest_recipients=("one@hub.example.org", "two@hub.example.org"))
SENDER = "hub@hub.example.org"
LETTER = Letter("A subject", "text", "<p>html</p>", "for Slack")
ADDRESS = "https://hub.example.org"
MORNING = NOW.replace(hour=7)


@pytest.fixture
def due(store):
    """A store with one record overdue."""
    assured = vouch("A. Curator", NOW.date() - timedelta(days=100), NOW.date() - timedelta(days=1))
    Assurances(store).assure({"example-loan": None}, assured, by="c@example.org", why="checked", now=NOW)
    return store


def by_mail(port: int, *to: str) -> DigestSettings:
    return DigestSettings(MailServer("127.0.0.1", port, False), SENDER, to or HUB.digest_recipients)


def by_slack(url: str) -> DigestSettings:
    return DigestSettings(None, "", (), url)


def send(store, settings, now=NOW):
    found = digest_of(store, HUB, now, ADDRESS)
    assert found is not None
    return [(each.to, each.fate) for each in send_digest(store, found, settings, now)]


def test_everybody_gets_the_digest_once_a_day_and_again_the_next(due):
    box = Postbox()
    with mail_server(box) as port:
        first = send(due, by_mail(port))
        again = send(due, by_mail(port, *HUB.digest_recipients, "three@hub.example.org"))
        next_day = send(due, by_mail(port), NOW + timedelta(days=1))

    assert [fate for _, fate in first] == ["sent", "sent"]
    assert again == [
        ("one@hub.example.org", "sent before"),
        ("two@hub.example.org", "sent before"),
        ("three@hub.example.org", "sent"),
    ]
    assert [fate for _, fate in next_day] == ["sent", "sent"]
    assert [each.rcpt_tos[0][:3] for each in box.taken] == ["one", "two", "thr", "one", "two"]
    assert b"Example loan: overdue by 1 day" in box.taken[0].content
    assert b"https://hub.example.org/console/due" in box.taken[0].content


def test_one_address_written_in_capitals_is_the_same_address(due):
    box = Postbox()
    with mail_server(box) as port:
        send(due, by_mail(port, "one@hub.example.org"))
        assert send(due, by_mail(port, "ONE@hub.example.org")) == [("ONE@hub.example.org", "sent before")]

    assert len(box.taken) == 1


def test_a_refused_recipient_does_not_keep_it_from_the_others_and_is_tried_again(due, caplog):
    box = Postbox(refuses="one@hub.example.org")
    with mail_server(box) as port:
        assert send(due, by_mail(port)) == [
            ("one@hub.example.org", "failed"),
            ("two@hub.example.org", "sent"),
        ]
        box.refuses = ""
        assert send(due, by_mail(port)) == [
            ("one@hub.example.org", "sent"),
            ("two@hub.example.org", "sent before"),
        ]

    assert len(box.taken) == 2
    assert "s3cret" not in caplog.text
    assert "one@hub" not in caplog.text
    assert "A digest was not sent" in caplog.text


def test_while_the_server_is_down_nothing_counts_as_sent(due):
    assert {fate for _, fate in send(due, by_mail(free_port()))} == {"failed"}
    box = Postbox()
    with mail_server(box) as port:
        assert {fate for _, fate in send(due, by_mail(port))} == {"sent"}


def test_what_may_have_arrived_is_not_sent_again(due):
    with goes_away_after_data() as port:
        assert send(due, by_mail(port, "one@hub.example.org")) == [("one@hub.example.org", "uncertain")]
    box = Postbox()
    with mail_server(box) as port:
        assert send(due, by_mail(port, "one@hub.example.org")) == [("one@hub.example.org", "sent before")]

    assert box.taken == []


def test_without_a_mail_server_each_address_is_told_as_failed(due):
    found = digest_of(due, HUB, NOW, ADDRESS)
    assert found is not None
    outcomes = send_digest(due, found, DigestSettings(None, "", ("one@hub.example.org",)), NOW)

    assert [(each.fate, each.words) for each in outcomes] == [
        ("failed", "FINGERPOST_SMTP_URL is not set, so no mail can be sent")
    ]


def test_of_many_who_send_at_once_one_does(due):
    box = Postbox()
    with mail_server(box) as port, ThreadPoolExecutor(8) as pool:
        fates = list(pool.map(lambda _: send(due, by_mail(port, "one@hub.example.org")), range(8)))

    assert sorted(fate for ((_, fate),) in fates) == ["sent", *["sent before"] * 7]
    assert len(box.taken) == 1


def test_slack_gets_it_once_and_its_secret_address_is_kept_nowhere(due, caplog):
    caplog.set_level(logging.DEBUG)
    hook = Webhook()
    with webhook(hook) as url:
        assert send(due, by_slack(url)) == [("Slack", "sent")]
        assert send(due, by_slack(url)) == [("Slack", "sent before")]
        hook.answers = [(500, {})]
        assert send(due, by_slack(url), NOW + timedelta(days=1)) == [("Slack", "failed")]
        assert send(due, by_slack(url), NOW + timedelta(days=1)) == [("Slack", "sent")]

    assert len(hook.posted) == 3
    assert "*Overdue* (1)\n• Example loan: overdue by 1 day" in hook.posted[0]["text"]
    assert "secretpart" not in caplog.text


def test_slack_is_waited_for_once_as_long_as_it_asks():
    hook, waited = Webhook((429, {"Retry-After": "7"})), []
    with webhook(hook) as url:
        post(url, LETTER, waited.append)

    assert (len(hook.posted), waited) == (2, [7.0])


@pytest.mark.parametrize(
    ("answers", "posted", "waits"),
    [
        ([(429, {"Retry-After": "1"}), (429, {"Retry-After": "1"})], 2, [1.0]),
        ([(429, {"Retry-After": "4000"})], 1, []),
        ([(429, {"Retry-After": "soon"}), (503, {})], 2, [1.0]),
        ([(429, {}), (404, {})], 2, [1.0]),
        ([(500, {})], 1, []),
        ([(302, {"location": "http://127.0.0.1:1/elsewhere"})], 1, []),
    ],
)
def test_slack_is_not_asked_for_ever(answers, posted, waits):
    hook, waited = Webhook(*answers), []
    with webhook(hook) as url, pytest.raises(NotSent) as told:
        post(url, LETTER, waited.append)

    assert (len(hook.posted), waited) == (posted, waits)
    assert "secretpart" not in str(told.value)


def test_slack_that_cannot_be_reached_was_not_told():
    with pytest.raises(NotSent, match="cannot be reached"):
        post(f"http://127.0.0.1:{free_port()}/secretpart", LETTER)


def test_slack_that_does_not_answer_may_have_been_told(monkeypatch):
    monkeypatch.setattr(slack, "SECONDS", 0.3)
    with dripping(b" ", 5, 20) as port, pytest.raises(MaybeSent):
        post(f"http://127.0.0.1:{port}/secretpart", LETTER)


def test_by_itself_it_is_sent_in_the_morning_and_only_once(due):
    box = Postbox()
    with mail_server(box) as port:
        env = {"FINGERPOST_SMTP_URL": f"smtp://127.0.0.1:{port}", "FINGERPOST_DIGEST_FROM": SENDER}
        assert send_daily(due, HUB, env, ADDRESS, MORNING - timedelta(minutes=1)) == {}
        assert send_daily(due, HUB, env, ADDRESS, MORNING) == {"sent": 2}
        assert send_daily(due, HUB, env, ADDRESS, MORNING + timedelta(hours=5)) == {"sent before": 2}

    assert len(box.taken) == 2


def test_the_chore_goes_by_the_hour_where_the_hub_is(due, monkeypatch):
    box = Postbox()
    monkeypatch.setattr("bot.digest.daily.hub_of", lambda env: HUB)
    with mail_server(box) as port:
        env = {"FINGERPOST_SMTP_URL": f"smtp://127.0.0.1:{port}", "FINGERPOST_DIGEST_FROM": SENDER}
        chore = reminding(due.database, env, timezone(timedelta(hours=-5)))
        assert chore.run(MORNING) == {}
        assert chore.run(MORNING + timedelta(hours=5)) == {"sent": 2}

    assert b"http://127.0.0.1:8000/console/due" in box.taken[0].content


def test_the_chore_names_the_setting_it_cannot_use_and_no_secret(due, monkeypatch, caplog):
    monkeypatch.setattr("bot.digest.daily.hub_of", lambda env: HUB)
    chore = reminding(due.database, {"FINGERPOST_SMTP_URL": "smtp://u:topsecret@h:port"}, timezone.utc)

    assert chore.run(MORNING) == {}
    assert "FINGERPOST_SMTP_URL cannot be used" in caplog.text
    assert "secret" not in caplog.text


def test_it_is_one_of_the_chores(due):
    names = [chore.name for chore in chores(due.database, {}, lambda: NOW, Event())]

    assert "digest of what is due" in names


def test_by_itself_nothing_is_sent_where_nothing_is_due_or_nobody_is_named(store, due):
    env = {"FINGERPOST_SMTP_URL": "smtp://127.0.0.1:1", "FINGERPOST_DIGEST_FROM": SENDER}
    assert send_daily(due, replace(HUB, digest_recipients=()), env, ADDRESS, MORNING) == {}

    assured = vouch("A. Curator", NOW.date(), NOW.date() + timedelta(days=90))
    Assurances(store).assure({"example-loan": None}, assured, by="c@example.org", why="checked", now=NOW)
    assert send_daily(store, HUB, env, ADDRESS, MORNING) == {}


def test_what_was_sent_is_forgotten_after_a_quarter(due):
    digests = Digests(due.database)
    assert digests.claim(NOW.date() - timedelta(days=91), "one@hub.example.org", NOW)
    with mail_server(Postbox()) as port:
        send(due, by_mail(port))

    assert digests.claim(NOW.date() - timedelta(days=91), "one@hub.example.org", NOW)


def test_while_the_database_is_away_nothing_is_sent(due, tmp_path: Path):
    box, gone = Postbox(), open_database(f"sqlite:///{tmp_path / 'gone' / 'no.sqlite'}")
    found = digest_of(due, HUB, NOW, ADDRESS)
    assert found is not None
    due.database, kept = gone, due.database
    with mail_server(box) as port, pytest.raises(StoreUnavailable):
        send_digest(due, found, by_mail(port), NOW)
    due.database = kept

    assert box.taken == []


def test_two_processes_at_once_send_one_letter(due, address: str):
    box = Postbox()
    with mail_server(box) as port:
        env = {
            **os.environ,
            "DATABASE_URL": address,
            "FINGERPOST_SMTP_URL": f"smtp://127.0.0.1:{port}",
            "FINGERPOST_DIGEST_FROM": SENDER,
        }
        call = [sys.executable, "-m", "bot.command_line", "digest", "--to", "one@hub.example.org"]
        running = [subprocess.Popen(call, env=env, stdout=subprocess.PIPE, text=True) for _ in range(2)]
        said = sorted(each.communicate(timeout=60)[0].strip() for each in running)

    assert said == ["one@hub.example.org: sent", "one@hub.example.org: sent before"]
    assert [each.returncode for each in running] == [0, 0]
    assert len(box.taken) == 1
