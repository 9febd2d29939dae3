"""Review: what waits, each change beside what families get now, and what is decided of it: published, or asked to be changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console import review_shown
from bot.console.access import allow, viewer
from bot.console.approval_sheet import may_take
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.editor_read import published
from bot.console.editor_steps import Teller
from bot.console.finding_words import told, why_refused
from bot.console.languages import LANGUAGES
from bot.console.numbers import whole
from bot.console.topics import title_in
from bot.console.words import page_language, phrase, words
from bot.escalation.viewer import Role
from bot.language import Language
from bot.scripts.change import Opened, Stage
from bot.scripts.change_answer import ORDER
from bot.scripts.change_compared import Compared
from bot.store.change_errors import ChangeMoved, ConflictsLeft, NothingOpen, WayChanged
from bot.store.change_history import ChangeHistory
from bot.store.errors import NotYours, ReleaseMoved, ReleaseRefused

WRITERS = (Role.VOLUNTEER, Role.PUBLISHER)
GETS = {
    "new": phrase("review.gets-new", "the new text"),
    "old": phrase("review.gets-old", "the text as it was"),
    "durable": phrase("review.gets-durable", "the short text that stays true, in its place"),
    "spanish": phrase("review.gets-spanish", "the Spanish, with one line that says why"),
    "english": phrase("review.gets-english", "the English, with one line that says why"),
}
_UNREAD_BOX = "read"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A change in the queue. ``languages``: those in which it has other texts; ``mine``: the viewer wrote something of it."""

    opened: Opened
    title: str
    languages: tuple[str, ...]
    mine: bool


@console.get("/review")
@allow(*WRITERS)
def review() -> AnyResponse:
    """What waits to be read by somebody else; whoever waits longest comes first."""
    title = title_in(published(), Language(page_language()), words)
    waiting = [
        Waiting(opened, _title(opened, title(opened.flow)), _languages(opened), opened.wrote(viewer().user))
        for opened in desk().changes.all()
        if opened.stage is Stage.REVIEW
    ]
    return make_response(render_template("review.html", waiting=waiting, sheet=may_take()))


@console.get("/review/<flow>")
@allow(*WRITERS)
def review_answer(flow: str) -> AnyResponse:
    """A change beside what families get now."""
    return page(flow)


@console.post("/review/<flow>/publish")
@allow(Role.PUBLISHER)
def publish_answer(flow: str) -> AnyResponse:
    """First asks once more, with what families will get in each language; then publishes."""
    compared = _compared(flow)
    if compared.opened.wrote(viewer().user):
        abort(403)
    if not request.form.get(_UNREAD_BOX):
        error = words("review.unread", "Tick that you have read all three languages. Families get all of them.")
        return page(flow, {"read": error}, 422)
    if request.form.get("mark", "") != compared.opened.mark:
        flash(_moved(), "error")
        return _back(flow)
    if not request.form.get("sure"):
        return _confirm(compared)
    return _publish(flow)


def _publish(flow: str) -> AnyResponse:
    try:
        number = desk().changes.publish(viewer(), flow, mark=request.form.get("mark", ""))
    except NotYours:
        abort(403)
    except (ChangeMoved, NothingOpen):
        flash(_moved(), "error")
    except ReleaseMoved:
        flash(
            words(
                "review.newer", "Somebody published something just now. Look once more at what changes, and publish."
            ),
            "error",
        )
    except ConflictsLeft:
        flash(
            words(
                "review.conflicts-left",
                "The same text was published by somebody else meanwhile. Ask for changes: whoever wrote this chooses between both.",
            ),
            "error",
        )
    except WayChanged:
        flash(
            words("review.ways-left", "A kept conversation goes another way now. Say below whether that is right."),
            "error",
        )
    except ReleaseRefused as error:
        flash(words("review.refused", "It cannot go out like this: %(why)s", why=why_refused(error)), "error")
    else:
        return redirect(url_for("console.answer_history", flow=flow, published=number), 303)
    return _back(flow)


@console.post("/review/<flow>/return")
@allow(Role.PUBLISHER)
def return_answer(flow: str) -> AnyResponse:
    """Asks for something else, in a sentence."""
    remark = request.form.get("remark", "").strip()
    if not remark:
        return page(flow, {"remark": words("review.no-remark", "Say in a sentence what should change.")}, 422)
    try:
        desk().changes.return_(viewer(), flow, remark)
    except NotYours:
        abort(403)
    except (NothingOpen, ChangeMoved):
        flash(_moved(), "error")
        return _back(flow)
    flash(words("review.returned", "It is a draft again, with what you asked for above it."))
    return redirect(url_for("console.review"), 303)


@console.post("/review/<flow>/test")
@allow(Role.PUBLISHER)
def accept_way(flow: str) -> AnyResponse:
    """The way that a kept conversation takes with this change is right."""
    test, changes = request.form.get("test", type=whole), desk().changes
    if test is None or test not in {each.test.id for each in changes.parted(flow)}:
        abort(404)
    changes.tests.accept(viewer(), test, changes.preview(flow))
    flash(words("review.way-right", "Noted: from now on the conversation is to go this way."))
    return _back(flow)


