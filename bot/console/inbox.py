"""The inbox: who waits for a person, in which order, and who of the staff has whom. It looks again by itself while it is open."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, person, viewer
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.inbox_asked import Asked, asked, recalled
from bot.console.inbox_eyes import eyes
from bot.console.inbox_page import listing, under
from bot.console.inbox_shown import InboxPage, inbox_page, names_in
from bot.console.on_duty import duty, wants_alarms
from bot.console.spans import ago
from bot.console.times import clock_time
from bot.console.words import words
from bot.escalation.viewer import Role
from bot.store.desk_errors import Resolved


@console.get("/inbox")
@allow(Role.RESPONDER, Role.COORDINATOR)
def inbox() -> AnyResponse:
    """The whole page. Without anything asked for it is as she left it, also after another login."""
    wanted = _wanted()
    page = _page(wanted)
    return make_response(render_template("inbox.html", page=page, duty=duty()))


@console.get("/inbox/list")
@allow(Role.RESPONDER, Role.COORDINATOR)
def inbox_list() -> AnyResponse:
    """What became of the list that she looks at; 204 when it is as it was."""
    page = _page(asked(request.args), names_in(request.args.get("shown", "")), swapped=True)
    if page.since == request.args.get("since"):
        return Response(status=204)
    response = make_response(render_template("inbox_swap.html", page=page))
    if page.fresh and request.args.get("told") != str(page.listing.fresh):
        # Said once to who listens: a sentence, never the list.
        response.headers["X-Announce"] = quote(page.fresh)
    return response


@console.post("/inbox/<id>/take")
@allow(Role.RESPONDER)
def inbox_take(id: str) -> AnyResponse:
    """Of two who press together one gets it; the other reads who."""
    try:
        taken = desk().work.take(viewer(), id)
    except Resolved:
        flash(words("inbox.over", "This conversation is over: somebody resolved it."))
        return redirect(url_for("console.inbox"))
    if taken.won:
        return redirect(url_for("console.conversation", id=id))
    alias = desk().inbox.one(viewer(), id).alias
    since = ago(words, desk().clock() - taken.since)
    return make_response(render_template("inbox_lost.html", id=id, alias=alias, name=taken.by, ago=since), 409)


@console.post("/inbox/<id>/ask")
@allow(Role.RESPONDER)
def inbox_ask(id: str) -> AnyResponse:
    """Asks whoever has it to let go of it: a note in the conversation, for the team alone."""
    name = viewer().name
    desk().talk.note(viewer(), id, words("inbox.asks", "%(name)s asks to take this over.", name=name))
    flash(words("inbox.asked", "Your question stands in the conversation as a note."))
    return redirect(url_for("console.inbox"))


def _wanted() -> Asked:
    """What the address asks for, and is remembered; without a word in it what was remembered."""
    left = desk().inbox_left
    if not request.args:
        return recalled(left.of(viewer()))
    wanted = asked(request.args)
    left.keep(viewer(), wanted.remembered())
    return wanted


def _page(wanted: Asked, shown: list[str] | None = None, swapped: bool = False) -> InboxPage:
    mine, now = viewer(), desk().clock()
    all = desk().inbox.standing(mine)
    there = under(wanted, all, mine.user)
    # Topics stand in the form of the whole page; what an open page asks for has none.
    if not swapped or wanted.filters.of_sealed:
        there = desk().inbox.with_topics(mine, there)
    found = listing(all, there, wanted, mine.user, shown)
    ids = [it.id for it in found.here]
    return inbox_page(
        found,
        desk().inbox.rows(mine, ids),
        wanted,
        eyes(ids),
        clock_time,
        alarms=wants_alarms(person(), now),
        shortcuts=person().shortcuts,
        swapped=swapped,
    )
