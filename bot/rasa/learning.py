"""Learn to read messages from labelled examples; every choice is made by cross-validation inside them."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold, StratifiedKFold

from bot.rasa import lexicon, reader
from bot.rasa.clauses import clauses, tidy, words
from bot.rasa.examples import Example, Vectors, bearing, with_known_needs
from bot.rasa.reader import OUT_OF_SCOPE, Reader, Settings, combine, logit, sigmoid

FOLDS = 5
ACT_STRENGTHS = (4.0, 16.0, 64.0)
NEED_STRENGTHS = (2.0, 6.0)
LEXICAL_STRENGTH = 10.0
CLAUSE_WEIGHTS = (0.0, 0.25, 0.5, 0.75)
LEXICAL_SHARES = (0.0, 0.25, 0.4, 0.55)
MOST_GOOD_LOST = 0.05
# Above this many messages the strength is chosen on a sample: it hardly moves, and the time does.
SAMPLE = 3000


class LearningError(ValueError):
    """The examples cannot teach anything; the message says what is missing."""


def learn(
    examples: Sequence[Example], vectors: Vectors, fingerprint: str
) -> tuple[Settings, dict[str, np.ndarray]]:
    """Return what a Reader needs; raise LearningError when there are not two acts to tell apart."""
    counts = Counter(example.act for example in examples)
    if len(counts) < 2:
        raise LearningError(
            "The training data under data/ holds examples of "
            f"{len(counts)} act(s); at least two are needed. Add `nlu:` examples and train again."
        )
    texts = [tidy(example.text) for example in examples]
    rows, encoded = vectors.of(texts)
    act_settings, arrays = _learn_acts([example.act for example in examples], texts, rows)
    report: dict[str, Any] = {
        "messages": len(texts),
        "texts_encoded_now": encoded,
        **act_settings.pop("report"),
    }
    taught = with_known_needs(examples)
    need_settings: dict[str, Any] = {"needs": ()}
    if any(needs for _, needs in taught):
        places = [place for place, _ in taught]
        need_settings, need_arrays = _learn_needs(
            [texts[p] for p in places], rows[places], [needs for _, needs in taught], vectors
        )
        arrays.update(need_arrays)
        report.update(need_settings.pop("report"))
    settings = Settings(
        encoder=fingerprint, bearing=bearing(examples), report=report, **act_settings, **need_settings
    )
    return settings, arrays


def _learn_acts(
    labels: Sequence[str], texts: Sequence[str], rows: np.ndarray
) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    acts = sorted(set(labels))
    target = np.asarray([acts.index(label) for label in labels])
    folds = _folds(target)
    strength, scores = _best_strength(rows, target, folds, len(acts))
    temperature = float(
        minimize_scalar(lambda t: _surprise(scores / t, target), bounds=(0.2, 5.0), method="bounded").x
    )
    model = _softmax(rows, target, strength)
    chances = np.exp(scores / temperature)
    chances /= chances.sum(axis=1, keepdims=True)
    outside = acts.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in acts else -1
    spoken = np.asarray([len(words(text)) >= reader.SHORT for text in texts])
    limit, arrays, report = _learn_strangers(rows, target, outside, chances, folds, spoken)
    arrays["act_weights"], arrays["act_bias"] = _full(model, len(acts), rows.shape[1])
    guess = chances.argmax(axis=1)
    report.update(
        act_accuracy=_rounded((guess == target).mean()), act_macro_f1=_macro_f1(guess, target, len(acts))
    )
    return (
        {"acts": tuple(acts), "temperature": temperature, "stranger_limit": limit,
         "report": {"act_strength": strength, **report}},
        arrays,
    )  # fmt: skip


def _best_strength(
    rows: np.ndarray, target: np.ndarray, folds: Sequence[Any], kinds: int
) -> tuple[float, np.ndarray]:
    """Return the strength with the best macro-F1, and its scores for messages left out."""
    some = np.arange(len(target))
    if len(target) > SAMPLE:
        some = np.sort(np.random.default_rng(0).permutation(len(target))[:SAMPLE])
    few = _folds(target[some])[:2]
    best = max(
        ACT_STRENGTHS,
        key=lambda c: _f1_of_left_out(_left_out(rows[some], target[some], few, c, kinds), target[some]),
    )
    return best, _left_out(rows, target, folds, best, kinds)


def _left_out(
    rows: np.ndarray, target: np.ndarray, folds: Sequence[Any], strength: float, kinds: int
) -> np.ndarray:
    scores = np.full((len(target), kinds), np.nan)
    for train, test in folds:
        if len(set(target[train].tolist())) < 2:
            scores[test] = 0.0
            continue
        weights, bias = _full(_softmax(rows[train], target[train], strength), kinds, rows.shape[1])
        scores[test] = rows[test] @ weights + bias
    return scores


def _f1_of_left_out(scores: np.ndarray, target: np.ndarray) -> float:
    seen = ~np.isnan(scores[:, 0])
    return _macro_f1(scores[seen].argmax(axis=1), target[seen], scores.shape[1])


def _softmax(rows: np.ndarray, target: np.ndarray, strength: float) -> LogisticRegression:
    counts = np.bincount(target)
    # The root of the usual balance: rare acts are heard, and common ones are still likelier.
    weights = {k: float(np.sqrt(len(target) / (len(counts) * n))) for k, n in enumerate(counts) if n}
    return LogisticRegression(C=strength, class_weight=weights, max_iter=200, tol=1e-3).fit(rows, target)


def _full(model: LogisticRegression, kinds: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Return weights and bias for every act; one that a fold has not seen can never win."""
    weights, bias = np.zeros((width, kinds), dtype=np.float32), np.full(kinds, -30.0, dtype=np.float32)
    if len(model.classes_) == 2:
        half = model.coef_[0] / 2
        weights[:, model.classes_] = np.column_stack([-half, half])
        bias[model.classes_] = [-model.intercept_[0] / 2, model.intercept_[0] / 2]
    else:
        weights[:, model.classes_] = model.coef_.T
        bias[model.classes_] = model.intercept_
    return weights, bias