def page(flow: str, errors: dict[str, str] | None = None, status: int = 200) -> Response:
    """The page of a review."""
    try:
        compared = desk().changes.compared(flow)
    except NothingOpen:
        return _over(flow)
    opened, language = compared.opened, Language(page_language())
    release = compared.answer.release if compared.answer else published()
    title = title_in(release, language, words)
    where = review_shown.places(compared.answer.flow, Teller(release, language, words)) if compared.answer else {}
    mine, history = opened.wrote(viewer().user), ChangeHistory(desk().engine)
    others = history.publishers({hand.id for hand in opened.hands})
    body = render_template(
        "review_answer.html",
        flow=flow,
        title=_title(opened, title(flow)),
        opened=opened,
        compared=compared,
        heir=title(opened.draft.heir) if opened.draft.heir else "",
        texts=review_shown.changing(compared, where),
        costs=review_shown.costs(compared.costs, desk().settings.sms_price),
        dearer=review_shown.dearer(compared.costs),
        where=where,
        ways=[review_shown.way_words(each.before, each.after, words) for each in compared.ways],
        findings=_findings(compared, where),
        conflicts=compared.conflicts,
        tests=_tests(compared),
        newer=_newer(opened),
        waiting=opened.stage is Stage.REVIEW,
        mine=mine,
        may_publish=viewer().has(Role.PUBLISHER) and not mine,
        others=[each.name for each in others if each.id != viewer().user],
        admins=[each.name for each in history.admins()] if not others else [],
        names=LANGUAGES,
        errors=errors or {},
        remark=request.form.get("remark", ""),
    )
    return make_response(body, status)


def _confirm(compared: Compared) -> Response:
    flow, opened = compared.opened.flow, compared.opened
    release = compared.answer.release if compared.answer else published()
    language = Language(page_language())
    title = title_in(release, language, words)
    where = review_shown.places(compared.answer.flow, Teller(release, language, words)) if compared.answer else {}
    body = render_template(
        "review_publish.html",
        flow=flow,
        title=_title(opened, title(flow)),
        mark=opened.mark,
        archived=opened.draft.archived,
        heir=title(opened.draft.heir) if opened.draft.heir else "",
        received=review_shown.received(compared.answer) if compared.answer else (),
        steps=opened.steps,
        approval_ends=compared.approval_ends,
        gets=GETS,
        names=LANGUAGES,
        where=where,
    )
    return make_response(body)


def _compared(flow: str) -> Compared:
    try:
        compared = desk().changes.compared(flow)
    except NothingOpen:
        abort(404)
    if compared.opened.stage is not Stage.REVIEW:
        abort(404)
    return compared


def _over(flow: str) -> Response:
    """Nobody is changing it: published, dropped or never begun."""
    title = title_in(published(), Language(page_language()), words)
    there = flow in published().script.flows
    return make_response(render_template("review_over.html", flow=flow, title=title(flow), there=there), 404)


def _findings(compared: Compared, where: Mapping[str, str]) -> list[dict[str, object]]:
    found = desk().changes.check(compared.opened.flow).open
    return [{"told": told(each), "where": where.get(each.where, ""), "language": each.language} for each in found]


def _tests(compared: Compared) -> list[dict[str, object]]:
    """The kept conversations of this answer and how they go with the change; of other answers only those that part."""
    changes, flow = desk().changes, compared.opened.flow
    parted = {each.test.id for each in changes.parted(flow)}
    replayed = changes.tests.replay(changes.preview(flow))
    return [
        {
            "id": each.test.id,
            "name": each.test.name,
            "said": each.test.said,
            "parts": each.test.id in parted,
            "languages": [language for language in ORDER if language in each.changed],
            "now": [stop.at or ", ".join(stop.said) for stop in next(iter(each.now.values()), ())],
        }
        for each in replayed
        if each.test.flow == flow or each.test.id in parted
    ]


def _newer(opened: Opened) -> int | None:
    """A version of this answer that was published since the draft was begun."""
    numbers = [each.number for each in desk().releases.history(opened.flow) if each.number > opened.base]
    return max(numbers, default=None)


def _languages(opened: Opened) -> tuple[str, ...]:
    changed = {language for _, language in opened.places}
    return tuple(language.value for language in ORDER if language in changed)


def _title(opened: Opened, known: str) -> str:
    """A new answer is called by its draft: the release does not have it yet."""
    if not opened.new:
        return known
    titles = {each.language: each.text for each in opened.draft.texts if each.key == f"{opened.flow}.title"}
    said = titles.get(Language(page_language())) or titles.get(Language.EN) or known
    return said[:1].upper() + said[1:]


def _moved() -> str:
    return words(
        "review.moved", "Somebody did something with this draft just now. This is how it stands: look once more."
    )


def _back(flow: str) -> AnyResponse:
    return redirect(url_for("console.review_answer", flow=flow), 303)
