"""/metrics: who may read it, that its figures are those of the stores, and that no single person moves one of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine, insert

from bot.answer import Answer, tier_of
from bot.frozen import replace
from bot.message import Reply
from bot.metrics import master_key_age
from bot.store.beats import Beats
from bot.store.desk_figures import WAITS, in_waits, outbox_stuck, urgent_wait
from bot.store.models import Escalation, EscalationMessage, OutboxRow
from bot.store.spending import DaySpending
from bot.store.traffic import EVERY, NAME, STEP, Traffic, traffic
from tests.phone import Phone
from tests.servers import RedisServer

TOKEN = "a token that is long enough"


@pytest.fixture(scope="module")
def app(app_with: Callable[..., Flask]) -> Flask:
    return app_with(METRICS_TOKEN=TOKEN)


@pytest.fixture
def counted(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The app with nothing counted yet, which adds what it counts at once."""
    puente = app.extensions["puente"]()
    puente.redis.delete(NAME)
    monkeypatch.setattr("bot.store.traffic.EVERY", 0.0)
    monkeypatch.setitem(app.extensions, "puente", lambda: replace(puente, traffic=Traffic(puente.redis)))
    yield app


def say(phone: Phone, text: str) -> None:
    """Sends a message and takes the whole answer, as the server does: what is done when it is gone is done."""
    phone.send(text)
    phone.response.close()


def read(app: Flask) -> dict[str, float]:
    """Every figure, by its name and labels as the page spells them."""
    page = app.test_client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert page.status_code == 200 and page.content_type.startswith("text/plain; version=0.0.4")
    samples = [sample for family in text_string_to_metric_families(page.text) for sample in family.samples]
    return {
        sample.name + "".join(f"|{label}={value}" for label, value in sorted(sample.labels.items())): sample.value
        for sample in samples
    }


