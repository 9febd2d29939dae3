"""The console as an app of its own beside that of the messages, made at the first request for a page of it.

A server with nothing of the console answers families a third of a second sooner after a start. Whoever opens the first page of a
process waits that long; families whom it answers meanwhile hardly do, for Python changes between threads every few milliseconds.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATH = "/console"


class Apart:
    """WSGI: what is below /console goes to the app that ``make`` makes, once for all threads; all else to ``others``."""

    def __init__(self, others: WSGIApplication, make: Callable[[], Flask]) -> None:
        self._others, self._make = others, make
        self._lock = threading.Lock()
        self._app: Flask | None = None

    def app(self) -> Flask:
        """The app of the console."""
        with self._lock:
            if self._app is None:
                self._app = self._make()
            return self._app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        app = self.app() if path == PATH or path.startswith(f"{PATH}/") else self._others
        return app(environ, start_response)
