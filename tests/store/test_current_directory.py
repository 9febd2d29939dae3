"""The directory that a process answers with: SQL, else the file, else the seed; never a message that waits for SQL."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from structlog.testing import capture_logs

from bot.directory.hsds.changes import changes
from bot.directory.hsds.package import Package
from bot.store import current_directory, look_out
from bot.store.current_directory import CurrentDirectory
from bot.store.database import engine_for
from bot.store.directory import DirectoryStore
from bot.store.directory_file import DirectoryFile, DirectoryFileDamaged
from bot.store.directory_seals import reseal
from tests.servers import until
from tests.store.conftest import Clock
from tests.store.directories import PHONE, SERVICE, changed_row, two_organizations
from tests.upgraded import SEAL_KEY

pytestmark = pytest.mark.slow

REPO = Path(__file__).resolve().parents[2]
SEED = frozenset({"a service of the seed"})
OPEN = frozenset({SERVICE})


def offered(package: Package) -> frozenset[str]:
    """What stands for the directory of the conversation here: the services that are open."""
    return frozenset(row["id"] for row in package.rows("service") if row["status"] == "active")


@pytest.fixture
def store(engine: Engine, clock: Clock) -> DirectoryStore:
    return DirectoryStore(engine, SEAL_KEY, clock)


@pytest.fixture
def file(tmp_path: Path) -> DirectoryFile:
    return DirectoryFile(tmp_path / "data", SEAL_KEY)


@pytest.fixture
def down(tmp_path: Path, clock: Clock) -> DirectoryStore:
    return DirectoryStore(engine_for(f"postgresql://postgres@/puente?host={tmp_path}"), SEAL_KEY, clock)


MADE: list[CurrentDirectory[frozenset[str]]] = []


@pytest.fixture(autouse=True)
def _ended(engine: Engine) -> Iterator[None]:
    """No thread looks any more when the database goes."""
    yield
    while MADE:
        MADE.pop().close()


def current(store: DirectoryStore, file: DirectoryFile) -> CurrentDirectory[frozenset[str]]:
    MADE.append(CurrentDirectory(store, file, offered, SEED))
    return MADE[-1]


def put(store: DirectoryStore, package: Package) -> int:
    before, version = store.read()
    return store.apply(changes(before, package, keep_missing=False), by="Rosa", expected=version)


def shut() -> Package:
    """The directory after its only open service was closed."""
    return changed_row(two_organizations(), "service", SERVICE, status="temporarily closed")


def test_before_anything_was_filled_it_is_the_seed(store: DirectoryStore, file: DirectoryFile) -> None:
    assert current(store, file).now() == SEED
    assert not file.path.exists()


def test_sql_comes_before_the_file_and_the_seed(store: DirectoryStore, file: DirectoryFile) -> None:
    put(store, two_organizations())
    assert current(store, file).now() == OPEN
    put(store, shut())
    assert current(store, file).now() == frozenset()


def test_a_new_version_is_seen_without_asking(store: DirectoryStore, file: DirectoryFile) -> None:
    directory = current(store, file)
    put(store, two_organizations())
    directory.now()
    put(store, shut())
    until(lambda: directory.now() == frozenset(), "the new directory")
    until(lambda: (saved := file.read()) is not None and saved.mark == store.mark(), "the file")


def test_what_was_closed_stays_closed_without_sql(
    store: DirectoryStore, down: DirectoryStore, file: DirectoryFile
) -> None:
    put(store, two_organizations())
    put(store, shut())
    current(store, file).look()
    assert current(down, file).now() == frozenset(), "from the file"
    file.path.unlink()
    assert current(down, file).now() == SEED, "nothing else is known"


def test_sql_that_stops_changes_nothing(store: DirectoryStore, down: DirectoryStore, file: DirectoryFile) -> None:
    put(store, two_organizations())
    directory = current(store, file)
    directory.look()
    directory._store = down
    with capture_logs() as logs:
        for _ in range(3):
            directory.look()
    assert directory.now() == OPEN
    assert [each["event"] for each in logs] == ["directory.unavailable"], "told once, not every two seconds"
    directory._store = store
    put(store, shut())
    directory.look()
    assert directory.now() == frozenset()


def test_a_row_changed_by_hand_takes_nothing_down(store: DirectoryStore, file: DirectoryFile, engine: Engine) -> None:
    put(store, two_organizations())
    directory = current(store, file)
    directory.look()
    put(store, shut())
    with engine.begin() as connection:
        connection.execute(text("UPDATE hsds_phone SET number = 'call Ana'"))
    with capture_logs() as logs:
        directory.look()
        directory.look()
    assert directory.now() == OPEN
    assert [(each["event"], each["error"]) for each in logs] == [("directory.damaged", f"phone {PHONE[:6]} number")]
    # A start finds the file of the last good one.
    assert current(store, file).now() == OPEN


def test_a_row_mended_by_hand_is_found_again(
    store: DirectoryStore, file: DirectoryFile, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, two_organizations())
    with engine.begin() as connection:
        connection.execute(text("UPDATE hsds_phone SET number = 'call Ana'"))
    directory = current(store, file)
    directory.look()
    with engine.begin() as connection:
        connection.execute(text("UPDATE hsds_phone SET number = '+17735550100'"))
    directory.look()
    assert directory._value == SEED
    monkeypatch.setattr(current_directory, "AGAIN_SECONDS", 0.0)
    directory.look()
    assert directory.now() == OPEN


def test_a_directory_that_cannot_be_built_is_left_aside(store: DirectoryStore, file: DirectoryFile) -> None:
    def build(package: Package) -> frozenset[str]:
        if not offered(package):
            raise ZeroDivisionError
        return offered(package)

    directory = CurrentDirectory(store, file, build, SEED)
    MADE.append(directory)
    put(store, two_organizations())
    directory.look()
    put(store, shut())
    with capture_logs() as logs:
        directory.look()
    assert directory.now() == OPEN
    assert [(each["event"], each["error"]) for each in logs] == [("directory.refused", "ZeroDivisionError")]
    saved = file.read()
    assert saved is not None and offered(saved.package) == OPEN, "the file keeps what could be used"


def test_a_clock_that_goes_back_changes_nothing(store: DirectoryStore, file: DirectoryFile, clock: Clock) -> None:
    put(store, two_organizations())
    clock.advance(-3 * 365 * 86_400)
    directory = current(store, file)
    directory.look()
    assert directory.now() == OPEN
    assert current(store, file)._value == OPEN, "nor in the file"


def test_a_restored_backup_of_the_same_version_is_noticed(
    store: DirectoryStore, file: DirectoryFile, engine: Engine
) -> None:
    put(store, two_organizations())
    directory = current(store, file)
    directory.look()
    # As far as the number goes it is the same version.
    with engine.begin() as connection:
        connection.execute(text("UPDATE hsds_service SET status = 'inactive'"))
        reseal(connection, SEAL_KEY, 1)
    directory.look()
    assert directory.now() == frozenset()


@pytest.fixture
def deaf() -> Iterator[str]:
    """The URL of a PostgreSQL that takes every connection and never says a word."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(50)
        yield f"postgresql://postgres@127.0.0.1:{server.getsockname()[1]}/puente"


