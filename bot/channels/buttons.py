"""Menus that can be tapped: a reply on WhatsApp goes out as buttons where Twilio holds them, and as numbered text on any trouble.

TwiML cannot carry buttons, so that such a reply is given to Twilio by REST, by the worker, while the turn waits for it
(bot/store/errands.py). The reply was kept as text before, and nothing of it hangs on the worker:

    Twilio takes it      the answer to the webhook is empty, and a retry of the message gets nothing more
    it does not, or      numbered text, in the answer itself; at worst both arrive
    nobody knows
    it does not arrive   Twilio's report names the question, its answer is still kept: it goes out as text, once
    this process dies    Twilio asks again, and gets the text
    the worker is dead   numbered text, at once
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Protocol
from urllib.parse import urlencode

import structlog

from bot.channels.delivery import Delivery
from bot.channels.menu_content import name_of
from bot.channels.twiml import legal, split
from bot.escalation.refused import Next
from bot.message import Channel, InboundMessage, Menu, Reply
from bot.settings import Settings
from bot.store.errands import Errand, Errands, NotDone
from bot.store.errors import StoreError
from bot.store.menu_contents import MenuContents

REST = 30.0
"""Seconds without buttons, in this process, after Twilio has not taken one."""

log = structlog.get_logger()


class Kept(Protocol):
    """Where replies are kept: bot/store/sessions.py. Every method raises ``StoreError``."""

    def note_buttons(self, address: str, sid: str) -> None: ...
    def take_buttons(self, address: str, sid: str) -> bytes | None: ...


class Buttons:
    """The buttons of an installation. Safe for threads."""

    def __init__(self, settings: Settings, contents: MenuContents, kept: Kept, errands: Errands) -> None:
        self._contents, self._kept, self._errands = contents, kept, errands
        self._base = settings.public_base_url
        self._lock = threading.Lock()
        self._rests_until = 0.0

    def instead(self, message: InboundMessage, reply: Reply) -> Reply:
        """What is still to be said in the answer: nothing where the reply went out as buttons. Never raises."""
        sid = self._content(reply.menu)
        if sid is None or reply.media:
            return reply
        report = f"{self._base.rstrip('/')}/status?{urlencode({'b': message.sid})}"
        try:
            self._errands.ask(Errand(message.address, template=sid, report=report))
        except NotDone as error:
            with self._lock:
                self._rests_until = time.monotonic() + REST
            log.warning("buttons.not_taken", code=error.code)
            return reply
        try:
            self._kept.note_buttons(message.address, message.sid)
        except StoreError as error:
            # A retry gets the text besides; and what does not arrive is not said again.
            log.warning("memory.unavailable", error=type(error).__name__)
        return Reply()

    def not_arrived(self, delivery: Delivery, sid: str, text: Callable[[InboundMessage, bytes], Reply]) -> None:
        """Says as text what went out as buttons and has not arrived. ``sid`` is the question, ``text`` makes the reply. Never raises."""
        try:
            stored = self._kept.take_buttons(delivery.address, sid)
            if stored is None:
                return
            self._contents.rest()
        except StoreError as error:
            log.error("buttons.lost", error=type(error).__name__, code=delivery.error)
            return
        log.warning("buttons.failed", code=delivery.error)
        if delivery.next_ is Next.OPTED_OUT:
            return
        reply = text(InboundMessage(sid, delivery.address, Channel.WHATSAPP), stored)
        parts = [part for said in reply.texts for part in split(legal(said))]
        try:
            for part in parts:
                self._errands.ask(Errand(delivery.address, text=part))
        except NotDone as error:
            log.error("buttons.lost", code=error.code)

    def _content(self, menu: Menu | None) -> str | None:
        """Twilio's id of the buttons of this menu."""
        if menu is None:
            return None
        with self._lock:
            if time.monotonic() < self._rests_until:
                return None
        return self._contents.now().get(name_of(menu, self._base))


def buttons_for(settings: Settings, contents: MenuContents, kept: Kept, errands: Errands) -> Buttons | None:
    """The buttons of this installation; None where they are off, or cannot be sent."""
    return Buttons(settings, contents, kept, errands) if can_send(settings) else None


def can_send(settings: Settings) -> bool:
    """Whether menus may go out as buttons: it is wanted, there is a key, a number, and an address for reports."""
    wanted = settings.whatsapp_buttons and settings.twilio_api_key and settings.public_base_url
    return bool(wanted and settings.whatsapp_sender)
