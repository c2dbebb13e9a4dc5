"""What the page of sources does: take a proposal as a draft, silence, mark seen, visit now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bot.console.desk import Desk
from bot.console.forms.workroom import Workroom
from bot.watch.fetch import Fetcher
from bot.watch.rounds import go_round
from bot.watch.visiting import Visitor, agent_name
from bot.web.problems import Problem
from knowledge_base.store.audit import Audit
from knowledge_base.store.sources import Finding, Sources
from knowledge_base.watch.changing import changed
from knowledge_base.watch.quoted import sources_of

AGAIN_SECONDS = 60  # a page is not visited again sooner, however often somebody presses
LONGEST_SILENCE = 366  # days
GONE = "That finding is no longer there: the page or the record has changed. Look at the list again."


@dataclass(frozen=True)
class SourceDesk:
    """The findings, the records they are about, and how a page is visited."""

    desk: Desk
    room: Workroom
    visitor: Callable[[], Visitor]

    @property
    def sources(self) -> Sources:
        return Sources(self.desk.advice.database)

    def finding(self, id: int) -> Finding:
        """Return a finding that still holds; raise Problem for any other."""
        found = self.sources.finding(id) if 0 < id < 2**31 else None
        if found is None or found.state == "gone":
            raise Problem("not_found", GONE)
        return found

    def take(self, id: int, by: str, now: datetime) -> Finding:
        """Put a finding's values into the record's working copy, or into a new one of what is published.

        What others wrote into the working copy stays. Raises Problem, and what `Life.save` raises:
        StaleRecord where somebody saved or published between the reading and the saving.
        """
        found = self.finding(id)
        if not found.changes:
            raise Problem(
                "bad_request", "This finding proposes nothing: open the record and change it by hand."
            )
        life = self.room.life
        copy = life.working(found.record_type, found.record_id)
        published = life.published(found.record_type, found.record_id)
        if copy is None and published is None:
            raise Problem("not_found", "The record this was found about is no longer there.")
        before: dict[str, Any] = copy.document if copy else published[0] if published else {}
        life.save(
            found.record_type, found.record_id, changed(before, found.changes),
            by=by, why=f"{found.words} Seen on {found.url}"[:1_900], now=now,
            version=copy.version if copy else 0, base=published[1] if published else 0,
        )  # fmt: skip
        self._mark(lambda: self.sources.mark_taken(id, by))
        return found

    def silence(self, id: int, by: str, how: str, until: str, now: datetime) -> None:
        """Silence a finding: while the page says so, for some days, or until a day."""
        found = self.finding(id)
        last = _last_day(how, until, now.date())
        self._mark(lambda: self.sources.silence(id, by, last))
        Audit(self.desk.advice.database).note(
            by, "silenced", found.record_id, now, kind=found.kind, until=last.isoformat() if last else None
        )

    def mark_seen(self, id: int, by: str) -> None:
        """Note that somebody has looked."""
        self.finding(id)
        self._mark(lambda: self.sources.mark_seen(id, by))

    def visit(self, record_id: str) -> str:
        """Visit a record's pages now; return what to tell: visited, soon or nothing."""
        catalogue = self.desk.advice.records.catalogue()
        uses = sources_of(catalogue)
        urls = [url for url, each in uses.items() if any(use.record_id == record_id for use in each)]
        if not urls:
            return "nothing"
        now = self.desk.clock()
        checks = {url: self.sources.check(url) for url in urls[:5]}
        again = now - timedelta(seconds=AGAIN_SECONDS)
        due = [url for url, check in checks.items() if check is None or check.checked <= again]
        if not due:
            return "soon"
        go_round(due, catalogue, self.sources, self.visitor(), clock=self.desk.clock, at_once=2)
        return "visited"

    def _mark(self, do: Callable[[], None]) -> None:
        try:
            do()
        except LookupError as gone:
            raise Problem("not_found", GONE) from gone


def visitor_of(desk: Desk) -> Visitor:
    """Return what visits pages for the console, by the rules of every visit."""
    return Visitor(Fetcher(agent_name(desk.env.get("FINGERPOST_PUBLIC_URL"))))


def _last_day(how: str, until: str, today: date) -> date | None:
    """Read how long to be silent; raise Problem where it cannot be read."""
    if how == "text":
        return None
    if how in ("7", "30"):
        return today + timedelta(days=int(how))
    try:
        last = date.fromisoformat(until)
    except ValueError:
        raise Problem("bad_request", "Say until which day, or while the page says so.") from None
    if not today <= last <= today + timedelta(days=LONGEST_SILENCE):
        raise Problem("bad_request", "Say a day from today on, a year ahead at the most.")
    return last
