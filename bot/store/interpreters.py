"""Who interprets for the desk: in which language and whose way of speaking it, when, and how to reach them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct
from sqlalchemy import Engine, insert, or_, select, update

from bot.escalation.viewer import Role, Viewer
from bot.store.audit import note
from bot.store.database import sql_errors
from bot.store.errors import NotYours
from bot.store.in_turn import in_turn
from bot.store.people import looks_after
from bot.store.staff_models import Interpreter as Row

_TURN = "interpreters"


class Interpreter(Struct, frozen=True):
    """Somebody who interprets. ``variety``: the town whose way of speaking it is. ``hours`` and ``zone`` as an organization's.

    ``organization`` None: for the whole network. ``id`` 0: not stored yet.
    """

    id: int
    name: str
    language: str
    variety: str
    organization: str | None
    contact: str
    hours: str
    zone: str
    active: bool = True


class Interpreters:
    """The interpreters. Every method raises ``StoreDown``; changes raise ``NotYours``."""

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine, self._clock = engine, clock

    def all(self, viewer: Viewer) -> tuple[Interpreter, ...]:
        """Those of her organization and of the network, by language and name; for an admin of the network all."""
        asked = select(*_COLUMNS).order_by(Row.active.desc(), Row.language, Row.name, Row.id)
        if viewer.organization is not None:
            asked = asked.where(or_(Row.organization.is_(None), Row.organization == viewer.organization))
        with sql_errors(), self._engine.connect() as connection:
            return tuple(Interpreter(**row._asdict()) for row in connection.execute(asked))

    def save(self, viewer: Viewer, interpreter: Interpreter) -> int:
        """Adds one, or changes the one of that id; returns the id."""
        values: dict[str, Any] = {name: getattr(interpreter, name) for name in Interpreter.__struct_fields__ if name != "id"}
        if not looks_after(viewer, interpreter.organization) or not viewer.has(Role.ADMIN):
            raise NotYours
        with sql_errors(), self._engine.begin() as connection:
            in_turn(connection, _TURN)
            if interpreter.id:
                held = connection.execute(select(Row.organization).where(Row.id == interpreter.id)).first()
                if held is None or not looks_after(viewer, held.organization):
                    raise NotYours
                connection.execute(update(Row).where(Row.id == interpreter.id).values(**values))
                id = interpreter.id
            else:
                id = int(connection.scalar(insert(Row).values(**values).returning(Row.id)) or 0)
            action = "interpreter.change" if interpreter.id else "interpreter.add"
            note(connection, self._clock(), viewer.actor, action, f"interpreter {id}")
        return id


_COLUMNS = tuple(getattr(Row, name) for name in Interpreter.__struct_fields__)
