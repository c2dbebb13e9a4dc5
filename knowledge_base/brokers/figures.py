"""Count what became of referrals: how soon they were answered, how they ended; small groups stay hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from statistics import median

from knowledge_base.brokers.records import OUTCOMES, Referral, Team

FEWEST_SHOWN = 5
FEWER = f"fewer than {FEWEST_SHOWN}"
DAY = timedelta(days=1)
NOT_KNOWN = ""
STILL_OPEN = "open"


@dataclass(frozen=True, slots=True)
class Group:
    """Some referrals: ``key`` is the code of an area or a need, or a team's id; "" for not known or the lead.

    None stands for what is not shown, as too few stand behind it. ``answered_in_a_day`` and
    ``taken_in_a_day`` are shares, from 0 to 1, of those whose first day is over; ``outcomes`` has every
    outcome, and those still open.
    """

    key: str
    name: str
    count: int | None
    to_first_answer: timedelta | None
    answered_in_a_day: float | None
    taken_in_a_day: float | None
    outcomes: Mapping[str, int | None]

    @property
    def count_words(self) -> str:
        return words_of(self.count)


@dataclass(frozen=True, slots=True)
class Figures:
    """The referrals from ``since`` on and before ``until``: all of them, and by group, the largest first; by
    the month they were asked for in (as 2026-11, of UTC), the first first.

    One with several needs counts in each of them.
    """

    since: datetime
    until: datetime
    all: Group
    by_area: tuple[Group, ...]
    by_need: tuple[Group, ...]
    by_team: tuple[Group, ...]
    by_month: tuple[Group, ...]


def words_of(count: int | None) -> str:
    """A count as it may be shown."""
    return FEWER if count is None else str(count)


def figures(
    referrals: Iterable[Referral], teams: Iterable[Team], since: datetime, until: datetime
) -> Figures:
    """Return the figures of the referrals that were asked for in a time, as they stand at its end.

    What happened at or after ``until`` does not count yet.
    """
    asked = [each for each in referrals if since <= each.consent_at < until]
    names = {team.id: team.name for team in teams}

    def grouped(
        keys: Callable[[Referral], Iterable[str]], parts: bool, called: Mapping[str, str] | None = None
    ) -> tuple[Group, ...]:
        members: dict[str, list[Referral]] = {}
        for each in asked:
            for key in keys(each):
                members.setdefault(key, []).append(each)
        shown = _shown({key: len(some) for key, some in members.items()}, parts)
        made = [_group(key, (called or {}).get(key, key), some, until, shown[key])
                for key, some in members.items()]  # fmt: skip
        return tuple(sorted(made, key=lambda group: (-(group.count or 0), group.key)))

    return Figures(
        since=since,
        until=until,
        all=_group("", "", asked, until, len(asked) if len(asked) >= FEWEST_SHOWN else None),
        by_area=grouped(lambda each: [_area(each)], True),
        by_need=grouped(lambda each: dict.fromkeys(each.needs) or [NOT_KNOWN], False),
        by_team=grouped(lambda each: [each.team or NOT_KNOWN], True, names),
        by_month=tuple(
            sorted(
                grouped(lambda each: [f"{each.consent_at.astimezone(timezone.utc):%Y-%m}"], True),
                key=lambda group: group.key,
            )
        ),
    )


def _group(key: str, name: str, some: Sequence[Referral], until: datetime, count: int | None) -> Group:
    if count is None:
        return Group(key, name, None, None, None, None, dict.fromkeys((*OUTCOMES, STILL_OPEN)))
    answered = [
        (each.first_answer_at - each.consent_at).total_seconds()
        for each in some
        if each.first_answer_at and each.first_answer_at < until
    ]
    over = [each for each in some if each.consent_at + DAY <= until]
    heard = [each for each in over if each.first_answer_at and each.first_answer_at - each.consent_at <= DAY]
    soon = [each for each in over if each.taken_at and each.taken_at - each.consent_at <= DAY]
    ends = [each.state if each.closed_at and each.closed_at < until else STILL_OPEN for each in some]
    return Group(
        key,
        name,
        count,
        timedelta(seconds=median(answered)) if len(answered) >= FEWEST_SHOWN else None,
        len(heard) / len(over) if len(over) >= FEWEST_SHOWN else None,
        len(soon) / len(over) if len(over) >= FEWEST_SHOWN else None,
        _shown({end: ends.count(end) for end in (*OUTCOMES, STILL_OPEN)}, parts=True),
    )


def _shown(counts: Mapping[str, int], parts: bool) -> dict[str, int | None]:
    """Hide what is below five; of ``parts`` of a whole, so many that no difference gives one away."""
    hidden = {key for key, count in counts.items() if count < FEWEST_SHOWN}
    while parts and any(counts[key] for key in hidden) and sum(counts[key] for key in hidden) < FEWEST_SHOWN:
        rest = [key for key in counts if key not in hidden]
        if not rest:
            break
        hidden.add(min(rest, key=lambda key: (counts[key], key)))
    return {key: None if key in hidden else count for key, count in counts.items()}


def _area(referral: Referral) -> str:
    """The area a business is in; not known where there are several it may be in."""
    return referral.areas[0] if len(referral.areas) == 1 else NOT_KNOWN
