"""The one error tree of the stores. No message carries a value, a URL or a query: people read logs."""

from __future__ import annotations


class StoreError(Exception):
    """Anything that a store could not do."""


class StoreDown(StoreError):
    """Redis or SQL did not do what was asked. ``evidence`` is the class of the cause, nothing else of it."""

    def __init__(self, store: str, cause: BaseException) -> None:
        self.store = store
        self.evidence = type(cause).__name__
        super().__init__(f"{store} is down ({self.evidence})")


class Busy(StoreError):
    """Earlier messages of the same person were still being answered when the deadline came."""


class SetupError(StoreError):
    """Something that only a person can put right. ``mend`` says how, in one sentence."""

    def __init__(self, what: str, mend: str) -> None:
        self.what = what
        self.mend = mend
        super().__init__(f"{what} {mend}")


class KeyMissing(SetupError):
    """A key file is not there."""


class KeyDamaged(SetupError):
    """A key file does not hold 32 bytes, or two hold the same."""


class KeyTooOpen(SetupError):
    """A key file or its folder can be read or changed by others."""


class KeyChanged(SetupError):
    """The key files are not those that the database was written under."""


class DatabaseAhead(SetupError):
    """The database knows a migration that this code does not."""


class SocketRefused(SetupError):
    """The folder for Redis's socket belongs to somebody else, or a server already answers there."""
