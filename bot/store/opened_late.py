"""A key store that is opened when it is first needed: the web answers also where it is missing or broken."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence

from bot.store.key_store import KeyStore
from bot.store.sealed import Key


class OpenedLate:
    """The key store behind ``open_it``, which raises a ``StoreError`` where it cannot be opened; asked again the next time.

    Its methods are those of ``KeyStore``, and raise also what ``open_it`` raises. Safe for all threads.
    """

    def __init__(self, open_it: Callable[[], KeyStore]) -> None:
        self._open_it = open_it
        self._store: KeyStore | None = None
        self._lock = threading.Lock()

    def opened(self) -> KeyStore:
        """The key store itself."""
        with self._lock:
            if self._store is None:
                self._store = self._open_it()
            return self._store

    def create(self, name: str) -> Key:
        """As ``KeyStore.create``."""
        return self.opened().create(name)

    def require(self, name: str) -> Key:
        """As ``KeyStore.require``."""
        return self.opened().require(name)

    def require_many(self, names: Sequence[str]) -> Mapping[str, Key]:
        """As ``KeyStore.require_many``."""
        return self.opened().require_many(names)

    def destroy(self, name: str) -> bool:
        """As ``KeyStore.destroy``."""
        return self.opened().destroy(name)

    def destroy_all(self, names: Sequence[str]) -> int:
        """As ``KeyStore.destroy_all``."""
        return self.opened().destroy_all(names)

    def names(self) -> tuple[str, ...]:
        """As ``KeyStore.names``."""
        return self.opened().names()
