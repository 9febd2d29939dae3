"""gunicorn's threaded worker, which takes from the door only what it can serve at once."""

import time
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

AT_ONCE = 4
"""So many requests a process takes in hand. More threads answer no sooner: they share one interpreter."""
SOON = 1.0
"""Seconds after which a request counts no more: it waits for somebody else, and others are served meanwhile."""


class WebWorker(ThreadWorker):  # type: ignore[misc] # gunicorn has no types
    """gunicorn's own takes every connection that waits, and lets those wait that it has no thread for: when its process dies,
    all of them are cut off, turn to the next process together, and die with that. What nobody has taken waits at the port,
    where the death of a process does not touch it, and whoever is free first serves it.

    All but ``handle`` runs in one thread.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._in_hand: dict[Any, float] = {}

    def enqueue_req(self, conn: Any) -> None:
        """Gives a request to a thread."""
        self._in_hand[conn] = time.monotonic()
        super().enqueue_req(conn)
        self._open_or_shut()

    def finish_request(self, conn: Any, fs: Any) -> None:
        """After a request; its connection may be kept for the next one, which is no request yet."""
        self._in_hand.pop(conn, None)
        super().finish_request(conn, fs)
        self._open_or_shut()

    def set_accept_enabled(self, enabled: bool) -> None:
        """Takes connections, or leaves them at the port. Asked at least once a second."""
        super().set_accept_enabled(enabled and self._has_room())

    def _open_or_shut(self) -> None:
        if self.alive:
            self.set_accept_enabled(self.nr_conns < self.worker_connections)

    def _has_room(self) -> bool:
        since = time.monotonic() - SOON
        lately = sum(at > since for at in self._in_hand.values())
        return lately < AT_ONCE and len(self._in_hand) < self.cfg.threads
