"""What is done with the draft of an answer beside writing it: keeping what is typed, sending, taking back, throwing away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from textwrap import wrap

from flask import Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, viewer
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.editor import WRITERS, page
from bot.console.editor_form import LONGEST, parse_name
from bot.console.editor_page import FIRST_LOOK, Form
from bot.console.editor_read import Reading, read
from bot.console.finding_words import told
from bot.console.words import words
from bot.language import Language
from bot.scripts.change import Place, version_of
from bot.scripts.finding import Finding
from bot.scripts.sheets.corrections import one_line
from bot.store.change_errors import ChangeMoved, ChecksFail, MeaningUnsaid, NothingChanged, NothingOpen
from bot.store.errors import NotYours
from bot.store.text_notes import LONGEST_NOTE


@console.post("/answers/<flow>/autosave")
@allow(*WRITERS)
def autosave_answer(flow: str) -> AnyResponse:
    """Keeps one text as she has typed it so far, for her alone."""
    parsed = parse_name(request.form.get("name", ""))
    if parsed is None or not parsed[0].startswith(f"{flow}."):
        abort(400)
    key, language, version = parsed
    text = one_line(request.form.get("text", "")[:LONGEST])
    if version_of(text) == version:
        desk().changes.forget_typed(viewer(), key, language)
    else:
        desk().changes.autosave(viewer(), key, language, text, version)
    return Response(status=204)


@console.post("/answers/<flow>/forget")
@allow(*WRITERS)
def forget_answer(flow: str) -> AnyResponse:
    """She does not want what she typed here and did not save: one text of it, or all."""
    changes, wanted = desk().changes, parse_name(request.form.get("name", ""))
    for key, language in changes.autosaved(viewer(), flow):
        if wanted is None or (key, language) == wanted[:2]:
            changes.forget_typed(viewer(), key, language)
    flash(words("editor.forgotten", "Thrown away. The saved text stands as it was."))
    return redirect(url_for("console.edit_answer", flow=flow, step=request.form.get("step") or None), 303)


@console.post("/answers/<flow>/send")
@allow(*WRITERS)
def send_answer(flow: str) -> AnyResponse:
    """To be read and published by somebody else."""
    reading = read(flow)
    try:
        _send(flow, reading)
    except MeaningUnsaid as error:
        why = words("editor.say-meaning", "Say whether the meaning changed: the other languages depend on it.")
        return _wrong(reading, flow, dict.fromkeys(error.places, why))
    except ChecksFail as error:
        reading, errors = read(flow), dict[Place, str]()
        for finding in error.findings:
            said = told(finding)
            if reading and finding.language is not None and (finding.where, finding.language) in reading.texts:
                errors.setdefault((finding.where, finding.language), f"{said.what}. {said.mend}")
            else:
                flash(f"{said.what}. {said.why} {said.mend}", "error")
        return _wrong(reading, flow, errors, aside=bool(_only_kiche(reading, error.findings)))
    except NothingChanged:
        flash(
            words("editor.unchanged", "Nothing differs from what families get now: there is nothing to send."), "error"
        )
    except (NothingOpen, ChangeMoved):
        flash(_moved(), "error")
    else:
        flash(
            words("editor.sent-well", "Sent. Somebody else reads it and publishes it; you see here when that is done.")
        )
    return _back(flow)


@console.post("/answers/<flow>/take-back")
@allow(*WRITERS)
def take_back_answer(flow: str) -> AnyResponse:
    """Out of review, to be written on."""
    try:
        desk().changes.take_back(viewer(), flow)
    except NotYours:
        abort(403)
    except (NothingOpen, ChangeMoved):
        flash(_moved(), "error")
    else:
        flash(words("editor.taken-back", "It is a draft again. Send it once more when you are done."))
    return _back(flow)


@console.post("/answers/<flow>/drop")
@allow(*WRITERS)
def drop_answer(flow: str) -> AnyResponse:
    """Nothing comes of the draft."""
    try:
        desk().changes.drop(viewer(), flow)
    except NotYours:
        abort(403)
    except (NothingOpen, ChangeMoved):
        flash(_moved(), "error")
    else:
        flash(words("editor.dropped", "The draft was thrown away. Families get the answer as before."))
    there = read(flow) is not None
    return redirect(url_for("console.edit_answer", flow=flow) if there else url_for("console.answers"), 303)


def _send(flow: str, reading: Reading | None) -> None:
    """Sends it; where she asks for that, without the K'iche' that alone holds it back."""
    note = request.form.get("note", "")
    try:
        desk().changes.send(viewer(), flow, note)
    except ChecksFail as error:
        keys = _only_kiche(reading, error.findings)
        if reading is None or not keys or not request.form.get("aside"):
            raise
        _set_kiche_aside(flow, reading, keys)
        desk().changes.send(viewer(), flow, note)


def _only_kiche(reading: Reading | None, findings: Iterable[Finding]) -> frozenset[str]:
    """The keys of the K'iche' texts of this draft that alone hold it back; empty where something else does."""
    opened = reading.opened if reading else None
    written = {key for key, language in opened.places if language is Language.QUC} if opened else set()
    wrong = {(each.where, each.language) for each in findings}
    return frozenset(key for key, _ in wrong) if wrong <= {(key, Language.QUC) for key in written} else frozenset()


def _set_kiche_aside(flow: str, reading: Reading, keys: Iterable[str]) -> None:
    """Puts these K'iche' texts back as they go out now. What was written stays as a note on each, for speakers."""
    for line in (line for line in reading.answer.lines if line.key in keys):
        key, said = line.key, line.said[Language.QUC]
        for part in wrap(said.text, LONGEST_NOTE - 200):  # A note is shorter than a text may be.
            left = words("editor.aside-note", "Left out of what was sent, because a check found an error: %(text)s", text=part)
            desk().text_notes.note(viewer(), key, Language.QUC, left)
        desk().changes.save(viewer(), flow, key, Language.QUC, said.published, said.version, False)


def _wrong(reading: Reading | None, flow: str, errors: Mapping[Place, str], aside: bool = False) -> AnyResponse:
    """The page with what is wrong; an answer that is to go has no texts to show it beside."""
    if reading is None:
        return _back(flow)
    return page(reading, [], FIRST_LOOK, Form({}, errors), 422, aside)


def _moved() -> str:
    return words("editor.moved", "Somebody else did something with this draft just now. This is how it stands.")


def _back(flow: str) -> AnyResponse:
    return redirect(url_for("console.edit_answer", flow=flow), 303)
