"""Gives to Twilio what web asks for while a family waits. Only the worker does."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import structlog

from bot.channels.buttons import can_send
from bot.channels.rest import CarrierError
from bot.channels.sending import Outgoing, Sending
from bot.message import Channel
from bot.settings import Settings
from bot.store.errands import SECONDS, TAKEN, Errands, Taken
from bot.store.errors import StoreDown

AT_ONCE = 8
"""So many are given to Twilio side by side; who comes later waits, and answers in another way when it takes too long."""
_TURN = 5.0
"""Seconds after which the worker looks whether it is to stop."""

log = structlog.get_logger()


class ErrandRunner:
    """Runs the errands of an installation; several workers may."""

    def __init__(self, settings: Settings, errands: Errands, timeout: float = SECONDS) -> None:
        self._carrier, self._errands = Sending(settings, timeout), errands
        self._threads = ThreadPoolExecutor(AT_ONCE, "errand")
        self._free = threading.Semaphore(AT_ONCE)

    def work(self) -> None:
        """Takes what there is, for some seconds. Raises ``StoreDown``."""
        ends = time.monotonic() + _TURN
        while time.monotonic() < ends:
            # What nobody can run now stays with web, which takes it back: it must not go out when the text has.
            if self._free.acquire(timeout=_TURN):
                self._one()

    def _one(self) -> None:
        begun = False
        try:
            taken = self._errands.take()
            if taken is not None:
                self._threads.submit(self._run, taken)
                begun = True
        finally:
            if not begun:
                self._free.release()

    def _run(self, taken: Taken) -> None:
        errand = taken.errand
        outgoing = Outgoing(errand.address, Channel.WHATSAPP, errand.text, errand.template or None)
        code = TAKEN
        try:
            self._carrier.create(outgoing, errand.report)
        except CarrierError as error:
            code = error.code
        finally:
            self._free.release()
        try:
            self._errands.answer(taken.id, code)
        except StoreDown as error:
            log.warning("memory.unavailable", error=type(error).__name__)


def runner_for(settings: Settings, errands: Errands) -> ErrandRunner | None:
    """Who runs them for this installation; None where there are none."""
    return ErrandRunner(settings, errands) if can_send(settings) else None
