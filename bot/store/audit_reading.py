"""Reading the audit: who did what, for an admin. One of an organization reads what its own people did, and what was done to them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import ColumnElement, Engine, or_, select

from bot.escalation.viewer import Role, Viewer
from bot.store.database import sql_errors
from bot.store.errors import NotYours
from bot.store.staff_models import AuditRow, User

MOST = 100
_USER = re.compile(r"\(user (\d+)\)$")


class Entry(Struct, frozen=True):
    """A row of the audit. ``at`` is unix seconds."""

    seq: int
    at: int
    actor: str
    action: str
    object: str


def entries(
    engine: Engine,
    viewer: Viewer,
    *,
    user: int | None = None,
    actions: Sequence[str] = (),
    about: str = "",
    before: int | None = None,
) -> tuple[Entry, ...]:
    """The newest ``MOST`` before row ``before``, of somebody, of some actions, about an object. Raises ``StoreDown``, ``NotYours``."""
    if not viewer.has(Role.ADMIN):
        raise NotYours
    asked = select(AuditRow.seq, AuditRow.at, AuditRow.actor, AuditRow.action, AuditRow.object)
    asked = asked.order_by(AuditRow.seq.desc()).limit(MOST)
    if before is not None:
        asked = asked.where(AuditRow.seq < before)
    if user is not None:
        asked = asked.where(_of([user]))
    if actions:
        asked = asked.where(AuditRow.action.in_(actions))
    if about:
        asked = asked.where(AuditRow.object.startswith(about, autoescape=True))
    with sql_errors(), engine.connect() as connection:
        if viewer.organization is not None:
            hers = list(connection.scalars(select(User.id).where(User.organization == viewer.organization)))
            asked = asked.where(_of(hers))
        return tuple(Entry(*row) for row in connection.execute(asked))


def _of(users: Sequence[int]) -> ColumnElement[bool]:
    """What these did, and what was done to their accounts."""
    did = [AuditRow.actor.endswith(f"(user {user})") for user in users]
    suffered = [AuditRow.object == f"user {user}" for user in users]
    changed = [AuditRow.object.startswith(f"user {user}:") for user in users]
    return or_(AuditRow.seq < 0, *did, *suffered, *changed)


def user_of(actor: str) -> int | None:
    """The number of the account of an actor; None for the bot, the terminal, a family."""
    found = _USER.search(actor)
    return int(found[1]) if found else None
