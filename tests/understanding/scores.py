"""The sums of the yardstick: what share of messages was understood, and how sure that share is."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from knowledge_base.profile import BadProfile, parse_profile

REFUSED = "out_of_scope"
OPENED = "describe_need"
SEED = 20261121
RESAMPLES = 1000


@dataclass(frozen=True)
class Meaning:
    """What one message means: by label, or as the bot read it. ``seconds`` is None where it was not timed.

    ``sure`` holds the confidence, from 0 to 1, of each need that was named with one.
    """

    act: str
    needs: frozenset[str] = frozenset()
    facts: Mapping[str, Any] = field(default_factory=dict)
    confidence: float = 1.0
    seconds: float | None = None
    sure: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Pair:
    """One message: what its label says, and what the bot made of it."""

    label: Meaning
    bot: Meaning


Pairs = Sequence[Pair]
Measure = Callable[[Pairs], float | None]


def meaning(raw: Mapping[str, Any], seconds: float | None = None) -> Meaning:
    """Read a line of labels, or a line the bot wrote; needs may be names, or objects with a ``need``."""
    told = raw.get("needs") or ()
    needs = frozenset(need if isinstance(need, str) else need["need"] for need in told)
    sure = {need["need"]: float(need["confidence"]) for need in told if isinstance(need, Mapping)}
    facts = raw.get("facts") or {}
    return Meaning(raw["act"], needs, facts, float(raw.get("confidence", 1.0)), seconds, sure)


def accuracy(pairs: Pairs) -> float | None:
    """Share of messages whose act is right."""
    return share(pair.label.act == pair.bot.act for pair in pairs)


def macro_f1(pairs: Pairs) -> float | None:
    """F1 of each act among the labels, averaged with equal weight; 0 for one that was never rightly found."""
    labels, said = Counter(pair.label.act for pair in pairs), Counter(pair.bot.act for pair in pairs)
    both = Counter(pair.label.act for pair in pairs if pair.label.act == pair.bot.act)
    return mean([2 * both[act] / (labels[act] + said[act]) for act in labels])


def needs_f1(pairs: Pairs) -> float | None:
    """Micro-F1 of needs: every (message, need) counts once."""
    both = sum(len(pair.label.needs & pair.bot.needs) for pair in pairs)
    either = sum(len(pair.label.needs) + len(pair.bot.needs) for pair in pairs)
    return 2 * both / either if either else None


def needs_exact(pairs: Pairs) -> float | None:
    """Share of messages whose needs are all found, and no others."""
    return share(pair.label.needs == pair.bot.needs for pair in pairs)


def fact_right(fact: str, pair: Pair) -> bool:
    """Say whether the bot heard this fact as labelled; a fact that only one side holds is not right."""
    if fact not in pair.label.facts or fact not in pair.bot.facts:
        return False
    heard = normal(fact, pair.bot.facts[fact])
    return heard is not None and heard == normal(fact, pair.label.facts[fact])


def normal(fact: str, value: Any) -> Any:
    """Spell a fact one way: as a Profile does, without case, lists as sets. None when it cannot be read."""
    try:
        read = getattr(parse_profile({fact: value}), fact)
    except BadProfile:
        return None
    if isinstance(read, tuple):
        return frozenset(word.casefold() for word in read) or None
    return read.casefold() if isinstance(read, str) else read


def fact_precision(facts: Iterable[str], pairs: Pairs) -> float | None:
    """Share right among the times the bot heard one of these facts."""
    return share(fact_right(fact, pair) for fact in facts for pair in pairs if fact in pair.bot.facts)


def fact_recall(facts: Iterable[str], pairs: Pairs) -> float | None:
    """Share right among the times one of these facts is labelled."""
    return share(fact_right(fact, pair) for fact in facts for pair in pairs if fact in pair.label.facts)


def refused(pairs: Pairs) -> float | None:
    """Share of out-of-scope messages that were refused."""
    return share(pair.bot.act == REFUSED for pair in pairs if pair.label.act == REFUSED)


def lost(pairs: Pairs) -> float | None:
    """Share of good messages that were refused."""
    return share(pair.bot.act == REFUSED for pair in pairs if pair.label.act != REFUSED)


def confusions(pairs: Pairs, most: int = 10) -> list[tuple[str, str, int]]:
    """Return the acts most often taken for another: the label, what was made of it, how many times."""
    wrong = Counter((p.label.act, p.bot.act) for p in pairs if p.label.act != p.bot.act)
    ranked = sorted(wrong.items(), key=lambda each: (-each[1], each[0]))
    return [(label, bot, times) for (label, bot), times in ranked[:most]]


def kappa(pairs: Pairs) -> float | None:
    """Cohen's kappa of two labellings' acts: agreement beyond chance; None where chance agrees always."""
    agreed = accuracy(pairs)
    if agreed is None:
        return None
    first, second = Counter(p.label.act for p in pairs), Counter(p.bot.act for p in pairs)
    chance = sum(first[act] * second[act] for act in first) / len(pairs) ** 2
    return (agreed - chance) / (1 - chance) if chance < 1 else None


def latency(percent: int, pairs: Pairs) -> float | None:
    """Milliseconds within which this percentage of the timed messages was answered (nearest rank)."""
    times = sorted(pair.bot.seconds * 1000 for pair in pairs if pair.bot.seconds is not None)
    return times[max(0, -(-len(times) * percent // 100) - 1)] if times else None


def interval(measure: Measure, pairs: Pairs, seed: int = SEED) -> tuple[float, float] | None:
    """95 % bootstrap interval over messages; None where no resample has a figure."""
    dice = random.Random(seed)
    figures = (measure(dice.choices(pairs, k=len(pairs))) for _ in range(RESAMPLES if pairs else 0))
    known = sorted(figure for figure in figures if figure is not None)
    return (known[int(len(known) * 0.025)], known[int(len(known) * 0.975)]) if known else None


def share(truths: Iterable[bool]) -> float | None:
    """Share that is true; None of nothing."""
    return mean([float(truth) for truth in truths])


def mean(figures: Sequence[float]) -> float | None:
    """Plain mean; None of nothing."""
    return sum(figures) / len(figures) if figures else None
