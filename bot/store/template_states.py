"""How far each template of WhatsApp is with Meta: noted by the worker, which alone can ask, shown to who looks after them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, Engine, select, update

from bot.escalation.approval import Approval, TemplateState
from bot.store.database import sql_errors
from bot.store.staff_models import MessageTemplate as Row

STATE = (Row.approval, Row.approval_reason, Row.approval_heard, Row.approval_asked, Row.approval_trouble)
AGAIN = 3600
"""Seconds after which Twilio is asked again about a template that is approved: Meta may pause it on any day."""
SOON = 900
"""And about any other: somebody waits for it."""
LONGEST_REASON = 300


class TemplateStates:
    """The states of an installation. Every method raises ``StoreDown``. Safe for all threads."""

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine, self._clock = engine, clock

    def due(self) -> tuple[str, ...]:
        """The ids of the templates in use about which Twilio is to be asked now, those first that were asked about longest ago."""
        now = self._clock()
        wanted = select(Row.sid, *STATE).where(Row.active.is_(True)).order_by(Row.sid)
        with sql_errors(), self._engine.connect() as connection:
            rows = [(row.sid, state_in(row)) for row in connection.execute(wanted)]
        late = [(state.asked or 0, sid) for sid, state in rows if _is_due(state, now)]
        return tuple(sid for _, sid in sorted(late))

    def heard(self, sid: str, approval: Approval, reason: str = "") -> None:
        """Twilio has told."""
        now = int(self._clock())
        reason = "".join(c if c.isprintable() else " " for c in reason).strip()[:LONGEST_REASON]
        told = {"approval": approval.value, "approval_reason": reason or None, "approval_heard": now}
        self._set(sid, approval_asked=now, approval_trouble=None, **told)

    def failed(self, sid: str, trouble: str) -> None:
        """Twilio has not told, for this reason; what it told before stays."""
        self._set(sid, approval_asked=int(self._clock()), approval_trouble=trouble[:32] or "unreadable")

    def all(self) -> Mapping[str, TemplateState]:
        """The state of each template, by its id."""
        with sql_errors(), self._engine.connect() as connection:
            return {row.sid: state_in(row) for row in connection.execute(select(Row.sid, *STATE))}

    def _set(self, sid: str, **values: Any) -> None:
        with sql_errors(), self._engine.begin() as connection:
            connection.execute(update(Row).where(Row.sid == sid).values(**values))


def state_of(connection: Connection, sid: str) -> TemplateState:
    """The state of one template; that of one that is not there is not known."""
    row = connection.execute(select(*STATE).where(Row.sid == sid)).first()
    return TemplateState() if row is None else state_in(row)


def state_in(row: Any) -> TemplateState:
    """The state in a row with the columns of ``STATE``."""
    known = row.approval in tuple(Approval)
    return TemplateState(
        Approval(row.approval) if known else None,
        row.approval_reason or "",
        row.approval_heard,
        row.approval_asked,
        row.approval_trouble or "",
    )


def _is_due(state: TemplateState, now: float) -> bool:
    fine = state.approval is Approval.APPROVED and not state.trouble
    # A clock that was set back must not keep it silent.
    return state.asked is None or not 0 <= now - state.asked < (AGAIN if fine else SOON)
