"""Escalations: sealed, one for each person, read again, held; whoever comes at the same time."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest
from redis import Redis
from sqlalchemy import Engine, event, select, update

from bot.message import Channel
from bot.privacy import Peppers
from bot.store import audit
from bot.store.database import engine_for
from bot.store.errors import KeyGone, NoSuchEscalation, SealBroken, StoreDown
from bot.store.escalations import Escalations
from bot.store.key_store import KeyStore
from bot.store.keys import DayKeys
from bot.store.models import EscalationMessage
from bot.store.sessions import Sessions
from bot.store.staff_models import AuditRow
from tests.store.escalated import ANA, DAY, LUZ, WORDS, beside, row_of


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
    escalations: Escalations, sessions_beside: Sessions, engine: Engine, redis_client: Redis
) -> None:
    id = escalations.open(LUZ, Channel.WHATSAPP)
    found = beside(sessions_beside, LUZ)
    assert (found.escalation, found.kept) == (id, (id,))
    assert beside(sessions_beside, ANA).escalation is None and beside(sessions_beside, ANA).kept == ()
    row = row_of(engine, id)
    assert row is not None and row.channel == "whatsapp" and b"502555" not in row.number
    assert all("502555" not in name.decode() for name in redis_client.keys())


def test_one_person_has_one_open_escalation(escalations: Escalations, sessions_beside: Sessions) -> None:
    first = escalations.open(ANA, Channel.SMS)
    assert escalations.open(ANA, Channel.SMS) == first
    assert escalations.open(LUZ, Channel.WHATSAPP) != first
    escalations.close(first)
    second = escalations.open(ANA, Channel.SMS)
    assert second != first
    found = beside(sessions_beside, ANA)
    assert found.escalation == second and set(found.kept) == {first, second}
    assert escalations.find(ANA) == (second,)
    assert set(escalations.find(ANA, closed_too=True)) == {first, second}


def test_a_process_that_died_between_sql_and_redis_loses_nobody(
    escalations: Escalations, sessions_beside: Sessions, redis_client: Redis
) -> None:
    escalations.mirror()
    first = escalations.open(ANA, Channel.SMS)
    for name in redis_client.keys("*:esc*"):
        redis_client.delete(name)
    assert beside(sessions_beside, ANA).whole and beside(sessions_beside, ANA).escalation is None
    assert escalations.open(ANA, Channel.SMS) == first, "the same yes, tried again"
    assert beside(sessions_beside, ANA).escalation == first, "what she writes next goes to staff"


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
    monkeypatch.setattr("bot.store.escalation_opening.secrets.token_urlsafe", lambda _: next(drawn))
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
        ("bot", "desk.opened", f"{told} no consent"),
        ("Prueba Ñandú", "hold.set", f"{told} for O'Invented & Partners"),
        ("Otra Inventada", "hold.release", told),
    ]
    assert audit.verify(engine).rows == 3


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
    assert audit.verify(engine).rows == 3


def test_a_hold_that_came_too_late_says_so(escalations: Escalations, told: str, keys: KeyStore) -> None:
    keys.destroy(told)
    with pytest.raises(KeyGone):
        escalations.hold(told, "Counsel", "Somebody")
    assert len(escalations.holds()) == 1
