"""From which confidence an intent is believed, per language. Measured on held-out sentences: see docs/nlu-report.md. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bot.language import Language


@dataclass(frozen=True, slots=True)
class Threshold:
    """Confidences between 0 and 1. From ``sure`` on the flow starts, from ``maybe`` on it is offered.

    ``urgent`` is ``sure`` for urgent intents.
    """

    sure: float
    maybe: float
    urgent: float


_THRESHOLDS = {
    # From 0.35 on more than nine of ten held-out messages were understood rightly; from 0.2 on seven of eight urgent ones
    # were found by the model alone, and about one in a hundred others was taken for urgent.
    Language.ES: Threshold(sure=0.35, maybe=0.12, urgent=0.20),
    Language.EN: Threshold(sure=0.35, maybe=0.12, urgent=0.20),
    # Far fewer sentences, none by a speaker: K'iche' is asked back sooner.
    Language.QUC: Threshold(sure=0.40, maybe=0.12, urgent=0.20),
}


def threshold(language: Language) -> Threshold:
    """The confidences to go by in this language."""
    return _THRESHOLDS[language]
