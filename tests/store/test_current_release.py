"""What a process answers with: the release that SQL holds, as it was published, or the last good one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, select, text, update
from structlog.testing import capture_logs

from bot import content
from bot.escalation.viewer import Role, Viewer
from bot.scripts.release import Release
from bot.scripts.sources import sha_of
from bot.settings import REPOSITORY
from bot.store.carrier_alarms import CarrierAlarms
from bot.store.content_models import ContentFile, ReleaseRow
from bot.store.current_release import CurrentRelease
from bot.store.database import engine_for
from bot.store.errors import NotYours, ReleaseRefused
from bot.store.release_file import ReleaseFiles
from bot.store.release_watch import ReleaseWatch
from bot.store.releases import Releases
from bot.store.withdrawals import Withdrawals
from tests.servers import until
from tests.store.conftest import Clock
from tests.upgraded import SEAL_KEY

pytestmark = pytest.mark.slow

LUZ, EVA = (Viewer(number, name, frozenset({Role.PUBLISHER})) for number, name in ((1, "Luz"), (2, "Eva")))
ANA = Viewer(3, "Ana", frozenset({Role.VOLUNTEER}))
KEY = b"k" * 32
FLOW = "flows/services/services_health.yml"
SEED = content.load()
DAY = 86_400


class World:
    """The stores of a host, and the processes that were made on it."""

    def __init__(self, engine: Engine, clock: Clock, folder: Path) -> None:
        self.engine, self.clock, self.folder = engine, clock, folder
        self.releases = Releases(engine, KEY, clock, judge=lambda *_: ())
        self.made: list[CurrentRelease] = []

    def process(self, engine: Engine | None = None, key: bytes = KEY, folder: Path | None = None) -> CurrentRelease:
        engine = engine or self.engine
        releases = Releases(engine, key, self.clock, judge=lambda *_: ())
        files = ReleaseFiles(folder or self.folder, key)
        self.made.append(CurrentRelease(releases, Withdrawals(engine, SEAL_KEY, self.clock), files, lambda: SEED))
        return self.made[-1]

    def publish(self, mark: str) -> int:
        current = self.releases.current().sources
        number = self.releases.number()
        sources = {**current, FLOW: current[FLOW] + f"# {mark}\n".encode()}
        return self.releases.publish(LUZ, sources, ("services_health",), mark, number)

    def sql(self, statement: object) -> None:
        with self.engine.begin() as connection:
            connection.execute(statement)  # type: ignore[call-overload]

    def file(self, number: int) -> Path:
        return self.folder / "releases" / f"{number:06d}.release"


@pytest.fixture
def world(engine: Engine, clock: Clock, tmp_path: Path) -> Iterator[World]:
    world = World(engine, clock, tmp_path)
    yield world
    for each in world.made:
        each.close()


def test_the_files_until_somebody_publishes_then_what_she_published(world: World) -> None:
    process = world.process()
    process.look()
    assert process.now() is SEED and process.number == 0 and not process.damage
    world.publish("one")
    process.look()
    assert process.number == 1 and process.now().number != SEED.number
    assert process.now() is process.now(), "one value, no new one for each message"
    assert world.file(1).stat().st_mode & 0o777 == 0o600


def test_the_day_of_a_release_is_that_on_which_it_was_published(world: World) -> None:
    world.publish("one")
    process = world.process()
    process.look()
    assert process.now().released.isoformat() == "2026-11-24"


def damage(world: World, what: str) -> None:
    """Makes release 2 another than was published."""
    second, first = ReleaseRow.number == 2, ReleaseRow.number == 1
    match what:
        case "the note of the row":
            world.sql(update(ReleaseRow).where(second).values(note="another"))
        case "who published":
            world.sql(update(ReleaseRow).where(second).values(by=7))
        case "the manifest":
            world.sql(text("UPDATE releases SET manifest = replace(manifest, 'flows/a', 'flows/b') WHERE number = 2"))
        case "the digest":
            world.sql(update(ReleaseRow).where(second).values(digest="0" * 64))
        case "the seal":
            world.sql(update(ReleaseRow).where(second).values(seal="0" * 64))
        case "the seal before":
            world.sql(update(ReleaseRow).where(first).values(seal="0" * 64))
        case "the row before":
            world.sql(delete(ReleaseRow).where(first))
        case "a file":
            sha = sha_of(world.releases.stored(2).sources[FLOW])
            world.sql(update(ContentFile).where(ContentFile.sha == sha).values(data=b"another"))
        case "a file that is gone":
            sha = sha_of(world.releases.stored(2).sources[FLOW])
            world.sql(delete(ContentFile).where(ContentFile.sha == sha))
        case "a file of another release":
            sha, other = (sha_of(world.releases.stored(number).sources[FLOW]) for number in (2, 1))
            with world.engine.begin() as connection:
                data = connection.scalar(select(ContentFile.data).where(ContentFile.sha == other))
                connection.execute(update(ContentFile).where(ContentFile.sha == sha).values(data=data))
        case _:
            raise AssertionError(what)


DAMAGES = (
    "the note of the row", "who published", "the manifest", "the digest", "the seal", "the seal before", "the row before",
    "a file", "a file that is gone", "a file of another release",
)  # fmt: skip


@pytest.mark.parametrize("what", DAMAGES)
def test_a_damaged_release_is_not_served_and_said_once(world: World, what: str) -> None:
    process = world.process()
    world.publish("one")
    process.look()
    good = process.now()
    world.publish("two")
    damage(world, what)
    with capture_logs() as logs:
        for _ in range(3):
            process.look()
    assert process.now() is good and process.number == 1
    assert process.damage.startswith("release 2 is damaged")
    assert [each["log_level"] for each in logs if each["event"] == "release.damaged"] == ["error"]
    # Who starts anew has the file of the last good one.
    again = world.process()
    again.look()
    assert again.number == 1 and again.damage


def test_a_new_host_takes_the_last_good_one_out_of_sql(world: World, tmp_path: Path) -> None:
    world.publish("one")
    world.publish("two")
    damage(world, "a file")
    process = world.process(folder=tmp_path / "another host")
    process.look()
    assert process.number == 1 and process.damage == "release 2 is damaged: a file does not fit"


def test_with_nothing_good_anywhere_the_repository_answers(world: World, tmp_path: Path) -> None:
    world.publish("one")
    process = world.process(key=b"x" * 32, folder=tmp_path / "another host")
    process.look()
    assert process.now() is SEED and process.damage


def test_publishing_again_heals_it(world: World) -> None:
    process = world.process()
    world.publish("one")
    process.look()
    world.publish("two")
    damage(world, "a file")
    process.look()
    good = world.releases.stored(1).sources
    world.releases.publish(LUZ, {**good, FLOW: good[FLOW] + b"# three\n"}, (), "", 2)
    process.look()
    assert process.number == 3 and not process.damage
    healed = {**good, FLOW: good[FLOW] + b"# two\n"}
    world.releases.publish(LUZ, healed, (), "", 3)
    assert world.releases.stored(2).sources == healed, "the damaged file was put down again"


def test_rows_that_are_taken_away_take_nothing_back(world: World) -> None:
    process = world.process()
    for mark in ("one", "two"):
        world.publish(mark)
        process.look()
    good = process.now()
    world.sql(delete(ReleaseRow).where(ReleaseRow.number == 2))
    process.look()
    assert process.now() is good and process.damage == "SQL ends at release 1 but 2 was published"
    world.sql(delete(ReleaseRow))
    again = world.process()
    again.look()
    assert again.number == 2 and again.damage == "SQL ends at release 0 but 2 was published"


def test_a_start_without_sql_answers_with_the_file(world: World, tmp_path: Path) -> None:
    first = world.process()
    for mark in ("one", "two"):
        world.publish(mark)
        first.look()
    first.look()
    down = engine_for(f"sqlite:///{tmp_path}/no/folder.db")
    process = world.process(down)
    assert process.now().number == first.now().number
    process.look()
    assert process.former(SEED.number) is None or process.number == 2
    former = content.release_of(world.releases.stored(1).sources)
    assert process.former(former.number) is not None, "the one before it as well"


@pytest.mark.parametrize("at", [0, 20, 90, 2_000, -1])
def test_a_damaged_file_is_left_and_the_one_before_it_taken(world: World, tmp_path: Path, at: int) -> None:
    first = world.process()
    for mark in ("one", "two"):
        world.publish(mark)
        first.look()
    data = bytearray(world.file(2).read_bytes())
    data[at] ^= 4
    world.file(2).write_bytes(bytes(data))
    with capture_logs() as logs:
        process = world.process(engine_for(f"sqlite:///{tmp_path}/no/folder.db"))
    assert process.number == 1
    assert [each["event"] for each in logs if each["log_level"] == "error"] == ["release.file_damaged"]
    whole = world.process()
    whole.look()
    assert whole.number == 2 and not whole.damage, "with SQL it is mended"


def test_a_file_under_another_key_is_no_release(world: World, tmp_path: Path) -> None:
    world.publish("one")
    world.process().look()
    process = world.process(engine_for(f"sqlite:///{tmp_path}/no/folder.db"), key=b"x" * 32)
    assert process.now() is SEED


def test_those_before_it_stay_known_for_a_day_and_five_at_most(world: World) -> None:
    process, names = world.process(), [SEED.number]
    for number in range(8):
        world.publish(str(number))
        process.look()
        names.append(process.now().number)
    process.look()
    assert [process.former(name) is not None for name in names] == [False] * 3 + [True] * 6
    late = world.process()
    late.look()
    assert [late.former(name) is not None for name in names] == [False] * 3 + [True] * 6
    assert len(list((world.folder / "releases").glob("*.release"))) == 6
    world.clock.advance(DAY)
    world.publish("tomorrow")
    process.look()
    process.look()
    assert [process.former(name) is not None for name in names] == [False] * 8 + [True]


def test_what_another_process_already_has_is_looked_for_at_once(world: World) -> None:
    behind, ahead = world.process(), world.process()
    behind.now()
    until(lambda: behind._knows_former, "the first look")
    world.publish("one")
    ahead.look()
    assert behind.former(ahead.now().number) is not None
    assert behind.former("nobody has it") is None


def test_withdrawn_and_restored_by_two(world: World) -> None:
    process = world.process()
    with pytest.raises(NotYours):
        world.releases.withdraw(ANA, "home_visit", "")
    with pytest.raises(ReleaseRefused):
        world.releases.withdraw(LUZ, "menu", "")
    assert world.releases.withdraw(LUZ, "home_visit", "an old number")
    assert not world.releases.withdraw(EVA, "home_visit", "")
    process.look()
    assert set(process.now().withdrawn) == {"home_visit"}
    # One alone, however often, restores nothing; and whoever withdraws again begins anew.
    assert [world.releases.restore(LUZ, "home_visit") for _ in range(3)] == [False] * 3
    world.releases.withdraw(EVA, "home_visit", "")
    assert not world.releases.restore(EVA, "home_visit")
    with pytest.raises(NotYours):
        world.releases.restore(ANA, "home_visit")
    process.look()
    assert process.now().withdrawn
    assert world.releases.restore(LUZ, "home_visit") and world.releases.withdrawals() == ()
    process.look()
    assert not process.now().withdrawn and process.now().script.flows["home_visit"] is SEED.script.flows["home_visit"]


def test_what_is_withdrawn_is_known_without_sql(world: World, tmp_path: Path) -> None:
    world.releases.withdraw(LUZ, "home_visit", "")
    world.process().look()
    down = engine_for(f"sqlite:///{tmp_path}/no/folder.db")
    assert set(world.process(down).now().withdrawn) == {"home_visit"}
    path = world.folder / "releases" / "withdrawn"
    path.write_bytes(path.read_bytes().replace(b"home_visit", b"home_visiT"))
    with capture_logs() as logs:
        assert not world.process(down).now().withdrawn
    assert [each["event"] for each in logs if each["log_level"] == "error"] == ["withdrawals.file_damaged"]


def test_the_worker_tells_an_admin_of_a_damaged_release(world: World) -> None:
    alarms = CarrierAlarms(world.engine, world.clock)
    watch = ReleaseWatch(world.folder, world.releases, alarms)
    world.publish("one")
    world.process().look()
    world.publish("two")
    watch.look()
    assert alarms.due() == ()
    damage(world, "a file")
    watch.look()
    assert alarms.due() == (50,)


OTHER_PROCESS = """
import sys, time
from pathlib import Path
import structlog
structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
from tests.store.test_current_release import SEED
from bot.store.current_release import CurrentRelease
from bot.store.database import engine_for
from bot.store.release_file import ReleaseFiles
from bot.store.releases import Releases
from bot.store.withdrawals import Withdrawals
from tests.upgraded import SEAL_KEY

