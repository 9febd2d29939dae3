"""What the two learning parts of the pipeline share: learn from labelled messages, keep what was learned, rank."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.features import Block, Features
from components.softmax import Softmax


class LearnedRanking(GraphComponent):
    """Ranks labels for a message. A subclass says which texts carry which label, and where the ranking goes."""

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        features: Features | None = None,
        softmax: Softmax | None = None,
    ) -> None:
        self.config = config
        self._storage = storage
        self._resource = resource
        self._features = features
        self._softmax = softmax

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """What config.yml need not say."""
        return {
            "characters": [1, 5],  # shortest and longest n-gram inside words
            "written_weight": 1.0,
            "skeleton_weight": 1.0,
            "words_weight": 0.0,
            "fewest_texts": 1,  # an n-gram of fewer texts is dropped
            "looseness": 10.0,  # C of the logistic regression
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
            return cls(config, model_storage, resource, features, Softmax.load(folder))

    def labelled(self, training_data: TrainingData) -> tuple[list[str], list[str]]:
        """The texts to learn from and their labels."""
        raise NotImplementedError

    def publish(self, message: Message, ranking: list[dict[str, Any]]) -> None:
        """Writes the ranking into the message."""
        raise NotImplementedError

    def train(self, training_data: TrainingData) -> Resource:
        """Learns, and keeps what was learned in the model's storage."""
        texts, labels = self.labelled(training_data)
        features = Features.fit(Block.from_config(self.config), texts)
        softmax = Softmax.fit(features.of(texts), labels, self.config["looseness"], self.config["seed"])
        with self._storage.write_to(self._resource) as folder:
            features.save(folder)
            softmax.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Ranks the labels for each message."""
        assert self._features and self._softmax, "process() runs on a loaded part"  # noqa: S101
        texts = [message.get(TEXT) or "" for message in messages]
        rankings = self._softmax.ranking(self._features.of(texts), self.config["ranking_length"])
        for message, ranking in zip(messages, rankings, strict=True):
            self.publish(message, ranking)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Changes nothing: no part needs what another one learned."""
        return training_data
