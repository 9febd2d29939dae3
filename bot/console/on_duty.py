"""Whether she who looks is on duty, wants alarms, and has had enough of urgent ones for today."""

from __future__ import annotations

from msgspec import Struct

from bot.console.access import person, viewer
from bot.console.desk import desk
from bot.console.times import clock_time
from bot.console.words import words
from bot.escalation.viewer import Role
from bot.store.person import Person


class Duty(Struct, frozen=True):
    """``since`` and ``back`` (until when she rests) as times of day. ``enough`` is a gentle word, empty for none;
    ``bad_day`` since when it is one.
    """

    responder: bool
    on: bool
    since: str = ""
    back: str = ""
    enough: str = ""
    bad_day: str = ""


def duty() -> Duty:
    """Hers, now."""
    her, now = person(), desk().clock()
    responder, bad = viewer().has(Role.RESPONDER), desk().board.now().bad_day
    since = clock_time(bad.since) if bad else ""
    if her.on_duty is None:
        return Duty(responder, on=False, bad_day=since)
    back = clock_time(her.back_at) if her.back_at and her.back_at > now else ""
    enough = _enough() if responder else ""
    return Duty(responder, on=True, since=clock_time(her.on_duty), back=back, enough=enough, bad_day=since)


def wants_alarms(her: Person, now: float) -> bool:
    """On duty, and not resting."""
    return her.on_duty is not None and not (her.back_at and her.back_at > now)


def _enough() -> str:
    """A suggestion to stop for today, after as many urgent ones as her organization says. Nothing is ever refused for it."""
    organization = desk().board.now().of(viewer().organization)
    line = organization.urgent_a_day if organization is not None else 0
    if not line:
        return ""
    taken = desk().work.urgent_today(viewer())
    if taken < line:
        return ""
    return words(
        "shift.enough",
        "You have taken %(n)s urgent ones today. It is all right to stop here: hand over what is left, and rest. "
        "Nobody counts this but you.",
        n=taken,
    )
