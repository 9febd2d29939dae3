"""Releases in SQL: published one after the other, verified whenever they are read, brought back."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import Engine, select, update

from bot.escalation.viewer import Role, Viewer
from bot.scripts.sources import Sources
from bot.store.content_models import ContentFile, ReleaseRow
from bot.store.errors import NotYours, ReleaseDamaged, ReleaseMoved, ReleaseRefused, StoreDown
from bot.store.releases import Releases
from bot.store.staff_models import AuditRow
from tests.store.conftest import Clock

LUZ = Viewer(1, "Luz", frozenset({Role.PUBLISHER}))
ANA = Viewer(2, "Ana", frozenset({Role.VOLUNTEER}))
KEY = b"k" * 32
FLOW = "flows/services/services_health.yml"


@pytest.fixture
def releases(engine: Engine, clock: Clock) -> Releases:
    return made(engine, clock)


def made(engine: Engine, clock: Clock, key: bytes = KEY) -> Releases:
    """The releases of a process; its checks, which cost seconds, find nothing."""
    return Releases(engine, key, clock, judge=lambda *_: ())


def changed(sources: Sources, mark: str) -> Sources:
    """The same with another line in one flow."""
    return {**sources, FLOW: sources[FLOW] + f"# {mark}\n".encode()}


def test_while_nobody_has_published_the_files_are_release_0(releases: Releases) -> None:
    assert releases.number() == 0 and releases.history() == ()
    current = releases.current()
    assert current.number == 0 and current.sources[FLOW].startswith(b"name:") and current.by is None
    assert current == releases.stored(0)


def test_what_was_published_is_current_everywhere(engine: Engine, releases: Releases, clock: Clock) -> None:
    sources = changed(releases.current().sources, "one")
    assert releases.publish(LUZ, sources, ("services_health",), "hours", 0) == 1
    for each in (releases, made(engine, clock)):
        current = each.current()
        assert (current.number, current.by, current.flows, current.note) == (1, 1, ("services_health",), "hours")
        assert current.sources == sources and current.made == int(clock.now)
    assert [each.number for each in releases.history()] == [1, 0]
    assert [each.number for each in releases.history("services_health")] == [1]


def test_the_files_of_the_beginning_can_be_brought_back(engine: Engine, releases: Releases) -> None:
    before = releases.current().sources
    releases.publish(LUZ, changed(before, "one"), ("services_health",), "", 0)
    assert releases.undo(LUZ) == 2
    assert releases.current().sources == before and releases.current().again == 0
    with pytest.raises(ReleaseRefused):
        releases.undo(LUZ)
    with engine.connect() as connection:
        acts = connection.execute(select(AuditRow.action, AuditRow.object).order_by(AuditRow.seq)).all()
    assert [tuple(act) for act in acts] == [("published", "release 1"), ("undone", "release 2")]


def test_undoing_tells_which_answers_it_changes(releases: Releases) -> None:
    sources = releases.current().sources
    words = "locales/es/LC_MESSAGES/answers.po"
    other = {**sources, words: sources[words].replace(b"Llame antes. Pregunte", b"Llame primero. Pregunte")}
    other[FLOW] = sources[FLOW].replace(b"label: other help,", b"label: more help,", 1)
    assert other[words] != sources[words]
    releases.publish(LUZ, other, (), "", 0)
    releases.undo(LUZ)
    assert "services_health" in releases.current().flows


def test_a_damaged_release_can_be_undone(releases: Releases) -> None:
    releases.publish(LUZ, changed(releases.current().sources, "one"), (), "", 0)
    releases.publish(LUZ, changed(releases.current().sources, "two"), (), "", 1)
    with releases.engine.begin() as connection:
        connection.execute(update(ReleaseRow).where(ReleaseRow.number == 2).values(note="another"))
    with pytest.raises(ReleaseDamaged):
        releases.stored(2)
    assert releases.undo(LUZ) == 3 and releases.current().again == 1


def test_undoing_twice_goes_back_by_two(releases: Releases) -> None:
    sources = releases.current().sources
    for number in range(3):
        releases.publish(LUZ, changed(sources, str(number)), (), "", number)
    releases.undo(LUZ)
    assert releases.undo(LUZ) == 5
    assert releases.current().sources == changed(sources, "0")
    with pytest.raises(ReleaseMoved):
        releases.undo(LUZ, based_on=4)


def test_a_file_is_kept_once(engine: Engine, releases: Releases) -> None:
    sources = releases.current().sources
    for number in range(3):
        releases.publish(LUZ, changed(sources, str(number)), (), "", number)
    with engine.connect() as connection:
        assert len(connection.execute(select(ContentFile.sha)).all()) == len(set(sources.values())) + 3


def test_who_is_no_publisher_publishes_nothing(engine: Engine, releases: Releases) -> None:
    for act in (
        lambda: releases.publish(ANA, changed(releases.current().sources, "x"), (), "", 0),
        lambda: releases.undo(ANA),
    ):
        with pytest.raises((NotYours, ReleaseRefused)):
            act()
    with engine.connect() as connection:
        assert connection.execute(select(ReleaseRow.number)).all() == []


def test_what_is_based_on_a_former_release_is_refused(releases: Releases) -> None:
    sources = releases.current().sources
    releases.publish(LUZ, changed(sources, "one"), (), "", 0)
    with pytest.raises(ReleaseMoved) as moved:
        releases.publish(LUZ, changed(sources, "two"), (), "", 0)
    assert moved.value.number == 1 and releases.current().sources == changed(sources, "one")


def test_what_is_done_beside_and_fails_takes_the_release_with_it(releases: Releases) -> None:
    def fail(connection: object) -> None:
        raise NotYours

    with pytest.raises(NotYours):
        releases.publish(LUZ, changed(releases.current().sources, "x"), (), "", 0, beside=fail)
    assert releases.number() == 0


def test_errors_of_the_checks_refuse_it(engine: Engine, clock: Clock) -> None:
    checking = Releases(engine, KEY, clock)
    broken = {**checking.current().sources, FLOW: b"name: services_health\n"}
    with pytest.raises(ReleaseRefused, match=r"services_health\.yml"):
        checking.publish(LUZ, broken, (), "", 0)
    assert checking.number() == 0


def test_of_two_who_publish_at_once_one_wins(engine: Engine, clock: Clock) -> None:
    stores = [made(engine, clock) for _ in range(6)]
    sources = stores[0].current().sources
    barrier, done = threading.Barrier(len(stores)), []

    def publish(number: int, store: Releases) -> None:
        barrier.wait()
        try:
            done.append(store.publish(LUZ, changed(sources, str(number)), (), str(number), 0))
        except (ReleaseMoved, StoreDown):
            # PostgreSQL lets nobody wait for longer than a second.
            done.append(0)

    threads = [threading.Thread(target=publish, args=pair) for pair in enumerate(stores)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [0, 0, 0, 0, 0, 1]
    current = stores[0].current()
    assert current.number == 1 and current.sources == changed(sources, current.note)
