"""What the page of a roadmap says of the last time it was planned again, and of the steps done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.web.formats import as_day, day, sentence

MARKS = {
    "done": "good",
    "noted": "good",
    "new": "new",
    "reserve": "new",
    "gap_closed": "good",
    "left": "gone",
    "gap_opened": "gone",
}


@dataclass(frozen=True)
class ChangeView:
    """One sentence; ``mark`` is good, new, gone or other."""

    words: str
    mark: str


@dataclass(frozen=True)
class ChangesView:
    """What changed, on which day, and what was done so far; each may be empty."""

    on: str
    changes: tuple[ChangeView, ...]
    done: tuple[tuple[str, str], ...]


def changes_view(document: Mapping[str, Any]) -> ChangesView:
    """Return what there is to say of changes and of steps done; a document may hold neither."""
    told = [change for change in document.get("changes") or () if isinstance(change, Mapping)]
    done = [step for step in document.get("done_steps") or () if isinstance(step, Mapping)]
    return ChangesView(
        on=day(document.get("changed_on")),
        changes=tuple(
            ChangeView(sentence(change.get("words") or ""), MARKS.get(str(change.get("kind")), "other"))
            for change in told
        ),
        done=tuple((str(step.get("name") or step.get("offer")), _noted(step.get("on"))) for step in done),
    )


def _noted(on: Any) -> str:
    return f"Noted on {day(on)}" if as_day(on) else ""
