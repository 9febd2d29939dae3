"""Templates of WhatsApp: what may go out after the 24 hours, and how far each is with Meta. Looked after by the network's admins."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, viewer
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.languages import LANGUAGES
from bot.console.template_words import StateWords, state_words
from bot.console.words import words
from bot.escalation.approval import TemplateState
from bot.escalation.viewer import Role
from bot.store.errors import NotYours
from bot.store.message_templates import MessageTemplate, TemplateWrong


@console.get("/templates")
@allow(Role.ADMIN)
def templates() -> AnyResponse:
    """All of them."""
    page = render_template(
        "templates.html",
        templates=desk().templates.all(),
        told=_told(),
        asks=bool(desk().settings.twilio_api_key),
        network=viewer().organization is None,
        languages=LANGUAGES,
    )
    return make_response(page)


@console.get("/templates/new")
@allow(Role.ADMIN)
def new_template() -> AnyResponse:
    """The form of a new one."""
    return _page(MessageTemplate("", "", "es", ""), new=True)


@console.get("/templates/<sid>")
@allow(Role.ADMIN)
def template(sid: str) -> AnyResponse:
    """The form of one."""
    return _page(_one(sid))


@console.post("/templates/new")
@allow(Role.ADMIN)
def add_template() -> AnyResponse:
    """Adds one that the carrier has."""
    return _saved(_of_form(request.form.get("sid", "").strip()), new=True)


@console.post("/templates/<sid>")
@allow(Role.ADMIN)
def change_template(sid: str) -> AnyResponse:
    """Changes one: its words are Meta's, so only what was copied wrong."""
    return _saved(_of_form(_one(sid).sid))


def _one(sid: str) -> MessageTemplate:
    found = next((each for each in desk().templates.all() if each.sid == sid), None)
    if found is None:
        raise NotYours
    return found


def _told() -> dict[str, StateWords]:
    """What is said of each template."""
    states = desk().template_states.all()
    return {each.sid: state_words(states.get(each.sid, TemplateState())) for each in desk().templates.all()}


def _of_form(sid: str) -> MessageTemplate:
    form = request.form
    body = form.get("body", "").replace("\r\n", "\n").strip()
    return MessageTemplate(sid, form.get("name", "").strip(), form.get("language", ""), body, "active" in form)


def _saved(made: MessageTemplate, new: bool = False) -> AnyResponse:
    try:
        desk().templates.save(viewer(), made)
    except TemplateWrong as wrong:
        said = {
            "sid": words("templates.no-sid", "Twilio's id begins with HX and has 34 signs."),
            "name": words("templates.no-name", "Small letters, digits and _, as Meta has it."),
            "language": words("interpreters.no-language", "Choose the language."),
            "body": words("templates.no-body", "Copy its words, with {{1}} where a value goes in."),
        }
        return _page(made, {wrong.field: said[wrong.field]}, new, 422)
    flash(words("account.saved", "Saved."))
    return redirect(url_for("console.templates"))


def _page(
    shown: MessageTemplate, errors: dict[str, str] | None = None, new: bool = False, status: int = 200
) -> AnyResponse:
    if viewer().organization is not None:
        raise NotYours
    told = {} if new else _told()
    page = render_template(
        "template.html",
        shown=shown,
        told=told.get(shown.sid),
        asks=bool(desk().settings.twilio_api_key),
        errors=errors or {},
        new=new,
        languages=LANGUAGES,
    )
    return make_response(page, status)
