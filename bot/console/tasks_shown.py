"""What stands on the screen of each kind of task, from the same stores as the big pages. None where there is nothing to do any more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import request

from bot.console.access import may_open, viewer
from bot.console.desk import desk
from bot.console.directory_form import Shown, read_form
from bot.console.directory_hours import form_of
from bot.console.directory_words import countries, day_words, field_words, languages_of, weekdays
from bot.console.editor_difference import difference
from bot.console.facts import fact_shown, flow_title
from bot.console.kinds import kind_words
from bot.console.languages import LANGUAGES
from bot.console.phrases_shown import origin_words
from bot.console.phrases_topics import nearly, one_topic, shown_topics
from bot.console.tasks_found import flows_by_line, line_purpose, place_of
from bot.console.words import phrase, words
from bot.directory.call_words import WORDS
from bot.directory.editing.fields import FIELDS, FOR_PUBLISHERS
from bot.directory.editing.marks import marks_of
from bot.escalation.viewer import Role
from bot.language import Language
from bot.scripts.change import Stage
from bot.scripts.change_answer import ORDER
from bot.scripts.phrases import Verdict
from bot.scripts.tasks import Kind
from bot.store.change_errors import NoSuchAnswer
from bot.store.directory_draft import NoSuchEntry
from bot.store.phrases import PhraseJudged

WHAT = {
    Kind.FACT: phrase("tasks.kind-fact", "A fact"),
    Kind.CALL: phrase("tasks.kind-call", "A call"),
    Kind.LINE: phrase("tasks.kind-line", "A number"),
    Kind.TEXT: phrase("tasks.kind-text", "A text"),
    Kind.PHRASE: phrase("tasks.kind-phrase", "A phrase"),
    Kind.REVIEW: phrase("tasks.kind-review", "A review"),
}
_HISTORY = 5
SHOWN_FIELDS = (*FIELDS, *FOR_PUBLISHERS)


def _fact(name: str) -> Mapping[str, Any] | None:
    if name not in desk().facts.facts(viewer()):
        return None
    here = request.path
    return {**fact_shown(name), "acts": {"true": here, "changed": here}}


def _call(code: str) -> Mapping[str, Any] | None:
    try:
        entry = desk().directory.entry(viewer(), code)
    except NoSuchEntry:
        return None
    cells = dict(entry.row.cells)
    marks = request.form.get("marks") or marks_of({name: cells.get(name, "") for name in SHOWN_FIELDS})
    read = read_form(request.form) if "marks" in request.form else None
    kinds = kind_words(words)
    return {
        "entry": entry,
        "place": place_of(entry),
        "shown": Shown({**cells, **read.cells}, read.hours) if read else Shown(cells, form_of(cells["hours"])),
        "marks": marks,
        "script": {language: WORDS[language] for language in ("es", "en")},
        "kinds": [kinds[kind] for kind in entry.listed.kinds],
        "languages": languages_of(cells["languages"], cells["interpreters"]),
        "weekdays": weekdays(),
        "countries": countries(),
        "field_words": field_words,
    }


def _line(id: str) -> Mapping[str, Any] | None:
    line = desk().lines.lines(viewer()).get(id)
    if line is None:
        return None
    return {
        "line": line,
        "purpose": line_purpose(line),
        "dial": "".join(sign for sign in line.text if sign in "+0123456789"),
        "flows": [flow_title(flow) for flow in flows_by_line().get(id, ())],
        "doubted": desk().lines.doubted(viewer()).get(id),
        "publisher": viewer().has(Role.PUBLISHER),
        "history": desk().lines.history(viewer(), id)[:_HISTORY],
        "own": id in desk().lines.wrote(viewer()),
        "wrote": {name: request.form.get(name, "") for name in ("number", "where")},
        "day": day_words,
    }


def _text(subject: str) -> Mapping[str, Any] | None:
    code, _, key = subject.partition(":")
    if code not in Language._value2member_map_:
        return None
    try:
        answer = desk().changes.answer(key.partition(".")[0])
    except NoSuchAnswer:
        return None
    line, language = answer.line(key), Language(code)
    if line is None or line.said[language].stale is None:
        return None
    said = line.said[language]
    others = [
        (LANGUAGES[each], each, line.said[each].text, difference(line.said[each].published, line.said[each].text))
        for each in ORDER
        if each is not language and line.said[each].text
    ]
    return {
        "said": said,
        "language_said": LANGUAGES[language],
        "others": others,
        "since": LANGUAGES[said.stale.since] if said.stale and said.stale.since else "",
        "flow": answer.flow.name,
        "title": flow_title(answer.flow.name),
        "locked": answer.opened is not None and answer.opened.stage is Stage.REVIEW,
        "text": request.form.get("text", said.text),
    }


def _phrase(id: str) -> Mapping[str, Any] | None:
    try:
        each = desk().phrases.one(viewer(), id)
    except PhraseJudged:
        return None
    if each.verdict is not Verdict.WAITING:
        return None
    return {
        "shown": each,
        "origin": origin_words(words, each),
        "heard": one_topic(each.heard),
        "proposed": one_topic(each.topic),
        "near": nearly(each.text, each.language, each.topic or each.heard),
        "topics": [topic for topic in shown_topics() if topic.name != each.heard],
        "language_names": LANGUAGES,
    }


def _review(flow: str) -> Mapping[str, Any] | None:
    opened = desk().changes.open_for(flow)
    if opened is None or opened.stage is not Stage.REVIEW:
        return None
    endpoint = next((each for each in ("console.review_answer", "console.edit_answer") if may_open(each, viewer())), "")
    texts = [
        (LANGUAGES[each.language], each.language, difference(each.was, each.text))
        for each in opened.draft.texts
        if each.text != each.was
    ]
    return {
        "opened": opened,
        "title": flow_title(flow),
        "texts": texts,
        "page": endpoint,
        "wrote": opened.wrote(viewer().user),
    }


SHOWN: Mapping[Kind, Callable[[str], Mapping[str, Any] | None]] = {
    Kind.FACT: _fact,
    Kind.CALL: _call,
    Kind.LINE: _line,
    Kind.TEXT: _text,
    Kind.PHRASE: _phrase,
    Kind.REVIEW: _review,
}
