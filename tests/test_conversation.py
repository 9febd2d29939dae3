"""Whatever is broken behind, a family gets an answer; and what is kept is what was promised."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from bot.carried import CarriedSessions
from bot.conversation import LAST_RESORT
from bot.directory.hours import parse_schedule
from bot.frozen import replace
from bot.message import Channel, InboundMessage
from tests.phone import Phone
from tests.servers import RedisServer

URGENT = "la migra esta en mi puerta"
EVERYTHING = "+12025550199"


def test_redis_down_is_answered_without_memory(app: Flask, redis_of_app: RedisServer) -> None:
    phone = Phone(app.test_client())
    redis_of_app.kill()
    text = phone.send(URGENT)
    assert text.startswith("No abra") and "en unos minutos" in text
    assert "\n1 " not in text, "no menu that nobody could follow"
    assert phone.explain["degraded"] == "memory"


def test_a_digit_without_memory_is_never_guessed(app: Flask, redis_of_app: RedisServer) -> None:
    phone = Phone(app.test_client())
    phone.send("menu")
    redis_of_app.kill()
    assert "en unos minutos" in phone.send("1")
    assert phone.explain["flow"] != "agents_here_now"


def test_redis_come_back_empty_loses_the_place_and_says_so(app: Flask, redis_of_app: RedisServer) -> None:
    phone = Phone(app.test_client())
    phone.send("menu")
    redis_of_app.kill()
    redis_of_app.start()
    phone.send("1")
    assert phone.explain["flow"] == "lost_place"
    assert phone.send("1").startswith("No abra")


def test_a_retry_without_memory_gets_the_same_answer(app: Flask, redis_of_app: RedisServer) -> None:
    phone = Phone(app.test_client())
    redis_of_app.kill()
    form = phone.form(URGENT)
    assert phone.post(form).data == phone.post(form).data


def test_erasing_without_memory_says_that_it_is_not_finished(app: Flask, redis_of_app: RedisServer) -> None:
    phone = Phone(app.test_client())
    redis_of_app.kill()
    assert "no termino de borrar" in phone.send("BORRAR")


def test_stop_is_kept_in_sql_when_redis_is_down(app: Flask, redis_of_app: RedisServer) -> None:
    phone = Phone(app.test_client())
    redis_of_app.kill()
    assert phone.send("STOP") == ""
    redis_of_app.start()
    assert app.extensions["puente"]().opt_outs.is_stopped(phone.address)


def test_sql_gone_does_not_keep_anybody_from_an_answer(app: Flask, tmp_path: Path) -> None:
    phone = Phone(app.test_client())
    for file in tmp_path.glob("puente.db*"):
        file.unlink()
    assert phone.send(URGENT).startswith("No abra")
    assert phone.send("ALTO") != ""


@pytest.mark.parametrize("word", ["ALTO", "START"])
def test_a_wish_that_no_store_keeps_is_not_said_to_be_noted(
    app: Flask, redis_of_app: RedisServer, tmp_path: Path, word: str
) -> None:
    said = "no lo pude anotar"
    phone = Phone(app.test_client(), "whatsapp")
    app.extensions["puente"]().engine.dispose()
    for file in tmp_path.glob("puente.db*"):
        file.unlink()
    assert said not in phone.send(word), "Redis keeps it for the worker"
    redis_of_app.kill()
    assert said in phone.send(word)
    assert phone.explain["degraded"] == "memory"


def test_the_model_down_leaves_digits_words_and_phrases(app: Flask) -> None:
    phone = Phone(app.test_client())
    assert phone.send("necesito un abogado para mi primo") != ""
    assert phone.explain["degraded"] == "model"
    assert phone.send("abogado") != "" and phone.explain["flow"] == "services_legal"
    assert phone.send("menu") != "" and phone.explain["degraded"] is None


def test_a_fault_in_a_turn_is_answered_and_frees_the_lock(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = Phone(app.test_client())
    with monkeypatch.context() as broken:
        broken.setattr("bot.conversation.advance", _broken)
        assert phone.send("menu") == LAST_RESORT
    assert "¿Qué necesita?" in phone.send("menu")


def _broken(*_: object) -> None:
    raise ZeroDivisionError


def test_a_turn_that_was_overtaken_runs_again(app: Flask) -> None:
    puente = app.extensions["puente"]()
    sessions, refused = puente.conversation.sessions, []

    class Overtaken:
        """The real memory, whose first finish comes too late."""

        begin, release = sessions.begin, sessions.release

        def finish(self, begun: object, *rest: object) -> bool:
            if not refused:
                refused.append(begun)
                sessions.release(begun)
                return False
            return bool(sessions.finish(begun, *rest))

    phone = Phone(app.test_client())
    message = replace(_message(phone), text="menu")
    answer = replace(puente.conversation, sessions=Overtaken()).answer(message)
    assert refused and "¿Qué necesita?" in answer.reply.texts[0]


def _message(phone: Phone):  # type: ignore[no-untyped-def]
    from bot.channels.inbound import read_message

    return read_message(phone.form("x"))


def test_messages_of_one_person_at_once_are_each_answered_once(app: Flask) -> None:
    """Twenty texts in parallel: twenty answers, and the session afterwards is that of the last turn, whole."""
    phone = Phone(app.test_client())
    phone.send("menu")
    # No two alike: the same text many times in a row is answered ever more rarely.
    forms = [phone.form(f"abogado {60600 + number}") for number in range(20)]
    answers: dict[int, bytes] = {}

    def text(number: int) -> None:
        answers[number] = Phone(app.test_client(), number=phone.address).post(forms[number]).data

    threads = [threading.Thread(target=text, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 20 and all(b"<Message>" in answer for answer in answers.values())
    for number in range(20):
        assert Phone(app.test_client(), number=phone.address).post(forms[number]).data == answers[number]


def test_what_redis_holds_names_nobody_and_holds_no_words(app: Flask) -> None:
    phone = Phone(app.test_client(), number=EVERYTHING)
    secret = "mi hermano Xicotencatl esta detenido en Xela"
    phone.send(secret)
    phone.send("abogado 60629")
    redis = app.extensions["puente"]().redis
    held = []
    for key in redis.keys("*"):
        held.append(key)
        kind = redis.type(key)
        reader = {b"string": redis.get, b"hash": redis.hgetall, b"set": redis.smembers}.get(kind)
        held.append(repr(reader(key) if reader else redis.dump(key)).encode())
    everything = b" ".join(held).decode("utf-8", "replace")
    for trace in ("2025550199", "Xicotencatl", "SM0", "hermano", phone.form()["MessageSid"][-6:]):
        assert trace not in everything


def test_the_explanation_is_never_sent_in_production(make_app: Callable[..., Flask], tmp_path: Path) -> None:
    import webhook
    from bot.settings import from_environment
    from tests.phone import signature

    make_app()
    settings = from_environment(
        {
            "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
            "TWILIO_AUTH_TOKEN": "secret",
            "PUBLIC_BASE_URL": "https://bot.example.org",
            "MASTER_KEY_FILE": "/etc/puente/master_key",
            "DATA_DIR": str(tmp_path),
        }
    )
    client = webhook.make(replace(settings, public_base_url="http://127.0.0.1:8000")).test_client()
    form = {"AccountSid": "AC" + "1" * 32, "From": "+12025550100", "MessageSid": "SM1", "Body": URGENT}
    response = client.post("/messages", data=form, headers={"X-Twilio-Signature": signature(form, token="secret")})
    assert response.status_code == 200 and "X-Puente-Turn" not in response.headers


def test_explain_names_what_the_contract_names(app: Flask) -> None:
    phone = Phone(app.test_client())
    phone.send(URGENT)
    names = {"language", "intent", "confidence", "flow", "step", "release", "segments", "degraded"}
    assert set(phone.explain) == names
    assert json.dumps(phone.explain).isascii()


def test_development_answers_only_this_machine(make_app: Callable[..., Flask]) -> None:
    client = make_app(ENVIRONMENT="development", TWILIO_AUTH_TOKEN="of-this-machine").test_client()
    assert client.get("/healthz", headers={"Host": "127.0.0.1:8000"}).status_code == 200
    assert client.get("/healthz", headers={"Host": "localhost"}).status_code == 200
    assert client.get("/healthz", headers={"Host": "evil.example"}).status_code == 403


HOURS = [
    # by the clocks of Denver, on a Tuesday
    ("open", "2026-11-24 12:00", "1-844-864-8341(?)."),
    ("closed", "2026-11-24 22:00", "1-844-864-8341(?) (abre mié 9:00)."),
]


@pytest.mark.parametrize(("now", "said"), [row[1:] for row in HOURS], ids=[row[0] for row in HOURS])
def test_the_line_of_an_area_goes_by_the_clock_of_the_bot(app: Flask, now: str, said: str) -> None:
    puente = app.extensions["puente"]()
    line = puente.release.hotlines["co_rapid"]
    line = replace(line, schedule=parse_schedule("Mo-Fr 09:00-17:00", "America/Denver"))
    release = replace(puente.release, hotlines={**puente.release.hotlines, "co_rapid": line})
    moment = datetime.fromisoformat(now).replace(tzinfo=ZoneInfo("America/Denver")).timestamp()
    asked = replace(puente.tried(CarriedSessions()), release=lambda: release, clock=lambda: moment)
    asked.answer(InboundMessage("SM1", "denver", Channel.WHATSAPP, text=URGENT))
    answer = asked.answer(InboundMessage("SM2", "denver", Channel.WHATSAPP, text="80202"))
    assert said in "".join(answer.reply.texts)


def test_what_is_known_is_not_promised_blindly(app: Flask, redis_of_app: RedisServer) -> None:
    phone = Phone(app.test_client())
    assert phone.send("que saben de mi").startswith("Una parte del sistema esta caida"), "the worker has not looked yet"
    Phone(app.test_client()).send("hola")
    app.extensions["puente"]().escalations.mirror()
    assert Phone(app.test_client()).send("que saben de mi").startswith("No tenia nada guardado de usted")
    assert phone.send("que saben de mi").startswith("Guardo hasta 2 dias")
    redis_of_app.kill()
    text = phone.send("que saben de mi")
    assert text.startswith("Una parte del sistema esta caida") and "\n" not in text
