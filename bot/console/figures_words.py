"""What is counted, in the words of the pages: how questions end, how long somebody waits, why a message does not arrive."""

from __future__ import annotations

from datetime import date, timedelta

from babel.dates import format_interval

from bot.console.languages import LANGUAGES
from bot.console.spans import Words
from bot.console.words import phrase
from bot.counted import Outcome
from bot.figures.weeks import OTHER
from bot.language import Language
from bot.store.counting import OTHER_REASON, STAFF

OUTCOMES = {
    Outcome.ANSWERED: phrase("figures.answered", "Answered by the bot"),
    Outcome.ASKED_BACK: phrase("figures.asked-back", "The bot asked what was meant"),
    Outcome.PERSON: phrase("figures.to-person", "Went to a person"),
    Outcome.NOT_UNDERSTOOD: phrase("figures.not-understood", "Without an answer"),
}
"""In the order of the bars."""
UNTOLD = phrase("figures.untold", "Not told how")
STEPS = {
    "0": phrase("figures.wait-0", "under 10 minutes"),
    "600": phrase("figures.wait-600", "10 to 30 minutes"),
    "1800": phrase("figures.wait-1800", "30 to 60 minutes"),
    "3600": phrase("figures.wait-3600", "1 to 4 hours"),
    "14400": phrase("figures.wait-14400", "4 to 24 hours"),
    "86400": phrase("figures.wait-86400", "more than a day"),
}
REASONS = {
    "retry": phrase("figures.why-busy", "the carrier was busy"),
    "once_soon": phrase("figures.why-silent", "the phone company did not say why"),
    "once_later": phrase("figures.why-off", "the phone was off or out of reach"),
    "stop": phrase("figures.why-stop", "the number cannot get our messages"),
    "opted_out": phrase("figures.why-opted-out", "the person had written STOP"),
    "operator": phrase("figures.why-operator", "something of ours is not set up right"),
    "wording": phrase("figures.why-wording", "it was taken for spam, or too long"),
    "window": phrase("figures.why-window", "WhatsApp's 24 hours were over"),
    OTHER_REASON: phrase("figures.why-unknown", "for a reason that we do not know"),
    OTHER: phrase("figures.why-other", "other reasons, each too seldom to be told"),
}
CHANNELS = {
    "sms": phrase("figures.sms", "SMS"),
    "whatsapp": phrase("figures.whatsapp", "WhatsApp"),
    OTHER: phrase("figures.either", "SMS or WhatsApp"),
}
STAFF_WORDS = phrase("figures.of-staff", "Messages of staff")


IN_SENTENCES = {
    Language.ES.value: phrase("figures.lang-es", "Spanish"),
    Language.EN.value: phrase("figures.lang-en", "English"),
    Language.QUC.value: phrase("figures.lang-quc", "K'iche'"),
}


def language_in_words(code: str, words: Words) -> str:
    """A language as a sentence of the page calls it; in tables it has its own name."""
    return words(IN_SENTENCES[code]) if code in IN_SENTENCES else language_name(code)


def language_name(code: str, staff: str = "") -> str:
    """A language by its own name; what is written by staff by ``staff``."""
    return staff if code == STAFF else LANGUAGES.get(code, code)


def week_words(first: date, last: date, language: str) -> str:
    """From the Monday of a week to the Sunday of one: 16–22 nov 2026."""
    sunday = last + timedelta(days=6)
    return str(format_interval(first, sunday, "yMMMd", locale=language))


def short_week(monday: date, language: str) -> str:
    """A week in a column: 16–22 nov."""
    return str(format_interval(monday, monday + timedelta(days=6), "MMMd", locale=language))
