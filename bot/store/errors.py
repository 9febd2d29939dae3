"""The one error tree of the stores. No message carries a value, a URL or a query: people read logs."""

from __future__ import annotations

from bot.scripts.finding import Finding


class StoreError(Exception):
    """Anything that a store could not do."""


class StoreDown(StoreError):
    """Redis or SQL did not do what was asked. ``evidence`` is the class of the cause, and of SQLite its name for it; nothing else."""

    def __init__(self, store: str, cause: BaseException) -> None:
        self.store = store
        name = getattr(getattr(cause, "orig", None), "sqlite_errorname", "")
        self.evidence = f"{type(cause).__name__} {name}".rstrip()
        super().__init__(f"{store} is down ({self.evidence})")


class Busy(StoreError):
    """Earlier messages of the same person were still being answered when the deadline came."""


class KeyGone(StoreError):
    """The key store has no key of that name: it was destroyed, or never made."""

    def __init__(self) -> None:
        super().__init__("the key is gone: what was sealed under it cannot be read any more")


class KeyTaken(StoreError):
    """The key store has a key of that name already. It is kept as it was."""

    def __init__(self) -> None:
        super().__init__("the key store has a key of that name already")


class WrappedKeyDamaged(StoreError):
    """Keys in the key store were changed or cut: they do not open under the right master key. ``keys`` is how many."""

    def __init__(self, keys: int = 1) -> None:
        self.keys = keys
        super().__init__(f"damaged keys in the key store: {keys}; what was sealed under them is lost")


class Held(StoreError):
    """Counsel asked that this escalation be kept (legal hold): nothing of it may be erased."""

    def __init__(self) -> None:
        super().__init__("counsel holds this escalation: nothing of it was erased")


class NoSuchEscalation(StoreError):
    """There is no escalation of that id, or not in the state that was asked for. ``why`` says it in words."""

    def __init__(self, why: str = "there is no escalation of that id") -> None:
        super().__init__(why)


class NotYours(StoreError):
    """Whoever asked may not: another organization's, or no work of her roles. The pages do not tell whether it exists."""

    def __init__(self) -> None:
        super().__init__("that is not yours to see or to change")


class SealBroken(StoreError):
    """A sealed value was changed, moved from another place, or sealed under another key. ``table`` is where it lay."""

    def __init__(self, table: str) -> None:
        self.table = table
        super().__init__(f"a sealed value of {table} does not open")


class DirectoryMoved(StoreError):
    """Somebody else changed the directory meanwhile. ``version`` is the one that it is at now."""

    def __init__(self, version: int) -> None:
        self.version = version
        super().__init__(
            f"the directory was changed meanwhile and is at version {version} now: look at the changes again"
        )


class DirectoryRefused(StoreError):
    """What was to be stored does not fit together. ``problems`` says what, each with its table and id; nothing was stored."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("nothing was stored: " + "; ".join(problems[:10]))


class DirectoryDamaged(StoreError):
    """Rows of the directory in SQL that nobody may use, changed by hand. ``rows`` names each as table, id and column."""

    def __init__(self, rows: tuple[str, ...]) -> None:
        self.rows = rows
        super().__init__(f"{len(rows)} rows of the directory in SQL are wrong: {', '.join(rows[:10])}")


class NoticesDamaged(StoreError):
    """Notices about areas were added, taken away or put back in SQL: none is read out until somebody has looked."""

    def __init__(self) -> None:
        super().__init__("the notices were changed in the database: an admin has to look before another goes out")


class SetupError(StoreError):
    """Something that only a person can put right. ``mend`` says how, in one sentence."""

    def __init__(self, what: str, mend: str) -> None:
        self.what = what
        self.mend = mend
        super().__init__(f"{what} {mend}")


class KeyMissing(SetupError):
    """A key file, or the key store, is not there."""


class KeyDamaged(SetupError):
    """A key file does not hold 32 bytes, or two hold the same."""


class KeyTooOpen(SetupError):
    """A key file or its folder can be read or changed by others."""


class KeyChanged(SetupError):
    """The key files are not those that the database was written under."""


class MasterKeyMissing(SetupError):
    """The master key, or the version of it that the key store needs, is not there."""


class MasterKeyWrong(SetupError):
    """The master key of that name is not the one that the key store was written under."""


class MasterKeyUnsafe(SetupError):
    """The master key of a developer's machine, in production."""


class KeyStoreMisplaced(SetupError):
    """The key store cannot lie where the setting says."""


class DatabaseAhead(SetupError):
    """The database knows a migration that this code does not."""


class SeedBroken(SetupError):
    """The file that the directory begins with cannot be used. What the database had is still there."""


class SocketRefused(SetupError):
    """The folder for Redis's socket belongs to somebody else, or a server already answers there."""


class ReleaseDamaged(StoreError):
    """A release is not as it was published: ``number`` says which, ``what`` which part of it. It is never served."""

    def __init__(self, number: int, what: str) -> None:
        self.number, self.what = number, what
        super().__init__(f"release {number} is damaged: {what} does not fit")


class ReleaseMoved(StoreError):
    """Somebody else published meanwhile. ``number`` is the release that is current now."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(f"somebody published meanwhile: release {number} is current now")


class ReleaseRefused(StoreError):
    """What was to be published must not go out. ``problems`` says why, a line for each; ``findings``: those of the checks among them."""

    def __init__(self, problems: tuple[str, ...], findings: tuple[Finding, ...] = ()) -> None:
        self.problems, self.findings = problems, findings
        super().__init__("nothing was published: " + "; ".join(problems[:5]))


class BackupDamaged(StoreError):
    """A file that is no backup, or not as it was written. Nothing of it was taken."""

    def __init__(self) -> None:
        super().__init__("this is no backup, or it is damaged: take another one. Nothing was changed")


class BackupOfOther(StoreError):
    """A backup that does not belong here. The message says why."""


class DatabaseBehind(StoreError):
    """The database is not at the version that this code has."""

    def __init__(self) -> None:
        super().__init__("the database is not at the version of this code: run `flask --app webhook db upgrade`")


class DatabaseNotEmpty(StoreError):
    """A backup is only brought back into an empty database."""

    def __init__(self) -> None:
        super().__init__(
            "the database is not empty, and a backup is not laid over it: move it away (puente.db with puente.db-wal and "
            "puente.db-shm, or another database for DATABASE_URL). Nothing was changed"
        )
