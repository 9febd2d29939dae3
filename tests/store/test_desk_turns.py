"""What turns of the bot note of a conversation with staff: sealed, each message once, nothing after the end; on both databases."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import suppress

import pytest
from redis import Redis
from sqlalchemy import Engine, event, insert, select, update

from bot.escalation.escalation import About, Author, Cause, Said, Urgency
from bot.frozen import replace
from bot.message import Channel
from bot.privacy import Peppers
from bot.store import audit
from bot.store.database import engine_for
from bot.store.desk_turns import DeskTurns
from bot.store.errors import KeyGone, StoreDown
from bot.store.escalations import Escalations
from bot.store.key_store import KeyStore
from bot.store.keys import DayKeys
from bot.store.models import Escalation, EscalationMessage, OutboxRow
from bot.store.sealed import unseal
from bot.store.sessions import Sessions
from bot.store.staff_models import AuditRow
from tests.store.conftest import Clock
from tests.store.escalated import ANA, LUZ, WORDS, beside, row_of

CHICAGO = "US;60629;Chicago;IL;41.78;-87.71;zip"
ABOUT = About(cause=Cause.NOT_UNDERSTOOD, topic="car_stop", language="es", place=CHICAGO, understood="pide una persona")
CONSENT = "human.consent abcdefghijkl"


@pytest.fixture
def turns(engine: Engine, keys: KeyStore, escalations: Escalations, clock: Clock) -> DeskTurns:
    return DeskTurns(engine, keys, escalations, clock)


@pytest.fixture
def id(turns: DeskTurns) -> str:
    """Ana has said yes."""
    return opened(turns)


def opened(turns: DeskTurns, address: str = ANA, urgency: Urgency = Urgency.NORMAL) -> str:
    return turns.open(address, Channel.SMS, ABOUT, urgency, "casa", CONSENT).id


def thread(escalations: Escalations, id: str) -> list[tuple[str, str]]:
    return [(each.author, each.text) for each in escalations.messages(id)]


def audited(engine: Engine) -> list[tuple[str, str, str]]:
    wanted = select(AuditRow.actor, AuditRow.action, AuditRow.object).order_by(AuditRow.seq)
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(wanted)]


def put(engine: Engine, id: str, **values: object) -> None:
    with engine.begin() as connection:
        connection.execute(update(Escalation).where(Escalation.id == id).values(**values))


def test_a_yes_opens_one_with_all_that_staff_need(turns: DeskTurns, engine: Engine, clock: Clock) -> None:
    made = turns.open(ANA, Channel.SMS, ABOUT, Urgency.SOON, "casa", CONSENT)
    found, now = turns.state(made.id), int(clock.now)
    assert made.new and found is not None
    assert found.about == replace(ABOUT, consent=CONSENT)
    assert (found.channel, found.organization, found.urgency) == ("sms", "casa", Urgency.SOON)
    assert (found.opened, found.waiting_since, found.last_inbound) == (now, now, now)
    assert (found.claimed_by, found.closed, found.last_staff, found.last_bot) == (None, None, None, None)
    assert audited(engine) == [("bot", "desk.opened", f"{made.id} consent {CONSENT}")]
    assert row_of(engine, made.id).alarm is None


def test_what_it_is_about_stands_sealed_and_dies_with_the_key(
    turns: DeskTurns, id: str, engine: Engine, keys: KeyStore
) -> None:
    sealed = row_of(engine, id).about
    assert b"car_stop" not in sealed and b"Chicago" not in sealed
    assert b"car_stop" in unseal(keys.require(id), sealed, table="escalations", row=id, column="about")
    keys.destroy(id)
    assert turns.state(id) is None


def test_an_urgent_one_alarms_from_the_first_moment_on(turns: DeskTurns, engine: Engine, clock: Clock) -> None:
    assert row_of(engine, opened(turns, urgency=Urgency.URGENT)).alarm == int(clock.now)


def test_a_second_yes_changes_nothing(turns: DeskTurns, id: str, engine: Engine, clock: Clock) -> None:
    before = row_of(engine, id)
    clock.advance(60)
    again = turns.open(ANA, Channel.SMS, About(), Urgency.URGENT, "otra", CONSENT)
    assert (again.id, again.new) == (id, False)
    assert row_of(engine, id) == before and len(audited(engine)) == 1


def test_a_version_that_looks_like_a_number_opens_nothing(turns: DeskTurns, engine: Engine, keys: KeyStore) -> None:
    with pytest.raises(ValueError):
        turns.open(ANA, Channel.SMS, ABOUT, Urgency.NORMAL, None, "2026-11-26")
    assert keys.names() == () and audited(engine) == []


def test_what_the_family_writes_is_noted_once(
    turns: DeskTurns, id: str, escalations: Escalations, engine: Engine, clock: Clock
) -> None:
    clock.advance(60)
    told = {"language": "es", "topic": "car_stop", "sure": 0.9}
    assert turns.heard(id, "SM1", WORDS, told)
    after = row_of(engine, id)
    clock.advance(60)
    assert not turns.heard(id, "SM1", WORDS, told), "the carrier sends it again, or the turn runs again"
    assert row_of(engine, id) == after
    [said] = escalations.messages(id)
    assert said == Said(said.number, Author.FAMILY, int(clock.now) - 60, WORDS, None, told)
    assert turns.heard(id, "SM2", WORDS, told), "the same words in another message are another message"
    assert len(escalations.messages(id)) == 2


def test_the_same_message_has_another_name_in_another_conversation(
    turns: DeskTurns, id: str, escalations: Escalations, engine: Engine
) -> None:
    turns.heard(id, "SM1", WORDS, {})
    escalations.close(id)
    other = opened(turns)
    assert other != id and turns.heard(other, "SM1", WORDS, {})
    with engine.connect() as connection:
        names = connection.scalars(select(EscalationMessage.inbound)).all()
    assert len(set(names)) == 2 and not [name for name in names if name is None or "SM1" in name]


def test_of_a_photo_only_that_one_came_is_noted(turns: DeskTurns, id: str, escalations: Escalations) -> None:
    turns.heard(id, "SM1", "", {"media": 2})
    [said] = escalations.messages(id)
    assert (said.text, said.beside) == ("", {"media": 2})


def test_she_waits_since_the_first_message_that_nobody_answered(
    turns: DeskTurns, id: str, engine: Engine, clock: Clock
) -> None:
    began = int(clock.now)
    clock.advance(60)
    turns.heard(id, "SM1", WORDS, {})
    assert (turns.state(id).waiting_since, turns.state(id).last_inbound) == (began, began + 60)
    put(engine, id, waiting_since=None, last_staff=began + 90)
    clock.advance(60)
    for sid in ("SM2", "SM3"):
        turns.heard(id, sid, WORDS, {})
        clock.advance(60)
    assert (turns.state(id).waiting_since, turns.state(id).last_inbound) == (began + 120, began + 180)


RISES = {
    "a common one becomes urgent": ("normal", "urgent", "urgent"),
    "a common one becomes soon": ("normal", "soon", "soon"),
    "urgent stays, whatever comes": ("urgent", "normal", "urgent"),
    "soon stays": ("soon", "normal", "soon"),
    "nothing changes": ("normal", "normal", "normal"),
}


@pytest.mark.parametrize("name", RISES)
def test_the_urgency_only_rises(turns: DeskTurns, name: str) -> None:
    before, heard, after = map(Urgency, RISES[name])
    id = opened(turns, urgency=before)
    turns.heard(id, "SM1", WORDS, {}, heard)
    assert turns.state(id).urgency is after


def test_each_urgent_message_alarms_anew_once_the_last_alarm_was_given(
    turns: DeskTurns, id: str, engine: Engine, clock: Clock
) -> None:
    def hears(sid: str, urgency: Urgency = Urgency.URGENT) -> tuple[int | None, int | None]:
        clock.advance(60)
        turns.heard(id, sid, WORDS, {}, urgency)
        row = row_of(engine, id)
        return row.alarm, row.alarmed

    assert hears("SM0", Urgency.SOON) == (None, None)
    first = int(clock.now) + 60
    assert hears("SM1") == (first, None)
    assert hears("SM2") == (first, None), "it waits since the first"
    told = int(clock.now)
    put(engine, id, alarm=None, alarmed=told)
    assert hears("SM3", Urgency.NORMAL) == (None, told)
    assert hears("SM4") == (told + 120, told), "when they were told last stays"


def test_what_a_message_tells_takes_the_place_of_what_was_known(turns: DeskTurns, id: str) -> None:
    turns.heard(id, "SM1", WORDS, {}, learned=About(topic="food", language="quc", understood="busca comida"))
    about = turns.state(id).about
    assert (about.topic, about.language, about.understood) == ("food", "quc", "busca comida")
    assert (about.place, about.consent, about.cause) == (CHICAGO, CONSENT, Cause.NOT_UNDERSTOOD)
    turns.heard(id, "SM2", WORDS, {}, learned=About(minor=True))
    turns.heard(id, "SM3", WORDS, {}, learned=About(minor=False))
    assert turns.state(id).about.minor, "that a child writes is not forgotten"


def test_what_the_bot_answers_is_noted_once_and_a_turn_that_runs_again_replaces_it(
    turns: DeskTurns, id: str, escalations: Escalations, clock: Clock
) -> None:
    turns.heard(id, "SM1", WORDS, {})
    assert turns.said(id, "SM1", ["Calma.", "Escriba 1."], {"flow": "car_stop"})
    assert turns.state(id).last_bot == int(clock.now)
    assert not turns.said(id, "SM1", ["Calma.", "Escriba 1."], {})
    expected = [("family", WORDS), ("bot", "Calma."), ("bot", "Escriba 1.")]
    assert thread(escalations, id) == expected
    assert turns.said(id, "SM1", ["No abra."], {})
    assert thread(escalations, id) == [("family", WORDS), ("bot", "No abra.")]
    assert turns.said(id, "SM2", ["No abra."], {}), "the same answer to another message"
    assert len(thread(escalations, id)) == 3


def test_after_the_end_nothing_is_noted(
    turns: DeskTurns, id: str, escalations: Escalations, engine: Engine, clock: Clock
) -> None:
    escalations.close(id)
    before = row_of(engine, id)
    clock.advance(60)
    assert not turns.heard(id, "SM1", WORDS, {}, Urgency.URGENT)
    assert not turns.said(id, "SM1", ["hola"], {})
    assert not turns.agreed_to_pass(id, True)
    assert thread(escalations, id) == [] and row_of(engine, id) == before
    assert turns.state(id).closed == int(clock.now) - 60, "that it is closed is seen"


def test_after_the_erasing_there_is_nothing(
    turns: DeskTurns, id: str, escalations: Escalations, engine: Engine
) -> None:
    turns.heard(id, "SM1", WORDS, {})
    escalations.erase(id)
    assert turns.state(id) is None and turns.find(ANA) is None
    assert not turns.heard(id, "SM1", WORDS, {}) and not turns.said(id, "SM1", ["hola"], {})
    with engine.connect() as connection:
        assert connection.execute(select(EscalationMessage)).all() == []


def test_day_three_with_an_empty_redis_she_is_found_and_known_again(
    turns: DeskTurns, id: str, redis_client: Redis, sessions_beside: Sessions, clock: Clock
) -> None:
    opened(turns, LUZ)
    clock.advance(3 * 86_400)
    redis_client.flushall()
    assert turns.find(ANA).id == id and turns.find("+15005559999") is None
    assert beside(sessions_beside, ANA).escalation == id, "the next message need not look through SQL"
    assert turns.open(ANA, Channel.SMS, ABOUT, Urgency.NORMAL, None, CONSENT).id == id


def test_a_key_that_is_damaged_keeps_nobody_else_from_being_found(turns: DeskTurns, keys: KeyStore, tmp_path) -> None:
    ids = [opened(turns, f"+1500555{number:04d}") for number in range(3)]
    with sqlite3.connect(tmp_path / "keystore" / "keys.db") as store:
        store.execute("UPDATE keys SET wrapped = zeroblob(5000) WHERE name = ?", (ids[0],))
    keys.destroy(ids[1])
    assert turns.find("+15005550002").id == ids[2]
    assert turns.find("+15005550000") is None and turns.find("+15005550001") is None
    assert set(keys.require_many([*ids, "never-there"])) == {ids[2]}


def test_to_find_one_among_many_asks_the_key_store_a_few_times(
    turns: DeskTurns, engine: Engine, keys: KeyStore
) -> None:
    asked: list[str] = []
    last = [opened(turns, f"+1500555{number:04d}") for number in range(40)][-1]
    event.listen(keys._database.engine, "before_cursor_execute", lambda _c, _u, statement, *_: asked.append(statement))
    assert turns.find("+15005550039").id == last
    assert len([each for each in asked if each.startswith("SELECT")]) == 2, (
        "all keys at once, and hers for what is about her"
    )


@pytest.mark.parametrize("yes", [True, False], ids=["she agrees", "she does not"])
def test_her_answer_moves_it_or_not(
    turns: DeskTurns, id: str, escalations: Escalations, engine: Engine, clock: Clock, yes: bool
) -> None:
    since = turns.state(id).waiting_since
    put(engine, id, pass_to="lejos", claimed_by=1, claimed_at=int(clock.now))
    clock.advance(60)
    assert turns.agreed_to_pass(id, yes) and not turns.agreed_to_pass(id, yes), "once"
    found = turns.state(id)
    assert (found.organization, found.claimed_by, found.pass_to) == (
        ("lejos", None, None) if yes else ("casa", 1, None)
    )
    assert found.waiting_since == since
    assert thread(escalations, id) == ([("system", "passed")] if yes else [])
    assert audited(engine)[1:] == [("family", "desk.passed" if yes else "desk.not_passed", f"{id} to lejos")]


def test_an_urgent_one_that_goes_elsewhere_alarms_there(turns: DeskTurns, engine: Engine, clock: Clock) -> None:
    id = opened(turns, urgency=Urgency.URGENT)
    put(engine, id, pass_to="lejos", alarmed=int(clock.now))
    clock.advance(60)
    turns.agreed_to_pass(id, True)
    assert (row_of(engine, id).alarm, row_of(engine, id).alarmed) == (int(clock.now), None)


def test_one_of_a_turn_that_was_lost_leaves_nothing(
    turns: DeskTurns, id: str, engine: Engine, keys: KeyStore, sessions_beside: Sessions
) -> None:
    turns.heard(id, "SM1", WORDS, {})
    turns.drop(id)
    turns.drop(id)
    row = row_of(engine, id)
    told = {name: value for name, value in row._mapping.items() if value is not None}
    assert set(told) == {"id", "channel", "opened", "closed", "erased", "urgency"} and told["urgency"] == "normal"
    assert keys.get(id) is None and beside(sessions_beside, ANA).kept == ()
    assert opened(turns) != id
    assert audit.verify(engine).rows == 2


def test_a_tombstone_keeps_nothing_that_tells_and_nothing_is_sent(
    turns: DeskTurns, engine: Engine, escalations: Escalations, clock: Clock
) -> None:
    id, now = opened(turns, urgency=Urgency.URGENT), int(clock.now)
    number = escalations.add(id, "staff", "Le llamamos.")
    waits = {"escalation": id, "message": number, "state": "queued", "made": now, "not_before": now, "changed": now}
    with engine.begin() as connection:
        connection.execute(insert(OutboxRow).values(id="o" * 22, **waits))
    everything = {"claimed_by": 1, "claimed_at": now, "last_staff": now, "last_bot": now, "pass_to": "x"}
    put(engine, id, **everything, resolution="informed", alarmed=now)
    escalations.erase(id)
    row = row_of(engine, id)
    told = {name: value for name, value in row._mapping.items() if value is not None}
    assert told == {"id": id, "channel": "sms", "opened": now, "closed": now, "erased": now, "urgency": "normal"}
    with engine.connect() as connection:
        assert connection.execute(select(OutboxRow)).all() == []
        assert connection.execute(select(EscalationMessage)).all() == []


def test_two_turns_at_once_open_one_and_it_is_audited_once(
    engine: Engine, database_url: str, redis_server, peppers: Peppers, keys: KeyStore, clock: Clock
) -> None:
    def process() -> tuple[Engine, DeskTurns]:
        mine, client = engine_for(database_url), redis_server.client()
        escalations = Escalations(mine, client, peppers, DayKeys(client), keys, clock)
        return mine, DeskTurns(mine, keys, escalations, clock)

    processes = [process() for _ in range(4)]
    made = []

    def opening(turns: DeskTurns) -> None:
        for _ in range(20):
            with suppress(StoreDown):
                made.append(turns.open(ANA, Channel.SMS, ABOUT, Urgency.NORMAL, "casa", CONSENT))
                return

    at_once([lambda turns=turns: opening(turns) for _, turns in processes])
    assert len({each.id for each in made}) == 1 and [each.new for each in made].count(True) == 1 and len(made) == 4
    assert len(audited(engine)) == 1 and audit.verify(engine).rows == 1
    for mine, _ in processes:
        mine.dispose()


def test_the_same_message_at_two_processes_is_noted_once(
    turns: DeskTurns, id: str, engine: Engine, database_url: str, escalations: Escalations, keys: KeyStore, clock: Clock
) -> None:
    engines = [engine_for(database_url) for _ in range(4)]

    def hearing(mine: Engine) -> None:
        other = DeskTurns(mine, keys, escalations, clock)
        for sid in ("SM1", "SM2", "SM3"):
            for _ in range(20):
                with suppress(StoreDown):
                    other.heard(id, sid, sid, {})
                    break

    at_once([lambda mine=mine: hearing(mine) for mine in engines])
    assert sorted(thread(escalations, id)) == [("family", "SM1"), ("family", "SM2"), ("family", "SM3")]
    for mine in engines:
        mine.dispose()


def test_a_message_that_comes_while_it_is_erased_is_not_left_behind(
    turns: DeskTurns, escalations: Escalations, engine: Engine
) -> None:
    for _ in range(6):
        id = opened(turns)

        def writing(id: str = id) -> None:
            for number in range(30):
                with suppress(KeyGone, StoreDown):
                    turns.heard(id, f"SM{number}", WORDS, {})

        at_once([writing, lambda id=id: escalations.erase(id)])
        row = row_of(engine, id)
        assert (row.about, row.last_inbound, row.waiting_since) == (None, None, None)
        with engine.connect() as connection:
            assert connection.execute(select(EscalationMessage)).all() == []


def at_once(acts: list) -> None:
    threads = [threading.Thread(target=act) for act in acts]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
