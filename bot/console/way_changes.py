"""Publishers change the way: where choices lead, new choices and steps, and those that go. All of it goes into the open draft."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import abort, flash, redirect, request, url_for
from msgspec import Struct
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, viewer
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.editor_read import Reading, read
from bot.console.editor_view import ORDER
from bot.console.numbers import number, whole
from bot.console.steps_refused import steps_refused
from bot.console.way import LONGEST_LABEL, LONGEST_SAY, field_of, has_room, way_page
from bot.console.way_choices import target_of
from bot.console.words import words
from bot.engine.flow import Flow, Target
from bot.escalation.viewer import Role
from bot.language import Language
from bot.scripts.change import version_of
from bot.scripts.change_steps import (
    Edited,
    add_also,
    add_choice,
    lead,
    leadable,
    remove_also,
    remove_choice,
    remove_step,
)
from bot.scripts.change_yaml import StepsRefused
from bot.store.change_errors import ChangeMoved, InReview

OTHERS = tuple(language for language in ORDER if language is not Language.EN)
Edit = Callable[[str, Flow], Edited]


class Line(Struct, frozen=True):
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
    if act == "add-also":
        return add_sentence(reading, name)
    if act.startswith("remove-also-"):
        also = act.removeprefix("remove-also-")
        told = words("way.also-gone", "The sentence is taken out of the draft.")
        return _changed(reading, name, lambda yaml, now: remove_also(yaml, now, name, also), told, after=name)
    if act.startswith("remove-"):
        digit = number(act.removeprefix("remove-"))
        if digit is None:
            abort(400)
        told = words("way.choice-gone", "The choice is taken out of the draft; those below it moved up.")
        return _changed(reading, name, lambda yaml, now: remove_choice(yaml, now, name, digit), told, after=name)
    return _lead(reading, name)


def _lead(reading: Reading, name: str) -> AnyResponse:
    wanted: dict[str, Target] = {}
    for way in leadable(reading.flow.steps[name]):
        value = request.form.get(field := field_of(way.by))
        if value is None:
            continue
        target = target_of(value, reading.release, reading.flow)
        if target is None:
            gone = words("way.no-target", "Choose where it goes: what was chosen is not there any more.")
            return way_page(reading, name, {field: gone}, request.form, 422)
        if way.own and not target.step:
            own = words("way.own-only", "This way can only go to a step of this answer. Choose one of its steps.")
            return way_page(reading, name, {field: own}, request.form, 422)
        if target != way.target:
            wanted[way.by] = target
    if not wanted:
        flash(words("way.nothing", "Every choice goes there already: there was nothing to save."))
        return back(reading, name)

    def edit(yaml: str, now: Flow) -> Edited:
        for by, target in wanted.items():
            yaml = lead(yaml, now, name, by, target).yaml
        return Edited(yaml)

    said = words("way.saved", "Saved in the draft. Families get it when somebody else has read and published it.")
    return _changed(reading, name, edit, said, after=name)


def _add(reading: Reading, name: str) -> AnyResponse:
    line = line_in(reading, "new")
    errors = wrong_with(line, "new")
    if not has_room(reading.flow.steps[name]):
        errors[""] = words("way.full", "There is no room for one more choice: let one go to a further step.")
    if errors or line.target is None:
        return way_page(reading, name, errors, request.form, 422)
    english, target = line.words[Language.EN], line.target
    said = words("way.choice-new", "The choice is in the draft.")
    edit: Edit = lambda yaml, now: add_choice(yaml, now, name, english, target)  # noqa: E731
    return _changed(reading, name, edit, said, after=name, texts=lambda made: {made.fresh[0]: line.words})


def add_sentence(reading: Reading, name: str) -> AnyResponse:
    """Adds a sentence to what a step says; one that leans on a fact goes when that runs out."""
    said = {language: " ".join(request.form.get(f"also-{language}", "").split())[:LONGEST_SAY] for language in ORDER}
    fact = request.form.get("also-fact", "")
    errors = {
        f"also-{language}": words("way.no-say", "Write what it says, in Spanish and in English.")
        for language in (Language.ES, Language.EN)
        if not said[language]
    }
    if fact and fact not in reading.release.facts:
        errors["also-fact"] = words("way.no-fact", "Choose a fact: what was chosen is not there any more.")
    if errors:
        return way_page(reading, name, errors, request.form, 422)
    edit: Edit = lambda yaml, now: add_also(yaml, now, name, said[Language.EN], fact or None)  # noqa: E731
    told = words("way.also-new", "The sentence is in the draft.")
    return _changed(reading, name, edit, told, after=name, texts=lambda made: {made.fresh[0]: said})


def _changed(
    reading: Reading,
    name: str,
    edit: Edit,
    said: str,
    after: str,
    texts: Callable[[Edited], Mapping[str, Mapping[Language, str]]] = lambda made: {},
) -> AnyResponse:
    """Does it; or shows the page with what she chose, and why it was not done."""
    if error := done(reading, edit, texts):
        return way_page(read(reading.flow.name) or reading, name, {"": error}, request.form, 409)
    flash(said)
    return back(reading, after)


def done(reading: Reading, edit: Edit, texts: Callable[[Edited], Mapping[str, Mapping[Language, str]]]) -> str:
    """Changes the steps and writes the new texts beside them. Why not, in words; empty once it is done."""
    changes, who, flow = desk().changes, viewer(), reading.flow.name
    version = request.form.get("version", -1, type=whole)
    try:
        made = changes.restructure(who, flow, edit, version)
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


def back(reading: Reading, name: str) -> AnyResponse:
    """To the way, at a step where one is named."""
    to = url_for(
        "console.answer_way", flow=reading.flow.name, step=name or None, words=request.form.get("words") or None,
        _anchor="this-step" if name else None,
    )  # fmt: skip
    return redirect(to, 303)


def line_in(reading: Reading, field: str) -> Line:
    """The choice that the fields of this name bring."""
    said = {
        language: " ".join(request.form.get(f"{field}-{language}", "").split())[:LONGEST_LABEL] for language in ORDER
    }
    return Line(said, target_of(request.form.get(f"{field}-to", ""), reading.release, reading.flow))


def wrong_with(line: Line, field: str) -> dict[str, str]:
    """What is missing in a choice, by field."""
    errors = {
        f"{field}-{language}": words("way.no-label", "Write what the choice says, in Spanish and in English.")
        for language in (Language.ES, Language.EN)
        if not line.words[language]
    }
    if line.target is None:
        errors[f"{field}-to"] = words("way.no-where", "Choose where it goes.")
    return errors
