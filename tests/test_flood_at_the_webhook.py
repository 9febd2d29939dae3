"""Floods as they arrive: many messages, other countries, the day's money, memory that is gone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from structlog.testing import capture_logs

from bot.carried import CarriedSessions
from bot.frozen import replace
from bot.message import Channel, InboundMessage
from bot.spending import Spending
from bot.store.tally import heavy_name, spent_name
from tests.phone import Phone
from tests.servers import RedisServer

URGENT = "la migra esta en mi puerta"
TINY = {"DAILY_SPEND_CAP": "0.83"}
"""A hundred segments."""


@pytest.fixture
def app(app_with: Callable[..., Flask]) -> Flask:
    """One app for all of them; the day begins anew with each."""
    return _new_day(app_with())


@pytest.fixture
def tiny(app_with: Callable[..., Flask]) -> Flask:
    """The same with a hundred segments a day."""
    return _new_day(app_with(**TINY))


def _new_day(app: Flask) -> Flask:
    redis = app.extensions["puente"]().redis
    for name in redis.keys("spent:*"):
        redis.delete(name)
    return app


def spent(app: Flask, segments: int, heavy: int = 0) -> None:
    """As if so many segments had gone out today."""
    puente = app.extensions["puente"]()
    now = puente.conversation.clock()
    puente.redis.set(spent_name(now), segments)
    puente.redis.set(heavy_name(now), heavy)


def test_the_sixty_first_message_is_answered_briefly_and_danger_whole_enough(app: Flask) -> None:
    phone = Phone(app.test_client())
    for number in range(60):
        assert phone.send(f"comida {number % 7}"), number
    brief = phone.send("quien es usted y que hace")
    assert "Ha escrito mucho" in brief and "\n1 " not in brief
    assert phone.send("otra pregunta mas") == ""
    danger = phone.send(URGENT)
    assert danger.startswith("No abra") and "\n1 " not in danger and "Ha escrito" not in danger
    assert phone.send("1") != "", "the danger that was answered last asks for a digit"
    assert phone.send("una mas") == ""
    assert "Listo" in phone.send("BORRAR") and phone.send("ALTO") != ""


def test_what_is_silenced_has_not_happened(app: Flask) -> None:
    phone = Phone(app.test_client())
    for number in range(60):
        phone.send("menu" if number % 2 else "SALIR")
    assert phone.send("SALIR") != "", "the shortest answer, of which one a minute goes out"
    assert phone.send("abogado") == ""
    assert app.extensions["puente"]().spending.day().silenced == 1
    assert phone.send(URGENT) and phone.send("0") and phone.explain["flow"] == "human"


def test_the_third_equal_text_leads_to_a_person_and_0_does(app: Flask) -> None:
    phone = Phone(app.test_client())
    second = (phone.send("gracias"), phone.send("gracias"))[1]
    third = phone.send("gracias")
    assert "0 una persona" in third and third != second
    assert phone.explain["flow"] == "not_understood"
    phone.send("0")
    assert phone.explain["flow"] == "human"


def test_0_leads_to_a_person_when_nothing_waits(app: Flask) -> None:
    phone = Phone(app.test_client())
    phone.send("SALIR")
    assert phone.send("0") and phone.explain["flow"] == "human"
    stranger = Phone(app.test_client())
    assert stranger.send("0") and stranger.explain["flow"] == "lost_place"


def test_other_countries_and_machines_get_nothing_and_leave_no_trace(app: Flask) -> None:
    puente = app.extensions["puente"]()
    before = set(puente.redis.keys("*"))
    for address in ("+18765550100", "+8801712345678", "72975", "AMAZON"):
        phone = Phone(app.test_client())
        phone.address = address
        assert phone.send("menu") == ""
    assert puente.spending.day().refused == 4
    assert {name.rpartition(b":")[2] for name in set(puente.redis.keys("*")) - before} == {b"refused"}
    assert Phone(app.test_client(), "whatsapp", "+8801712345678").send(URGENT).startswith("No abra")


def test_danger_from_another_country_is_answered_a_few_times_a_day_and_a_machine_never(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webhook.DANGERS_FROM_ABROAD", 2)
    phones = [Phone(app.test_client(), number=f"+1876555010{number}") for number in range(3)]
    assert [phone.send(URGENT)[:7] for phone in phones] == ["No abra", "No abra", ""]
    machine = Phone(app.test_client())
    machine.address = "72975"
    assert machine.send(URGENT) == ""
    assert app.extensions["puente"]().spending.day().abroad == 3


def test_what_goes_out_is_booked(app: Flask) -> None:
    puente, phone = app.extensions["puente"](), Phone(app.test_client())
    phone.send(URGENT)
    assert puente.spending.day().segments == phone.explain["segments"] > 0
    before = puente.spending.day().segments
    whatsapp = Phone(app.test_client(), "whatsapp")
    whatsapp.send(URGENT)
    assert puente.spending.day().segments == before + 1, "a message on WhatsApp counts as one"
    for _ in range(2):
        phone.send("menu")
    heavy = int(puente.redis.get(heavy_name(puente.conversation.clock())))
    assert heavy == phone.explain["segments"], "the third message of a person on a day is beyond the first ones"


def test_a_retry_is_booked_once(app: Flask) -> None:
    puente, phone = app.extensions["puente"](), Phone(app.test_client())
    form = phone.form("menu")
    first = phone.post(form).data
    once = puente.spending.day().segments
    assert phone.post(form).data == first and puente.spending.day().segments == once


def test_past_the_cap_only_danger_is_answered_and_words_still_act(tiny: Flask) -> None:
    phone, urgent = Phone(tiny.test_client()), Phone(tiny.test_client())
    phone.send("menu")
    spent(tiny, 100)
    assert phone.send("6") == "" and phone.send("hay comida") == ""
    danger = urgent.send(URGENT)
    assert danger.startswith("No abra") and "\n1 " not in danger and "Puente, de" not in danger
    assert urgent.send("1") != "" and urgent.send("1") == ""
    assert "peligro" in urgent.send("AYUDA")
    assert "Listo" in phone.send("BORRAR") and phone.send("STOP") == ""
    assert tiny.extensions["puente"]().opt_outs.is_stopped(phone.address)


def test_each_alarm_is_raised_once_a_day_whoever_passes_it(tiny: Flask) -> None:
    puente = tiny.extensions["puente"]()
    processes = [Spending(100, 2, puente.spending, puente.conversation.clock) for _ in range(2)]
    for segments, expected in ((49, []), (50, [50]), (81, [80]), (81, []), (130, [100]), (140, [])):
        with capture_logs() as logged:
            for process in processes:
                process.booked(segments)
        assert [line["code"] for line in logged if line["event"] == "spend.alarm"] == expected, segments
    assert puente.spending.day().alarms == (50, 80, 100)


def test_a_turn_that_passes_half_of_the_money_raises_the_alarm(tiny: Flask) -> None:
    spent(tiny, 49)
    puente = tiny.extensions["puente"]()
    another = Spending(100, 2, puente.spending, puente.conversation.clock)
    message = InboundMessage("SM1", "+12025550177", Channel.SMS, "menu")
    assert replace(puente.conversation, spending=another).answer(message).reply.texts
    assert puente.spending.day().alarms == (50,)


def test_without_memory_each_process_spends_its_part(make_app: Callable[..., Flask], redis_of_app: RedisServer) -> None:
    app = make_app(DAILY_SPEND_CAP="0.166")  # 20 segments, two processes
    redis_of_app.kill()
    assert Phone(app.test_client(), number="+18765550100").send("hola") == ""
    said = app.test_cli_runner().invoke(args=["spend"])
    assert said.exit_code == 1 and "redis is down" in said.output
    phones = [Phone(app.test_client()) for _ in range(12)]
    answered = [bool(phone.send("menu")) for phone in phones]
    assert answered[0] and not answered[-1]
    text = Phone(app.test_client()).send(URGENT)
    assert text.startswith("No abra") and "en unos minutos" not in text
    redis_of_app.start()
    Phone(app.test_client()).send("menu")
    assert app.extensions["puente"]().spending.day().segments > 10, "what went out without memory is booked afterwards"


def test_no_cap_means_no_cap(make_app: Callable[..., Flask]) -> None:
    app = make_app(DAILY_SPEND_CAP="0")
    spent(app, 10**9, 10**9)
    assert "\n1 " in Phone(app.test_client()).send("menu")


def test_a_session_of_a_flood_holds_no_words(app: Flask) -> None:
    phone = Phone(app.test_client())
    for _ in range(4):
        phone.send("mi secreto xicotencatl")
    redis = app.extensions["puente"]().redis
    held = b" ".join(redis.get(name) for name in redis.keys("*:session:*"))
    assert b'"f":' in held and b"xicotencatl" not in held


def test_spend_tells_a_coordinator(tiny: Flask) -> None:
    spent(tiny, 60)
    puente = tiny.extensions["puente"]()
    puente.spending.first_alarm(50)
    Phone(tiny.test_client(), number="+18765550100").send("menu")
    said = tiny.test_cli_runner().invoke(args=["spend", "--days", "2"])
    assert said.exit_code == 0, said.output
    today, yesterday = said.output.split("(UTC)")[1:]
    assert (
        "60 segments, $0.50, 60% of $0.83" in today
        and "alarms passed: 50 %" in today
        and "1 from other countries" in today
    )
    assert "0 segments, $0.00" in yesterday


def test_trying_costs_nothing(tiny: Flask) -> None:
    spent(tiny, 1000)
    puente = tiny.extensions["puente"]()
    answer = puente.tried(CarriedSessions()).answer(InboundMessage("SM1", "try", Channel.SMS, "menu"))
    assert answer.reply.texts and puente.spending.day().segments == 1000
