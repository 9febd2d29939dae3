"""What a family agreed to keep, as it may be stored before anybody has read it: words that many people use, and no others. Pure.

``scrub`` (bot/escalation/scrub.py) is a proposal to a person who reads the rest before it is stored. Here nobody does. So each word
that is not known goes too, and where much would go, or digits are spelled out, nothing is kept at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set
from enum import StrEnum

from bot.escalation.scrub import GAP, scrub
from bot.intents.folding import bare
from bot.scripts.name_words import NAME_WORDS
from bot.scripts.phrases import LONGEST_PHRASE

MOST_GAPS = 2
"""With more of them it is a story about somebody, not a question."""
FEWEST_WORDS = 3
MOST_DIGITS_SPELLED = 2
"""Two in a row are ages of children; three may be a number."""
_PLAIN = re.compile(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]*)*")
_AROUND = ".,;:!?¿¡…\"()'’-"
_JOINS = frozenset(("y", "and", GAP))
_SPELLED = frozenset(
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince veinte treinta cuarenta cincuenta"
    " sesenta setenta ochenta noventa zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    " fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety jun keb kieb kaib oxib"
    " kajib job joob waqib wuqub wajxaqib belejeb lajuj".split()
)


class Agreed(StrEnum):
    """What became of the words, by the name of the notice that says so. ``TRIED``: nobody keeps anything of who only tries."""

    KEPT = "words_kept"
    NOT = "words_not_kept"
    TRIED = "words_tried"


def common_words(text: str, known: Set[str]) -> str | None:
    """The text with a gap for every word that is not known, or None where it may not be kept. ``known``: folded words.

    >>> common_words("mi hijo no come con Marta Xol", frozenset("mi hijo no come con".split()))
    'mi hijo no come con ***'
    """
    if len(text) > LONGEST_PHRASE:
        return None
    # Letters and digits in other dresses first: what is hidden in them would pass for something else.
    tokens = scrub(unicodedata.normalize("NFKC", text)).split()
    kept: list[str] = []
    for token in (_known_or_gap(token, known) for token in tokens):
        if token != GAP or kept[-1:] != [GAP]:
            kept.append(token)
    words = [token for token in kept if token != GAP]
    unsure = kept.count(GAP) > MOST_GAPS or len(words) < FEWEST_WORDS or _spells_a_number(kept)
    return None if unsure else " ".join(kept)


def _known_or_gap(token: str, known: Set[str]) -> str:
    word = token.strip(_AROUND)
    if not _PLAIN.fullmatch(word):
        # Marks alone say nothing, and whatever else is no word.
        return GAP
    parts = bare(word.replace("-", " ")).split()
    return token if parts and all(part in known and part not in NAME_WORDS for part in parts) else GAP


def _spells_a_number(tokens: list[str]) -> bool:
    """Whether more digits in a row are written as words than anybody needs who tells of her children."""
    run = 0
    for word in map(bare, tokens):
        run = run + 1 if word in _SPELLED else run if word in _JOINS or not word else 0
        if run > MOST_DIGITS_SPELLED:
            return True
    return False
