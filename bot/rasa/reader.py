"""Read messages with what was learned: which act each is, and which needs its words ask for.

Plain numpy: it needs neither Rasa nor scikit-learn, so the server stays small and a batch starts quickly.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from bot.rasa import lexicon
from bot.rasa.clauses import clauses, cut_at_facts, is_list, tidy, words
from bot.rasa.features import any_need, blend, logit, need_features, sigmoid, softmax, strange_features
from knowledge_base.encoder import DIMENSIONS, Encoder

OUT_OF_SCOPE = "out_of_scope"
GIVE_PROFILE = "give_profile"
DESCRIBE_NEED = "describe_need"
RESTART = "restart"
# To begin again loses what was said: it is done only for who surely asks.
RESTART_SURE = 0.8
# Acts that a need told in passing outweighs where they are doubtful.
HIDING = frozenset(
    {GIVE_PROFILE, "change_profile", "affirm", "deny", "thanks", "greet", "ask_how_it_works", "save_or_share"}
)
DOUBTFUL = 0.6
# From this chance of a need no message is a stranger's. The encoder has learned that strangers ask for
# nothing, so only a sure need outweighs all else: at .45 six in a hundred more strangers passed.
NEED_HEARD = 0.9
# A clause as likely as this to give facts about the business does nothing else.
ONLY_FACTS = 0.5
SHORT = 3
# What a word or two needs before it is taken for out of scope, and below which it is a name or a figure.
SURE, UNSURE = 0.6, 0.5
RANKING = 5
MAX_NEEDS = 4
# Below this the best need is asked about, not taken for granted; of three at most, none of them a mere guess.
NEED_SURE, WORTH_ASKING, MOST_ASKED = 0.4, 0.08, 3

_FIGURE = re.compile(
    r"(?:about|around|circa|approx\.?|roughly|nearly|just|under|over|~)?\s*[£€$]?\s*\d[\d,. ]*\s*"
    r"(?:%|k|m|bn|million|thousand|people|staff|employees|fte|of us|years?|months?|weeks?|pounds|euros?)?\.?",
    re.IGNORECASE,
)


Named = tuple[tuple[str, float], ...]


class ModelError(RuntimeError):
    """What was learned is missing or does not fit the encoder."""


@dataclass(frozen=True)
class Settings:
    """The names and single figures that were learned or chosen by cross-validation.

    `need_shifts` has the acts whose messages may name needs; `report` holds what cross-validation measured.
    """

    encoder: str
    acts: tuple[str, ...]
    needs: tuple[str, ...] = ()
    act_lexical_share: float = 0.0
    temperature: float = 1.0
    need_weighing: tuple[float, ...] = ()
    need_shifts: dict[str, float] = field(default_factory=dict)
    need_floor: float = 0.0
    need_threshold: float = 1.0
    stranger_limit: float = 1.0
    need_strong: float = 1.0
    families: tuple[str, ...] = ()
    report: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """One message read: acts and needs with their confidence, best first.

    `maybe` holds up to three needs worth asking about where none of `needs` is sure; `family` says what kind
    of stranger a message out of scope is.
    """

    act: str
    confidence: float
    ranking: tuple[tuple[str, float], ...]
    needs: tuple[tuple[str, float], ...]
    maybe: tuple[tuple[str, float], ...] = ()
    family: tuple[str, float] | None = None


class Part(NamedTuple):
    """A part of a message, read by itself."""

    text: str
    vector: np.ndarray
    pieces: lexicon.Pieces


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
                # Of the pieces' weights a few rows are read at a time: they stay as small as they were kept.
                arrays = {
                    name: file[name] if "_lexical_weights" in name else file[name].astype(np.float32)
                    for name in file.files
                }
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
        spans = clauses(text)
        parts = [text[start:end] for start, end in spans]
        encoded = self._encoder.read(text)
        vectors = np.asarray([encoded.whole, *(encoded.of([span]) for span in spans)])
        pieces = lexicon.weigh([lexicon.pieces(part) for part in (text, *parts)], self._arrays["rarity"])
        asked, wanted = self._asked(vectors, pieces, is_list(parts))
        chances = self._act_chances(vectors[0], pieces[0])
        strange, limit = self._strangeness(vectors[0], doubts(chances, wanted)), self.settings.stranger_limit
        doubtful = float(asked.max(initial=0.0)) < NEED_SURE or (wanted < NEED_HEARD and strange > limit)
        for part in self._asking(parts or [text], chances) if doubtful else ():
            heeded, surely = self._asked(part.vector[None], [part.pieces], False)
            asked, wanted = np.maximum(asked, heeded), max(wanted, surely)
            strange = min(strange, self._stranger(part, surely))
        if len(found) < SHORT:
            settled = short_answer(text, chances)
        else:
            settled = settle(chances, strange if wanted < NEED_HEARD else 0.0, limit)
        ranking = heard(settled, wanted, self.settings.need_strong)
        ordered = tuple(sorted(((act, round(c, 4)) for act, c in ranking.items()), key=lambda pair: -pair[1]))
        act, confidence = ordered[0]
        needs, maybe = self._needs(asked, act)
        family = self._family(vectors[0]) if act == OUT_OF_SCOPE else None
        return Reading(act, confidence, ordered[:RANKING], needs, maybe, family)

    def _asking(self, parts: Sequence[str], chances: dict[str, float]) -> list[Part]:
        """Return what a message asks beside the facts it tells, where a clause of it only tells facts.

        "14 of us in Dudley, making brackets, need to sort out our workflow" asks for what its last clause
        does; among so many facts that was hardly heard. Clauses are encoded by themselves for this: within
        the message each sounds a little like all. It costs as much again, so only a doubtful message pays.
        All that asks is read as one; and the clause least like a stranger's alone, where the act leaves it
        open: of a stranger's message some clause sounds like anybody's.
        """
        if GIVE_PROFILE not in self.settings.acts:
            return []
        parts = cut_at_facts(parts)
        pieces = lexicon.weigh([lexicon.pieces(part) for part in parts], self._arrays["rarity"])
        alone = [Part(*each) for each in zip(parts, self._encoder.encode(parts), pieces, strict=True)]
        asking = [e for e in alone if self._act_chances(e.vector, e.pieces)[GIVE_PROFILE] < ONLY_FACTS]
        if not asking or len(asking) == len(parts):
            return []
        text = ", ".join(each.text for each in asking)
        (vector,) = self._encoder.encode([text])
        (piece,) = lexicon.weigh([lexicon.pieces(text)], self._arrays["rarity"])
        together = Part(text, vector, piece)
        if len(asking) == 1 or chances.get(OUT_OF_SCOPE, 0.0) >= UNSURE:
            return [together]
        return [together, min(asking, key=lambda e: self._stranger(e, self._asked_alone(e)))]

    def _asked_alone(self, part: Part) -> float:
        return self._asked(part.vector[None], [part.pieces], False)[1]

    def _stranger(self, part: Part, wanted: float) -> float:
        return self._strangeness(part.vector, doubts(self._act_chances(part.vector, part.pieces), wanted))

    def _act_chances(self, vector: np.ndarray, pieces: lexicon.Pieces) -> dict[str, float]:
        dense = softmax(vector @ self._arrays["act_weights"] + self._arrays["act_bias"])
        lexical = self._lexical("act", pieces)
        chances = blend(dense, lexical / lexical.sum(), self.settings.act_lexical_share)
        honest = softmax(np.log(chances) / self.settings.temperature)
        return dict(zip(self.settings.acts, honest.tolist(), strict=True))

    def _strangeness(self, vector: np.ndarray, said: Sequence[float]) -> float:
        arrays = self._arrays
        features = strange_features(
            for_strangers(vector[None]),
            arrays["centroids"],
            arrays["known"],
            arrays["strangers"],
            np.asarray([said]),
        )
        return float(sigmoid(features @ arrays["strange_weights"] + arrays["strange_bias"])[0])

    def _asked(
        self, vectors: np.ndarray, pieces: Sequence[lexicon.Pieces], is_points: bool
    ) -> tuple[np.ndarray, float]:
        """Return the chance of each need, whatever the act, and how sure it is that any is asked for."""
        settings = self.settings
        if not settings.needs:
            return np.empty(0), 0.0
        dense = sigmoid(for_needs(vectors) @ self._arrays["need_weights"] + self._arrays["need_bias"])
        lexical = np.asarray([self._lexical("need", each) for each in pieces])
        features = need_features(dense[:1], lexical[:1], [dense[1:]], [lexical[1:]], np.asarray([is_points]))
        asked: np.ndarray = sigmoid(features @ np.asarray(settings.need_weighing))[0]
        return asked, float(any_need(dense[:1], lexical[:1])[0])

    def _needs(self, asked: np.ndarray, act: str) -> tuple[Named, Named]:
        """Return the needs named, and those to ask about where not one of them is sure."""
        settings = self.settings
        if act not in settings.need_shifts:
            return (), ()
        chances = sigmoid(logit(asked) + settings.need_shifts[act])
        must = np.asarray([act == DESCRIBE_NEED])
        (chosen,) = choose(chances[None], settings.need_threshold, settings.need_floor, must)
        ranked = [
            (settings.needs[i], round(float(chances[i]), 4)) for i in np.argsort(-chances, kind="stable")
        ]
        named = tuple(each for each in ranked if chosen[settings.needs.index(each[0])])
        unsure = act == DESCRIBE_NEED and ranked[0][1] < NEED_SURE
        maybe = tuple(each for each in ranked[:MOST_ASKED] if each[1] >= WORTH_ASKING) if unsure else ()
        return named, maybe

    def _family(self, vector: np.ndarray) -> tuple[str, float] | None:
        if not self.settings.families:
            return None
        chances = softmax(vector @ self._arrays["family_weights"] + self._arrays["family_bias"])
        best = int(chances.argmax())
        return self.settings.families[best], round(float(chances[best]), 4)

    def _lexical(self, kind: str, pieces: lexicon.Pieces) -> np.ndarray:
        buckets, values = pieces
        weights = self._arrays[f"{kind}_lexical_weights"][buckets].astype(np.float32)
        return sigmoid(values @ weights + self._arrays[f"{kind}_lexical_bias"])


def for_needs(vectors: np.ndarray) -> np.ndarray:
    """Return the part of vectors that tells needs apart: the first of the tuned encoder's two."""
    return vectors[..., :DIMENSIONS]


