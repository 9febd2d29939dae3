"""Settings: what an admin looks after, each on a page of its own."""

from __future__ import annotations

from flask import make_response, render_template
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, may_open, viewer
from bot.console.blueprint import console
from bot.console.words import phrase
from bot.escalation.viewer import Role

SECTIONS = (
    (
        "console.people",
        phrase("people.title", "People"),
        phrase("settings.people", "Who may come in, with which roles. Invite, change, close accounts."),
    ),
    (
        "console.organizations",
        phrase("organizations.title", "Organizations"),
        phrase(
            "settings.organizations",
            "Who answers: hours, languages, places, topics, and who may see whose conversations.",
        ),
    ),
    (
        "console.interpreters",
        phrase("interpreters.title", "Interpreters"),
        phrase("settings.interpreters", "Who speaks which language, whose way of speaking it, and when."),
    ),
    (
        "console.templates",
        phrase("templates.title", "WhatsApp templates"),
        phrase("settings.templates", "What may be written when the 24 hours of WhatsApp are over."),
    ),
    (
        "console.audit",
        phrase("audit.title", "Who did what"),
        phrase("settings.audit", "Every act of the team, without a word of a family."),
    ),
)


@console.get("/settings")
@allow(Role.ADMIN)
def settings() -> AnyResponse:
    """The sections that she may open."""
    mine = [section for section in SECTIONS if may_open(section[0], viewer())]
    return make_response(render_template("settings.html", sections=mine))
