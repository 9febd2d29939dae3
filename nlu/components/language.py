"""Which language a message is in: es, en, quc, another Mayan language, or any other."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.learned import Labelled, LearnedRanking, metadata_of
from components.parts import LANGUAGE as LANGUAGE_ONLY
from components.parts import LEARN

LANGUAGE = "language"
LANGUAGE_RANKING = "language_ranking"
# Chatter comes in every language, and is filed under the language of whoever collected it.
_ANY_LANGUAGE = "out_of_scope"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LanguageIdentifier(LearnedRanking):
    """Adds ``language`` and ``language_ranking`` to the parse result.

    It learns from ``metadata: {language: es}`` of each intent in the training files, and from the words and sentences
    in data/languages. A message without letters still gets a language: whoever asks must look at the letters.
    """

    def labelled(self, training_data: TrainingData) -> list[Labelled]:
        """Every text whose entry carries a language."""
        found = []
        for example in training_data.training_examples:
            language, part = metadata_of(example)
            if not example.get(TEXT) or not language or (example.get(INTENT) == _ANY_LANGUAGE and part != LANGUAGE_ONLY):
                continue
            found.append(Labelled(example.get(TEXT), language, language, LEARN if part == LANGUAGE_ONLY else part))
        return found

    def publish(self, message: Message, ranking: list[dict[str, Any]]) -> None:
        """The likeliest language, and all of them."""
        message.set(LANGUAGE, ranking[0], add_to_output=True)
        message.set(LANGUAGE_RANKING, ranking, add_to_output=True)
