"""What a message is about: one of the intents of nlu/intents.yml."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.learned import LearnedRanking

INTENT_RANKING = "intent_ranking"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CharacterIntentClassifier(LearnedRanking, IntentClassifier):
    """Learns intents from the characters of messages, all languages in one model: families mix them."""

    def labelled(self, training_data: TrainingData) -> tuple[list[str], list[str]]:
        """Every text with an intent."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        return [example.get(TEXT) for example in examples], [example.get(INTENT) for example in examples]

    def publish(self, message: Message, ranking: list[dict[str, Any]]) -> None:
        """The likeliest intent, and the next ones."""
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set(INTENT_RANKING, ranking, add_to_output=True)
