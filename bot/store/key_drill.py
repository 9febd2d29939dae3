"""The drill: a key is made, used and destroyed, and everything is tried to open again what it sealed.

It works on the real key store, beside the keys of real conversations, and touches none of them.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from bot.settings import Settings
from bot.store.errors import SealBroken
from bot.store.key_database import KeyDatabase
from bot.store.key_store import AT_THE_TERMINAL_MS, KeyStore, open_key_store
from bot.store.master_key import load_master_keys
from bot.store.sealed import Key, seal, unseal

_TABLE, _ROW = "drill", 1


class Finding(Struct, frozen=True):
    """One step of the drill, in words, and whether it went as it must."""

    words: str
    holds: bool


def drill(settings: Settings) -> tuple[Finding, ...]:
    """Runs the drill. Raises what the key store raises; the drill's own key is destroyed however it ends."""
    name, canary = f"drill-{secrets.token_hex(8)}", secrets.token_bytes(32)
    store = open_key_store(settings, AT_THE_TERMINAL_MS)
    try:
        sealed = seal(store.create(name), canary, table=_TABLE, row=_ROW)
        wrapped = store.wrapped(name) or b""
        lies_in = _files_with(wrapped, settings)
        findings = [
            Finding(f"A key {name} was made and a text sealed under it.", True),
            Finding(
                "The text opens while the key is there.",
                unseal(store.require(name), sealed, table=_TABLE, row=_ROW) == canary,
            ),
        ]
        findings.append(Finding("The key was destroyed.", store.destroy(name)))
    finally:
        store.destroy(name)
        store.close()
    return (*findings, *_afterwards(name, sealed, wrapped, lies_in, settings))


def _afterwards(
    name: str, sealed: bytes, wrapped: bytes, lay_in: int | None, settings: Settings
) -> tuple[Finding, ...]:
    store = open_key_store(settings, AT_THE_TERMINAL_MS)
    try:
        tried, opened = _try_all(name, sealed, store, settings)
        gone = store.get(name) is None and name not in store.names()
    finally:
        store.close()
    return (
        Finding("A connection of its own does not find the key any more.", gone),
        Finding(
            f"The text was tried with each of {tried} keys that are left, master keys too: {opened} opened it.",
            not opened,
        ),
        _searched(lay_in, _files_with(wrapped, settings)),
    )


def _searched(before: int | None, after: int | None) -> Finding:
    if before is None:
        return Finding(
            "PostgreSQL: its files were not searched. They keep remains until the master key is rotated (docs/keys.md).",
            True,
        )
    words = f"The wrapped key was searched in the key store's files: found {before} times before, {after} after."
    return Finding(words, before > 0 and after == 0)


def _try_all(name: str, sealed: bytes, store: KeyStore, settings: Settings) -> tuple[int, int]:
    masters = load_master_keys(settings).versions
    left = [*masters, *(key for other in store.names() if (key := store.get(other)) is not None)]
    opened = 0
    for key in left:
        # Under the destroyed key's name, so that nothing but the key itself is missing.
        with suppress(SealBroken):
            unseal(Key(name, key.secret), sealed, table=_TABLE, row=_ROW)
            opened += 1
    return len(left), opened


def _files_with(wrapped: bytes, settings: Settings) -> int | None:
    """How often these bytes lie in the files beside the key store's; None with PostgreSQL, whose files are elsewhere."""
    # Our own transactions are over: closing the file here would drop their locks.
    file: Path | None = KeyDatabase(settings.key_store_url).file
    if file is None:
        return None
    return sum(path.read_bytes().count(wrapped) for path in file.parent.iterdir() if path.is_file())
