"""Why steps cannot be changed so, in the words of the page. By the names of the reasons (bot/scripts/change_steps.py)."""

from __future__ import annotations

from collections.abc import Mapping

from bot.console.words import Phrase, phrase, words
from bot.scripts.change_yaml import StepsRefused

REASONS: Mapping[str, Phrase] = {
    "waits": phrase("steps.waits", "this step waits for something else, or the bot chooses the way by itself"),
    "full": phrase("steps.full", "a menu has %(n)s choices at most: let one go to a further step"),
    "only-way": phrase("steps.only-way", "this is the only way on: add another choice first"),
    "name": phrase("steps.name", "that name is taken, or is none: letters without accents, digits and _"),
    "no-choice": phrase("steps.no-choice", "a step needs a choice that goes on"),
    "first": phrase("steps.first", "the answer begins with this step"),
    "led": phrase("steps.led", "other steps go here (%(steps)s): change first where they go"),
    "no-step": phrase("steps.no-step", "the step “%(step)s” is not there any more"),
    "no-such-choice": phrase("steps.no-such-choice", "choice %(n)s is not there any more"),
    "no-way": phrase("steps.no-way", "that way is not there any more"),
    "own-step": phrase("steps.own-step", "this way can only go to a step of the same answer"),
    "no-target": phrase("steps.no-target", "say where it goes"),
    "no-english": phrase("steps.no-english", "write the English sentence too"),
    "says-nothing": phrase("steps.says-nothing", "this step says nothing to which a sentence could be added"),
    "no-fact": phrase("steps.no-fact", "that fact is not there any more"),
    "no-sentence": phrase("steps.no-sentence", "that sentence is not there any more"),
}


def steps_refused(error: StepsRefused) -> str:
    """The reason as the end of a line."""
    if error.why in REASONS:
        return words(REASONS[error.why], **error.values)
    return words("steps.other", "the steps do not hold together (%(why)s)", why=str(error))
