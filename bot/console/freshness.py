"""Acts that let somebody in, or out, ask for the password again when it was typed a while ago: a page may lie open in a shelter."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import own_path, person, unfinished
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.login import is_known
from bot.console.words import words
from bot.store.passwords import LONGEST, fits

SECONDS = 15 * 60
GRACE = 15 * 60
"""Within which a form that was opened in time may still be sent."""
View = TypeVar("View", bound=Callable[..., Any])


def is_fresh(grace: int = 0) -> bool:
    """Whether the password was typed a short while ago."""
    return desk().clock() - int(session.get("fresh", 0)) < SECONDS + grace


def freshly(view: View) -> View:
    """The page asks for the password first, unless that was typed a short while ago. Stands below the access."""

    @functools.wraps(view)
    def asked(*args: Any, **kwargs: Any) -> Any:
        if is_fresh(GRACE if request.method == "POST" else 0):
            return view(*args, **kwargs)
        # What a form held is not sent on: she comes back to the page that it stands on.
        back = request.full_path.rstrip("?") if request.method == "GET" else request.form.get("back")
        return redirect(url_for("console.confirm", next=own_path(back) or url_for("console.account")))

    return cast(View, asked)


@console.get("/confirm")
@unfinished
def confirm() -> AnyResponse:
    """Asks for the password."""
    return _page()


@console.post("/confirm")
@unfinished
def take_confirm() -> AnyResponse:
    """Looks at it."""
    mine, known = person(), is_known(person().email)
    if desk().tries.begin(mine.email, known) < 0:
        return _page(words("second.wait", "Too many wrong codes. Wait 15 minutes and begin again."), 429)
    found = desk().people.by_email(mine.email)
    if found is None or not fits(request.form.get("password", "")[: LONGEST + 1], found[1]):
        return _page(words("confirm.wrong", "That is not your password."), 422)
    desk().tries.right(mine.email, known)
    session["fresh"] = int(desk().clock())
    return redirect(own_path(request.form.get("next")) or url_for("console.account"))


def _page(error: str = "", status: int = 200) -> AnyResponse:
    back = own_path(request.values.get("next")) or ""
    return make_response(render_template("confirm.html", error=error, next=back), status)