def test_only_the_token_opens_it(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer another"}).status_code == 401
    assert client.get(f"/metrics?token={TOKEN}").status_code == 401, "an address stands in logs"


def test_without_the_setting_there_is_no_such_page(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    puente = app.extensions["puente"]()
    open_to_all = replace(puente, settings=replace(puente.settings, metrics_token=""))
    monkeypatch.setitem(app.extensions, "puente", lambda: open_to_all)
    for shown in ("", "Bearer ", f"Bearer {TOKEN}"):
        assert app.test_client().get("/metrics", headers={"Authorization": shown}).status_code == 404


def test_answers_are_told_in_whole_steps(counted: Flask) -> None:
    for _ in range(STEP - 1):
        say(Phone(counted.test_client()), "menu")
    alone = read(counted)
    assert not [name for name in alone if name.startswith(("puente_answers_total", "puente_answers_by"))]
    assert alone["puente_answer_seconds_bucket|le=+Inf"] == 0
    say(Phone(counted.test_client()), "menu")
    five = read(counted)
    assert five["puente_answers_total|channel=sms|tier=whole"] == STEP
    assert five["puente_answers_by_language_total|language=es|tier=whole"] == STEP
    assert five["puente_answer_seconds_bucket|le=+Inf"] == STEP
    # Nobody can be told by one message more.
    say(Phone(counted.test_client()), "menu")
    six = read(counted)
    changed = {name for name, value in six.items() if name.startswith("puente_answer") and value != five.get(name)}
    # How many took less than a time may come to five now: that is a step too.
    assert {name.partition("|")[0] for name in changed} <= {"puente_answer_seconds_bucket"}
    assert all(six[name] % STEP == 0 for name in changed) and six["puente_answer_seconds_bucket|le=+Inf"] == STEP


def test_language_and_channel_are_not_crossed(counted: Flask) -> None:
    for _ in range(STEP):
        say(Phone(counted.test_client(), "whatsapp"), "menu")
    labels = [name.split("|")[1:] for name in read(counted) if name.startswith("puente_answers")]
    assert labels and all(len([each for each in parts if not each.startswith("tier=")]) == 1 for parts in labels)


def test_a_histogram_stays_one_in_steps(counted: Flask) -> None:
    puente = counted.extensions["puente"]()
    for number in range(97):
        puente.traffic.count("whole", "sms", "es", number / 10)
    puente.traffic.add()
    told = traffic(puente.redis)
    shown = [*told.seconds.values(), told.timed]
    assert shown == sorted(shown) and shown[-1] == 95 and all(number % STEP == 0 for number in shown)
    assert told.seconds[0.5] == 5 and told.seconds[8.0] == 80


def test_what_is_counted_without_redis_is_told_when_it_is_back(redis_of_app: RedisServer) -> None:
    counting = Traffic(redis_of_app.client())
    redis_of_app.kill()
    for _ in range(STEP):
        counting.count("no_memory", "sms", "es", 0.1)
    counting.add()
    redis_of_app.start()
    counting._added -= EVERY
    counting.add()
    assert traffic(redis_of_app.client()).answers == {("no_memory", "sms"): STEP}


TIERS = {
    "whole": ({}, "whole"),
    "without the model": ({"degraded": "model"}, "no_model"),
    "without memory": ({"degraded": "memory"}, "no_memory"),
    "the last resort": ({"degraded": "everything"}, "last_resort"),
    "a pause": ({"degraded": "paused"}, "paused"),
    "a word that nobody knows": ({"degraded": "+12025550142"}, "whole"),
}


@pytest.mark.parametrize("name", TIERS)
def test_how_whole_an_answer_was(name: str) -> None:
    explained, tier = TIERS[name]
    assert tier_of(Answer(Reply(("a",)), explained)) == tier
    assert tier_of(Answer(Reply(), explained)) == "silent"


def test_the_figures_of_an_installation(app: Flask) -> None:
    puente = app.extensions["puente"]()
    now = puente.conversation.clock()
    DaySpending(puente.redis, puente.conversation.clock).spend(6_100)
    Beats(puente.redis, lambda: now - 100).note(["purge", "counts"])
    puente.carrier_alarms.note(20003)
    told = read(app)
    assert told["puente_ready"] == 1 and told["puente_up|part=sql"] == 1 and told["puente_up|part=nlu"] == 0
    assert told["puente_release_number"] == 0 and told["puente_paused"] == 0
    assert (
        50 <= told["puente_spent_percent"] == int(told["puente_spent_percent"])
        and told["puente_spent_parts"] % 100 == 0
    )
    assert told["puente_duty_age_seconds|duty=purge"] >= 100 and told["puente_worker_silent_seconds"] >= 100
    assert told["puente_alarms_untold"] == 1 and told["puente_urgent_wait_seconds"] == 0
    assert 0 < told["puente_disk_free_ratio"] <= 1


def test_a_store_that_is_down_leaves_its_figures_out(make_app: Callable[..., Flask], redis_of_app: RedisServer) -> None:
    app = make_app(METRICS_TOKEN=TOKEN)
    redis_of_app.kill()
    told = read(app)
    assert told["puente_up|part=redis"] == 0 and told["puente_ready"] == 1 and told["puente_urgent_wait_seconds"] == 0
    assert not [name for name in told if name.startswith(("puente_answer", "puente_spent", "puente_duty"))]


def test_no_label_is_of_a_person_or_a_topic(counted: Flask) -> None:
    phone = Phone(counted.test_client(), number="+12025550142")
    for text in ("la migra esta en mi puerta", "60629", "me pega mi esposo", "BORRAR", "ALTO") * 2:
        say(phone, text)
    names = read(counted)
    labels = {part.partition("=")[0] for name in names for part in name.split("|")[1:]}
    assert labels == {"part", "tier", "channel", "language", "le", "why", "duty"} - _not_yet(names)
    values = {part for name in names for part in re.split(r"[|=]", name)}
    assert not values & {*counted.extensions["puente"]().release.script.flows, "IL", "60629"}


def _not_yet(names: dict[str, float]) -> set[str]:
    """A worker that never ran has done no duty."""
    return set() if any("duty=" in name for name in names) else {"duty"}


@pytest.mark.parametrize(
    ("seconds", "told"), [(0, 0), (599, 0), (600, 600), (1799, 600), (1800, 1800), (90_000, WAITS[-1])]
)
def test_waits_are_coarse(seconds: int, told: int) -> None:
    assert in_waits(seconds) == told


def escalated(engine: Engine, id: str, **more: object) -> None:
    with engine.begin() as connection:
        connection.execute(insert(Escalation).values(id=id, channel="sms", opened=0, waiting_since=0, **more))


def test_an_urgent_wait_is_of_those_who_still_wait(app: Flask) -> None:
    engine = app.extensions["puente"]().engine
    for id, more in {
        "calm": {"urgency": "normal"},
        "closed": {"urgency": "urgent", "closed": 5},
        "erased": {"urgency": "urgent", "erased": 5},
    }.items():
        escalated(engine, id, **more)
    assert urgent_wait(engine, 4_000) == 0
    escalated(engine, "urgent", urgency="urgent")
    assert urgent_wait(engine, 500) == 0 and urgent_wait(engine, 4_000) == 3_600


def test_the_outbox_is_stuck_when_a_message_waits_for_minutes(app: Flask) -> None:
    engine = app.extensions["puente"]().engine
    escalated(engine, "e", urgency="normal")
    message = {"escalation": "e", "author": "staff", "at": 0, "sealed": b"x"}
    with engine.begin() as connection:
        number = connection.execute(insert(EscalationMessage).values(**message)).inserted_primary_key[0]
        for id, state, sid in (
            ("a", "queued", None),
            ("b", "unsure", None),
            ("c", "sending", "SM1"),
            ("d", "failed", None),
        ):
            row = {"id": id, "escalation": "e", "message": number, "state": state, "sid": sid}
            connection.execute(insert(OutboxRow).values(**row, made=0, not_before=0, changed=0))
    assert outbox_stuck(engine, 100) == 0 and outbox_stuck(engine, 120) == 2


MASTERS = {
    "a month": ("2026-11", 25),
    "a day": ("2026-11-20", 6),
    "no date": ("1", None),
    "of development": ("development-0a1b2c3d", None),
    "a month that is none": ("2026-13", None),
}


@pytest.mark.parametrize("name", MASTERS)
def test_how_old_the_master_key_is(name: str) -> None:
    version, age = MASTERS[name]
    assert master_key_age(version, date(2026, 11, 26)) == age
