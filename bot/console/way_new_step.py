"""A new step of an answer: what it says, its choices, and the choice of another step that goes to it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask import Response, abort, flash, make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.editor_read import Reading, read
from bot.console.editor_view import ORDER
from bot.console.way import LONGEST_LABEL, LONGEST_SAY, drawer_for, has_room, head
from bot.console.way_changes import Line, back, done, line_in, wrong_with
from bot.console.way_choices import choices_of
from bot.console.words import words
from bot.engine.flow import Flow, Target
from bot.escalation.viewer import Role
from bot.frozen import replace
from bot.intents.folding import bare
from bot.language import Language
from bot.scripts.change_steps import NAME, Edited, add_choice, add_step
from bot.scripts.change_yaml import flow_of

MOST_NEW = 3


@console.get("/answers/<flow>/way/new-step")
@allow(Role.PUBLISHER)
def new_step(flow: str) -> AnyResponse:
    """The form of a new step, to which a choice of an existing one leads."""
    reading = read(flow) or abort(404)
    return _form(reading, {"from": request.args.get("from", "")})


@console.post("/answers/<flow>/way/new-step")
@allow(Role.PUBLISHER)
def make_step(flow: str) -> AnyResponse:
    """Adds the step, its choices and the choice that leads to it, at once."""
    reading = read(flow) or abort(404)
    name = re.sub(r"[^a-z0-9]+", "_", bare(request.form.get("name", "")))[:40].strip("_")
    said = {language: " ".join(request.form.get(f"say-{language}", "").split())[:LONGEST_SAY] for language in ORDER}
    lines = {number: line_in(reading, f"line{number}") for number in range(1, MOST_NEW + 1)}
    # The step is not there yet: nothing but its own choice can lead to it.
    entry = replace(line_in(reading, "entry"), target=Target(step=name))
    errors = _errors(reading, name, said, lines, entry)
    if errors:
        return _form(reading, request.form, errors, 422)
    written = [line for line in lines.values() if not line.empty]

    def edit(yaml: str, now: Flow) -> Edited:
        leads = {line.words[Language.EN]: line.target for line in written if line.target}
        step = add_step(yaml, now, name, said[Language.EN], leads)
        then = flow_of(step.yaml, now.name, now.group)
        choice = add_choice(step.yaml, then, request.form["from"], entry.words[Language.EN], Target(step=name))
        return Edited(choice.yaml, {**step.keys, **choice.keys}, (*step.fresh, *choice.fresh))

    def texts(made: Edited) -> Mapping[str, Mapping[Language, str]]:
        return dict(zip(made.fresh, (said, *(line.words for line in written), entry.words), strict=True))

    if error := done(reading, edit, texts):
        return _form(read(flow) or reading, request.form, {"": error}, 409)
    flash(words("way.step-new", "The step is in the draft, and a choice goes to it."))
    return back(reading, name)


def _errors(
    reading: Reading, name: str, said: Mapping[Language, str], lines: Mapping[int, Line], entry: Line
) -> dict[str, str]:
    errors: dict[str, str] = {}
    if not NAME.fullmatch(name):
        errors["name"] = words("way.no-name", "Give it a short name: letters, digits and spaces.")
    elif name in reading.flow.steps:
        errors["name"] = words("way.name-taken", "There is a step of this name already. Give it another one.")
    for language in (Language.ES, Language.EN):
        if not said[language]:
            errors[f"say-{language}"] = words("way.no-say", "Write what it says, in Spanish and in English.")
    written = {number: line for number, line in lines.items() if not line.empty or number == 1}
    for number, line in written.items():
        errors |= wrong_with(line, f"line{number}")
    english = [line.words[Language.EN] for line in written.values()]
    if len(set(english)) < len(english):
        errors["line1-en"] = words("way.same-label", "Two choices say the same.")
    begin = reading.flow.steps.get(request.form.get("from", ""))
    if begin is None or not has_room(begin):
        errors["from"] = words("way.no-from", "Choose a step that has room for one more choice.")
    return errors | wrong_with(entry, "entry")


def _form(
    reading: Reading, typed: Mapping[str, str], errors: Mapping[str, str] | None = None, status: int = 200
) -> Response:
    drawer = drawer_for(reading)
    body = render_template(
        "way_new_step.html",
        **head(reading, "console.answer_way"),
        typed=typed,
        errors=errors or {},
        choices=choices_of(drawer, reading.flow),
        begins=[(step.name, drawer.beginning(step)) for step in reading.flow.steps.values() if has_room(step)],
        version=desk().changes.steps_of(reading.flow.name)[1],
        most=MOST_NEW,
        longest_label=LONGEST_LABEL,
        longest_say=LONGEST_SAY,
    )
    return make_response(body, status)
