"""Read messages with what was learned: which act each is, and which needs its words ask for.

Plain numpy: it needs neither Rasa nor scikit-learn, so the server stays small and a batch starts quickly.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from bot.rasa import lexicon
from bot.rasa.clauses import clauses, tidy, words
from knowledge_base.encoder import Encoder

OUT_OF_SCOPE = "out_of_scope"
GIVE_PROFILE = "give_profile"
DESCRIBE_NEED = "describe_need"
SHORT = 3
RANKING = 5
MAX_NEEDS = 4
NEIGHBOURS = 5

_FIGURE = re.compile(
    r"(?:about|around|circa|approx\.?|roughly|nearly|just|under|over|~)?\s*[£€$]?\s*\d[\d,. ]*\s*"
    r"(?:%|k|m|bn|million|thousand|people|staff|employees|fte|of us|years?|months?|weeks?|pounds|euros?)?\.?",
    re.IGNORECASE,
)


class ModelError(RuntimeError):
    """What was learned is missing or does not fit the encoder."""


@dataclass(frozen=True)
class Settings:
    """The names and single figures that were learned or chosen by cross-validation.

    `bearing` are the acts whose messages may name needs; `report` holds what cross-validation measured.
    """

    encoder: str
    acts: tuple[str, ...]
    needs: tuple[str, ...]
    bearing: tuple[str, ...] = ()
    temperature: float = 1.0
    clause_weight: float = 0.0
    lexical_share: float = 0.0
    need_scale: float = 1.0
    need_shift: float = 0.0
    need_floor: float = 0.0
    stranger_limit: float = 1.0
    report: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """One message read: acts and needs with their confidence, best first."""

    act: str
    confidence: float
    ranking: tuple[tuple[str, float], ...]
    needs: tuple[tuple[str, float], ...]


class Reader:
    """Understands messages with learned weights and the sentence encoder."""

    def __init__(self, settings: Settings, arrays: dict[str, np.ndarray], encoder: Encoder) -> None:
        if settings.encoder != encoder.fingerprint:
            raise ModelError("The model was trained with another sentence encoder: run `make train`.")
        self.settings = settings
        self._arrays = arrays
        self._encoder = encoder

    @classmethod
    def load(cls, folder: Path, encoder: Encoder) -> Reader:
        """Read what `save` wrote; raise ModelError where it is missing or of another kind."""
        try:
            kept = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
            settings = Settings(**{k: tuple(v) if isinstance(v, list) else v for k, v in kept.items()})
            with np.load(folder / "weights.npz", allow_pickle=False) as file:
                arrays = {name: file[name].astype(np.float32) for name in file.files}
        except (OSError, ValueError, KeyError, TypeError) as fault:
            raise ModelError(f"No trained understanding in {folder} ({fault}): run `make train`.") from fault
        return cls(settings, arrays, encoder)

    def save(self, folder: Path) -> None:
        """Write settings.json and weights.npz into a folder that exists."""
        (folder / "settings.json").write_text(json.dumps(asdict(self.settings), indent=1), encoding="utf-8")
        small = {
            name: array.astype(np.float16) if array.size > 4096 else array
            for name, array in self._arrays.items()
        }
        np.savez(folder / "weights.npz", **small)

    def read(self, text: str) -> Reading:
        """Understand one message; a text without a word is out of scope with confidence 1."""
        text = tidy(text)
        found = words(text)
        if not found:
            return Reading(OUT_OF_SCOPE, 1.0, ((OUT_OF_SCOPE, 1.0),), ())
        vectors = self._encoder.encode([text, *clauses(text)])
        acts = self._acts(text, found, vectors[0])
        act, confidence = acts[0]
        return Reading(act, confidence, acts[:RANKING], self._needs(text, vectors, act))

    def _acts(self, text: str, found: Sequence[str], vector: np.ndarray) -> tuple[tuple[str, float], ...]:
        chances = self.act_chances(vector)
        names = list(self.settings.acts)
        if len(found) < SHORT:
            chances = _short_answer(text, names, chances)
        else:
            names, chances = self._with_strangers(names, chances, vector)
        order = np.argsort(-chances, kind="stable")
        return tuple((names[i], round(float(chances[i]), 4)) for i in order)

    def _with_strangers(
        self, names: list[str], chances: np.ndarray, vector: np.ndarray
    ) -> tuple[list[str], np.ndarray]:
        """Put out_of_scope first when the message is further from all that was learned than the limit."""
        own = names.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in names else None
        strange = self.strangeness(vector, 0.0 if own is None else float(chances[own]))
        if strange <= self.settings.stranger_limit:
            return names, chances
        share = max(strange, 0.5, 0.0 if own is None else float(chances[own]))
        if own is None:
            return [*names, OUT_OF_SCOPE], np.append(chances * (1 - share), share)
        others = chances.copy()
        others[own] = 0
        others *= (1 - share) / max(float(others.sum()), 1e-9)
        others[own] = share
        return names, others

    def act_chances(self, vector: np.ndarray) -> np.ndarray:
        """Return the chance of each act, from the classifier alone."""
        scores = (vector @ self._arrays["act_weights"] + self._arrays["act_bias"]) / self.settings.temperature
        chances = np.exp(scores - scores.max())
        return chances / chances.sum()

    def strangeness(self, vector: np.ndarray, chance: float) -> float:
        """Return how likely a message is out of scope, from its distance to what was learned."""
        features = strange_features(
            vector[None], self._arrays["centroids"], self._arrays["known"], self._arrays["strangers"],
            np.asarray([chance]),
        )  # fmt: skip
        return float(sigmoid(features @ self._arrays["strange_weights"] + self._arrays["strange_bias"])[0])

    def _needs(self, text: str, vectors: np.ndarray, act: str) -> tuple[tuple[str, float], ...]:
        settings = self.settings
        if not settings.needs or act not in settings.bearing:
            return ()
        dense = sigmoid(vectors @ self._arrays["need_weights"] + self._arrays["need_bias"])
        chances = combine(dense[:1], [dense[1:]], settings.clause_weight)[0]
        if settings.lexical_share:
            ((buckets, values),) = lexicon.weigh([lexicon.pieces(text)], self._arrays["rarity"])
            lexical = sigmoid(
                values @ self._arrays["lexical_weights"][buckets] + self._arrays["lexical_bias"]
            )
            chances = (1 - settings.lexical_share) * chances + settings.lexical_share * lexical
        chances = sigmoid(settings.need_scale * logit(chances) + settings.need_shift)
        chosen = choose(chances[None], self._arrays["thresholds"], settings.need_floor, act == DESCRIBE_NEED)[
            0
        ]
        order = [i for i in np.argsort(-chances, kind="stable") if chosen[i]]
        return tuple((settings.needs[i], round(float(chances[i]), 4)) for i in order)


def _short_answer(text: str, names: list[str], chances: np.ndarray) -> np.ndarray:
    """Take a word or two for an answer to a question, never for something out of scope."""
    chances = chances.copy()
    if GIVE_PROFILE not in names:
        return chances
    answer = names.index(GIVE_PROFILE)
    if OUT_OF_SCOPE in names:
        own = names.index(OUT_OF_SCOPE)
        chances[answer] += chances[own]
        chances[own] = 0
    if _FIGURE.fullmatch(text) or (any(c.isdigit() for c in text) and chances.max() < 0.5):
        chances *= 0.1 / max(float(chances.sum()), 1e-9)
        chances[answer] += 0.9
    return chances


def combine(whole: np.ndarray, parts: Sequence[np.ndarray], weight: float) -> np.ndarray:
    """Return the chance that a message or any clause of it asks for each need; clauses weigh less."""
    missed = 1 - whole
    for row, clause in enumerate(parts):
        if len(clause):
            missed[row] *= np.prod(1 - weight * clause, axis=0)
    return 1 - missed


def choose(chances: np.ndarray, thresholds: np.ndarray, floor: float, at_least_one: bool) -> np.ndarray:
    """Return which needs to name: those over their threshold, at most four; the best where one must be."""
    ranks = np.argsort(np.argsort(-chances, axis=1, kind="stable"), axis=1)
    chosen = (chances >= thresholds) & (ranks < MAX_NEEDS)
    if at_least_one:
        chosen |= (ranks == 0) & (chances >= floor)
    return chosen


def strange_features(
    vectors: np.ndarray, centroids: np.ndarray, known: np.ndarray, strangers: np.ndarray, chances: np.ndarray
) -> np.ndarray:
    """Return for each vector: nearness to an act, to known messages, to strangers; the classifier's word."""
    return np.column_stack(
        [
            (vectors @ centroids.T).max(axis=1),
            _nearest(vectors, known),
            _nearest(vectors, strangers),
            np.clip(logit(chances), -8, 8),
        ]
    )


def _nearest(vectors: np.ndarray, others: np.ndarray) -> np.ndarray:
    if not len(others):
        return np.zeros(len(vectors), dtype=np.float32)
    count = min(NEIGHBOURS, len(others))
    return np.partition(vectors @ others.T, -count, axis=1)[:, -count:].mean(axis=1)


def sigmoid(scores: np.ndarray) -> np.ndarray:
    """Return the chance that belongs to each score."""
    return 1 / (1 + np.exp(-np.clip(scores, -30, 30)))


def logit(chances: np.ndarray) -> np.ndarray:
    """Return the score that belongs to each chance, kept finite."""
    kept = np.clip(chances, 1e-6, 1 - 1e-6)
    return np.log(kept / (1 - kept))
