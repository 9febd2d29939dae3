"""What becomes of catalogs when somebody writes texts anew: in a returned sheet, or on a page of the console. Pure.

Whoever writes a text makes a draft of it, and says whether it means something else now: then its counterparts are overtaken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from bot.frozen import replace
from bot.language import Language
from bot.scripts.sheets.meaning import is_spelling
from bot.wording.catalog import Catalog, Entry
from bot.wording.kiche import words_of
from bot.wording.merge import overtaken
from bot.wording.state import Review, State

# Whoever corrects the K'iche' leaves what it is checked against as it is.
ASKS_MEANING = (Language.EN, Language.ES)


class Rewritten(Struct, frozen=True):
    """One text as somebody wants it. ``english`` is the sentence of the flow; ``was`` and ``text`` are as families get them.

    ``review``: the word of a person who has read it so. ``overtakes``: the languages that no longer say the same. ``settled``:
    whoever wrote it, or looked at it and left it as it is, had the others as they are now beside it. ``notes`` come to those
    that stand there.
    """

    key: str
    language: Language
    english: str
    text: str
    was: str
    review: Review | None = None
    overtakes: frozenset[Language] = frozenset()
    settled: bool = False
    notes: tuple[str, ...] = ()


def asks_meaning(language: Language, was: str, text: str, entry: Entry | None) -> bool:
    """Whether whoever writes has to say if the text means something else now.

    Not where only spelling changed.
    """
    return text != was and may_ask_meaning(language, was, entry) and not is_spelling(was, text)


def may_ask_meaning(language: Language, was: str, entry: Entry | None) -> bool:
    """Whether that can be asked at all: not for a first text, nor for one that the others left behind and that is brought up to them."""
    return language in ASKS_MEANING and bool(was) and not (entry and entry.meaning_changed)


def rewritten(catalogs: Mapping[Language, Catalog], asked: Iterable[Rewritten]) -> dict[Language, Catalog]:
    """The catalogs with these texts. Their states still have to be told beside one another (``catalogs.in_line``)."""
    entries = {language: dict(catalog.entries) for language, catalog in catalogs.items()}
    every = tuple(asked)
    for each in every:
        entries[each.language][each.key] = _entry(each, entries[each.language].get(each.key))
    for each in every:
        for language in each.overtakes:
            entries[language][each.key] = _overtaken(each, language, entries[language].get(each.key))
    return {language: Catalog.of(found.values(), language) for language, found in entries.items()}


def _entry(asked: Rewritten, known: Entry | None) -> Entry:
    """The entry as it is asked for. A draft keeps what its words lean on; a speaker's text leans on her."""
    old = known or Entry(asked.key, asked.english)
    if asked.settled:
        # Written for the sentence that the flow has now; else the merge says that it was overtaken.
        old = replace(old, english=asked.english)
    notes = tuple(dict.fromkeys((*old.notes, *asked.notes)))
    if asked.review is None and asked.text == asked.was:
        return replace(_as_it_was(old) if asked.settled else old, notes=notes)
    text = "" if asked.review is None and asked.text == old.english and asked.language is Language.EN else asked.text
    spoken = asked.review is not None and asked.text != asked.was
    words = set(words_of(text))
    return replace(
        old,
        text=text,
        state=State.REVIEWED if asked.review else State.DRAFT,
        review=asked.review,
        meaning_changed=False,
        citations=() if spoken else old.citations,
        guesses=() if spoken else tuple(guess for guess in old.guesses if words & set(words_of(guess))),
        notes=notes,
    )


def _as_it_was(entry: Entry) -> Entry:
    """Without the mark of having been left behind. A review that no longer fits still does not: that is told by its hashes."""
    # English only repeats the sentence of its flow to bear that mark.
    text = "" if entry.state is State.STALE and entry.text == entry.english and entry.review is None else entry.text
    state = State.REVIEWED if entry.review and text else State.DRAFT
    return replace(entry, text=text, state=state, meaning_changed=False)


def _overtaken(asked: Rewritten, language: Language, old: Entry | None) -> Entry:
    """The text that no longer says what the rewritten one says. The sentence of the flow is repeated, to bear the mark."""
    entry = old or Entry(asked.key, asked.english)
    if language is Language.EN and not entry.text:
        entry = replace(entry, text=entry.english)
    return overtaken(entry)
