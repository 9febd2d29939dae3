"""What the server sends while somebody types: the phone of a step, what it costs in each language, the checks of each text."""

from __future__ import annotations

from urllib.parse import quote

from flask import abort, make_response, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.editor_form import look_of, read_form
from bot.console.editor_made import made_for
from bot.console.editor_page import Form, Look, step
from bot.console.editor_read import Reading, read
from bot.console.editor_view import ORDER, StepView
from bot.console.languages import LANGUAGES
from bot.console.preview_phone import needs_approval
from bot.console.words import phrase, words
from bot.escalation.viewer import Role
from bot.scripts.answers import LISTED, MINIMUM, NO_PLACE, NOBODY_NEAR

CASES = {
    NOBODY_NEAR: phrase("preview.nobody-near", "When nobody is near"),
    LISTED: phrase("preview.listed", "With organizations near"),
    NO_PLACE: phrase("preview.no-place", "To somebody of whom no place is known"),
    MINIMUM: phrase("preview.minimum", "While nobody has approved the answer"),
}


@console.post("/answers/<flow>/preview")
@allow(Role.VOLUNTEER, Role.PUBLISHER)
def preview_answer(flow: str) -> AnyResponse:
    """The phone of one step with what is typed there; nothing is saved."""
    reading = read(flow) or abort(404)
    form, look = Form(read_form(request.form, reading.flow), {}), look_of(request.form)
    shown = step(reading, made_for(reading), request.form.get("step", ""), look, form) or abort(404)
    response = make_response(render_template("preview.html", **phone_values(reading, shown, look)))
    if said := _said(shown, look):
        response.headers["X-Announce"] = quote(said)
    return response


def phone_values(reading: Reading, shown: StepView | None, look: Look) -> dict[str, object]:
    """What the templates of the phone need."""
    return {
        "step": shown,
        "look": {"language": look[0].value, "channel": look[1].value},
        "languages": [(language.value, LANGUAGES[language.value]) for language in ORDER],
        "names": LANGUAGES,
        "cases": CASES,
        "price": desk().settings.sms_price,
        "held_back": needs_approval(reading.release, reading.flow, desk().settings.require_approval),
        "preview": url_for("console.preview_answer", flow=reading.flow.name),
    }


def _said(shown: StepView, look: Look) -> str:
    """What is said aloud: the number of parts of the language on the phone, when it is another one than before."""
    cost = next(each for each in shown.costs if each.language is look[0])
    if request.form.get(f"count|{look[0]}", str(cost.count)) == str(cost.count):
        return ""
    name = LANGUAGES[look[0].value]
    if cost.count == 1:
        return words("preview.said-one", "%(language)s: now 1 SMS", language=name)
    return words("preview.said-more", "%(language)s: now %(n)s SMS", language=name, n=cost.count)
