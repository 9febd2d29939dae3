"""Escalations: sealed, found again, closed, held and erased; whatever store is down, and whoever comes at the same time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import Engine, event, select, update

from bot.message import Channel
from bot.privacy import Peppers
from bot.session import Beside
from bot.store import audit
from bot.store.database import engine_for
from bot.store.errors import Held, KeyGone, KeyMissing, NoSuchEscalation, SealBroken, StoreDown
from bot.store.escalation_entries import BELIEVED_SECONDS
from bot.store.escalations import Escalations
from bot.store.key_database import KeyDatabase
from bot.store.key_store import KeyStore
from bot.store.keys import DayKeys
from bot.store.master_key import MasterKeys
from bot.store.models import AuditRow, Escalation, EscalationMessage
from bot.store.sealed import Key, unseal
from bot.store.sessions import Sessions

ANA, LUZ = "+15005550006", "whatsapp:+50255500001"
WORDS = "me siguen desde la clínica ñ"
DAY = 86_400


@pytest.fixture
def sessions(redis_client: Redis, peppers: Peppers, clock) -> Sessions:
    """What the web reads with."""
    return Sessions(redis_client, peppers, DayKeys(redis_client), clock)


_sids = iter(range(1_000_000))


def beside(sessions: Sessions, address: str) -> Beside:
    """What a turn of this person finds beside the session."""
    begun = sessions.begin(address, f"SM{next(_sids)}", time.monotonic() + 2)
    sessions.release(begun)
    return begun.beside


def row_of(engine: Engine, id: str) -> Escalation | None:
    with engine.connect() as connection:
        return connection.execute(select(Escalation).where(Escalation.id == id)).first()  # type: ignore[return-value]


def test_what_was_said_comes_back_in_order(escalations: Escalations, clock) -> None:
    id = escalations.open(ANA, Channel.SMS)
    said = [
        ("family", WORDS),
        ("bot", "¿1 sí?"),
        ("note", "llamar a la abogada"),
        ("staff", ""),
        ("family", "x" * 1600),
    ]
    for author, words in said:
        clock.advance(1)
        escalations.add(id, author, words)
    found = escalations.messages(id)
    assert [(message.author, message.text) for message in found] == said
    assert [message.at for message in found] == [int(clock.now) - 4 + n for n in range(5)]
    assert escalations.address(id) == ANA
    assert WORDS not in repr(found)


def test_web_knows_at_once_and_names_nobody(
    escalations: Escalations, sessions: Sessions, engine: Engine, redis_client: Redis
) -> None:
    id = escalations.open(LUZ, Channel.WHATSAPP)
    found = beside(sessions, LUZ)
    assert (found.escalation, found.kept) == (id, (id,))
    assert beside(sessions, ANA).escalation is None and beside(sessions, ANA).kept == ()
    row = row_of(engine, id)
    assert row is not None and row.channel == "whatsapp" and b"502555" not in row.number
    assert all("502555" not in name.decode() for name in redis_client.keys())


def test_one_person_has_one_open_escalation(escalations: Escalations, sessions: Sessions) -> None:
    first = escalations.open(ANA, Channel.SMS)
    assert escalations.open(ANA, Channel.SMS) == first
    assert escalations.open(LUZ, Channel.WHATSAPP) != first
    escalations.close(first)
    second = escalations.open(ANA, Channel.SMS)
    assert second != first
    found = beside(sessions, ANA)
    assert found.escalation == second and set(found.kept) == {first, second}
    assert escalations.find(ANA) == (second,)
    assert set(escalations.find(ANA, closed_too=True)) == {first, second}


def test_the_key_is_there_before_the_row_and_nothing_is_sealed_without_it(
    escalations: Escalations, engine: Engine, keys: KeyStore
) -> None:
    seen: list[tuple[str, ...]] = []

    def look(_connection, _cursor, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO escalations"):
            seen.append(keys.names())

    event.listen(engine, "before_cursor_execute", look)
    id = escalations.open(ANA, Channel.SMS)
    event.remove(engine, "before_cursor_execute", look)
    assert seen == [(id,)]


def test_nobody_can_move_a_seal_to_another_place(escalations: Escalations, engine: Engine) -> None:
    id = escalations.open(ANA, Channel.SMS)
    first, second = (
        escalations.add(id, author, words) for author, words in (("note", "para nosotras"), ("staff", "hola"))
    )
    with engine.begin() as connection:
        connection.execute(update(EscalationMessage).where(EscalationMessage.number == first).values(author="staff"))
    with pytest.raises(SealBroken):
        escalations.messages(id)
    with engine.begin() as connection:
        rows = connection.execute(select(EscalationMessage.sealed).order_by(EscalationMessage.number)).scalars().all()
        for number, sealed in ((first, rows[1]), (second, rows[0])):
            mine = EscalationMessage.number == number
            connection.execute(update(EscalationMessage).where(mine).values(author="staff", sealed=sealed))
    with pytest.raises(SealBroken):
        escalations.messages(id)


def test_an_author_that_nobody_knows_is_refused(escalations: Escalations) -> None:
    with pytest.raises(ValueError, match="family, bot, staff, note"):
        escalations.add(escalations.open(ANA, Channel.SMS), "admin", "hola")


def test_ids_look_like_no_number_and_fit_the_audit(escalations: Escalations, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["a1-23(4".replace("(", "_") + "1234567", "ab12345678cd", "x-555-1234-y", "AbC_d-7"])
    monkeypatch.setattr("bot.store.escalations.secrets.token_urlsafe", lambda _: next(drawn))
    assert escalations.open(ANA, Channel.SMS) == "AbC_d-7"


def test_two_at_once_open_one(
    engine: Engine, database_url: str, redis_server, redis_client: Redis, peppers: Peppers, keys: KeyStore, clock
) -> None:
    def process() -> Escalations:
        client = redis_server.client()
        return Escalations(engine_for(database_url), client, peppers, DayKeys(client), keys, clock)

    processes = [process() for _ in range(4)]
    processes[0].mirror()
    opened: list[str] = []

    def opening(mine: Escalations) -> None:
        for _ in range(20):
            with suppress(StoreDown):
                opened.append(mine.open(ANA, Channel.SMS))
                return

    threads = [threading.Thread(target=opening, args=(mine,)) for mine in processes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 4 and len(set(opened)) == 1
    for mine in processes:
        mine._engine.dispose()


# --- Redis comes and goes ---


def test_with_redis_down_it_opens_and_the_worker_tells_redis_later(
    engine: Engine, own_redis, peppers: Peppers, keys: KeyStore, clock
) -> None:
    client = own_redis.client()
    escalations = Escalations(engine, client, peppers, DayKeys(client), keys, clock)
    own_redis.kill()
    id = escalations.open(ANA, Channel.SMS)
    assert escalations.open(ANA, Channel.SMS) == id
    escalations.add(id, "family", WORDS)
    with pytest.raises(StoreDown):
        escalations.mirror()
    own_redis.start()
    sessions = Sessions(client, peppers, DayKeys(client), clock)
    assert beside(sessions, ANA) == Beside(None, (), whole=False)
    assert escalations.open(ANA, Channel.SMS) == id
    assert escalations.mirror() == 1
    assert beside(sessions, ANA) == Beside(id, (id,), whole=True)


def test_redis_come_back_empty_is_not_taken_for_nobody(
    escalations: Escalations, sessions: Sessions, redis_client: Redis
) -> None:
    id = escalations.open(ANA, Channel.SMS)
    escalations.mirror()
    assert beside(sessions, ANA).whole and beside(sessions, LUZ) == Beside(whole=True)
    redis_client.flushall()
    assert beside(sessions, ANA) == beside(sessions, LUZ) == Beside(whole=False)
    escalations.mirror()
    assert beside(sessions, ANA).escalation == id and beside(sessions, LUZ) == Beside(whole=True)


@pytest.mark.parametrize(
    ("later", "whole"),
    [(0, True), (BELIEVED_SECONDS - 1, True), (BELIEVED_SECONDS + 1, False), (-BELIEVED_SECONDS - 1, False)],
    ids=["at once", "just within", "a worker that is dead", "a clock that went back"],
)
def test_the_mark_is_believed_for_two_minutes(
    escalations: Escalations, sessions: Sessions, clock, later: float, whole: bool
) -> None:
    escalations.mirror()
    clock.advance(later)
    assert beside(sessions, ANA).whole is whole


def test_a_mark_of_another_day_key_is_not_believed(
    escalations: Escalations, sessions: Sessions, redis_client: Redis
) -> None:
    """A node of a cluster that is lost takes the day keys along and leaves the mark."""
    escalations.open(ANA, Channel.SMS)
    escalations.mirror()
    for name in redis_client.keys("day:*"):
        redis_client.delete(name)
    assert beside(sessions, ANA) == Beside(whole=False)


def test_every_new_day_finds_it(escalations: Escalations, sessions: Sessions, redis_client: Redis, clock) -> None:
    opened, closed = escalations.open(ANA, Channel.SMS), escalations.open(LUZ, Channel.WHATSAPP)
    escalations.close(closed)
    clock.advance(43_200 - 1)
    for day in range(3):
        escalations.mirror()
        # Just past midnight, before the worker has come by.
        clock.advance(1)
        assert beside(sessions, ANA) == Beside(opened, (opened,), whole=True), day
        assert beside(sessions, LUZ) == Beside(None, (closed,), whole=True), day
        clock.advance(DAY - 1)
    assert all(0 < redis_client.ttl(name) <= 48 * 3_600 for name in redis_client.keys("{*}:esc*"))


def test_entries_of_what_is_over_vanish(
    escalations: Escalations, sessions: Sessions, engine: Engine, redis_client: Redis, keys: KeyStore
) -> None:
    ids = {
        name: escalations.open(f"+1500555{number:04d}", Channel.SMS)
        for number, name in enumerate(["closed", "erased", "open"])
    }
    # Behind Redis's back, as when it was down.
    with engine.begin() as connection:
        connection.execute(update(Escalation).where(Escalation.id == ids["closed"]).values(closed=1))
        connection.execute(update(Escalation).where(Escalation.id == ids["erased"]).values(erased=1, number=None))
    assert escalations.mirror() == 1
    assert beside(sessions, "+15005550000") == Beside(None, (ids["closed"],), whole=True)
    assert beside(sessions, "+15005550001") == Beside(whole=True)
    assert beside(sessions, "+15005550002") == Beside(ids["open"], (ids["open"],), whole=True)
    assert redis_client.keys("{escalations}:*") == [b"{escalations}:whole"]
    assert len(redis_client.keys("{*}:esc:*")) == 1 and len(redis_client.keys("{*}:esc-all:*")) == 2


def test_one_row_that_nobody_can_open_hides_no_other(
    escalations: Escalations, sessions: Sessions, engine: Engine, keys: KeyStore
) -> None:
    gone, spoiled, good = (escalations.open(f"+1500555{n:04d}", Channel.SMS) for n in range(3))
    keys.destroy(gone)
    with engine.begin() as connection:
        connection.execute(update(Escalation).where(Escalation.id == spoiled).values(number=b"\x01" + bytes(40)))
    assert escalations.mirror() == 3 - 2
    assert escalations.find("+15005550002") == (good,)
    assert escalations.find("+15005550000") == ()
    assert beside(sessions, "+15005550002") == Beside(good, (good,), whole=True)


def test_what_opens_while_the_worker_writes_is_not_taken_away(
    escalations: Escalations, sessions: Sessions, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    entries = escalations._entries
    real = entries.sweep

    def meanwhile(unerased: Callable) -> int:
        opened.append(escalations.open(ANA, Channel.SMS))
        return real(unerased)

    monkeypatch.setattr(entries, "sweep", meanwhile)
    escalations.mirror()
    assert beside(sessions, ANA) == Beside(opened[0], (opened[0],), whole=True)
    assert escalations.open(ANA, Channel.SMS) == opened[0]


def test_in_a_cluster(engine: Engine, cluster_redis, peppers: Peppers, keys: KeyStore, clock) -> None:
    client = cluster_redis.client()
    escalations = Escalations(engine, client, peppers, DayKeys(client), keys, clock)
    sessions = Sessions(client, peppers, DayKeys(client), clock)
    ids = [escalations.open(f"+1500555{number:04d}", Channel.SMS) for number in range(5)]
    escalations.close(ids[0])
    escalations.erase(ids[1])
    assert escalations.mirror() == 3
    assert beside(sessions, "+15005550000") == Beside(None, (ids[0],), whole=True)
    assert beside(sessions, "+15005550001") == Beside(whole=True)
    assert beside(sessions, "+15005550004") == Beside(ids[4], (ids[4],), whole=True)


# --- erasing ---


@pytest.fixture
def told(escalations: Escalations) -> str:
    """An open escalation of Ana in which something was said."""
    id = escalations.open(ANA, Channel.SMS)
    escalations.add(id, "family", WORDS)
    return id


def copied(engine: Engine) -> tuple[bytes, bytes]:
    """Number and message as anybody could have copied them before."""
    with engine.connect() as connection:
        return connection.scalar(select(Escalation.number)), connection.scalar(select(EscalationMessage.sealed))


def test_after_erasing_nothing_opens_and_a_tombstone_stays(
    escalations: Escalations, told: str, engine: Engine, keys: KeyStore, sessions: Sessions, redis_client: Redis, clock
) -> None:
    number, message = copied(engine)
    key = keys.require(told)
    assert unseal(key, number, table="escalations", row=told, column="number") == ANA.encode()
    clock.advance(60)
    escalations.erase(told)
    for ask in (
        escalations.messages,
        escalations.address,
        keys.require,
        lambda id: escalations.add(id, "family", "otra"),
    ):
        with pytest.raises(KeyGone):
            ask(told)
    row = row_of(engine, told)
    assert (row.number, row.erased, row.closed) == (None, int(clock.now), int(clock.now))
    with engine.connect() as connection:
        assert connection.execute(select(EscalationMessage)).all() == []
    assert redis_client.keys("{*}:esc*:*") == []
    assert escalations.find(ANA, closed_too=True) == () and beside(sessions, ANA).kept == ()
    # The copies are still there for whoever made them; no key that there is opens them.
    for wrong in (replace(key, secret=bytes(32)), keys.create("another")):
        for sealed, where in (
            (number, ("escalations", told, "number")),
            (message, ("escalation_messages", 1, "family")),
        ):
            with pytest.raises(SealBroken):
                unseal(wrong, sealed, table=where[0], row=where[1], column=where[2])


def test_erasing_twice_or_nothing_is_the_same(escalations: Escalations, told: str, engine: Engine, clock) -> None:
    escalations.erase(told)
    before = row_of(engine, told)
    clock.advance(60)
    escalations.erase(told)
    escalations.erase("never-there")
    escalations.close(told)
    assert row_of(engine, told) == before
    assert escalations.open(ANA, Channel.SMS) != told


def test_the_key_goes_first(
    escalations: Escalations, told: str, engine: Engine, keys: KeyStore, sessions: Sessions
) -> None:
    """A crash after the key's death: nothing opens, though SQL has noted nothing; the next try finishes it."""

    def crash(_connection: object) -> None:
        assert keys.get(told) is None
        raise KeyboardInterrupt

    event.listen(engine, "commit", crash)
    with pytest.raises(KeyboardInterrupt):
        escalations.erase(told)
    event.remove(engine, "commit", crash)
    assert row_of(engine, told).erased is None
    with pytest.raises(KeyGone):
        escalations.messages(told)
    escalations.erase(told, ANA)
    assert row_of(engine, told).number is None
    assert beside(sessions, ANA).kept == ()


