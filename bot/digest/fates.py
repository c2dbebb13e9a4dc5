"""How the sending of one digest went."""

from __future__ import annotations


class NotSent(Exception):
    """It was certainly not sent, and may be tried again; the message says why, and holds no secret."""


class MaybeSent(Exception):
    """It went out and nobody said what became of it: to try again might send it twice."""
