"""What training reads: labelled messages, and the vectors of texts that were encoded before."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from knowledge_base.encoder import DIMENSIONS, Encoder

# Acts that never ask for something to be done, unless an example of theirs says otherwise.
WITHOUT_NEEDS = frozenset(
    {"greet", "thanks", "goodbye", "restart", "affirm", "deny", "privacy_request", "give_profile",
     "change_profile", "talk_to_human", "complaint_feedback", "out_of_scope"}
)  # fmt: skip


@dataclass(frozen=True)
class Example:
    """A message with its act; `needs` is None where nobody has said which needs it has."""

    text: str
    act: str
    needs: tuple[str, ...] | None = None


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
        keys = [hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32] for text in texts]
        kept = self._read()
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in kept}
        kept.update(zip(missing, self._encoder.encode(list(missing.values())), strict=True))
        if missing:
            self._write(kept)
        rows = np.asarray([kept[key] for key in keys], dtype=np.float32).reshape(len(texts), DIMENSIONS)
        return rows, len(missing)

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
