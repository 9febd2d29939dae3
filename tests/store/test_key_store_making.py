"""What ``db upgrade`` does for the key store, and who may open what it made."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.store.errors import KeyMissing, KeyStoreMisplaced, KeyTooOpen, MasterKeyMissing, MasterKeyWrong, StoreDown
from bot.store.key_store import make_key_store, open_key_store
from bot.store.upgrade import upgrade


def development(tmp_path: Path, **more: str) -> Settings:
    return Settings(environment="development", data_dir=tmp_path / "data", **more)


def test_it_may_run_any_number_of_times(tmp_path: Path, keystore_url: str) -> None:
    settings = development(tmp_path, keystore_url=keystore_url)
    assert make_key_store(settings)
    store = open_key_store(settings)
    made = store.create("esc-1")
    assert not make_key_store(settings)
    assert store.get("esc-1") == made
    store.close()


def test_several_may_run_at_once(tmp_path: Path, keystore_url: str) -> None:
    settings = development(tmp_path, keystore_url=keystore_url)
    start, found = threading.Barrier(4), []

    def race() -> None:
        start.wait()
        found.append(make_key_store(settings))

    threads = [threading.Thread(target=race) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [False, False, False, True]


def test_a_lost_master_key_is_not_replaced_in_silence(tmp_path: Path) -> None:
    settings = development(tmp_path)
    make_key_store(settings)
    store = open_key_store(settings)
    store.create("esc-1")
    settings.master_key_path.unlink()
    with pytest.raises(MasterKeyMissing, match="holds keys that need it") as caught:
        make_key_store(settings)
    assert caught.value.mend.startswith("Put it back.")
    assert not settings.master_key_path.exists()
    store.destroy("esc-1")
    assert not make_key_store(settings)
    store.close()


def test_a_file_that_was_named_is_never_made(tmp_path: Path) -> None:
    settings = development(tmp_path, master_key_file=str(tmp_path / "mine"))
    with pytest.raises(MasterKeyMissing, match="mine"):
        make_key_store(settings)
    assert not (tmp_path / "mine").exists()


def test_production_makes_no_master_key(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", master_key_file=str(tmp_path / "mine"))
    with pytest.raises(MasterKeyMissing):
        make_key_store(settings)
    assert not (tmp_path / "mine").exists()


def test_a_wrong_master_key_is_refused_by_whoever_opens_it(tmp_path: Path) -> None:
    settings = development(tmp_path)
    make_key_store(settings)
    store = open_key_store(settings)
    store.create("esc-1")
    store.close()
    name = settings.master_key_path.read_text().partition(":")[0]
    settings.master_key_path.write_bytes(f"{name}:".encode() + b"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHv8=")
    for start in (open_key_store, make_key_store):
        with pytest.raises(MasterKeyWrong):
            start(settings)


def test_the_database_of_the_conversations_is_refused(tmp_path: Path, database_url: str) -> None:
    upgrade(database_url, tmp_path / "data")
    (tmp_path / "data").chmod(0o700)
    tmp_path.chmod(0o700)
    with pytest.raises(KeyStoreMisplaced, match="database of the conversations"):
        make_key_store(development(tmp_path, keystore_url=database_url))
    assert not (tmp_path / "data" / "keys" / "master").exists()


@pytest.mark.parametrize(
    "url",
    ["sqlite://", "sqlite:///:memory:", "sqlite:///file:keys.db?uri=true", "mysql://db/keys", "keys.db", "://"],
)
def test_what_is_no_place_for_keys_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(KeyStoreMisplaced, match="neither a file of SQLite nor PostgreSQL"):
        make_key_store(development(tmp_path, keystore_url=url))


def test_a_lost_key_store_is_said(tmp_path: Path) -> None:
    settings = development(tmp_path)
    make_key_store(settings)
    (tmp_path / "data" / "keystore" / "keys.db").unlink()
    with pytest.raises(KeyMissing, match="db upgrade"):
        open_key_store(settings)
    assert not (tmp_path / "data" / "keystore" / "keys.db").exists()
    assert make_key_store(settings)


@pytest.mark.parametrize(("what", "mode"), [("keys.db", 0o640), (".", 0o750)])
def test_a_key_store_that_others_may_read_is_refused(tmp_path: Path, what: str, mode: int) -> None:
    settings = development(tmp_path)
    make_key_store(settings)
    (tmp_path / "data" / "keystore" / what).chmod(mode)
    for start in (open_key_store, make_key_store):
        with pytest.raises(KeyTooOpen) as caught:
            start(settings)
        assert "chmod 700" not in str(caught.value)


def test_a_place_where_nothing_can_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreDown, match="key store is down"):
        make_key_store(development(tmp_path, keystore_url=f"sqlite:///{tmp_path}/file/keystore/keys.db"))


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    settings = development(tmp_path)
    make_key_store(settings)
    file = tmp_path / "data" / "keystore" / "keys.db"
    file.write_bytes(b"these are not the keys " * 400)
    for start in (open_key_store, make_key_store):
        with pytest.raises(StoreDown):
            start(settings)
    assert file.read_bytes() == b"these are not the keys " * 400


def test_a_folder_with_odd_letters(tmp_path: Path) -> None:
    settings = Settings(environment="development", data_dir=tmp_path / "año 100% #1")
    make_key_store(settings)
    store = open_key_store(settings)
    assert store.create("esc-1") == store.get("esc-1")
    assert (tmp_path / "año 100% #1" / "keystore" / "keys.db").is_file()
    store.close()
