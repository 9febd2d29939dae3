"""The way through an answer: its steps as a picture and as a list, what leads here and away, and where choices lead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, abort, make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, viewer
from bot.console.answers import STATE_WORDS
from bot.console.answers_new import archived_page
from bot.console.answers_standing import state_of
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.editor_read import Reading, read
from bot.console.editor_view import ORDER
from bot.console.languages import LANGUAGES
from bot.console.way_choices import choices_of
from bot.console.way_graph import Drawer
from bot.console.way_seen import seen
from bot.console.words import page_language, phrase, words
from bot.engine.flow import Step
from bot.engine.read import LARGEST_MENU
from bot.escalation.viewer import Role
from bot.language import Language
from bot.scripts.change_steps import leadable

WRITERS = (Role.VOLUNTEER, Role.PUBLISHER)
TABS = (
    ("console.edit_answer", phrase("editor.tab-text", "Text")),
    ("console.answer_way", phrase("editor.tab-way", "The way")),
    ("console.talk_draft", phrase("editor.tab-talk", "Try it")),
    ("console.answer_history", phrase("editor.tab-history", "History")),
    ("console.answer_readings", phrase("readings.tab", "Who has read it")),
)
LONGEST_LABEL, LONGEST_SAY = 24, 600


@console.get("/answers/<flow>/way")
@allow(*WRITERS)
def answer_way(flow: str) -> AnyResponse:
    """The picture and the list. ``step`` marks a step and shows where its choices lead; ``words``: the language of the texts."""
    reading = read(flow)
    if reading is None:
        opened = desk().changes.open_for(flow)
        return archived_page(opened) if opened and opened.draft.archived else abort(404)
    return way_page(reading, request.args.get("step", ""))


def way_page(
    reading: Reading,
    marked: str,
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    """The page. ``typed``: what stood in a form that was not taken."""
    flow, drawer = reading.flow, drawer_for(reading)
    step = flow.steps.get(marked)
    may = viewer().has(Role.PUBLISHER)
    body = render_template(
        "way.html",
        **head(reading, "console.answer_way"),
        seen=seen(drawer, flow, marked if step else ""),
        marked=step.name if step else "",
        step=step,
        says=texts_of(reading, step) if step else (),
        beginning=drawer.beginning(step) if step else "",
        node=next((each for each in drawer.nodes(flow, {}) if each.name == marked), None),
        leading=_leading_to(drawer, reading, step) if step else (),
        choices=choices_of(drawer, flow) if step and may and not reading.locked else None,
        version=desk().changes.steps_of(flow.name)[1],
        may_change=may,
        room=step is not None and has_room(step),
        ways=_ways(drawer, reading, step) if step else (),
        also=[(each.key.rpartition(".")[2], drawer.said(each), each.fact) for each in step.also] if step else (),
        facts=sorted((name, fact.says) for name, fact in reading.release.facts.items()),
        longest_say=LONGEST_SAY,
        field_of=field_of,
        errors=errors or {},
        typed=typed or {},
        longest_label=LONGEST_LABEL,
    )
    return make_response(body, status)


def drawer_for(reading: Reading) -> Drawer:
    """In the language of the page, its texts in the one that is asked for."""
    asked, page = request.values.get("words", ""), Language(page_language())
    return Drawer(reading.release, Language(asked) if asked in LANGUAGES_OF_TEXTS else page, page, words)


LANGUAGES_OF_TEXTS = tuple(language.value for language in ORDER)


def head(reading: Reading, current: str) -> dict[str, Any]:
    """What the head of the pages of an answer shows."""
    drawer = drawer_for(reading)
    return {
        "flow": reading.flow.name,
        "title": drawer.title(reading.flow.name),
        "state": state_of(reading.opened),
        "opened": reading.opened,
        "locked": reading.locked,
        "change_states": STATE_WORDS,
        "tabs": TABS,
        "tab": current,
        "texts": drawer.texts.value,
        "languages": [(language.value, LANGUAGES[language.value]) for language in ORDER],
    }


def texts_of(reading: Reading, step: Step) -> list[tuple[str, str]]:
    """What a step says, in each language; empty where there is no text."""
    sentence = step.say or step.none
    if sentence is None:
        return []
    return [(language.value, reading.texts[sentence.key, language].text) for language in ORDER]


def field_of(by: str) -> str:
    """The name of the field that says where a way goes."""
    return f"to-{by.removeprefix('choice.')}"


def _ways(drawer: Drawer, reading: Reading, step: Step) -> list[tuple[str, str, str, bool]]:
    """The ways of a step that can go elsewhere: which, when they are taken, where they go, whether only to steps of this answer."""
    drawn = {way.by: way for node in drawer.nodes(reading.flow, {}) if node.name == step.name for way in node.ways}
    return [(way.by, drawn[way.by].label, drawn[way.by].to, way.own) for way in leadable(step)]


def has_room(step: Step) -> bool:
    """Whether a choice can be added: to a menu that is not full, or to a step that waits for nothing yet."""
    other = step.yes_no or step.ask or step.helped or step.branch or step.escalate
    return not other and len(step.choices) < LARGEST_MENU


def _leading_to(drawer: Drawer, reading: Reading, step: Step) -> list[tuple[str, str, str]]:
    """The ways of this answer that lead to a step: from which, its beginning, when."""
    return [
        (node.name, drawer.beginning(reading.flow.steps[node.name]), way.label)
        for node in drawer.nodes(reading.flow, {})
        for way in node.ways
        if way.step == step.name and node.name != step.name
    ]
