"""How a message is written down before the model reads it: one spelling for what means the same. Standard library only.

``normalise`` takes off what people and phones vary without meaning anything. ``skeleton`` folds the ways in which
K'iche' is written, with or without apostrophes, in today's alphabet or in older ones. ``sound`` folds what Spanish
written by ear confuses (yevaron, llebaron). All are for comparing only, never for showing.
"""

from __future__ import annotations

import re
import unicodedata

MOST_CHARACTERS = 600

# What phones, keyboards and word processors put where K'iche' has an apostrophe. One mark that counts as a letter.
_APOSTROPHE = "\u02bc"
_APOSTROPHES = str.maketrans(
    dict.fromkeys("'`\u00b4\u02b9\u02bb\u02bd\u02c8\u2018\u2019\u201b\u2032\ua78b\ua78c\uff07", _APOSTROPHE)
)
# Zero-width marks stand inside words; skin tones (Sk) behind an emoji change nothing about it.
_DELETED = {"Cf", "Sk"}
_BLANK = {"Cc", "Co", "Cs", "Cn"}
_ZIP = re.compile(r"(?<!\d)\d{5}(?!\d)")
_LONG_NUMBER = re.compile(r"(?<!\d)\d{6,}(?!\d)")
_TOKEN = re.compile(r"\w+|[\u2600-\u27bf\U0001f000-\U0001faff]")
_REPEATED = re.compile(r"(\w)\1{2,}")


def normalise(text: str, most_characters: int = MOST_CHARACTERS) -> str:
    """Lower case, accents off (ñ stays: año is not ano), one apostrophe, single spaces, ``holaaaa`` as ``holaa``, cut.

    >>> normalise("  ¿QUÉ   hago? Mañana k´o ")
    '¿que hago? mañana kʼo'
    """
    # Apostrophes first: NFKC would turn U+00B4 into a space and a combining mark. The first cut bounds the work,
    # since NFKC can make one character eighteen.
    text = unicodedata.normalize("NFKC", text[: 2 * most_characters].translate(_APOSTROPHES))
    text = _without_accents(text.translate(_APOSTROPHES).casefold())
    text = "".join(map(_visible, text))
    return " ".join(_REPEATED.sub(r"\1\1", text).split())[:most_characters].rstrip()


def masked(normalised: str) -> str:
    """Places and numbers of people as shapes: any ZIP is ``00000``, anything longer ``000000``. 911 and ages stay.

    >>> masked("tengo 12, vivo en 60629, llamen al 2025550100")
    'tengo 12, vivo en 00000, llamen al 000000'
    """
    return _LONG_NUMBER.sub("000000", _ZIP.sub("00000", normalised))


def bare(normalised: str) -> str:
    """Without any apostrophe: K'iche' is often typed so."""
    return normalised.replace(_APOSTROPHE, "")


def tokens(normalised: str) -> list[str]:
    """Words, with their apostrophes, and each emoji or other picture by itself; no other marks.

    >>> tokens(normalise("¡K'o la migra! 🚨🚨"))
    ['kʼo', 'la', 'migra', '🚨', '🚨']
    """
    return _TOKEN.findall(normalised)


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    return "" if category in _DELETED else " " if category in _BLANK else character


def _without_accents(text: str) -> str:
    kept = []
    for character in unicodedata.normalize("NFC", text):
        if character == "ñ":
            kept.append(character)
        else:
            kept += [part for part in unicodedata.normalize("NFD", character) if unicodedata.category(part) != "Mn"]
    return "".join(kept)


# Each rule works on what the one before left. Sources: the alphabet of the Academia de Lenguas Mayas de Guatemala
# (Acuerdo 13-2013) and the older spellings that Apertium's relaxed K'iche' spelling and old texts show.
_SKELETON = [
    (re.compile(r"(?<=[a-z])7"), ""),  # k7o: the glottal stop on keyboards without an apostrophe
    (re.compile(_APOSTROPHE), ""),
    (re.compile("ts"), "tz"),
    (re.compile("sh"), "x"),
    (re.compile("ch"), "C"),  # kept apart while c and h change
    (re.compile("qu(?=[ei])"), "k"),
    (re.compile("[hg]u(?=[aeio])"), "w"),
    (re.compile("[cgq]"), "k"),
    (re.compile("v"), "w"),
    (re.compile("u(?=[aeio])"), "w"),
    (re.compile("h"), "j"),
    (re.compile("(?<=[b-df-hj-np-tv-zC])i(?=[aou])"), "y"),
    (re.compile("n(?=[bp])"), "m"),
    (re.compile(r"(\w)\1+"), r"\1"),
    (re.compile("C"), "ch"),
]


def skeleton(normalised: str) -> str:
    """What is left of a normalised text when the spelling of K'iche' no longer counts.

    >>> [skeleton(normalise(text)) for text in ("Kʼo jun nukʼotoj", "c'o jun nuc'otoj", "K7o jun nuk7otoj")]
    ['ko jun nukotoj', 'ko jun nukotoj', 'ko jun nukotoj']
    """
    for pattern, replacement in _SKELETON:
        normalised = pattern.sub(replacement, normalised)
    return normalised


# Of Spanish written by ear: silent h, ll and y, b and v, s, c and z, k and qu, what ends in -ado said as -ao.
_SOUND = [
    (re.compile("ñ"), "n"),
    (re.compile("ch"), "C"),
    (re.compile("sh"), "S"),
    (re.compile("ll"), "y"),
    (re.compile("qu(?=[ei])|q"), "k"),
    (re.compile("gu(?=[ei])"), "G"),
    (re.compile("g(?=[ei])"), "j"),
    (re.compile("c(?=[ei])|z"), "s"),
    (re.compile("c"), "k"),
    (re.compile("v"), "b"),
    (re.compile("h"), ""),
    (re.compile("w"), "u"),
    (re.compile("n(?=[bpmf])"), "m"),
    (re.compile(r"y\b"), "i"),
    (re.compile(r"\bi(?=[aeou])"), "y"),
    (re.compile(r"d(?=o\b)"), ""),
    (re.compile(r"(\w)\1+"), r"\1"),
    (re.compile("C"), "ch"),
    (re.compile("S"), "sh"),
    (re.compile("G"), "g"),
]


def sound(normalised: str) -> list[str]:
    """The words of a normalised text as they sound to somebody who writes Spanish by ear; pictures stay.

    >>> sound(normalise("llevaron al abogado")) == sound(normalise("yebaron al avogao"))
    True
    """
    text = " ".join(tokens(bare(normalised)))
    for pattern, replacement in _SOUND:
        text = pattern.sub(replacement, text)
    return text.split()
