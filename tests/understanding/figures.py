"""Which figures the table has, over which messages, each with its interval."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from knowledge_base.words import FACTS
from tests.understanding import calibration, scores
from tests.understanding.scores import Measure, Pairs

FACTS_SCORED = (*FACTS, "refused")

Row = tuple[str, Measure, Pairs, int]


@dataclass(frozen=True)
class Figure:
    """One figure with its 95 % bootstrap interval; ``count`` is how many cases are behind it.

    A value of None means that there was nothing to measure; bounds of None that it was measured once.
    """

    name: str
    value: float | None
    low: float | None = None
    high: float | None = None
    count: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return it for a file, to four places."""
        return {
            name: round(each, 4) if isinstance(each, float) else each for name, each in asdict(self).items()
        }


def read_back(raw: dict[str, Any]) -> Figure:
    """Return the figure that ``as_dict`` wrote."""
    return Figure(**raw)


def figures(rows: Iterator[Row]) -> list[Figure]:
    """Work the rows out."""
    found = []
    for name, measure, over, count in rows:
        low, high = scores.interval(measure, over) or (None, None)
        found.append(Figure(name, measure(over), low, high, count))
    return found


def bot_rows(pairs: Pairs) -> Iterator[Row]:
    """All that is measured of the bot as it answers on the command line."""
    yield from understanding_rows(pairs)
    if any(pair.label.facts for pair in pairs):
        yield from fact_rows(pairs)
    yield from latency_rows("the command, answer to answer", pairs)


def understanding_rows(pairs: Pairs) -> Iterator[Row]:
    """Acts, needs, strangers and how far confidences can be trusted: what any pipeline can be held to."""
    yield "acts: macro-F1", scores.macro_f1, pairs, len(pairs)
    yield "acts: accuracy", scores.accuracy, pairs, len(pairs)
    opened = [pair for pair in pairs if pair.label.act == scores.OPENED]
    yield "needs: micro-F1", scores.needs_f1, opened, len(opened)
    yield "needs: exact set", scores.needs_exact, opened, len(opened)
    for number in sorted({len(pair.label.needs) for pair in opened}):
        some = [pair for pair in opened if len(pair.label.needs) == number]
        yield f"needs: micro-F1, messages with {number}", scores.needs_f1, some, len(some)
        yield f"needs: exact set, messages with {number}", scores.needs_exact, some, len(some)
    strays = [pair for pair in pairs if pair.label.act == scores.REFUSED]
    good = [pair for pair in pairs if pair.label.act != scores.REFUSED]
    yield "out of scope: refused", scores.refused, strays, len(strays)
    yield "out of scope: good messages lost", scores.lost, good, len(good)
    yield "acts: calibration error", calibration.acts_error, pairs, len(pairs)
    yield "needs: calibration error", calibration.needs_error, pairs, len(calibration.needs_said(pairs))


def fact_rows(pairs: Pairs) -> Iterator[Row]:
    """Precision over the times the bot heard a fact, recall over the times it was told."""
    for name, facts in [("all facts", FACTS_SCORED), *((f"fact {fact}", (fact,)) for fact in FACTS_SCORED)]:
        hearing = [pair for pair in pairs if any(fact in pair.bot.facts for fact in facts)]
        telling = [pair for pair in pairs if any(fact in pair.label.facts for fact in facts)]
        heard = sum(fact in pair.bot.facts for pair in hearing for fact in facts)
        told = sum(fact in pair.label.facts for pair in telling for fact in facts)
        yield f"{name}: precision", partial(scores.fact_precision, facts), hearing, heard
        yield f"{name}: recall", partial(scores.fact_recall, facts), telling, told


def latency_rows(what: str, pairs: Pairs) -> Iterator[Row]:
    """Two percentiles of the messages that were timed."""
    timed = sum(pair.bot.seconds is not None for pair in pairs)
    for percent in (50, 95):
        yield f"{what}: p{percent}, ms", partial(scores.latency, percent), pairs, timed


def reliability(pairs: Pairs) -> dict[str, list[dict[str, float]]]:
    """Return the bins of acts and of needs, for a file."""
    said = {"acts": calibration.acts_said(pairs), "needs": calibration.needs_said(pairs)}
    return {name: [each.as_dict() for each in calibration.bins(some)] for name, some in said.items()}


def names(columns: Sequence[Sequence[Figure]]) -> list[str]:
    """Return the figures' names in the order of the first column that has each."""
    return list(dict.fromkeys(figure.name for column in columns for figure in column))
