"""Learn what a message does."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.rasa import fitting
from bot.rasa.features import blend, sigmoid, softmax

STRENGTHS = (4.0, 16.0, 64.0)
LEXICAL_STRENGTH = 10.0
LEXICAL_SHARES = (0.0, 0.25, 0.5)
SAMPLE = 2000


@dataclass(frozen=True)
class Learned:
    """Settings and arrays for the Reader, and what cross-validation measured."""

    settings: dict[str, Any]
    arrays: dict[str, np.ndarray]
    report: dict[str, Any]


def learn(
    labels: Sequence[str], rows: np.ndarray, pieces: Any, parts: fitting.Parts
) -> tuple[Learned, np.ndarray]:
    """Learn acts from labels, vectors and pieces; return them with the chances of the messages judged."""
    acts = sorted(set(labels))
    target = np.asarray([acts.index(label) for label in labels])
    taught = parts.taught
    # Two cores: what is learned from pieces in the end is learned beside what is learned from vectors.
    with ThreadPoolExecutor(1) as beside:
        left_out = beside.submit(_lexical_left_out, pieces, target, len(acts), parts)
        lexical = beside.submit(
            fitting.each_by_itself,
            pieces[taught],
            _columns(target[taught], len(acts)),
            LEXICAL_STRENGTH,
            True,
        )
        strength, share, chances, begun = _best(rows, target, len(acts), parts, left_out)
        weights, bias = fitting.one_of_many(rows[taught], target[taught], len(acts), strength, begun)
        lexical_weights, lexical_bias = lexical.result()
    temperature = fitting.temperature(np.log(chances), target[parts.judged])
    chances = softmax(np.log(chances) / temperature)
    arrays = {
        "act_weights": weights,
        "act_bias": bias,
        "act_lexical_weights": lexical_weights,
        "act_lexical_bias": lexical_bias,
    }
    settings = {
        "acts": tuple(acts),
        "act_lexical_share": share,
        "temperature": temperature,
    }
    report = {"act_choice": {"strength": strength, "lexical_share": share}}
    return Learned(settings, arrays, report), chances


def _best(
    rows: np.ndarray, target: np.ndarray, kinds: int, parts: fitting.Parts, left_out: Future[np.ndarray]
) -> tuple[float, float, np.ndarray, fitting.Linear]:
    """Return the strength and share with the best macro-F1, and what they say of the messages judged.

    The weights of the last round come along: what is learned from all messages begins from them.
    """
    # One round, of a sample where there are many, settles the strength: the share moves the figure more.
    train, test = parts.rounds[0]
    train = train[:: max(1, len(train) // SAMPLE)]
    tried = {each: _dense(rows, target, kinds, each, train, test)[0] for each in STRENGTHS}
    lexical = left_out.result()
    worth = {
        each: max(
            fitting.macro_f1(blend(dense, lexical[: len(test)], share).argmax(axis=1), target[test])
            for share in LEXICAL_SHARES
        )
        for each, dense in tried.items()
    }
    strength = max(worth, key=lambda each: worth[each])
    rounds = [_dense(rows, target, kinds, strength, train, test) for train, test in parts.rounds]
    dense = np.concatenate([chances for chances, _ in rounds])
    blends = {share: blend(dense, lexical, share) for share in LEXICAL_SHARES}
    truth = target[parts.judged]
    share = max(blends, key=lambda s: fitting.macro_f1(blends[s].argmax(axis=1), truth))
    return strength, share, blends[share], rounds[-1][1]


def _dense(
    rows: np.ndarray, target: np.ndarray, kinds: int, strength: float, train: np.ndarray, test: np.ndarray
) -> tuple[np.ndarray, fitting.Linear]:
    weights, bias = fitting.one_of_many(rows[train], target[train], kinds, strength)
    return softmax(rows[test] @ weights + bias), (weights, bias)


def _lexical_left_out(pieces: Any, target: np.ndarray, kinds: int, parts: fitting.Parts) -> np.ndarray:
    found = []
    for train, test in parts.rounds:
        weights, bias = fitting.each_by_itself(
            pieces[train], _columns(target[train], kinds), LEXICAL_STRENGTH, True
        )
        found.append(sigmoid(pieces[test] @ weights + bias))
    chances = np.concatenate(found)
    return chances / chances.sum(axis=1, keepdims=True)


def _columns(target: np.ndarray, kinds: int) -> np.ndarray:
    return target[:, None] == np.arange(kinds)
