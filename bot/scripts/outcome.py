"""What families read in each language once a change is published: the new text, the old one, what stays true, or the Spanish. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from bot.language import Language
from bot.scripts.change_answer import ORDER, Answer, Line
from bot.wording.choose import text_for


class Gets(StrEnum):
    """What goes out. NEW: as it is written now; OLD: as before; DURABLE: the sentence that stays true, in its place.

    SPANISH and ENGLISH: nothing in her own language can go, so that one does, with a line that says why.
    """

    NEW = "new"
    OLD = "old"
    DURABLE = "durable"
    SPANISH = "spanish"
    ENGLISH = "english"


class Outcome(Struct, frozen=True):
    """What a family that reads ``language`` gets of a text. ``unread``: no speaker has read this K'iche', so Spanish goes beside it."""

    line: Line
    language: Language
    gets: Gets
    text: str
    unread: bool


def outcomes(answer: Answer) -> tuple[Outcome, ...]:
    """Of every text that the change touches in any language, what each language gets; by text, es, en, quc."""
    return tuple(_outcomes(answer))


def _outcomes(answer: Answer) -> Iterator[Outcome]:
    for line in answer.lines:
        if any(said.text != said.published for said in line.said.values()):
            yield from (_outcome(answer, line, language) for language in ORDER)


def _outcome(answer: Answer, line: Line, language: Language) -> Outcome:
    said, sentence = line.said[language], line.context.sentence
    durable = f"{line.key.rsplit('.', 1)[0]}.durable"
    chosen = text_for(line.key, language, sentence.english, answer.release.catalogs, durable)
    if chosen.language is not language:
        gets = Gets.SPANISH if chosen.language is Language.ES else Gets.ENGLISH
    elif chosen.text == said.text:
        gets = Gets.OLD if said.text == said.published else Gets.NEW
    else:
        gets = Gets.OLD if chosen.text == said.published else Gets.DURABLE
    unread = language is Language.QUC and chosen.language is language and chosen.draft
    return Outcome(line, language, gets, chosen.text, unread)
