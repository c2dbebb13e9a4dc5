"""Turn a text into one vector: the same text, the same vector, on both sides of the seam.

This is the only module that the core and the sealed Rasa side both load. It needs numpy, onnxruntime and
tokenizers, and runs on Python 3.10 and newer. `make encoder` builds the folder it reads.

The vectors are equal to the last bit where both sides have the same onnxruntime; between versions the int8
kernels round differently (cosine 0.99 at worst).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

DIMENSIONS = 384
MAX_TOKENS = 128
# More characters than 128 tokens can need; what lies beyond would be cut off anyway, at a cost.
MAX_CHARACTERS = 4096
FILES = ("model.onnx", "tokenizer.json")


class EncoderError(RuntimeError):
    """The encoder's folder is missing, incomplete or not what was built."""


Span = tuple[int, int]


@dataclass(frozen=True)
class Encoded:
    """One text encoded, and stretches of it without encoding them anew.

    ``whole`` is the row that `Encoder.encode` gives. ``states`` holds what each token became within the
    text, shape (tokens, dimensions), and ``offsets`` the characters of each; both are empty where the
    encoder does not tell.
    """

    text: str
    whole: np.ndarray
    states: np.ndarray
    offsets: np.ndarray
    alone: Callable[[str], np.ndarray]

    def of(self, spans: Sequence[Span]) -> np.ndarray:
        """Return one row for some stretches of the text taken together, as unit vectors.

        A stretch beyond the encoder's reach, or of an encoder that tells no states, is encoded by itself.
        """
        kept = np.zeros(len(self.offsets), dtype=bool)
        for start, end in spans:
            kept |= (self.offsets[:, 0] >= start) & (self.offsets[:, 1] <= end)
        kept &= self.offsets[:, 1] > self.offsets[:, 0]
        if not kept.any():
            return self.alone(", ".join(self.text[start:end] for start, end in spans))
        mean = self.states[kept].mean(axis=0).reshape(-1, DIMENSIONS)
        row: np.ndarray = (mean / np.linalg.norm(mean, axis=1, keepdims=True)).reshape(-1)
        return row


class Encoder:
    """A sentence encoder: texts in, unit vectors out; the tuned one gives two for each text, side by side."""

    def __init__(
        self, session: onnxruntime.InferenceSession, tokenizer: Tokenizer, fingerprint: str, folder: Path
    ) -> None:
        self.folder = folder
        self._session = session
        self._tokenizer = tokenizer
        self.fingerprint = fingerprint
        vectors, *states = session.get_outputs()
        self.dimensions = int(vectors.shape[1])
        self._row, self._states = vectors.name, [state.name for state in states]

    @classmethod
    def load(cls, folder: str | Path) -> Encoder:
        """Read the encoder from its folder; raise EncoderError where it is not as built."""
        folder = Path(folder)
        fingerprint = verify(folder)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.enable_truncation(MAX_TOKENS)
        tokenizer.no_padding()
        return cls(session, tokenizer, fingerprint, folder)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return one float32 row for each text, shape (len(texts), dimensions): 384, or two times as many.

        Each text is run by itself: the quantised model scales its numbers by the whole batch, so in company a
        text would get a slightly different vector than alone.
        """
        vectors = np.empty((len(texts), self.dimensions), dtype=np.float32)
        rows: dict[str, int] = {}
        for row, text in enumerate(texts):
            first = rows.setdefault(text, row)
            vectors[row] = self._vector(text) if first == row else vectors[first]
        return vectors

    def read(self, text: str) -> Encoded:
        """Return a text encoded so that clauses of it cost nothing more."""
        text = text[:MAX_CHARACTERS]
        if not self._states:
            return Encoded(text, self._vector(text), np.empty((0, 0)), np.empty((0, 2), int), self._vector)
        tokens = self._tokenizer.encode(text)
        inputs = {"input_ids": np.asarray([tokens.ids], dtype=np.int64)}
        row, *states = self._session.run([self._row, *self._states], inputs)
        within = np.concatenate([state[0] for state in states], axis=-1)
        return Encoded(text, row[0], within, np.asarray(tokens.offsets), self._vector)

    def _vector(self, text: str) -> np.ndarray:
        ids = self._tokenizer.encode(text[:MAX_CHARACTERS]).ids
        tokens = np.asarray([ids], dtype=np.int64)
        row: np.ndarray = self._session.run([self._row], {"input_ids": tokens})[0][0]
        return row


def verify(folder: Path) -> str:
    """Return the fingerprint of the encoder in a folder; raise EncoderError unless its files are as built."""
    meta = folder / "meta.json"
    try:
        expected = json.loads(meta.read_text(encoding="utf-8"))["sha256"]
        for name in FILES:
            if sha256(folder / name) != expected[name]:
                raise EncoderError(f"{folder / name} is not the file that was built: run `make encoder`.")
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise EncoderError(
            f"No sentence encoder in {folder} ({type(fault).__name__}): run `make encoder`."
        ) from fault
    return hashlib.sha256("".join(expected[name] for name in FILES).encode()).hexdigest()


def sha256(path: Path) -> str:
    """Return the hex digest of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()
