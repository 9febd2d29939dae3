"""The figures that must not get worse, for each language. nlu/floors.yml says how good they have been."""

from __future__ import annotations

from reporting.figures import bot_figures, language_figures, model_figures
from reporting.judged import Measured

CEILING = "_most"
"""What a figure is called whose floor is a ceiling."""


def watched(measured: Measured, language: str) -> dict[str, float]:
    """Name -> value, in the order in which they are shown."""
    judged = [each for each in measured.judged if each.language == language]
    model, bot = model_figures(judged), bot_figures(judged, measured.topics)
    heard = language_figures([each for each in measured.heard if each.language == language])
    return {
        "macro_f1": model.macro_f1,
        "calibration_error_most": model.calibration_error,
        "urgent_recall": bot.urgent_recall.value,
        "false_urgent_most": bot.false_urgent.value,
        "wrong_topic_most": bot.wrong_topic.value,
        "accuracy_when_answered": bot.right_when_answered.value,
        "language_right": heard.told.value,
    }


def worse(name: str, value: float, floor: float) -> bool:
    """Whether this figure is beyond what was recorded."""
    return value > floor if name.endswith(CEILING) else value < floor
