"""How close offers come to what an owner said: from vectors to a figure between 0 and 1, in coarse steps.

Sentence vectors of offers and of owners' words all lie close together, so a plain cosine says little. What
counts is how far an offer stands out: its cosine less the median over all offers for the same need. Below
`NOISE` nobody stands out, and nobody is closer than another. The constants were set on
`tests/core/closeness_probes.yml`; `tests/core/test_closeness.py` measures them again.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from knowledge_base.records import Criterion, Offer

DIMENSIONS = 384
SCALE = 256.0  # no entry of a unit vector of this encoder is above 0.25; a byte holds up to 0.5
MOST_PIECES = 4  # sentences remembered of what was said
TAG = 8  # characters that tell one encoder from another
NOISE = 0.10  # what stands out less than this stands out in words without meaning too
PLAINLY = 0.20  # what stands out so far is as close as can be told
# From which part of the best an offer counts as close, and as how close.
STEPS = ((0.875, 1.0), (0.625, 0.75), (0.375, 0.5))


def texts_of(offer: Offer) -> tuple[str, ...]:
    """Return the texts an offer is found by: its names, its summary, and all that its record tells.

    The nearest of the three counts. Measured, three do better than any one, and conditions one by one do
    worse: they say who may apply, and not what for.
    """
    words = [f"{offer.name}.", offer.summary, *_said(offer.criteria), offer.evidence or ""]
    texts = (", ".join((offer.name, *offer.aliases)), offer.summary, " ".join(filter(None, words)))
    return tuple(dict.fromkeys(text for text in texts if text.strip()))


def _said(criteria: Sequence[Criterion]) -> list[str]:
    return [criterion.words for criterion in criteria]


def digest(offer: Offer) -> str:
    """Return what changes whenever a text of an offer does."""
    return hashlib.sha256("\0".join(texts_of(offer)).encode("utf-8", "surrogatepass")).hexdigest()


def pack(vectors: np.ndarray) -> bytes:
    """Write vectors, a row each, as one signed byte a number."""
    return np.clip(np.rint(vectors * SCALE), -127, 127).astype(np.int8).tobytes()


def unpack(packed: bytes) -> np.ndarray:
    """Read what `pack` wrote, as float32; raise ValueError for anything else."""
    return np.frombuffer(packed, dtype=np.int8).reshape(-1, DIMENSIONS).astype(np.float32) / SCALE


def write_near(encoder: str, vectors: np.ndarray) -> str | None:
    """Write what was said as an opaque text: the encoder's mark, then 512 characters for each sentence."""
    if not len(vectors):
        return None
    rows = [base64.b64encode(pack(row)).decode("ascii") for row in vectors[:MOST_PIECES]]
    return ".".join([encoder[:TAG], *rows])


def read_near(near: str) -> tuple[str, np.ndarray] | None:
    """Read what `write_near` wrote: the encoder's mark and the vectors; None for anything else."""
    tag, *rows = near.split(".", MOST_PIECES + 1)
    if len(tag) != TAG or not 0 < len(rows) <= MOST_PIECES:
        return None
    try:
        vectors = [unpack(base64.b64decode(row, validate=True)) for row in rows]
    except (ValueError, binascii.Error):
        return None
    if any(len(vector) != 1 for vector in vectors):
        return None
    return tag, np.concatenate(vectors)


def joined(before: str | None, now: str | None) -> str | None:
    """Add what was said now to what was said before; the oldest sentences give way."""
    if before is None or now is None:
        return now or before
    tag, *rows = now.split(".")
    before_tag, *older = before.split(".")
    if before_tag != tag:
        return now
    return ".".join([tag, *list(dict.fromkeys([*rows, *older]))[:MOST_PIECES]])


@dataclass(frozen=True)
class Landscape:
    """The offers of one catalogue by their vectors, each offer's rows together."""

    rows: np.ndarray
    starts: np.ndarray
    at: Mapping[str, int]
    by_need: Mapping[str, np.ndarray]

    @classmethod
    def of(cls, by_need: Mapping[str, Sequence[Offer]], packed: Mapping[str, bytes]) -> Landscape:
        """Lay out the offers for each need; ``packed`` holds the vectors by id, as far as they are known."""
        known = sorted(id for id in packed if packed[id])
        at = {id: place for place, id in enumerate(known)}
        lengths = [len(packed[id]) // DIMENSIONS for id in known]
        return cls(
            unpack(b"".join(packed[id] for id in known)),
            np.cumsum([0, *lengths])[:-1],
            at,
            {
                need: np.array([at[offer.id] for offer in offers if offer.id in at], dtype=int)
                for need, offers in by_need.items()
            },
        )

    def figures(self, near: str, serving: Mapping[str, Collection[str]]) -> dict[str, float]:
        """Give each offer a figure, for every need for which one stands out; an offer left out is neutral.

        ``serving`` names by need the offers that may be used. Each need is looked at by itself, so that what
        was said for one does not push the offers for another aside; an offer's highest figure counts.
        """
        figures: dict[str, float] = {}
        for need, ids in serving.items():
            known = [id for id in ids if id in self.at]
            if not known or not len(self.by_need.get(need, ())):
                continue
            cosines = self._cosines(near)
            usual = np.median(cosines[self.by_need[need]], axis=0)
            out = (cosines[[self.at[id] for id in known]] - usual).max(axis=1)
            best = float(out.max())
            if best < NOISE:
                continue
            parts = out / max(best, PLAINLY)
            for id, part in zip(known, parts.tolist(), strict=True):
                figure = next((step for least, step in STEPS if part >= least), 0.0)
                figures[id] = max(figure, figures.get(id, 0.0))
        return figures

    @cached_property
    def _cosines(self) -> Callable[[str], np.ndarray]:
        """Return an offer a row, a sentence a column, the nearest text of an offer counting.

        A conversation asks the same again with every fact it tells, so the last few are remembered.
        """
        return lru_cache(maxsize=32)(self._measured)

    def _measured(self, near: str) -> np.ndarray:
        found = read_near(near)
        sentences = found[1] if found else np.zeros((1, DIMENSIONS), dtype=np.float32)
        return np.maximum.reduceat(self.rows @ sentences.T, self.starts, axis=0)
