"""A speakers' sheet that comes back through a page: what each row would change, and putting it into the open changes.

Never straight into a release, and never as anybody's review: a name in a row says who said so, and is kept as a note. Only she
herself, on the page, says it under her name.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from bot.console.desk import desk
from bot.console.editor_read import published
from bot.console.words import words
from bot.escalation.viewer import Viewer
from bot.language import Language
from bot.scripts.change import Stage
from bot.scripts.change_answer import Answer
from bot.scripts.errors import SheetError
from bot.scripts.sheets import cells
from bot.scripts.sheets.corrections import KNOWN, Correction, Refusal, Returned, is_speakers, joined, read_corrections
from bot.settings import REPOSITORY
from bot.store.change_errors import InReview, NoSuchAnswer
from bot.store.change_writing import Clash
from bot.wording.kiche import load_words

LARGEST = 2_000_000
"""Bytes of a sheet: one with every text is a third of it."""
MOST_ROWS = 5_000


class Would(Struct, frozen=True):
    """What a row asks for: the text as it stands in what is being changed, and as it is to be. ``version`` is that of the former."""

    row: str
    key: str
    language: Language
    before: str
    text: str
    version: int
    note: str
    by: str
    meaning: bool

    @property
    def changes(self) -> bool:
        """Whether its words are others than those that stand there."""
        return self.text != self.before


class SheetRead(Struct, frozen=True):
    """A sheet: what would be done, the rows that are not taken, and how many nobody wrote in."""

    would: tuple[Would, ...]
    refusals: tuple[Refusal, ...]
    untouched: int


class Taken(Struct, frozen=True):
    """What was done: texts saved, notes kept, and rows that could not be taken after all."""

    saved: int
    noted: int
    refusals: tuple[Refusal, ...]
    flows: tuple[str, ...]


def look_at(data: bytes, today: date) -> SheetRead:
    """What this sheet would change; nothing is stored. Raises SheetError for a file that is none of ours."""
    if len(data) > LARGEST:
        raise SheetError("The file is too large for a sheet of ours. Send the one that was filled in")
    table = cells.read(data, KNOWN)
    if not is_speakers(table):
        raise SheetError("This is not a sheet for speakers. Take one from this page, fill it in and bring it back")
    if len(table.rows) > MOST_ROWS:
        raise SheetError(f"More than {MOST_ROWS} rows: send the sheet in parts")
    release, kiche = published(), load_words(REPOSITORY / "locales" / "quc" / "words.csv")
    read = joined([read_corrections(table, release, kiche, today)])
    would, refused = _beside_what_is_open(read)
    return SheetRead(would, (*read.refusals, *refused), read.untouched)


def take_in(viewer: Viewer, read: SheetRead) -> Taken:
    """Saves what the rows ask for into the open change of each answer. A row that somebody was quicker with stays out."""
    refused: list[Refusal] = []
    flows: dict[str, None] = {}
    saved = noted = 0
    for each in read.would:
        flow = each.key.partition(".")[0]
        if each.changes:
            try:
                done = desk().changes.save(
                    viewer, flow, each.key, each.language, each.text, each.version, each.meaning
                )
            except (InReview, NoSuchAnswer):
                refused.append(Refusal(each.row, each.key, _IN_REVIEW))
                continue
            if isinstance(done, Clash):
                refused.append(Refusal(each.row, each.key, _WRITTEN))
                continue
            saved += 1
            flows[flow] = None
            desk().text_notes.settle(viewer, each.key, each.language)
        noted += desk().text_notes.note(viewer, each.key, each.language, _note(each))
    return Taken(saved, noted, tuple(refused), tuple(flows))


def _note(each: Would) -> str:
    said = words("sheet.by", "%(name)s, on a sheet", name=each.by) if each.by else ""
    return ": ".join(part for part in (said, each.note) if part)


_WRITTEN = "somebody wrote this text meanwhile on the page. Compare both there"
_IN_REVIEW = "somebody is reading this answer before it goes out. Bring the row back later"


def _beside_what_is_open(read: Returned) -> tuple[tuple[Would, ...], tuple[Refusal, ...]]:
    answers: dict[str, Answer | None] = {}
    would: list[Would] = []
    refused: list[Refusal] = []
    for each in read.corrections:
        flow = each.context.flow.name
        if flow not in answers:
            answers[flow] = _answer(flow)
        for found in _would(each, answers[flow]):
            (refused if isinstance(found, Refusal) else would).append(found)  # type: ignore[arg-type]
    return tuple(would), tuple(refused)


def _answer(flow: str) -> Answer | None:
    try:
        return desk().changes.answer(flow)
    except NoSuchAnswer:
        return None


def _would(each: Correction, answer: Answer | None) -> Iterator[Would | Refusal]:
    line = answer.line(each.key) if answer else None
    if answer is None or line is None:
        yield Refusal(each.row, each.key, "there is no text of this key any more. Make a new sheet")
    elif answer.opened is not None and answer.opened.stage is Stage.REVIEW and each.text != each.was:
        yield Refusal(each.row, each.key, _IN_REVIEW)
    else:
        said = line.said[each.language]
        if said.changing and each.text not in (each.was, said.text):
            yield Refusal(each.row, each.key, _WRITTEN)
        else:
            text = each.text if each.text != each.was else said.text
            yield Would(
                each.row, each.key, each.language, said.text, text, said.version, each.note, each.by or "",
                each.meaning_changed,
            )  # fmt: skip
