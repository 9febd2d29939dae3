"""The second step of logging in: the code of the app on the phone, or one of the codes on paper."""

from __future__ import annotations

from flask import make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import anybody
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.login import is_known, let_in, note_refused, pending
from bot.console.words import words


@console.get("/second-step")
@anybody
def second_step() -> AnyResponse:
    """Asks for the code."""
    if pending() is None:
        return redirect(url_for("console.login"))
    return _page()


@console.post("/second-step")
@anybody
def take_second_step() -> AnyResponse:
    """Looks at the code; each counts once."""
    person = pending()
    if person is None:
        return redirect(url_for("console.login"))
    # A count of its own: a right password must not forgive wrong codes.
    account, known = f"second {person.id}", is_known(person.email)
    left = desk().tries.begin(account, known)
    if left < 0:
        return _page(wait=True, status=429)
    code = request.form.get("code", "")[:64]
    factors = desk().second_factors
    right = factors.take_recovery(person, code) if _on_paper() else factors.take(person, code)
    if not right:
        must_wait = left == 0
        note_refused(person, "second_factor.locked" if must_wait else "second_factor.refused")
        return _page(wrong=not must_wait, wait=must_wait, status=429 if must_wait else 422)
    desk().tries.right(account, known)
    return let_in(person, session.get("next"))


def _on_paper() -> bool:
    return request.values.get("with") == "paper"


def _page(wrong: bool = False, wait: bool = False, status: int = 200) -> AnyResponse:
    error = ""
    if wait:
        error = words(
            "login.wait", "Too many wrong tries. Wait 15 minutes, or ask an admin of your organization for help."
        )
    elif wrong and _on_paper():
        error = words("second.wrong-paper", "That is none of your recovery codes, or it was used before.")
    elif wrong:
        error = words("second.wrong", "That code is wrong or was used before. Wait for the next one and type it.")
    return make_response(render_template("second_step.html", error=error, paper=_on_paper()), status)
