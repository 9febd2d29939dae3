"""A bad day: a coordinator's switch, and who waits put together by town, topic and hour."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, viewer
from bot.console.bad_day_words import ToldFamilies, told_families
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.groups_view import group_view
from bot.console.inbox_eyes import eyes
from bot.console.spans import span
from bot.console.times import clock_time
from bot.console.words import words
from bot.escalation.grouping import groups
from bot.escalation.viewer import Role


@console.get("/bad-day")
@allow(Role.RESPONDER, Role.COORDINATOR)
def bad_day() -> str:
    """The groups; for a coordinator the switch, with what families will be told before she turns it."""
    mine, sight, board = viewer(), eyes(), desk().board.now()
    wait = desk().board.wait()
    asks = request.args.get("switch") if mine.has(Role.COORDINATOR) else None
    found = groups(row.escalated for row in desk().inbox.rows(mine))
    return render_template(
        "bad_day.html",
        since=clock_time(board.bad_day.since) if board.bad_day else "",
        groups=[group_view(group, words, sight.title, clock_time) for group in found],
        waiting=sum(len(group.ids) for group in found),
        asks=asks,
        wait=span(words, wait) if wait is not None else "",
        told=_told(wait) if asks == "on" else (),
    )


@console.post("/bad-day")
@allow(Role.COORDINATOR)
def switch_bad_day() -> AnyResponse:
    """Turns it on or off. The page has asked before."""
    on = request.form.get("on") == "yes"
    changed = desk().board.switch_bad_day(viewer(), on)
    if not changed:
        flash(words("bad-day.already", "Somebody did that already: nothing was changed."))
    elif on:
        flash(words("bad-day.is-on", "It is a bad day. Newcomers are told how long it takes."))
    else:
        flash(words("bad-day.is-off", "The bad day is over. Everybody is offered a person again."))
    return redirect(url_for("console.bad_day"))


def _told(wait: int | None) -> tuple[ToldFamilies, ...]:
    parts = desk()
    return told_families(parts.puente.conversation.release(), parts.settings, parts.clock(), wait)
