"""What the sentence encoder makes of offers and of owners' words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import yaml
from tokenizers import Tokenizer

from knowledge_base.closeness import MOST_PIECES, pack, texts_of, write_near
from knowledge_base.encoder import MAX_TOKENS, Encoder
from knowledge_base.records import Offer

PLAIN_WORDS = Path(__file__).parent / "content" / "plain_words.yml"
PLAIN_DIRECTIONS = 16  # what these have in common with a sentence is taken away from it
PARTICULAR = 0.75  # what must be left of a sentence then, of a length of 1
STRANGE = 0.3  # of its words broken up: then a sentence is in no language that the encoder knows
FEW = 4  # words: in fewer than these, one term of a trade is a large share


class Sense:
    """An encoder, and what anybody could say as it sees it. Threads may share one."""

    def __init__(self, encoder: Encoder, tokenizer: Tokenizer, mark: str, plain: Sequence[str]) -> None:
        self.mark = mark
        self._encoder = encoder
        self._tokenizer = tokenizer
        self._plain_words = plain

    @classmethod
    def load(cls, folder: Path, mark: str) -> Sense:
        """Read the encoder from its folder; raise `EncoderError` where it is not as built."""
        encoder = Encoder.load(folder)
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.enable_truncation(MAX_TOKENS)
        tokenizer.no_padding()
        plain = yaml.safe_load(PLAIN_WORDS.read_text(encoding="utf-8"))["plain"]
        return cls(encoder, tokenizer, mark, plain)

    def vectors(self, offer: Offer) -> bytes:
        """Return the packed vectors of an offer's texts."""
        return pack(self._encoder.encode(texts_of(offer)))

    def near_of(self, said: Sequence[str]) -> str | None:
        """Return what sentences mean as an opaque text; None when there is nothing particular in them."""
        known = [sentence for sentence in said if not self._strange(sentence)]
        if not known:
            return None
        left = self._encoder.encode(known)
        left = left - (left @ self._plain.T) @ self._plain
        lengths = np.linalg.norm(left, axis=1)
        order = np.argsort(-lengths, kind="stable")
        chosen = [row for row in order if lengths[row] >= PARTICULAR][:MOST_PIECES]
        return write_near(self.mark, left[chosen])

    @cached_property
    def _plain(self) -> np.ndarray:
        """The directions, a unit vector each, in which what anybody could say differs most from nothing."""
        vectors = self._encoder.encode(self._plain_words)
        return np.linalg.svd(vectors, full_matrices=False)[2][:PLAIN_DIRECTIONS]

    def _strange(self, sentence: str) -> bool:
        if len(sentence.split()) < FEW:
            return False
        tokens = self._tokenizer.encode(sentence).tokens[1:-1]
        return sum(token.startswith("##") for token in tokens) > STRANGE * len(tokens)
