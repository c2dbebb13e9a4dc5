"""Learn to read messages from labelled examples; choices are made by messages that were not learned from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from bot.rasa import (
    fitting,
    learning_acts,
    learning_families,
    learning_needs,
    learning_strangers,
    learning_texts,
)
from bot.rasa.clauses import tidy
from bot.rasa.examples import FEWEST_ASIDE, Example, Vectors, bearing, is_aside
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
    parts = fitting.parts(
        np.asarray([sorted(set(labels)).index(label) for label in labels]),
        np.asarray([is_aside(example.text) for example in examples]),
        np.asarray([example.for_choice for example in examples]),
        FEWEST_ASIDE,
    )
    judged = parts.judged
    read, rarity, encoded = learning_texts.read(texts, vectors, judged)
    wanted, learned = np.zeros(len(judged)), []
    asked = bearing(examples)
    places = np.asarray(
        [n for n, e in enumerate(examples) if e.act in asked and e.needs is not None], dtype=int
    )
    # Acts and needs know nothing of each other, and the solvers leave Python to others: one core for each.
    with ThreadPoolExecutor(1) as beside:
        learning = beside.submit(learning_acts.learn, labels, read.rows, read.pieces, parts)
        if any(examples[place].needs for place in places):
            some = parts.among(places)
            needs, left_out = learning_needs.learn(
                [examples[place].needs or () for place in places],
                [labels[place] for place in places],
                read.at(places),
                some,
            )
            best = dict(zip(places[some.judged].tolist(), left_out.tolist(), strict=True))
            others = learning_needs.wanted_in(read.at(judged), needs)
            wanted = np.asarray(
                [best.get(place, other) for place, other in zip(judged.tolist(), others, strict=True)]
            )
            learned.append(needs)
        acts, chances = learning.result()
    learned.insert(0, acts)
    learned.append(learning_strangers.learn(labels, texts, read.rows, parts, chances, wanted))
    if families := learning_families.learn([example.family for example in examples], read.rows, parts):
        learned.append(families)
    settings: dict[str, Any] = {}
    arrays: dict[str, np.ndarray] = {"rarity": rarity}
    report: dict[str, Any] = {"messages": len(texts), "judged": len(judged), "texts_encoded_now": encoded}
    for each in learned:
        settings.update(each.settings)
        arrays.update(each.arrays)
        report.update(each.report)
    return Settings(encoder=fingerprint, report=report, **settings), arrays
