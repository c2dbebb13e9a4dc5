"""Learn which needs a message asks for."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from bot.rasa import fitting, reader
from bot.rasa.learning_acts import Learned
from bot.rasa.learning_texts import Texts
from bot.rasa.reader import DESCRIBE_NEED, combine, for_needs, logit, mix, sigmoid

STRENGTH = 2.0
LEXICAL_STRENGTH = 10.0
CLAUSE_WEIGHTS = (0.0, 0.25, 0.4)
# On lists made of short needs that were left out, .6 names .79 of them (micro-F1) where .4 names .74.
LIST_WEIGHTS = (0.6, 0.7, 0.8)
CLAUSE_LEXICAL_SHARES = (0.25, 0.5)
NEARLY = 0.02
THRESHOLDS = np.linspace(0.3, 0.8, 26)
LEXICAL_SHARES = (0.0, 0.25, 0.4, 0.55)

Found = tuple[np.ndarray, np.ndarray]


def learn(
    labels: Sequence[Sequence[str]], acts: Sequence[str], texts: Texts, parts: fitting.Parts
) -> tuple[Learned, np.ndarray]:
    """Learn needs from each message's labels and act; return them with the chances of the messages judged.

    Give it the messages whose act may bear needs, with those that bear none among them. The others are never
    asked for needs, and as examples of none they only make it timid (micro-F1 .618 for .632).
    """
    needs = tuple(sorted({need for named in labels for need in named}))
    every = np.asarray([[need in named for need in needs] for named in labels])
    judged, taught = texts.at(parts.judged), texts.at(parts.taught)
    target, acts = every[parts.judged], [acts[place] for place in parts.judged]
    choice, left_out = _chosen(_left_out(texts, every, parts), judged, target)
    scores = logit(left_out)
    scale, shifts = _honest(scores, target, acts)
    shift = np.asarray([shifts[act] for act in acts])[:, None]
    chances = sigmoid(scale * scores + shift)
    describing = np.asarray([act == DESCRIBE_NEED for act in acts])
    floor = _floor(chances, target, describing)
    threshold = _threshold(chances, target, floor, describing)
    weights, bias = fitting.each_by_itself(for_needs(taught.rows), every[parts.taught], STRENGTH)
    lexical_weights, lexical_bias = fitting.each_by_itself(
        taught.pieces, every[parts.taught], LEXICAL_STRENGTH
    )
    arrays = {
        "need_weights": weights,
        "need_bias": bias,
        "need_lexical_weights": lexical_weights,
        "need_lexical_bias": lexical_bias,
    }
    settings = {
        "needs": needs,
        **choice,
        "need_scale": scale,
        "need_shifts": shifts,
        "need_floor": floor,
        "need_threshold": threshold,
    }
    named = reader.choose(chances, threshold, floor, describing)
    wanted = target.any(axis=1)
    report = {
        "need_choice": choice,
        "need_messages": int(wanted.sum()),
        "need_micro_f1": round(fitting.micro_f1(named, target), 4),
        "need_exact_set": round(float((named == target).all(axis=1)[wanted].mean()), 4),
    }
    return Learned(settings, arrays, report), left_out


def chances_of(texts: Texts, learned: Learned) -> np.ndarray:
    """Return the chances of each need in messages that were not learned from."""
    arrays = learned.arrays

    def found(rows: np.ndarray, pieces: Any) -> Found:
        return (
            sigmoid(for_needs(rows) @ arrays["need_weights"] + arrays["need_bias"]),
            sigmoid(pieces @ arrays["need_lexical_weights"] + arrays["need_lexical_bias"]),
        )

    whole = found(texts.rows, texts.pieces)
    parts = found(texts.clause_rows, texts.clause_pieces)
    return _together(whole, parts, texts, learned.report["need_choice"])


def _left_out(texts: Texts, target: np.ndarray, parts: fitting.Parts) -> tuple[Found, Found]:
    """Return what vectors and pieces say of each message judged, and of each clause, without it."""
    found: list[tuple[np.ndarray, ...]] = []
    for train, test in parts.rounds:
        places = texts.clauses_of(test)
        weights, bias = fitting.each_by_itself(for_needs(texts.rows[train]), target[train], STRENGTH)
        lexical, lexical_bias = fitting.each_by_itself(texts.pieces[train], target[train], LEXICAL_STRENGTH)
        found.append(
            (
                sigmoid(for_needs(texts.rows[test]) @ weights + bias),
                sigmoid(texts.pieces[test] @ lexical + lexical_bias),
                sigmoid(for_needs(texts.clause_rows[places]) @ weights + bias),
                sigmoid(texts.clause_pieces[places] @ lexical + lexical_bias),
            )
        )
    whole, whole_lexical, part, part_lexical = (np.concatenate(each) for each in zip(*found, strict=True))
    return (whole, whole_lexical), (part, part_lexical)


def _chosen(
    left_out: tuple[Found, Found], texts: Texts, target: np.ndarray
) -> tuple[dict[str, float], np.ndarray]:
    """Return the best way to combine, and the chances of each message's needs that it gives."""
    names = ("clause_weight", "need_lexical_share", "clause_lexical_share")
    tried = [
        {**dict(zip(names, choice, strict=True)), "list_weight": LIST_WEIGHTS[0]}
        for choice in itertools.product(CLAUSE_WEIGHTS, LEXICAL_SHARES, CLAUSE_LEXICAL_SHARES)
    ]
    best = max(tried, key=lambda c: _best(_together(*left_out, texts, c), target))
    points = texts.lists if texts.lists.any() else np.ones(len(target), dtype=bool)
    lists = [{**best, "list_weight": weight} for weight in LIST_WEIGHTS]
    best = max(lists, key=lambda c: _best(_together(*left_out, texts, c)[points], target[points]))
    return best, _together(*left_out, texts, best)


