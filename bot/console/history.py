"""The versions of an answer, two of them beside each other, a former one as a new draft; all that was published, and undoing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from msgspec import Struct
from werkzeug.wrappers import Response as AnyResponse

from bot import content
from bot.console import review_shown
from bot.console.access import allow, viewer
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.editor_read import published
from bot.console.editor_steps import Teller
from bot.console.languages import LANGUAGES
from bot.console.numbers import whole
from bot.console.topics import title_in
from bot.console.words import page_language, words
from bot.escalation.viewer import Role
from bot.language import Language
from bot.scripts.change_ways import way_changes
from bot.scripts.release import Release
from bot.scripts.versions import Publication, changed_by, parted
from bot.store.bringing_back import DraftThere, bring_back
from bot.store.change_errors import NoSuchAnswer, NothingChanged
from bot.store.change_history import ChangeHistory
from bot.store.errors import NotYours, ReleaseDamaged, ReleaseMoved, ReleaseRefused
from bot.store.release_rows import Published

WRITERS = (Role.VOLUNTEER, Role.PUBLISHER)


class Version(Struct, frozen=True):
    """A release as a page tells it. ``flows``: the answers that it changed, by name with their titles."""

    release: Published
    flows: Mapping[str, str]
    by: str
    wrote: tuple[str, ...]
    current: bool


@console.get("/answers/<flow>/history")
@allow(*WRITERS)
def answer_history(flow: str) -> AnyResponse:
    """The versions of an answer, the newest first. With ``published`` right after it went out."""
    every = _versions()
    mine = [each for each in every if flow in each.flows or each.release.number == 0]
    title = title_in(published(), Language(page_language()), words)
    if flow not in published().script.flows and not any(flow in each.flows for each in mine):
        abort(404)
    opened, number = desk().changes.open_for(flow), every[0].release.number if every else 0
    page = render_template(
        "history.html",
        flow=flow,
        title=title(flow),
        there=flow in published().script.flows,
        versions=mine,
        standing=mine[0].release.number if mine else 0,
        opened=opened,
        just=request.args.get("published", type=whole) == number and bool(number),
        number=number,
        withdrawn=any(each.flow == flow for each in desk().releases.withdrawals()),
    )
    return make_response(page)


@console.get("/answers/<flow>/history/compare")
@allow(*WRITERS)
def compare_versions(flow: str) -> AnyResponse:
    """Two versions of an answer, word by word."""
    a, b = request.args.get("a", type=whole), request.args.get("b", type=whole)
    if a is None or b is None:
        abort(404)
    before, after = (_release(number) for number in sorted((a, b)))
    if flow not in before.script.flows and flow not in after.script.flows:
        abort(404)
    language = Language(page_language())
    ways = way_changes(before, after, flow, language)
    page = render_template(
        "history_compare.html",
        flow=flow,
        title=title_in(after if flow in after.script.flows else before, language, words)(flow),
        before=min(a, b),
        after=max(a, b),
        texts=parted(before, after, flow),
        where={**_where(before, flow), **_where(after, flow)},
        ways=[review_shown.way_words(each.before, each.after, words) for each in ways],
        names=LANGUAGES,
    )
    return make_response(page)


@console.post("/answers/<flow>/history/back")
@allow(*WRITERS)
def back_to_version(flow: str) -> AnyResponse:
    """A new draft that says what a former version said."""
    number = request.form.get("number", type=whole)
    if number is None:
        abort(404)
    try:
        bring_back(desk().changes, viewer(), flow, number)
    except DraftThere:
        flash(
            words("history.draft-there", "There is a draft of this answer already. Publish it or throw it away first."),
            "error",
        )
    except NothingChanged:
        flash(
            words("history.no-difference", "That version says what families get now: there is nothing to bring back."),
            "error",
        )
    except NotYours:
        flash(
            words("history.steps-differ", "Its steps were others then: a publisher has to bring that version back."),
            "error",
        )
    except (NoSuchAnswer, ReleaseDamaged):
        abort(404)
    else:
        flash(
            words(
                "history.brought-back", "Version %(n)s is a new draft now. Read it, and send it for review.", n=number
            )
        )
        return redirect(url_for("console.edit_answer", flow=flow), 303)
    return redirect(url_for("console.answer_history", flow=flow), 303)


@console.get("/releases")
@allow(*WRITERS)
def releases() -> AnyResponse:
    """All that was published, the newest first."""
    return make_response(render_template("releases.html", versions=_versions()))


@console.get("/releases/undo")
@allow(Role.PUBLISHER)
def undo_release() -> AnyResponse:
    """Asks once: what families get again."""
    versions = _versions()
    number = versions[0].release.number if versions else 0
    try:
        former = desk().releases.before(number)
    except ReleaseRefused:
        flash(words("history.no-former", "There is nothing before this that could be brought back."), "error")
        return redirect(url_for("console.releases"), 303)
    flows: dict[str, str] = {}
    for each in versions:
        if former < each.release.number <= number:
            flows |= each.flows
    page = render_template("releases_undo.html", version=versions[0], former=former, flows=flows, flow=_flow_asked())
    return make_response(page)


@console.post("/releases/undo")
@allow(Role.PUBLISHER)
def do_undo_release() -> AnyResponse:
    """Publishes the former release again."""
    based_on, flow = request.form.get("based_on", type=whole), _flow_asked()
    if based_on is None:
        abort(400)
    to = url_for("console.answer_history", flow=flow) if flow else url_for("console.releases")
    try:
        number = desk().releases.undo(viewer(), based_on)
    except NotYours:
        abort(403)
    except ReleaseMoved:
        flash(
            words("history.moved", "Somebody published something meanwhile. Look first at what is the last now."),
            "error",
        )
    except (ReleaseRefused, ReleaseDamaged):
        flash(words("history.no-former", "There is nothing before this that could be brought back."), "error")
    else:
        flash(
            words(
                "history.undone",
                "Undone: families get the former text again. It stands here as number %(n)s.",
                n=number,
            )
        )
    return redirect(to, 303)


def _where(release: Release, flow: str) -> Mapping[str, str]:
    """Where each text of an answer stands, in words; nothing where the release does not have it."""
    found = release.script.flows.get(flow)
    return review_shown.places(found, Teller(release, Language(page_language()), words)) if found else {}


def _flow_asked() -> str:
    """The answer from whose page she comes, where it is one."""
    flow = request.values.get("flow", "")
    return flow if flow in published().script.flows else ""


def _versions() -> Sequence[Version]:
    history = desk().releases.history()
    stories = ChangeHistory(desk().engine)
    wrote = stories.writers()
    called = stories.called({each.by for each in history if each.by is not None})
    changed = changed_by(Publication(each.number, frozenset(each.flows), each.again) for each in history)
    title = title_in(published(), Language(page_language()), words)
    newest = max((each.number for each in history), default=0)
    return [
        Version(
            each,
            {flow: title(flow) for flow in sorted(changed[each.number])},
            called.get(each.by, "") if each.by is not None else "",
            tuple(hand.name for hand in wrote.get(each.number, ())),
            each.number == newest,
        )
        for each in history
    ]


def _release(number: int) -> Release:
    try:
        stored = desk().releases.stored(number)
    except ReleaseDamaged:
        abort(404)
    return content.release_of(stored.sources, released=stored.released)
