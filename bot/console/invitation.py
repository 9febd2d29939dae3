"""An invitation: whoever has its link makes her account, once. The second step, where her roles need one, comes right after."""

from __future__ import annotations

from flask import abort, flash, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import anybody
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.login import let_in
from bot.console.password_words import why_refused
from bot.console.words import PAGE_LANGUAGES, page_language, words
from bot.store.invitations import Invited, Standing
from bot.store.passwords import hashed
from bot.store.people import name_fits


@console.get("/invitation/<word>")
@anybody
def invitation(word: str) -> AnyResponse:
    """Who invites her and to what; or why the link is good for nothing any more, and whom to ask."""
    found = desk().invitations.find(word)
    if found is None or found.standing is not Standing.GOOD:
        return _useless(found)
    return _page(word, found)


@console.post("/invitation/<word>")
@anybody
def accept_invitation(word: str) -> AnyResponse:
    """Makes the account, or gives it the new password. Of two who press together one gets it."""
    found = desk().invitations.find(word)
    if found is None or found.standing is not Standing.GOOD:
        return _useless(found)
    name, password = request.form.get("name", found.name).strip(), request.form.get("password", "")
    errors = {}
    if not name_fits(name):
        errors["name"] = words(
            "account.no-name", "Write your name, as colleagues are to see it: at most 48 letters, no long numbers."
        )
    if why := why_refused(password, found.email, name):
        errors["password"] = why
    if errors:
        return _page(word, found, errors, 422)
    language = request.form.get("language", "")
    if language not in [each.value for each in PAGE_LANGUAGES]:
        language = page_language()
    user = desk().invitations.accept(word, name, language, hashed(password))
    if user is None:
        return _useless(desk().invitations.find(word))
    person = desk().people.by_id(user)
    if person is None:
        abort(404)
    # A link lets nobody in past a second step: who has one, or may not log in at all, goes through the door.
    if person.second_factor or not person.active:
        session.clear()
        flash(words("invitation.renewed", "The new password holds. Log in with it."))
        return redirect(url_for("console.login"))
    return let_in(person, url_for("console.home"))


def _page(word: str, found: Invited, errors: dict[str, str] | None = None, status: int = 200) -> AnyResponse:
    organization = desk().organizations.one(found.organization) if found.organization else None
    page = render_template(
        "invitation.html", word=word, invited=found, organization=organization, errors=errors or {},
        name=request.form.get("name", found.name),
    )  # fmt: skip
    return make_response(page, status)


def _useless(found: Invited | None) -> AnyResponse:
    """It says only what the link was: whose it was stays untold."""
    standing = found.standing if found else Standing.UNKNOWN
    page = render_template("invitation_over.html", standing=standing.value, by=found.by if found else "")
    return make_response(page, 410 if found else 404)
