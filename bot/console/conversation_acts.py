"""What is done with a conversation beside writing: take it, hand it back, resolve it, correct what is known, look at its number."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, may_open, viewer
from bot.console.blueprint import console
from bot.console.conversation_page import to_family
from bot.console.conversation_reply import REFUSALS, refused
from bot.console.desk import desk
from bot.console.reasons import reasons
from bot.console.spans import ago
from bot.console.system_words import resolutions
from bot.console.words import words
from bot.escalation.escalation import Escalated, Resolution, Urgency
from bot.escalation.viewer import Reason, Role
from bot.language import Language
from bot.store.desk_errors import CannotJoin, CannotPass
from bot.to_family import CLOSINGS, asking_to_pass, closing


def _back(id: str) -> AnyResponse:
    return redirect(url_for("console.conversation", id=id))


def _refuse_others(id: str) -> Escalated:
    """Before anything is said about the form: to whom it is not hers, nothing is told. Raises ``NotYours``."""
    return desk().inbox.one(viewer(), id)


def _not_done(id: str, why: Exception) -> AnyResponse:
    flash(refused(why), "error")
    return _back(id)


@console.post("/conversation/<id>/take")
@allow(Role.RESPONDER)
def conversation_take(id: str) -> AnyResponse:
    """Makes it hers, or tells who was faster."""
    try:
        taken = desk().work.take(viewer(), id)
    except REFUSALS as why:
        return _not_done(id, why)
    if taken.won:
        flash(words("take.won", "It is yours. The bot is paused."))
    else:
        since = ago(words, desk().clock() - taken.since)
        flash(words("take.lost", "%(name)s took it %(ago)s.", name=taken.by, ago=since), "error")
    return _back(id)


@console.post("/conversation/<id>/hand-back")
@allow(Role.RESPONDER)
def conversation_hand_back(id: str) -> AnyResponse:
    """The bot answers again from here on."""
    chosen = request.form.get("closing", "")
    line = to_family(desk().inbox.one(viewer(), id), closing(chosen)) if chosen in CLOSINGS else ""
    try:
        desk().work.hand_back(viewer(), id, line)
    except REFUSALS as why:
        return _not_done(id, why)
    flash(words("back.done", "The bot answers again."))
    return _back(id)


@console.route("/conversation/<id>/resolve", methods=["GET", "POST"])
@allow(Role.RESPONDER)
def conversation_resolve(id: str) -> AnyResponse:
    """Asks how it ended, then ends it. After a crisis a card for her."""
    found = desk().inbox.one(viewer(), id)
    ended = request.form.get("resolution", "")
    if request.method == "GET" or ended not in set(Resolution):
        status = 200 if request.method == "GET" else 422
        return make_response(
            render_template("conversation_resolve.html", id=id, alias=found.alias, resolutions=resolutions(words)),
            status,
        )
    try:
        desk().work.resolve(viewer(), id, Resolution(ended))
    except REFUSALS as why:
        return _not_done(id, why)
    if found.hard:
        return redirect(url_for("console.conversation_after", id=id))
    flash(words("resolve.done", "Resolved. The next message goes to the bot."))
    return redirect(url_for("console.inbox"))


@console.get("/conversation/<id>/after")
@allow(Role.RESPONDER)
def conversation_after(id: str) -> AnyResponse:
    """Two sentences, and whom she may talk with."""
    found = desk().inbox.one(viewer(), id)
    if found.closed is None or not found.hard:
        return _back(id)
    ten = url_for("console.shift") if may_open("console.shift", viewer()) else ""
    debrief = desk().work.debrief(viewer(), id)
    return make_response(render_template("conversation_after.html", debrief=debrief, ten_minutes=ten))


@console.post("/conversation/<id>/pass")
@allow(Role.RESPONDER)
def conversation_pass(id: str) -> AnyResponse:
    """Asks the family whether another organization may have it."""
    to = request.form.get("organization", "")
    found, there = desk().inbox.one(viewer(), id), desk().organizations.one(to)
    try:
        if there is None:
            raise CannotPass
        desk().work.pass_on(viewer(), id, to, to_family(found, asking_to_pass(there)))
    except CannotPass:
        flash(words("pass.cannot", "It cannot go there. Choose another organization."), "error")
        return _back(id)
    except REFUSALS as why:
        return _not_done(id, why)
    flash(words("pass.done", "The person is asked whether %(to)s may take over.", to=there.name))
    return _back(id)


@console.post("/conversation/<id>/about")
@allow(Role.RESPONDER)
def conversation_about(id: str) -> AnyResponse:
    """Corrects what was changed of urgency, topic and language; the rest stays as it is."""
    who, work, form = viewer(), desk().work, request.form
    found = desk().inbox.one(who, id)
    try:
        if form.get("urgency") in set(Urgency) and form["urgency"] != found.urgency:
            work.set_urgency(who, id, Urgency(form["urgency"]))
        if form.get("language") in set(Language) and form["language"] != found.about.language:
            work.set_language(who, id, Language(form["language"]))
        if (
            form.get("topic") in desk().puente.conversation.release().script.flows
            and form["topic"] != found.about.topic
        ):
            work.set_topic(who, id, form["topic"])
    except REFUSALS as why:
        return _not_done(id, why)
    flash(words("panel.saved", "Saved."))
    return _back(id)


@console.post("/conversation/<id>/needs")
@allow(Role.RESPONDER)
def conversation_needs(id: str) -> AnyResponse:
    """That a speaker is wanted, and from where."""
    _refuse_others(id)
    language, variety = request.form.get("needs", "").strip() or None, request.form.get("variety", "").strip()
    try:
        desk().work.set_needs(viewer(), id, language, variety or None)
    except ValueError:
        flash(words("needs.refused", "That is no language, or the town is too long. Nothing was saved."), "error")
        return _back(id)
    except REFUSALS as why:
        return _not_done(id, why)
    flash(words("panel.saved", "Saved."))
    return redirect(url_for("console.conversation", id=id, look="speaker", _anchor="speaker"))


@console.post("/conversation/<id>/join")
@allow(Role.RESPONDER)
def conversation_join(id: str) -> AnyResponse:
    """That this and another one are of one family."""
    _refuse_others(id)
    who, alias = viewer(), request.form.get("alias", "").strip().upper()
    other = request.form.get("other") or next(
        (row.escalated.id for row in desk().inbox.rows(who) if alias and row.escalated.alias == alias), None
    )
    try:
        if other is None:
            raise CannotJoin
        desk().work.join(who, id, other)
    except CannotJoin:
        flash(words("join.cannot", "These two cannot be joined: look at the name, and that both are open."), "error")
        return _back(id)
    flash(words("join.done", "Joined: both show it."))
    return _back(id)


@console.post("/conversation/<id>/separate")
@allow(Role.RESPONDER)
def conversation_separate(id: str) -> AnyResponse:
    """That this and another one are not of one family after all."""
    _refuse_others(id)
    desk().work.separate(viewer(), id, request.form.get("other", ""))
    flash(words("join.undone", "Separated again: both are as they were."))
    return _back(id)


@console.post("/conversation/<id>/reveal")
@allow(Role.RESPONDER)
def conversation_reveal(id: str) -> AnyResponse:
    """The number, once, for a reason that is kept."""
    alias, why = _refuse_others(id).alias, request.form.get("reason", "")
    if why not in set(Reason):
        flash(words("reveal.no-reason", "Choose why you need the number. It was not shown."), "error")
        return _back(id)
    number = desk().talk.reveal(viewer(), id, Reason(why)).rpartition(":")[2]
    return make_response(
        render_template("conversation_reveal.html", id=id, alias=alias, number=number, reason=reasons(words)[why])
    )
