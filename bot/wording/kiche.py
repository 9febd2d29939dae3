"""The words of K'iche' that stand on a source, and what of a draft does not. Pure.

Nobody here speaks K'iche'. A draft is therefore made only of words that somebody has written before: in a
treebank, a course or the Declaration of Human Rights, of Spanish loans, and of names. ``locales/quc/words.csv``
lists them, each with where it was seen. That every word is attested does not make the sentence right.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from string import Template

from bot.wording.gsm7 import fold_for_sms

COLUMNS = ("word", "es", "source", "kind")
SOURCED = frozenset({"attested", "loan", "name"})
GUESS = "guess"  # formed by analogy: every draft that uses it has to say so itself

# An apostrophe is a consonant here: it belongs to the word, inside it and at its end, and never starts one.
_WORD = re.compile(r"[^\W\d_]+(?:'+[^\W\d_]+)*'?")


def load_words(path: Path) -> frozenset[str]:
    """The folded words of a word list that stand on a source; those of kind ``guess`` are left out.

    Raises ValueError, with file and line, for other columns, a blank cell, an unknown kind or a word twice.
    """
    found: set[str] = set()
    seen: set[str] = set()
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, strict=True)
        if tuple(rows.fieldnames or ()) != COLUMNS:
            raise ValueError(f"{path}:1: the columns are {', '.join(COLUMNS)}")
        for row in rows:
            word = _checked(row, seen, f"{path}:{rows.line_num}")
            seen.add(word)
            if row["kind"] in SOURCED:
                found.add(word)
    return frozenset(found)


def _checked(row: dict[str, str], seen: set[str], where: str) -> str:
    if len(row) != len(COLUMNS) or not all((row[column] or "").strip() for column in COLUMNS):
        raise ValueError(f"{where}: word, es, source and kind are all needed, and nothing else")
    if row["kind"] not in SOURCED | {GUESS}:
        raise ValueError(f"{where}: the kind is attested, loan, name or guess, not {row['kind']}")
    words = words_of(row["word"])
    if len(words) != 1:
        raise ValueError(f"{where}: one word a line, not {row['word']}")
    if words[0] in seen:
        raise ValueError(f"{where}: {row['word']} stands here twice")
    return words[0]


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, folded, in their order. Fields ($orr), digits and punctuation are no words."""
    without_fields = Template.pattern.sub(" ", text)
    return tuple(_WORD.findall(_folded(without_fields)))


def unknown_words(text: str, words: frozenset[str], guesses: Iterable[str]) -> tuple[str, ...]:
    """The words of a draft that are neither in ``words`` nor among its own guesses, each once, in their order."""
    known = words | {word for guess in guesses for word in words_of(guess)}
    return tuple(dict.fromkeys(word for word in words_of(text) if word not in known))


def _folded(text: str) -> str:
    """Case, apostrophe signs and accents make no other word. The lax vowels of older spelling (ä) are a, e ..."""
    plain = unicodedata.normalize("NFD", fold_for_sms(text).casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))
