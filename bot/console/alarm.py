"""The line above every page that somebody with something urgent waits. Only a number: never who, where or what about."""

from __future__ import annotations

from flask import Response, make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, is_unfinished, person, viewer
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.inbox_shown import alarm_words
from bot.console.on_duty import wants_alarms
from bot.console.words import words
from bot.escalation.viewer import Role
from bot.store.errors import StoreDown
from bot.store.person import Person
from bot.store.urgent_waiting import urgent_waiting

_ROLES = (Role.RESPONDER, Role.COORDINATOR)


@console.get("/alarm")
@allow(*_ROLES)
def alarm() -> AnyResponse:
    """The line as it stands now, for a page that is open; 204 while it is as it was there."""
    waiting = desk_alarm(person()) if person().on_duty is not None else 0
    # Where SQL is down what stands there stays.
    if waiting is None or str(waiting) == request.args.get("shown"):
        return Response(status=204)
    return make_response(render_template("alarm.html", waiting=waiting))


def desk_alarm(her: Person | None) -> int | None:
    """How many urgent ones wait, where she wants to be told: on duty, not resting. None where nobody looks or SQL is down.

    Who sees no conversation costs no query. The page of an error shows it too, so nothing here raises.
    """
    if her is None or is_unfinished(her) or not her.roles & set(_ROLES) or her.on_duty is None:
        return None
    try:
        return urgent_waiting(desk().engine, viewer()) if wants_alarms(her, desk().clock()) else 0
    except StoreDown:
        return None


def said(waiting: int) -> str:
    """In the reader's language; empty for nobody."""
    return alarm_words(waiting, words)
