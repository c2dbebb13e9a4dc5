"""Keep an adviser's own word to the client on a roadmap, apart from what comes from records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from unicodedata import category

from sqlalchemy import delete, update

from knowledge_base.store.broker_tables import RoadmapNoteRow
from knowledge_base.store.columns import in_utc
from knowledge_base.store.database import Database
from knowledge_base.store.rows import insert_new
from knowledge_base.store.tables import RoadmapRow

LONGEST_WORDS = 1500
LONGEST_NAME = 200


class BadNote(ValueError):
    """A note that cannot be kept; the message says what to write instead."""


class NoSuchRoadmap(LookupError):
    """There is no such roadmap any more, so nothing can be noted on it."""


@dataclass(frozen=True, slots=True)
class RoadmapNote:
    """What somebody wrote to the client. ``team`` may be ""."""

    words: str
    by_name: str
    team: str
    at: datetime

    @property
    def signed(self) -> str:
        """Whose word it is: the name, and the team where it is known."""
        return ", ".join(part for part in (self.by_name, self.team) if part)


class RoadmapNotes:
    """The notes of one database, at most one on a roadmap; each goes with it. Every method may raise
    `StoreUnavailable`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, roadmap_id: str, words: str, by_name: str, now: datetime, team: str = "") -> RoadmapNote:
        """Keep a note on a roadmap, in place of the one that was there.

        Raises:
            BadNote: it holds nothing, is too long, or nobody stands by it.
            NoSuchRoadmap: there is no such roadmap, or its time is over.
        """
        words, by_name, team = _trimmed(words), _on_one_line(by_name), _on_one_line(team)
        if not words:
            raise BadNote("The note is empty; write something, or take the note away.")
        if len(words) > LONGEST_WORDS:
            raise BadNote(f"A note of {len(words):,} characters is too long; use at most {LONGEST_WORDS:,}.")
        if not by_name:
            raise BadNote("A note needs a name under it, so that the client knows whose word it is.")
        values = {
            "words": words,
            "by_name": by_name[:LONGEST_NAME],
            "team_name": team[:LONGEST_NAME],
            "at": now,
        }
        with self._database.writing() as transaction:
            roadmap = transaction.get(RoadmapRow, roadmap_id, with_for_update={"read": True})
            if roadmap is None or roadmap.expires <= in_utc(now):
                raise NoSuchRoadmap("There is no such roadmap any more; plan again first.")
            if not insert_new(transaction, RoadmapNoteRow, {"roadmap_id": roadmap_id, **values}):
                mine = RoadmapNoteRow.roadmap_id == roadmap_id
                transaction.execute(update(RoadmapNoteRow).where(mine).values(**values))
        return RoadmapNote(words, values["by_name"], values["team_name"], in_utc(now))  # type: ignore[arg-type]

    def get(self, roadmap_id: str) -> RoadmapNote | None:
        """Return the note on a roadmap, or None."""
        with self._database.session() as transaction:
            row = transaction.get(RoadmapNoteRow, roadmap_id)
            return RoadmapNote(row.words, row.by_name, row.team_name, row.at) if row else None

    def remove(self, roadmap_id: str) -> bool:
        """Take the note on a roadmap away; False where there was none."""
        with self._database.writing() as transaction:
            mine = RoadmapNoteRow.roadmap_id == roadmap_id
            return bool(transaction.execute(delete(RoadmapNoteRow).where(mine)).rowcount)  # type: ignore[attr-defined]


def _trimmed(words: str) -> str:
    """The words with their line breaks, without what no database and no page can hold."""
    plain = words.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(sign for sign in plain if sign in "\n\t" or category(sign) not in ("Cc", "Cs"))
    return "\n".join(line.rstrip() for line in kept.split("\n")).strip()


def _on_one_line(name: str) -> str:
    return " ".join(_trimmed(name).split())