def test_without_its_address_the_entry_goes_with_the_next_mirror(
    escalations: Escalations, told: str, keys: KeyStore, redis_client: Redis
) -> None:
    keys.destroy(told)
    escalations.erase(told)
    assert len(redis_client.keys("{*}:esc*:*")) == 2
    escalations.mirror()
    assert redis_client.keys("{*}:esc*:*") == []


def test_counsel_is_stronger_than_erasing(escalations: Escalations, told: str, engine: Engine) -> None:
    escalations.hold(told, "Obviously Invented, Esq.", "Prueba Inventada")
    before = row_of(engine, told)
    with pytest.raises(Held):
        escalations.erase(told)
    assert row_of(engine, told) == before
    assert [message.text for message in escalations.messages(told)] == [WORDS]
    escalations.release_hold(told, "Prueba Inventada")
    escalations.erase(told)
    with pytest.raises(KeyGone):
        escalations.messages(told)


@pytest.mark.parametrize("act", ["open", "add", "messages", "address", "close", "erase", "find", "mirror", "hold"])
def test_with_sql_down_nothing_is_promised_and_no_key_dies(
    redis_client: Redis, peppers: Peppers, keys: KeyStore, clock, act: str, tmp_path: Path
) -> None:
    engine = engine_for(f"sqlite:///{tmp_path}/no/such/folder.db")
    escalations = Escalations(engine, redis_client, peppers, DayKeys(redis_client), keys, clock)
    keys.create("one")
    acts: dict[str, tuple] = {
        "open": (ANA, Channel.SMS),
        "add": ("one", "family", WORDS),
        "find": (ANA,),
        "mirror": (),
        "hold": ("one", "Counsel", "Somebody"),
    }
    with pytest.raises(StoreDown):
        getattr(escalations, act)(*acts.get(act, ("one",)))
    assert "one" in keys.names()
    assert redis_client.keys("{*}*") == []


