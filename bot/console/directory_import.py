"""A file for the directory through the browser: first everything that it would change, then all of it or nothing."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from flask import flash, make_response, redirect, render_template, request, url_for
from msgspec import Struct
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, viewer
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.directory_import_words import import_words
from bot.console.directory_problems import said, same_words, where_words
from bot.console.numbers import whole
from bot.console.words import phrase, words
from bot.directory.errors import DirectoryFormatError
from bot.directory.hsds.check import Problem
from bot.directory.importing.consequences import NOT_CONFIRMED, NOT_OFFERED, OFFERED_AGAIN
from bot.directory.importing.described import described
from bot.directory.importing.owners import Owners
from bot.directory.importing.preview import Preview
from bot.directory.importing.shown import shown
from bot.escalation.viewer import Role
from bot.store.directory_importing import LARGEST_UPLOAD, DirectoryImporting, Looked
from bot.store.errors import DirectoryMoved, DirectoryRefused

LARGEST_FORM = 2 * LARGEST_UPLOAD
"""Bytes of a form: the file, in letters the second time, and what stands beside it."""
_MOST = 200
"""So many lines of each kind are shown."""
_HEADS = {
    OFFERED_AGAIN: phrase("directory.import-again", "Families will be sent there, or sent there again"),
    NOT_CONFIRMED: phrase("directory.import-not-confirmed", "Confirmations that would be lost"),
    NOT_OFFERED: phrase("directory.import-not-offered", "Families will not be told of it any more"),
}


class Section(Struct, frozen=True):
    """Lines of one kind. ``more``: how many are not shown."""

    title: str
    lines: tuple[str, ...]
    more: int = 0
    kind: str = ""


@console.get("/directory/import")
@allow(Role.VOLUNTEER, Role.PUBLISHER)
def import_directory() -> AnyResponse:
    """Where a file is chosen."""
    return _page()


@console.post("/directory/import")
@allow(Role.VOLUNTEER, Role.PUBLISHER, largest=LARGEST_FORM)
def look_at_import() -> AnyResponse:
    """What the file would change; or, with the second button, changes it."""
    replace = "replace" in request.form
    try:
        if request.form.get("act") == "take":
            return _take(replace)
        file = request.files.get("file")
        if file is None or not file.filename:
            return _page(error=words("directory.import-choose", "Choose a file."), status=422)
        with file.stream as stream:
            name, data = file.filename[-80:], stream.read(LARGEST_UPLOAD + 1)
        looked = _importing().look(viewer(), name, data, replace=replace)
    except DirectoryFormatError as error:
        return _page(error=" ".join(map(said, (error.problem, error.mend))), status=422)
    return _page(looked, name, data, replace)


def _take(replace: bool) -> AnyResponse:
    name, version = request.form.get("name", "")[-80:], request.form.get("version", -1, type=whole)
    try:
        data = base64.b64decode(request.form.get("data", ""), validate=True)
    except (binascii.Error, ValueError):
        return _page(error=words("directory.import-choose", "Choose a file."), status=422)
    try:
        looked = _importing().take(viewer(), name, data, replace=replace, version=version)
    except DirectoryMoved:
        fresh = _importing().look(viewer(), name, data, replace=replace)
        moved = words(
            "directory.import-moved", "Somebody changed the directory meanwhile. Nothing was stored: look again."
        )
        return _page(fresh, name, data, replace, error=moved, status=409)
    except DirectoryRefused:
        refused = words("directory.import-refused", "Nothing was stored: the records do not fit together.")
        return _page(error=refused, status=422)
    if not looked.preview.storable:
        return _page(looked, name, data, replace, status=422)
    flash(words("directory.imported", "Stored. The bot answers with it within seconds."))
    return redirect(url_for("console.directory"))


def _importing() -> DirectoryImporting:
    return DirectoryImporting(desk().directory)


def _page(
    looked: Looked | None = None,
    name: str = "",
    data: bytes = b"",
    replace: bool = False,
    error: str = "",
    status: int = 200,
) -> AnyResponse:
    page = render_template(
        "directory_import.html",
        looked=looked,
        sections=tuple(_sections(looked.preview)) if looked else (),
        name=shown(name),
        data=base64.b64encode(data).decode() if looked and looked.preview.storable else "",
        replace=replace,
        error=shown(error),
        publisher=viewer().has(Role.PUBLISHER),
        largest=LARGEST_UPLOAD // 1_000,
    )
    return make_response(page, status)


def _sections(preview: Preview) -> Iterator[Section]:
    before, after = Owners(preview.current, preview.new), Owners(preview.new, preview.current)

    def name(organization: str) -> str:
        row = after.row("organization", organization)
        return row["name"] if row else "?"

    problems = list(map(_problem, preview.problems))
    yield _section(
        words("directory.import-errors", "Errors: nothing is stored until they are mended"), problems, "danger"
    )
    for weight, head in _HEADS.items():
        told = [
            f"{name(each.organization)}: {import_words(each.words)}"
            for each in preview.consequences
            if each.weight == weight
        ]
        yield _section(words(head), told, "warning")
    new, gone = (list(map(name, some)) for some in (preview.new_organizations, preview.gone_organizations))
    yield _section(words("directory.import-new", "New"), new)
    yield _section(words("directory.import-gone", "Goes: the file does not have it"), gone, "danger")
    changes = [
        f"{name(each)}: {import_words(line)}"
        for each in preview.changed_organizations
        for line in described(preview.by_organization[each], before, after)
    ]
    yield _section(words("directory.import-changed", "Changed"), changes)
    twice = [same_words(each, after) for each in preview.duplicates]
    yield _section(words("directory.import-same", "Perhaps the same twice: hints, they stop nothing"), twice, "warning")
    yield _section(words("directory.import-notes", "Notes on the file"), list(map(import_words, preview.notes)))


def _problem(each: Problem) -> str:
    where = ", ".join(filter(None, (where_words(each.where), each.column)))
    return f"{where}: {said(each.problem)} {said(each.mend)}"


def _section(title: str, lines: list[str], kind: str = "") -> Section:
    return Section(title, tuple(map(shown, lines[:_MOST])), max(len(lines) - _MOST, 0), kind)
