"""From which confidence an intent is believed, per language. Measured on nlu/data/calibration, never on held_out/. Pure."""

from __future__ import annotations

from msgspec import Struct

from bot.language import Language


class Threshold(Struct, frozen=True):
    """Confidences between 0 and 1. From ``sure`` on the flow starts, from ``maybe`` on it is offered.

    ``urgent`` is for the confidences of all urgent intents together: missing danger is the worst error, so it is lower.
    Where they come to less than ``no_danger`` and something else is sure, an urgent phrase is asked back.
    """

    sure: float
    maybe: float
    urgent: float
    no_danger: float = 0.02


# The confidences are calibrated: of a hundred messages at 0.6 about sixty are understood rightly. With these, on
# nlu/data/calibration (2026-11-26, puente-baf62e19b417), one message in twenty was asked back (K'iche' one in fourteen), 96 and
# 97 of a hundred answers were the right ones (K'iche' 94), one urgent message of 119 in Spanish, none of 120 in English and one
# of 47 in K'iche' was not answered as urgent, and 1.5, 0.5 and 0.5 of a hundred others were.
_THRESHOLDS = {
    Language.ES: Threshold(sure=0.60, maybe=0.08, urgent=0.25),
    Language.EN: Threshold(sure=0.60, maybe=0.08, urgent=0.40),
    Language.QUC: Threshold(sure=0.60, maybe=0.08, urgent=0.35),
}


def threshold(language: Language) -> Threshold:
    """The confidences to go by in this language."""
    return _THRESHOLDS[language]
