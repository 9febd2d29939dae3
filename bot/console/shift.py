"""A shift: it begins, rests for ten minutes, is handed over and ends. What she has then goes back to its old place in the inbox."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, viewer
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.inbox_eyes import eyes
from bot.console.inbox_view import RowView, row_view
from bot.console.on_duty import duty
from bot.console.words import words
from bot.escalation.viewer import Role

LONGEST_LINE = 300
_LINE = "line-"


@console.get("/shift")
@allow(Role.RESPONDER)
def shift() -> str:
    """Her shift, and a line to write for each conversation that she has."""
    return render_template("shift.html", duty=duty(), rows=_mine(), longest=LONGEST_LINE)


@console.post("/shift")
@allow(Role.RESPONDER)
def shift_act() -> AnyResponse:
    """One of ``start``, ``ten-minutes``, ``hand-over`` and ``end``; for any other word nothing happens."""
    match request.form.get("do"):
        case "start":
            desk().work.start_shift(viewer())
            flash(words("shift.started", "You are on duty: urgent ones reach you."))
        case "ten-minutes":
            desk().work.ten_minutes(viewer())
            flash(words("shift.rests", "No alarm reaches you for ten minutes. Take a breath."))
        case "hand-over":
            desk().work.hand_over(viewer(), _lines())
            _end()
        case "end":
            _end()
    return redirect(url_for("console.inbox"))


def _end() -> None:
    count = desk().work.end_shift(viewer())
    flash(over_words(count))


def over_words(count: int) -> str:
    """What became of hers."""
    if not count:
        return words("shift.over", "Your shift is over. Thank you.")
    if count == 1:
        return words("shift.over.one", "Your shift is over. 1 conversation went back to its place. Thank you.")
    return words(
        "shift.over.more", "Your shift is over. %(n)s conversations went back to their places. Thank you.", n=count
    )


def _lines() -> dict[str, str]:
    """What she wrote of each: only what she wrote, the store knows whose they are."""
    named = (
        (name.removeprefix(_LINE), said.strip()[:LONGEST_LINE])
        for name, said in request.form.items()
        if name.startswith(_LINE)
    )
    return {id: said for id, said in named if said}


def _mine() -> tuple[RowView, ...]:
    mine, sight = viewer(), eyes()
    hers = [it.id for it in desk().inbox.standing(mine) if it.claimed_by == mine.user and it.closed is None]
    return tuple(row_view(row, sight) for row in desk().inbox.rows(mine, hers))
