"""Somebody with something urgent waits: which conversations those on duty are to be told of, and who they are.

Nothing of a conversation is read here; what is sent says only that somebody waits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy import Connection, Engine, or_, select, update

from bot.escalation.quiet import is_quiet
from bot.escalation.viewer import SHARED_POOL, Role
from bot.store.database import sql_errors
from bot.store.models import Escalation
from bot.store.staff_models import DeskAgreement, User

AGAIN = 600
"""Seconds in which those on duty are not told twice of the same conversation."""
_TRYING = 120


class Alarm(Struct, frozen=True):
    """A conversation that is urgent. ``due`` names this try to tell of it, so that another one is known."""

    id: str
    organization: str | None
    due: int


@dataclass(frozen=True, slots=True)
class Reached:
    """Whom an alarm goes to."""

    email: str = field(repr=False)
    language: str


class DeskAlarms:
    """The alarms of the desk. Every method raises ``StoreDown``; several workers may use it at once."""

    def __init__(self, engine: Engine, clock: Callable[[], float], zone: str = "America/Chicago") -> None:
        """``zone``: the clocks by which quiet hours are meant (TEAM_TIMEZONE)."""
        self._engine, self._clock, self._zone = engine, clock, zone

    def take(self) -> tuple[Alarm, ...]:
        """What those on duty are to be told of now. Who takes one has two minutes to tell them; after that it is due again."""
        now = int(self._clock())
        rested = or_(Escalation.alarmed.is_(None), Escalation.alarmed <= now - AGAIN)
        due = (Escalation.alarm <= now, rested, Escalation.closed.is_(None), Escalation.erased.is_(None))
        taken = update(Escalation).where(*due).values(alarm=now + _TRYING)
        with sql_errors(), self._engine.begin() as connection:
            rows = connection.execute(taken.returning(Escalation.id, Escalation.organization, Escalation.alarm)).all()
        return tuple(Alarm(row.id, row.organization, row.alarm) for row in rows)

    def told(self, alarm: Alarm) -> None:
        """They were told. What has become urgent again meanwhile stays due."""
        mine = (Escalation.id == alarm.id, Escalation.alarm == alarm.due)
        with sql_errors(), self._engine.begin() as connection:
            connection.execute(update(Escalation).where(*mine).values(alarm=None, alarmed=int(self._clock())))

    def whom(self, organization: str | None) -> tuple[Reached, ...]:
        """Responders who reach this organization (None: the shared pool): those on duty, else all but who rests, else all.

        Who rests said so until a moment (back_at), or has quiet hours now and is not on duty.
        """
        with sql_errors(), self._engine.connect() as connection:
            there = _responders(connection, organization)
        now = self._clock()
        local = datetime.fromtimestamp(now, ZoneInfo(self._zone))
        back = [user for user in there if user.back_at is None or user.back_at <= now]
        awake = [user for user in back if user.on_duty is not None or not is_quiet(user.quiet, local)]
        chosen = [user for user in awake if user.on_duty is not None] or awake or there
        return tuple(Reached(user.email, user.language) for user in chosen)

    def coordinators(self) -> tuple[Reached, ...]:
        """Everybody who looks after the week."""
        with sql_errors(), self._engine.connect() as connection:
            return tuple(Reached(user.email, user.language) for user in _with_role(connection, Role.COORDINATOR))

    def admins(self) -> tuple[Reached, ...]:
        """Everybody who may mend the installation."""
        with sql_errors(), self._engine.connect() as connection:
            return tuple(Reached(user.email, user.language) for user in _with_role(connection, Role.ADMIN))


def _responders(connection: Connection, organization: str | None) -> list[Any]:
    sees = DeskAgreement.sees == (SHARED_POOL if organization is None else organization)
    reaching = {*connection.scalars(select(DeskAgreement.organization).where(sees)), organization} - {None}
    return [user for user in _with_role(connection, Role.RESPONDER) if user.organization in reaching]


def _with_role(connection: Connection, role: Role) -> Sequence[Any]:
    held = User.roles_held.label("held")
    wanted = select(User.email, User.language, User.organization, held, User.on_duty, User.back_at, User.quiet)
    users = connection.execute(wanted.where(User.active).order_by(User.id)).all()
    return [user for user in users if role in user.held.split(",")]
