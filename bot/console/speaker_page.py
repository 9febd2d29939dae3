"""The page of one text at the translation desk, put together: the others beside it, words that help, length, checks, the phone."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from flask import abort, make_response, render_template, request, url_for
from msgspec import Struct
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import person, viewer
from bot.console.desk import desk
from bot.console.editor import STATES
from bot.console.editor_difference import Run, difference
from bot.console.editor_made import made_for
from bot.console.editor_page import Form, Look, step
from bot.console.editor_read import Reading, read
from bot.console.editor_steps import NAME
from bot.console.editor_view import Cell, StepView, Typed
from bot.console.facts import flow_title
from bot.console.languages import LANGUAGES
from bot.console.preview import phone_values
from bot.console.security import with_sound
from bot.console.speaker import SHOWN, WANTS, told
from bot.console.speaker_found import after, before, language_of, standing, waiting
from bot.language import Language
from bot.message import Channel
from bot.scripts.change import Place
from bot.scripts.change_answer import ORDER, Line, Said
from bot.scripts.speaker_queue import progress
from bot.settings import REPOSITORY
from bot.wording.glossary import Row, fitting, load_rows

FORM_MARKS = {"missing": "urgent", "no-kiche": "normal", "stale": "soon", "draft": "note", "reviewed": "good"}


class Text(Struct, frozen=True):
    """A text with all that its page and its form need."""

    reading: Reading
    line: Line
    language: Language

    @property
    def place(self) -> Place:
        """Which text it is."""
        return self.line.key, self.language

    @property
    def step(self) -> str:
        """The name of its step, as the editor has it."""
        return self.line.step or NAME


def text_of(code: str, key: str) -> Text:
    """The text of that key and language; 404 where there is none."""
    language, reading = language_of(code), read(key.partition(".")[0])
    line = reading.answer.line(key) if reading is not None else None
    if reading is None or line is None:
        abort(404)
    return Text(reading, line, language)


def show() -> str:
    """Which list she works through: the name that the addresses carry."""
    asked = request.values.get("show", "")
    return asked if asked in SHOWN else "todo"


def shown(text: Text, typed: Typed | None, error: str, look: Look) -> tuple[StepView, Cell]:
    form = Form({text.place: typed} if typed else {}, {text.place: error} if error else {})
    view = step(text.reading, made_for(text.reading), text.step, look, form) or abort(404)
    cells = [cell for row in view.rows for cell in row.cells if (cell.key, cell.language) == text.place]
    return view, cells[0] if cells else abort(404)


def phone_of(text: Text, view: StepView, look: Look) -> dict[str, object]:
    preview = url_for("console.speaker_look", language=text.language.value, key=text.line.key)
    cost = next((each for each in view.costs if each.language is text.language), None)
    return {**phone_values(text.reading, view, look), "preview": preview, "cost": cost}


def text_page(
    text: Text,
    typed: Typed | None = None,
    error: str = "",
    look: Look | None = None,
    field: str = "",
    kept_at: int | None = None,
    status: int = 200,
) -> AnyResponse:
    key, language = text.place
    look = look or (language, Channel.SMS)
    view, cell = shown(text, typed, "" if field else error, look)
    now = standing()
    found = waiting(language, SHOWN[show()], now)
    doubts = desk().text_notes.unsure(viewer(), language)
    said = text.line.said
    where = next((row.where for row in view.rows if row.key == key), "")
    fields = text.line.context.fields
    body = render_template(
        "speaker_text.html",
        **phone_of(text, view, look),
        which=language,
        name=LANGUAGES[language],
        text=text,
        cell=cell,
        states=STATES,
        marks=FORM_MARKS,
        title=flow_title(text.reading.flow.name),
        where=where,
        when=view.title,
        others=[
            (each, LANGUAGES[each], said[each], _what_changed(said[each], said[language]))
            for each in ORDER
            if each is not language
        ],
        want=next((WANTS[each.want] for each in found if each.key == key), None),
        stale=said[language].stale,
        errors={field or f"text-{cell.id}": error} if error else {},
        error_of_note=error if field else "",
        note=request.form.get("note", "") if field else "",
        fields=fields,
        rows=_rows_for(text, cell.text),
        entry=text.reading.release.catalogs[language].entry(key),
        notes=desk().text_notes.of(viewer(), key, language),
        doubted=key in doubts,
        show=show(),
        next=after(found, key),
        before=before(found, key),
        left=len(found),
        told=told(progress(now, language, doubts)),
        may_review=language is Language.QUC and bool(person().speaker_of),
        locked=text.reading.locked,
        kept_at=kept_at,
    )
    return with_sound(make_response(body, status))


def _what_changed(other: Said, mine: Said) -> Sequence[Run]:
    """What the open draft does to a language that this text has to follow."""
    return difference(other.published, other.text) if mine.stale and other.published != other.text else ()


def _rows_for(text: Text, written: str) -> tuple[Row, ...]:
    if text.language is not Language.QUC:
        return ()
    return fitting(_rows(), text.line.said[Language.ES].text, written)


@functools.cache
def _rows() -> tuple[Row, ...]:
    return load_rows(REPOSITORY / "locales" / "quc" / "words.csv")
