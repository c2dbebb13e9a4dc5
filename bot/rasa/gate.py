"""Hold a newly trained model against the one in place: it takes over only where it reads no worse.

Both read the messages of `tests/understanding/messages.jsonl`, which nothing learns from. Only figures leave
this module, never a message.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from bot.rasa.fitting import macro_f1, micro_f1
from bot.rasa.reader import DESCRIBE_NEED, OUT_OF_SCOPE, Reading

TOLERANCE = 0.005  # half a percentage point: less than any one message of a figure's kind comes to
NOTHING = "–"


class BadYardstick(ValueError):
    """The messages to measure with cannot be read; the message names the line, never its words."""


class Reads(Protocol):
    """A model that reads messages."""

    def read(self, text: str) -> Reading: ...


@dataclass(frozen=True)
class Labelled:
    """A message with what it does and which needs it asks for."""

    text: str
    act: str
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Figure:
    """One share from 0 to 1, of ``count`` messages; None where there is none of them."""

    name: str
    value: float | None
    count: int
    more_is_better: bool = True

    def worse_than(self, old: Figure) -> float:
        """Return by how much this is worse than the old figure; 0 or less where it is not."""
        if self.value is None or old.value is None:
            return 0.0
        return old.value - self.value if self.more_is_better else self.value - old.value


def yardstick(path: Path) -> list[Labelled]:
    """Read the labelled messages, one JSON object a line; none where there is no such file.

    Raises:
        BadYardstick: a line is not as it should be.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as fault:
        raise BadYardstick(f"{path.name} cannot be read ({type(fault).__name__})") from None
    return [_labelled(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]


def _labelled(path: Path, number: int, line: str) -> Labelled:
    try:
        raw = json.loads(line)
        text, act, needs = raw["text"], raw["act"], raw.get("needs") or ()
        if all(isinstance(each, str) for each in (text, act, *needs)) and not isinstance(needs, str):
            return Labelled(text, act, frozenset(needs))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    raise BadYardstick(
        f'{path.name}, line {number}: not a JSON object with "text", "act" and "needs"; mend that line'
    )


def measure(model: Reads, messages: Sequence[Labelled]) -> list[Figure]:
    """Have a model read every message and return its figures, in one order."""
    readings = [model.read(message.text) for message in messages]
    said, meant = [reading.act for reading in readings], [message.act for message in messages]
    opened = [n for n, act in enumerate(meant) if act == DESCRIBE_NEED]
    named = [{need for need, _ in readings[n].needs} for n in opened]
    wanted = [set(messages[n].needs) for n in opened]
    strange = [act == OUT_OF_SCOPE for act in meant]
    strays, good = sum(strange), len(meant) - sum(strange)
    turned_away = [act == OUT_OF_SCOPE for act in said]
    refused = sum(away for away, odd in zip(turned_away, strange, strict=True) if odd)
    lost = sum(turned_away) - refused
    return [
        Figure("acts: macro-F1", _acts(said, meant), len(meant)),
        Figure("needs: micro-F1", _needs(named, wanted), len(opened)),
        Figure("needs: exact set", _share(sum(map(set.__eq__, named, wanted)), len(opened)), len(opened)),
        Figure("out of scope: refused", _share(refused, strays), strays),
        Figure("out of scope: good messages lost", _share(lost, good), good, more_is_better=False),
    ]


def falls(old: Sequence[Figure], new: Sequence[Figure]) -> list[str]:
    """Say of each figure that got worse by more than the tolerance how far it went."""
    return [
        f"{after.name}: {_shown(before)} → {_shown(after)}"
        for before, after in zip(old, new, strict=True)
        if after.worse_than(before) > TOLERANCE + 1e-9
    ]


def table(new: Sequence[Figure], old: Sequence[Figure] | None) -> str:
    """Write the figures of both models beside each other; a dash where there is none."""
    lines = [f"  {'':<36}{'old':>7}{'new':>8}{'of':>7}"]
    for place, figure in enumerate(new):
        before = _shown(old[place]) if old else NOTHING
        lines.append(f"  {figure.name:<36}{before:>7}{_shown(figure):>8}{figure.count:>7}")
    return "\n".join(lines)


def measured_before(load: Callable[[], Reads], messages: Sequence[Labelled]) -> list[Figure] | str:
    """Measure the model in place; where it can no longer read, return why in a word or two."""
    try:
        return measure(load(), messages)
    except Exception as fault:  # made by other code, it may fail in any way: then there is nothing to lose
        return type(fault).__name__


def _acts(said: Sequence[str], meant: Sequence[str]) -> float | None:
    kinds = {act: place for place, act in enumerate(sorted({*said, *meant}))}
    if not meant:
        return None
    return macro_f1(np.asarray([kinds[act] for act in said]), np.asarray([kinds[act] for act in meant]))


def _needs(named: Sequence[set[str]], wanted: Sequence[set[str]]) -> float | None:
    kinds = sorted(set().union(*named, *wanted))
    if not kinds:
        return None
    heard, asked = (np.asarray([[k in needs for k in kinds] for needs in each]) for each in (named, wanted))
    return micro_f1(heard, asked)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _shown(figure: Figure) -> str:
    return NOTHING if figure.value is None else f"{figure.value:.3f}"
