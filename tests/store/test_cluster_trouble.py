"""Nodes of a Redis Cluster that die, hang, are replaced or hand over their slots: whom it concerns, and whom not."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator

import pytest
from redis.exceptions import RedisError

from bot.privacy import Peppers
from bot.store.cluster_nodes import slot_of
from bot.store.errors import StoreDown
from bot.store.keys import DayKeys
from bot.store.names import WAITING, WHOLE, mark_of, slot
from bot.store.redis_client import connect
from bot.store.sessions import LOCK_MS, Sessions
from tests.servers import RedisNodes, RedisServer, free_port, until

# Starts processes and waits for them.
pytestmark = [pytest.mark.slow, pytest.mark.on_time]

DAY = "day:2026-11-24"


@pytest.fixture(scope="module")
def _nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisNodes]:
    nodes = RedisNodes(tmp_path_factory.mktemp("nodes"))
    nodes.start()
    yield nodes
    nodes.kill()


@pytest.fixture
def nodes(_nodes: RedisNodes) -> Iterator[RedisNodes]:
    """Three nodes that a test may kill; they are empty again, and whole, for the next one."""
    _nodes.client().flushall()
    yield _nodes
    _nodes.close()
    _nodes.mend()


def people(nodes: RedisNodes, peppers: Peppers) -> list[str]:
    """Somebody on each node."""
    numbers = [f"+1500555{number:04d}" for number in range(100)]
    return [
        next(number for number in numbers if nodes.serving(slot(peppers, number)) is server)
        for server in nodes.servers[:3]
    ]


def worker(nodes: RedisNodes, peppers: Peppers, clock) -> Sessions:
    client = nodes.client()
    return Sessions(client, peppers, DayKeys(client), clock, json.loads)


def soon() -> float:
    return time.monotonic() + 1


def turn(sessions: Sessions, person: str, n: int) -> None:
    begun = sessions.begin(person, f"SM{n}", soon())
    assert begun.session == ({"n": n - 1} if n > 1 else None)
    assert sessions.finish(begun, {"n": n}, f"reply {n}".encode(), {"topic:menu|es|sms": 1}, spent=1)


@pytest.mark.parametrize("dead", range(3))
def test_only_people_of_a_dead_node_are_forgotten(nodes: RedisNodes, peppers, clock, dead: int) -> None:
    """Whatever else lay there: one of the three holds today's key, one the day's money, one may hold nothing more."""
    sessions, everybody = worker(nodes, peppers, clock), people(nodes, peppers)
    for person in everybody:
        turn(sessions, person, 1)
    client, server = nodes.client(), nodes.servers[dead]
    client.set(WHOLE, f"{int(clock() * 1000)}|{mark_of(DayKeys(client).pair(clock())[0])}")
    server.kill()
    for n in (2, 3):
        for person in everybody:
            if person == everybody[dead]:
                with pytest.raises(StoreDown) as caught:
                    sessions.begin(person, f"SM{n}", soon())
                assert caught.value.evidence == "ConnectionError"
            else:
                turn(sessions, person, n)
    person = everybody[dead - 1]
    begun = sessions.begin(person, "SM4", soon())
    money = [nodes.serving(name) for name in ("spent:2026-11-24", "spent:2026-11-24:heavy")]
    assert begun.beside.counted is (server not in money), "money is known, or known not to be"
    what_waits = [nodes.serving(name) for name in (WHOLE, WAITING)]
    assert begun.beside.whole is (server not in what_waits), "nobody is told that nothing is kept where none can look"
    sessions.release(begun)
    if nodes.serving(DAY) is server:
        # Nobody can say for certain under which key the person is named: what is known goes, and it is not called done.
        with pytest.raises(StoreDown):
            sessions.erase(person)
    else:
        sessions.erase(person)
    assert sessions.begin(person, "SM1", soon()).reply == b""
    nodes.mend()
    for person in everybody:
        begun = sessions.begin(person, "SM5", soon())
        assert sessions.finish(begun, {"n": 5}, b"5", {"topic:menu|es|sms": 1}, spent=1)


def test_only_people_of_a_hanging_node_wait(nodes: RedisNodes, peppers, clock) -> None:
    """Of the node that holds today's key, which every turn asks for."""
    sessions, everybody = worker(nodes, peppers, clock), people(nodes, peppers)
    for person in everybody:
        turn(sessions, person, 1)
    server = nodes.serving(DAY)
    server.send(signal.SIGSTOP)
    for n in (2, 3):
        for person in everybody:
            if nodes.serving(slot(peppers, person)) is server:
                with pytest.raises(StoreDown) as caught:
                    sessions.begin(person, f"SM{n}", soon())
                assert caught.value.evidence == "TimeoutError"
            else:
                turn(sessions, person, n)
    nodes.mend()
    # Another process, which has not waited in vain: this one leaves the node alone for some seconds more.
    clock.advance(LOCK_MS / 1000)
    another = worker(nodes, peppers, clock)
    for person in everybody:
        begun = another.begin(person, "SM5", soon())
        assert begun.session == ({"n": 1} if nodes.serving(slot(peppers, person)) is server else {"n": 3})


