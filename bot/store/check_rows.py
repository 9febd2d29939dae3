"""Somebody's word on a fact or a line: rows of ``fact_checks``. That of a line stands under ``line:`` and its id."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from msgspec import Struct
from sqlalchemy import Connection, insert, select

from bot.escalation.viewer import Role, Viewer
from bot.store.audit import note as noted
from bot.store.change_rows import names
from bot.store.content_models import FactCheck
from bot.store.errors import NotYours, StoreError
from bot.store.keys import utc_day

CHECKS = (Role.VOLUNTEER, Role.PUBLISHER)
LONGEST_NOTE = 600
TURN = "facts"


class NoteMissing(StoreError):
    """What changed was not said."""

    def __init__(self) -> None:
        super().__init__("write what is otherwise now")


class Check(Struct, frozen=True):
    """Somebody's word. ``at``: unix seconds; ``checked``: the day on which she read or called; ``note``: what she saw instead."""

    number: int
    fact: str
    by: int
    name: str
    at: int
    checked: date
    true: bool
    note: str


def checks(connection: Connection, name: str | None = None) -> list[Check]:
    """Every word on one of them, or on all, the oldest first."""
    wanted = select(FactCheck.__table__).order_by(FactCheck.number)
    rows = connection.execute(wanted.where(FactCheck.fact == name) if name is not None else wanted).all()
    called = names(connection, {row.by for row in rows})
    return [
        Check(row.number, row.fact, row.by, called[row.by].name, row.at, row.checked, row.true, row.note) for row in rows
    ]  # fmt: skip


def word(viewer: Viewer, now: float, name: str, true: bool, act: str, what: str = "") -> Callable[[Connection], None]:
    """What puts her word down within a transaction, with its line in the audit."""
    row = {"fact": name, "by": viewer.user, "at": int(now), "checked": utc_day(now), "true": true, "note": what}

    def put(connection: Connection) -> None:
        connection.execute(insert(FactCheck).values(**row))
        noted(connection, now, viewer.actor, act, name)

    return put


def said(what: str) -> str:
    """A note on one line, as long as it may be. Raises ``NoteMissing``."""
    what = " ".join(what.split())[:LONGEST_NOTE]
    if not what:
        raise NoteMissing
    return what


def refuse(viewer: Viewer, *roles: Role) -> None:
    """Raises ``NotYours`` for everybody else."""
    if not viewer.has(*roles):
        raise NotYours