engine = engine_for(sys.argv[1])
releases = Releases(engine, b"k" * 32, time.time)
process = CurrentRelease(releases, Withdrawals(engine, SEAL_KEY, time.time), ReleaseFiles(Path(sys.argv[2]), b"k" * 32), lambda: SEED)
told = None
while True:
    now = (process.now() and process.number, sorted(process.now().withdrawn))
    if now != told:
        told = now
        print(*now, flush=True)
    time.sleep(0.02)
"""


def test_another_process_sees_what_one_publishes_and_withdraws(world: World, database_url: str, tmp_path: Path) -> None:
    words = [sys.executable, "-c", OTHER_PROCESS, database_url, str(tmp_path / "other")]
    other = subprocess.Popen(
        words, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": "."}
    )
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == "0 []\n"
        world.publish("one")
        assert other.stdout.readline() == "1 []\n"
        world.releases.withdraw(LUZ, "home_visit", "")
        assert other.stdout.readline() == "1 ['home_visit']\n"
    finally:
        other.kill()
        other.wait()
        other.stdout.close()  # type: ignore[union-attr]


def test_a_process_that_forks_looks_for_itself(world: World) -> None:
    process = world.process()
    process.now()
    world.engine.dispose()
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            until(lambda: bool(process.now()) and process.number == 1, "the release")
            os.write(write, b"seen")
        finally:
            os._exit(0)
    world.publish("one")
    os.waitpid(child, 0)
    assert os.read(read, 20) == b"seen"
    for end in (read, write):
        os.close(end)


def test_a_release_that_cannot_be_read_is_left(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    process = world.process()
    world.publish("one")

    def refuse(*_: object) -> Release:
        raise content.ContentError("of a newer version")

    with monkeypatch.context() as patched:
        patched.setattr(content, "release_of", refuse)
        process.look()
    assert process.now() is SEED and "cannot be read" in process.damage


def test_no_checks_where_a_sealed_release_is_loaded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def checked(*_: object) -> None:
        raise AssertionError

    world.publish("one")
    monkeypatch.setattr(content, "findings", checked)
    process = world.process()
    process.look()
    assert process.number == 1