def _learn_strangers(
    rows: np.ndarray,
    target: np.ndarray,
    outside: int,
    chances: np.ndarray,
    folds: Sequence[Any],
    spoken: np.ndarray,
) -> tuple[float, dict[str, np.ndarray], dict[str, Any]]:
    """Learn when a message is further from everything learned than good messages are."""
    strange = target == outside
    own = chances[:, outside] if outside >= 0 else np.zeros(len(target))
    features = np.zeros((len(target), 4))
    for train, test in folds:
        features[test] = reader.strange_features(
            rows[test], *_landmarks(rows[train], target[train], outside), own[test]
        )
    if strange.sum() >= 2 * FOLDS:
        model = LogisticRegression(class_weight="balanced").fit(features[spoken], strange[spoken])
        weights, bias = model.coef_[0], float(model.intercept_[0])
    else:
        weights, bias = np.asarray([-6.0, -12.0, 0.0, 0.0]), 10.0
    chance = sigmoid(features @ weights + bias)
    limit, lost, caught = _limit(chance[spoken & ~strange], chance[spoken & strange])
    centroids, known, strangers = _landmarks(rows, target, outside)
    arrays = {
        "centroids": centroids, "known": known, "strangers": strangers,
        "strange_weights": weights.astype(np.float32), "strange_bias": np.asarray([bias], dtype=np.float32),
    }  # fmt: skip
    return limit, arrays, {"good_lost": _rounded(lost), "out_of_scope_refused": _rounded(caught)}


