"""Learn to read messages from labelled examples; every choice is made by cross-validation inside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from bot.rasa import learning_acts, learning_needs, lexicon
from bot.rasa.clauses import clauses, tidy
from bot.rasa.examples import Example, Vectors, bearing
from bot.rasa.fitting import sparse
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
    rows, encoded = vectors.of(texts)
    found = [lexicon.pieces(text) for text in texts]
    rarity = lexicon.rarity_of(found)
    pieces = sparse(lexicon.weigh(found, rarity))
    acts = learning_acts.learn([example.act for example in examples], texts, rows, pieces)
    settings: dict[str, Any] = {**acts.settings}
    arrays = {"rarity": rarity, **acts.arrays}
    report = {"messages": len(texts), "texts_encoded_now": encoded, **acts.report}
    asked = bearing(examples)
    places = [place for place, e in enumerate(examples) if e.act in asked and e.needs is not None]
    if any(examples[place].needs for place in places):
        needs = learning_needs.learn(
            [examples[place].needs or () for place in places],
            [examples[place].act for place in places],
            rows[places],
            _clause_vectors([texts[place] for place in places], vectors),
            pieces[places],
        )
        settings.update(needs.settings)
        arrays.update(needs.arrays)
        report.update(needs.report)
    return Settings(encoder=fingerprint, report=report, **settings), arrays


def _clause_vectors(texts: Sequence[str], vectors: Vectors) -> list[np.ndarray]:
    cut = [clauses(text) for text in texts]
    rows, _ = vectors.of([clause for parts in cut for clause in parts])
    return np.split(rows, np.cumsum([len(parts) for parts in cut])[:-1])
