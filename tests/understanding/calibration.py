"""Whether a confidence means what it says: of what is said at 0.8, four in five are right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.understanding.scores import OPENED, Pairs

BINS = 10
BAR = 20

Said = tuple[float, bool]  # a confidence, and whether what was said with it is right


@dataclass(frozen=True)
class Bin:
    """What was said with confidences of one tenth: their mean, the share that is right, how many."""

    low: float
    high: float
    said: float
    right: float
    count: int

    def as_dict(self) -> dict[str, float]:
        """Return it with figures of four places, for a file."""
        shares = {"low": self.low, "high": self.high, "said": self.said, "right": self.right}
        return {**{name: round(share, 4) for name, share in shares.items()}, "count": self.count}


def acts_said(pairs: Pairs) -> list[Said]:
    """Return the confidence of each message's act, and whether it is right."""
    return [(pair.bot.confidence, pair.bot.act == pair.label.act) for pair in pairs]


def needs_said(pairs: Pairs) -> list[Said]:
    """Return the confidence of every need named, and whether it is labelled.

    Counted are messages that describe a need, by label or as they were read. In other acts a need may well be
    meant, but has no label.
    """
    counted = [pair for pair in pairs if OPENED in (pair.label.act, pair.bot.act)]
    return [
        (chance, need in pair.label.needs)
        for pair in counted
        for need, chance in sorted(pair.bot.sure.items())
    ]


def bins(said: Sequence[Said], count: int = BINS) -> list[Bin]:
    """Sort what was said into bins of equal width; those without anything are left out."""
    held: dict[int, list[Said]] = {}
    for each in said:
        held.setdefault(min(max(int(each[0] * count), 0), count - 1), []).append(each)
    return [
        Bin(
            place / count,
            (place + 1) / count,
            sum(chance for chance, _ in group) / len(group),
            sum(right for _, right in group) / len(group),
            len(group),
        )
        for place, group in sorted(held.items())
    ]


def error(said: Sequence[Said], count: int = BINS) -> float | None:
    """Mean gap between confidence and share right over the bins, weighted by what they hold."""
    if not said:
        return None
    return sum(abs(each.said - each.right) * each.count for each in bins(said, count)) / len(said)


def acts_error(pairs: Pairs) -> float | None:
    """Calibration error of acts."""
    return error(acts_said(pairs))


def needs_error(pairs: Pairs) -> float | None:
    """Calibration error of needs' confidences."""
    return error(needs_said(pairs))


def picture(held: Sequence[Bin]) -> list[str]:
    """Draw the bins: a line each, its bar as long as the share right, ``|`` where the confidence says."""
    lines = [f"{'said':<10}{'mean':>6}{'right':>7}{'of':>6}   0 {'right ·  said |':^{BAR - 2}} 1"]
    for each in held:
        bar = list(("·" * round(each.right * BAR)).ljust(BAR + 1))
        bar[round(each.said * BAR)] = "|"
        name = f"{each.low:.1f} – {each.high:.1f}"
        figures = f"{each.said:>6.2f}{each.right:>7.2f}{each.count:>6}"
        lines.append(f"{name:<10}{figures}   {''.join(bar).rstrip()}")
    return lines
