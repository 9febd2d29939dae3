"""My account: name, language, password, second step, logins, keyboard shortcuts, quiet hours."""

from __future__ import annotations

from flask import make_response, render_template
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import logged_in
from bot.console.blueprint import console


@console.get("/account")
@logged_in
def account() -> AnyResponse:
    """The page."""
    return make_response(render_template("account.html"))