def test_with_the_key_store_down_nothing_is_deleted(
    escalations: Escalations, told: str, engine: Engine, tmp_path: Path
) -> None:
    store, away = tmp_path / "keystore", tmp_path / "away"
    store.rename(away)
    before = row_of(engine, told)
    with pytest.raises(StoreDown):
        escalations.erase(told, ANA)
    assert row_of(engine, told) == before
    away.rename(store)
    assert [message.text for message in escalations.messages(told)] == [WORDS]
    escalations.erase(told)


def test_with_redis_down_the_key_dies_and_it_is_said_not_to_be_finished(
    engine: Engine, own_redis, peppers: Peppers, keys: KeyStore, clock
) -> None:
    client = own_redis.client()
    escalations = Escalations(engine, client, peppers, DayKeys(client), keys, clock)
    id = escalations.open(ANA, Channel.SMS)
    own_redis.kill()
    with pytest.raises(StoreDown):
        escalations.erase(id)
    assert keys.names() == () and row_of(engine, id).number is None
    own_redis.start()
    escalations.erase(id, ANA)


def test_a_key_store_that_is_not_there_is_asked_again(
    engine: Engine, redis_client: Redis, peppers: Peppers, clock, tmp_path: Path
) -> None:
    made: list[KeyStore] = []

    def open_it() -> KeyStore:
        if not made:
            raise KeyMissing("There is no key store.", "Make it.")
        return made[0]

    escalations = Escalations(engine, redis_client, peppers, DayKeys(redis_client), open_it, clock)
    with pytest.raises(KeyMissing):
        escalations.open(ANA, Channel.SMS)
    assert escalations.find(ANA) == ()
    database = KeyDatabase(f"sqlite:///{tmp_path}/late/keys.db")
    database.make()
    made.append(KeyStore(database, MasterKeys((Key("2026", bytes(range(32))),))))
    assert escalations.address(escalations.open(ANA, Channel.SMS)) == ANA
    database.close()


