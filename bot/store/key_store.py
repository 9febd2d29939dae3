"""The keys of escalations: one random key each, wrapped under the master key, apart from what they seal.

To erase is to destroy the key: what was sealed under it may survive in logs, pages and backups, and stays shut. So the
key store is in no backup, and its database is its own.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.privacy import KEY_BYTES
from bot.settings import Settings
from bot.store.database import BUSY_MS
from bot.store.errors import (
    KeyGone,
    KeyTaken,
    MasterKeyMissing,
    MasterKeyWrong,
    SealBroken,
    StoreError,
    WrappedKeyDamaged,
)
from bot.store.key_database import KEYS, MASTERS, WRAPPED, KeyDatabase, spaced
from bot.store.master_key import MasterKeys, load_master_keys, make_development_master_key
from bot.store.sealed import Key, seal, unseal

_CHUNK = 500
"""So many keys are read with one question."""
AT_THE_TERMINAL_MS = 30_000
"""How long a command of the terminal waits for others; a family's turn has no such time."""

# No + and no colon: a phone number is no name.
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PROOF = b"this is the master key of this key store"


class KeyStore:
    """The keys. One object for a process, safe for all its threads. Names are opaque: letters, digits, ``-`` and ``_``,
    64 at most; ``ValueError`` for others. Every method may raise ``StoreDown``."""

    def __init__(self, database: KeyDatabase, masters: MasterKeys) -> None:
        self._database = database
        self._masters = masters

    def create(self, name: str) -> Key:
        """Makes a new random key; it is on the disk when this returns.

        Raises ``KeyTaken`` for a name in use, whose key stays as it is, and ``MasterKeyWrong``.
        """
        _check_name(name)
        master, key = self._masters.current, Key(name, secrets.token_bytes(KEY_BYTES))
        with self._database.writing() as connection:
            _register(connection, master)
            try:
                connection.execute(insert(KEYS).values(name=name, master=master.name, wrapped=_wrap(master, key)))
            except IntegrityError:
                raise KeyTaken from None
        return key

    def get(self, name: str) -> Key | None:
        """The key of that name, or None when it was destroyed or never made.

        Raises ``MasterKeyMissing``, ``MasterKeyWrong`` or ``WrappedKeyDamaged`` when it is there and cannot be used.
        """
        _check_name(name)
        with self._database.reading() as connection:
            found = connection.execute(select(KEYS.c.master, WRAPPED).where(KEYS.c.name == name)).first()
            return self._unwrap(connection, name, *found) if found else None

    def require(self, name: str) -> Key:
        """As ``get``, for whoever cannot go on without it: raises ``KeyGone`` instead."""
        key = self.get(name)
        if key is None:
            raise KeyGone
        return key

    def require_many(self, names: Sequence[str]) -> Mapping[str, Key]:
        """The keys of those names by their names, for a page of many: those that are gone or damaged are not among them.

        Raises ``MasterKeyMissing`` or ``MasterKeyWrong``, as ``get`` does.
        """
        for name in names:
            _check_name(name)
        found: dict[str, Key] = {}
        wanted = select(KEYS.c.name, KEYS.c.master, WRAPPED)
        with self._database.reading() as connection:
            for start in range(0, len(names), _CHUNK):
                chunk = KEYS.c.name.in_(names[start : start + _CHUNK])
                for name, master, wrapped in connection.execute(wanted.where(chunk)).all():
                    try:
                        found[name] = self._unwrap(connection, name, master, wrapped)
                    except WrappedKeyDamaged:
                        continue
        return found

    def destroy(self, name: str) -> bool:
        """Destroys the key of that name; False when there was none. Needs no master key.

        Returns only when it is gone from the disk. After an error it may be gone or not: destroy it again.
        """
        return bool(self.destroy_all([name]))

    def destroy_all(self, names: Sequence[str]) -> int:
        """As ``destroy`` for many at once, all or none of them; returns how many there were."""
        for name in names:
            _check_name(name)
        with self._database.writing() as connection:
            gone = connection.execute(delete(KEYS).where(KEYS.c.name.in_(names))).rowcount
        self._database.rewrite()
        return int(gone)

    def rewrap(self) -> int:
        """Wraps every key that is under a former master key anew, under the current one; returns how many.

        Each is done for itself, so that this may be cut off and started again at any time, beside everything else.
        Raises as ``get`` does; a damaged key does not keep the others from being done.
        """
        done, damaged, current = 0, 0, self._masters.current
        for name in self._behind(current):
            try:
                done += self._rewrap(name, current)
            except WrappedKeyDamaged:
                damaged += 1
        with self._database.writing() as connection:
            _register(connection, current)
            used = select(KEYS.c.master)
            connection.execute(delete(MASTERS).where(MASTERS.c.name != current.name, MASTERS.c.name.not_in(used)))
        self._database.rewrite()
        if damaged:
            raise WrappedKeyDamaged(damaged)
        return done

    def names(self) -> tuple[str, ...]:
        """The names of all keys, in order."""
        with self._database.reading() as connection:
            return tuple(connection.scalars(select(KEYS.c.name).order_by(KEYS.c.name)))

    def counts(self) -> Mapping[str, int]:
        """How many keys are wrapped under each version of the master key."""
        with self._database.reading() as connection:
            asked = select(KEYS.c.master, func.count()).group_by(KEYS.c.master).order_by(KEYS.c.master)
            return {master: int(number) for master, number in connection.execute(asked)}

    def wrapped(self, name: str) -> bytes | None:
        """The key of that name as it lies in the store, wrapped: for whoever proves that it is gone afterwards."""
        _check_name(name)
        with self._database.reading() as connection:
            value: bytes | None = connection.scalar(select(WRAPPED).where(KEYS.c.name == name))
            return value

    def check(self) -> None:
        """Raises ``MasterKeyMissing`` or ``MasterKeyWrong`` when keys here cannot be opened with the master keys given,
        ``KeyMissing`` when there is no key store and ``KeyTooOpen`` when others may use it."""
        self._database.refuse_unsafe()
        with self._database.reading() as connection:
            for name in connection.scalars(select(KEYS.c.master).distinct()):
                self._masters.version(name)
            for master in self._masters.versions:
                _prove(connection, master)

    def close(self) -> None:
        """Closes the connections."""
        self._database.close()

    def _behind(self, current: Key) -> tuple[str, ...]:
        with self._database.reading() as connection:
            return tuple(connection.scalars(select(KEYS.c.name).where(KEYS.c.master != current.name)))

    def _rewrap(self, name: str, current: Key) -> int:
        with self._database.writing() as connection:
            _register(connection, current)
            # Locked, so that nobody destroys it, and makes another of its name, before it is written again.
            asked = select(KEYS.c.master, WRAPPED).where(KEYS.c.name == name).with_for_update()
            found = connection.execute(asked).first()
            # Destroyed in the meantime, or done by another process.
            if found is None or found.master == current.name:
                return 0
            key = self._unwrap(connection, name, *found)
            new = {"master": current.name, "wrapped": _wrap(current, key)}
            return connection.execute(update(KEYS).where(KEYS.c.name == name).values(**new)).rowcount

    def _unwrap(self, connection: Connection, name: str, master_name: str, wrapped: bytes) -> Key:
        master = self._masters.version(master_name)
        try:
            return Key(name, unseal(master, wrapped, table=KEYS.name, row=name, column="wrapped"))
        except SealBroken:
            _prove(connection, master)
            raise WrappedKeyDamaged from None


