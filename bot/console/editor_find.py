"""Looking for a field to insert: the list of a step filled anew while somebody types, and a page of its own without JavaScript."""

from __future__ import annotations

from urllib.parse import quote

from flask import abort, make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow
from bot.console.blueprint import console
from bot.console.editor_fields import field_groups
from bot.console.editor_read import read
from bot.console.topics import title_in
from bot.console.words import page_language, words
from bot.escalation.viewer import Role
from bot.language import Language

LONGEST = 60
"""Letters of what is looked for."""


@console.get("/answers/<flow>/fields")
@allow(Role.VOLUNTEER, Role.PUBLISHER)
def find_fields(flow: str) -> AnyResponse:
    """The fields that may stand in this answer and have these words."""
    reading = read(flow) or abort(404)
    asked, language = request.args.get("q", "").strip()[:LONGEST], Language(page_language())
    found = field_groups(reading.release, reading.flow, language, words, asked)
    if not request.headers.get("HX-Request"):
        title = title_in(reading.release, language, words)(flow)
        return make_response(
            render_template("editor_find.html", flow=flow, title=title, fields=found, asked=asked, longest=LONGEST)
        )
    response = make_response(render_template("editor_options.html", fields=found))
    count = sum(len(group.names) for group in found)
    response.headers["X-Announce"] = quote(words("field.found", "Found: %(n)s", n=count))
    return response
