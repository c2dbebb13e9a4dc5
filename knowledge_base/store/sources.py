"""Keep what visits to sources gave, and what they found, until somebody deals with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from knowledge_base.store.database import Database
from knowledge_base.store.desk_tables import FindingRow, SourceCheckRow, WorkingCopyRow
from knowledge_base.watch.compare import Found
from knowledge_base.watch.facts import fact_of
from knowledge_base.watch.visits import Check, Judged

STATES = {
    "open": "to look at",
    "seen": "seen",
    "silenced": "silenced",
    "taken": "taken as a draft",
    "gone": "no longer so",
}
LONGEST_URL = 2_000
GONE_AFTER = timedelta(days=365)  # since it was found; what is still so is kept


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found about a record, and what became of it. ``until`` is the last day of its silence."""

    id: int
    record_type: str
    record_id: str
    url: str
    kind: str
    place: str
    words: str
    before: str
    after: str
    quote: str
    changes: list[Any]
    proposal: dict[str, Any] | None
    found: datetime
    state: str
    by: str | None
    until: date | None


class Sources:
    """The visits and findings in one database. Every method may raise `StoreUnavailable`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def check(self, url: str) -> Check | None:
        """Return what the last visit to an address gave."""
        with self._database.session() as session:
            row = session.get(SourceCheckRow, url)
            return _check(row) if row else None

    def last_visits(self, answer: str | None = None, limit: int = 50) -> list[Check]:
        """Return the last visit to each address, the newest first, without what the pages said."""
        asked = (
            select(SourceCheckRow).order_by(SourceCheckRow.checked.desc(), SourceCheckRow.url).limit(limit)
        )
        if answer is not None:
            asked = asked.where(SourceCheckRow.answer == answer)
        with self._database.session() as session:
            return [_check(row) for row in session.scalars(asked)]

    def answers(self) -> dict[str, int]:
        """Return how many addresses gave each answer at their last visit."""
        asked = select(SourceCheckRow.answer, func.count()).group_by(SourceCheckRow.answer)
        with self._database.session() as session:
            return dict(session.execute(asked).tuples().all())

    def due(self, urls: Iterable[str], now: datetime, every_days: float = 7) -> list[str]:
        """Return the addresses not visited within some days, those never visited first, then the oldest.

        One that was missing or could not be looked at is due again the next day.
        """
        with self._database.session() as session:
            asked = select(SourceCheckRow.url, SourceCheckRow.checked, SourceCheckRow.answer)
            known = {url: (checked, answer) for url, checked, answer in session.execute(asked)}
        # A day's grace: a page that was looked at again the next day is still visited in the week after.
        soon, late = now - timedelta(hours=23), now - timedelta(days=every_days - 1)
        wanted: list[tuple[datetime | None, str]] = []
        for url in urls:
            checked, answer = known.get(url, (None, ""))
            if checked is None or checked <= (soon if answer == "uncertain" else late):
                wanted.append((checked, url))
        never = [url for checked, url in wanted if checked is None]
        return sorted(never) + [url for checked, url in sorted((c, u) for c, u in wanted if c is not None)]

    def keep(self, judged: Judged, now: datetime) -> None:
        """Keep a visit and bring the findings of its address in line with it, all or nothing.

        A finding that is still so keeps what was said of it; one that is not is closed; a silence ends with
        its day, or, where it has none, when the page says something else.
        """
        with self._database.writing() as session:
            _write_check(session, judged.check)
            if judged.found is not None:
                _settle(session, judged.check.url, judged.found, now)

    def close_unnamed(self, urls: Iterable[str], now: datetime) -> int:
        """Close the findings of addresses that no record names any more; return how many there were."""
        named = set(urls)
        with self._database.writing() as session:
            rows = session.scalars(select(FindingRow).where(FindingRow.state != "gone"))
            unnamed = [row for row in rows if row.url not in named]
            for row in unnamed:
                row.state = "gone"
            return len(unnamed)

    def purge(self, now: datetime) -> int:
        """Delete what is no longer so and was found more than a year ago; return how much that was."""
        over = (FindingRow.state == "gone", FindingRow.found <= now - GONE_AFTER)
        with self._database.writing() as session:
            return session.execute(delete(FindingRow).where(*over)).rowcount  # type: ignore[attr-defined]

    def findings(
        self,
        *,
        states: Iterable[str] = ("open",),
        kind: str | None = None,
        record: tuple[str, str] | None = None,
        limit: int = 200,
        skip: int = 0,
    ) -> list[Finding]:
        """Return findings in these states, the newest first."""
        asked = select(FindingRow).where(FindingRow.state.in_(list(states)))
        if kind is not None:
            asked = asked.where(FindingRow.kind == kind)
        if record is not None:
            asked = asked.where(FindingRow.record_type == record[0], FindingRow.record_id == record[1])
        asked = asked.order_by(FindingRow.found.desc(), FindingRow.id.desc()).limit(limit).offset(skip)
        with self._database.session() as session:
            return [_finding(row) for row in session.scalars(asked)]

    def finding(self, id: int) -> Finding | None:
        """Return one finding, whatever its state."""
        with self._database.session() as session:
            row = session.get(FindingRow, id)
            return _finding(row) if row else None

    def counts(self, states: Iterable[str] = ("open",)) -> dict[str, int]:
        """Return how many findings there are of each kind."""
        asked = select(FindingRow.kind, func.count()).where(FindingRow.state.in_(list(states)))
        with self._database.session() as session:
            return dict(Counter(dict(session.execute(asked.group_by(FindingRow.kind)).tuples().all())))

    def silence(self, id: int, by: str, until: date | None) -> None:
        """Silence a false alarm until a day, included, or without one for as long as the page says so.

        Raises:
            LookupError: there is no such finding, or it is no longer so.
        """
        self._mark(id, "silenced", by, until)

    def mark_seen(self, id: int, by: str) -> None:
        """Note that somebody has looked; raises LookupError as `silence` does."""
        self._mark(id, "seen", by)

    def mark_taken(self, id: int, by: str) -> None:
        """Note that a draft was made of the proposal; raises LookupError as `silence` does."""
        self._mark(id, "taken", by)

    def _mark(self, id: int, state: str, by: str, until: date | None = None) -> None:
        with self._database.writing() as session:
            row = session.get(FindingRow, id)
            if row is None or row.state == "gone":
                raise LookupError("This finding is no longer there; look at the list again")
            row.state, row.by, row.until = state, by, until


def _settle(session: Session, url: str, found: Iterable[Found], now: datetime) -> None:
    rows = session.scalars(select(FindingRow).where(FindingRow.url == url, FindingRow.state != "gone"))
    known: dict[tuple[str, str, str, str], FindingRow | None] = {}
    for there in rows:
        known[there.record_type, there.record_id, there.kind, there.place] = there
    drafts = set(session.execute(select(WorkingCopyRow.record_type, WorkingCopyRow.record_id)).tuples())
    for each in found:
        row: FindingRow | None = known.pop((each.record_type, each.record_id, each.kind, each.place), None)
        until = row.until if row is not None and row.state == "silenced" else None
        if row is not None and row.digest != each.digest:
            row.state = "gone"
            row = _new(
                session, each, now, ("silenced", row.by, until) if until and until >= now.date() else None
            )
        elif row is None:
            row = _new(session, each, now, None)
        row.changes, row.proposal = [list(change) for change in each.changes], each.proposal
        row.words = each.words
        over = row.state == "silenced" and row.until is not None and row.until < now.date()
        undone = row.state == "taken" and (row.record_type, row.record_id) not in drafts
        if over or undone:
            row.state, row.until = "open", None
    for left in known.values():
        if left is not None:
            left.state = "gone"


def _new(
    session: Session, each: Found, now: datetime, kept: tuple[str, str | None, date | None] | None
) -> FindingRow:
    state, by, until = kept or ("open", None, None)
    row = FindingRow(
        record_type=each.record_type, record_id=each.record_id, url=each.url, kind=each.kind,
        place=each.place,
        words=each.words, before=each.before, after=each.after, quote=each.quote, changes=[], proposal=None,
        digest=each.digest, found=now, state=state, by=by, until=until,
    )  # fmt: skip
    session.add(row)
    return row


def _write_check(session: Session, check: Check) -> None:
    values: Mapping[str, Any] = {
        "checked": check.checked, "answer": check.answer, "status": check.status,
        "final_url": _short(check.final_url, LONGEST_URL), "etag": _short(check.etag, 500),
        "last_modified": _short(check.last_modified, 100), "digest": check.digest,
        "facts": [fact.as_json() for fact in check.facts], "fails": check.fails, "reason": check.reason[:500],
    }  # fmt: skip
    row = session.get(SourceCheckRow, check.url)
    if row is None:
        session.add(SourceCheckRow(url=check.url, **values))
        return
    for name, value in values.items():
        setattr(row, name, value)


def _short(text: str | None, most: int) -> str | None:
    """Leave out what is too long to be kept: half an ETag would match nothing."""
    return text if text is not None and len(text) <= most else None


def _check(row: SourceCheckRow) -> Check:
    return Check(
        row.url, row.checked, row.answer, row.status, row.final_url, row.etag, row.last_modified, row.digest,
        tuple(fact_of(raw) for raw in row.facts), row.fails, row.reason,
    )  # fmt: skip


def _finding(row: FindingRow) -> Finding:
    return Finding(
        row.id, row.record_type, row.record_id, row.url, row.kind, row.place, row.words, row.before,
        row.after,
        row.quote, row.changes, row.proposal, row.found, row.state, row.by, row.until,
    )  # fmt: skip
