"""/console/conversation/<id>: reading a conversation, and writing an answer while it is not sent yet."""

from __future__ import annotations

from flask import make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow
from bot.console.blueprint import console
from bot.console.composer import Composer, Draft, composer, inserted
from bot.console.conversation_page import Opened, open_, page, polled
from bot.console.numbers import number
from bot.console.typed import brought
from bot.escalation.viewer import Role

_LONGEST_LOOKED_FOR = 60


@console.get("/conversation/<id>")
@allow(Role.RESPONDER)
def conversation(id: str) -> AnyResponse:
    """All of it, and what can be done with it."""
    return page(open_(id), Draft(text=brought("text"), opened=request.args.get("look", "")))


@console.get("/conversation/<id>/thread")
@allow(Role.RESPONDER)
def conversation_thread(id: str) -> AnyResponse:
    """The part that an open page asks for again: 204 while nothing in it has changed."""
    opened = open_(id, typing=bool(request.args.get("typing")))
    if request.args.get("version") == opened.version():
        return make_response("", 204)
    return make_response(
        render_template("conversation_poll.html", **polled(opened, number(request.args.get("seen")) or 0), swapped=True)
    )


@console.post("/conversation/<id>/parts")
@allow(Role.RESPONDER)
def conversation_parts(id: str) -> AnyResponse:
    """What the text costs as it stands, asked for while it is being typed."""
    opened = open_(id, typing=True)
    draft = Draft(text=_typed("text"))
    return make_response(render_template("conversation_parts.html", composer=_counted(opened, draft), head=opened.head))


@console.post("/conversation/<id>/compose")
@allow(Role.RESPONDER)
def conversation_compose(id: str) -> AnyResponse:
    """The same page with what was typed: counted, with an answer or an organization put in, or with a list that was looked for."""
    opened, draft = open_(id, typing=True), written()
    return page(opened, inserted(opened.escalated, opened.language, draft, request.form.get("insert", "")))


def _counted(opened: Opened, draft: Draft) -> Composer:
    return composer(opened.escalated, opened.language, draft)


def written() -> Draft:
    """What a form of the composer holds."""
    values = {name.removeprefix("value-"): value for name, value in request.form.items() if name.startswith("value-")}
    insert = request.form.get("insert", "").partition(":")[0]
    return Draft(
        text=_typed("text"),
        seen_up_to=number(request.form.get("seen_up_to")),
        wanted=request.form.get("wanted", "")[:_LONGEST_LOOKED_FOR],
        kind=request.form.get("kind", ""),
        place=request.form.get("place", "")[:_LONGEST_LOOKED_FOR],
        opened=_opened(insert),
        note=_typed("note"),
        template=request.form.get("sid", ""),
        values=values,
    )


def _opened(insert: str) -> str:
    """Which list stands open: the one that was asked for; after the Enter key, which names none, the one with words in it."""
    if looked := request.form.get("look"):
        return looked
    return {"answer": "answers"}.get(insert, insert) or ("answers" if request.form.get("wanted", "").strip() else "")


def _typed(name: str) -> str:
    """A text as it was typed: browsers send the ends of lines in two signs."""
    return request.form.get(name, "").replace("\r\n", "\n")
