"""Legal hold: counsel asks that an escalation be kept, and nothing erases it until it is released. Both stand in the audit."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import Engine, select, update

from bot.store import audit
from bot.store.database import sql_errors
from bot.store.errors import NoSuchEscalation
from bot.store.models import Escalation


class Hold(Struct, frozen=True):
    """An escalation that is held: since when (unix seconds), by whom of the staff, for whom of counsel."""

    id: str
    since: int
    by: str
    counsel: str


def hold(engine: Engine, now: float, id: str, counsel: str, by: str) -> None:
    """Holds it. Raises ``NoSuchEscalation`` where there is nothing to hold, or where it is held already.

    ``ValueError`` for names that the audit does not take, ``StoreDown``. If an erasing is about to end, this waits for it
    and then finds nothing to hold.
    """
    if not counsel.strip():
        raise ValueError("whose counsel asked for it? Write a name")
    if not by.strip():
        raise ValueError("a hold wants your name")
    for words, longest in ((counsel, 128), (by, 64)):
        audit.check_words(words, longest)
    mine = (Escalation.id == id, Escalation.erased.is_(None), Escalation.held_since.is_(None))
    values = {"held_since": int(now), "held_by": by, "held_for": counsel}
    with sql_errors(), engine.begin() as connection:
        if not connection.execute(update(Escalation).where(*mine).values(values)).rowcount:
            row = connection.execute(select(Escalation.erased).where(Escalation.id == id)).first()
            raise NoSuchEscalation(
                "there is no escalation of that id"
                if row is None
                else "it was erased: nothing is left to hold"
                if row.erased is not None
                else "it is held already: release that hold first, or leave it"
            )
        audit.note(connection, now, by, "hold.set", f"{id} for {counsel}")


def release(engine: Engine, now: float, id: str, by: str) -> None:
    """Ends the hold. Raises ``NoSuchEscalation`` where there is none, ``ValueError`` as ``hold`` does, ``StoreDown``."""
    mine = (Escalation.id == id, Escalation.held_since.is_not(None))
    values = {"held_since": None, "held_by": None, "held_for": None}
    with sql_errors(), engine.begin() as connection:
        if not connection.execute(update(Escalation).where(*mine).values(values)).rowcount:
            raise NoSuchEscalation("no escalation of that id is held")
        audit.note(connection, now, by, "hold.release", id)


def holds(engine: Engine) -> tuple[Hold, ...]:
    """What is held now, the oldest first. Raises ``StoreDown``."""
    wanted = select(Escalation.id, Escalation.held_since, Escalation.held_by, Escalation.held_for)
    held = wanted.where(Escalation.held_since.is_not(None)).order_by(Escalation.held_since, Escalation.id)
    with sql_errors(), engine.connect() as connection:
        rows = connection.execute(held).all()
    return tuple(Hold(row.id, row.held_since or 0, row.held_by or "", row.held_for or "") for row in rows)
