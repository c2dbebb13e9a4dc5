"""Learn what kind of stranger a message out of scope is, so that the answer can name the right door."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.rasa import fitting
from bot.rasa.learning_acts import Learned

STRENGTH = 16.0


def learn(families: Sequence[str | None], rows: np.ndarray, parts: fitting.Parts) -> Learned | None:
    """Learn families from each message's label and vector; return None where fewer than two are labelled."""
    labelled = np.asarray([place for place in parts.taught if families[place]], dtype=int)
    kinds = sorted({str(families[place]) for place in labelled})
    if len(kinds) < 2:
        return None
    target = np.asarray([kinds.index(str(families[place])) for place in labelled])
    judged = np.isin(labelled, parts.judged)
    report = {}
    if judged.any() and (~judged).any():
        weights, bias = fitting.one_of_many(rows[labelled[~judged]], target[~judged], len(kinds), STRENGTH)
        guess = (rows[labelled[judged]] @ weights + bias).argmax(axis=1)
        report = {"family_accuracy": round(float((guess == target[judged]).mean()), 4)}
    weights, bias = fitting.one_of_many(rows[labelled], target, len(kinds), STRENGTH)
    arrays = {"family_weights": weights, "family_bias": bias}
    return Learned({"families": tuple(kinds)}, arrays, report)
