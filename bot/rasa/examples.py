"""What training reads: labelled messages, and the vectors of texts that were encoded before."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from knowledge_base.encoder import Encoder, Span

DESCRIBE_NEED = "describe_need"

# Acts that never ask for something to be done, unless an example of theirs says otherwise.
WITHOUT_NEEDS = frozenset(
    {"greet", "thanks", "goodbye", "restart", "affirm", "deny", "privacy_request", "give_profile",
     "change_profile", "talk_to_human", "complaint_feedback", "out_of_scope"}
)  # fmt: skip


# One message in so many is set aside: the encoder is not tuned on it, and choices are made by it.
ASIDE = 12
# Fewer than this say too little to choose by.
FEWEST_ASIDE = 300
# From so many texts on a second process pays for its start.
MANY = 2000


@dataclass(frozen=True)
class Example:
    """A message with its act; `needs` is None where nobody has said which needs it has.

    `family` is what kind of stranger a message out of scope is. A message `for_choice` is never learned from:
    limits and shares are chosen by it.
    """

    text: str
    act: str
    needs: tuple[str, ...] | None = None
    family: str | None = None
    for_choice: bool = False


def is_aside(text: str) -> bool:
    """Return whether a message is one of those set aside, by its words alone, so that all who ask agree."""
    digest = hashlib.sha256(" ".join(text.split()).encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:4], "big") % ASIDE == 0


def set_aside(file: Path) -> list[Example]:
    """Return the messages kept to choose limits by; none where the file is missing.

    Each line holds `text`, `act` and `needs`; needs are labelled where the act is describe_need.
    """
    if not file.exists():
        return []
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [
        Example(
            each["text"],
            each["act"],
            tuple(each["needs"]) if each["act"] == DESCRIBE_NEED else None,
            for_choice=True,
        )
        for each in lines
    ]


def bearing(examples: Iterable[Example]) -> tuple[str, ...]:
    """Return the acts whose messages may name needs: one of their examples does, or none is labelled."""
    named: dict[str, bool | None] = {}
    for example in examples:
        known = named.setdefault(example.act, None)
        if example.needs is not None:
            named[example.act] = bool(known) or bool(example.needs)
    return tuple(sorted(a for a, has in named.items() if has or (has is None and a not in WITHOUT_NEEDS)))


class Vectors:
    """The vectors of texts, kept in a folder between trainings; safe to delete at any time."""

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        self._encoder = encoder
        self._file = folder / f"vectors-{encoder.fingerprint[:16]}.npz"

    def of(self, texts: Sequence[str]) -> tuple[np.ndarray, int]:
        """Return one row for each text, and how many had to be encoded now."""
        keys = [_key(text) for text in texts]
        kept = self._read()
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in kept}
        kept.update(zip(missing, self._encoded(list(missing.values())), strict=True))
        if missing:
            self._write(kept)
        rows = np.asarray([kept[key] for key in keys], dtype=np.float32)
        return rows.reshape(len(texts), self._encoder.dimensions), len(missing)

    def of_parts(self, texts: Sequence[tuple[str, Sequence[Span]]]) -> tuple[np.ndarray, int]:
        """Return one row for each stretch of each text, read within it, and how many were encoded now."""
        kept, encoded = self._read(), 0
        keys = [[_key(f"{start}:{end}:{text}") for start, end in spans] for text, spans in texts]
        for (text, spans), named in zip(texts, keys, strict=True):
            if any(key not in kept for key in named):
                read = self._encoder.read(text)
                kept.update(zip(named, (read.of([span]) for span in spans), strict=True))
                encoded += 1
        if encoded:
            self._write(kept)
        rows = np.asarray([kept[key] for named in keys for key in named], dtype=np.float32)
        return rows.reshape(-1, self._encoder.dimensions), encoded

    def _encoded(self, texts: list[str]) -> np.ndarray:
        """Return the rows of texts; of many, half are made by a second process for the second core."""
        if len(texts) < MANY:
            return self._encoder.encode(texts)
        # Long texts lie together in the files: every other one makes halves that take alike.
        with ProcessPoolExecutor(1, get_context("spawn")) as helper:
            others = helper.submit(_encode, self._encoder.folder, texts[1::2])
            rows = np.empty((len(texts), self._encoder.dimensions), dtype=np.float32)
            rows[::2] = self._encoder.encode(texts[::2])
            rows[1::2] = others.result()
        return rows

    def _read(self) -> dict[str, np.ndarray]:
        try:
            with np.load(self._file, allow_pickle=False) as file:
                return dict(zip(file["keys"].tolist(), file["rows"], strict=True))
        except (OSError, ValueError, KeyError, BadZipFile):
            return {}

    def _write(self, kept: dict[str, np.ndarray]) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        handle, scratch = tempfile.mkstemp(dir=self._file.parent, suffix=".npz")
        with os.fdopen(handle, "wb") as file:
            np.savez(
                file, keys=np.asarray(list(kept)), rows=np.asarray(list(kept.values()), dtype=np.float32)
            )
        os.replace(scratch, self._file)


def _key(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def _encode(folder: Path, texts: list[str]) -> np.ndarray:
    return Encoder.load(folder).encode(texts)
