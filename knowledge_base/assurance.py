"""Who stands for a record and until when, how that is said, and what is due to be looked at again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge_base.records import Assurance, Offer
from knowledge_base.windows import day_words, usable

DUE_WITHIN = 14  # days before `until` from which a record is due
OFTEN = 10  # times shown from which a record nobody ever vouched for is worth a look
MOST_DAYS = 1_096  # three years: longer than that nobody can vouch for a page
NEVER, CURRENT, DUE, OVERDUE, FINDING = "never", "current", "due", "overdue", "finding"
NOT_YET = "not yet checked by the hub"


class BadAssurance(ValueError):
    """What somebody wants to vouch for cannot be vouched for so; the message says why and the way out."""


def standing(assured: Assurance | None, on: date, within: int = DUE_WITHIN) -> str:
    """Say how an assurance stands on a day: never, current, due (``within`` days) or overdue.

    On the day ``until`` names it still holds.
    """
    if assured is None:
        return NEVER
    if assured.until < on:
        return OVERDUE
    return DUE if (assured.until - on).days <= within else CURRENT


def has_lapsed(assured: Assurance | None, on: date, grace_days: int | None) -> bool:
    """Say whether an assurance ran out longer ago than the grace; never where there is none of either."""
    if assured is None or grace_days is None:
        return False
    return (on - assured.until).days > grace_days


def checked_words(assured: Assurance | None, on: date) -> str:
    """Say who stands for a record on a day, to put behind a semicolon."""
    if assured is None:
        return NOT_YET
    if assured.until < on:
        return f"last {_checked(assured)}, due again since {day_words(assured.until)}"
    return _checked(assured)


def overdue_words(told: object, on: date) -> str:
    """Return the badge of a step whose record is due to be checked again on a day; else nothing.

    ``told`` is what a roadmap document holds under ``assured``, which may be older than the day.
    """
    assured = assurance_in(told)
    return checked_words(assured, on) if assured and assured.until < on else ""


def assurance_in(told: object) -> Assurance | None:
    """Read the ``assured`` of a roadmap document; None where there is none that can be read."""
    if not isinstance(told, Mapping):
        return None
    try:
        on, until = date.fromisoformat(str(told.get("on"))), date.fromisoformat(str(told.get("until")))
    except ValueError:
        return None
    return Assurance(str(told.get("by") or "the hub"), on, until)


def vouch(by: str, on: date, until: date) -> Assurance:
    """Return a statement that a record is right.

    Raises:
        BadAssurance: nobody is named, or the day is not after ``on`` or too far off.
    """
    name = " ".join(by.split())
    if not name or len(name) > 200 or not name.isprintable():
        raise BadAssurance("say who vouches for it: a name of at most 200 characters")
    if until <= on:
        raise BadAssurance(
            f"{day_words(until)} is not after {day_words(on)}; name a later day to vouch until"
        )
    if (until - on).days > MOST_DAYS:
        raise BadAssurance(f"{day_words(until)} is more than three years off; vouch for a shorter time")
    return Assurance(name, on, until)


@dataclass(frozen=True, slots=True)
class Due:
    """One record somebody should look at.

    ``standing`` is overdue, due, never or finding, the most pressing there is; ``days`` how many days
    overdue it is, or, below zero, how many are left; ``lapsed`` says that new roadmaps leave it out by now,
    ``leaves`` the first day they do, where it is overdue or due and the hub has a grace. ``version`` is the
    record's, 0 where it is not known.
    """

    offer: str
    name: str
    standing: str
    assured: Assurance | None
    source: str | None
    days: int = 0
    leaves: date | None = None
    lapsed: bool = False
    shown: int = 0
    findings: int = 0
    version: int = 0

    @property
    def words(self) -> str:
        """Why it is on the list, in one clause."""
        said = {
            OVERDUE: f"overdue by {_days(self.days)}",
            DUE: f"due in {_days(-self.days)}" if self.days else "due today",
            NEVER: "never checked by the hub",
            FINDING: "checked",
        }[self.standing]
        parts = [said]
        if self.lapsed:
            parts.append("left out of new roadmaps")
        elif self.leaves is not None and self.standing == OVERDUE:
            parts.append(f"left out of new roadmaps from {day_words(self.leaves)}")
        if self.shown:
            parts.append(f"shown {self.shown} {'time' if self.shown == 1 else 'times'} lately")
        if self.findings:
            found = "something was" if self.findings == 1 else f"{self.findings} things were"
            parts.append(f"{found} found on its source")
        return ", ".join(parts)


def due_list(
    offers: Iterable[Offer],
    on: date,
    *,
    within: int = DUE_WITHIN,
    grace_days: int | None = None,
    often: int = OFTEN,
    shown: Mapping[str, int] | None = None,
    findings: Mapping[str, int] | None = None,
    versions: Mapping[str, int] | None = None,
) -> tuple[Due, ...]:
    """List the published records to look at on a day: overdue (longest first), due, with open findings, and
    those that nobody ever vouched for and that are shown often (most first).

    Args:
        often: how many times shown make a record that was never checked worth a look; 0 lists them all.
        shown: how often each offer was shown lately.
        findings: how many open findings there are on each offer's sources.

    An offer that has ended needs nobody to vouch for it: it is listed for its findings alone.
    """
    shown, findings, versions = shown or {}, findings or {}, versions or {}
    found = []
    for offer in offers:
        if offer.status != "published":
            continue
        stands, open_findings = standing(offer.assured, on, within), findings.get(offer.id, 0)
        times = shown.get(offer.id, 0)
        pressing = stands in (OVERDUE, DUE) or (stands == NEVER and times >= often)
        if usable(offer.window, on).closed:
            pressing = False
        if not pressing and not open_findings:
            continue
        leaves = _leaves(offer.assured, grace_days) if stands in (OVERDUE, DUE) else None
        found.append(
            Due(
                offer.id,
                offer.name,
                stands if pressing or stands == NEVER else FINDING,
                offer.assured,
                offer.source.url,
                (on - offer.assured.until).days if offer.assured and stands in (OVERDUE, DUE) else 0,
                leaves,
                has_lapsed(offer.assured, on, grace_days),
                times,
                open_findings,
                versions.get(offer.id, 0),
            )
        )
    return tuple(sorted(found, key=_pressing))


def _pressing(due: Due) -> tuple[int, int, int, str]:
    order = (OVERDUE, DUE, FINDING, NEVER).index(due.standing)
    if due.standing == NEVER and due.findings:
        order = 2
    return order, -due.days, -due.shown, due.offer


def _leaves(assured: Assurance | None, grace_days: int | None) -> date | None:
    if assured is None or grace_days is None:
        return None
    try:
        return assured.until + timedelta(days=grace_days + 1)
    except OverflowError:
        return None


def _checked(assured: Assurance) -> str:
    return f"checked by the hub on {day_words(assured.on)}"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
