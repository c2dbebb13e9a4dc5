"""The few models and measures that learning is made of."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, issparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold, StratifiedKFold

from bot.rasa import lexicon

FOLDS = 5
# A class that a fold has not seen can never win there.
NEVER = -30.0

Fold = tuple[np.ndarray, np.ndarray]
Linear = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Parts:
    """Places of messages: those taught in the end, and rounds of (taught, judged) to choose by."""

    taught: np.ndarray
    rounds: tuple[Fold, ...]

    @property
    def judged(self) -> np.ndarray:
        """Return the places judged, round after round: the order of all that is said of them."""
        return np.concatenate([test for _, test in self.rounds])

    def among(self, places: np.ndarray) -> Parts:
        """Return the same parts of some messages only, as places among those; empty rounds are left out."""
        where = {place: n for n, place in enumerate(places.tolist())}

        def kept(some: np.ndarray) -> np.ndarray:
            return np.asarray([where[place] for place in some.tolist() if place in where], dtype=int)

        rounds = tuple((kept(train), kept(test)) for train, test in self.rounds)
        whole = tuple((train, test) for train, test in rounds if len(train) and len(test))
        taught = kept(self.taught)
        return Parts(taught, whole or ((taught, taught),))


def parts(kinds: np.ndarray, aside: np.ndarray, for_choice: np.ndarray, fewest: int) -> Parts:
    """Return which messages teach and which judge.

    The encoder was tuned on most messages, and of those it is too sure: where enough are set aside they alone
    judge. Where there are few messages, as in tests, each is left out in turn.
    """
    taught, judging = np.flatnonzero(~for_choice), aside | for_choice
    if judging.sum() >= fewest:
        return Parts(taught, ((np.flatnonzero(~judging), np.flatnonzero(judging)),))
    return Parts(taught, tuple((taught[train], taught[test]) for train, test in _folds(kinds[taught])))


def _folds(kinds: np.ndarray) -> list[Fold]:
    """Return (train, test) places that hold each kind evenly; a kind rarer than the folds misses some."""
    count = min(FOLDS, int(np.bincount(kinds).max()))
    if count < 2:
        return list(KFold(2, shuffle=True, random_state=0).split(kinds))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return list(StratifiedKFold(count, shuffle=True, random_state=0).split(kinds, kinds))


def one_of_many(
    rows: np.ndarray, target: np.ndarray, kinds: int, strength: float, begun: Linear | None = None
) -> Linear:
    """Return weights and bias of a multinomial regression, one column for each kind.

    It ends sooner where it begins from those of nearly the same messages.
    """
    weights, bias = (
        np.zeros((rows.shape[1], kinds), dtype=np.float32),
        np.full(kinds, NEVER, dtype=np.float32),
    )
    present = np.unique(target)
    if len(present) == 1:
        bias[present] = 0
        return weights, bias
    model = LogisticRegression(
        C=strength, class_weight=_balance(target), max_iter=200, tol=1e-3, warm_start=begun is not None
    )
    if begun is not None and len(present) > 2:
        model.coef_, model.intercept_ = begun[0][:, present].T.copy(), begun[1][present].copy()
    model.fit(rows, target)
    if len(present) == 2:
        half, lean = model.coef_[0] / 2, model.intercept_[0] / 2
        weights[:, present], bias[present] = np.column_stack([-half, half]), [-lean, lean]
    else:
        weights[:, present], bias[present] = model.coef_.T, model.intercept_
    return weights, bias


def each_by_itself(rows: Any, target: np.ndarray, strength: float, balanced: bool = False) -> Linear:
    """Return weights and bias of one yes-or-no regression for each column of the target."""
    weights = np.zeros((rows.shape[1], target.shape[1]), dtype=np.float32)
    bias = np.full(target.shape[1], NEVER, dtype=np.float32)
    balance = _balance(target.argmax(axis=1)) if balanced else {}
    solver = "liblinear" if issparse(rows) else "lbfgs"
    for column in range(target.shape[1]):
        wanted = target[:, column]
        if wanted.any() and not wanted.all():
            weight = {1: balance.get(column, 1.0), 0: 1.0}
            model = LogisticRegression(C=strength, solver=solver, tol=1e-2, class_weight=weight)
            model.fit(rows, wanted.astype(int))
            weights[:, column], bias[column] = model.coef_[0], model.intercept_[0]
    return weights, bias


def _balance(target: np.ndarray) -> dict[int, float]:
    """Return the root of the usual balance: rare kinds are heard, and common ones are still likelier."""
    counts = np.bincount(target)
    return {kind: float(np.sqrt(len(target) / (len(counts) * n))) for kind, n in enumerate(counts) if n}


def temperature(scores: np.ndarray, target: np.ndarray) -> float:
    """Return what scores must be divided by for their chances to be honest."""

    def surprise(divisor: float) -> float:
        shifted = (scores - scores.max(axis=1, keepdims=True)) / divisor
        return float((np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(target)), target]).mean())

    return float(minimize_scalar(surprise, bounds=(0.2, 5.0), method="bounded").x)


def sparse(found: Sequence[lexicon.Pieces]) -> csr_matrix:
    """Return texts' pieces as one matrix, a row for each text."""
    if not found:
        return csr_matrix((0, lexicon.BUCKETS), dtype=np.float32)
    ends = np.cumsum([0, *(len(buckets) for buckets, _ in found)])
    columns, values = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return csr_matrix((values, columns, ends), shape=(len(found), lexicon.BUCKETS))


def micro_f1(named: np.ndarray, target: np.ndarray) -> float:
    """Return the F1 of all yes-or-no answers taken together."""
    return float(2 * (named & target).sum() / max(named.sum() + target.sum(), 1))


def macro_f1(guess: np.ndarray, target: np.ndarray) -> float:
    """Return the mean F1 of the kinds that there are."""
    return float(np.mean([micro_f1(guess == kind, target == kind) for kind in np.unique(target)]))
