"""After a key's death nothing opens: whoever holds every byte of database, logs and key store, and the master key too.

The attacker of these tests knows all names, tries every offset of every file, and is first shown to succeed while the
keys live.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import Engine, LargeBinary, bindparam, make_url, text

from bot.store.errors import SealBroken
from bot.store.key_database import KEYS, KeyDatabase
from bot.store.key_store import KeyStore
from bot.store.master_key import MasterKeys
from bot.store.sealed import OVERHEAD, Key, seal, unseal

MASTER, NEXT_MASTER = Key("2026", bytes(range(32))), Key("2027", bytes(range(100, 132)))
NAMES = [f"esc-{number}" for number in range(6)]
WORDS = "la dirección es 123 calle Xicotencatl"
WRAPPED_BYTES = 32 + OVERHEAD
REPO = Path(__file__).resolve().parents[2]


def files(folder: Path) -> dict[Path, bytes]:
    """A copy of every byte in a folder, as of this moment."""
    copied = {}
    for path in folder.rglob("*"):
        # A running server deletes files while we look.
        with suppress(FileNotFoundError, OSError):
            if path.is_file() and not path.is_socket():
                copied[path] = path.read_bytes()
    return copied


def recovered(copy: dict[Path, bytes], master: Key) -> dict[str, Key]:
    """Every key that opens under this master key, at any offset of any file."""
    found = {}
    for held in copy.values():
        at = held.find(b"\x01")
        while at != -1:
            piece = held[at : at + WRAPPED_BYTES]
            for name in NAMES:
                with suppress(SealBroken):
                    found[name] = Key(name, unseal(master, piece, table=KEYS.name, row=name, column="wrapped"))
            at = held.find(b"\x01", at + 1)
    return found


def opened(seals: dict[str, bytes], keys: dict[str, Key]) -> set[str]:
    """Whose words can be read with these keys."""
    found = set()
    for name, sealed in seals.items():
        # Each under every key's name too, so that only the key itself can be what is missing.
        for secret in {key.secret for key in keys.values()}:
            with suppress(SealBroken):
                if unseal(Key(name, secret), sealed, table="messages", row=name) == WORDS.encode():
                    found.add(name)
    return found


@pytest.fixture
def key_database(tmp_path: Path) -> Iterator[KeyDatabase]:
    database = KeyDatabase(f"sqlite:///{tmp_path}/apart/keystore/keys.db")
    database.make()
    yield database
    database.close()


@pytest.fixture
def store(key_database: KeyDatabase) -> KeyStore:
    return KeyStore(key_database, MasterKeys((MASTER,)))


def store_folder(database: KeyDatabase) -> Path:
    assert database.file is not None
    return database.file.parent


def folder_of(engine: Engine) -> Path:
    """Where the database lies, its log beside it."""
    if engine.dialect.name == "sqlite":
        return Path(str(engine.url.database)).parent
    return Path(str(engine.url.query["host"]))


def write_rows(engine: Engine, seals: dict[str, bytes]) -> None:
    with engine.begin() as connection:
        kind = "BYTEA" if engine.dialect.name == "postgresql" else "BLOB"
        connection.execute(text(f"CREATE TABLE messages (name TEXT PRIMARY KEY, words {kind})"))
        insert = text("INSERT INTO messages VALUES (:name, :words)").bindparams(bindparam("words", type_=LargeBinary))
        connection.execute(insert, [{"name": name, "words": sealed} for name, sealed in seals.items()])
    if engine.dialect.name == "postgresql":
        # Onto their page on the disk: in the log alone a row may lie across the edge of two pages, and is not found there as one.
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("CHECKPOINT"))


def test_the_rows_survive_and_stay_shut(engine: Engine, store: KeyStore, key_database: KeyDatabase) -> None:
    seals = {name: seal(store.create(name), WORDS.encode(), table="messages", row=name) for name in NAMES}
    write_rows(engine, seals)
    before = files(store_folder(key_database))
    assert opened(seals, recovered(before, MASTER)) == set(NAMES)

    for name in NAMES[:-1]:
        assert store.destroy(name)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM messages"))
    keys = files(store_folder(key_database))
    rows = b"".join(files(folder_of(engine)).values())

    # This is why: deleting rows is not erasing them.
    assert [name for name, sealed in seals.items() if sealed in rows] == NAMES
    assert WORDS.encode() not in rows
    assert opened(seals, recovered(keys, MASTER)) == {NAMES[-1]}
    assert store.destroy(NAMES[-1])
    keys = files(store_folder(key_database))
    assert keys and recovered(keys, MASTER) == {} and opened(seals, recovered(keys, MASTER)) == set()


def test_nothing_of_a_wrapped_key_stays_in_the_files(store: KeyStore, key_database: KeyDatabase) -> None:
    names = [f"many-{number}" for number in range(40)]
    for name in names:
        store.create(name)
    wrapped = [store.wrapped(name) or b"none" for name in names]
    for name in names[::2]:
        store.destroy(name)
    held = b"".join(files(store_folder(key_database)).values())
    pieces = [{key[at : at + 12] for at in range(0, len(key) - 12)} for key in wrapped]
    assert not [number for number in range(0, 40, 2) if any(piece in held for piece in pieces[number])]
    assert all(wrapped[number] in held for number in range(1, 40, 2))


# Of 300 orders tried with values of less than a page, these are some in which SQLite 3.40 left a copy of a deleted one.
@pytest.mark.slow
@pytest.mark.parametrize("order", [7, 128, 133])
def test_no_copy_stays_where_sqlite_moved_rows(store: KeyStore, key_database: KeyDatabase, order: int) -> None:
    chance, living, dead = random.Random(order), {}, {}
    assert key_database.file is not None
    for _ in range(400):
        if not living or chance.random() < 0.55:
            name = f"{chance.getrandbits(128):032x}"
            store.create(name)
            living[name] = store.wrapped(name) or b"none"
        else:
            name = chance.choice(list(living))
            store.destroy(name)
            dead[name] = living.pop(name)
    held = key_database.file.read_bytes()
    assert not [name for name, wrapped in dead.items() if wrapped[20:] in held]
    assert all(wrapped in held for wrapped in living.values())


def test_the_former_wrapping_is_gone_after_a_rotation(store: KeyStore, key_database: KeyDatabase) -> None:
    for name in NAMES:
        store.create(name)
    former = [store.wrapped(name) or b"none" for name in NAMES]
    KeyStore(key_database, MasterKeys((NEXT_MASTER, MASTER))).rewrap()
    copy = files(store_folder(key_database))
    assert not [wrapped for wrapped in former if wrapped[20:] in b"".join(copy.values())]
    assert recovered(copy, MASTER) == {} and set(recovered(copy, NEXT_MASTER)) == set(NAMES)


def test_a_forbidden_copy_of_the_key_store_dies_with_the_former_master_key(
    store: KeyStore, key_database: KeyDatabase
) -> None:
    """A backup that should not exist, or what a disk kept: it needs the master key of its time."""
    for name in NAMES:
        store.create(name)
    copy = files(store_folder(key_database))
    rotating = KeyStore(key_database, MasterKeys((NEXT_MASTER, MASTER)))
    rotating.rewrap()
    rotating.destroy(NAMES[0])
    assert NAMES[0] in recovered(copy, MASTER)
    assert recovered(copy, NEXT_MASTER) == {}


def test_the_journal_is_overwritten_before_its_blocks_are_free(store: KeyStore, key_database: KeyDatabase) -> None:
    """It holds the former pages, and a deleted file's blocks stay on a disk as they were."""
    store.create("esc-0")
    wrapped = store.wrapped("esc-0") or b"none"
    with key_database.writing() as connection:
        connection.execute(KEYS.delete())
        journal = os.open(f"{key_database.file}-journal", os.O_RDONLY)
        assert wrapped in os.pread(journal, 1_000_000, 0)
    held = os.pread(journal, 1_000_000, 0)
    os.close(journal)
    assert held and not any(held)
    assert [path.name for path in store_folder(key_database).iterdir()] == ["keys.db"]


