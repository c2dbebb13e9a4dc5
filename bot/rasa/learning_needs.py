"""Learn which needs a message asks for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression

from bot.rasa import fitting, reader
from bot.rasa.features import any_need, logit, need_features, sigmoid
from bot.rasa.learning_acts import Learned
from bot.rasa.learning_texts import Texts
from bot.rasa.reader import DESCRIBE_NEED, for_needs

STRENGTH = 2.0
LEXICAL_STRENGTH = 10.0
NEARLY = 0.02
THRESHOLDS = np.linspace(0.3, 0.8, 26)

Found = tuple[np.ndarray, np.ndarray]


def learn(
    labels: Sequence[Sequence[str]], acts: Sequence[str], texts: Texts, parts: fitting.Parts
) -> tuple[Learned, np.ndarray]:
    """Learn needs from each message's labels and act; return them with how surely those judged ask for any.

    Give it the messages whose act may bear needs, with those that bear none among them. The others are never
    asked for needs, and as examples of none they only make it timid (micro-F1 .618 for .632).
    """
    needs = tuple(sorted({need for named in labels for need in named}))
    every = np.asarray([[need in named for need in needs] for named in labels])
    judged, taught = texts.at(parts.judged), texts.at(parts.taught)
    target, acts = every[parts.judged], [acts[place] for place in parts.judged]
    found = _left_out(texts, every, parts)
    weighing, shifts, left_out = _weighed(_features(*found, judged), target, acts)
    shift = np.asarray([shifts[act] for act in acts])[:, None]
    chances = sigmoid(logit(left_out) + shift)
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
        "need_weighing": weighing,
        "need_shifts": shifts,
        "need_floor": floor,
        "need_threshold": threshold,
    }
    named = reader.choose(chances, threshold, floor, describing)
    wanted = target.any(axis=1)
    report = {
        "need_weighing": weighing,
        "need_messages": int(wanted.sum()),
        "need_micro_f1": round(fitting.micro_f1(named, target), 4),
        "need_exact_set": round(float((named == target).all(axis=1)[wanted].mean()), 4),
    }
    return Learned(settings, arrays, report), any_need(*found[0])


def wanted_in(texts: Texts, learned: Learned) -> np.ndarray:
    """Return how sure it is that messages which were not learned from ask for any need."""
    arrays = learned.arrays
    return any_need(
        sigmoid(for_needs(texts.rows) @ arrays["need_weights"] + arrays["need_bias"]),
        sigmoid(texts.pieces @ arrays["need_lexical_weights"] + arrays["need_lexical_bias"]),
    )


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


def _features(whole: Found, parts: Found, texts: Texts) -> np.ndarray:
    dense, lexical = (texts.split(each) for each in parts)
    return need_features(*whole, dense, lexical, texts.lists)


def _weighed(
    features: np.ndarray, target: np.ndarray, acts: Sequence[str]
) -> tuple[tuple[float, ...], dict[str, float], np.ndarray]:
    """Return how much each thing that speaks for a need weighs, each act's shift, and the chances without it.

    One regression for all needs, over messages that were not learned from, so that its chances are honest. It
    named more right sets than fixed shares of the same things (.670 for .657 of sets, by halves). A question
    about an offer seldom asks for anything new, and a description of a need always does: hence the shifts.
    """
    asked = sorted(set(acts))
    which = np.asarray([[act == one for one in asked] for act in acts], dtype=float)
    rows = np.column_stack(
        [features.reshape(-1, features.shape[-1]), np.repeat(which, features.shape[1], axis=0)]
    )
    model = LogisticRegression(C=10.0, fit_intercept=False, max_iter=1000).fit(rows, target.reshape(-1))
    learned = [float(weight) for weight in model.coef_[0]]
    weighing, shifts = learned[: features.shape[-1]], learned[features.shape[-1] :]
    return tuple(weighing), dict(zip(asked, shifts, strict=True)), sigmoid(features @ np.asarray(weighing))


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


def _worth(named: np.ndarray, target: np.ndarray) -> float:
    """Return micro-F1 and the share of exact sets, together, over messages that ask for anything.

    By micro-F1 alone a doubtful second need is worth naming; who asked for one thing is not helped by it.
    """
    wanted = target.any(axis=1)
    exact = float((named == target).all(axis=1)[wanted].mean())
    return fitting.micro_f1(named[wanted], target[wanted]) + exact
