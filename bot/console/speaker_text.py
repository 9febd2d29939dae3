"""One text at the translation desk: the others beside it, words that help, what fits; saved, found right, doubted or passed over."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, person, viewer
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.editor_clash import clash_page
from bot.console.editor_form import errors_in, is_touched, look_of, read_form
from bot.console.editor_read import Reading, read
from bot.console.editor_view import Typed
from bot.console.facts import refused
from bot.console.speaker import SHOWN
from bot.console.speaker_found import after, waiting
from bot.console.speaker_page import Text, phone_of, show, shown, text_of, text_page
from bot.console.words import words
from bot.language import Language
from bot.scripts.checks.fields import strange_fields
from bot.store.change_errors import ChangeMoved, InReview, NoSuchAnswer, NothingOpen
from bot.store.change_writing import Clash
from bot.store.errors import ReleaseMoved, ReleaseRefused
from bot.store.text_notes import WRITERS
from bot.wording.state import REVIEWED_AGAINST


@console.get("/speaker/<language>/<key>")
@allow(*WRITERS)
def speaker_text(language: str, key: str) -> AnyResponse:
    """The text as it stands, with what she typed and did not save where she asks for it."""
    text = text_of(language, key)
    kept = desk().changes.autosaved(viewer(), text.reading.flow.name).get(text.place)
    if kept is not None and request.args.get("mine"):
        return text_page(text, Typed(text.line.key, text.language, kept.text, kept.version))
    saved = text.reading.texts[text.place]
    return text_page(text, kept_at=kept.at if kept is not None and kept.text != saved.text else None)


@console.post("/speaker/<language>/<key>/look")
@allow(*WRITERS)
def speaker_look(language: str, key: str) -> AnyResponse:
    """What the server says while she types: length, checks, the phone. Nothing is saved."""
    text = text_of(language, key)
    typed = read_form(request.form, text.reading.flow).get(text.place)
    view, cell = shown(text, typed, "", look_of(request.form))
    values = phone_of(text, view, look_of(request.form))
    return make_response(render_template("speaker_look.html", **values, cell=cell))


@console.post("/speaker/<language>/<key>")
@allow(*WRITERS)
def work_on_text(language: str, key: str) -> AnyResponse:
    """Saves, finds right, doubts or notes; then the next text."""
    text, act = text_of(language, key), request.form.get("act", "")
    typed = read_form(request.form, text.reading.flow).get(text.place)
    if typed is None:
        abort(400)
    if "press" in request.form or act not in _ACTS:
        return text_page(text, typed, look=look_of(request.form))
    # The queue as she saw it: what she does takes the text out of it.
    following = after(waiting(text.language, SHOWN[show()]), text.line.key)
    answer = _ACTS[act](text, typed)
    return answer if answer is not None else _go_on(text.language, text.line.key, following)


def _save(text: Text, typed: Typed) -> AnyResponse | None:
    """Puts it into the open change of its answer; None where it is saved."""
    reading, (key, language) = text.reading, text.place
    saved = reading.texts[text.place]
    if not typed.text:
        return text_page(text, typed, words("speaker.empty", "Write the text, or go on to the next one."), status=422)
    if wrong := errors_in([typed], lambda said: strange_fields(said, reading.release), words):
        return text_page(text, typed, wrong[text.place], status=422)
    changes, flow = desk().changes, reading.flow.name
    try:
        if is_touched(typed, saved):
            done = changes.save(viewer(), flow, key, language, typed.text, typed.version, typed.meaning)
            if isinstance(done, Clash):
                return clash_page(read(flow) or reading, text.step, [(typed, done)])
        elif typed.meaning is not None and saved.asks:
            changes.say_meaning(viewer(), flow, key, language, typed.meaning)
        else:
            nothing = words("speaker.nothing", "Nothing was changed here. If it is right as it is, say so below.")
            return text_page(text, typed, nothing, status=422)
    except (InReview, NothingOpen, NoSuchAnswer):
        return _kept(text, typed)
    if read_again(text).texts[text.place].asks:
        flash(
            words("editor.saved-asks", "Saved. Say also whether the meaning changed, where it is asked below."), "error"
        )
        return redirect(url_for("console.speaker_text", language=language.value, key=key, show=show()), 303)
    desk().text_notes.settle(viewer(), key, language)
    flash(
        words(
            "speaker.saved",
            "Saved in the draft of its answer. Families get it when somebody else has read and published it.",
        )
    )
    return None


def _right(text: Text, typed: Typed) -> AnyResponse | None:
    """She read it beside the others and leaves it as it is. It stays a draft, if it was one."""
    key, language = text.place
    if is_touched(typed, text.reading.texts[text.place]):
        return text_page(
            text, typed, words("speaker.typed", "You changed the text: save it, or take your change out."), status=422
        )
    try:
        if text.line.said[language].stale is not None:
            desk().changes.still_right(viewer(), text.reading.flow.name, key, language)
    except (InReview, NoSuchAnswer):
        return _kept(text, typed)
    desk().text_notes.settle(viewer(), key, language)
    flash(words("speaker.right", "Thank you. It stays as it is."))
    return None


def _reviewed(text: Text, typed: Typed) -> AnyResponse | None:
    """Her word as a speaker, on the words that stood on the page: what she wrote there is saved first."""
    key, language = text.place
    if language is not Language.QUC or not person().speaker_of:
        abort(403)
    flow, said = text.reading.flow.name, text.line.said
    beside = [each for each in REVIEWED_AGAINST[language] if each is not language]
    if any(request.form.get(f"seen-{each}", "") != str(said[each].version) for each in beside):
        moved = words(
            "speaker.moved", "The Spanish or the English changed while you read. They stand here as they are now."
        )
        return text_page(text, typed, moved, status=409)
    if is_touched(typed, text.reading.texts[text.place]):
        answer = _save(text, typed)
        if answer is not None:
            return answer
        version = read_again(text).texts[text.place].version
    else:
        version = typed.version
    try:
        release = desk().changes.mark_reviewed(viewer(), flow, key, language, version)
    except (ChangeMoved, NothingOpen, NoSuchAnswer):
        return text_page(
            text, typed, words("speaker.text-moved", "Somebody wrote here meanwhile. Read it once more."), status=409
        )
    except (ReleaseMoved, ReleaseRefused) as error:
        return text_page(text, typed, refused(error), status=409)
    desk().text_notes.settle(viewer(), key, language)
    if release is None:
        flash(
            words(
                "speaker.reviewed-later",
                "Thank you. Your word goes out with the draft, when somebody else has published it.",
            )
        )
    else:
        flash(words("speaker.reviewed", "Thank you. From now on families get this K'iche' by itself."))
    return None


def _unsure(text: Text, typed: Typed) -> AnyResponse | None:
    """She leaves it to somebody else, with her doubt."""
    _keep(text, typed)
    desk().text_notes.note(viewer(), text.line.key, text.language, request.form.get("note", ""), unsure=True)
    flash(words("speaker.doubted", "Kept: the next speaker sees that you were not sure. It is not counted as done."))
    return None


def _note(text: Text, typed: Typed) -> AnyResponse | None:
    """A note for whoever comes next; she stays where she is, with what she typed."""
    if not desk().text_notes.note(viewer(), text.line.key, text.language, request.form.get("note", "")):
        return text_page(text, typed, words("speaker.note-empty", "Write the note first."), field="note", status=422)
    _keep(text, typed)
    flash(words("speaker.noted", "Noted."))
    mine = 1 if is_touched(typed, text.reading.texts[text.place]) else None
    place: dict[str, Any] = {"language": text.language.value, "key": text.line.key}
    return redirect(url_for("console.speaker_text", **place, show=show(), mine=mine), 303)


_ACTS = {"save": _save, "right": _right, "reviewed": _reviewed, "unsure": _unsure, "note": _note}


def _keep(text: Text, typed: Typed) -> None:
    if is_touched(typed, text.reading.texts[text.place]):
        desk().changes.autosave(viewer(), text.line.key, text.language, typed.text, typed.version)


def _kept(text: Text, typed: Typed) -> AnyResponse:
    """It cannot be saved now: somebody is reading the answer, or it is gone."""
    _keep(text, typed)
    locked = words(
        "speaker.locked",
        "Somebody is reading this answer before it goes out. What you typed is kept for you until then.",
    )
    return text_page(text, typed, locked, status=409)


def _go_on(language: Language, done: str, key: str | None) -> AnyResponse:
    # What the browser kept of this text is not needed any more: the page that follows says so.
    more: dict[str, Any] = {"language": language.value, "show": show(), "done": done}
    if key is None:
        return redirect(url_for("console.speaker", **more), 303)
    return redirect(url_for("console.speaker_text", key=key, **more), 303)


def read_again(text: Text) -> Reading:
    """The same answer after something was stored."""
    return read(text.reading.flow.name) or abort(404)
