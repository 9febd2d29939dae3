"""A text beside its words as they are compared, so that all who listen to it fold it once. Pure."""

from __future__ import annotations

from msgspec import Struct

from bot.intents.folding import bare


class Words(Struct, frozen=True):
    """What somebody wrote, and what of it is compared: ``bare`` (bot/intents/folding.py), as a whole and word for word.

    It lives as long as the turn that it was made for: nothing may keep it.
    """

    text: str
    bare: str
    each: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Words:
        """The words of this text."""
        folded = bare(text)
        return cls(text, folded, tuple(folded.split()))
