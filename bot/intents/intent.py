"""What a message means, as far as the model can tell. Pure values."""

from __future__ import annotations

from msgspec import Struct

from bot.language import Language


class Intent(Struct, frozen=True):
    """One thing that a person may want. ``confidence`` is the model's, from 0 to 1; nlu/intents.yml lists the names."""

    name: str
    confidence: float


class Understanding(Struct, frozen=True):
    """What the model made of one message.

    ``ranking`` holds intents that this service knows, the likeliest first. ``languages`` holds the three languages
    with their probability from 0 to 1, the likeliest first; it is empty when the message has too few letters to tell.
    ``foreign`` is the probability that the message is in none of the three (Mam, Portuguese ...), ``mayan`` the part of
    it that is another Mayan language; which one, nobody can tell from a message.
    """

    ranking: tuple[Intent, ...]
    languages: tuple[tuple[Language, float], ...]
    foreign: float = 0.0
    mayan: float = 0.0


UNKNOWN = Understanding((), ())
"""The understanding of a message in which there is nothing to understand."""
