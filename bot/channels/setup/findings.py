"""What a check found, and what would mend it. Values only."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class State(StrEnum):
    """How it stands: right; wrong; only a person can see it; Twilio could not be asked."""

    OK = "ok"
    MEND = "to mend"
    LOOK = "look yourself"
    UNASKED = "not checked"


class Thing(StrEnum):
    """What a change is made to; MEMBER: a number is put into a service."""

    NUMBER = "number"
    SHORT_CODE = "short code"
    SERVICE = "service"
    MEMBER = "member"
    WHATSAPP = "whatsapp"
    COUNTRIES = "countries"


class Change(Struct, frozen=True):
    """What ``--apply`` sets: ``values`` by Twilio's own names of parameters. ``before`` and ``after`` tell it to a person."""

    thing: Thing
    sid: str
    values: tuple[tuple[str, str | bool | int], ...]
    before: str
    after: str


class Finding(Struct, frozen=True):
    """One line of the report. ``about`` is what was looked at, ``now`` what is there, ``hint`` the next step of a person.

    A wrong one with a ``change`` is mended by ``--apply``; without, by the person.
    """

    state: State
    about: str
    now: str
    hint: str = ""
    change: Change | None = None


def ok(about: str, now: str, hint: str = "") -> Finding:
    """It is right."""
    return Finding(State.OK, about, now, hint)


def wrong(about: str, now: str, hint: str = "", change: Change | None = None) -> Finding:
    """It is to be mended."""
    return Finding(State.MEND, about, now, hint, change)


def look(about: str, now: str, hint: str) -> Finding:
    """No API tells it: a person has to look."""
    return Finding(State.LOOK, about, now, hint)
