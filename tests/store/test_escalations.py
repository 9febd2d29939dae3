"""Escalations: sealed, found again, closed, held and erased; whatever store is down, and whoever comes at the same time."""

from __future__ import annotations

import time

import pytest
from redis import Redis
from sqlalchemy import Engine, select

from bot.message import Channel
from bot.privacy import Peppers
from bot.session import Beside
from bot.store.escalations import Escalations
from bot.store.keys import DayKeys
from bot.store.models import Escalation
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
