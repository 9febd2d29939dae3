"""The page on which an answer is written: all its texts in three languages, saved step by step; sent for review when done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, viewer
from bot.console.answers import STATE_WORDS
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.editor_fields import allowed, field_groups
from bot.console.editor_form import changed, errors_in, look_of, parse_name, read_form, tidy, told_of
from bot.console.editor_made import made_for
from bot.console.editor_page import FIRST_LOOK, NOTHING, Form, Look, steps
from bot.console.editor_read import Reading, read
from bot.console.editor_view import Typed
from bot.console.preview import phone_values
from bot.console.topics import title_in
from bot.console.words import page_language, phrase, words
from bot.escalation.viewer import Role
from bot.language import Language

STATES = {
    "missing": phrase("text.missing", "Missing"),
    "no-kiche": phrase("text.no-kiche", "Not there yet"),
    "stale": phrase("text.stale", "Look: another language changed"),
    "draft": phrase("text.draft", "Not reviewed"),
    "reviewed": phrase("text.reviewed", "Reviewed"),
}
TABS = (
    ("console.answer_way", phrase("editor.tab-way", "The way")),
    ("console.answer_history", phrase("editor.tab-history", "History")),
)


@console.get("/answers/<flow>")
@allow(Role.VOLUNTEER, Role.PUBLISHER)
def edit_answer(flow: str) -> AnyResponse:
    """All texts of an answer, as they stand in its draft."""
    reading = read(flow) or abort(404)
    return _page(reading, [request.args.get("step", "")], FIRST_LOOK)


@console.post("/answers/<flow>")
@allow(Role.VOLUNTEER, Role.PUBLISHER)
def save_answer(flow: str) -> AnyResponse:
    """Saves what was typed into one step; or only shows it on the phone, where no script does."""
    reading = read(flow) or abort(404)
    typed, name, look = read_form(request.form, reading.flow), request.form.get("step", ""), look_of(request.form)
    if "press" in request.form:
        return _page(reading, [name], look, Form(typed, {}))
    errors = errors_in(typed.values(), reading.texts, allowed(reading.release), words)
    if errors:
        return _page(reading, [name], look, Form(typed, errors), 422)
    return _saved(reading, name, look, typed)


def _page(reading: Reading, open: Sequence[str], look: Look, form: Form = NOTHING, status: int = 200) -> Response:
    made, language = made_for(reading), Language(page_language())
    shown = steps(reading, made, open, look, form)
    title = title_in(reading.release, language, words)(reading.flow.name)
    body = render_template(
        "editor.html",
        **{**phone_values(reading, None, look), "step": None},
        page={"flow": reading.flow.name, "title": title, "steps": shown, "open": reading.open, "state": reading.state,
              "hands": reading.hands, "changed": reading.changed, "note": reading.note, "remark": reading.remark, "facts": _facts(reading)},
        errors={f"text-{place[1]}-{place[0].replace('.', '-')}": why for place, why in form.errors.items()},
        fields=field_groups(reading.release, reading.flow, language, words),
        states=STATES,
        change_states=STATE_WORDS,
        tabs=TABS,
        tongue=_tongue(form, look),
        sent=[],
        kept=None,
        just_saved=request.args.get("saved", ""),
        now=desk().clock(),
        shown=look[0].value,
    )  # fmt: skip
    return make_response(body, status)


def _facts(reading: Reading) -> list[dict[str, str]]:
    names = dict.fromkeys((*reading.flow.facts, *(s.fact for s in reading.flow.sentences if s.fact)))
    return [{"id": name, "text": name} for name in names]


def _tongue(form: Form, look: Look) -> str:
    wrong = next(iter(form.errors), None)
    return wrong[1].value if wrong else look[0].value


def _saved(reading, name, look, typed):
    return redirect(
        url_for("console.edit_answer", flow=reading.flow.name, step=name, saved=name, _anchor=f"step-{name}")
    )


@console.post("/answers/<flow>/autosave")
@allow(Role.VOLUNTEER, Role.PUBLISHER)
def autosave_answer(flow: str) -> AnyResponse:
    return Response(status=204)


@console.post("/answers/<flow>/forget")
@allow(Role.VOLUNTEER, Role.PUBLISHER)
def forget_answer(flow: str) -> AnyResponse:
    return Response(status=204)


@console.post("/answers/<flow>/send")
@allow(Role.VOLUNTEER, Role.PUBLISHER)
def send_answer(flow: str) -> AnyResponse:
    return Response(status=204)


@console.post("/answers/<flow>/drop")
@allow(Role.VOLUNTEER, Role.PUBLISHER)
def drop_answer(flow: str) -> AnyResponse:
    return Response(status=204)


@console.get("/answers/new")
@allow(Role.VOLUNTEER, Role.PUBLISHER)
def new_answer() -> AnyResponse:
    return Response(status=204)


@console.get("/answers/<flow>/archive")
@allow(Role.VOLUNTEER, Role.PUBLISHER)
def archive_answer(flow: str) -> AnyResponse:
    return Response(status=204)
