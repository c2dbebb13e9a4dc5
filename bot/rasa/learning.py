"""Learn to read messages from labelled examples; every choice is made by cross-validation inside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from bot.rasa import learning_acts, learning_needs, lexicon
from bot.rasa.clauses import clauses, tidy
from bot.rasa.examples import Example, Vectors, bearing, with_known_needs
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
    taught = with_known_needs(examples)
    if any(needs for _, needs in taught):
        places = [place for place, _ in taught]
        needs = learning_needs.learn(
            [named for _, named in taught],
            [examples[place].act for place in places],
            bearing(examples),
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
