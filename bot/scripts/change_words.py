"""What a change takes out and puts in, word by word, as values that a page can label. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from bot.language import Language
from bot.scripts.change_answer import ORDER, Answer, Line


class Kind(StrEnum):
    """What becomes of some words."""

    SAME = "same"
    OUT = "out"
    IN = "in"


class Piece(Struct, frozen=True):
    """Some words of a text, without the space around them."""

    kind: Kind
    words: str


class Difference(Struct, frozen=True):
    """One text in one language, before and after. ``meaning``: whether whoever wrote says that it means something else now."""

    line: Line
    language: Language
    before: str
    after: str
    pieces: tuple[Piece, ...]
    meaning: bool | None


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """The words of both texts, in order: of what was replaced first what went out, then what came in."""
    old, new = before.split(), after.split()
    return tuple(_pieces(old, new))


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece(Kind.SAME, " ".join(old[a:b]))
            continue
        if b > a:
            yield Piece(Kind.OUT, " ".join(old[a:b]))
        if d > c:
            yield Piece(Kind.IN, " ".join(new[c:d]))


def differences(answer: Answer) -> tuple[Difference, ...]:
    """Every text that the open change has otherwise than families get it, in reading order, es, en, quc."""
    return tuple(_differences(answer))


def _differences(answer: Answer) -> Iterator[Difference]:
    for line in answer.lines:
        for language in ORDER:
            said = line.said[language]
            if said.text != said.published:
                before, after = said.published, said.text
                yield Difference(line, language, before, after, pieces(before, after), said.meaning)


def left_behind(answer: Answer) -> tuple[tuple[Line, Language], ...]:
    """The texts that did not change although another language of them changed its meaning."""
    return tuple(
        (line, language)
        for line in answer.lines
        for language in ORDER
        if (said := line.said[language]).stale and said.stale.meaning and not said.changing
        if any(other.changing and other.meaning for other in line.said.values())
    )
