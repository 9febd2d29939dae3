"""Logging in with mail and password, and logging out."""

from __future__ import annotations

from typing import Any, cast

from flask import current_app, make_response, redirect, render_template, request, session, url_for
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import anybody, own_path, unfinished
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.security import secure
from bot.console.sessions import ConsoleSession, begin, end
from bot.console.words import words
from bot.store.audit import note
from bot.store.console_sessions import named
from bot.store.database import sql_errors
from bot.store.in_turn import in_turn
from bot.store.passwords import LONGEST, fits
from bot.store.person import Person

PENDING_SECONDS = 600
"""So long a right password waits for the second factor."""
KNOWN_SECONDS = 180 * 24 * 3600
KNOWN = "console-known"


@console.get("/login")
@anybody
def login() -> AnyResponse:
    """Mail and password."""
    if _mine().login is not None:
        return redirect(way_back())
    return _page()


@console.post("/login")
@anybody
def log_in() -> AnyResponse:
    """Looks at mail and password. Whether one or the other was wrong is not told, nor by the time that it takes."""
    email, password = request.form.get("email", "")[:254], request.form.get("password", "")[: LONGEST + 1]
    known = is_known(email)
    left = desk().tries.begin(email, known)
    if left < 0:
        return _page(wait=True, status=429)
    found = desk().people.by_email(email)
    right = fits(password, found[1] if found else None)
    if found is None or not right or not found[0].active:
        return _refused(left == 0, found[0] if found else None)
    person = found[0]
    desk().tries.right(email, known)
    if person.second_factor:
        return _ask_second(person)
    return let_in(person)


def _refused(must_wait: bool, person: Person | None) -> AnyResponse:
    note_refused(person, "login.locked" if must_wait else "login.refused")
    return _page(wait=must_wait, wrong=not must_wait, status=429 if must_wait else 422)


def note_refused(person: Person | None, action: str) -> None:
    """Into the audit: somebody tried this account in vain. At most five times in 15 minutes, for then nobody may try.

    For nobody's account the same is written and taken back: the time of an answer must not tell who has one.
    """
    with sql_errors(), desk().engine.begin() as connection:
        in_turn(connection, "people")
        written = connection.begin_nested()
        note(connection, desk().clock(), "nobody", action, f"user {person.id if person else 0}")
        if person is None:
            written.rollback()
        else:
            written.commit()


def _ask_second(person: Person) -> AnyResponse:
    mine = _mine()
    mine.clear()
    # A visitor's cookie can be read: what all her logins have in common is not in it.
    mine["pending"] = [person.id, named(person.logins)[:32], int(desk().clock())]
    mine["next"] = way_back()
    return redirect(url_for("console.second_step"))


def pending() -> Person | None:
    """Who brought the right password and not yet the second factor."""
    id, logins, since = cast(Any, session.get("pending") or (0, "", 0))
    if not id or desk().clock() - since > PENDING_SECONDS:
        return None
    person = desk().people.by_id(id)
    return person if person and person.active and named(person.logins)[:32] == logins else None


def let_in(person: Person, path: str | None = None) -> AnyResponse:
    """Logs somebody in who brought all that her account asks for, and goes where she wanted to go."""
    begin(_mine(), desk(), person, {"fresh": int(desk().clock())})
    response = make_response(redirect(path or way_back()))
    response.set_cookie(
        KNOWN, _signer().dumps(person.email), max_age=KNOWN_SECONDS, path="/console",
        secure=secure(desk().settings), httponly=True, samesite="Lax",
    )  # fmt: skip
    return response


def is_known(email: str) -> bool:
    """Whether somebody with this mail address was let in with this browser before."""
    try:
        said = _signer().loads(request.cookies.get(KNOWN, ""), max_age=KNOWN_SECONDS)
    except BadData:
        return False
    return bool(said == email.strip().casefold())


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="known browser")


def way_back() -> str:
    """Where she wanted to go: only ever a page of ours."""
    wanted = request.values.get("next") or session.get("next")
    return own_path(wanted) or url_for("console.home")


@console.post("/logout")
@unfinished
def log_out() -> AnyResponse:
    """Ends this login."""
    end(_mine(), desk())
    response = redirect(url_for("console.login"))
    # What this computer still holds of the pages goes too.
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


def _page(wrong: bool = False, wait: bool = False, status: int = 200) -> AnyResponse:
    error = (
        words("login.wait", "Too many wrong tries. Wait 15 minutes, or ask an admin of your organization for help.")
        if wait
        else words("login.wrong", "Mail address or password is wrong. Look at both and try again.")
        if wrong
        else ""
    )
    email = request.form.get("email", "")[:254]
    page = render_template("login.html", error=error, email=email, next=own_path(request.values.get("next")) or "")
    return make_response(page, status)


def _mine() -> ConsoleSession:
    return cast(ConsoleSession, session)
