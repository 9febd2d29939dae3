"""Seals on rows: filled in once by ``db upgrade``, never again by itself; by ``content reseal`` after somebody has looked."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from redis import Redis
from sqlalchemy import Engine, text
from structlog.testing import capture_logs

from bot.directory.hsds.changes import changes
from bot.escalation import alert
from bot.escalation.viewer import Role, Viewer
from bot.store import audit
from bot.store import upgrade as upgrading
from bot.store.area_notices import AreaNotices
from bot.store.carrier_alarms import CarrierAlarms
from bot.store.database import engine_for
from bot.store.directory import DirectoryStore
from bot.store.errors import DirectoryDamaged, KeyMissing, NoticesDamaged, ReleaseRefused
from bot.store.keys import load_release_key
from bot.store.resealing import look, reseal_all
from bot.store.seal_watch import SealWatch
from bot.store.withdrawals import Withdrawals
from tests.store.conftest import Clock
from tests.store.directories import two_organizations
from tests.store.test_area_notices import notice
from tests.upgraded import SEAL_KEY

pytestmark = pytest.mark.slow

LUZ, EVA = (Viewer(number, name, frozenset({Role.PUBLISHER})) for number, name in ((1, "Luz"), (2, "Eva")))
NEW = b"n" * 32


def sql(engine: Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for each in statements:
            connection.execute(text(each))


def put(store: DirectoryStore) -> None:
    before, version = store.read()
    store.apply(changes(before, two_organizations(), keep_missing=False), by="Rosa", expected=version)


def test_rows_from_before_the_seals_get_them_once(database_url: str, tmp_path: Path, monkeypatch, clock: Clock) -> None:
    newest = command.upgrade
    with monkeypatch.context() as patch:
        patch.setattr(command, "upgrade", lambda config, _: newest(config, "0007"))
        patch.setattr(upgrading, "seal_rows", lambda *_: None)
        upgrading.upgrade(database_url, tmp_path)
    engine = engine_for(database_url)
    sql(
        engine,
        'INSERT INTO withdrawals (flow, since, "by", why) VALUES (\'home_visit\', 1, 1, \'\')',
    )
    upgrading.upgrade(database_url, tmp_path)
    taken = Withdrawals(engine, load_release_key(tmp_path), clock)
    assert (taken.held().flows, taken.held().damaged) == ({"home_visit"}, False)
    sql(engine, "UPDATE withdrawals SET seal = NULL", "DELETE FROM meta WHERE key = 'withdrawals'")
    upgrading.upgrade(database_url, tmp_path)
    assert taken.held().damaged, "who takes the seals away does not get them anew by the next upgrade"
    (tmp_path / "keys" / "releases").unlink()
    with pytest.raises(KeyMissing, match="content reseal"):
        upgrading.upgrade(database_url, tmp_path)
    engine.dispose()


def test_records_taken_away_added_or_put_back_are_noticed(engine: Engine, clock: Clock) -> None:
    store = DirectoryStore(engine, SEAL_KEY, clock)
    put(store)
    number = "UPDATE hsds_phone SET number = '+17735550199'"
    with engine.connect() as connection:
        old = dict(connection.execute(text("SELECT id, number, seal FROM hsds_phone")).mappings().first() or {})
    package, version = store.read()
    rows = {id: {**row, "number": "+17735550142"} if id == old["id"] else row for id, row in package.tables["phone"].items()}
    other = type(package)({**package.tables, "phone": rows})
    store.apply(changes(package, other, keep_missing=False), by="Rosa", expected=version)
    with engine.begin() as connection:
        # The record of before, with the seal that was good then.
        wanted = "UPDATE hsds_phone SET number = :number, seal = :seal WHERE id = :id"
        connection.execute(text(wanted), old)
    with pytest.raises(DirectoryDamaged, match="set"):
        store.read()
    reseal_all(engine, SEAL_KEY, clock(), "Rosa")
    assert store.read()[1] == version + 1
    sql(engine, "DELETE FROM hsds_phone")
    with pytest.raises(DirectoryDamaged, match="set"):
        store.read()
    reseal_all(engine, SEAL_KEY, clock(), "Rosa")
    assert not store.read()[0].tables["phone"]
    put(store)
    sql(engine, number)
    with pytest.raises(DirectoryDamaged, match="phone .* seal"):
        store.read()


def test_a_notice_that_was_taken_back_does_not_come_again(engine: Engine, redis_client: Redis, clock: Clock) -> None:
    notices = AreaNotices(engine, redis_client, SEAL_KEY, clock)
    kept, gone = notices.publish(notice(clock)), notices.publish(notice(clock))
    with engine.connect() as connection:
        old = connection.scalar(text("SELECT seal FROM area_notices WHERE number = 2"))
    notices.withdraw(gone.number)
    assert notices.listed() == (kept,)
    with engine.begin() as connection:
        connection.execute(text("UPDATE area_notices SET withdrawn = NULL, seal = :old WHERE number = 2"), {"old": old})
    assert notices.listed() == () and notices.damaged()
    with pytest.raises(NoticesDamaged):
        notices.publish(notice(clock))
    # Nor does a change of another one make it good.
    assert notices.withdraw(kept.number) and notices.damaged() and notices.listed() == ()


def test_only_the_notice_that_does_not_fit_is_left_out(engine: Engine, redis_client: Redis, clock: Clock) -> None:
    notices = AreaNotices(engine, redis_client, SEAL_KEY, clock)
    first, second = notices.publish(notice(clock)), notices.publish(notice(clock))
    sql(engine, "UPDATE area_notices SET ends = ends + 1 WHERE number = 1")
    assert notices.listed() == (second,) and notices.damaged()
    third = notices.publish(notice(clock))
    assert notices.listed() == (third, second) and notices.damaged()
    # What another has put into Redis is not read out either.
    redis_client.set("{areanotices}", f"{'0' * 64} []")
    clock.advance(60)
    assert AreaNotices(engine, redis_client, SEAL_KEY, clock).live() == () and first.number == 1


def test_a_withdrawal_holds_whatever_somebody_does_to_its_row(engine: Engine, clock: Clock) -> None:
    taken = Withdrawals(engine, SEAL_KEY, clock)
    taken.withdraw(LUZ, "home_visit", "")
    for act in ("UPDATE withdrawals SET ended = 1, ended_by = 2", "UPDATE withdrawals SET flow = 'menu'", "DELETE FROM withdrawals"):
        sql(engine, act)
        assert taken.held().damaged and "home_visit" in taken.held().flows, act
    with pytest.raises(ReleaseRefused):
        taken.restore(EVA, "home_visit")
    assert taken.withdraw(EVA, "home_visit", "") and taken.held().damaged, "to withdraw is always possible"


def test_a_lost_key_and_everything_sealed_anew(engine: Engine, redis_client: Redis, clock: Clock) -> None:
    put(DirectoryStore(engine, SEAL_KEY, clock))
    AreaNotices(engine, redis_client, SEAL_KEY, clock).publish(notice(clock))
    Withdrawals(engine, SEAL_KEY, clock).withdraw(LUZ, "home_visit", "")
    assert not look(engine, SEAL_KEY).sets and not look(engine, SEAL_KEY).records
    lost = look(engine, NEW)
    assert set(lost.sets) == {"directory", "area notices", "withdrawals"} and lost.notices == lost.withdrawals == (1,)
    assert len(lost.records) == lost.rows["directory"] > 0
    reseal_all(engine, NEW, clock(), "Rosa")
    assert not look(engine, NEW).sets and DirectoryStore(engine, NEW, clock).read() == (two_organizations(), 1)
    assert len(AreaNotices(engine, redis_client, NEW, clock).listed()) == 1
    assert Withdrawals(engine, NEW, clock).held() == type(Withdrawals(engine, NEW, clock).held())(frozenset({"home_visit"}), False)
    with engine.connect() as connection:
        row = connection.execute(text("SELECT actor, object FROM audit WHERE action = 'seals.renewed'")).one()
    assert row.actor == "Rosa" and "withdrawals 1" in row.object and audit.verify(engine)


def test_what_makes_no_sense_is_not_sealed(engine: Engine, clock: Clock) -> None:
    put(DirectoryStore(engine, SEAL_KEY, clock))
    sql(engine, "UPDATE hsds_phone SET number = 'call Ana'")
    with pytest.raises(DirectoryDamaged, match="number"):
        reseal_all(engine, NEW, clock(), "Rosa")
    assert look(engine, SEAL_KEY).sets == (), "and nothing else was"


def test_the_worker_tells_admins(engine: Engine, clock: Clock) -> None:
    put(DirectoryStore(engine, SEAL_KEY, clock))
    alarms = CarrierAlarms(engine, clock)
    watch = SealWatch(engine, SEAL_KEY, alarms)
    watch.look()
    assert alarms.due() == ()
    sql(engine, "UPDATE hsds_phone SET number = '+17735550199'")
    with capture_logs() as logs:
        watch.look()
    assert alarms.due() == (alert.RELEASE,) and "seals.damaged" in [each["event"] for each in logs]
