"""Learn to read messages from labelled examples; every choice is made by cross-validation inside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from bot.rasa import learning_acts, learning_needs, learning_strangers, learning_texts
from bot.rasa.clauses import tidy
from bot.rasa.examples import Example, Vectors, bearing
from bot.rasa.reader import Reader, Settings
from knowledge_base.encoder import Encoder


class LearningError(ValueError):
    """The examples cannot teach anything; the message says what is missing."""


def learned_reader(examples: Sequence[Example], vectors: Vectors, encoder: Encoder) -> Reader:
    """Return a Reader that has learned from the examples."""
    return Reader(*learn(examples, vectors, encoder.fingerprint), encoder)


def learn(
    examples: Sequence[Example], vectors: Vectors, fingerprint: str
) -> tuple[Settings, dict[str, np.ndarray]]:
    """Return what a Reader needs; raise LearningError when there are not two acts to tell apart."""
    kinds = len(Counter(example.act for example in examples))
    if kinds < 2:
        raise LearningError(
            f"The training data under data/ holds examples of {kinds} act(s); at least two are needed. "
            "Add `nlu:` examples and train again."
        )
    texts = [tidy(example.text) for example in examples]
    labels = [example.act for example in examples]
    read, rarity, encoded = learning_texts.read(texts, vectors)
    acts, chances = learning_acts.learn(labels, read.rows, read.pieces)
    learned, wanted = [acts], np.zeros(len(texts))
    asked = bearing(examples)
    places = np.asarray(
        [n for n, e in enumerate(examples) if e.act in asked and e.needs is not None], dtype=int
    )
    if any(examples[place].needs for place in places):
        needs, left_out = learning_needs.learn(
            [examples[place].needs or () for place in places],
            [labels[place] for place in places],
            read.at(places),
        )
        wanted = learning_needs.chances_of(read, needs).max(axis=1)
        wanted[places] = left_out.max(axis=1)
        learned.append(needs)
    learned.append(learning_strangers.learn(labels, texts, read.rows, chances, wanted))
    settings: dict[str, Any] = {}
    arrays: dict[str, np.ndarray] = {"rarity": rarity}
    report: dict[str, Any] = {"messages": len(texts), "texts_encoded_now": encoded}
    for each in learned:
        settings.update(each.settings)
        arrays.update(each.arrays)
        report.update(each.report)
    return Settings(encoder=fingerprint, report=report, **settings), arrays