def for_strangers(vectors: np.ndarray) -> np.ndarray:
    """Return the part of vectors that tells acts apart, and strangers from all: the second of the two."""
    return vectors[..., -DIMENSIONS:]


def short_answer(text: str, chances: dict[str, float]) -> dict[str, float]:
    """Take a word or two for an answer to a question, rather than for something out of scope."""
    if GIVE_PROFILE not in chances:
        return chances
    known = dict(chances)
    if known.get(OUT_OF_SCOPE, 0.0) < SURE:
        known[GIVE_PROFILE] += known.pop(OUT_OF_SCOPE, 0.0)
    if _FIGURE.fullmatch(text) or max(known.values()) < UNSURE:
        sure = 0.9 if _FIGURE.fullmatch(text) else UNSURE
        return with_share(known, GIVE_PROFILE, max(sure, known[GIVE_PROFILE]))
    return known


def settle(chances: dict[str, float], strange: float, limit: float) -> dict[str, float]:
    """Let strangeness decide alone whether a message is out of scope."""
    own = chances.get(OUT_OF_SCOPE, 0.0)
    if strange > limit:
        return with_share(chances, OUT_OF_SCOPE, max(strange, own, 0.5))
    # A tie would leave the order to chance; what is not beyond the limit is never first.
    return with_share(chances, OUT_OF_SCOPE, min(own, 0.9 * _best_but(chances, OUT_OF_SCOPE)))


