"""Which of the three languages a message is in."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.learned import LearnedRanking

LANGUAGE = "language"
LANGUAGE_RANKING = "language_ranking"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LanguageIdentifier(LearnedRanking):
    """Adds ``language`` and ``language_ranking`` to the parse result.

    It learns from ``metadata: {language: es}`` of each intent in the training files. Any Mayan language looks like
    K'iche' to it, and a message without letters still gets a language: whoever asks must look at the letters.
    """

    def labelled(self, training_data: TrainingData) -> tuple[list[str], list[str]]:
        """Every text whose intent carries a language."""
        pairs = [(example.get(TEXT), _language(example)) for example in training_data.training_examples]
        kept = [(text, language) for text, language in pairs if text and language]
        return [text for text, _ in kept], [language for _, language in kept]

    def publish(self, message: Message, ranking: list[dict[str, Any]]) -> None:
        """The likeliest language, and all of them."""
        message.set(LANGUAGE, ranking[0], add_to_output=True)
        message.set(LANGUAGE_RANKING, ranking, add_to_output=True)


def _language(example: Message) -> str:
    metadata = example.get("metadata") or {}
    return str((metadata.get("intent") or {}).get("language") or "")
