"""Turn a text into counted pieces of words: what a sentence vector forgets, such as a scheme's very name."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from zlib import crc32

import numpy as np

from bot.rasa.clauses import words

BUCKETS = 1 << 16

Pieces = tuple[np.ndarray, np.ndarray]


def pieces(text: str) -> Pieces:
    """Return the buckets of a text and how much is in each: words, pairs of words, runs of 3 to 5 letters."""
    found = words(text)
    grams = [f"w {word}" for word in found] + [f"p {a} {b}" for a, b in pairwise(found)]
    for word in found:
        padded = f" {word} "
        grams += [padded[i : i + n] for n in (3, 4, 5) for i in range(len(padded) - n + 1)]
    counts = Counter(crc32(gram.encode()) % BUCKETS for gram in grams)
    buckets = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
    weights = np.fromiter((1 + math.log(n) for n in counts.values()), dtype=np.float32, count=len(counts))
    return buckets, weights


def weigh(found: Sequence[Pieces], rarity: np.ndarray) -> list[Pieces]:
    """Return the same pieces weighted by how rare each is, of unit length."""
    weighted = []
    for buckets, weights in found:
        values = weights * rarity[buckets]
        weighted.append((buckets, values / max(float(np.linalg.norm(values)), 1e-9)))
    return weighted


def rarity_of(found: Sequence[Pieces]) -> np.ndarray:
    """Return the inverse document frequency of every bucket; nought where fewer than two texts have it."""
    seen = np.zeros(BUCKETS, dtype=np.float32)
    for buckets, _ in found:
        seen[buckets] += 1
    return np.where(seen >= 2, np.log((1 + len(found)) / (1 + seen)) + 1, 0).astype(np.float32)