def _landmarks(
    rows: np.ndarray, target: np.ndarray, outside: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the middle of each act in scope, the messages in scope, and those out of scope."""
    middles = [rows[target == k].mean(axis=0) for k in sorted(set(target.tolist())) if k != outside]
    centroids = np.asarray(middles or [np.zeros(rows.shape[1])])
    centroids = centroids / np.maximum(np.linalg.norm(centroids, axis=1, keepdims=True), 1e-9)
    return centroids.astype(np.float32), rows[target != outside], rows[target == outside]


def _limit(good: np.ndarray, strange: np.ndarray) -> tuple[float, float, float]:
    """Return the limit that tells most apart, with the shares of good and strange messages beyond it."""
    if not len(good):
        return 1.0, 0.0, 0.0
    if not len(strange):
        limit = float(np.quantile(good, 1 - 0.9 * MOST_GOOD_LOST))
        return limit, float((good > limit).mean()), 0.0
    tries = np.unique(np.quantile(good, np.linspace(1 - MOST_GOOD_LOST, 1, 60)))
    gain = [float((strange > t).mean() - 2 * (good > t).mean()) for t in tries]
    limit = float(tries[int(np.argmax(gain))])
    return limit, float((good > limit).mean()), float((strange > limit).mean())


def _learn_needs(
    texts: Sequence[str], rows: np.ndarray, labels: Sequence[Sequence[str]], vectors: Vectors
) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    needs = tuple(sorted({need for named in labels for need in named}))
    target = np.asarray([[need in named for need in needs] for named in labels])
    parts = _clause_vectors(texts, vectors)
    found = [lexicon.pieces(text) for text in texts]
    rarity = lexicon.rarity_of(found)
    sparse = _sparse(lexicon.weigh(found, rarity))
    folds = list(KFold(FOLDS if len(texts) >= FOLDS else 2, shuffle=True, random_state=0).split(rows))
    left_out = _needs_left_out(rows, sparse, target, parts, folds)
    chosen = max(left_out, key=lambda choice: _best_f1(left_out[choice], target))
    strength, clause_weight, share = chosen
    scores = logit(left_out[chosen])
    scale, shift = _platt(scores, target)
    chances = sigmoid(scale * scores + shift)
    thresholds = _thresholds(chances, target)
    asked = target.any(axis=1)
    floor = float(np.quantile(chances[asked].max(axis=1), 0.05))
    named = reader.choose(chances, thresholds, floor, True)[asked]
    dense, lexical = _one_for_each(rows, target, strength), _one_for_each(sparse, target, LEXICAL_STRENGTH)
    arrays = {
        "need_weights": dense[0], "need_bias": dense[1],
        "lexical_weights": lexical[0], "lexical_bias": lexical[1],
        "rarity": rarity, "thresholds": thresholds,
    }  # fmt: skip
    report = {
        "need_choice": {"strength": strength, "clause_weight": clause_weight, "lexical_share": share},
        "need_messages": int(asked.sum()),
        "need_micro_f1": _rounded(_micro_f1(named, target[asked])),
        "need_exact_set": _rounded((named == target[asked]).all(axis=1).mean()),
    }
    return {"needs": needs, "clause_weight": clause_weight, "lexical_share": share, "need_scale": scale,
            "need_shift": shift, "need_floor": floor, "report": report}, arrays  # fmt: skip


def _clause_vectors(texts: Sequence[str], vectors: Vectors) -> list[np.ndarray]:
    cut = [clauses(text) for text in texts]
    rows, _ = vectors.of([clause for parts in cut for clause in parts])
    ends = np.cumsum([len(parts) for parts in cut])
    return np.split(rows, ends[:-1])


def _needs_left_out(
    rows: np.ndarray, sparse: csr_matrix, target: np.ndarray, parts: list[np.ndarray], folds: Sequence[Any]
) -> dict[tuple[float, float, float], np.ndarray]:
    """Return, for every way of combining, the chances of each message's needs when left out."""
    lexical = np.zeros(target.shape)
    whole = {strength: np.zeros(target.shape) for strength in NEED_STRENGTHS}
    pieces = {
        strength: [np.zeros((len(part), target.shape[1])) for part in parts] for strength in NEED_STRENGTHS
    }
    for train, test in folds:
        weights, bias = _one_for_each(sparse[train], target[train], LEXICAL_STRENGTH)
        lexical[test] = sigmoid(sparse[test] @ weights + bias)
        for strength in NEED_STRENGTHS:
            weights, bias = _one_for_each(rows[train], target[train], strength)
            whole[strength][test] = sigmoid(rows[test] @ weights + bias)
            for place in test:
                pieces[strength][place] = sigmoid(parts[place] @ weights + bias)
    return {
        (strength, clause, share): (1 - share) * combine(whole[strength], pieces[strength], clause)
        + share * lexical
        for strength, clause, share in itertools.product(NEED_STRENGTHS, CLAUSE_WEIGHTS, LEXICAL_SHARES)
    }


def _one_for_each(rows: Any, target: np.ndarray, strength: float) -> tuple[np.ndarray, np.ndarray]:
    """Return weights and bias of one yes-or-no regression for each need."""
    weights = np.zeros((rows.shape[1], target.shape[1]), dtype=np.float32)
    bias = np.full(target.shape[1], -30.0, dtype=np.float32)
    for column in range(target.shape[1]):
        wanted = target[:, column]
        if wanted.any() and not wanted.all():
            model = LogisticRegression(C=strength, solver="liblinear", tol=1e-3).fit(rows, wanted)
            weights[:, column], bias[column] = model.coef_[0], model.intercept_[0]
    return weights, bias


def _platt(scores: np.ndarray, target: np.ndarray) -> tuple[float, float]:
    """Return the scale and shift that make the chances honest on messages left out."""
    model = LogisticRegression(C=1e6).fit(scores.reshape(-1, 1), target.reshape(-1))
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def _thresholds(chances: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Return each need's threshold, drawn half-way to the one that serves all."""
    tries = np.linspace(0.1, 0.8, 36)
    common = max(tries, key=lambda t: _micro_f1(chances >= t, target))
    own = [
        max(tries, key=lambda t, k=k: _micro_f1(chances[:, k] >= t, target[:, k]))
        for k in range(target.shape[1])
    ]
    return np.asarray([(common + t) / 2 for t in own], dtype=np.float32)


def _best_f1(chances: np.ndarray, target: np.ndarray) -> float:
    top = chances >= chances.max(axis=1, keepdims=True)
    asked = target.any(axis=1, keepdims=True)
    return max(_micro_f1((chances >= t) | (top & asked), target) for t in np.linspace(0.1, 0.8, 24))


def _micro_f1(named: np.ndarray, target: np.ndarray) -> float:
    return float(2 * (named & target).sum() / max(named.sum() + target.sum(), 1))


def _macro_f1(guess: np.ndarray, target: np.ndarray, kinds: int) -> float:
    return _rounded(
        np.mean([_micro_f1(guess == k, target == k) for k in range(kinds) if (target == k).any()])
    )


def _surprise(scores: np.ndarray, target: np.ndarray) -> float:
    shifted = scores - scores.max(axis=1, keepdims=True)
    return float((np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(target)), target]).mean())


def _folds(target: np.ndarray) -> list[Any]:
    """Return folds that hold each act evenly; an act rarer than the folds is simply missing from some."""
    most = int(np.bincount(target).max())
    count = max(2, min(FOLDS, most))
    if most < 2:
        return list(KFold(2, shuffle=True, random_state=0).split(target))
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return list(StratifiedKFold(count, shuffle=True, random_state=0).split(target, target))


def _sparse(found: Sequence[tuple[np.ndarray, np.ndarray]]) -> csr_matrix:
    starts = np.concatenate([[0], np.cumsum([len(buckets) for buckets, _ in found])])
    columns = np.concatenate([buckets for buckets, _ in found])
    values = np.concatenate([weights for _, weights in found])
    return csr_matrix((values, columns, starts), shape=(len(found), lexicon.BUCKETS))


def _rounded(value: Any) -> float:
    return round(float(value), 4)


def learned_reader(examples: Sequence[Example], vectors: Vectors, encoder: Any) -> Reader:
    """Return a Reader that has learned from the examples."""
    return Reader(*learn(examples, vectors, encoder.fingerprint), encoder)
