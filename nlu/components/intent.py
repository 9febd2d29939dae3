"""What a message is about: one of the intents of nlu/intents.yml."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.language import LANGUAGE_RANKING
from components.learned import Labelled, LearnedRanking, metadata_of
from components.parts import LANGUAGE as LANGUAGE_ONLY

INTENT_RANKING = "intent_ranking"
_CALIBRATED = ("es", "en", "quc")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentRanker(LearnedRanking, IntentClassifier):
    """Learns intents from letters, words and what they stand for, all languages in one model: families mix them.

    Stands behind the LanguageIdentifier: how far a score can be believed differs between the languages.
    """

    def labelled(self, training_data: TrainingData) -> list[Labelled]:
        """Every text with an intent, but those that are there for their language only."""
        found = []
        for example in training_data.intent_examples:
            language, part = metadata_of(example)
            if example.get(TEXT) and part != LANGUAGE_ONLY:
                found.append(Labelled(example.get(TEXT), example.get(INTENT), language, part))
        return found

    def spoken(self, message: Message) -> str:
        """The likeliest of the languages that were calibrated."""
        ranking = message.get(LANGUAGE_RANKING) or ()
        return next((entry["name"] for entry in ranking if entry["name"] in _CALIBRATED), "")

    def publish(self, message: Message, ranking: list[dict[str, Any]]) -> None:
        """The likeliest intent, and the next ones."""
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set(INTENT_RANKING, ranking, add_to_output=True)
