"""Keeping a talk as a test, saying that a new way of one is right, and taking one away."""

from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, viewer
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.editor_read import read
from bot.console.talk import read_talk
from bot.console.talk_begun import messages, waits
from bot.console.talk_draft import speaking, talk_page
from bot.console.way import WRITERS
from bot.console.words import words
from bot.escalation.viewer import Role
from bot.saved import numbers_in
from bot.store.errors import NotYours
from bot.store.kept_tests import TestRefused


@console.post("/answers/<flow>/talk/keep")
@allow(*WRITERS)
def keep_talk(flow: str) -> AnyResponse:
    """Keeps what was said in this talk, and the way that it takes in every language."""
    reading, talk = read(flow) or abort(404), read_talk(request.form.get("talk", ""))
    said, name = messages(talk), request.form.get("name", "")
    if not name.strip():
        error = {"name": words("talk.no-name", "Say in a few words what it shows.")}
        return talk_page(reading, talk, error, 422)
    if talk.cut or not said:
        error = {
            "": words(
                "talk.too-long", "It cannot be kept: nothing was written yet, or it became too long. Begin again."
            )
        }
        return talk_page(reading, talk, error, 422)
    if numbers_in(talk.turns):
        error = {"": words("talk.number", "It holds a long number. Begin again without it: nobody's number is kept.")}
        return talk_page(reading, talk, error, 422)
    tests = desk().changes.tests
    try:
        number = tests.keep(viewer(), flow, name, speaking(), said, reading.release)
    except TestRefused:
        error = {"": words("talk.refused", "It cannot be kept: a test has a name and a few short messages.")}
        return talk_page(reading, talk, error, 422)
    kept = next((each for each in tests.all(flow) if each.id == number), None)
    if kept and tuple(stop.at for stop in kept.paths[speaking()]) != waits(talk):
        flash(
            words(
                "talk.other-way",
                "Kept, but as a test it goes another way than here: a test understands numbers, fixed words and places only.",
            ),
            "error",
        )
    else:
        flash(words("talk.kept", "Kept. It is run in all three languages before this answer is published."))
    return _back(flow)


@console.post("/answers/<flow>/talk/drop")
@allow(*WRITERS)
def drop_test(flow: str) -> AnyResponse:
    """Takes a test away: whoever kept it, or a publisher."""
    try:
        desk().changes.tests.drop(viewer(), _number(flow))
    except NotYours:
        abort(403)
    flash(words("talk.dropped", "The test is taken away."))
    return _back(flow)


@console.post("/answers/<flow>/talk/right")
@allow(Role.PUBLISHER)
def accept_talk(flow: str) -> AnyResponse:
    """A publisher says that the way which it takes with this draft is right."""
    reading = read(flow) or abort(404)
    desk().changes.tests.accept(viewer(), _number(flow), reading.release)
    flash(words("talk.accepted", "From now on this way is the right one."))
    return _back(flow)


def _number(flow: str) -> int:
    """Of a test of this answer."""
    asked = request.form.get("test", "")
    known = {str(each.id): each.id for each in desk().changes.tests.all(flow)}
    return known[asked] if asked in known else abort(404)


def _back(flow: str) -> AnyResponse:
    return redirect(
        url_for("console.talk_draft", flow=flow, speak=request.form.get("speak") or None, run=1, _anchor="tests"), 303
    )
