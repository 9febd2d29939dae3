"""/console/review/lawyer: the sheet for a lawyer or accredited representative, to be mailed or printed.

It only goes out here. Whoever has a licence and an account approves on the page, under her own name; a sheet that comes back
from somebody without an account is read at the terminal (``content review-sheet read``): on a page one person alone could
write another's approval with it.
"""

from __future__ import annotations

from flask import Response, abort, request

from bot.console.access import allow, person, viewer
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.editor_read import published
from bot.console.review_readings import WRITERS
from bot.escalation.viewer import Role
from bot.scripts.errors import SheetError
from bot.scripts.sheets import cells, lawyer
from bot.scripts.sheets.page import lawyer_page
from bot.store.change_errors import NoSuchAnswer


def may_take() -> bool:
    """Whether she may take the sheet with her: a publisher, and whoever may approve."""
    return viewer().has(Role.PUBLISHER) or bool(person().licence)


@console.get("/review/lawyer.<form>")
@allow(*WRITERS)
def approval_sheet(form: str) -> Response:
    """The sheet as ``csv`` or as ``html`` to be printed: of ``flow`` with its open draft, else of every rights answer that is published."""
    if not may_take():
        abort(403)
    flow = request.args.get("flow", "")
    try:
        release = desk().changes.preview(flow) if flow else published()
        blocks = lawyer.blocks(release, (flow,) if flow else ())
    except (NoSuchAnswer, SheetError):
        abort(404)
    match form:
        case "csv":
            data = cells.written(lawyer.COLUMNS, (row for block in blocks for row in lawyer.rows(block)))
        case "html":
            data = lawyer_page(blocks).encode()
        case _:
            abort(404)
    response = Response(data, content_type=f"text/{form}; charset=utf-8")
    # As a file, the page too: it brings its own looks, which no page of the console may.
    response.headers["Content-Disposition"] = f'attachment; filename="lawyer{"-" if flow else ""}{flow}.{form}"'
    return response
