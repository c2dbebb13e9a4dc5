"""Say what a visit to a source means, given the visit before, and what follows for its records."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from knowledge_base.records import Catalogue
from knowledge_base.watch import compare
from knowledge_base.watch.compare import Found
from knowledge_base.watch.facts import Fact, facts_of, with_earlier
from knowledge_base.watch.page_text import read_page, read_plain
from knowledge_base.watch.quoted import Use

ANSWERS = {
    "valid": "as the record says",
    "changed": "says something else now",
    "moved": "has moved",
    "broken": "is gone",
    "uncertain": "could not be looked at",
}
DAYS_GONE = 2  # a page that is missing on one day may be back on the next


@dataclass(frozen=True, slots=True)
class Visit:
    """What a server gave for one address.

    ``outcome`` is read (a page, in ``body``), unchanged (since the visit before), gone (it says for good),
    missing (no such page, no such host), or uncertain (blocked, failing, too slow, not allowed). ``moved_to``
    is where permanent redirects led; ``reason`` is in plain words where it was not read.
    """

    url: str
    outcome: str
    status: int | None = None
    final_url: str | None = None
    moved_to: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    body: str = ""
    html: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """What is kept of the last visit to a source; ``fails`` counts the days in a row it was missing."""

    url: str
    checked: datetime
    answer: str
    status: int | None = None
    final_url: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None
    facts: tuple[Fact, ...] = ()
    fails: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """The check to keep, and what was found; None for ``found`` leaves open findings as they are."""

    check: Check
    found: tuple[Found, ...] | None


def judge(
    visit: Visit, before: Check | None, uses: Sequence[Use], catalogue: Catalogue, now: datetime
) -> Judged:
    """Hold a visit against the one before and against the records that name the address."""
    if visit.outcome == "uncertain":
        return Judged(_kept(visit, before, "uncertain", now, visit.reason), None)
    if visit.outcome in ("gone", "missing"):
        return _gone(visit, before, uses, now, visit.outcome == "gone")
    facts, digest = _facts(visit, before)
    missing = next((fact for fact in facts if fact.role == "missing"), None)
    if missing is not None:
        told = replace(visit, reason=f"it says “{missing.quote}”", etag=None, last_modified=None)
        return _gone(told, before, uses, now, False)
    found: list[Found] = []
    offers = [catalogue.offers[use.record_id] for use in uses if _own_offer(use, catalogue)]
    for offer in offers:
        found += compare.compare(offer, visit.url, facts, offers, now.date())
    if visit.moved_to:
        front = _front_page(visit.moved_to) and not _front_page(visit.url)
        found += [
            each for use in uses if (each := compare.moved(use, visit.url, visit.moved_to, catalogue, front))
        ]
    answer = "changed" if any(each.kind in ("date", "amount", "closed") for each in found) else "valid"
    if answer == "valid" and visit.moved_to:
        answer = "moved"
    unchanged = visit.outcome == "unchanged" and before is not None
    check = Check(
        visit.url, now, answer, visit.status, visit.final_url,
        visit.etag or (before.etag if unchanged and before else None),
        visit.last_modified or (before.last_modified if unchanged and before else None),
        digest, tuple(facts), 0,
    )  # fmt: skip
    return Judged(check, tuple(found))


def _facts(visit: Visit, before: Check | None) -> tuple[list[Fact], str | None]:
    if visit.outcome == "unchanged" and before is not None:
        return list(before.facts), before.digest
    if not visit.body:
        return [], None
    page = read_page(visit.body) if visit.html else read_plain(visit.body)
    earlier = list(before.facts) if before and before.digest else None
    digest = hashlib.sha256(page.main.encode("utf-8", "replace")).hexdigest()
    return with_earlier(facts_of(page), earlier), digest


def _own_offer(use: Use, catalogue: Catalogue) -> bool:
    return use.record_type == "offer" and use.own and use.record_id in catalogue.offers


def _gone(visit: Visit, before: Check | None, uses: Iterable[Use], now: datetime, for_good: bool) -> Judged:
    earlier = before.fails if before else 0
    same_day = before is not None and earlier > 0 and before.checked.date() == now.date()
    fails = earlier if same_day else earlier + 1
    if not for_good and fails < DAYS_GONE:
        reason = f"{visit.reason}; looked at again on another day before it is called gone"
        return Judged(replace(_kept(visit, before, "uncertain", now, reason), fails=fails), None)
    found = tuple(compare.broken(use, visit.url, visit.reason) for use in uses)
    return Judged(replace(_kept(visit, before, "broken", now, visit.reason), fails=fails), found)


def _kept(visit: Visit, before: Check | None, answer: str, now: datetime, reason: str) -> Check:
    """Return a check that keeps what the last good visit saw."""
    return Check(
        visit.url, now, answer, visit.status, visit.final_url,
        before.etag if before else None, before.last_modified if before else None,
        before.digest if before else None, before.facts if before else (),
        before.fails if before else 0, reason,
    )  # fmt: skip


def _front_page(url: str) -> bool:
    parts = urlsplit(url)
    return (
        parts.path.strip("/") in ("", "index.html", "en", "cy", "de", "sv", "da", "pl", "hu", "home")
        and not parts.query
    )
