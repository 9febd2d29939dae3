"""/console/conversation/<id>/wrong/<number>: a message that the bot took for something else is kept to learn from, without whose it was."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, viewer
from bot.console.blueprint import console
from bot.console.conversation_page import open_
from bot.console.desk import desk
from bot.console.topic_list import topics
from bot.console.words import words
from bot.escalation.escalation import Author
from bot.escalation.scrub import scrub
from bot.escalation.viewer import Role
from bot.store.desk_errors import TextRefused
from bot.store.errors import NotYours

NONE = "none"
_HERE = "/conversation/<id>/wrong/<int:number>"


@console.get(_HERE)
@allow(Role.RESPONDER)
def conversation_wrong(id: str, number: int) -> AnyResponse:
    """Shows what would be kept, before anything is."""
    return _page(id, number)


@console.post(_HERE)
@allow(Role.RESPONDER)
def conversation_was_wrong(id: str, number: int) -> AnyResponse:
    """Keeps it, once she has read it and said what it was."""
    form = request.form
    names = {NONE, *(name for name, _ in topics(desk().puente.conversation.release(), str))}
    if form.get("right") not in names or form.get("read") != "yes":
        return _page(id, number, words("wrong.missing", "Choose what it was about, and say that you have read it."))
    try:
        right = form["right"].replace(NONE, "")
        kept = desk().talk.wrong(viewer(), id, number, form.get("scrubbed", ""), right)
    except TextRefused:
        return _page(
            id, number, words("wrong.empty", "Nothing is left of the text. Leave some words, or do not keep it.")
        )
    thanks = words("wrong.done", "Thank you. The bot can learn from it.")
    flash(thanks if kept else words("wrong.twice", "It was kept before, and is kept once."))
    return redirect(url_for("console.conversation", id=id, _anchor=f"m{number}"))


def _page(id: str, number: int, trouble: str = "") -> AnyResponse:
    opened = open_(id)
    said = next((each for each in opened.thread.said if each.number == number and each.author is Author.FAMILY), None)
    if said is None:
        raise NotYours
    body = render_template(
        "conversation_wrong.html",
        id=id,
        number=number,
        alias=opened.escalated.alias,
        heard=opened.reader.topic(said.beside.get("topic")),
        scrubbed=request.form.get("scrubbed", scrub(said.text)),
        language=said.beside.get("language") or opened.language.value,
        right=request.form.get("right", ""),
        topics=topics(desk().puente.conversation.release(), opened.reader.topic),
        trouble=trouble,
    )
    return make_response(body, 422 if trouble else 200)
