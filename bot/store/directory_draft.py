"""What a form of the directory brings, what came of it, and who may do what there."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from bot.directory.confirming import ConfirmationRefused
from bot.directory.editing.marks import Clash
from bot.directory.hsds.check import Problem
from bot.directory.importing.duplicates import Duplicate
from bot.escalation.viewer import Role, Viewer
from bot.store.directory_seen import DirectorySeen, EntrySeen
from bot.store.errors import NotYours, StoreError

EDITS = (Role.VOLUNTEER, Role.PUBLISHER)
LOOKS = (*EDITS, Role.COORDINATOR)
HOW = ("call", "web", "visit")
"""How somebody may confirm in the console."""
STATES = {"active": "active", "paused": "inactive", "closed": "defunct"}
"""What a page calls the states, and the words of HSDS."""
CONTACT = "contact"
"""The field of a form that is not of the directory: whom volunteers reach there."""


class NoSuchEntry(StoreError):
    """There is no entry of that code."""

    def __init__(self) -> None:
        super().__init__("the directory has no entry of that code")


class Confirming(Struct, frozen=True):
    """She says that she asked: ``how`` is one of HOW, ``number`` the one that answered, empty where there is only one or none."""

    how: str
    number: str = ""


class Draft(Struct, frozen=True):
    """What a form brought: its fields (FIELDS, FOR_PUBLISHERS, CONTACT) and the marks of what they were when it was made."""

    cells: Mapping[str, str]
    marks: Mapping[str, str]


class Saved(Struct, frozen=True):
    """It stands: ``changed`` names the fields, empty where all stood so already. ``unconfirmed``: numbers that lost their confirmation."""

    code: str
    changed: tuple[str, ...]
    duplicates: tuple[Duplicate, ...] = ()
    confirmed: str = ""


class Refused(Struct, frozen=True):
    """Nothing was stored. ``clashes``: what somebody else changed meanwhile; ``problems``: what cannot be right; ``why``: why it
    is no confirmation."""

    clashes: tuple[Clash, ...] = ()
    problems: tuple[Problem, ...] = ()
    why: ConfirmationRefused | None = None


def may(viewer: Viewer, *roles: Role) -> None:
    """Raises ``NotYours`` for who has none of these roles."""
    if not viewer.has(*roles):
        raise NotYours


def entry_in(seen: DirectorySeen, code: str) -> EntrySeen:
    """The entry of that code. Raises ``NoSuchEntry``."""
    found = seen.entries.get(code)
    if found is None:
        raise NoSuchEntry
    return found
