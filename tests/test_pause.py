"""`pause`: from the terminal to every family's phone, what goes on acting meanwhile, and what a pause leaves as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from bot.wording.gsm7 import non_gsm, segments
from tests.phone import Phone, texts
from tests.servers import RedisServer

SPANISH = "Puente esta en pausa"
BY = ("--by", "Ana", "--why", "a wrong answer went out")


def command(app: Flask, *arguments: str, said: str = "") -> Result:
    """``flask --app webhook pause ...`` as a person types it."""
    return app.test_cli_runner().invoke(args=["pause", *arguments], input=said)


def paused(app: Flask, *more: str) -> None:
    done = command(app, "on", *BY, "--yes", *more)
    assert done.exit_code == 0, done.output
    _look_again(app)


def resumed(app: Flask) -> None:
    assert command(app, "off", *BY).exit_code == 0
    _look_again(app)


@pytest.fixture
def one_app(app_with: Callable[..., Flask]) -> Iterator[Flask]:
    """One app for the tests that break nothing."""
    app = app_with()
    yield app
    resumed(app)


def _look_again(app: Flask) -> None:
    """As if the seconds had passed for which a process remembers."""
    app.extensions["puente"]().conversation.paused.__self__._held.forget()


MESSAGES = {
    "danger": {"text": "la migra esta en mi puerta"},
    "a question": {"text": "abogado 60629"},
    "hello in English": {"text": "hello"},
    "a digit": {"text": "1"},
    "the menu": {"text": "menu"},
    "help": {"text": "AYUDA"},
    "salir": {"text": "SALIR"},
    "a voice note": {"NumMedia": "1", "MediaUrl0": "https://example.org/a", "MediaContentType0": "audio/ogg"},
    "a pin": {"Latitude": "41.77", "Longitude": "-87.70"},
    "nothing": {"text": ""},
}


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
def test_every_message_gets_the_notice_in_three_languages(one_app: Flask, channel: str) -> None:
    paused(one_app)
    for name, message in MESSAGES.items():
        text = Phone(one_app.test_client(), channel).send(**message)
        for part in ("Puente is paused", "911", "no abra, guarde silencio, no firme nada", "do not open, stay silent",
                     "(no revisado): We k'o xib'ib'al", "man kajuch' ta la ri wuj"):  # fmt: skip
            assert part in text, name
        if channel == "sms":
            assert text.startswith(SPANISH) and not non_gsm(text) and segments(text) <= 3


def test_without_drafts_and_in_production_the_notice_says_only_what_may_be_sent(
    make_app: Callable[..., Flask],
) -> None:
    app = make_app(SEND_DRAFT_KICHE="off", SEND_UNCONFIRMED_NUMBERS="off")
    done = command(app, "on", *BY, "--yes", "--hotline", "orr")
    assert done.exit_code == 0 and "Nobody has confirmed orr" in done.output
    text = Phone(app.test_client()).send("hola")
    assert "911" in text and "1-800" not in text and "K'iche'" not in text and "Linea" not in text


def test_the_hotline_stands_in_the_notice_where_it_may(one_app: Flask) -> None:
    paused(one_app, "--hotline", "orr")
    text = Phone(one_app.test_client()).send("hola")
    assert "Linea: 1-800-203-7001(?)." in text and "Line: 1-800-203-7001(?)." in text and segments(text) <= 3


@pytest.mark.parametrize("word", ["BORRAR", "delete", "ALTO", "INICIAR"])
def test_the_words_for_erasing_and_stopping_go_on_acting(one_app: Flask, word: str) -> None:
    phone, other = Phone(one_app.test_client()), Phone(one_app.test_client())
    for each in (phone, other):
        each.send("menu")
    usual = other.send(word)
    paused(one_app)
    assert phone.send(word) == usual and SPANISH not in usual
    assert one_app.extensions["puente"]().opt_outs.is_stopped(phone.address) is (word == "ALTO")
    resumed(one_app)
    phone.send("1")
    assert phone.explain["flow"] == "lost_place", "the menu was left, as ever"


def test_the_carriers_stop_is_silent_as_ever(one_app: Flask) -> None:
    paused(one_app)
    phone = Phone(one_app.test_client())
    assert phone.send("STOP") == "" and one_app.extensions["puente"]().opt_outs.is_stopped(phone.address)
    assert phone.send("HELP", OptOutType="HELP") == "", "Twilio has answered it"
    assert phone.send("start", OptOutType="START") == ""
    assert not one_app.extensions["puente"]().opt_outs.is_stopped(phone.address)


def test_a_yes_that_erasing_or_stopping_asked_for_is_heard(one_app: Flask) -> None:
    stopping, other = Phone(one_app.test_client()), Phone(one_app.test_client())
    stopping.send("baja")
    other.send("menu")
    paused(one_app)
    assert "no le mandamos" in stopping.send("1") and one_app.extensions["puente"]().opt_outs.is_stopped(
        stopping.address
    )
    assert other.send("1").startswith(SPANISH)
    late = Phone(one_app.test_client())
    assert "1" in late.send("baja") and "no le mandamos" in late.send("si")


def test_the_talk_goes_on_where_it_was(one_app: Flask) -> None:
    phone, stranger = Phone(one_app.test_client()), Phone(one_app.test_client())
    phone.send("menu")
    paused(one_app)
    assert phone.send("1").startswith(SPANISH) and stranger.send("1").startswith(SPANISH)
    resumed(one_app)
    assert phone.send("1").startswith("No abra")
    assert "BORRAR" in stranger.send("abogado 60629"), "the welcome of somebody who comes for the first time"


def test_an_answering_machine_gets_it_a_few_times_and_danger_always(one_app: Flask) -> None:
    phone = Phone(one_app.test_client())
    paused(one_app)
    said = [phone.send("I am driving and answer later") for _ in range(12)]
    assert SPANISH in said[0] and said[-3:] == ["", "", ""]
    assert SPANISH in phone.send("la migra esta en mi puerta")


def test_a_retry_gets_the_notice_and_after_the_pause_its_answer(one_app: Flask) -> None:
    phone = Phone(one_app.test_client())
    answered, unanswered, erased = phone.form("menu"), phone.form("la migra esta en mi puerta"), phone.form("BORRAR")
    first = phone.post(answered).data
    paused(one_app)
    assert b"en pausa" in phone.post(answered).data and b"en pausa" in phone.post(unanswered).data
    resumed(one_app)
    # The notice was stored for what came during the pause: its retry says the same, however late.
    assert b"en pausa" in phone.post(unanswered).data and phone.post(answered).data == first
    paused(one_app)
    said = phone.post(erased).data
    assert b"en pausa" not in said and phone.post(erased).data == said
    assert texts(phone.post(answered).data) == [], "what was erased stays silent"


def test_with_redis_down_the_notice_goes_out_all_the_same(app: Flask, redis_of_app: RedisServer) -> None:
    paused(app)
    redis_of_app.kill()
    _look_again(app)
    assert Phone(app.test_client()).send("abogado 60629").startswith(SPANISH)
    assert "no le mandamos" in Phone(app.test_client()).send("ALTO")


def test_with_redis_down_an_answering_machine_costs_no_more_than_its_part(
    make_app: Callable[..., Flask], redis_of_app: RedisServer
) -> None:
    app = make_app(SMS_PRICE="0.01", DAILY_SPEND_CAP="0.12")
    paused(app)
    redis_of_app.kill()
    phone = Phone(app.test_client())
    said = [phone.send("I am driving") for _ in range(6)]
    assert said[0].startswith(SPANISH) and said[-1] == ""
    assert phone.send("la migra esta en mi puerta").startswith(SPANISH)


def test_another_process_of_the_installation_sees_it_and_a_restart_too(make_app: Callable[..., Flask]) -> None:
    here, there = make_app(), make_app()
    assert not Phone(there.test_client()).send("hola").startswith(SPANISH)
    paused(here)
    _look_again(there)
    assert Phone(there.test_client()).send("hola").startswith(SPANISH)
    assert Phone(make_app().test_client()).send("hola").startswith(SPANISH), "started while paused"


def test_readyz_the_page_and_the_terminal_tell(one_app: Flask) -> None:
    client = one_app.test_client()
    assert client.get("/readyz").get_json()["paused"] is False
    assert "Not paused" in command(one_app, "status").output
    paused(one_app)
    ready = client.get("/readyz")
    assert ready.status_code == 200 and ready.get_json()["paused"] is True
    page = client.post("/try", data={"text": "hola", "channel": "whatsapp", "lang": "es"}).get_data(as_text=True)
    assert "Puente está en pausa" in page
    told = command(one_app, "status").output
    assert "Paused since 20" in told and SPANISH in told
    resumed(one_app)
    assert "Not paused" in command(one_app, "status").output


def test_the_terminal_asks_first_and_wants_a_name_and_a_reason(one_app: Flask) -> None:
    asked = command(one_app, "on", *BY, said="n\n")
    assert asked.exit_code == 1 and SPANISH in asked.output and "Not paused" in command(one_app, "status").output
    assert "--by" in command(one_app, "on", "--yes").output and "--why" in command(one_app, "off", "--by", "Ana").output
    for line, words in (("pizza", "no line 'pizza'"), ("locator", "no line 'locator'")):
        done = command(one_app, "on", *BY, "--yes", "--hotline", line)
        assert done.exit_code == 1 and words in done.output


def test_with_a_store_down_it_pauses_and_says_which(app: Flask, redis_of_app: RedisServer) -> None:
    redis_of_app.kill()
    done = command(app, "on", *BY, "--yes")
    assert done.exit_code == 0 and "Redis does not answer" in done.output
    assert "Not known: Redis does not answer" in command(app, "status").output


def test_with_both_down_it_says_what_to_do(app: Flask, redis_of_app: RedisServer, tmp_path: Path) -> None:
    redis_of_app.kill()
    for file in tmp_path.glob("puente.db*"):
        file.unlink()
    (tmp_path / "puente.db").mkdir()
    for arguments in (("on", *BY, "--yes"), ("off", *BY), ("status",)):
        done = command(app, *arguments)
        assert done.exit_code == 1 and "take the webhook out at Twilio" in done.output
