"""Who else has a conversation open: told by the bot's clock, gone by itself."""

from __future__ import annotations

from redis import Redis

from tests.store.at_desk import ANA, BEA, AtDesk

ALSO_ON_A_CLUSTER = True


def test_others_are_told_and_she_herself_is_not(desk: AtDesk, clock) -> None:
    id, other = desk.comes(), desk.comes()
    desk.looking.note(ANA, id, typing=False)
    desk.looking.note(BEA, id, typing=True)
    assert desk.looking.others(ANA, id) == (("Bea", True),)
    assert desk.looking.others(BEA, id) == (("Ana", False),)
    assert desk.looking.others(ANA, other) == ()
    desk.looking.note(BEA, id, typing=False)
    assert desk.looking.others(ANA, id) == (("Bea", False),)


def test_who_stays_away_looks_no_more(desk: AtDesk, clock) -> None:
    id = desk.comes()
    desk.looking.note(BEA, id, typing=True)
    clock.advance(19)
    assert desk.looking.others(ANA, id)
    clock.advance(1)
    assert desk.looking.others(ANA, id) == ()


def test_who_closes_it_looks_no_more(desk: AtDesk) -> None:
    id = desk.comes()
    desk.looking.note(BEA, id, typing=True)
    desk.looking.left(BEA, id)
    assert desk.looking.others(ANA, id) == ()


def test_nothing_of_it_stays(desk: AtDesk, redis_client: Redis) -> None:
    id = desk.comes()
    desk.looking.note(BEA, id, typing=True)
    assert 0 < redis_client.pttl(f"{{desk}}:looking:{id}") <= 40_000
