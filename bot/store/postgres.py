"""A connection to PostgreSQL that a server which says nothing cannot hold for ever.

The server ends a statement that takes too long (``statement_timeout``). One that hangs, or whose machine does, ends nothing, and
the kernel goes on answering for it, so no setting of TCP finds it out. So the client counts for itself: briefly in a turn of
the bot, longer elsewhere. Else the pages of staff, who look again and again, would hold every thread that families need.
"""

from __future__ import annotations

from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.errors import _WaitTimeout

from bot import patience

HANGS_SECONDS = 1.5
"""So long a statement is waited for in a turn. Longer than the server's own limit: what it can say, it may say."""
ELSEWHERE_SECONDS = 15.0
"""The same outside of a turn, where many statements may go at once; ``allow`` gives more."""

T = TypeVar("T")


class Connection(psycopg.Connection[Any]):
    """As psycopg's own, but that nothing is waited for beyond its time: ``patience.Spent``, and the connection is over.

    ``hangs``: seconds outside of a turn, None for ever.
    """

    hangs: float | None = ELSEWHERE_SECONDS

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        """The result of what runs on the server."""
        if timeout is not None:
            return super().wait(gen, interval=interval, timeout=timeout)
        seconds = self.hangs if patience.left() is None else patience.most(HANGS_SECONDS)
        try:
            return super().wait(gen, interval=interval, timeout=seconds)
        except _WaitTimeout:
            # Whatever it still sends belongs to a statement that nobody waits for.
            self.pgconn.finish()
            # No error of psycopg: SQLAlchemy would take that for a lost connection and wait for a new one.
            raise patience.Spent("postgresql") from None


def connect(seconds: float, *args: Any, **kwargs: Any) -> Connection:
    """A new connection, which may take ``seconds``. ``patience.Spent`` where a turn has not so many left."""
    left = patience.left()
    if left is not None and left < seconds:
        raise patience.Spent("postgresql")
    return Connection.connect(*args, **kwargs)
