"""Why a password is not taken, for whoever chose it."""

from __future__ import annotations

from bot.console.words import words
from bot.store.passwords import LONGEST, SHORTEST, refused


def why_refused(password: str, *known: str) -> str:
    """In words; empty when it is taken. ``known`` are her name and mail, which may not be it."""
    match refused(password, *known):
        case "short":
            return words(
                "password.short", "It needs at least %(n)s signs. Four or five words are easy to keep.", n=SHORTEST
            )
        case "long":
            return words("password.long", "It may have at most %(n)s signs.", n=LONGEST)
        case "known":
            return words(
                "password.known",
                "Anybody could guess it: it is your name or mail address, or one sign again and again.",
            )
        case "common":
            return words(
                "password.common",
                "Anybody could guess it: it is made of words that many people choose. Take four or five words that have"
                " nothing to do with each other.",
            )
    return ""
