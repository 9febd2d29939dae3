"""The name of the model, in each of its answers."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message

MODEL = "model"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class ModelStamp(GraphComponent):
    """Adds ``model`` to the parse result: Rasa loads another model without a word when the named one is missing.

    ``train.py`` fills in the name; it cannot stand in config.yml because it depends on config.yml.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> ModelStamp:
        """The same for training and understanding."""
        return cls(config[MODEL])

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """A model that was not trained by train.py has no name, and is not believed."""
        return {MODEL: ""}

    def process(self, messages: list[Message]) -> list[Message]:
        """Stamps each message."""
        for message in messages:
            message.set(MODEL, self._name, add_to_output=True)
        return messages