# --- those who come at the same time ---


def test_a_message_that_comes_while_it_is_erased_is_not_left_behind(escalations: Escalations, engine: Engine) -> None:
    for _ in range(8):
        id = escalations.open(ANA, Channel.SMS)

        def writing(id: str = id) -> None:
            with suppress(KeyGone, StoreDown):
                for _ in range(50):
                    escalations.add(id, "family", WORDS)

        writer = threading.Thread(target=writing)
        writer.start()
        escalations.erase(id)
        writer.join()
        with engine.connect() as connection:
            assert connection.execute(select(EscalationMessage)).all() == []


def test_a_hold_and_an_erasing_at_once_never_both_win(escalations: Escalations, engine: Engine, keys: KeyStore) -> None:
    won = []
    for number in range(12):
        id = escalations.open(f"+1500555{number:04d}", Channel.SMS)
        said: list[str] = []

        def erasing(id: str = id, said: list[str] = said) -> None:
            with suppress(Held):
                escalations.erase(id)
                said.append("erased")

        eraser = threading.Thread(target=erasing)
        eraser.start()
        time.sleep(number / 2_000)
        with suppress(NoSuchEscalation):
            escalations.hold(id, "Counsel", "Somebody")
            said.append("held")
        eraser.join()
        assert len(said) == 1, said
        assert (keys.get(id) is not None) == (said == ["held"])
        won += said
    assert len(won) == 12


