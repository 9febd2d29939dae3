"""Who is on duty, and what becomes of the conversations of who is not: they go back to their old place, and the family waits on.

``waiting_since`` stays as it was, so that nobody loses her place for having been taken by somebody who did not answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Engine, func, or_, select, update

from bot.directory.errors import ScheduleError
from bot.directory.hours import parse_zone
from bot.escalation.escalation import Author, Urgency
from bot.escalation.happened import Happened
from bot.escalation.viewer import Role, Viewer
from bot.store import audit
from bot.store.audit_lately import lately
from bot.store.database import sql_errors
from bot.store.desk_door import DeskDoor, Keys, name_of, refuse_others
from bot.store.desk_errors import TakenBy
from bot.store.desk_organizations import active_organizations
from bot.store.desk_posting import checked
from bot.store.desk_rows import write
from bot.store.errors import KeyGone, WrappedKeyDamaged
from bot.store.models import Escalation
from bot.store.staff_models import DeskOrganizationRow, User

STALE_SECONDS = 45 * 60
"""After so long without a word of staff, while the family waits, a conversation goes back to the others."""
TEN_MINUTES = 600
LONGEST_LINE = 500
_WORKER = "the worker"


class Shift(Struct, frozen=True):
    """Since when she is on duty, None while she is not; and until when she wants no alarms. Unix seconds."""

    on_duty: int | None
    back_at: int | None


class DeskShifts:
    """The shifts of an installation's staff. Every method raises ``StoreDown``, and ``NotYours`` for who answers nobody."""

    def __init__(self, engine: Engine, keys: Keys, clock: Callable[[], float], zone: str) -> None:
        self._engine, self._keys, self._clock, self._zone = engine, keys, clock, zone
        self._door = DeskDoor(engine, keys, clock)

    def shift(self, viewer: Viewer) -> Shift:
        """How she stands now."""
        refuse_others(viewer, Role.RESPONDER)
        wanted = select(User.on_duty, User.back_at).where(User.id == viewer.user)
        with sql_errors(), self._engine.connect() as connection:
            row = connection.execute(wanted).first()
        if row is None:
            return Shift(None, None)
        away = row.back_at is not None and row.back_at > self._clock()
        return Shift(row.on_duty, row.back_at if away else None)

    def start_shift(self, viewer: Viewer) -> None:
        """She is on duty, and alarms reach her. Once more changes nothing."""
        now = int(self._clock())
        self._duty(viewer, "desk.shift_started", on_duty=func.coalesce(User.on_duty, now), back_at=None)

    def ten_minutes(self, viewer: Viewer) -> int:
        """She stays on duty and gets no alarms for ten minutes; returns until when. Nobody else is told, and nothing counts it."""
        refuse_others(viewer, Role.RESPONDER)
        until = int(self._clock()) + TEN_MINUTES
        with sql_errors(), self._engine.begin() as connection:
            connection.execute(update(User).where(User.id == viewer.user).values(back_at=until))
        return until

    def end_shift(self, viewer: Viewer) -> int:
        """She is off duty, and all that she has goes back to its old place; returns how many went."""
        self._duty(viewer, "desk.shift_ended", on_duty=None, back_at=None)
        mine = Escalation.claimed_by == viewer.user
        return sum(self._release(id, mine, viewer, "shift") for id in self._open(mine))

    def hand_over(self, viewer: Viewer, lines: Mapping[str, str]) -> int:
        """A line for each of these, as a note for whoever takes it next, and they go back; returns how many. Then end the shift.

        Raises ``TextRefused`` for a line that is empty or too long before anything went back, ``TakenBy`` for what another has.
        """
        checked_lines = {id: checked(line, LONGEST_LINE) for id, line in lines.items()}
        for id, line in checked_lines.items():
            with self._door.inside(viewer, id) as inside:
                inside.refuse_closed()
                if inside.escalated.claimed_by != viewer.user:
                    other = name_of(inside.connection, inside.escalated.claimed_by)
                    raise TakenBy(other, inside.escalated.claimed_at or 0)
                inside.write(Author.NOTE, line)
                inside.set(claimed_by=None, claimed_at=None)
                inside.happened(Happened.RELEASED, why="handed_over")
                inside.note("desk.handed_over")
        return len(checked_lines)

    def release_stale(self) -> int:
        """For the worker: what goes back because nobody wrote for 45 minutes, or because who has it cannot log in any more.

        Counted from the latest of: the family began to wait, it was taken, staff wrote. Where nobody waits nothing goes back,
        nor while nobody of the organization is there: at night the bot answers, and says when the person is back.
        """
        limit = int(self._clock()) - STALE_SECONDS
        active = select(User.id).where(User.active.is_(True))
        waits = (
            func.coalesce(Escalation.organization, "").not_in(self._away())
            & (Escalation.waiting_since <= limit)
            & (func.coalesce(Escalation.claimed_at, 0) <= limit)
            & (func.coalesce(Escalation.last_staff, 0) <= limit)
        )
        stale = Escalation.claimed_by.is_not(None) & or_(waits, Escalation.claimed_by.not_in(active))
        return sum(self._release(id, stale, None, "stale") for id in self._open(stale))

    def _away(self) -> tuple[str, ...]:
        """The organizations of which it is known that nobody is there now."""
        now = datetime.fromtimestamp(self._clock(), UTC)
        with sql_errors(), self._engine.connect() as connection:
            return tuple(each.id for each in active_organizations(connection) if each.back_at(now) is not None)

    def urgent_today(self, viewer: Viewer) -> int:
        """How many urgent conversations she has taken today: for her alone, so that somebody says when it is enough."""
        refuse_others(viewer, Role.RESPONDER)
        with sql_errors(), self._engine.connect() as connection:
            midnight = self._midnight(connection, viewer)
            taken = lately(connection, midnight, viewer.actor, "desk.claimed")
            ids = {object.split()[0] for _, object in taken if object.endswith(Urgency.URGENT.value)}
            # And what became urgent after she had taken it.
            mine = (Escalation.claimed_by == viewer.user, Escalation.claimed_at >= midnight)
            became = select(Escalation.id).where(*mine, Escalation.urgency == Urgency.URGENT.value)
            return len(ids | set(connection.scalars(became)))

    def _midnight(self, connection: Connection, viewer: Viewer) -> int:
        zone = connection.scalar(select(DeskOrganizationRow.zone).where(DeskOrganizationRow.id == viewer.organization))
        clocks = _zone(zone) or _zone(self._zone) or UTC
        now = datetime.fromtimestamp(self._clock(), clocks)
        return int(now.replace(hour=0, minute=0, second=0, microsecond=0).timestamp())

    def _duty(self, viewer: Viewer, action: str, **values: object) -> None:
        refuse_others(viewer, Role.RESPONDER)
        with sql_errors(), self._engine.begin() as connection:
            connection.execute(update(User).where(User.id == viewer.user).values(**values))
            audit.note(connection, self._clock(), viewer.actor, action, f"user {viewer.user}")

    def _open(self, which: ColumnElement[bool]) -> tuple[str, ...]:
        wanted = select(Escalation.id).where(which, Escalation.closed.is_(None), Escalation.erased.is_(None))
        with sql_errors(), self._engine.connect() as connection:
            return tuple(connection.scalars(wanted.order_by(Escalation.id)))

    def _release(self, id: str, which: ColumnElement[bool], viewer: Viewer | None, why: str) -> bool:
        """Gives one back, if it still is as ``which`` says. Each in a transaction of its own: nobody waits for all of them."""
        now = int(self._clock())
        still = (Escalation.id == id, which, Escalation.closed.is_(None), Escalation.erased.is_(None))
        with sql_errors(), self._engine.begin() as connection:
            held = update(Escalation).where(*still).values(channel=Escalation.channel).returning(Escalation.claimed_by)
            user = connection.scalar(held)
            if user is None:
                return False
            connection.execute(update(Escalation).where(Escalation.id == id).values(claimed_by=None, claimed_at=None))
            # Where nobody can read the thread any more nothing is to be told there.
            with suppress(KeyGone, WrappedKeyDamaged):
                said = {"name": name_of(connection, user), "why": why}
                write(connection, self._keys.require(id), Author.SYSTEM, now, Happened.RELEASED.value, None, said)
            actor = _WORKER if viewer is None else viewer.actor
            audit.note(connection, now, actor, "desk.released", id)
        return True


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return parse_zone(name) if name else None
    except ScheduleError:
        return None
