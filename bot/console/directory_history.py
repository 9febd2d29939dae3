"""The history of an entry of the directory, and the way back to what it was."""

from __future__ import annotations

from collections.abc import Iterator

from flask import flash, make_response, redirect, render_template, request, url_for
from msgspec import Struct
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, viewer
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.directory_cells import cell_words
from bot.console.directory_words import HIDDEN, field_words
from bot.console.numbers import whole
from bot.console.words import words
from bot.escalation.viewer import Role
from bot.store.directory_draft import EDITS
from bot.store.directory_entry_history import EntryHistory, Step
from bot.store.errors import DirectoryMoved, DirectoryRefused


class Told(Struct, frozen=True):
    """A field that changed, in words."""

    name: str
    before: str
    after: str


@console.get("/directory/<id>/history")
@allow(Role.VOLUNTEER, Role.PUBLISHER, Role.COORDINATOR)
def directory_history(id: str) -> AnyResponse:
    """Who changed what, the newest first, each with its way back."""
    entry = desk().directory.entry(viewer(), id)
    steps = _history().steps(viewer(), id)
    page = render_template(
        "directory_history.html",
        entry=entry,
        steps=[(step, tuple(_told(step))) for step in steps],
        newest=steps[0].number if steps else 0,
        may_edit=viewer().has(*EDITS),
    )
    return make_response(page)


@console.post("/directory/<id>/back")
@allow(Role.VOLUNTEER, Role.PUBLISHER)
def directory_back(id: str) -> AnyResponse:
    """Makes the entry what it was right after a step."""
    number, newest = (request.form.get(name, -1, type=whole) for name in ("number", "newest"))
    try:
        _history().back(viewer(), id, number, newest)
    except DirectoryMoved:
        flash(words("directory.back-moved", "Somebody changed it meanwhile. Look at the newest change first."), "error")
        return redirect(url_for("console.directory_history", id=id))
    except DirectoryRefused:
        said = words("directory.back-refused", "It cannot go back to that: what it belonged to is not there any more.")
        flash(said, "error")
        return redirect(url_for("console.directory_history", id=id))
    flash(words("directory.back-done", "It is again what it was. A number that came back has to be confirmed anew."))
    return redirect(url_for("console.directory_entry", id=id, saved=1))


def _history() -> EntryHistory:
    return EntryHistory(desk().engine, desk().directory)


def _told(step: Step) -> Iterator[Told]:
    for name, before, after in step.changed:
        if name not in HIDDEN:
            yield Told(field_words(name), cell_words(name, before), cell_words(name, after))
