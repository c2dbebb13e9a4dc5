"""Post one letter to an incoming webhook of Slack, whose address is a secret."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx

from bot.digest.fates import MaybeSent, NotSent
from bot.digest.letter import Letter

SECONDS = 15.0
LONGEST_WAIT = 120.0


def post(url: str, letter: Letter, wait: Callable[[float], object] = time.sleep) -> None:
    """Post a letter; when Slack asks to wait, do so once, for two minutes at the most.

    Raises:
        NotSent: Slack did not take it, or could not be reached.
        MaybeSent: Slack was given it and did not answer.
    """
    answer = _once(url, letter)
    if answer.status_code == 429:
        seconds = _seconds(answer.headers.get("retry-after"))
        if seconds > LONGEST_WAIT:
            raise NotSent("Slack asks to wait longer than two minutes; it is tried again later")
        wait(seconds)
        answer = _once(url, letter)
    if answer.status_code != 200:
        raise NotSent(f"Slack did not take the digest (it said {answer.status_code})")


def _once(url: str, letter: Letter) -> httpx.Response:
    try:
        with _unlogged(), httpx.Client(timeout=SECONDS, follow_redirects=False) as client:
            return client.post(url, json={"text": letter.slack})
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol) as error:
        raise NotSent(f"Slack cannot be reached ({type(error).__name__})") from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise MaybeSent(f"Slack did not say whether it took the digest ({type(error).__name__})") from None


def _seconds(told: str | None) -> float:
    return float(told) if told and told.isascii() and told.isdigit() and len(told) < 6 else 1.0


@contextmanager
def _unlogged() -> Iterator[None]:
    """Keep the client's own line about each request, which holds its address, out of the log."""
    logger = logging.getLogger("httpx")
    before = logger.disabled
    logger.disabled = True
    try:
        yield
    finally:
        logger.disabled = before
