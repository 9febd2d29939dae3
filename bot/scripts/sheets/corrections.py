"""A speakers' sheet that came back: what each row asks for, or why it is not taken. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from msgspec import Struct

from bot.language import Language
from bot.scripts.checks.fields import strange_fields
from bot.scripts.context import Context, contexts
from bot.scripts.errors import RowRefused
from bot.scripts.release import Release
from bot.scripts.rewriting import ASKS_MEANING, asks_meaning, may_ask_meaning
from bot.scripts.sheets.cells import Row, Table, needed, undamaged, undamaged_words
from bot.scripts.sheets.signed import NO, YES, day, person
from bot.scripts.sheets.speakers import (
    CORRECTION,
    DATE,
    KEY,
    MEANING,
    NAME,
    NOTE,
    VERSION,
    columns,
    texts_of,
    to_fill,
    version_of,
)
from bot.wording.fill import placeholders
from bot.wording.kiche import unknown_words
from bot.wording.state import REVIEWED_AGAINST

# Every column that a speakers' sheet of any language may have.
KNOWN = tuple(dict.fromkeys(column for language in Language for column in columns(language)))


class Correction(Struct, frozen=True, eq=False):
    """What one row asks for; two rows are never the same. ``text`` is the text as it is to stand, ``was`` as it stands now.

    ``by``: the person who has read the text in these words, None where it is to be a draft. ``texts``: what she saw
    beside it. ``meaning_changed``: the other languages no longer say the same.
    """

    row: str
    context: Context
    language: Language
    text: str
    was: str
    texts: Mapping[Language, str]
    by: str | None
    day: date
    note: str
    meaning_changed: bool = False

    @property
    def key(self) -> str:
        return self.context.sentence.key


class Refusal(Struct, frozen=True):
    """One row that is not taken. ``what`` names its text or flow, ``why`` says what to do."""

    row: str
    what: str
    why: str


class Returned(Struct, frozen=True):
    """All rows of one or more sheets; ``untouched`` counts those in which nobody wrote anything."""

    corrections: tuple[Correction, ...]
    refusals: tuple[Refusal, ...] = ()
    untouched: int = 0


def is_speakers(table: Table) -> bool:
    """Whether this is a speakers' sheet, however damaged."""
    return CORRECTION in table.columns or KEY in table.columns


def read_corrections(table: Table, release: Release, kiche: frozenset[str], today: date) -> Returned:
    """What the rows of a returned sheet ask for. Raises SheetError where the sheet as a whole cannot be read.

    ``kiche``: the words of words.csv. ``today``: the day of a reading whose row has no date.
    """
    asks = any(row[VERSION].startswith(f"{language}-") for row in table.rows for language in ASKS_MEANING)
    needed(table, (KEY, VERSION, *to_fill(Language.ES if asks else Language.QUC)))
    reader = _Reader(release, contexts(release.script.flows), kiche, today, table)
    found: list[Correction] = []
    refused: list[Refusal] = []
    untouched = 0
    for row in table.rows:
        try:
            correction = reader.correction(row)
        except RowRefused as error:
            refused.append(Refusal(row.place, row[KEY] or "?", str(error)))
            continue
        untouched += correction is None
        found += [correction] if correction else []
    return Returned(tuple(found), tuple(refused), untouched)


def joined(sheets: Iterable[Returned]) -> Returned:
    """All sheets as one. Rows that ask for different things of one text are all refused."""
    read = tuple(sheets)
    by_text: dict[tuple[str, Language], list[Correction]] = {}
    for each in (each for sheet in read for each in sheet.corrections):
        by_text.setdefault((each.key, each.language), []).append(each)
    refused = [each for sheet in read for each in sheet.refusals]
    taken = [each for same in by_text.values() for each in _one_of(same, refused)]
    return Returned(tuple(taken), tuple(refused), sum(sheet.untouched for sheet in read))


def _one_of(same: Sequence[Correction], refused: list[Refusal]) -> tuple[Correction, ...]:
    rows = ", ".join(each.row for each in same)
    if len({(each.text, each.meaning_changed) for each in same}) > 1:
        refused += [Refusal(each.row, each.key, f"{rows} ask for different things. Leave one of them") for each in same]
        return ()
    first = next((each for each in same if each.by), same[0])
    others = [each for each in same if (each.by, each.note) != (first.by, first.note)]
    refused += [Refusal(each.row, each.key, f"{first.row} says the same, and a text keeps one name") for each in others]
    return (first,)


