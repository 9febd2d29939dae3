"""Waits for staff and SMS of staff in the weekly counts: when something is added, and that nobody's act fails for it."""

from __future__ import annotations

import pytest
from redis import Redis

from bot.escalation.escalation import About
from bot.store.counting import Counting
from bot.store.desk_errors import NewerMessage
from bot.store.desk_talk import DeskTalk
from bot.store.redis_client import connect, read_hash
from bot.store.tally import hash_name, monday
from tests.servers import RedisServer
from tests.store.at_desk import ANA, AtDesk

K_ICHE = About(language="quc")


def waiting(redis: Redis, kind: str, now: float) -> dict[str, int]:
    return {cell: int(n) for cell, n in read_hash(redis, hash_name(kind, monday(now))).items()}


@pytest.fixture
def talk(desk: AtDesk, redis_client: Redis) -> DeskTalk:
    return DeskTalk(
        desk.engine, desk.keys, desk.outbox, desk.opt_outs, desk.clock, Counting(redis_client, desk.clock).waited
    )


def test_an_answer_counts_with_its_wait_and_a_second_line_does_not(
    desk: AtDesk, talk: DeskTalk, redis_client: Redis, clock
) -> None:
    id = desk.comes(about=K_ICHE)
    clock.advance(3700)
    talk.reply(ANA, id, "Buenas tardes", None)
    talk.reply(ANA, id, "Soy Ana", None)
    assert waiting(redis_client, "wait", clock()) == {"3600|quc": 1}
    desk.writes(id, "gracias")
    clock.advance(60)
    talk.answer_many(ANA, {id: desk.said(id)[-1].number}, "Abrimos el lunes")
    assert waiting(redis_client, "wait", clock()) == {"3600|quc": 1, "0|quc": 1}


def test_what_is_not_written_is_not_counted(desk: AtDesk, talk: DeskTalk, redis_client: Redis, clock) -> None:
    id = desk.comes()
    desk.writes(id, "otra cosa")
    with pytest.raises(NewerMessage):
        talk.reply(ANA, id, "Buenas tardes", 0)
    assert waiting(redis_client, "wait", clock()) == {}


def test_sms_of_staff_have_no_language(redis_client: Redis, clock) -> None:
    counting = Counting(redis_client, clock)
    counting.sms(2)
    counting.sms(30)
    assert waiting(redis_client, "sms", clock()) == {"2|staff": 1, "7|staff": 1}


def test_redis_down_keeps_nobody_from_anything(own_redis: RedisServer, clock) -> None:
    client = connect(own_redis.url)
    own_redis.kill()
    Counting(client, clock).waited(60, None)
    client.close()
