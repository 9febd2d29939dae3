"""/console/speaker/sheet: the sheet for somebody who works without the pages, to take along and to bring back."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, viewer
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.editor_difference import difference
from bot.console.editor_read import published
from bot.console.facts import flow_title
from bot.console.languages import LANGUAGES
from bot.console.sheet_read import LARGEST, SheetRead, look_at, take_in
from bot.console.sheet_refused_words import refused_row, row_words
from bot.console.speaker_found import language_of, own_language, waiting
from bot.console.words import words
from bot.scripts.change_answer import ORDER
from bot.scripts.errors import SheetError
from bot.scripts.sheets import cells, speakers
from bot.store.text_notes import WRITERS

LARGEST_FORM = 2 * LARGEST
"""The file in letters, the second time, and what stands beside it."""
MOST = 300
"""So many rows are shown."""


@console.get("/speaker/sheet")
@allow(*WRITERS)
def speaker_sheet() -> AnyResponse:
    """Where a sheet is fetched and brought back."""
    return _page()


@console.get("/speaker/sheet/<language>.csv")
@allow(*WRITERS)
def sheet_file(language: str) -> AnyResponse:
    """The sheet of a language: every text, or with ``todo`` only those that it waits for, in the order in which they are needed."""
    which = language_of(language)
    lines = speakers.lines(published(), which, ())
    if request.args.get("todo"):
        place = {each.key: at for at, each in enumerate(waiting(which))}
        lines = tuple(sorted((each for each in lines if each.key in place), key=lambda each: place[each.key]))
    data = cells.written(speakers.columns(which), map(speakers.row, lines))
    response = Response(data, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="speakers-{which.value}.csv"'
    return response


@console.post("/speaker/sheet")
@allow(*WRITERS, largest=LARGEST_FORM)
def bring_sheet() -> AnyResponse:
    """What the sheet would change; or, with the second button, puts it into the open changes."""
    takes = request.form.get("act") == "take"
    try:
        data = _given(takes)
        if not data:
            return _page(error=words("directory.import-choose", "Choose a file."), status=422)
        read = look_at(data, datetime.fromtimestamp(desk().clock(), UTC).date())
    except SheetError as error:
        return _page(error=refused_row(str(error)), status=422)
    if not takes:
        return _page(read, data)
    done = take_in(viewer(), read)
    if done.refusals:
        rows = "; ".join(f"{row_words(each.row)}: {refused_row(each.why)}" for each in done.refusals[:5])
        flash(words("sheet.some-not", "Not taken: %(rows)s", rows=rows), "error")
    flash(
        words(
            "sheet.taken", "Texts saved as drafts: %(n)s. Notes kept: %(notes)s. Send the answers for review when they are ready.",
            n=done.saved, notes=done.noted,
        )
    )  # fmt: skip
    return redirect(url_for("console.speaker"), 303)


def _given(again: bool) -> bytes:
    if again:
        try:
            return base64.b64decode(request.form.get("data", ""), validate=True)
        except (binascii.Error, ValueError):
            return b""
    file = request.files.get("file")
    if file is None:
        return b""
    with file.stream as stream:
        return stream.read(LARGEST + 1)


def _page(read: SheetRead | None = None, data: bytes = b"", error: str = "", status: int = 200) -> AnyResponse:
    language = language_of(request.args["language"]) if "language" in request.args else own_language()
    changed = [each for each in read.would if each.changes] if read else []
    body = render_template(
        "speaker_sheet.html",
        which=language,
        languages=[(each, LANGUAGES[each]) for each in ORDER],
        read=read,
        changed=[(each, difference(each.before, each.text)) for each in changed[:MOST]],
        more=max(0, len(changed) - MOST),
        notes=[each for each in read.would if each.note or each.by][:MOST] if read else [],
        refused=[(row_words(each.row), each.what, refused_row(each.why)) for each in read.refusals[:MOST]] if read else [],
        data=base64.b64encode(data).decode(),
        error=error,
        title=flow_title,
        largest=LARGEST // 1000,
        names=LANGUAGES,
    )
    return make_response(body, status)
