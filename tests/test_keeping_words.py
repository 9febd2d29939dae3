"""A family's own yes to keep her question, at the webhook with real stores: nothing before it, once after it, and kindly when it fails."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.app import Puente
from bot.carried import CarriedSessions
from bot.frozen import replace
from bot.intents.intent import Intent, Understanding
from bot.language import Language
from bot.message import Channel, InboundMessage
from tests.canary.places import read_redis
from tests.phone import Phone

QUESTION = "quiero saber si mi hijo puede ir a la escuela"
SECRET = "qxzwkv"


class Vague:
    """A model that never knows what is meant."""

    def parse(self, text: str, timeout: float | None = None) -> Understanding:
        return Understanding((Intent("school_rights", 0.05),), ((Language.ES, 0.5),))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    app = make_app()
    puente: Puente = app.extensions["puente"]()
    vague = replace(puente, model=Vague(), conversation=replace(puente.conversation, model=Vague()))
    app.extensions["puente"] = lambda: vague
    puente.escalations.mirror()
    return app


@pytest.fixture
def puente(app: Flask) -> Puente:
    found: Puente = app.extensions["puente"]()
    return found


@pytest.fixture
def phone(app: Flask) -> Phone:
    return Phone(app.test_client())


def rows(puente: Puente) -> list[Any]:
    with puente.engine.connect() as connection:
        return list(connection.exec_driver_sql("SELECT text, origin, heard, language FROM phrases"))


def asked(phone: Phone) -> Phone:
    """Somebody who was not understood twice, and agreed."""
    phone.send("MENU")
    phone.send("eso de la otra vez pues")
    assert "1 ayudarme a aprender" in phone.send("lo mismo de siempre pues")
    assert "Puedo guardar su pregunta" in phone.send("1")
    assert "Escriba otra vez" in phone.send("1")
    return phone


def held(puente: Puente) -> bytes:
    """All bytes of Redis and of each table of SQL."""
    database = puente.engine.url.database
    assert database is not None
    with closing(sqlite3.connect(database)) as connection:
        dump = "\n".join(connection.iterdump())
    return b"".join(key + value for key, value in read_redis(puente.redis).items()) + dump.encode()


def test_a_question_is_kept_after_the_yes_and_thanked_for(puente: Puente, phone: Phone) -> None:
    said = asked(phone).send(f"{QUESTION} con {SECRET}")
    assert said.startswith("Gracias. La guard") and "MENU" in said and "0: una persona" in said
    assert rows(puente) == [(f"{QUESTION} con ***", "agreed", "school_rights", "es")]
    assert SECRET.encode() not in held(puente)


def test_nothing_is_there_before_the_yes_nor_after_a_no(puente: Puente, phone: Phone) -> None:
    phone.send("MENU")
    phone.send(f"eso de {SECRET} la otra vez pues")
    phone.send(f"lo mismo de {SECRET} siempre pues")
    phone.send("1")
    assert "no guardo nada" in phone.send("2")
    assert rows(puente) == [] and SECRET.encode() not in held(puente)


@given(text=st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=60))
@examples(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_of_any_text_is_kept_before_the_yes(app: Flask, puente: Puente, text: str) -> None:
    phone = Phone(app.test_client())
    phone.send("MENU")
    for words in (f"eso {SECRET} {text}", f"{text} {SECRET} pues", f"{SECRET}{text}", "1"):
        phone.send(words)
        assert SECRET.encode() not in held(puente)
    assert rows(puente) == []


def test_the_same_message_twice_is_kept_once_and_answered_alike(puente: Puente, phone: Phone) -> None:
    form = asked(phone).form(QUESTION)
    first, again = phone.post(form).data, phone.post(form).data
    assert first == again and b"Gracias" in first and len(rows(puente)) == 1


def test_an_offer_that_found_no_room_takes_no_number_of_the_menu_before(phone: Phone) -> None:
    phone.send(Latitude="34.0", Longitude="-118.2")
    assert "1 la migra esta aqui" in phone.send("lo de siempre pues")
    again = phone.send("lo mismo de siempre pues")
    assert "ayudarme" not in again and phone.explain["step"] == "learn", "so that this test can fail"
    assert "Peligro: 911" in phone.send("1") and phone.explain["flow"] != "keep_my_words"


def test_a_second_question_is_not_asked_for(puente: Puente, phone: Phone) -> None:
    asked(phone).send(QUESTION)
    phone.send("eso de la otra vez pues")
    assert "ayudarme a aprender" not in phone.send("lo mismo de siempre pues")
    assert len(rows(puente)) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("la migra esta en mi puerta", "No abra"),
        ("BORRAR", "Borr"),
        ("MENU", "¿Qué necesita?"),
        ("ALTO", "no le mandamos nada"),
        ("5", "Escriba otra vez"),
        ("no", "no guardo nada"),
        ("palabra " * 100, "no la pude guardar"),
        ("xkj qwz prt vbn lkj", "no la pude guardar"),
    ],
    ids=["danger", "BORRAR", "MENU", "ALTO", "a digit", "no", "too long", "no words"],
)
def test_what_is_written_in_the_place_of_it_is_not_kept(puente: Puente, phone: Phone, words: str, said: str) -> None:
    assert said in asked(phone).send(words)
    assert rows(puente) == []


def test_media_is_not_kept(puente: Puente, app: Flask) -> None:
    phone = asked(Phone(app.test_client(), "whatsapp"))
    phone.send("", NumMedia="1", MediaUrl0="https://api.twilio.com/x", MediaContentType0="audio/ogg")
    asked(Phone(app.test_client(), "whatsapp")).send(QUESTION, NumMedia="1", MediaUrl0="https://api.twilio.com/x")
    assert rows(puente) == []


@pytest.fixture
def sql_away(puente: Puente) -> Iterator[Callable[[], None]]:
    path = Path(str(puente.engine.url.database))
    away = path.with_name("away.db")

    def go() -> None:
        puente.engine.dispose()
        path.rename(away)
        path.mkdir()

    yield go
    puente.engine.dispose()
    if path.is_dir():
        path.rmdir()
        away.rename(path)


def test_without_sql_it_is_said_and_the_talk_goes_on(phone: Phone, sql_away: Callable[[], None]) -> None:
    asked(phone)
    sql_away()
    assert "no la pude guardar" in phone.send(QUESTION)
    assert "¿Qué necesita?" in phone.send("MENU")


def test_who_only_tries_is_told_so_and_nothing_is_kept(puente: Puente) -> None:
    tried = puente.tried(CarriedSessions())
    words = ("MENU", "eso de la otra vez pues", "lo mismo de siempre pues", "1", "1", QUESTION)
    said = [tried.answer(InboundMessage(str(at), "try", Channel.SMS, text=text)) for at, text in enumerate(words)]
    assert "no guardé nada" in "".join(said[-1].reply.texts)
    assert rows(puente) == []
