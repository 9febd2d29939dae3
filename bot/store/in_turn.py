"""One transaction at a time: whoever writes a row of ``meta`` first makes the others wait, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy import Connection, insert, update
from sqlalchemy.exc import IntegrityError

from bot.store.models import Meta


def in_turn(connection: Connection, name: str, first: str = "") -> str:
    """Waits until no other transaction is between this call and its end; the value of that row, ``first`` if it is new.

    To be the first statement of a transaction, or to come after another that writes: SQLite refuses whoever has read first.
    """
    mine = update(Meta).where(Meta.key == name).values(value=Meta.value).returning(Meta.value)
    value = connection.scalar(mine)
    if value is None:
        # Another process may have made it at the same moment.
        with suppress(IntegrityError), connection.begin_nested():
            connection.execute(insert(Meta).values(key=name, value=first))
        value = connection.scalar(mine)
    return str(value)