def test_the_node_of_the_day_key_comes_back_empty(nodes: RedisNodes, peppers, clock) -> None:
    """Then all are named anew, and all processes agree how."""
    one, other = worker(nodes, peppers, clock), worker(nodes, peppers, clock)
    everybody = people(nodes, peppers)
    for n, sessions in enumerate((one, other), 1):
        for person in everybody:
            turn(sessions, person, n)
    nodes.serving(DAY).kill()
    nodes.mend()
    for person in everybody:
        begun = one.begin(person, "SM5", soon())
        assert begun.session is None and one.finish(begun, {"n": 5}, b"5", {})
        assert other.begin(person, "SM5", soon()).reply == b"5"


def test_midnight_while_the_node_of_yesterdays_key_is_down(nodes: RedisNodes, peppers, clock) -> None:
    """Whoever knew it goes on with it. The clock stands at noon; ten days hence two keys lie on different nodes."""
    names = [f"day:2026-12-{day:02d}" for day in range(1, 30)]
    before = next(n for n, name in enumerate(names[:-1]) if nodes.serving(name) is not nodes.serving(names[n + 1]))
    clock.advance((before + 7) * 86_400 + 43_199)
    sessions, everybody = worker(nodes, peppers, clock), people(nodes, peppers)
    holder = nodes.serving(names[before])
    person = next(person for person in everybody if nodes.serving(slot(peppers, person)) is not holder)
    turn(sessions, person, 1)
    holder.kill()
    clock.advance(2)
    turn(sessions, person, 2)


def test_all_nodes_down_and_back(nodes: RedisNodes, peppers, clock) -> None:
    sessions, [person, *_] = worker(nodes, peppers, clock), people(nodes, peppers)
    turn(sessions, person, 1)
    for server in nodes.servers:
        server.kill()
    for _ in range(2):
        with pytest.raises(StoreDown):
            sessions.begin(person, "SM2", soon())
    nodes.mend()
    turn(sessions, person, 1)


def test_nobody_is_there_at_the_start(peppers, clock) -> None:
    client = connect(f"redis+cluster://127.0.0.1:{free_port()},127.0.0.1:{free_port()}")
    with pytest.raises(StoreDown) as caught:
        Sessions(client, peppers, DayKeys(client), clock, json.loads).begin("+15005550006", "SM1", soon())
    assert caught.value.evidence == "ConnectionError"


def test_one_server_under_the_name_of_a_cluster(own_redis: RedisServer, peppers, clock, tmp_path) -> None:
    port = free_port()
    own_redis.client().config_set("port", port)
    client = connect(f"redis+cluster://127.0.0.1:{port}")
    with pytest.raises(StoreDown) as caught:
        Sessions(client, peppers, DayKeys(client), clock, json.loads).begin("+15005550006", "SM1", soon())
    assert caught.value.evidence == "ResponseError"


