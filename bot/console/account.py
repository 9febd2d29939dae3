"""My account: name, language, keyboard shortcuts, quiet hours; password; second step; where she is logged in."""

from __future__ import annotations

from typing import cast

from flask import abort, flash, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import logged_in, person
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.freshness import freshly
from bot.console.login import is_known, let_in
from bot.console.password_words import why_refused
from bot.console.sessions import ConsoleSession
from bot.console.words import PAGE_LANGUAGES, words
from bot.console.work import change_work, no_state
from bot.escalation.quiet import quiet_hours
from bot.store.passwords import LONGEST, fits, hashed
from bot.store.people import name_fits


@console.get("/account")
@logged_in
def account() -> AnyResponse:
    """The page."""
    return _page()


@console.post("/account")
@logged_in
def change_account() -> AnyResponse:
    """Name, language, shortcuts, quiet hours."""
    form, errors = request.form, {}
    name, language = form.get("name", "").strip(), form.get("language", "")
    quiet = quiet_hours(form.get("quiet-from", "")[:5], form.get("quiet-to", "")[:5])
    if not name_fits(name):
        errors["name"] = words(
            "account.no-name", "Write your name, as colleagues are to see it: at most 48 letters, no long numbers."
        )
    if quiet is None:
        errors["quiet-from"] = words(
            "account.no-hours", "Write when the quiet hours begin and when they end, or neither."
        )
    if language not in [each.value for each in PAGE_LANGUAGES]:
        abort(400)
    if errors or quiet is None:
        return _page(errors, 422)
    desk().people.change_account(person(), name=name, language=language, shortcuts="shortcuts" in form, quiet=quiet)
    flash(words("account.saved", "Saved."))
    return redirect(url_for("console.account"))


@console.post("/account/work")
@logged_in
def change_my_work() -> AnyResponse:
    """Which languages she looks after, and where she calls organizations."""
    if not change_work(person().id):
        return _page({"state": no_state()}, 422)
    flash(words("account.saved", "Saved."))
    return redirect(url_for("console.account"))


@console.post("/account/password")
@logged_in
def change_password() -> AnyResponse:
    """Another password. All other logins of hers end; this one goes on under a new name."""
    mine, known = person(), is_known(person().email)
    if desk().tries.begin(mine.email, known) < 0:
        return _page({"password": words("second.wait", "Too many wrong codes. Wait 15 minutes and begin again.")}, 429)
    found = desk().people.by_email(mine.email)
    if found is None or not fits(request.form.get("password", "")[: LONGEST + 1], found[1]):
        return _page({"password": words("confirm.wrong", "That is not your password.")}, 422)
    new = request.form.get("new", "")
    if why := why_refused(new, mine.email, mine.name):
        return _page({"new": why}, 422)
    desk().tries.right(mine.email, known)
    desk().people.change_password(mine.id, hashed(new), mine.actor)
    changed = desk().people.by_id(mine.id)
    if changed is None:
        abort(401)
    # The old login is gone with all the others; there is nothing left of it to end.
    cast(ConsoleSession, session).login = None
    response = let_in(changed, url_for("console.account"))
    flash(words("account.password-changed", "The password is changed. Everywhere else you are logged out."))
    return response


@console.post("/account/codes")
@logged_in
@freshly
def new_codes() -> AnyResponse:
    """Other recovery codes, shown this once."""
    if not person().second_factor:
        abort(404)
    return make_response(render_template("recovery_codes.html", codes=desk().second_factors.new_codes(person())))


@console.post("/account/logins/<id>/end")
@logged_in
def end_login(id: str) -> AnyResponse:
    """Ends one of her logins."""
    if not desk().sessions.end_one(person(), id):
        abort(404)
    flash(words("account.login-ended", "That login has ended."))
    return redirect(url_for("console.account", _anchor="logins"))


@console.post("/account/logins/end")
@logged_in
def end_logins() -> AnyResponse:
    """Logs out everywhere, here too."""
    desk().sessions.end_all(person())
    mine = cast(ConsoleSession, session)
    mine.login = None
    mine.clear()
    return redirect(url_for("console.login"))


def _page(errors: dict[str, str] | None = None, status: int = 200) -> AnyResponse:
    mine = person()
    begins, _, ends = mine.quiet.partition("-")
    this = cast(ConsoleSession, session).login
    page = render_template(
        "account.html",
        errors=errors or {},
        name=request.form.get("name", mine.name),
        quiet=(request.form.get("quiet-from", begins), request.form.get("quiet-to", ends)),
        logins=desk().sessions.of(mine),
        this=this.id if this else "",
        zone=desk().settings.team_timezone,
    )
    return make_response(page, status)
