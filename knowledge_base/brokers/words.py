"""Say in plain words what a team looks after, and what became of a referral."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from knowledge_base import labels
from knowledge_base.brokers.records import HELPED, IN_CONTACT, NEW, NOT_FOR_US, TAKEN, UNREACHABLE, Team

STATE_WORDS = {
    NEW: "waiting for somebody",
    TAKEN: "taken, not answered yet",
    IN_CONTACT: "in contact",
    HELPED: "helped",
    NOT_FOR_US: "not for us",
    UNREACHABLE: "could not be reached",
}


def rules(team: Team, names: Mapping[str, str]) -> str:
    """Return a team's rules as a sentence; ``names`` are the areas' names by code."""
    where = f"in {either(names.get(code, code) for code in team.areas)}" if team.areas else "everywhere"
    # The labels are spoken to owners; here they are spoken of.
    wanted = [words.replace(" your ", " their ") for words in labels.needs(team.needs)]
    wants = f" that want {either(wanted)}" if wanted else ", whatever they want"
    does = either(labels.code_told("sector", code) for code in team.sectors)
    return f"Takes businesses {where}{wants}{f', in {does}' if does else ', of every sector'}."


def either(words: Iterable[str]) -> str:
    """“a”, “a or b”, “a, b or c”."""
    listed = [*words]
    return " or ".join(filter(None, (", ".join(listed[:-1]), *listed[-1:])))


def long(waited: timedelta) -> str:
    """Return how long something took, in the largest whole unit: “3 days”, “5 hours”, “less than an hour”."""
    hours = max(0, int(waited.total_seconds() // 3600))
    if hours < 1:
        return "less than an hour"
    count, unit = (hours, "hour") if hours < 48 else (hours // 24, "day")
    return f"{count} {unit}{'' if count == 1 else 's'}"
