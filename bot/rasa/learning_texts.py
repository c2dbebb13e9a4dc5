"""Messages as numbers: each one's vector and pieces of words, and those of its clauses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.rasa import fitting, lexicon
from bot.rasa.clauses import clauses, is_list
from bot.rasa.examples import Vectors


@dataclass(frozen=True)
class Texts:
    """A row and pieces for each text; text i has the clauses from ends[i] up to ends[i + 1]."""

    rows: np.ndarray
    pieces: Any
    clause_rows: np.ndarray
    clause_pieces: Any
    ends: np.ndarray
    lists: np.ndarray

    def clauses_of(self, places: np.ndarray) -> np.ndarray:
        """Return the places of the clauses of some texts."""
        spans = [np.arange(self.ends[place], self.ends[place + 1]) for place in places]
        return np.concatenate(spans).astype(int) if spans else np.empty(0, dtype=int)

    def at(self, places: np.ndarray) -> Texts:
        """Return only some of the texts."""
        kept = self.clauses_of(places)
        ends = np.cumsum([0, *(self.ends[places + 1] - self.ends[places])])
        return Texts(
            self.rows[places],
            self.pieces[places],
            self.clause_rows[kept],
            self.clause_pieces[kept],
            ends,
            self.lists[places],
        )

    def split(self, chances: np.ndarray) -> list[np.ndarray]:
        """Return what was found for all clauses, text by text."""
        return np.split(chances, self.ends[1:-1])


def read(texts: Sequence[str], vectors: Vectors, judged: np.ndarray) -> tuple[Texts, np.ndarray, int]:
    """Return the texts as numbers, the rarity of each piece, and how many had to be encoded now.

    Only the texts at the places judged are cut into clauses: nothing is learned from a clause.
    """
    found = [lexicon.pieces(text) for text in texts]
    rarity = lexicon.rarity_of(found)
    cutting = set(judged.tolist())
    cut = [clauses(text) if place in cutting else [] for place, text in enumerate(texts)]
    every = [text[start:end] for text, spans in zip(texts, cut, strict=True) for start, end in spans]
    rows, encoded = vectors.of(texts)
    clause_rows, more = vectors.of_parts(list(zip(texts, cut, strict=True)))
    heard = Texts(
        rows,
        fitting.sparse(lexicon.weigh(found, rarity)),
        clause_rows,
        fitting.sparse(lexicon.weigh([lexicon.pieces(clause) for clause in every], rarity)),
        np.cumsum([0, *(len(parts) for parts in cut)]),
        np.asarray(
            [
                is_list([text[start:end] for start, end in spans])
                for text, spans in zip(texts, cut, strict=True)
            ]
        ),
    )
    return heard, rarity, encoded + more
