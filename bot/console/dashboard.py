"""The figures of the whole network for coordinators and admins: the page, a file of each table, and a page for the board.

Whole weeks alone, nothing under five (bot/figures/weeks.py); no way leads from here to a conversation.
"""

from __future__ import annotations

from flask import Response, abort, make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from bot.cells import written
from bot.console.access import allow
from bot.console.blueprint import console
from bot.console.dashboard_found import Found, found
from bot.console.figures_shown import Card
from bot.console.figures_words import week_words
from bot.console.words import page_language, words
from bot.escalation.viewer import Role

READERS = (Role.COORDINATOR, Role.ADMIN)


@console.get("/dashboard")
@allow(*READERS)
def dashboard() -> AnyResponse:
    """The figures of some weeks; the last four where none were chosen."""
    return _page("dashboard.html")


@console.get("/dashboard/board")
@allow(*READERS)
def dashboard_board() -> AnyResponse:
    """The same to be printed for a board, with what is not counted and why."""
    return _page("dashboard_board.html")


@console.get("/dashboard/csv/<card>")
@allow(*READERS)
def dashboard_csv(card: str) -> AnyResponse:
    """One table as a file: the cells of the page, and what they leave out."""
    figures = found(request.args)
    wanted = next((each for each in figures.cards if each.name == card), None)
    if wanted is None:
        abort(404)
    # Excel takes a file without a byte order mark for another encoding; a cell that looks like a formula is made harmless.
    answer = Response(written(_lines(wanted, figures)), content_type="text/csv; charset=utf-8")
    days = f"-{figures.first}-{figures.last}" if wanted in figures.families else ""
    answer.headers["Content-Disposition"] = f"attachment; filename=puente-{wanted.name}{days}.csv"
    return answer


def _lines(card: Card, figures: Found) -> list[tuple[str, ...]]:
    about = [(card.title,), *((note,) for note in (*card.warnings, card.caption, *card.notes))]
    if card in figures.families:
        about += [
            (figures.weeks,),
            (words("figures.rule", "Fewer than 5 of a week are never told: they stand under “other”, or nowhere."),),
        ]
    return [card.head, *card.rows, (), *about]


def _page(template: str) -> AnyResponse:
    figures = found(request.args)
    weeks = {monday.isoformat(): week_words(monday, monday, page_language()) for monday in figures.mondays}
    chosen = {name: day.isoformat() for name, day in (("from", figures.first), ("to", figures.last)) if day}
    return make_response(render_template(template, figures=figures, weeks=weeks, chosen=chosen))
