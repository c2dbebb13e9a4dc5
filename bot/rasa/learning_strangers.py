"""Learn when a message lies outside everything that was learned, and when a need outweighs a doubtful act."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression

from bot.rasa import fitting, reader
from bot.rasa.clauses import words
from bot.rasa.features import sigmoid, strange_features
from bot.rasa.learning_acts import Learned
from bot.rasa.reader import DESCRIBE_NEED, OUT_OF_SCOPE

MOST_GOOD_LOST = 0.05
# Without examples of strangers: nearness to an act and to its messages, weighed as on CLINC150.
UNTAUGHT_WEIGHTS, UNTAUGHT_BIAS = (-6.0, -12.0, 0.0, 0.0, 0.0), 10.0
FEWEST_STRANGERS = 10
BRIEF = 7
STRENGTHS = np.linspace(0.2, 0.95, 76)
# Nearness to the nearest five of some thousands says as much as to those of all, in half the memory.
MOST_KNOWN = 5000


def learn(
    labels: Sequence[str],
    texts: Sequence[str],
    rows: np.ndarray,
    parts: fitting.Parts,
    chances: np.ndarray,
    wanted: np.ndarray,
) -> Learned:
    """Learn the limits from labels, words and vectors, and from acts and best need of those judged."""
    rows = reader.for_strangers(rows)
    acts = sorted(set(labels))
    every = np.asarray([acts.index(label) for label in labels])
    outside = acts.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in acts else -1
    judged = parts.judged
    target, labels = every[judged], [labels[place] for place in judged]
    texts = [texts[place] for place in judged]
    strange = target == outside
    told = [dict(zip(acts, row, strict=True)) for row in chances.tolist()]
    said = np.asarray([reader.doubts(each, need) for each, need in zip(told, wanted, strict=True)])
    found, begin = [], 0
    for train, test in parts.rounds:
        landmarks = _landmarks(rows[train], every[train], outside)
        found.append(strange_features(rows[test], *landmarks, said[begin : begin + len(test)]))
        begin += len(test)
    features = np.concatenate(found)
    spoken = np.asarray([len(words(text)) >= reader.SHORT for text in texts])
    weights, bias = np.asarray(UNTAUGHT_WEIGHTS), UNTAUGHT_BIAS
    if (strange & spoken).sum() >= FEWEST_STRANGERS:
        model = LogisticRegression(class_weight="balanced").fit(features[spoken], strange[spoken])
        weights, bias = model.coef_[0], float(model.intercept_[0])
    chance = np.where(wanted < reader.NEED_HEARD, sigmoid(features @ weights + bias), 0.0)
    limit = _limit(chance[spoken & ~strange], chance[spoken & strange])
    beyond = np.where(spoken, chance > limit, False)
    settled = [
        reader.settle(each, how, limit) if long else reader.short_answer(text, each)
        for each, how, long, text in zip(told, chance, spoken, texts, strict=True)
    ]
    brief = np.asarray([len(words(text)) <= BRIEF for text in texts])
    strong = _strong(labels, settled, wanted)
    guess = [_best(reader.heard(each, need, strong)) for each, need in zip(settled, wanted, strict=True)]
    taught = parts.taught
    centroids, known, strangers = _landmarks(rows[taught], every[taught], outside)
    arrays = {
        "centroids": centroids,
        "known": known,
        "strangers": strangers,
        "strange_weights": weights.astype(np.float32),
        "strange_bias": np.asarray([bias], dtype=np.float32),
    }
    said_to_be, truth = np.asarray(guess), np.asarray(labels)
    describing = np.asarray([label == DESCRIBE_NEED for label in labels])
    report = {
        "act_accuracy": round(float((said_to_be == truth).mean()), 4),
        "act_macro_f1": round(fitting.macro_f1(said_to_be, truth), 4),
        "good_lost": _share(beyond, spoken & ~strange),
        "needs_lost": _share(beyond, spoken & describing),
        "short_needs_lost": _share(beyond, spoken & describing & brief),
        "out_of_scope_refused": _share(beyond, spoken & strange),
    }
    return Learned({"stranger_limit": limit, "need_strong": strong}, arrays, report)


def _landmarks(
    rows: np.ndarray, target: np.ndarray, outside: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the middle of each act in scope, the messages in scope, and those out of scope."""
    middles = [rows[target == kind].mean(axis=0) for kind in np.unique(target) if kind != outside]
    centroids = np.asarray(middles or [np.zeros(rows.shape[1])])
    centroids = centroids / np.maximum(np.linalg.norm(centroids, axis=1, keepdims=True), 1e-9)
    known = rows[target != outside]
    known = known[:: -(-len(known) // MOST_KNOWN) or 1]
    return centroids.astype(np.float32), known, rows[target == outside]


def _limit(good: np.ndarray, strange: np.ndarray) -> float:
    """Return the limit that tells most apart while at most 5 % of good messages lie beyond it."""
    if not len(good):
        return 1.0
    if not len(strange):
        return float(np.quantile(good, 1 - 0.9 * MOST_GOOD_LOST))
    tries = np.unique(np.quantile(good, np.linspace(1 - MOST_GOOD_LOST, 1, 60), method="higher"))
    gains = [float((strange > limit).mean() - (good > limit).mean()) for limit in tries]
    return float(tries[int(np.argmax(gains))])


def _strong(labels: Sequence[str], settled: Sequence[dict[str, float]], wanted: np.ndarray) -> float:
    """Return the need's chance from which more messages are rightly taken for needs than wrongly."""
    doubtful = [
        (need, label == DESCRIBE_NEED, label == _best(each))
        for label, each, need in zip(labels, settled, wanted, strict=True)
        if reader.hides(each)
    ]
    if not doubtful:
        return 1.0

    def gain(limit: float) -> int:
        return sum(right - wrong for need, right, wrong in doubtful if need >= limit)

    best = max(STRENGTHS, key=gain)
    return float(best) if gain(best) > 0 else 1.0


def _best(chances: dict[str, float]) -> str:
    return max(chances, key=lambda act: chances[act])


def _share(beyond: np.ndarray, among: np.ndarray) -> float:
    return round(float(beyond[among].mean()), 4) if among.any() else 0.0
