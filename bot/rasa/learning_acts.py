"""Learn what a message does, and when it lies outside everything that was learned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from bot.rasa import fitting, reader
from bot.rasa.clauses import words
from bot.rasa.reader import OUT_OF_SCOPE, blend, sigmoid, softmax

STRENGTHS = (4.0, 16.0, 64.0)
LEXICAL_STRENGTH = 10.0
LEXICAL_SHARES = (0.0, 0.25, 0.5)
SAMPLE = 2000
MOST_GOOD_LOST = 0.05
# Without examples of strangers: nearness to an act and to its messages, weighed as on CLINC150.
UNTAUGHT_WEIGHTS, UNTAUGHT_BIAS = (-6.0, -12.0, 0.0, 0.0), 10.0
FEWEST_STRANGERS = 10


@dataclass(frozen=True)
class Learned:
    """Settings and arrays for the Reader, and what cross-validation measured."""

    settings: dict[str, Any]
    arrays: dict[str, np.ndarray]
    report: dict[str, Any]


def learn(labels: Sequence[str], texts: Sequence[str], rows: np.ndarray, pieces: Any) -> Learned:
    """Learn acts from each message's label, vector and pieces of words."""
    acts = sorted(set(labels))
    target = np.asarray([acts.index(label) for label in labels])
    folds = fitting.folds(target)
    lexical = _lexical_left_out(pieces, target, len(acts), folds)
    strength, share, chances = _best(rows, target, len(acts), folds, lexical)
    temperature = fitting.temperature(np.log(chances), target)
    chances = softmax(np.log(chances) / temperature)
    outside = acts.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in acts else -1
    strangers = _learn_strangers(rows, target, outside, chances, folds, texts)
    weights, bias = fitting.one_of_many(rows, target, len(acts), strength)
    lexical_weights, lexical_bias = fitting.each_by_itself(
        pieces, _columns(target, len(acts)), LEXICAL_STRENGTH, True
    )
    arrays = {
        **strangers.arrays,
        "act_weights": weights,
        "act_bias": bias,
        "act_lexical_weights": lexical_weights,
        "act_lexical_bias": lexical_bias,
    }
    settings = {
        "acts": tuple(acts),
        "act_lexical_share": share,
        "temperature": temperature,
        **strangers.settings,
    }
    report = {"act_choice": {"strength": strength, "lexical_share": share}, **strangers.report}
    return Learned(settings, arrays, report)