# --- holds ---


def test_a_hold_stands_in_the_audit(escalations: Escalations, told: str, engine: Engine, clock) -> None:
    escalations.hold(told, "O'Invented & Partners", "Prueba Ñandú")
    assert [(each.id, each.since, each.by, each.counsel) for each in escalations.holds()] == [
        (told, int(clock.now), "Prueba Ñandú", "O'Invented & Partners")
    ]
    clock.advance(DAY)
    escalations.release_hold(told, "Otra Inventada")
    assert escalations.holds() == ()
    with engine.connect() as connection:
        rows = connection.execute(select(AuditRow.actor, AuditRow.action, AuditRow.object).order_by(AuditRow.seq)).all()
    assert [tuple(row) for row in rows] == [
        ("Prueba Ñandú", "hold.set", f"{told} for O'Invented & Partners"),
        ("Otra Inventada", "hold.release", told),
    ]
    assert audit.verify(engine).rows == 2


def test_holds_that_cannot_be(escalations: Escalations, told: str, engine: Engine) -> None:
    with pytest.raises(NoSuchEscalation, match="no escalation of that id"):
        escalations.hold("never-there", "Counsel", "Somebody")
    with pytest.raises(NoSuchEscalation, match="is held"):
        escalations.release_hold(told, "Somebody")
    for counsel, by in (("", "Somebody"), ("Counsel", ""), ("Counsel", "+1 (500) 555-0006"), ("x" * 129, "Somebody")):
        with pytest.raises(ValueError):
            escalations.hold(told, counsel, by)
    assert row_of(engine, told).held_since is None
    escalations.hold(told, "Counsel", "Somebody")
    with pytest.raises(NoSuchEscalation, match="held already"):
        escalations.hold(told, "Another", "Somebody")
    escalations.release_hold(told, "Somebody")
    escalations.erase(told)
    with pytest.raises(NoSuchEscalation, match="erased"):
        escalations.hold(told, "Counsel", "Somebody")
    assert audit.verify(engine).rows == 2


def test_a_hold_that_came_too_late_says_so(escalations: Escalations, told: str, keys: KeyStore) -> None:
    keys.destroy(told)
    with pytest.raises(KeyGone):
        escalations.hold(told, "Counsel", "Somebody")
    assert len(escalations.holds()) == 1
