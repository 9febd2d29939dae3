"""Notes of staff for staff. This page knows nothing that sends: whatever a form brings, it is written into the thread and stays there."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, viewer
from bot.console.blueprint import console
from bot.console.conversation import written
from bot.console.conversation_page import open_, page, sent
from bot.console.desk import desk
from bot.console.words import words
from bot.escalation.viewer import Role
from bot.frozen import replace
from bot.store.desk_errors import TextRefused


@console.post("/conversation/<id>/note")
@allow(Role.RESPONDER)
def conversation_note(id: str) -> AnyResponse:
    """Keeps a note."""
    note = request.form.get("note", "").replace("\r\n", "\n")
    try:
        desk().talk.note(viewer(), id, note)
    except TextRefused as why:
        trouble = words("note.length", "A note has 1 to %(longest)s letters. Nothing was saved.", longest=why.longest)
        return page(open_(id), replace(written(), trouble=trouble), 422)
    flash(words("note.saved", "Note saved. Only the team sees it."))
    sent(url_for("console.conversation_note", id=id))
    return redirect(url_for("console.conversation", id=id))
