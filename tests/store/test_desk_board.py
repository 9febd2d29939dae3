"""The board: who answers, whether it is a bad day and how long people wait then; by Redis, by SQL, by what was known last."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import Engine, insert, update

from bot.escalation.board import BadDay, Board
from bot.escalation.organization import DeskOrganization
from bot.escalation.viewer import Role, Viewer
from bot.frozen import replace
from bot.store import audit
from bot.store.database import engine_for
from bot.store.desk_board import MIRROR, REMEMBERED_SECONDS, TODAY_SECONDS, DeskBoard
from bot.store.desk_organizations import DeskOrganizations
from bot.store.errors import NotYours, StoreDown
from bot.store.models import Escalation, EscalationMessage
from bot.store.staff_models import User
from tests.store.at_desk import ADA, ANA, CORA, EVERYBODY, OLGA, VERA, employ, viewer
from tests.store.conftest import Clock
from tests.store.test_desk_turns import audited

CASA = DeskOrganization("casa", "Casa Azul", hours="Mo-Fr 09:00-17:00", languages=("es", "quc"), states=("US-IL", "GT"))
LEJOS = DeskOrganization("lejos", "Lejos", is_default=True)

_asked = itertools.count()


@pytest.fixture
def board(engine: Engine, redis_client: Redis, clock: Clock) -> DeskBoard:
    return DeskBoard(engine, redis_client, clock)


def save(engine: Engine, clock: Clock, *organizations: DeskOrganization) -> None:
    for each in organizations:
        DeskOrganizations(engine, clock).save("Prueba", each)


def test_without_anybody_nobody_is_promised(board: DeskBoard) -> None:
    assert board.now() == Board() and not board.now().answers and board.mirror() == Board()


STAFF: dict[str, tuple[tuple[Viewer, ...], tuple[str, ...]]] = {
    "nobody works there": ((), ()),
    "a responder does": ((ANA,), ("casa",)),
    "a responder of each": ((ANA, OLGA), ("casa", "lejos")),
    "only a coordinator": ((CORA,), ()),
    "an admin and a volunteer": ((ADA, VERA), ()),
    "one who is both": ((viewer(8, Role.COORDINATOR, Role.RESPONDER),), ("casa",)),
    "an admin of the network": ((viewer(8, Role.ADMIN, organization=None),), ()),
}


@pytest.mark.parametrize("name", STAFF)
def test_an_organization_answers_that_has_somebody_who_may(
    board: DeskBoard, engine: Engine, clock: Clock, name: str
) -> None:
    people, expected = STAFF[name]
    save(engine, clock, CASA, LEJOS)
    employ(engine, *people)
    assert tuple(each.id for each in board.mirror().organizations) == expected


def test_who_left_and_what_closed_answer_no_more(board: DeskBoard, engine: Engine, clock: Clock) -> None:
    save(engine, clock, CASA, LEJOS)
    employ(engine, ANA, OLGA)
    with engine.begin() as connection:
        connection.execute(update(User).where(User.id == ANA.user).values(active=False))
    assert board.mirror().organizations == (LEJOS,)
    save(engine, clock, replace(LEJOS, active=False))
    assert board.mirror().organizations == ()


def test_turns_read_what_the_worker_wrote(board: DeskBoard, engine: Engine, redis_client: Redis, clock: Clock) -> None:
    save(engine, clock, CASA)
    employ(engine, ANA)
    board.mirror()
    down = DeskBoard(engine_for("sqlite:////no/such/folder/puente.db"), redis_client, clock)
    assert down.now() == Board((CASA,))
    assert down.now().of("casa").hours == CASA.hours


def test_it_is_remembered_for_some_seconds(board: DeskBoard, engine: Engine, redis_client: Redis, clock: Clock) -> None:
    assert not board.now().answers
    save(engine, clock, CASA)
    employ(engine, ANA)
    DeskBoard(engine, redis_client, clock).mirror()
    clock.advance(REMEMBERED_SECONDS - 0.1)
    assert not board.now().answers
    clock.advance(0.1)
    assert board.now().answers
    clock.advance(-3_600)
    assert board.now().answers, "a clock that went back"


@pytest.mark.parametrize("held", [None, b"", b"{}", b"[]", b"null", b'{"organizations": [{"id": 1}]}', b"\xff"])
def test_what_redis_lost_or_cannot_tell_sql_tells(
    engine: Engine, redis_client: Redis, clock: Clock, held: bytes | None
) -> None:
    save(engine, clock, CASA)
    employ(engine, ANA)
    if held is not None:
        redis_client.set(MIRROR, held)
    assert DeskBoard(engine, redis_client, clock).now() == Board((CASA,))


def test_with_both_down_what_was_known_last_holds(engine: Engine, own_redis, clock: Clock, tmp_path: Path) -> None:
    client = own_redis.client()
    save(engine, clock, CASA)
    employ(engine, ANA)
    known = DeskBoard(engine, client, clock)
    assert known.now().answers
    own_redis.kill()
    known._engine = engine_for(f"sqlite:///{tmp_path}/no/folder.db")
    clock.advance(3_600)
    assert known.now() == Board((CASA,))
    new = DeskBoard(known._engine, client, clock)
    assert new.now() == Board(), "who knows nothing promises nobody"
    for act in (new.mirror, lambda: new.switch_bad_day(CORA, True)):
        with pytest.raises(StoreDown):
            act()


@pytest.mark.parametrize("who", [each for each in EVERYBODY if each is not CORA], ids=lambda who: who.name)
def test_only_a_coordinator_switches_the_bad_day(board: DeskBoard, engine: Engine, who: Viewer) -> None:
    with pytest.raises(NotYours):
        board.switch_bad_day(who, True)
    assert audited(engine) == [] and board.mirror().bad_day is None


def test_a_bad_day_is_seen_everywhere_and_stands_in_the_audit(
    board: DeskBoard, engine: Engine, redis_client: Redis, clock: Clock
) -> None:
    other = DeskBoard(engine, redis_client, clock)
    assert other.now().bad_day is None
    assert board.switch_bad_day(CORA, True) and not board.switch_bad_day(CORA, True)
    assert board.now().bad_day == BadDay(int(clock.now))
    clock.advance(REMEMBERED_SECONDS)
    assert other.now().bad_day == BadDay(int(clock.now - REMEMBERED_SECONDS))
    assert board.switch_bad_day(CORA, False) and not board.switch_bad_day(CORA, False)
    assert board.now().bad_day is None
    assert audited(engine) == [(CORA.actor, "bad_day.on", ""), (CORA.actor, "bad_day.off", "")]
    assert audit.verify(engine).rows == 2


def asked(engine: Engine, opened: float, answered: float | None = None, **values: object) -> None:
    """Somebody was handed over at that moment, and staff first wrote at that one."""
    id = f"asked-{next(_asked)}"
    with engine.begin() as connection:
        row = {"id": id, "channel": "sms", "opened": int(opened)}
        connection.execute(insert(Escalation).values(**row, **values))
        message = {"escalation": id, "sealed": b"x"}
        early = [{"author": author, "at": int(opened)} for author in ("family", "bot", "note", "system")]
        late = [] if answered is None else [{"author": "staff", "at": int(answered) + more} for more in (0, 900)]
        for each in (*early, *late):
            connection.execute(insert(EscalationMessage).values(**message, **each))


def test_the_wait_is_that_of_today_with_those_who_still_wait(board: DeskBoard, engine: Engine, clock: Clock) -> None:
    now = clock.now
    board.switch_bad_day(CORA, True)
    assert board.mirror().bad_day.wait is None, "nobody has been answered"
    asked(engine, now - TODAY_SECONDS, now - TODAY_SECONDS + 5)
    asked(engine, now - 60, erased=int(now), closed=int(now))
    assert board.mirror().bad_day.wait is None, "nobody today"
    for wait in (120, 600, 900):
        asked(engine, now - 3_600, now - 3_600 + wait)
    assert board.mirror().bad_day.wait == 600
    for waits in (2_000, 2_100):
        asked(engine, now - waits)
    assert board.mirror().bad_day.wait == 900
    for waits in (3_000, 3_100, 3_200):
        asked(engine, now - waits)
    assert board.mirror().bad_day.wait == 3_200, "most of them still wait"


def test_the_wait_is_only_told_on_a_bad_day(board: DeskBoard, engine: Engine, clock: Clock) -> None:
    asked(engine, clock.now - 600, clock.now - 500)
    assert board.mirror().bad_day is None
