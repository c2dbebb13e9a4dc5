"""What speaks for a need or a stranger, as numbers that are weighed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

NEIGHBOURS = 5


def need_features(
    whole: np.ndarray,
    lexical: np.ndarray,
    clauses: Sequence[np.ndarray],
    clause_lexical: Sequence[np.ndarray],
    lists: np.ndarray,
) -> np.ndarray:
    """Return what speaks for each need of each message, shape (messages, needs, 6).

    The vector's and the pieces' word on the message, and on the clause that asks for it most (the message
    itself where it is one clause); the likeliest other need; and the clauses' word once more where they are
    the points of a list.
    """
    best, best_lexical = _strongest(whole, clauses), _strongest(lexical, clause_lexical)
    said = np.column_stack([(whole + lexical) / 2, np.zeros(len(whole))])
    first, second = (np.sort(said, axis=1)[:, [place]] for place in (-1, -2))
    other = np.where(said[:, :-1] >= first, second, first)
    of_list = np.where(lists[:, None], logit(best), 0.0)
    found = [
        *(logit(each) for each in (whole, lexical, best, best_lexical, other)),
        of_list,
    ]
    return np.stack(found, axis=-1)


def any_need(whole: np.ndarray, lexical: np.ndarray) -> np.ndarray:
    """Return for each message the chance of its likeliest need, clauses and other needs left aside.

    A clause of a stranger's message may sound like a need: with clauses one stranger in sixty more passed.
    """
    chances: np.ndarray = mix(whole, lexical, 0.5).max(axis=1)
    return chances


def _strongest(whole: np.ndarray, parts: Sequence[np.ndarray]) -> np.ndarray:
    """Return the highest chance that any clause of a message gives each need."""
    return np.asarray(
        [part.max(axis=0) if len(part) else row for row, part in zip(whole, parts, strict=True)]
    )


def strange_features(
    vectors: np.ndarray, centroids: np.ndarray, known: np.ndarray, strangers: np.ndarray, said: np.ndarray
) -> np.ndarray:
    """Return for each vector: nearness to an act, to known messages, to strangers; what `doubts` says."""
    return np.column_stack(
        [
            (vectors @ centroids.T).max(axis=1),
            _nearest(vectors, known),
            _nearest(vectors, strangers),
            np.clip(logit(said), -8, 8),
        ]
    )


def _nearest(vectors: np.ndarray, others: np.ndarray) -> np.ndarray:
    if not len(others):
        return np.zeros(len(vectors), dtype=np.float32)
    count = min(NEIGHBOURS, len(others))
    return np.partition(vectors @ others.T, -count, axis=1)[:, -count:].mean(axis=1)


def softmax(scores: np.ndarray) -> np.ndarray:
    """Return the chances, along the last axis, that belong to scores of which one must win."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return raised / raised.sum(axis=-1, keepdims=True)


def sigmoid(scores: np.ndarray) -> np.ndarray:
    """Return the chance that belongs to each score."""
    return 1 / (1 + np.exp(-np.clip(scores, -30, 30)))


def logit(chances: np.ndarray) -> np.ndarray:
    """Return the score that belongs to each chance, kept finite."""
    kept = np.clip(chances, 1e-6, 1 - 1e-6)
    return np.log(kept / (1 - kept))


def blend(dense: np.ndarray, lexical: np.ndarray, share: float) -> np.ndarray:
    """Return the chances of two classifiers as one; none is ever nought."""
    return np.clip(mix(dense, lexical, share), 1e-9, 1.0)


def mix(dense: np.ndarray, lexical: np.ndarray, share: float) -> np.ndarray:
    """Return the chances of two classifiers as one."""
    return (1 - share) * dense + share * lexical
