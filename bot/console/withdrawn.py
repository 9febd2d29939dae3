"""Withdrawn answers: nobody gets them, in any release, until two publishers have said that they may go out again."""

from __future__ import annotations

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from msgspec import Struct
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, viewer
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.editor_read import published
from bot.console.editor_view import ORDER
from bot.console.languages import LANGUAGES
from bot.console.topics import title_in
from bot.console.words import page_language, words
from bot.engine.flow import Group
from bot.engine.walk import NOTICES
from bot.escalation.viewer import Role
from bot.language import Language
from bot.scripts.withdrawn import NEVER, SAID, SAID_URGENT
from bot.store.change_history import ChangeHistory
from bot.store.errors import NotYours, ReleaseRefused
from bot.store.withdrawals import LONGEST_WHY, Withdrawn
from bot.wording.choose import text_for

WRITERS = (Role.VOLUNTEER, Role.PUBLISHER)


class Shown(Struct, frozen=True):
    """A withdrawn answer as the page tells it. ``first``: who has already said that it may go out again; ``may``: she may say so now."""

    withdrawn: Withdrawn
    title: str
    by: str
    first: str
    may: bool


@console.get("/withdrawn")
@allow(*WRITERS)
def withdrawn() -> AnyResponse:
    """What nobody gets now."""
    every = desk().releases.withdrawals()
    users = {user for each in every for user in (each.by, each.restored_by) if user is not None}
    called = ChangeHistory(desk().engine).called(users)
    title, publisher = title_in(published(), Language(page_language()), words), viewer().has(Role.PUBLISHER)
    shown = [
        Shown(
            each,
            title(each.flow),
            called.get(each.by, ""),
            called.get(each.restored_by, "") if each.restored_by is not None else "",
            publisher and each.restored_by != viewer().user,
        )
        for each in every
    ]
    return make_response(render_template("withdrawn.html", shown=shown, me=viewer().user))


@console.get("/answers/<flow>/withdraw")
@allow(Role.PUBLISHER)
def withdraw_answer(flow: str) -> AnyResponse:
    """Asks why, and says what families get meanwhile."""
    return _page(flow)


@console.post("/answers/<flow>/withdraw")
@allow(Role.PUBLISHER)
def do_withdraw_answer(flow: str) -> AnyResponse:
    """Nobody gets it from now on."""
    why = request.form.get("why", "").strip()
    if not why:
        return _page(flow, words("withdraw.no-why", "Say why, in a few words: whoever mends it has to know."), 422)
    if flow not in published().script.flows:
        abort(404)
    try:
        done = desk().releases.withdraw(viewer(), flow, why)
    except NotYours:
        abort(403)
    except ReleaseRefused:
        abort(404)
    if done:
        flash(words("withdraw.done", "Withdrawn. Within seconds nobody gets it any more."))
    else:
        flash(
            words(
                "withdraw.already",
                "It was withdrawn already. What anybody said about letting it out again counts no more.",
            )
        )
    return redirect(url_for("console.withdrawn"), 303)


@console.post("/withdrawn/<flow>/restore")
@allow(Role.PUBLISHER)
def restore_answer(flow: str) -> AnyResponse:
    """One of the two who say that it may go out again."""
    standing = next((each for each in desk().releases.withdrawals() if each.flow == flow), None)
    if standing is None:
        flash(words("withdraw.over", "This answer is not withdrawn any more."))
        return redirect(url_for("console.withdrawn"), 303)
    try:
        out = desk().releases.restore(viewer(), flow)
    except NotYours:
        abort(403)
    if out:
        flash(words("withdraw.out", "It goes out again: two of you have said so."))
    elif standing.restored_by == viewer().user:
        flash(words("withdraw.one-alone", "You have said so already: somebody else has to say it too."), "error")
    else:
        flash(words("withdraw.first", "Noted. It stays withdrawn until another publisher says so too."))
    return redirect(url_for("console.withdrawn"), 303)


def _page(flow: str, error: str = "", status: int = 200) -> Response:
    release = published()
    found = release.script.flows.get(flow)
    if found is None:
        abort(404)
    if flow in NEVER:
        return make_response(render_template("withdraw_never.html", flow=flow, title=_title(flow)), 404)
    notice = release.script.flows[NOTICES].steps[SAID_URGENT if found.group is Group.URGENT else SAID].say
    said = {each: text_for(notice.key, each, notice.english, release.catalogs) for each in ORDER} if notice else {}
    body = render_template(
        "withdraw.html",
        flow=flow,
        title=_title(flow),
        said=said,
        names=LANGUAGES,
        already=any(each.flow == flow for each in desk().releases.withdrawals()),
        longest=LONGEST_WHY,
        why=request.form.get("why", ""),
        errors={"why": error} if error else {},
    )
    return make_response(body, status)


def _title(flow: str) -> str:
    return title_in(published(), Language(page_language()), words)(flow)
