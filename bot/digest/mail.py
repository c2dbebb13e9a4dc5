"""Hand one letter to a mail server."""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from bot.digest.fates import MaybeSent, NotSent
from bot.digest.letter import Letter
from bot.digest.settings import SMTP_URL, MailServer

HERE = ("localhost", "127.0.0.1", "::1")  # where nobody listens on the way
SECONDS = 15.0  # for one answer of the server
ALL_SECONDS = 60.0  # for the whole of it: a server that drips is cut off


def send_mail(
    server: MailServer,
    sender: str,
    to: str,
    letter: Letter,
    now: datetime,
    seconds: float = SECONDS,
    all_seconds: float = ALL_SECONDS,
) -> None:
    """Send a letter to one address.

    Raises:
        NotSent: the server refused it, or could not be reached.
        MaybeSent: the server was given the letter and did not say that it took it.
    """
    message = written(sender, to, letter, now).as_bytes(policy=SMTP)
    with _connected(server, seconds, all_seconds) as connection:
        _hand_over(connection, sender, to, message)


def written(sender: str, to: str, letter: Letter, now: datetime) -> EmailMessage:
    """Return the letter as a message with two forms, text first."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = letter.subject
    message["From"], message["To"] = sender, to
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message


@contextmanager
def _connected(server: MailServer, seconds: float, all_seconds: float) -> Iterator[smtplib.SMTP]:
    """Give a connection that is encrypted where it can be, and signed in; it is cut off in the end."""
    where = f"the mail server {server.host}:{server.port}"
    context = ssl.create_default_context()
    connection = (
        smtplib.SMTP_SSL(timeout=seconds, context=context) if server.tls else smtplib.SMTP(timeout=seconds)
    )
    # What smtplib sets when it connects by itself: the name that the certificate is held against.
    connection._host = server.host  # type: ignore[attr-defined]
    watch = threading.Timer(all_seconds, _cut, [connection])
    watch.daemon = True
    watch.start()
    try:
        try:
            code, _ = connection.connect(server.host, server.port)
            if code != 220:
                raise NotSent(f"{where} does not take mail just now (it said {code})")
            _make_safe(connection, server, context, where)
        except ssl.SSLError as error:
            raise NotSent(f"{where} has no certificate we trust ({error.reason or 'TLS failed'})") from None
        except smtplib.SMTPAuthenticationError as error:
            raise NotSent(
                f"{where} does not take the user and password in {SMTP_URL} ({error.smtp_code})"
            ) from None
        except smtplib.SMTPNotSupportedError:
            raise NotSent(
                f"{where} offers no way to sign in; take user and password out of {SMTP_URL}"
            ) from None
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise NotSent(f"{where} cannot be reached ({_kind(error)})") from None
        yield connection
        with suppress(smtplib.SMTPException, OSError, ValueError):
            connection.quit()
    finally:
        watch.cancel()
        connection.close()


def _make_safe(connection: smtplib.SMTP, server: MailServer, context: ssl.SSLContext, where: str) -> None:
    """Encrypt where that is offered, and sign in; a password is never sent where others can read it."""
    connection.ehlo_or_helo_if_needed()
    safe = server.tls
    if not safe and connection.has_extn("starttls"):
        connection.starttls(context=context)
        connection.ehlo()
        safe = True
    if not server.user:
        return
    if not safe and server.host not in HERE:
        raise NotSent(f"{where} offers no encryption, so the password is not sent to it; use smtps://")
    _sign_in(connection, server)


def _sign_in(connection: smtplib.SMTP, server: MailServer) -> None:
    """Sign in by one way only: `login` tries the others with a wrong password too, and locks accounts."""
    offered = connection.esmtp_features.get("auth", "").upper().split()
    connection.user, connection.password = server.user, server.password
    if "PLAIN" in offered:
        connection.auth("PLAIN", connection.auth_plain)
    elif "LOGIN" in offered:
        connection.auth("LOGIN", connection.auth_login)
    else:
        raise smtplib.SMTPNotSupportedError


def _hand_over(connection: smtplib.SMTP, sender: str, to: str, message: bytes) -> None:
    try:
        code, _ = connection.mail(sender)
        if code != 250:
            raise NotSent(f"the mail server does not take mail from {sender} (it said {code})")
        code, _ = connection.rcpt(to)
        if code not in (250, 251):
            raise NotSent(f"the mail server does not take mail for this address (it said {code})")
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise NotSent(f"the mail server went away ({_kind(error)})") from None
    try:
        code, _ = connection.data(message)
    except smtplib.SMTPDataError as error:
        raise NotSent(f"the mail server does not take the letter (it said {error.smtp_code})") from None
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise MaybeSent(f"the mail server did not say whether it took the letter ({_kind(error)})") from None
    if code != 250:
        raise NotSent(f"the mail server does not take the letter (it said {code})")


def _cut(connection: smtplib.SMTP) -> None:
    with suppress(OSError):
        if connection.sock is not None:
            connection.sock.shutdown(socket.SHUT_RDWR)


def _kind(error: Exception) -> str:
    """Say what went wrong, without what the server said."""
    if isinstance(error, TimeoutError) or "timed out" in str(error):
        return "it did not answer in time"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "it went away"
    return (error.strerror or type(error).__name__) if isinstance(error, OSError) else type(error).__name__
