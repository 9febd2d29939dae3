"""/console: leads to what somebody's roles are for."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import logged_in, may_open, viewer
from bot.console.blueprint import console

FIRST = ("console.inbox", "console.tasks", "console.directory", "console.settings", "console.account")


@console.get("/")
@logged_in
def home() -> AnyResponse:
    """The first page that she may open."""
    return redirect(url_for(next(endpoint for endpoint in FIRST if may_open(endpoint, viewer()))))