def _together(whole: Found, parts: Found, texts: Texts, choice: dict[str, float]) -> np.ndarray:
    return combine(
        mix(*whole, choice["need_lexical_share"]),
        texts.split(mix(*parts, choice["clause_lexical_share"])),
        np.where(texts.lists, choice["list_weight"], choice["clause_weight"]),
    )


def _honest(scores: np.ndarray, target: np.ndarray, acts: Sequence[str]) -> tuple[float, dict[str, float]]:
    """Return the scale and each act's shift that make the chances honest on messages left out.

    A question about an offer seldom asks for anything new, and a description of a need always does.
    """
    asked = sorted(set(acts))
    which = np.asarray([[act == one for one in asked] for act in acts], dtype=float)
    features = np.column_stack([scores.reshape(-1), np.repeat(which, scores.shape[1], axis=0)])
    model = LogisticRegression(C=10.0, fit_intercept=False, max_iter=1000).fit(features, target.reshape(-1))
    shifts = dict(zip(asked, (float(shift) for shift in model.coef_[0][1:]), strict=True))
    return float(model.coef_[0][0]), shifts


def _threshold(chances: np.ndarray, target: np.ndarray, floor: float, describing: np.ndarray) -> float:
    """Return the chance from which a need is named: most right needs and most right sets together.

    One threshold serves all needs: one for each, chosen on half of the messages, was worse on the other half
    (exact set .610 for .626), and jumped with every few messages more.
    """

    found = np.asarray(
        [_worth(reader.choose(chances, limit, floor, describing), target) for limit in THRESHOLDS.tolist()]
    )
    # The middle of what is nearly as good stands firmer than the best itself.
    return float(np.median(THRESHOLDS[found >= found.max() - NEARLY]))


def _floor(chances: np.ndarray, target: np.ndarray, describing: np.ndarray) -> float:
    """Return the chance that the best need of nineteen in twenty described needs reaches."""
    described = describing & target.any(axis=1)
    return float(np.quantile(chances[described].max(axis=1), 0.05)) if described.any() else 1.0


def _best(chances: np.ndarray, target: np.ndarray) -> float:
    """Return the most right needs and right sets together that any threshold gives."""
    top = (chances >= chances.max(axis=1, keepdims=True)) & target.any(axis=1, keepdims=True)
    return max(_worth((chances >= limit) | top, target) for limit in np.linspace(0.1, 0.8, 24))


def _worth(named: np.ndarray, target: np.ndarray) -> float:
    """Return micro-F1 and the share of exact sets, together, over messages that ask for anything.

    By micro-F1 alone a doubtful second need is worth naming; who asked for one thing is not helped by it.
    """
    wanted = target.any(axis=1)
    exact = float((named == target).all(axis=1)[wanted].mean())
    return fitting.micro_f1(named[wanted], target[wanted]) + exact