def open_key_store(settings: Settings, patience_ms: int = BUSY_MS) -> KeyStore:
    """The key store of an installation, checked. ``patience_ms`` is how long SQLite waits for others.

    Raises ``StoreDown`` and every ``SetupError`` of keys, in words.
    """
    store = KeyStore(KeyDatabase(settings.key_store_url, patience_ms), load_master_keys(settings))
    try:
        store.check()
    except StoreError:
        store.close()
        raise
    return store


def make_key_store(settings: Settings) -> bool:
    """``db upgrade``: makes the key store, and in development the master key; whether the store is a new one.

    Raises as ``open_key_store`` does. A master key is never made beside keys that need another.
    """
    database = KeyDatabase(settings.key_store_url, AT_THE_TERMINAL_MS)
    try:
        new = database.make()
        _make_master_key(settings, database)
    finally:
        database.close()
    open_key_store(settings, AT_THE_TERMINAL_MS).close()
    return new


def _make_master_key(settings: Settings, database: KeyDatabase) -> None:
    # A file that somebody chose is that person's to make.
    if settings.production or settings.master_key_file or settings.master_key_path.exists():
        return
    with database.reading() as connection:
        lost = connection.scalar(select(KEYS.c.master).limit(1))
    if lost is not None:
        raise MasterKeyMissing(
            f"The master key file {settings.master_key_path} is gone, and the key store holds keys that need it.",
            "Put it back. If it is lost, so is what was sealed: delete the key store's folder to begin anew.",
        )
    make_development_master_key(settings)


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise ValueError("the name of a key is 1 to 64 letters, digits, hyphens and underscores")


def _wrap(master: Key, key: Key) -> bytes:
    return spaced(seal(master, key.secret, table=KEYS.name, row=key.name, column="wrapped"))


def _register(connection: Connection, master: Key) -> None:
    """Notes that this version of the master key is in use, and refuses another one of the same name."""
    if not _prove(connection, master):
        proof = seal(master, _PROOF, table=MASTERS.name, row=master.name)
        # Another process may have been faster.
        with suppress(IntegrityError), connection.begin_nested():
            connection.execute(insert(MASTERS).values(name=master.name, proof=proof))
        _prove(connection, master)


def _prove(connection: Connection, master: Key) -> bool:
    """Whether this version was used here before; ``MasterKeyWrong`` when it was another key of that name."""
    proof = connection.scalar(select(MASTERS.c.proof).where(MASTERS.c.name == master.name))
    if proof is None:
        return False
    try:
        unseal(master, proof, table=MASTERS.name, row=master.name)
    except SealBroken:
        raise MasterKeyWrong(
            f"The master key {master.name!r} is not the one that the key store was written under.",
            "Put the right file back; without it what was sealed cannot be read. Nothing was changed.",
        ) from None
    return True
