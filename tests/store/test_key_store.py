"""The key store on SQLite and PostgreSQL: keys made, found, destroyed and wrapped anew; what is lost or wrong is said."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import select, text, update

from bot.store.errors import (
    KeyGone,
    KeyTaken,
    MasterKeyMissing,
    MasterKeyWrong,
    StoreDown,
    WrappedKeyDamaged,
)
from bot.store.key_database import KEYS, MASTERS, KeyDatabase
from bot.store.key_store import KeyStore
from bot.store.master_key import MasterKeys
from bot.store.sealed import Key

OLD, NEW = Key("2026", bytes(range(32))), Key("2027", bytes(range(100, 132)))
Opener = Callable[..., KeyStore]


@pytest.fixture
def open_store(keystore_url: str) -> Iterator[Opener]:
    """Opens the key store, as many times as wanted, each time as if in another process."""
    database = KeyDatabase(keystore_url)
    database.make()
    opened: list[KeyStore] = []

    def opening(*versions: Key) -> KeyStore:
        opened.append(KeyStore(KeyDatabase(keystore_url), MasterKeys(versions or (OLD,))))
        return opened[-1]

    yield opening
    database.close()
    for store in opened:
        store.close()


@pytest.fixture
def store(open_store: Opener) -> KeyStore:
    return open_store()


@pytest.fixture
def database(keystore_url: str, store: KeyStore) -> Iterator[KeyDatabase]:
    """The database itself, to spoil it."""
    database = KeyDatabase(keystore_url)
    yield database
    database.close()


def test_a_key_is_found_again_by_another_process(store: KeyStore, open_store: Opener) -> None:
    made = store.create("esc-1")
    assert open_store().get("esc-1") == open_store().require("esc-1") == made
    assert made.name == "esc-1" and len(made.secret) == 32


def test_every_key_is_another(store: KeyStore) -> None:
    made = [store.create(f"esc-{number}") for number in range(50)]
    assert len({key.secret for key in made}) == 50
    assert store.names() == tuple(sorted(key.name for key in made))


def test_the_key_itself_is_not_in_the_store(store: KeyStore) -> None:
    made = store.create("esc-1")
    wrapped = store.wrapped("esc-1")
    assert wrapped is not None and made.secret not in wrapped
    assert store.wrapped("esc-2") is None


def test_a_name_in_use_is_refused_and_keeps_its_key(store: KeyStore, open_store: Opener) -> None:
    made = store.create("esc-1")
    with pytest.raises(KeyTaken):
        open_store().create("esc-1")
    assert store.get("esc-1") == made


def test_a_destroyed_key_is_gone_for_everybody(store: KeyStore, open_store: Opener) -> None:
    other = open_store()
    store.create("esc-1")
    assert other.get("esc-1") is not None
    assert store.destroy("esc-1")
    for either in (store, other):
        assert either.get("esc-1") is None and either.names() == ()
        with pytest.raises(KeyGone):
            either.require("esc-1")


def test_destroying_twice_or_what_never_was_does_nothing(store: KeyStore) -> None:
    store.create("esc-1")
    store.create("esc-2")
    assert [store.destroy("esc-1"), store.destroy("esc-1"), store.destroy("esc-3")] == [True, False, False]
    assert store.names() == ("esc-2",)


def test_a_name_that_comes_again_has_another_key(store: KeyStore) -> None:
    first = store.create("esc-1")
    store.destroy("esc-1")
    assert store.create("esc-1").secret != first.secret


class TestMany:
    """What a page of many conversations asks for."""

    def test_those_that_are_there_are_found_by_their_names(self, store: KeyStore, open_store: Opener) -> None:
        made = {name: store.create(name) for name in ("esc-1", "esc-2", "esc-3")}
        store.destroy("esc-2")
        wanted = ["esc-3", "esc-1", "esc-2", "never"]
        assert open_store().require_many(wanted) == {"esc-1": made["esc-1"], "esc-3": made["esc-3"]}
        assert store.require_many([]) == {} and store.require_many(["never"]) == {}

    def test_however_many_they_are(self, store: KeyStore, monkeypatch: pytest.MonkeyPatch) -> None:
        """Databases take only so many values in one question."""
        monkeypatch.setattr("bot.store.key_store._CHUNK", 3)
        for count in (2, 3, 4, 7):
            names = [f"of-{count}-{number}" for number in range(count)]
            made = {name: store.create(name) for name in names}
            assert store.require_many(names) == made

    def test_a_damaged_one_does_not_hide_the_others(self, store: KeyStore, database: KeyDatabase) -> None:
        made = {name: store.create(name) for name in ("esc-1", "esc-2", "esc-3")}
        spoil(database, "esc-2")
        assert store.require_many(list(made)) == {"esc-1": made["esc-1"], "esc-3": made["esc-3"]}

    def test_a_master_key_that_is_missing_or_wrong_is_said(self, store: KeyStore, open_store: Opener) -> None:
        store.create("esc-1")
        with pytest.raises(MasterKeyMissing, match="'2026'"):
            open_store(NEW).require_many(["esc-1"])
        with pytest.raises(MasterKeyWrong, match="'2026'"):
            open_store(Key(OLD.name, NEW.secret)).require_many(["esc-1"])

    def test_a_name_that_is_none_is_refused_before_anything_is_asked(self, store: KeyStore) -> None:
        store.create("esc-1")
        with pytest.raises(ValueError, match="name of a key"):
            store.require_many(["esc-1", "+15005550006"])


BAD_NAMES = ["", "a" * 65, "+15005550006", "whatsapp:+50255500001", "a b", "ñ", "a\0", "a\n", "'; DROP TABLE keys; --"]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_name_that_is_none_is_refused(store: KeyStore, name: str) -> None:
    for ask in (store.create, store.get, store.require, store.destroy, store.wrapped):
        with pytest.raises(
            ValueError, match="^the name of a key is 1 to 64 letters, digits, hyphens and underscores$"
        ) as caught:
            ask(name)
        assert "5005550006" not in str(caught.value)
    assert store.names() == ()


def test_many_at_once(store: KeyStore, open_store: Opener) -> None:
    """Eight threads over two processes' worth of connections: of each name one makes it and one destroys it."""
    stores, names = (store, open_store()), [f"esc-{number}" for number in range(12)]
    made: list[str] = []
    gone: list[str] = []
    broken: list[BaseException] = []

    def work(mine: KeyStore) -> None:
        for name in names:
            try:
                mine.create(name)
                made.append(name)
            except KeyTaken:
                pass
            except StoreDown as error:
                broken.append(error)

    def undo(mine: KeyStore) -> None:
        for name in names:
            try:
                gone.extend([name] if mine.destroy(name) else [])
            except StoreDown as error:
                broken.append(error)

    for task in (work, undo):
        threads = [threading.Thread(target=task, args=(stores[number % 2],)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        # One that waited longer than a second for the others gives up; with so few it happens rarely or never.
        assert len(broken) < 10
    assert len(made) == len(set(made)) and len(gone) == len(set(gone))
    assert set(gone) | set(store.names()) == set(made)


class TestRotation:
    def test_everything_is_wrapped_anew_and_stays_the_same_key(self, store: KeyStore, open_store: Opener) -> None:
        made = [store.create(f"esc-{number}") for number in range(5)]
        rotating = open_store(NEW, OLD)
        assert [rotating.get(key.name) for key in made] == made
        assert rotating.counts() == {"2026": 5}
        assert rotating.rewrap() == 5
        assert rotating.counts() == {"2027": 5}
        after = open_store(NEW)
        after.check()
        assert [after.get(key.name) for key in made] == made
        assert rotating.rewrap() == 0

    def test_new_keys_are_under_the_new_one_at_once(self, store: KeyStore, open_store: Opener) -> None:
        store.create("esc-1")
        rotating = open_store(NEW, OLD)
        rotating.create("esc-2")
        assert rotating.counts() == {"2026": 1, "2027": 1}

    def test_it_may_be_cut_off_and_started_again(
        self, store: KeyStore, open_store: Opener, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = [store.create(f"esc-{number}") for number in range(6)]
        rotating = open_store(NEW, OLD)
        rewrap_one, cut = rotating._rewrap, iter((False, False, True))

        def until_cut(name: str, current: Key) -> int:
            if next(cut):
                raise KeyboardInterrupt
            return rewrap_one(name, current)

        monkeypatch.setattr(rotating, "_rewrap", until_cut)
        with pytest.raises(KeyboardInterrupt):
            rotating.rewrap()
        again = open_store(NEW, OLD)
        assert again.counts() == {"2026": 4, "2027": 2}
        again.check()
        assert [again.get(key.name) for key in made] == made
        assert again.rewrap() == 4

    def test_a_process_that_was_not_started_again_is_found_out(self, store: KeyStore, open_store: Opener) -> None:
        """It still wraps under the former key: the next rotation finds that, and a file without that line is refused."""
        store.create("esc-1")
        rotating = open_store(NEW, OLD)
        rotating.rewrap()
        late = store.create("esc-2")
        with pytest.raises(MasterKeyMissing, match="'2026'"):
            open_store(NEW).check()
        assert rotating.get("esc-2") == late
        assert rotating.rewrap() == 1
        open_store(NEW).check()

    def test_one_that_is_destroyed_meanwhile_does_not_come_back(
        self, store: KeyStore, open_store: Opener, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for number in range(3):
            store.create(f"esc-{number}")
        rotating = open_store(NEW, OLD)
        behind = rotating._behind(NEW)
        store.destroy("esc-1")
        monkeypatch.setattr(rotating, "_behind", lambda current: behind)
        assert rotating.rewrap() == 2
        assert rotating.names() == ("esc-0", "esc-2")

    def test_a_damaged_key_does_not_stop_the_others(
        self, store: KeyStore, open_store: Opener, database: KeyDatabase
    ) -> None:
        for number in range(3):
            store.create(f"esc-{number}")
        spoil(database, "esc-1")
        rotating = open_store(NEW, OLD)
        with pytest.raises(WrappedKeyDamaged) as caught:
            rotating.rewrap()
        assert caught.value.keys == 1
        assert rotating.counts() == {"2026": 1, "2027": 2}

    def test_every_damaged_key_is_counted_and_its_master_key_stays_known(
        self, store: KeyStore, open_store: Opener, database: KeyDatabase
    ) -> None:
        for number in range(4):
            store.create(f"esc-{number}")
        for name in ("esc-1", "esc-2"):
            spoil(database, name)
        with pytest.raises(WrappedKeyDamaged) as caught:
            open_store(NEW, OLD).rewrap()
        assert caught.value.keys == 2
        assert known(database) == ["2026", "2027"]

    def test_a_former_master_key_under_which_nothing_is_left_is_forgotten(
        self, store: KeyStore, open_store: Opener, database: KeyDatabase
    ) -> None:
        """Else its name could never be given to another one."""
        store.create("esc-1")
        open_store(NEW, OLD).rewrap()
        assert known(database) == ["2027"]
        open_store(NEW, Key(OLD.name, bytes(range(50, 82)))).check()

    def test_there_and_back_again(self, store: KeyStore, open_store: Opener) -> None:
        made = store.create("esc-1")
        open_store(NEW, OLD).rewrap()
        assert open_store(OLD, NEW).rewrap() == 1
        assert open_store(OLD).get("esc-1") == made


def known(database: KeyDatabase) -> list[str]:
    """The versions of the master key that the store has a proof of."""
    with database.reading() as connection:
        return sorted(connection.scalars(select(MASTERS.c.name)))


def spoil(database: KeyDatabase, name: str) -> None:
    """One bit of the wrapped key falls over."""
    with database.writing() as connection:
        value = connection.scalar(text("SELECT wrapped FROM keys WHERE name = :name"), {"name": name})
        spoilt = bytes([*value[:-1], value[-1] ^ 1])
        connection.execute(update(KEYS).where(KEYS.c.name == name).values(wrapped=spoilt))


class TestLostOrWrong:
    def test_a_wrong_master_key_is_named_and_changes_nothing(self, store: KeyStore, open_store: Opener) -> None:
        made = store.create("esc-1")
        wrong = open_store(Key(OLD.name, NEW.secret))
        asked = (wrong.check, lambda: wrong.get("esc-1"), lambda: wrong.create("esc-2"), wrong.rewrap)
        for ask in asked:
            with pytest.raises(MasterKeyWrong, match="'2026'") as caught:
                ask()
            assert caught.value.mend.startswith("Put the right file back;")
            assert caught.value.mend.endswith("Nothing was changed.")
        assert store.get("esc-1") == made and store.names() == ("esc-1",)

    def test_also_before_there_is_any_key(self, store: KeyStore, open_store: Opener) -> None:
        store.create("esc-1")
        store.destroy("esc-1")
        with pytest.raises(MasterKeyWrong):
            open_store(Key(OLD.name, NEW.secret)).check()

    def test_a_missing_version_is_named(self, store: KeyStore, open_store: Opener) -> None:
        made = store.create("esc-1")
        lost = open_store(NEW)
        for ask in (lost.check, lambda: lost.get("esc-1"), lost.rewrap):
            with pytest.raises(MasterKeyMissing, match="'2026'"):
                ask()
        assert store.get("esc-1") == made

    def test_without_the_master_key_a_key_can_still_be_destroyed(self, store: KeyStore, open_store: Opener) -> None:
        store.create("esc-1")
        assert open_store(NEW).destroy("esc-1")
        assert store.names() == ()

    def test_a_damaged_key_is_told_from_a_wrong_master_key(self, store: KeyStore, database: KeyDatabase) -> None:
        store.create("esc-1")
        good = store.create("esc-2")
        spoil(database, "esc-1")
        with pytest.raises(WrappedKeyDamaged):
            store.get("esc-1")
        assert store.get("esc-2") == good
        store.check()

    def test_a_key_moved_to_another_name_does_not_open(self, store: KeyStore, database: KeyDatabase) -> None:
        for name in ("esc-1", "esc-2"):
            store.create(name)
        with database.writing() as connection:
            value = connection.scalar(text("SELECT wrapped FROM keys WHERE name = 'esc-1'"))
            connection.execute(update(KEYS).where(KEYS.c.name == "esc-2").values(wrapped=value))
        with pytest.raises(WrappedKeyDamaged):
            store.get("esc-2")

    def test_a_damaged_proof_is_not_overwritten(self, store: KeyStore, database: KeyDatabase) -> None:
        store.create("esc-1")
        with database.writing() as connection:
            connection.execute(update(MASTERS).values(proof=b"spoilt"))
        for ask in (store.check, lambda: store.create("esc-2")):
            with pytest.raises(MasterKeyWrong):
                ask()

    def test_no_error_tells_a_key_or_a_name(self, store: KeyStore, open_store: Opener, database: KeyDatabase) -> None:
        made = store.create("esc-77")
        spoil(database, "esc-77")
        lost, wrong = open_store(NEW), open_store(Key(OLD.name, NEW.secret))
        for ask in (store, lost, wrong):
            with pytest.raises(Exception) as caught:
                ask.get("esc-77")
            shown = f"{caught.value!r} {caught.value}"
            assert "esc-77" not in shown
            assert not any(key.secret.hex() in shown or repr(key.secret)[2:-1] in shown for key in (OLD, NEW, made))

    def test_a_store_that_is_down_is_named_without_details(self, tmp_path: Path) -> None:
        urls = {
            f"sqlite:///{tmp_path}/nowhere/keys.db": "OperationalError SQLITE_CANTOPEN",
            f"postgresql://ana:secret@/keys?host={tmp_path}": "OperationalError",
        }
        for url, evidence in urls.items():
            store = KeyStore(KeyDatabase(url), MasterKeys((OLD,)))
            for ask in (store.get, store.create, store.destroy):
                with pytest.raises(StoreDown) as caught:
                    ask("esc-1")
                assert str(caught.value) == f"key store is down ({evidence})"
            store.close()


@examples(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["create", "destroy", "rewrap"]), st.integers(0, 5), st.booleans()), max_size=25)
)
def test_it_does_what_a_dictionary_does(
    tmp_path_factory: pytest.TempPathFactory, todo: list[tuple[str, int, bool]]
) -> None:
    """Any order of acts by two processes, one of which has the newer master key file."""
    database = KeyDatabase(f"sqlite:///{tmp_path_factory.mktemp('keys')}/keystore/keys.db")
    database.make()
    newer, older = KeyStore(database, MasterKeys((NEW, OLD))), KeyStore(database, MasterKeys((OLD, NEW)))
    expected: dict[str, Key] = {}
    for act, number, first in todo:
        store, name = newer if first else older, f"esc-{number}"
        if act == "rewrap":
            store.rewrap()
            assert set(store.counts()) <= {NEW.name if first else OLD.name}
        elif act == "destroy":
            assert store.destroy(name) == (expected.pop(name, None) is not None)
        elif name in expected:
            with pytest.raises(KeyTaken):
                store.create(name)
        else:
            expected[name] = store.create(name)
        assert {each: newer.get(each) for each in older.names()} == expected
    database.close()


def test_sqlite_is_set_up_to_forget_and_to_keep(tmp_path: Path) -> None:
    database = KeyDatabase(f"sqlite:///{tmp_path}/keystore/keys.db")
    assert database.make() and not database.make()
    with database.reading() as connection:
        names = ("journal_mode", "secure_delete", "synchronous", "temp_store", "page_size")
        found = {name: connection.scalar(text(f"PRAGMA {name}")) for name in names}
    # synchronous 3 is EXTRA, temp_store 2 is MEMORY.
    assert found == {"journal_mode": "delete", "secure_delete": 1, "synchronous": 3, "temp_store": 2, "page_size": 4096}
    assert database.file is not None
    assert database.file.stat().st_mode & 0o777 == 0o600
    assert database.file.parent.stat().st_mode & 0o777 == 0o700
    database.close()


def test_a_key_store_that_somebody_holds_is_given_up_and_nothing_is_half_done(tmp_path: Path) -> None:
    database = KeyDatabase(f"sqlite:///{tmp_path}/keystore/keys.db")
    database.make()
    store = KeyStore(database, MasterKeys((OLD,)))
    made = store.create("esc-1")
    holder = sqlite3.connect(f"{tmp_path}/keystore/keys.db", isolation_level=None)
    # A reader that does not end: the deletion is written down in the journal and cannot be completed.
    holder.execute("BEGIN")
    holder.execute("SELECT count(*) FROM keys").fetchone()
    with pytest.raises(StoreDown):
        store.destroy("esc-1")
    holder.execute("COMMIT")
    holder.close()
    assert store.get("esc-1") == made
    assert store.destroy("esc-1")
    store.close()