def hand_over(nodes: RedisNodes, number: int, half_way) -> None:
    """Moves a slot from one node to another as an operator's tool does, with a look in the middle."""
    giver = next(n for n in range(3) if number < 16_384 * (n + 1) // 3)
    taker = (giver + 1) % 3
    clients = [server.client() for server in nodes.servers]
    ids = [client.execute_command("CLUSTER", "MYID").decode() for client in clients]
    clients[taker].execute_command("CLUSTER", "SETSLOT", number, "IMPORTING", ids[giver])
    clients[giver].execute_command("CLUSTER", "SETSLOT", number, "MIGRATING", ids[taker])
    half_way()
    if names := clients[giver].execute_command("CLUSTER", "GETKEYSINSLOT", number, 1_000):
        words = ("MIGRATE", "127.0.0.1", nodes.ports[taker], "", 0, 1_000, "REPLACE", "KEYS", *names)
        clients[giver].execute_command(*words)
    for client in clients:
        client.execute_command("CLUSTER", "SETSLOT", number, "NODE", ids[taker])


def test_a_slot_is_handed_over(nodes: RedisNodes, peppers, clock) -> None:
    sessions, [person, *_] = worker(nodes, peppers, clock), people(nodes, peppers)
    turn(sessions, person, 1)
    tag, client = slot(peppers, person), nodes.client()
    client.set(f"{tag}:there", "1")

    def half_way() -> None:
        # What is there is served here, what is new there (ASK); a pipeline and a transaction see the same.
        assert client.get(f"{tag}:there") == b"1" and client.set(f"{tag}:new", "2")
        pipe = client.pipeline(transaction=False)
        assert pipe.get(f"{tag}:there").get(f"{tag}:new").get("elsewhere").execute() == [b"1", b"2", None]
        # A turn needs all names of a person in one place: it waits a little, and then goes without memory.
        with pytest.raises(StoreDown) as caught:
            sessions.begin(person, "SM2", soon())
        assert caught.value.evidence in ("AskError", "TryAgainError")

    hand_over(nodes, slot_of(tag), half_way)
    turn(sessions, person, 2)
    assert client.mget(f"{tag}:there", f"{tag}:new") == [b"1", b"2"]
    late = nodes.client()
    pipe = late.pipeline(transaction=True)
    assert pipe.incr(f"{tag}:n").expire(f"{tag}:n", 9).execute() == [1, True]


def test_what_lies_in_two_slots_is_refused(nodes: RedisNodes) -> None:
    client = nodes.client()
    with pytest.raises(RedisError, match="same slot"):
        client.eval("return 1", 2, "{a}", "{b}")
    with pytest.raises(RedisError, match="same slot"):
        client.rename("{a}", "{b}")
    with pytest.raises(ValueError, match="scan_iter"):
        client.scan()
    client.set("{b}", "1")
    pipe = client.pipeline(transaction=True)
    with pytest.raises(RedisError):
        pipe.get("{a}").get("{b}").execute()


def test_a_replica_takes_the_place_of_a_dead_node(tmp_path, peppers, clock) -> None:
    nodes = RedisNodes(tmp_path, replicas=1)
    nodes.start()
    try:
        sessions, [person, other, *_] = worker(nodes, peppers, clock), people(nodes, peppers)
        turn(sessions, person, 1)
        turn(sessions, other, 1)
        assert nodes.servers[0].client().execute_command("WAIT", 1, 5_000) == 1
        nodes.servers[0].kill()
        copy = nodes.servers[3].client()
        until(lambda: copy.info("replication")["role"] == "master", "a new master")
        nodes.await_state("cluster_state:ok", "cluster_slots_fail:0", "cluster_slots_pfail:0")
        turn(sessions, person, 2)
        turn(sessions, other, 2)
        # The former one comes back as a copy, and sends on whoever still asks it.
        nodes.servers[0].start()
        turn(sessions, person, 3)
    finally:
        nodes.kill()
