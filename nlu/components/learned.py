"""What the two learning parts of the pipeline share: learn from labelled messages, keep what was learned, rank."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.augment import mixed, variants
from components.concepts import Concepts
from components.features import Block, Features
from components.linear import LinearModel
from components.parts import LEARN

CONCEPTS = Path(__file__).resolve().parent.parent / "concepts.yml"


@dataclass(frozen=True)
class Labelled:
    """One text with its label, its language and what it is for (parts.py)."""

    text: str
    label: str
    language: str
    part: str


class LearnedRanking(GraphComponent):
    """Ranks labels for a message. A subclass says which texts carry which label, and where the ranking goes."""

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        features: Features | None = None,
        model: LinearModel | None = None,
    ) -> None:
        self.config = config
        self._storage = storage
        self._resource = resource
        self._features = features
        self._model = model

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """What config.yml need not say."""
        return {
            "characters": [1, 5],  # shortest and longest n-gram inside words
            "weights": {"written": 1.0},  # of the blocks of features.py
            "fewest_texts": 2,  # an n-gram of fewer texts is dropped
            "looseness": 0.5,  # C of the support vector machine
            "variants": 0,  # other spellings of each sentence that are learned too
            "mixed": 0.0,  # the share of Spanish sentences that are learned with K'iche' words among theirs, as K'iche'
            "fewest_to_calibrate": 100,  # with fewer texts a language goes by what holds for all
            "ranking_length": 10,
            "seed": 42,
        }

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> LearnedRanking:
        """An untrained part, for training."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LearnedRanking:
        """A trained part, for understanding."""
        with model_storage.read_from(resource) as folder:
            features = Features.load(Block.from_config(config), folder)
            return cls(config, model_storage, resource, features, LinearModel.load(folder))

    def labelled(self, training_data: TrainingData) -> list[Labelled]:
        """The texts of every part, as far as they carry a label."""
        raise NotImplementedError

    def publish(self, message: Message, ranking: list[dict[str, Any]]) -> None:
        """Writes the ranking into the message."""
        raise NotImplementedError

    def spoken(self, message: Message) -> str:
        """The language whose calibration counts for this message; empty: that of all of them."""
        return ""

    def train(self, training_data: TrainingData) -> Resource:
        """Learns, measures how far it can be believed, and keeps both in the model's storage."""
        everything = self.labelled(training_data)
        judges = [each for each in everything if each.part != LEARN]
        learned = self._varied([each for each in everything if each.part == LEARN])
        texts = [each.text for each in learned]
        features, counted = Features.fit(Block.from_config(self.config), Concepts.read(CONCEPTS), texts)
        model = LinearModel.fit(
            counted, [each.label for each in learned], self.config["looseness"], self.config["seed"]
        )
        if judges:
            model = model.calibrated(
                features.of([each.text for each in judges]),
                [each.label for each in judges],
                [each.language for each in judges],
                self.config["fewest_to_calibrate"],
            )
        with self._storage.write_to(self._resource) as folder:
            features.save(folder)
            model.save(folder)
        return self._resource

    def _varied(self, learned: list[Labelled]) -> list[Labelled]:
        dice = random.Random(self.config["seed"])  # noqa: S311 - a seed, not a secret
        more = [
            Labelled(other, each.label, each.language, each.part)
            for each in learned
            for other in variants(each.text, each.language, self.config["variants"], dice)
        ]
        spanish = [each for each in learned if each.language == "es" and dice.random() < self.config["mixed"]]
        mixtures = [Labelled(text, "quc", "quc", LEARN) for each in spanish if (text := mixed(each.text, dice))]
        return learned + more + mixtures

    def process(self, messages: list[Message]) -> list[Message]:
        """Ranks the labels for each message."""
        assert self._features and self._model, "process() runs on a loaded part"  # noqa: S101
        for message in messages:
            columns, values = self._features.one(message.get(TEXT) or "")
            ranking = self._model.ranking(columns, values, self.spoken(message), self.config["ranking_length"])
            self.publish(message, ranking)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Changes nothing: no part needs what another one learned."""
        return training_data


def metadata_of(example: Message) -> tuple[str, str]:
    """The language and the part of a training example; empty and LEARN where its file says nothing."""
    metadata = (example.get("metadata") or {}).get("intent") or {}
    return str(metadata.get("language") or ""), str(metadata.get("part") or LEARN)
