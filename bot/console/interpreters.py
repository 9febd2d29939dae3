"""Interpreters: who speaks which language, whose way of speaking it, and when. For admins; responders see them in a conversation."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, viewer
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.languages import LANGUAGES
from bot.console.organization_form import zones
from bot.console.words import words
from bot.directory.errors import ScheduleError
from bot.directory.hours import parse_schedule
from bot.escalation.viewer import Role
from bot.store.errors import NotYours
from bot.store.interpreters import Interpreter
from bot.store.people import looks_after, name_fits


@console.get("/interpreters")
@allow(Role.ADMIN)
def interpreters() -> AnyResponse:
    """All whom she may see."""
    page = render_template(
        "interpreters.html",
        interpreters=desk().interpreters.all(viewer()),
        organizations=_names(),
        may_change=_may_change,
        languages=LANGUAGES,
    )
    return make_response(page)


@console.get("/interpreters/new")
@allow(Role.ADMIN)
def new_interpreter() -> AnyResponse:
    """The form of a new one."""
    return _page(_blank())


@console.get("/interpreters/<int:id>")
@allow(Role.ADMIN)
def interpreter(id: int) -> AnyResponse:
    """The form of one."""
    return _page(_one(id))


@console.post("/interpreters/new")
@allow(Role.ADMIN)
def add_interpreter() -> AnyResponse:
    """Adds one."""
    return _saved(_of_form(_blank()))


@console.post("/interpreters/<int:id>")
@allow(Role.ADMIN)
def change_interpreter(id: int) -> AnyResponse:
    """Changes one."""
    return _saved(_of_form(_one(id)))


def _blank() -> Interpreter:
    return Interpreter(0, "", "quc", "", viewer().organization, "", "", desk().settings.team_timezone)


def _one(id: int) -> Interpreter:
    found = next((each for each in desk().interpreters.all(viewer()) if each.id == id), None)
    if found is None or not _may_change(found):
        raise NotYours
    return found


def _may_change(one: Interpreter) -> bool:
    return looks_after(viewer(), one.organization)


def _of_form(before: Interpreter) -> Interpreter:
    form = request.form
    organization = viewer().organization or form.get("organization") or None
    return Interpreter(
        before.id, form.get("name", "").strip()[:65], form.get("language", "").strip(), form.get("variety", "").strip()[:64],
        organization if organization in _names() else None, form.get("contact", "").strip()[:200],
        " ".join(form.get("hours", "").split())[:200], form.get("zone", "") or before.zone, "active" in form,
    )  # fmt: skip


def _saved(made: Interpreter) -> AnyResponse:
    errors = {}
    if not name_fits(made.name):
        errors["name"] = words(
            "people.no-name", "Write the name, as colleagues are to see it: at most 48 letters, no long numbers."
        )
    if made.language not in LANGUAGES:
        errors["language"] = words("interpreters.no-language", "Choose the language.")
    if not made.contact:
        errors["contact"] = words("interpreters.no-contact", "Write how the team reaches them.")
    try:
        parse_schedule(made.hours, made.zone)
    except ScheduleError:
        errors["hours"] = words(
            "organizations.no-hours", "These hours cannot be read. Write them as in Mo-Fr 09:00-17:00; Sa 10:00-14:00."
        )
    if errors:
        return _page(made, errors, 422)
    desk().interpreters.save(viewer(), made)
    flash(words("account.saved", "Saved."))
    return redirect(url_for("console.interpreters"))


def _names() -> dict[str | None, str]:
    return {each.id: each.name for each in desk().organizations.all()}


def _page(shown: Interpreter, errors: dict[str, str] | None = None, status: int = 200) -> AnyResponse:
    page = render_template(
        "interpreter.html", shown=shown, errors=errors or {}, organizations=_names(), languages=LANGUAGES, zones=zones(),
        network=viewer().organization is None,
    )  # fmt: skip
    return make_response(page, status)