def _best(
    rows: np.ndarray, target: np.ndarray, kinds: int, folds: Sequence[fitting.Fold], lexical: np.ndarray
) -> tuple[float, float, np.ndarray]:
    """Return the strength and share with the best macro-F1, and their chances for messages left out."""
    tried = {}
    # One fold, of a sample where there are many, settles the strength: the share moves the figure more.
    train, test = folds[0]
    train = train[:: max(1, len(train) // SAMPLE)]
    for strength in STRENGTHS:
        dense = _dense(rows, target, kinds, strength, train, test)
        tried[strength] = max(
            fitting.macro_f1(blend(dense, lexical[test], share).argmax(axis=1), target[test])
            for share in LEXICAL_SHARES
        )
    strength = max(tried, key=lambda c: tried[c])
    dense = np.empty((len(target), kinds))
    for train, test in folds:
        dense[test] = _dense(rows, target, kinds, strength, train, test)
    blends = {share: blend(dense, lexical, share) for share in LEXICAL_SHARES}
    share = max(blends, key=lambda s: fitting.macro_f1(blends[s].argmax(axis=1), target))
    return strength, share, blends[share]


def _dense(
    rows: np.ndarray, target: np.ndarray, kinds: int, strength: float, train: np.ndarray, test: np.ndarray
) -> np.ndarray:
    weights, bias = fitting.one_of_many(rows[train], target[train], kinds, strength)
    return softmax(rows[test] @ weights + bias)


def _lexical_left_out(
    pieces: Any, target: np.ndarray, kinds: int, folds: Sequence[fitting.Fold]
) -> np.ndarray:
    chances = np.empty((len(target), kinds))
    for train, test in folds:
        weights, bias = fitting.each_by_itself(
            pieces[train], _columns(target[train], kinds), LEXICAL_STRENGTH, True
        )
        chances[test] = sigmoid(pieces[test] @ weights + bias)
    return chances / chances.sum(axis=1, keepdims=True)


def _columns(target: np.ndarray, kinds: int) -> np.ndarray:
    return target[:, None] == np.arange(kinds)


def _learn_strangers(
    rows: np.ndarray,
    target: np.ndarray,
    outside: int,
    chances: np.ndarray,
    folds: Sequence[fitting.Fold],
    texts: Sequence[str],
) -> Learned:
    """Learn when a message is further from everything learned than good messages are."""
    strange = target == outside
    own = chances[:, outside] if outside >= 0 else np.zeros(len(target))
    features = np.empty((len(target), len(UNTAUGHT_WEIGHTS)))
    for train, test in folds:
        landmarks = _landmarks(rows[train], target[train], outside)
        features[test] = reader.strange_features(rows[test], *landmarks, own[test])
    spoken = np.asarray([len(words(text)) >= reader.SHORT for text in texts])
    taught = bool((strange & spoken).sum() >= FEWEST_STRANGERS)
    weights, bias = np.asarray(UNTAUGHT_WEIGHTS), UNTAUGHT_BIAS
    if taught:
        model = LogisticRegression(class_weight="balanced").fit(features[spoken], strange[spoken])
        weights, bias = model.coef_[0], float(model.intercept_[0])
    chance = sigmoid(features @ weights + bias)
    limit = _limit(chance[spoken & ~strange], chance[spoken & strange])
    beyond = np.where(spoken, chance > limit, False)
    centroids, known, strangers = _landmarks(rows, target, outside)
    arrays = {
        "centroids": centroids,
        "known": known,
        "strangers": strangers,
        "strange_weights": weights.astype(np.float32),
        "strange_bias": np.asarray([bias], dtype=np.float32),
    }
    guess = _guess(chances, outside, beyond)
    report = {
        "act_accuracy": round(float((guess == target).mean()), 4),
        "act_macro_f1": round(fitting.macro_f1(guess, target), 4),
        "good_lost": _share(beyond, spoken & ~strange),
        "out_of_scope_refused": _share(beyond, spoken & strange),
    }
    return Learned({"stranger_limit": limit}, arrays, report)


def _guess(chances: np.ndarray, outside: int, beyond: np.ndarray) -> np.ndarray:
    """Return the act that the Reader would name: the limit alone decides what is out of scope."""
    inside = chances.copy()
    if outside >= 0:
        inside[:, outside] = 0
    return np.where(beyond, outside, inside.argmax(axis=1))


def _landmarks(
    rows: np.ndarray, target: np.ndarray, outside: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the middle of each act in scope, the messages in scope, and those out of scope."""
    middles = [rows[target == kind].mean(axis=0) for kind in np.unique(target) if kind != outside]
    centroids = np.asarray(middles or [np.zeros(rows.shape[1])])
    centroids = centroids / np.maximum(np.linalg.norm(centroids, axis=1, keepdims=True), 1e-9)
    return centroids.astype(np.float32), rows[target != outside], rows[target == outside]


def _limit(good: np.ndarray, strange: np.ndarray) -> float:
    """Return the limit that tells most apart while at most 5 % of good messages lie beyond it."""
    if not len(good):
        return 1.0
    if not len(strange):
        return float(np.quantile(good, 1 - 0.9 * MOST_GOOD_LOST))
    tries = np.unique(np.quantile(good, np.linspace(1 - MOST_GOOD_LOST, 1, 60), method="higher"))
    gains = [float((strange > limit).mean() - 2 * (good > limit).mean()) for limit in tries]
    return float(tries[int(np.argmax(gains))])


def _share(beyond: np.ndarray, among: np.ndarray) -> float:
    return round(float(beyond[among].mean()), 4) if among.any() else 0.0
