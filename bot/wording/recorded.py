"""Recordings: which of them reads which words. Pure.

A recording is named for the text that it reads, ``<key>.<mark of the words>``. What goes out is looked up by its own words, so
that whoever changes a text, a number in it or a sentence of it holds the recording back by that, at once and in every process.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping

from bot.language import Language

_MARK = 16
_NAME = re.compile(rf"(?P<key>[a-z0-9_]+(?:\.[a-z0-9_]+)+)\.(?P<words>[0-9a-f]{{{_MARK}}})")


def words_of(text: str) -> str:
    """A mark of words as somebody reads them aloud: with numbers and names where fields stand, whatever the form of their letters."""
    return hashlib.sha256(" ".join(unicodedata.normalize("NFC", text).split()).encode()).hexdigest()[:_MARK]


def name_of(key: str, words: str) -> str:
    """How the recording of a text is named, without its language and without ``.ogg``."""
    return f"{key}.{words}"


def read_name(name: str) -> tuple[str, str] | None:
    """The key of the text and the mark of its words; None for a recording that a step names itself."""
    found = _NAME.fullmatch(name)
    return (found["key"], found["words"]) if found else None


def recording_of(recordings: Mapping[str, str], language: Language, text: str) -> str | None:
    """The SHA-256 of the recording of these very words in that language. ``recordings``: ``language/name`` to SHA-256."""
    if not text or not recordings:
        return None
    start, end = f"{language.value}/", f".{words_of(text)}"
    return next((sha for name, sha in recordings.items() if name.startswith(start) and name.endswith(end)), None)