class _Reader(Struct, frozen=True):
    release: Release
    places: Mapping[str, Context]
    kiche: frozenset[str]
    today: date
    table: Table

    def correction(self, row: Row) -> Correction | None:
        """What the row asks for, None where nobody wrote in it. Raises RowRefused."""
        if not row.filled(to_fill(Language.ES)):
            self._not_written_over(row)
            return None
        if row.beyond:
            raise RowRefused(f"{row.beyond!r} stands beyond the last column. Have the columns been moved?")
        context, language, texts = self._place(row)
        self._as_sent(row, {other: texts[other] for other in REVIEWED_AGAINST[language]})
        # The apostrophes of K'iche' are what an old encoding lacks.
        correction = undamaged_words(one_line(row[CORRECTION]), self.table.narrow and language is Language.QUC)
        note, name = undamaged(one_line(row[NOTE])), undamaged(one_line(row[NAME]))
        was = texts[language]
        text = correction or was
        by = person(name, frozenset({*texts.values(), text})) if name else None
        if not (note or correction or by):
            raise RowRefused("neither a correction nor a name stands here. Write one of the two")
        if not text and not note:
            raise RowRefused("there is no text yet that could be found right. Write it under correction")
        if note and not correction:
            by = None  # Rather a doubt than an approval.
        changed = False
        if text != was:
            self._check(text, was, texts, self._guesses(context.sentence.key, language) if by is None else None)
            changed = self._meaning(row, text, was, language)
        when = day(row[DATE], self.today)
        return Correction(row.place, context, language, text, was, texts, by, when, note, changed)

    def _place(self, row: Row) -> tuple[Context, Language, dict[Language, str]]:
        context = self.places.get(row[KEY])
        if context is None:
            raise RowRefused("there is no text of this key (any more). Make a new sheet")
        name = row[VERSION].partition("-")[0]
        if name not in [language.value for language in Language]:
            raise RowRefused(f"the cell {VERSION!r} does not hold what was in it. Copy it from the sheet that went out")
        language, texts = Language(name), texts_of(context, self.release.catalogs)
        if row[VERSION] != version_of(row[KEY], language, texts):
            raise RowRefused(
                "the text, or what it is checked against, changed since the sheet was made. Make a new one"
            )
        return context, language, texts

    def _as_sent(self, row: Row, texts: Mapping[Language, str]) -> None:
        for language, text in texts.items():
            if language.value in self.table.columns and one_line(row[language.value]) != one_line(text):
                raise RowRefused(
                    f"the text in the column {language.value} is not as it went out: somebody wrote over it, or letters"
                    " were lost on the way. Write under correction, and save as 'CSV UTF-8'"
                )

    def _not_written_over(self, row: Row) -> None:
        """Refuses a row in which the text itself was changed, and nothing else: a correction in the wrong column."""
        try:
            _, language, texts = self._place(row)
            own = undamaged(one_line(row[language.value]))
        except RowRefused:
            return  # Nothing is asked for here, and other rows tell what is wrong with the file.
        if own and own != one_line(texts[language]) and not self.table.narrow:
            raise RowRefused(f"the text in the column {language.value} was written over. Write it under correction")

    def _meaning(self, row: Row, text: str, was: str, language: Language) -> bool:
        """Whether the meaning changed, as the person says. Raises RowRefused where she has to say."""
        entry = self.release.catalogs[language].entries.get(row[KEY])
        if not may_ask_meaning(language, was, entry):
            return False
        answer = row[MEANING].casefold().rstrip(".")
        if answer in YES | NO:
            return answer in YES
        if not answer and not asks_meaning(language, was, text, entry):
            return False
        raise RowRefused(f"does the text mean something else now? Write yes or no under {MEANING!r}")

    def _guesses(self, key: str, language: Language) -> tuple[str, ...] | None:
        entry = self.release.catalogs[language].entries.get(key)
        return (entry.guesses if entry else ()) if language is Language.QUC else None

    def _check(self, text: str, was: str, texts: Mapping[Language, str], guesses: tuple[str, ...] | None) -> None:
        """Raises RowRefused for lost or strange fields, and for K'iche' words on which nobody's word stands.

        ``guesses``: those of a K'iche' draft; None for a text that needs no source.
        """
        if stray := strange_fields(text, self.release):
            raise RowRefused(f"{', '.join(stray)} is no field. Copy the fields ($...) from the text as it was")
        wanted, allowed = placeholders(was or texts[Language.EN]), placeholders(texts[Language.EN] + texts[Language.ES])
        for what, names in (
            ("is missing", wanted - placeholders(text)),
            ("is too much", placeholders(text) - allowed - wanted),
        ):
            if names:
                raise RowRefused(
                    f"{', '.join(f'${name}' for name in sorted(names))} {what}: the fields stand for numbers, places and"
                    " names, and stay as they are"
                )
        if guesses is not None and (unknown := unknown_words(text, self.kiche, guesses)):
            raise RowRefused(
                f"{', '.join(unknown)}: not in locales/quc/words.csv, and no speaker's name stands in the row. Add the name"
                " of who says it so, or the words with their source"
            )


def one_line(text: str) -> str:
    """The text in one line, in one form of its letters, without signs that nobody sees."""
    seen = "".join(char for char in text if char.isspace() or unicodedata.category(char) not in ("Cc", "Cf"))
    return " ".join(unicodedata.normalize("NFC", seen).split())
