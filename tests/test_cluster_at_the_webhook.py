"""The whole service on a Redis Cluster of three nodes: it says what it says on one Redis, also while a node is dead."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from structlog.testing import capture_logs

from bot.console.try_phone import MOST_A_MINUTE, _allowed
from bot.frozen import replace
from bot.patience import DEADLINE
from bot.store import counts
from bot.store.keys import load_keys
from bot.store.names import slot
from bot.store.tally import spent_name
from bot.worker import duties
from tests.phone import Phone
from tests.servers import RedisNodes, RedisServer, free_port, make_app_in

# Starts processes and waits for them.
pytestmark = [pytest.mark.slow, pytest.mark.on_time]

TALK = [
    "hola", "1", "menu", "la migra esta en mi puerta", "1", "MAS", "ENGLISH", "do I have to open the door", "food 60629",
    "MORE", "lawyer", "ESPAÑOL", "abogado 60629", "y en Los Angeles?", "1", "STOP", "START", "menu", "2", "BORRAR", "1",
    "hola",
]  # fmt: skip


@pytest.fixture
def on_cluster(make_app: Callable[..., Flask], cluster: RedisNodes) -> Iterator[Flask]:
    """An app on the shared cluster, which is empty."""
    app = make_app(REDIS_URL=cluster.url)
    app.extensions["puente"]().redis.flushall()
    yield app
    app.extensions["puente"]().redis.close()


def test_a_whole_conversation_is_the_same_as_on_one_redis(on_cluster: Flask, tmp_path, redis_of_app) -> None:
    (tmp_path / "one").mkdir()
    alone = make_app_in(tmp_path / "one", {"REDIS_URL": redis_of_app.url})
    said = []
    for app in (alone, on_cluster):
        phones = [Phone(app.test_client()), Phone(app.test_client(), "whatsapp")]
        said.append([(text, phone.send(text), phone.explain) for phone in phones for text in TALK])
    assert said[0] == said[1]
    assert all(explain.get("degraded") in (None, "model") for _, _, explain in said[1])


def test_a_retry_gets_the_answer_that_was_given(on_cluster: Flask) -> None:
    phone = Phone(on_cluster.test_client())
    form = phone.form("menu")
    assert phone.post(form).data == phone.post(form).data
    assert phone.send("1") != ""


def test_what_the_worker_does(on_cluster: Flask) -> None:
    """Each of its duties, once, after somebody wrote, was marked, and stopped."""
    puente, phone = on_cluster.extensions["puente"](), Phone(on_cluster.test_client())
    assert phone.send("menu") and phone.send("1") and phone.send("STOP") == ""
    with capture_logs() as logs:
        for duty in duties(puente.settings, puente.redis, puente.engine):
            duty.attempt(time.monotonic())
    # Nothing goes to Twilio here, and the worker says so.
    assert [log["event"] for log in logs] == ["outbox.on_paper"]
    assert puente.opt_outs.is_stopped(phone.address)
    assert puente.spending.day().segments > 0
    assert counts.flush(puente.redis, puente.engine, time.time() + 14 * 86_400) > 0


def test_money_that_cannot_be_counted_now_is_booked_later(on_cluster: Flask) -> None:
    """As if the node of the day's money were down: no turn is lost by it, and no segment."""
    puente, phone = on_cluster.extensions["puente"](), Phone(on_cluster.test_client())
    name = spent_name(puente.conversation.clock())
    assert phone.send("menu") and puente.spending.day().segments > 0
    puente.redis.delete(name)
    # What is no number cannot be read as one.
    puente.redis.hset(name, "a", 1)
    assert phone.send("menu") and phone.explain["degraded"] is None
    assert puente.conversation.spending.share_alone() > 0
    cost = phone.explain["segments"]
    puente.redis.delete(name)
    assert phone.send("menu") and puente.spending.day().segments == cost + phone.explain["segments"]


def test_readiness(on_cluster: Flask, cluster: RedisNodes, make_app: Callable[..., Flask]) -> None:
    ready = on_cluster.test_client().get("/readyz")
    assert ready.status_code == 200 and ready.get_json()["redis"] is True
    # The mistake that one would make: it greets, and would refuse two people of three.
    for url in (f"redis://127.0.0.1:{cluster.ports[0]}", f"redis+cluster://127.0.0.1:{free_port()}"):
        wrong = make_app(REDIS_URL=url).test_client().get("/readyz")
        assert wrong.status_code == 200 and wrong.get_json()["redis"] is False


def test_trying_is_limited_in_production_too(on_cluster: Flask) -> None:
    puente = on_cluster.extensions["puente"]()
    production = replace(puente, settings=replace(puente.settings, environment="production"))
    # A minute may end meanwhile, but not two.
    allowed = [_allowed(production) for _ in range(MOST_A_MINUTE * 2 + 1)]
    assert allowed[0] and not all(allowed)


def test_nodes_die_in_the_middle_of_conversations(tmp_path, make_app: Callable[..., Flask]) -> None:
    """Each in turn, and comes back empty: whose it is, is answered without memory; all others go on where they were."""
    nodes = RedisNodes(tmp_path / "nodes")
    nodes.start()
    app = make_app(REDIS_URL=nodes.url)
    peppers = load_keys(app.extensions["puente"]().settings.data_dir)
    phones: dict[RedisServer, Phone] = {}
    while len(phones) < 3:
        phone = Phone(app.test_client())
        phones.setdefault(nodes.serving(slot(peppers, phone.address)), phone)
    slowest = 0.0
    try:
        for dead in nodes.servers:
            for phone in phones.values():
                phone.send("menu")
                assert phone.explain["degraded"] is None
            dead.kill()
            for server, phone in phones.items():
                for text in ("1", "menu", "la migra esta en mi puerta", "1"):
                    began = time.monotonic()
                    assert phone.send(text) != ""
                    slowest = max(slowest, time.monotonic() - began)
                    assert phone.explain["degraded"] == ("memory" if server is dead else None), text
                    assert server is dead or phone.explain["flow"] != "lost_place"
            assert "no termino de borrar" in phones[dead].send("BORRAR")
            nodes.mend()
            phones[dead].send("1")
            assert phones[dead].explain["flow"] == "lost_place" and phones[dead].explain["degraded"] is None
            assert phones[dead].send("1").startswith("No abra")
    finally:
        nodes.kill()
    assert slowest < DEADLINE
