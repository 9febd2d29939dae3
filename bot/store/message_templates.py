"""The templates of WhatsApp that Meta approved, as an admin looks after them. Which of them a person may get: desk_templates.py."""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec import Struct
from sqlalchemy import Engine, insert, select, update

from bot.escalation.viewer import Role, Viewer
from bot.store.audit import note, takes
from bot.store.database import sql_errors
from bot.store.errors import NotYours, StoreError
from bot.store.in_turn import in_turn
from bot.store.staff_models import MessageTemplate as Row

_TURN = "message templates"
SID = re.compile(r"HX[0-9a-fA-F]{32}")
"""The carrier's id of a template: HX and 32 hex digits (Twilio Content API)."""


class TemplateWrong(StoreError):
    """It cannot be stored so. ``field``: ``sid``, ``name``, ``language`` or ``body``."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(f"the {field} of the template cannot be so")


class MessageTemplate(Struct, frozen=True):
    """An approved template. ``body`` are its words with {{1}} where a value goes in."""

    sid: str
    name: str
    language: str
    body: str
    active: bool = True


class MessageTemplates:
    """The templates. Every method raises ``StoreDown``; changes are for admins of the network: the sender is everybody's."""

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine, self._clock = engine, clock

    def all(self) -> tuple[MessageTemplate, ...]:
        """All of them, by name and language; those that are not used any more last."""
        asked = select(Row.sid, Row.name, Row.language, Row.body, Row.active)
        with sql_errors(), self._engine.connect() as connection:
            rows = connection.execute(asked.order_by(Row.active.desc(), Row.name, Row.language))
            return tuple(MessageTemplate(**row._asdict()) for row in rows)

    def save(self, viewer: Viewer, template: MessageTemplate) -> bool:
        """Adds it, or changes the one of that id; whether it is new. Raises ``TemplateWrong``."""
        if not viewer.has(Role.ADMIN) or viewer.organization is not None:
            raise NotYours
        _check(template)
        values = {name: getattr(template, name) for name in MessageTemplate.__struct_fields__}
        with sql_errors(), self._engine.begin() as connection:
            in_turn(connection, _TURN)
            new = not connection.execute(update(Row).where(Row.sid == template.sid).values(**values)).rowcount
            if new:
                connection.execute(insert(Row).values(**values))
            action = "template.add" if new else "template.change"
            # Its id is a code, of which the audit takes none.
            note(connection, self._clock(), viewer.actor, action, f"{template.name} in {template.language}")
        return new


def _check(template: MessageTemplate) -> None:
    if not SID.fullmatch(template.sid):
        raise TemplateWrong("sid")
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,63}", template.name) or not takes(f"{template.name} in es"):
        raise TemplateWrong("name")
    if not re.fullmatch(r"[a-z]{2,3}", template.language):
        raise TemplateWrong("language")
    if not 0 < len(template.body.strip()) <= 1024:
        raise TemplateWrong("body")
