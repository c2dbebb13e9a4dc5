"""How far two labellers agree: ``.venv/bin/python -m tests.understanding.agreement``.

The second labeller's file has a JSON object a line: an id of the messages, an act, and needs.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.figures import CannotMeasure
from tests.understanding import figures, measure, report, scores
from tests.understanding.figures import Row
from tests.understanding.scores import Pair, Pairs

SECOND = Path(__file__).parent / "second_labels.jsonl"
Labels = Sequence[Mapping[str, Any]]


def main() -> int:
    """Print one table; return 1 where a file cannot be read."""
    try:
        first, second = measure.read(measure.MESSAGES), measure.labels(SECOND)
        pairs = both(first, second)
    except CannotMeasure as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{len(pairs)} of {len(first)} messages labelled by both\n")
    print(f"{'':<40}{'agreement':>24}{'of':>6}")
    for figure in figures.figures(rows(pairs)):
        print(f"{figure.name:<40}{report.cell(figure):>24}{figure.count:>6}")
    print("\nActs most often labelled otherwise the second time")
    for label, other, times in scores.confusions(pairs):
        print(f"  {label} labelled {other}: {times}")
    return 0


def both(first: Labels, second: Labels) -> list[Pair]:
    """Pair the labels of the messages that both have labelled, in the first labeller's order.

    Raises:
        CannotMeasure: the second labels a message that is not there, or none that is.
    """
    other = {str(raw["id"]): scores.meaning(raw) for raw in second}
    strange = sorted(set(other) - {str(raw["id"]) for raw in first})
    if strange:
        raise CannotMeasure(
            f"{len(strange)} second labels are of no message, first {strange[0]}; mend their ids"
        )
    pairs = [Pair(scores.meaning(raw), other[str(raw["id"])]) for raw in first if str(raw["id"]) in other]
    if not pairs:
        raise CannotMeasure("no message has been labelled twice")
    return pairs


def rows(pairs: Pairs) -> Iterator[Row]:
    """Acts over all messages; needs over those that either labeller says describe one, and that both do."""
    yield "acts: Cohen's kappa", scores.kappa, pairs, len(pairs)
    yield "acts: exact", scores.accuracy, pairs, len(pairs)
    for who, says in (("either", any), ("both", all)):
        opened = [p for p in pairs if says(each.act == scores.OPENED for each in (p.label, p.bot))]
        yield f"needs, where {who} hear one: micro-F1", scores.needs_f1, opened, len(opened)
        yield f"needs, where {who} hear one: exact set", scores.needs_exact, opened, len(opened)


if __name__ == "__main__":
    sys.exit(main())
