"""Setting up the second factor: a picture for the app (and the same in letters), the first code, and the codes for paper."""

from __future__ import annotations

import base64

from flask import make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import person, unfinished
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.freshness import GRACE, is_fresh
from bot.console.words import words


@console.get("/set-up")
@unfinished
def set_up() -> AnyResponse:
    """Shows the picture. The same one until a code of it came in: an app that has it already must fit."""
    if person().second_factor and not is_fresh():
        again = url_for("console.set_up", again=1)
        return redirect(
            url_for("console.confirm", next=again) if request.args.get("again") else url_for("console.home")
        )
    return _page()


@console.post("/set-up")
@unfinished
def take_set_up() -> AnyResponse:
    """Looks at the first code; then shows the recovery codes, this once."""
    sealed = session.get("setting_up")
    if not sealed or (person().second_factor and not is_fresh(GRACE)):
        return redirect(url_for("console.set_up"))
    account = f"set up {person().id}"
    if desk().tries.begin(account, True) < 0:
        return _page(words("second.wait", "Too many wrong codes. Wait 15 minutes and begin again."), 429)
    codes = desk().second_factors.set_up(person(), sealed, request.form.get("code", "")[:64])
    if not codes:
        return _page(
            words("second.wrong", "That code is wrong or was used before. Wait for the next one and type it."), 422
        )
    desk().tries.right(account, True)
    session.pop("setting_up")
    return make_response(render_template("recovery_codes.html", codes=codes))


def _page(error: str = "", status: int = 200) -> AnyResponse:
    factors = desk().second_factors
    sealed = session.get("setting_up") or factors.fresh()
    session["setting_up"] = sealed
    picture = base64.b64encode(factors.picture(sealed, person())).decode("ascii")
    page = render_template("set_up.html", picture=picture, letters=factors.in_letters(sealed), error=error)
    return make_response(page, status)
