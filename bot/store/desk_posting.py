"""What may be sent to a family, and how it is put on its way: with the words, in one transaction."""

from __future__ import annotations

from typing import Any, Protocol

from sqlalchemy import Connection, Engine

from bot.escalation.escalation import Author, Escalated
from bot.escalation.viewer import Viewer
from bot.escalation.window import window_ends
from bot.store.desk_door import DeskDoor, Inside, Keys
from bot.store.desk_errors import OptedOut, TemplateNotApproved, TextRefused, WindowClosed
from bot.store.opt_outs import OptOuts
from bot.store.sealed_numbers import SealedNumbers
from bot.store.template_states import state_of

LONGEST_TEXT = 1_500
"""Letters of a text to a family. WhatsApp takes 1,600, and the carrier takes as many for an SMS."""


class Posting(Protocol):
    """Puts a message on its way, within the transaction that wrote it (bot/store/outbox.py)."""

    def put(self, connection: Connection, escalation: str, message: int, template: str | None = None) -> str:
        """Returns its id in the outbox."""


class DeskPosting:
    """Sending to families on behalf of staff. Safe for all threads of a process."""

    def __init__(self, engine: Engine, keys: Keys, outbox: Posting, opt_outs: OptOuts) -> None:
        self._outbox, self._opt_outs = outbox, opt_outs
        self._numbers = SealedNumbers(engine, keys)

    def refuse_opted_out(self, door: DeskDoor, viewer: Viewer, id: str) -> None:
        """Raises ``OptedOut``, and what the door raises.

        To be asked before the transaction, since it asks Redis; whoever sends the message asks again.
        """
        door.look(viewer, id)
        if self._opt_outs.is_stopped(self._numbers.address(id)):
            raise OptedOut

    def post(self, inside: Inside, text: str, beside: dict[str, Any] | None = None, template: str | None = None) -> int:
        """Writes it into the thread as hers and puts it on its way; returns its number. Raises as ``again``."""
        number = inside.write(Author.STAFF, text, beside)
        self.again(inside, number, template)
        return number

    def again(self, inside: Inside, number: int, template: str | None = None) -> None:
        """Puts a message on its way that stands in the thread already. Raises ``WindowClosed`` and ``TemplateNotApproved``."""
        if template is None:
            refuse_late(inside.escalated, inside.now)
        else:
            _refuse_not_approved(inside, template)
        self._outbox.put(inside.connection, inside.escalated.id, number, template)


def refuse_late(escalated: Escalated, now: float) -> None:
    """Raises ``WindowClosed``."""
    ends = window_ends(escalated)
    if ends is not None and now >= ends:
        raise WindowClosed


def _refuse_not_approved(inside: Inside, template: str) -> None:
    ends = window_ends(inside.escalated)
    if ends is None or inside.now < ends:
        return
    state = state_of(inside.connection, template)
    if state.is_refused:
        raise TemplateNotApproved(state)


def checked(text: str, longest: int = LONGEST_TEXT) -> str:
    """The text without blanks around it. Raises ``TextRefused``."""
    text = text.strip()
    if not 0 < len(text) <= longest:
        raise TextRefused(longest)
    return text
