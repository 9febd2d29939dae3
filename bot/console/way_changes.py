"""Publishers change the way: where choices lead, new choices and steps, and those that go. All of it goes into the open draft."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, viewer
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.editor_read import Reading, read
from bot.console.editor_view import ORDER
from bot.console.steps_refused import steps_refused
from bot.console.way import LONGEST_LABEL, drawer_for, has_room, head, way_page
from bot.console.way_choices import choices_of, target_of
from bot.console.words import words
from bot.engine.flow import Flow, Target
from bot.escalation.viewer import Role
from bot.intents.folding import bare
from bot.language import Language
from bot.scripts.change import version_of
from bot.scripts.change_steps import NAME, Edited, add_choice, add_step, lead_choice, remove_choice, remove_step
from bot.scripts.change_yaml import StepsRefused, flow_of
from bot.store.change_errors import ChangeMoved, InReview

LONGEST_SAY, MOST_NEW = 600, 3
OTHERS = tuple(language for language in ORDER if language is not Language.EN)
Edit = Callable[[str, Flow], Edited]


@dataclass(frozen=True, slots=True)
class Line:
    """A choice as a form brings it: its words in each language, and where it leads."""

    words: Mapping[Language, str]
    target: Target | None

    @property
    def empty(self) -> bool:
        """Whether nothing was written."""
        return not any(self.words.values())


@console.post("/answers/<flow>/way")
@allow(Role.PUBLISHER)
def change_way(flow: str) -> AnyResponse:
    """Saves where the choices of a step lead; or takes one out, adds one, or takes the step out."""
    reading = read(flow) or abort(404)
    name, act = request.form.get("step", ""), request.form.get("act", "save")
    if name not in reading.flow.steps:
        abort(404)
    if act == "add":
        return _add(reading, name)
    if act == "remove-step":
        edit: Edit = lambda yaml, now: remove_step(yaml, now, name)  # noqa: E731
        told = words(
            "way.step-gone", "Taken out of the draft. Families get the answer without it once it is published."
        )
        return _changed(reading, name, edit, told, after="")
    if act.startswith("remove-"):
        digit = int(act.removeprefix("remove-")) if act.removeprefix("remove-").isdecimal() else abort(400)
        told = words("way.choice-gone", "The choice is taken out of the draft; those below it moved up.")
        return _changed(reading, name, lambda yaml, now: remove_choice(yaml, now, name, digit), told, after=name)
    return _lead(reading, name)


def _lead(reading: Reading, name: str) -> AnyResponse:
    wanted: dict[int, Target] = {}
    for choice in reading.flow.steps[name].choices:
        value = request.form.get(f"to-{choice.digit}")
        if value is None:
            continue
        target = target_of(value, reading.release, reading.flow)
        if target is None:
            gone = words("way.no-target", "Choose where it goes: what was chosen is not there any more.")
            return way_page(reading, name, {f"to-{choice.digit}": gone}, request.form, 422)
        if target != choice.target:
            wanted[choice.digit] = target
    if not wanted:
        flash(words("way.nothing", "Every choice goes there already: there was nothing to save."))
        return _back(reading, name)

    def edit(yaml: str, now: Flow) -> Edited:
        for digit, target in wanted.items():
            yaml = lead_choice(yaml, now, name, digit, target).yaml
        return Edited(yaml)

    said = words("way.saved", "Saved in the draft. Families get it when somebody else has read and published it.")
    return _changed(reading, name, edit, said, after=name)


def _add(reading: Reading, name: str) -> AnyResponse:
    line = _line(reading, "new")
    errors = _wrong(line, "new")
    if not has_room(reading.flow.steps[name]):
        errors[""] = words("way.full", "There is no room for one more choice: let one go to a further step.")
    if errors or line.target is None:
        return way_page(reading, name, errors, request.form, 422)
    english, target = line.words[Language.EN], line.target
    said = words("way.choice-new", "The choice is in the draft.")
    edit: Edit = lambda yaml, now: add_choice(yaml, now, name, english, target)  # noqa: E731
    return _changed(reading, name, edit, said, after=name, texts=lambda made: {made.fresh[0]: line.words})


def _changed(
    reading: Reading,
    name: str,
    edit: Edit,
    said: str,
    after: str,
    texts: Callable[[Edited], Mapping[str, Mapping[Language, str]]] = lambda made: {},
) -> AnyResponse:
    """Does it; or shows the page with what she chose, and why it was not done."""
    if error := _done(reading, edit, texts):
        return way_page(read(reading.flow.name) or reading, name, {"": error}, request.form, 409)
    flash(said)
    return _back(reading, after)


def _done(reading: Reading, edit: Edit, texts: Callable[[Edited], Mapping[str, Mapping[Language, str]]]) -> str:
    """Changes the steps and writes the new texts beside them. Why not, in words; empty once it is done."""
    changes, who, flow = desk().changes, viewer(), reading.flow.name
    version = request.form.get("version", "")
    try:
        made = changes.restructure(who, flow, edit, int(version) if version.isdecimal() else -1)
    except ChangeMoved:
        return words(
            "way.moved", "Somebody else changed the steps meanwhile. Look at them as they are now, then save again."
        )
    except InReview:
        return words("way.in-review", "Somebody is reading this draft. Take it back first.")
    except StepsRefused as error:
        return words("way.refused", "It cannot be like that: %(why)s", why=steps_refused(error))
    for key, said in texts(made).items():
        for language in OTHERS:
            if said.get(language):
                changes.save(who, flow, key, language, said[language], version_of(""), False)
    return ""


def _back(reading: Reading, name: str) -> AnyResponse:
    to = url_for(
        "console.answer_way", flow=reading.flow.name, step=name or None, words=request.form.get("words") or None,
        _anchor="this-step" if name else None,
    )  # fmt: skip
    return redirect(to, 303)


def _line(reading: Reading, field: str) -> Line:
    said = {
        language: " ".join(request.form.get(f"{field}-{language}", "").split())[:LONGEST_LABEL] for language in ORDER
    }
    return Line(said, target_of(request.form.get(f"{field}-to", ""), reading.release, reading.flow))


def _wrong(line: Line, field: str) -> dict[str, str]:
    errors = {
        f"{field}-{language}": words("way.no-label", "Write what the choice says, in Spanish and in English.")
        for language in (Language.ES, Language.EN)
        if not line.words[language]
    }
    if line.target is None:
        errors[f"{field}-to"] = words("way.no-where", "Choose where it goes.")
    return errors


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
    lines = {number: _line(reading, f"line{number}") for number in range(1, MOST_NEW + 1)}
    # The step is not there yet: nothing but its own choice can lead to it.
    entry = replace(_line(reading, "entry"), target=Target(step=name))
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

    if error := _done(reading, edit, texts):
        return _form(read(flow) or reading, request.form, {"": error}, 409)
    flash(words("way.step-new", "The step is in the draft, and a choice goes to it."))
    return _back(reading, name)


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
        errors |= _wrong(line, f"line{number}")
    english = [line.words[Language.EN] for line in written.values()]
    if len(set(english)) < len(english):
        errors["line1-en"] = words("way.same-label", "Two choices say the same.")
    begin = reading.flow.steps.get(request.form.get("from", ""))
    if begin is None or not has_room(begin):
        errors["from"] = words("way.no-from", "Choose a step that has room for one more choice.")
    return errors | _wrong(entry, "entry")


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
