"""A letter handed to a real mail server: encrypted where it can be, and never twice nor half told."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path
from traceback import format_exception

import pytest

from bot.digest.fates import MaybeSent, NotSent
from bot.digest.letter import Letter
from bot.digest.mail import send_mail
from bot.digest.settings import BadDigestSetting, MailServer, digest_settings
from knowledge_base.hubs import read_hub
from tests.assurance.servers import (
    PASSWORD,
    USER,
    Postbox,
    certificate,
    dripping,
    free_port,
    goes_away_after_data,
    mail_server,
    signs_in,
)
from tests.store.conftest import NOW

LETTER = Letter("Example hub: 1 record to check", "- Lån: überfällig\n", "<p>Lån</p>", "x")
TO, SENDER = "curator@hub.example.org", "digest@hub.example.org"


def send(server: MailServer, to: str = TO, **limits: float) -> None:
    send_mail(server, SENDER, to, LETTER, NOW, **limits)


def test_a_letter_arrives_in_text_and_html_with_its_letters_whole():
    box = Postbox()
    with mail_server(box) as port:
        send(MailServer("127.0.0.1", port, False))

    (taken,) = box.taken
    message = message_from_bytes(taken.content, policy=policy.default)
    assert (taken.mail_from, taken.rcpt_tos) == (SENDER, [TO])
    assert (message["subject"], message["to"], message["from"]) == (LETTER.subject, TO, SENDER)
    assert message["auto-submitted"] == "auto-generated"
    assert message["message-id"].endswith("@hub.example.org>")
    forms = [part.get_content().splitlines() for part in message.iter_parts()]
    assert forms == [["- Lån: überfällig"], ["<p>Lån</p>"]]


def test_where_starttls_is_offered_the_letter_and_the_password_go_encrypted(tmp_path: Path, monkeypatch):
    context, trusted = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    box = Postbox()
    with mail_server(
        box, tls_context=context, require_starttls=True, authenticator=signs_in, auth_required=True
    ) as port:
        send(MailServer("127.0.0.1", port, False, USER, PASSWORD))

    assert len(box.taken) == 1
    assert box.encrypted == [True]


def test_a_certificate_nobody_trusts_is_refused_and_nothing_is_sent(tmp_path: Path):
    context, _ = certificate(tmp_path)
    box = Postbox()
    with (
        mail_server(box, tls_context=context, require_starttls=True) as port,
        pytest.raises(NotSent, match="certificate"),
    ):
        send(MailServer("127.0.0.1", port, False, USER, PASSWORD))

    assert box.taken == []


def test_smtps_speaks_tls_from_the_start(tmp_path: Path, monkeypatch):
    context, trusted = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    box = Postbox()
    with mail_server(box, ssl_context=context) as port:
        send(MailServer("127.0.0.1", port, True))

    assert len(box.taken) == 1


def test_a_wrong_password_is_told_without_the_password(tmp_path: Path):
    box, wrong = Postbox(), PASSWORD[::-1]
    with (
        mail_server(box, authenticator=signs_in, auth_required=True, auth_require_tls=False) as port,
        pytest.raises(NotSent) as told,
    ):
        send(MailServer("127.0.0.1", port, False, USER, wrong))

    assert "FINGERPOST_SMTP_URL (535)" in str(told.value)
    assert wrong not in "".join(format_exception(told.value))


def test_a_password_is_not_sent_to_a_server_that_offers_no_encryption(monkeypatch):
    box = Postbox()
    monkeypatch.setattr("bot.digest.mail.HERE", ())
    with (
        mail_server(box, authenticator=signs_in, auth_require_tls=False) as port,
        pytest.raises(NotSent, match="offers no encryption"),
    ):
        send(MailServer("127.0.0.1", port, False, USER, PASSWORD))

    assert box.taken == []


def test_a_server_without_sign_in_says_to_take_the_password_out():
    with mail_server(Postbox()) as port, pytest.raises(NotSent, match="no way to sign in"):
        send(MailServer("127.0.0.1", port, False, USER, PASSWORD))


def test_a_recipient_that_is_refused_is_told_by_its_code_alone():
    box = Postbox(refuses="gone@hub.example.org")
    with mail_server(box) as port, pytest.raises(NotSent) as told:
        send(MailServer("127.0.0.1", port, False), "gone@hub.example.org")

    assert str(told.value) == "the mail server does not take mail for this address (it said 550)"
    assert box.taken == []


def test_a_letter_that_is_refused_was_not_sent():
    with mail_server(Postbox(answer="554 full")) as port, pytest.raises(NotSent, match="554"):
        send(MailServer("127.0.0.1", port, False))


def test_a_server_that_is_down_is_told_by_its_name():
    port = free_port()
    with pytest.raises(NotSent, match=f"127.0.0.1:{port} cannot be reached"):
        send(MailServer("127.0.0.1", port, False))


def test_a_server_that_never_greets_is_given_up():
    with dripping(b" ", 5, 20) as port, pytest.raises(NotSent, match="did not answer in time"):
        send(MailServer("127.0.0.1", port, False), seconds=0.3)


def test_a_server_that_drips_is_cut_off_though_each_byte_comes_in_time():
    with dripping(b"220-wait\r\n", 0.01, 20) as port, pytest.raises(NotSent, match="went away"):
        send(MailServer("127.0.0.1", port, False), seconds=5, all_seconds=0.5)


def test_a_server_that_goes_away_with_the_letter_may_have_sent_it():
    with goes_away_after_data() as port, pytest.raises(MaybeSent):
        send(MailServer("127.0.0.1", port, False))


def settings(**env: str):
    return digest_settings(env, read_hub("default"), ["curator@example.org"])


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("smtp://mail.example.org", ("mail.example.org", 587, False, "", "")),
        ("smtps://mail.example.org", ("mail.example.org", 465, True, "", "")),
        ("smtp://a%40b.org:p%40ss%3A@h.example.org:25/", ("h.example.org", 25, False, "a@b.org", "p@ss:")),
    ],
)
def test_the_address_of_a_mail_server_is_read(url, read):
    server = settings(FINGERPOST_SMTP_URL=url, FINGERPOST_DIGEST_FROM="hub@example.org").server

    assert server is not None
    assert (server.host, server.port, server.tls, server.user, server.password) == read
    assert "p@ss" not in repr(server)


@pytest.mark.parametrize(
    "url",
    ["mail.example.org", "http://u:topsecret@h", "smtp://", "smtp://u:topsecret@h:port", "smtp://u:topsecret@h:99999",
     "smtp://u:topsecret@h/path", "smtp://u:top%0Dsecret@h", "smtp://u:topsecret@[h", "smtp://u:topsecret@h?x=1"],
)  # fmt: skip
def test_an_address_that_cannot_be_used_is_refused_without_its_password(url):
    with pytest.raises(BadDigestSetting, match="FINGERPOST_SMTP_URL cannot be used") as told:
        settings(FINGERPOST_SMTP_URL=url)

    assert "secret" not in "".join(format_exception(told.value))


@pytest.mark.parametrize(
    "to",
    ["", "a", "a@b", "a b@example.org", "a@example.org\nBcc: b@example.org", "å@example.org",
     "a>@example.org", "a@example.org,b@example.org", "a@example.org\n", "@example.org", "a@example.org@"],
)  # fmt: skip
def test_an_address_that_no_mail_can_go_to_is_refused(to):
    with pytest.raises(BadDigestSetting, match="is not an e-mail address"):
        digest_settings({}, read_hub("default"), [to])


def test_without_an_address_to_come_from_the_setting_is_named():
    with pytest.raises(BadDigestSetting, match="FINGERPOST_DIGEST_FROM is not set"):
        settings(FINGERPOST_SMTP_URL="smtp://mail.example.org")


def test_the_user_of_the_server_is_who_it_comes_from_where_that_is_an_address():
    told = settings(FINGERPOST_SMTP_URL="smtp://digest%40hub.example.org:x@mail.example.org")

    assert told.sender == "digest@hub.example.org"


def test_to_one_address_alone_slack_is_left_out():
    told = settings(FINGERPOST_SLACK_DIGEST_URL="https://hooks.example.org/secretpart")

    assert told.slack is None
    assert "secretpart" not in repr(told)


def test_a_webhook_that_is_no_web_address_is_refused_without_being_shown():
    with pytest.raises(BadDigestSetting) as told:
        digest_settings({"FINGERPOST_SLACK_DIGEST_URL": "ftp://secretpart"}, read_hub("default"))

    assert "secretpart" not in str(told.value)