def test_no_message_waits_for_sql_that_hangs(
    file: DirectoryFile, store: DirectoryStore, clock: Clock, deaf: str
) -> None:
    put(store, two_organizations())
    current(store, file).look()
    release, asked = threading.Event(), threading.Event()

    class Hanging(DirectoryStore):
        def mark(self) -> str | None:
            asked.set()
            release.wait()
            return super().mark()

    directory = current(Hanging(engine_for(deaf), SEAL_KEY, clock), file)
    found: list[frozenset[str]] = []
    others = [threading.Thread(target=lambda: found.append(directory.now()), daemon=True) for _ in range(8)]
    for other in others:
        other.start()
    for other in others:
        other.join(20)
    # The look is still going on: nobody has waited for it to end.
    answered = (list(found), asked.is_set())
    release.set()
    assert answered == ([OPEN] * 8, True)
    until(lambda: directory._down, "the end of that look: this server is deaf")


def test_a_process_that_forks_looks_for_itself(store: DirectoryStore, file: DirectoryFile, tmp_path: Path) -> None:
    put(store, two_organizations())
    directory = current(store, file)
    assert directory.now() == OPEN
    store._engine.dispose()
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            give_up = time.monotonic() + 20
            while directory.now() != frozenset() and time.monotonic() < give_up:
                time.sleep(0.05)
            os.write(write, b"seen" if directory.now() == frozenset() else b"not seen")
        finally:
            os._exit(0)
    put(store, shut())
    os.waitpid(child, 0)
    assert os.read(read, 20) == b"seen"
    for end in (read, write):
        os.close(end)