def test_a_journal_that_still_has_a_name_is_left_alone(store: KeyStore, key_database: KeyDatabase) -> None:
    """SQLite would need it to undo a commit that failed."""
    store.create("esc-0")
    wrapped = store.wrapped("esc-0") or b"none"
    named = store_folder(key_database).parent / "journal"
    with key_database.writing() as connection:
        connection.execute(KEYS.delete())
        os.link(f"{key_database.file}-journal", named)
    assert wrapped in named.read_bytes()


def test_what_was_given_up_half_way_leaves_the_key_and_no_journal(store: KeyStore, key_database: KeyDatabase) -> None:
    made = store.create("esc-0")
    with pytest.raises(ZeroDivisionError), key_database.writing() as connection:
        connection.execute(KEYS.delete())
        raise ZeroDivisionError
    assert store.get("esc-0") == made
    assert [path.name for path in store_folder(key_database).iterdir()] == ["keys.db"]


WORKER = """
import sys
from bot.store.key_database import KeyDatabase
from bot.store.key_store import KeyStore
from bot.store.master_key import MasterKeys
from bot.store.sealed import Key
store = KeyStore(KeyDatabase(sys.argv[1]), MasterKeys((Key("2026", bytes(range(32))),)))
number = int(sys.argv[2])
while True:
    print("creating", number, flush=True)
    store.create(f"esc-{number}")
    print("created", number, flush=True)
    if number % 2:
        print("destroying", number, flush=True)
        store.destroy(f"esc-{number}")
        print("destroyed", number, flush=True)
    number += 1
"""


