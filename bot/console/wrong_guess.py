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


@console.route("/conversation/<id>/wrong/<int:number>", methods=["GET", "POST"])
@allow(Role.RESPONDER)
def conversation_wrong(id: str, number: int) -> AnyResponse:
    """Shows what would be kept; keeps it once she has read it and says what it was."""
    opened = open_(id)
    said = next((each for each in opened.thread.said if each.number == number and each.author is Author.FAMILY), None)
    if said is None:
        raise NotYours
    choices = topics(desk().puente.conversation.release(), opened.reader.topic)
    form, trouble = request.form, ""
    if request.method == "POST":
        right = form.get("right", "")
        if right not in {NONE, *(name for name, _ in choices)} or form.get("read") != "yes":
            trouble = words("wrong.missing", "Choose what it was about, and say that you have read it.")
        else:
            try:
                kept = desk().talk.wrong(viewer(), id, number, form.get("scrubbed", ""), "" if right == NONE else right)
            except TextRefused:
                trouble = words("wrong.empty", "Nothing is left of the text. Leave some words, or do not keep it.")
            else:
                flash(
                    words("wrong.done", "Thank you. The bot can learn from it.")
                    if kept
                    else words("wrong.twice", "It was kept before, and is kept once.")
                )
                return redirect(url_for("console.conversation", id=id, _anchor=f"m{number}"))
    return make_response(
        render_template(
            "conversation_wrong.html",
            id=id,
            number=number,
            alias=opened.escalated.alias,
            heard=opened.reader.topic(said.beside.get("topic")),
            scrubbed=form.get("scrubbed", scrub(said.text)),
            language=said.beside.get("language") or opened.language.value,
            right=form.get("right", ""),
            topics=choices,
            trouble=trouble,
        ),
        422 if trouble else 200,
    )
