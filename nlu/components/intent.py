"""What a message is about: one of the intents of nlu/intents.yml."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.augment import varied
from components.learned import LearnedRanking

INTENT_RANKING = "intent_ranking"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CharacterIntentClassifier(LearnedRanking, IntentClassifier):
    """Learns intents from the characters of messages, all languages in one model: families mix them.

    ``variants`` adds so many misspelled copies of each training text; they are the same in every training.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """What config.yml need not say."""
        return {**LearnedRanking.get_default_config(), "variants": 0}

    def labelled(self, training_data: TrainingData) -> tuple[list[str], list[str]]:
        """Every text with an intent, and its variants."""
        texts: list[str] = []
        labels: list[str] = []
        for example in training_data.intent_examples:
            text = example.get(TEXT)
            if not text:
                continue
            copies = [text, *varied(text, self.config["variants"], self.config["seed"])]
            texts += copies
            labels += [example.get(INTENT)] * len(copies)
        return texts, labels

    def publish(self, message: Message, ranking: list[dict[str, Any]]) -> None:
        """The likeliest intent, and the next ones."""
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set(INTENT_RANKING, ranking, add_to_output=True)