def heard(chances: dict[str, float], wanted: float, strong: float) -> dict[str, float]:
    """Let a doubtful wish to begin again give way to the next act, and a doubtful act to a strong need."""
    if max(chances, key=chances.__getitem__) == RESTART and chances[RESTART] < RESTART_SURE:
        chances = with_share(chances, RESTART, min(chances[RESTART], 0.9 * _best_but(chances, RESTART)))
    if wanted >= strong and DESCRIBE_NEED in chances and hides(chances):
        return with_share(chances, DESCRIBE_NEED, max(DOUBTFUL, chances[DESCRIBE_NEED]))
    return chances


def hides(chances: dict[str, float]) -> bool:
    """Return whether the best act is a doubtful one that may hide a need."""
    act = max(chances, key=chances.__getitem__)
    return act in HIDING and chances[act] < DOUBTFUL


def doubts(chances: dict[str, float], wanted: float) -> tuple[float, float]:
    """Return what speaks for a stranger, the classifier's word, and what against, the best need."""
    return chances.get(OUT_OF_SCOPE, 0.0), wanted


def with_share(chances: dict[str, float], name: str, share: float) -> dict[str, float]:
    """Return the chances with one of them set, and the others shrunk or grown alike to make room."""
    others = sum(chance for act, chance in chances.items() if act != name)
    kept = {act: chance * (1 - share) / max(others, 1e-9) for act, chance in chances.items() if act != name}
    return {**kept, name: share} if share or name in chances else kept


def _best_but(chances: dict[str, float], name: str) -> float:
    return max((chance for act, chance in chances.items() if act != name), default=0.0)


def choose(chances: np.ndarray, threshold: float, floor: float, must: np.ndarray) -> np.ndarray:
    """Return which needs to name: those over the threshold, at most four; the best where one must be."""
    ranks = np.argsort(np.argsort(-chances, axis=1, kind="stable"), axis=1)
    chosen = (chances >= threshold) & (ranks < MAX_NEEDS)
    return chosen | (must[:, None] & (ranks == 0) & (chances >= floor))
