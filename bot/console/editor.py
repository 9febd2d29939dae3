"""The page on which an answer is written: all its texts in three languages, saved step by step; sent for review when done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, viewer
from bot.console.answers import STATE_WORDS
from bot.console.answers_new import archived_page
from bot.console.answers_standing import state_of
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.editor_clash import clash_page
from bot.console.editor_fields import field_groups
from bot.console.editor_form import Wishes, errors_in, look_of, read_form, wishes
from bot.console.editor_made import made_for
from bot.console.editor_page import FIRST_LOOK, NOTHING, Form, Look, steps
from bot.console.editor_read import Reading, read
from bot.console.editor_steps import NAME
from bot.console.editor_view import Typed
from bot.console.preview import phone_values
from bot.console.security import with_sound
from bot.console.topics import title_in
from bot.console.words import page_language, phrase, words
from bot.escalation.viewer import Role
from bot.language import Language
from bot.scripts.change import Place
from bot.scripts.checks.fields import strange_fields
from bot.scripts.fact import Fact
from bot.store.change_errors import InReview
from bot.store.change_writing import Clash

WRITERS = (Role.VOLUNTEER, Role.PUBLISHER)
STATES = {
    "missing": phrase("text.missing", "Missing"),
    "no-kiche": phrase("text.no-kiche", "Not there yet"),
    "stale": phrase("text.stale", "Look: another language changed"),
    "stale-es": phrase("text.stale-es", "Look: the Spanish changed"),
    "stale-en": phrase("text.stale-en", "Look: the English changed"),
    "stale-quc": phrase("text.stale-quc", "Look: the K'iche' changed"),
    "draft": phrase("text.draft", "Not reviewed"),
    "reviewed": phrase("text.reviewed", "Reviewed"),
}
TABS = (
    ("console.answer_way", phrase("editor.tab-way", "The way")),
    ("console.talk_draft", phrase("editor.tab-talk", "Try it")),
    ("console.answer_history", phrase("editor.tab-history", "History")),
    ("console.answer_readings", phrase("readings.tab", "Who has read it")),
)


@console.get("/answers/<flow>")
@allow(*WRITERS)
def edit_answer(flow: str) -> AnyResponse:
    """All texts of an answer, as they stand in its draft; with ``mine`` what she typed and did not save."""
    reading = read(flow)
    if reading is None:
        opened = desk().changes.open_for(flow)
        return archived_page(opened) if opened and opened.draft.archived else abort(404)
    form = Form(_kept(reading), {}) if request.args.get("mine") else NOTHING
    names = [request.args.get("step", ""), *(_step_of(key) for key, _ in form.typed)]
    return page(reading, names, FIRST_LOOK, form)


@console.post("/answers/<flow>")
@allow(*WRITERS)
def save_answer(flow: str) -> AnyResponse:
    """Saves what was typed into one step; or only shows it on the phone, where no script does."""
    reading = read(flow) or abort(404)
    typed, name, look = read_form(request.form, reading.flow), request.form.get("step", ""), look_of(request.form)
    if "press" in request.form:
        return page(reading, [name], look, Form(typed, {}))
    asked = wishes(typed.values(), reading.texts)
    errors = errors_in(asked.save, lambda text: strange_fields(text, reading.release), words)
    if errors:
        return page(reading, [name], look, Form(typed, errors), 422)
    try:
        clashes = _save(reading, asked)
    except InReview:
        flash(
            words(
                "editor.locked", "Somebody is reading this draft: take it back first. What you typed is still there."
            ),
            "error",
        )
        return page(read(flow) or reading, [name], look, Form(typed, {}), 409)
    if clashes:
        return clash_page(read(flow) or reading, name, clashes)
    _tell(asked, reading)
    to = url_for("console.edit_answer", flow=flow, step=name, saved=name, _anchor=f"step-{name}")
    return redirect(to, 303)


def _save(reading: Reading, asked: Wishes) -> list[tuple[Typed, Clash]]:
    """Does what a form asks for, and returns what somebody else had written meanwhile."""
    changes, who, flow = desk().changes, viewer(), reading.flow.name
    clashes: list[tuple[Typed, Clash]] = []
    for each in asked.save:
        done = changes.save(who, flow, each.key, each.language, each.text, each.version, each.meaning)
        if isinstance(done, Clash):
            clashes.append((each, done))
    for each in asked.keep:
        changes.still_right(who, flow, each.key, each.language)
    for each in asked.say:
        changes.say_meaning(who, flow, each.key, each.language, bool(each.meaning))
    return clashes


def _tell(asked: Wishes, before: Reading) -> None:
    """What came of a saving, in a sentence."""
    after = read(before.flow.name)
    if after is None or not (asked.save or asked.keep or asked.say):
        flash(words("editor.nothing-new", "Nothing was typed here: there was nothing to save."))
        return
    if any(
        after.texts[each.key, each.language].asks for each in asked.save if (each.key, each.language) in after.texts
    ):
        flash(
            words("editor.saved-asks", "Saved. Say also whether the meaning changed, where it is asked below."), "error"
        )
    elif any(each.meaning for each in (*asked.save, *asked.say)):
        flash(words("editor.saved-follow", "Saved. The other languages of these texts now ask to be looked at."))
    else:
        flash(words("editor.saved-well", "Saved. Families get it when somebody else has read and published it."))


def page(
    reading: Reading, open: Sequence[str], look: Look, form: Form = NOTHING, status: int = 200, aside: bool = False
) -> Response:
    """The page of an answer. ``open``: the steps that stand open, the first where none is named. ``aside``: K'iche' alone holds it back."""
    made, language, opened = made_for(reading), Language(page_language()), reading.opened
    asking = [_step_of(key) for (key, _), text in reading.texts.items() if text.asks]
    shown = steps(reading, made, [*open, *asking, *(_step_of(key) for key, _ in form.errors)], look, form)
    title = title_in(reading.release, language, words)(reading.flow.name)
    body = render_template(
        "editor.html",
        **{**phone_values(reading, None, look), "step": None},
        flow=reading.flow.name,
        title=title,
        steps=shown,
        opened=opened,
        state=state_of(opened),
        locked=reading.locked,
        owns=opened is not None and (opened.by.id == viewer().user or viewer().has(Role.PUBLISHER)),
        wrote=opened is not None and (opened.wrote(viewer().user) or viewer().has(Role.PUBLISHER)),
        facts=_facts(reading),
        errors={field_id(place): why for place, why in form.errors.items()},
        fields=field_groups(reading.release, reading.flow, language, words),
        states=STATES,
        change_states=STATE_WORDS,
        tabs=TABS,
        tongue=_tongue(form, look),
        kept=None if request.args.get("mine") else _offer(reading),
        just_saved=request.args.get("saved", ""),
        aside=aside,
        note=request.form.get("note", "") if aside else "",
        now=desk().clock(),
    )
    return with_sound(make_response(body, status))


def field_id(place: Place) -> str:
    """The id of the field of a text."""
    return f"text-{place[1]}-{place[0].replace('.', '-')}"


def _step_of(key: str) -> str:
    parts = key.split(".")
    return parts[1] if len(parts) > 2 else NAME


def _facts(reading: Reading) -> list[Fact]:
    named = (sentence.fact for sentence in reading.flow.sentences if sentence.fact)
    wanted = dict.fromkeys((*reading.flow.facts, *named))
    return [reading.release.facts[name] for name in wanted if name in reading.release.facts]


def _tongue(form: Form, look: Look) -> str:
    """The language that a phone shows: of what is wrong, else of what was typed, else of the phone."""
    place = next(iter(form.errors), None)
    return place[1].value if place else look[0].value


def _kept(reading: Reading) -> dict[Place, Typed]:
    """What she typed here and did not save."""
    kept = desk().changes.autosaved(viewer(), reading.flow.name)
    return {
        place: Typed(*place, each.text, each.version)
        for place, each in kept.items()
        if place in reading.texts and each.text != reading.texts[place].text
    }


def _offer(reading: Reading) -> Mapping[str, object] | None:
    """That there is something of hers to be put back."""
    places = _kept(reading)
    if not places:
        return None
    kept = desk().changes.autosaved(viewer(), reading.flow.name)
    newest = max(places, key=lambda place: kept[place].at)
    return {"count": len(places), "at": kept[newest].at, "step": _step_of(newest[0])}
