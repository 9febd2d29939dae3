"""What files were read as, by the SHA-256 of their bytes: a release that changes one flow has only that flow read anew."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


class Parsed:
    """The ``most`` values that were asked for last. What is kept must never be changed. Safe for all threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._values: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, key: Hashable, read: Callable[[], T]) -> T:
        """The value of this key; read now where it is not known. What ``read`` raises is not kept."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                value: T = self._values[key]
                return value
        # Outside of the lock: two that ask for the same at once both read it, which is better than both waiting for a third.
        value = read()
        with self._lock:
            self._values[key] = value
            while len(self._values) > self._most:
                self._values.popitem(last=False)
        return value
