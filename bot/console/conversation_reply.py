"""What goes to the family: a reply, an approved template, a message that failed once more. Nothing that was typed is ever lost."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, viewer
from bot.console.blueprint import console
from bot.console.composer import Draft
from bot.console.conversation import written
from bot.console.conversation_page import open_, page, sent
from bot.console.desk import desk
from bot.console.template_words import state_words
from bot.console.words import words
from bot.escalation.viewer import Role
from bot.frozen import replace
from bot.store.desk_errors import (
    NewerMessage,
    NothingToRetry,
    OptedOut,
    Resolved,
    TakenBy,
    TemplateNotApproved,
    TemplateRefused,
    TextRefused,
    WindowClosed,
)
from bot.store.errors import StoreDown

REFUSALS = (OptedOut, Resolved, TakenBy, TemplateNotApproved, TemplateRefused, TextRefused, WindowClosed, NothingToRetry)


@console.post("/conversation/<id>/reply")
@allow(Role.RESPONDER)
def conversation_reply(id: str) -> AnyResponse:
    """Sends what was written, unless the family wrote meanwhile: then it is shown first."""
    draft = written()
    return _sent(id, draft, lambda: desk().talk.reply(viewer(), id, draft.text, draft.seen_up_to))


@console.post("/conversation/<id>/template")
@allow(Role.RESPONDER)
def conversation_template(id: str) -> AnyResponse:
    """Sends an approved template."""
    draft = written()
    return _sent(id, draft, lambda: desk().talk.template(viewer(), id, draft.template, draft.values))


@console.post("/conversation/<id>/retry/<int:number>")
@allow(Role.RESPONDER)
def conversation_retry(id: str, number: int) -> AnyResponse:
    """Sends a message again that failed."""
    return _sent(id, Draft(), lambda: desk().talk.retry(viewer(), id, number))


def _sent(id: str, draft: Draft, send: Callable[[], object]) -> AnyResponse:
    try:
        send()
    except NewerMessage:
        opened = open_(id)
        return page(opened, replace(draft, newer=max(1, opened.newer_than(draft.seen_up_to or 0))), 409)
    except REFUSALS as why:
        return page(open_(id), replace(draft, trouble=refused(why)), 422)
    except StoreDown:
        opened = open_(id)
        down = words(
            "reply.down", "The database did not answer, so nothing was sent. Your text is still here: try again."
        )
        return page(opened, replace(draft, trouble=down), 503)
    flash(words("reply.on-its-way", "On its way. The bot is paused while you have the conversation."))
    sent(url_for("console.conversation_reply", id=id))
    return redirect(url_for("console.conversation", id=id, _anchor="composer"))


def refused(why: Exception) -> str:
    """Why it was not sent, in words."""
    match why:
        case TextRefused():
            return words(
                "reply.length", "A message has 1 to %(longest)s letters. Nothing was sent.", longest=why.longest
            )
        case TakenBy():
            return words(
                "reply.taken", "%(name)s took this conversation. Nothing was sent; your text is below.", name=why.name
            )
        case WindowClosed():
            return words("reply.window", "WhatsApp's 24 hours are over. Nothing was sent; only a template can be.")
        case OptedOut():
            return words("reply.opted-out", "The person asked us to stop. Nothing was sent.")
        case Resolved():
            return words("reply.resolved", "Somebody resolved this conversation meanwhile. Nothing was sent.")
        case TemplateNotApproved():
            return f"{state_words(why.state).means} {words('template.nothing-sent', 'Nothing was sent.')}"
        case TemplateRefused():
            return words(
                "reply.template", "Fill in every gap, each in one line of at most 200 letters. Nothing was sent."
            )
    return words("reply.no-retry", "This message is on its way again already.")