@pytest.mark.slow
def test_what_was_said_holds_after_kill_9(store: KeyStore, key_database: KeyDatabase) -> None:
    """A process is killed at any moment, five times; what it had said it did is done, and nothing else is lost."""
    said: dict[str, str] = {}
    for start in range(0, 5_000, 1_000):
        words = [sys.executable, "-c", WORKER, f"sqlite:///{key_database.file}", str(start)]
        with subprocess.Popen(words, cwd=REPO, stdout=subprocess.PIPE, text=True) as worker:
            assert worker.stdout is not None
            # Another number of lines each time, so that it dies in the middle of something else.
            for _ in range(7 + start // 250):
                act, _, number = worker.stdout.readline().strip().partition(" ")
                said[f"esc-{number}"] = act
            worker.send_signal(signal.SIGKILL)
            for line in worker.stdout:
                act, _, number = line.strip().partition(" ")
                said[f"esc-{number}"] = act
    names = set(store.names())
    assert {name for name, act in said.items() if act == "created"} <= names
    assert not {name for name, act in said.items() if act == "destroyed"} & names
    assert names <= set(said) and len(said) > 5
    assert all(store.get(name) for name in names)
    with key_database.reading() as connection:
        assert connection.scalar(text("PRAGMA integrity_check")) == "ok"


@pytest.mark.slow
def test_postgresql_keeps_it_in_its_log_and_not_in_its_table(request: pytest.FixtureRequest) -> None:
    """What docs/keys.md says of a key store in PostgreSQL."""
    from tests.store.postgres import new_database

    url = new_database(request.getfixturevalue("_postgres"))
    database = KeyDatabase(url)
    database.make()
    store = KeyStore(database, MasterKeys((MASTER,)))
    for name in NAMES:
        store.create(name)
    wrapped = store.wrapped(NAMES[0]) or b"none"
    home = Path(str(make_url(url).query["host"])) / "data"
    checkpoint(database)
    assert places_with(wrapped, home) == {"base", "pg_wal"}
    assert store.destroy(NAMES[0])
    checkpoint(database)
    assert places_with(wrapped, home) <= {"pg_wal"}
    assert {name for name in NAMES if store.get(name)} == set(NAMES[1:])
    database.close()


def places_with(wrapped: bytes, home: Path) -> set[str]:
    # Compressed behind its zeros, a value keeps its random bytes as they are, in pieces of at least eight.
    pieces = {wrapped[at : at + 8] for at in range(0, len(wrapped) - 8)}
    held = [path for path, content in files(home).items() if any(piece in content for piece in pieces)]
    return {path.relative_to(home).parts[0] for path in held}


def checkpoint(database: KeyDatabase) -> None:
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("CHECKPOINT"))
