"""What somebody did lately, as the audit has it: read from its newest row backwards, so that a long audit takes no longer."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from bot.store.staff_models import AuditRow

_CHUNK = 500
_CLOCKS_APART = 60
"""Seconds by which a later row may bear an earlier time: hosts have clocks of their own."""


def lately(connection: Connection, since: float, actor: str, action: str) -> Iterator[tuple[int, str]]:
    """When and of which object: each row of this actor and action since then (unix seconds), the newest first."""
    wanted = select(AuditRow.seq, AuditRow.at, AuditRow.actor, AuditRow.action, AuditRow.object)
    wanted = wanted.order_by(AuditRow.seq.desc()).limit(_CHUNK)
    rows = connection.execute(wanted).all()
    while rows:
        for row in rows:
            if row.at < since - _CLOCKS_APART:
                return
            if row.at >= since and (row.actor, row.action) == (actor, action):
                yield row.at, row.object
        rows = connection.execute(wanted.where(AuditRow.seq < rows[-1].seq)).all()