def test_the_thread_ends_with_the_directory(
    store: DirectoryStore, file: DirectoryFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(look_out, "LOOK_SECONDS", 0.05)
    directory = CurrentDirectory(store, file, offered, SEED)
    directory.now()
    thread = directory._look_out.thread
    assert thread is not None and thread.is_alive()
    del directory
    until(lambda: not thread.is_alive(), "the end of the thread")


OTHER_PROCESS = """
import sys, time
from pathlib import Path
from bot.store.current_directory import CurrentDirectory
from bot.store.database import engine_for
from bot.store.directory import DirectoryStore
from bot.store.directory_file import DirectoryFile
from tests.store.test_current_directory import SEED, offered
from tests.upgraded import SEAL_KEY

store = DirectoryStore(engine_for(sys.argv[1]), SEAL_KEY, time.time)
directory = CurrentDirectory(store, DirectoryFile(Path(sys.argv[2]), SEAL_KEY), offered, SEED)
directory.now()
print("answering", flush=True)
told = None
while True:
    now = directory.now()
    if now != told:
        told = now
        print(sorted(now), flush=True)
    time.sleep(0.02)
"""


def test_another_process_sees_what_one_applies(store: DirectoryStore, database_url: str, tmp_path: Path) -> None:
    put(store, two_organizations())
    words = [sys.executable, "-c", OTHER_PROCESS, database_url, str(tmp_path / "other")]
    other = subprocess.Popen(words, cwd=REPO, stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == "answering\n"
        # Where the machine is slow it is the seed for a moment.
        while (line := other.stdout.readline()) != f"{[SERVICE]}\n":
            assert line == f"{sorted(SEED)}\n"
        put(store, shut())
        assert other.stdout.readline() == "[]\n"
    finally:
        other.kill()
        other.wait()
        other.stdout.close()  # type: ignore[union-attr]


def test_the_time_between_two_looks_is_what_is_promised() -> None:
    assert look_out.LOOK_SECONDS + 2 < 5, "two seconds are left for the reading"


# The file.


def saved(store: DirectoryStore, file: DirectoryFile) -> bytes:
    put(store, two_organizations())
    file.write(store.stored())
    return file.path.read_bytes()


def test_the_file_gives_back_what_went_in(store: DirectoryStore, file: DirectoryFile) -> None:
    assert file.read() is None
    saved(store, file)
    assert file.read() == store.stored()
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600 and stat.S_IMODE(file.path.parent.stat().st_mode) == 0o700


@hypothesis_settings(max_examples=150)
@given(data=st.data())
def test_a_file_that_is_cut_or_changed_is_never_used(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    file = DirectoryFile(tmp_path_factory.getbasetemp() / "hurt", SEAL_KEY)
    if not file.path.exists():
        file.write(current_directory.Stored(two_organizations(), 3, "3|x"))
        WHOLE.append(file.path.read_bytes())
    whole = WHOLE[-1]
    at = data.draw(st.integers(0, len(whole) - 1))
    if data.draw(st.booleans()):
        hurt = whole[:at]
    else:
        hurt = whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]
    file.path.write_bytes(hurt)
    with pytest.raises(DirectoryFileDamaged):
        file.read()
    file.path.write_bytes(whole)
    assert file.read() is not None


WHOLE: list[bytes] = []


def test_a_damaged_file_is_told_and_the_seed_answers(
    down: DirectoryStore, store: DirectoryStore, file: DirectoryFile
) -> None:
    file.path.parent.mkdir(parents=True)
    for left in (saved(store, file)[:-1], b"", b"\x00" * 100):
        file.path.write_bytes(left)
        with capture_logs() as logs:
            assert current(down, file)._value == SEED
        assert [each["event"] for each in logs] == ["directory.file_damaged"]
    assert current(store, file).now() == OPEN, "and SQL mends it"
    assert file.read() is not None


def test_a_folder_that_cannot_be_written_takes_nothing_down(store: DirectoryStore, file: DirectoryFile) -> None:
    put(store, two_organizations())
    file.path.parent.parent.mkdir()
    file.path.parent.write_text("no folder")
    directory = current(store, file)
    with capture_logs() as logs:
        directory.look()
    assert directory.now() == OPEN
    assert "directory.not_saved" in [each["event"] for each in logs]


WRITER = """
import sys
from pathlib import Path
from bot.store.directory import Stored
from bot.store.directory_file import DirectoryFile
from tests.store.directories import generated
from tests.upgraded import SEAL_KEY

file, package = DirectoryFile(Path(sys.argv[1]), SEAL_KEY), generated(int(sys.argv[2]))
print("writing", flush=True)
while True:
    file.write(Stored(package, int(sys.argv[2]), "x"))
"""


def test_many_writers_that_are_killed_leave_a_whole_file(file: DirectoryFile, tmp_path: Path) -> None:
    words = [sys.executable, "-c", WRITER, str(tmp_path / "data")]
    pipes = {"stdout": subprocess.PIPE, "cwd": REPO}
    writers = [subprocess.Popen([*words, str(number)], **pipes) for number in (5, 60, 200)]
    try:
        for writer in writers:
            writer.stdout.readline()
        until(file.path.exists, "the first file")
        for _ in range(30):
            stored = file.read()
            assert stored is not None and len(stored.package.tables["service"]) == stored.version
    finally:
        for writer in writers:
            writer.send_signal(signal.SIGKILL)
            writer.wait()
            writer.stdout.close()
    stored = file.read()
    assert stored is not None and len(stored.package.tables["service"]) == stored.version


def test_what_killed_writers_left_goes_in_time(store: DirectoryStore, file: DirectoryFile) -> None:
    saved(store, file)
    old, new = (file.path.with_name(f"current.json.{number}.aa") for number in (1, 2))
    for left in (old, new):
        left.write_bytes(b"half")
    os.utime(old, (1_000_000_000, 1_000_000_000))
    file.write(store.stored())
    assert (old.exists(), new.exists()) == (False, True)
