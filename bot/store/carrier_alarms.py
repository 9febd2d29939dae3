"""What the carrier refuses for a reason that only an admin can mend: noted where it is met, told once a day by the worker.

A row of ``meta`` for each code: ``due``, or when the admins were told.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog
from sqlalchemy import Engine, select, update

from bot.store.database import sql_errors
from bot.store.in_turn import in_turn
from bot.store.models import Meta

_NAME = "carrier alarm "
_DUE = "due"
_AGAIN = 86_400

log = structlog.get_logger()


class CarrierAlarms:
    """The alarms of an installation. Every method raises ``StoreDown``."""

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine, self._clock = engine, clock

    def note(self, code: int) -> None:
        """Something of ours is wrong at the carrier: the admins are to be told, if they were not today."""
        log.error("carrier.alarm", code=code)
        with sql_errors(), self._engine.begin() as connection:
            told = in_turn(connection, f"{_NAME}{code}", _DUE)
            if told != _DUE and self._clock() - int(told) >= _AGAIN:
                connection.execute(_of(code, _DUE))

    def due(self) -> tuple[int, ...]:
        """The codes of which the admins are to be told."""
        wanted = select(Meta.key).where(Meta.key.startswith(_NAME), Meta.value == _DUE).order_by(Meta.key)
        with sql_errors(), self._engine.connect() as connection:
            return tuple(int(key.removeprefix(_NAME)) for key in connection.scalars(wanted))

    def told(self, code: int) -> None:
        """The admins were told."""
        with sql_errors(), self._engine.begin() as connection:
            connection.execute(_of(code, str(int(self._clock()))))


def _of(code: int, value: str):  # type: ignore[no-untyped-def]
    return update(Meta).where(Meta.key == f"{_NAME}{code}").values(value=value)
