"""Gives to Twilio what web asks for while a family waits. Only the worker does."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog

from bot.channels.buttons import can_send
from bot.channels.rest import CarrierError, answers, messages_of
from bot.settings import Settings
from bot.store.errands import SECONDS, Errand, Errands
from bot.store.errors import StoreDown

AT_ONCE = 8
"""So many are given to Twilio side by side; who comes later waits, and answers in another way when it takes too long."""
_TURN = 5.0
"""Seconds after which the worker looks whether it is to stop."""
_NAMES = {"To": "to", "From": "from_", "Body": "body", "ContentSid": "content_sid", "StatusCallback": "status_callback"}

log = structlog.get_logger()


class ErrandRunner:
    """Runs the errands of an installation; several workers may."""

    def __init__(self, settings: Settings, errands: Errands, timeout: float = SECONDS) -> None:
        self._messages: Any = messages_of(settings, timeout)
        self._errands = errands
        self._threads = ThreadPoolExecutor(AT_ONCE, "errand")

    def work(self) -> None:
        """Takes what there is, for some seconds. Raises ``StoreDown``."""
        ends = time.monotonic() + _TURN
        while time.monotonic() < ends:
            errand = self._errands.take()
            if errand is not None:
                self._threads.submit(self._run, errand)

    def _run(self, errand: Errand) -> None:
        try:
            with answers():
                self._messages.create(**{_NAMES[name]: value for name, value in errand.form.items()})
        except CarrierError as error:
            self._say(errand, error.code)
        else:
            self._say(errand)

    def _say(self, errand: Errand, code: str | None = None) -> None:
        try:
            self._errands.answer(errand.id, code) if code else self._errands.answer(errand.id)
        except StoreDown as error:
            log.warning("memory.unavailable", error=type(error).__name__)


def runner_for(settings: Settings, errands: Errands) -> ErrandRunner | None:
    """Who runs them for this installation; None where there are none."""
    return ErrandRunner(settings, errands) if can_send(settings) else None
