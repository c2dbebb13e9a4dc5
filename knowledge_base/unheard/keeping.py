"""Keep a message that was not understood, masked; forget it again when asked, or when its days are over."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy.exc import SQLAlchemyError

from knowledge_base.store.database import StoreUnavailable
from knowledge_base.store.unheard import NotUnderstood, UnheardRows
from knowledge_base.unheard.masking import LOOKED_AT, Span, mask
from knowledge_base.unheard.plain_words import tables
from knowledge_base.view import View
from knowledge_base.words import NEEDS

logger = logging.getLogger(__name__)

SUMS = ("turnover", "amount", "subsidy_received")


class KeptUnheard:
    """What was not understood, for the curators of one database; nothing is kept where ``days`` is 0."""

    def __init__(self, rows: UnheardRows, view: Callable[[], View], days: int) -> None:
        self.rows = rows
        self.days = days
        self._view = view

    def keep(self, heard: NotUnderstood) -> bool:
        """Keep a message without personal data; return whether it was kept.

        It is not where it cannot be made safe, where its owner refused, or where the same was kept of this
        conversation. It never fails: an answer does not wait for what we learn from it.
        """
        if not self.days:
            return False
        try:
            safe = mask(heard.text, self._personal(heard.text[:LOOKED_AT], heard.on))
            return safe is not None and self.rows.keep(
                replace(
                    heard,
                    text=safe,
                    confidence=min(max(heard.confidence, 0.0), 1.0),
                    needs=tuple(need for need in heard.needs if need in NEEDS),
                )
            )
        except (StoreUnavailable, SQLAlchemyError) as error:
            logger.warning("What was not understood could not be kept: %s", type(error).__name__)
            return False

    def refuse(self, session: str, on: date) -> None:
        """Forget what was kept of a conversation, and keep nothing more of it."""
        self.rows.refuse(session, on)

    def forget(self, session: str) -> None:
        """Forget what was kept of a conversation."""
        self.rows.forget(session)

    def part_from(self, sessions: Sequence[str]) -> None:
        """Drop what ties messages to conversations whose own data are gone."""
        self.rows.part_from(sessions)

    def purge(self, on: date) -> int:
        """Delete the messages kept for longer than the stated days; return how many."""
        return self.rows.purge(on - timedelta(days=self.days))

    def _personal(self, text: str, on: date) -> Iterator[Span]:
        """Yield the places and the sums that the reader of facts finds; countries may be said."""
        view = self._view()
        for start, end, _ in view.gazetteer.find(text):
            if text[start:end].casefold() not in tables().proper:
                yield start, end, "place"
        spans = view.reader.read(text, on=on).spans
        for fact in SUMS:
            if fact in spans:
                yield *spans[fact], "sum"
