"""One spelling for all spellings: what people type -> the key under which a place is filed.

Lower case, no accents, no apostrophes (K'iche' spellings come with five kinds of them), no punctuation, and the
usual short forms written out: ``Sta. Ana`` and ``santa ana`` are one place.
"""

from __future__ import annotations

import re
import unicodedata

_APOSTROPHES = dict.fromkeys(map(ord, "'\u2019\u2018\u02bc\u02bb\u02b9\u00b4\u0060\ua78c\u2032"))
_INITIALS = re.compile(r"\b(?:\w\.){2,}|\b(?:\w\.)+\w\b")
_SEPARATORS = re.compile(r"[^a-z0-9]+")
_KNOWN = 0x2100
_WRITTEN_OUT = {
    "st": "saint",
    "ft": "fort",
    "mt": "mount",
    "sta": "santa",
    "sto": "santo",
    "sn": "san",
    "cd": "ciudad",
    "pto": "puerto",
}


class _Letters(dict[int, str]):
    """What stands for a character in a key, by its number; of the alphabets that people here write in, made once and for all."""

    def __missing__(self, number: int) -> str:
        plain = unicodedata.normalize("NFD", chr(number))
        letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
        made = "" if number in _APOSTROPHES else _SEPARATORS.sub(" ", letters)
        if number < _KNOWN:
            self[number] = made
        return made


_LETTERS = _Letters()


def fold(text: str) -> str:
    """The key of a text: words of a-z and 0-9 with one space between. Letters of other scripts are dropped."""
    return " ".join(folded_words(text))


def folded_words(text: str) -> list[str]:
    """The words of the key of a text."""
    lowered = text.lower()
    words = (_joined(lowered) if "." in lowered else lowered.translate(_LETTERS)).split()
    if _WRITTEN_OUT.keys().isdisjoint(words):
        return words
    # The last word is never a short form of what follows it, and MT at the end is Montana.
    return [_WRITTEN_OUT.get(word, word) for word in words[:-1]] + words[-1:]


def _joined(lowered: str) -> str:
    """The letters of a text in which initials may stand."""
    plain = unicodedata.normalize("NFD", lowered.translate(_APOSTROPHES))
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _SEPARATORS.sub(" ", _INITIALS.sub(lambda initials: initials.group().replace(".", ""), bare))


# In order: a later line sees what the earlier ones made of the word.
_SOUNDS = (
    ("ville", "bil"),
    ("ch", "\u0107"),
    ("sh", "\u0107"),
    ("ph", "f"),
    ("h", ""),
    ("que", "ke"),
    ("qui", "ki"),
    ("q", "k"),
    ("gue", "\u011fe"),
    ("gui", "\u011fi"),
    ("ge", "je"),
    ("gi", "ji"),
    ("\u011f", "g"),
    ("ce", "se"),
    ("ci", "si"),
    ("c", "k"),
    ("tz", "s"),
    ("z", "s"),
    ("v", "b"),
    ("ll", "y"),
    ("w", "u"),
    ("gua", "ua"),
    ("y", "i"),
)
# Never across the end of a line: a dot is none.
_DOUBLED = re.compile(r"(.)\1+")


def sound(key: str) -> str:
    """How a Spanish speaker would hear a key, spaces left out: ``kezaltenango`` and ``quetzaltenango`` come close.

    Of a text of several lines each is heard by itself.
    """
    heard = key.replace(" ", "")
    for written, spoken in _SOUNDS:
        heard = heard.replace(written, spoken)
    return _DOUBLED.sub(r"\1", heard)
