"""A new answer, a copy of one, and one that is to go. Each is a draft like any other: somebody else publishes it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from msgspec import Struct
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, viewer
from bot.console.answers import TOPICS
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.editor_read import published
from bot.console.editor_steps import Teller
from bot.console.topics import title_in
from bot.console.words import page_language, words
from bot.engine.flow import Flow, Group, Target
from bot.engine.read import LARGEST_MENU
from bot.engine.walk import NOTICES
from bot.escalation.viewer import Role
from bot.intents.folding import bare
from bot.language import Language
from bot.scripts.change import Opened, Stage, version_of
from bot.scripts.change_answer import Line
from bot.scripts.change_steps import NAME, add_choice
from bot.scripts.release import Release
from bot.store.change_errors import ChangeMoved, HeirNeeded, InReview, NameTaken, NoSuchAnswer, UsedBy
from bot.store.change_structure import users_of
from bot.wording.choose import text_for

LONGEST_TITLE = 60
LONGEST_SAY = 600
# Where a volunteer's answer belongs; what the bot says by itself is made of steps that its code knows by name.
GROUPS = (Group.SERVICES, Group.RIGHTS, Group.URGENT)
_LONGEST_NAME = 36


class Wanted(Struct, frozen=True):
    """What the form of a new answer says. ``place``: ``flow.step`` where a choice is to go to it, ``label`` its words."""

    title_es: str
    title_en: str
    group: str
    say_es: str
    say_en: str
    place: str
    label_es: str
    label_en: str
    like: str


@console.get("/answers/new")
@allow(Role.VOLUNTEER, Role.PUBLISHER)
def new_answer() -> AnyResponse:
    """The form; with ``like`` for a copy."""
    group = request.args.get("topic", Group.SERVICES.value)
    return _form(Wanted("", "", group, "", "", "", "", "", request.args.get("like", "")))


@console.post("/answers/new")
@allow(Role.VOLUNTEER, Role.PUBLISHER)
def make_answer() -> AnyResponse:
    """Begins the draft, and shows it in the editor."""
    said = {name: " ".join(request.form.get(name, "").split()) for name in Wanted.__struct_fields__}
    wanted = Wanted(**said)
    errors = _errors(wanted)
    if errors:
        return _form(wanted, errors, 422)
    name = _name(wanted.title_en)
    try:
        _make(wanted, name)
    except NameTaken:
        taken = words(
            "new.taken", "There is an answer, or a draft, of this name already. Give it another English title."
        )
        return _form(wanted, {"title_en": taken}, 422)
    if wanted.place and viewer().has(Role.PUBLISHER):
        _lead(wanted, name)
    flash(words("new.made", "Begun. Write its texts, then send it for review."))
    return redirect(url_for("console.edit_answer", flow=name), 303)


def _make(wanted: Wanted, name: str) -> None:
    changes, who = desk().changes, viewer()
    if wanted.like:
        changes.duplicate(who, wanted.like, name, wanted.title_en)
    else:
        changes.new_flow(who, name, wanted.title_en, Group(wanted.group), wanted.say_en)
    given = {f"{name}.title": wanted.title_es, f"{name}.first.say": wanted.say_es}
    release = published()
    for line in changes.answer(name).lines:
        said = line.said[Language.ES]
        text = given.get(line.key) or ("" if said.text else _led_to(release, line))
        if text:
            changes.save(who, name, line.key, Language.ES, text, said.version, False)


def _led_to(release: Release, line: Line) -> str:
    """What the answer is called in Spanish to which a choice goes: a first text for a choice that has none."""
    step = line.context.step
    choice = next((each for each in step.choices if each.label.key == line.key), None) if step else None
    flow = release.script.flows.get(choice.target.flow or "") if choice else None
    return text_for(flow.title.key, Language.ES, flow.title.english, release.catalogs).text if flow else ""


def _lead(wanted: Wanted, name: str) -> None:
    """A choice of another answer goes to the new one: a change of that answer, to be published with it."""
    changes, who = desk().changes, viewer()
    flow, _, step = wanted.place.partition(".")
    try:
        _, version = changes.steps_of(flow)
        made = changes.restructure(
            who, flow, lambda yaml, now: add_choice(yaml, now, step, wanted.label_en, Target(flow=name)), version
        )
        for key in made.fresh:
            changes.save(who, flow, key, Language.ES, wanted.label_es, version_of(""), False)
        title = title_in(published(), Language(page_language()), words)(flow)
        flash(
            words(
                "new.led",
                "The choice stands in a draft of “%(title)s”: send that one once the new answer is published.",
                title=title,
            )
        )
    except (InReview, ChangeMoved):
        flash(
            words(
                "new.not-led",
                "Nothing goes to it yet: somebody is changing that answer just now. Let a choice go there later.",
            ),
            "error",
        )


def _errors(wanted: Wanted) -> dict[str, str]:
    errors: dict[str, str] = {}
    if not wanted.title_es:
        errors["title_es"] = words("new.no-title", "Write how menus call it.")
    if not NAME.fullmatch(_name(wanted.title_en)):
        errors["title_en"] = words("new.no-english", "Write the English title, with at least two letters.")
    if wanted.like:
        if wanted.like not in published().script.flows:
            errors["like"] = words("new.no-like", "The answer that you wanted to copy is not there any more.")
        return errors
    if wanted.group not in GROUPS:
        errors["group"] = words("new.no-topic", "Choose a topic.")
    if not wanted.say_es:
        errors["say_es"] = words("new.no-say", "Write what the bot says first.")
    if not wanted.say_en:
        errors["say_en"] = words("new.no-say", "Write what the bot says first.")
    if wanted.place and wanted.place not in dict(_places(published())):
        errors["place"] = words("new.no-place", "There is no room for a choice there any more.")
    elif wanted.place and not (wanted.label_es and wanted.label_en):
        errors["label_es"] = words("new.no-label", "Write what the choice says, in Spanish and in English.")
    return errors


def _name(title: str) -> str:
    """The name of the file: from the English title, as people know it."""
    return re.sub(r"[^a-z0-9]+", "_", bare(title))[:_LONGEST_NAME].strip("_")


def _form(wanted: Wanted, errors: Mapping[str, str] | None = None, status: int = 200) -> Response:
    release = published()
    title = title_in(release, Language(page_language()), words)
    like = title(wanted.like) if wanted.like in release.script.flows else ""
    body = render_template(
        "answer_new.html",
        wanted=wanted,
        like=like,
        errors=errors or {},
        groups=[(group.value, TOPICS[group]) for group in GROUPS],
        places=list(_places(release)) if viewer().has(Role.PUBLISHER) else [],
        longest_title=LONGEST_TITLE,
        longest_say=LONGEST_SAY,
    )
    return make_response(body, status)


def _places(release: Release) -> Iterator[tuple[str, str]]:
    """Every step with room for one more choice, and what it is called: ``flow.step`` and words."""
    language = Language(page_language())
    title, teller = title_in(release, language, words), Teller(release, language, words)
    named = [(title(name), flow) for name, flow in release.script.flows.items() if name != NOTICES]
    for called, flow in sorted(named, key=lambda each: bare(each[0])):
        for step in flow.steps.values():
            if step.choices and len(step.choices) < LARGEST_MENU:
                yield f"{flow.name}.{step.name}", f"{called}: {teller.title(flow, step)}"


@console.get("/answers/<flow>/archive")
@allow(Role.PUBLISHER)
def archive_answer(flow: str) -> AnyResponse:
    """What archiving would mean, to be pressed once more; refused while something goes there."""
    return _archive(published().script.flows.get(flow) or abort(404))


@console.post("/answers/<flow>/archive")
@allow(Role.PUBLISHER)
def put_away_answer(flow: str) -> AnyResponse:
    """Begins a draft by which the answer goes."""
    found = published().script.flows.get(flow) or abort(404)
    try:
        desk().changes.archive(viewer(), flow, request.form.get("heir") or None)
    except UsedBy:
        return _archive(found, status=422)
    except HeirNeeded:
        return _archive(found, words("archive.no-heir", "Choose which answer takes what this one was asked for."), 422)
    except (InReview, NoSuchAnswer):
        return _archive(
            found, words("archive.busy", "Somebody is reading a draft of it: wait until that is decided."), 422
        )
    flash(words("archive.begun", "It goes when somebody else has read and published that. Until then families get it."))
    return redirect(url_for("console.edit_answer", flow=flow), 303)


def _archive(flow: Flow, error: str = "", status: int = 200) -> Response:
    release = published()
    title = title_in(release, Language(page_language()), words)
    users = users_of(release.script.flows, flow.name)
    others = sorted(
        ((title(name), name) for name in release.script.flows if name not in (flow.name, NOTICES)),
        key=lambda each: bare(each[0]),
    )
    body = render_template(
        "answer_archive.html",
        flow=flow.name,
        title=title(flow.name),
        users=[(name, title(name)) for name in users if name in release.script.flows],
        by_itself=any(name not in release.script.flows for name in users),
        asked=bool(flow.intents),
        others=others,
        errors={"heir": error} if error else {},
    )
    return make_response(body, status)


def archived_page(opened: Opened) -> Response:
    """In place of the editor, while an answer is to go."""
    title = title_in(published(), Language(page_language()), words)
    heir = title(opened.draft.heir) if opened.draft.heir else ""
    mine = opened.by.id == viewer().user or viewer().has(Role.PUBLISHER)
    body = render_template(
        "answer_archived.html",
        flow=opened.flow,
        title=title(opened.flow),
        opened=opened,
        heir=heir,
        owns=mine,
        locked=opened.stage is Stage.REVIEW,
    )
    return make_response(body)
