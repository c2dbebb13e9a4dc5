"""The pipeline component that reads what a message does and which needs it asks for."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, METADATA, METADATA_EXAMPLE, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.rasa import action_results
from bot.rasa.examples import Example, Vectors, set_aside
from bot.rasa.reader import Reader
from knowledge_base.encoder import Encoder, sha256, verify

logger = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[2]
FAMILY_SURE = 0.6
LEARNED_FROM = (
    "clauses.py",
    "examples.py",
    "features.py",
    "fitting.py",
    "learning.py",
    "learning_acts.py",
    "learning_families.py",
    "learning_needs.py",
    "learning_strangers.py",
    "learning_texts.py",
    "lexicon.py",
    "reader.py",
)


class TrainingDataError(ValueError):
    """An example's labels cannot be read; the message names the example and the way out."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class Understanding(GraphComponent, IntentClassifier):
    """Sets each message's act (as Rasa's intent) and its `needs`."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Where the encoder, the messages set aside and the kept vectors are, from the project's root."""
        return {
            "encoder": "models/tuned",
            "set_aside": "data/set_aside/messages.jsonl",
            "cache": "models/cache",
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Train again whenever the encoder or the way of learning has changed."""
        places = {**cls.get_default_config(), **config}
        aside = ROOT / places["set_aside"]
        files = [*([aside] if aside.exists() else []), *map(Path(__file__).with_name, LEARNED_FROM)]
        return " ".join([verify(ROOT / places["encoder"]), *map(sha256, files)])

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, reader: Reader | None = None
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._reader = reader

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Understanding:
        """Return a component that has yet to learn."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Understanding:
        """Return the component as trained, and quicken the checks of what actions answer."""
        action_results.install()
        encoder = Encoder.load(ROOT / config["encoder"])
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, Reader.load(folder, encoder))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the messages under data/ and keep the result with the model."""
        # Only training needs scikit-learn; the server is smaller without it.
        from bot.rasa.learning import learned_reader

        encoder = Encoder.load(ROOT / self._config["encoder"])
        examples = [_example(message) for message in training_data.intent_examples if message.get(TEXT)]
        examples += set_aside(ROOT / self._config["set_aside"])
        self._reader = learned_reader(examples, Vectors(encoder, ROOT / self._config["cache"]), encoder)
        logger.info(f"Understanding, measured on messages left out: {self._reader.settings.report}")
        with self._storage.write_to(self._resource) as folder:
            self._reader.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent, a short ranking and needs on each message."""
        if self._reader is None:
            raise TrainingDataError("The understanding has not been trained: run `make train`.")
        for message in messages:
            reading = self._reader.read(message.get(TEXT) or "")
            ranking = [_named("name", *pair) for pair in reading.ranking]
            message.set(INTENT, _named("name", reading.act, reading.confidence), add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
            # A need that is only to be asked about is not held to have been told.
            needs = () if reading.maybe else reading.needs
            message.set("needs", [_named("need", *pair) for pair in needs], add_to_output=True)
            message.set("maybe", [_named("need", *pair) for pair in reading.maybe], add_to_output=True)
            # A doubtful family would name the wrong door; without one the answer is general.
            if reading.family is not None and reading.family[1] >= FAMILY_SURE:
                message.set("family", _named("name", *reading.family), add_to_output=True)
        return messages


def _named(key: str, name: str, confidence: float) -> dict[str, Any]:
    return {key: name, "confidence": confidence}


def _example(message: Message) -> Example:
    """Return a training message as an example; raise TrainingDataError where `needs` is no list."""
    told = (message.get(METADATA) or {}).get(METADATA_EXAMPLE) or {}
    needs = told.get("needs") if isinstance(told, dict) else None
    if needs is not None and not (isinstance(needs, list) and all(isinstance(need, str) for need in needs)):
        raise TrainingDataError(
            f"data/: the example {message.get(TEXT)[:60]!r} of {message.get(INTENT)} has needs {needs!r}; "
            "write a list, such as `needs: [finance]` or `needs: []`."
        )
    if not isinstance(told, dict):
        told = {}
    return Example(
        message.get(TEXT),
        message.get(INTENT),
        None if needs is None else tuple(needs),
        told.get("family"),
    )
