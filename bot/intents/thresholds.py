"""From which confidence an intent is believed, per language. Measured on nlu/data/calibration, never on held_out/. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bot.language import Language


@dataclass(frozen=True, slots=True)
class Threshold:
    """Confidences between 0 and 1. From ``sure`` on the flow starts, from ``maybe`` on it is offered.

    ``urgent`` is for the confidences of all urgent intents together: missing danger is the worst error, so it is low.
    """

    sure: float
    maybe: float
    urgent: float


# The confidences are calibrated: of a hundred messages at 0.6 about sixty are understood rightly. From 0.55 on, 95 to 97 of a
# hundred answers were right on nlu/data/calibration, and asking back had the right one among three for most of the others.
# From 0.3 on (K'iche' 0.25) the model found 98 of a hundred urgent messages there and took fewer than two of a hundred others
# for urgent; the phrases find more.
_THRESHOLDS = {
    Language.ES: Threshold(sure=0.55, maybe=0.08, urgent=0.30),
    Language.EN: Threshold(sure=0.55, maybe=0.08, urgent=0.30),
    Language.QUC: Threshold(sure=0.50, maybe=0.08, urgent=0.25),
}


def threshold(language: Language) -> Threshold:
    """The confidences to go by in this language."""
    return _THRESHOLDS[language]
