"""What a list of organizations leaves behind: a flag on a number that fails, a count of what was not there. Nobody's name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from bot.app import Puente
from bot.carried import CarriedSessions
from bot.frozen import replace
from bot.message import Channel, InboundMessage
from bot.store.database import engine_for
from bot.store.directory_flags import DirectoryFlags
from bot.store.redis_client import connect, read_hash
from bot.store.tally import hash_name, monday
from tests.phone import Phone

CHICAGO, BOZEMAN = "60629", "59718"
FAILS = "ese número no sirve"
PASO = "PASO, West Suburban Action Project"


def puente_of(app: Flask) -> Puente:
    puente: Puente = app.extensions["puente"]()
    return puente


def flags_of(app: Flask) -> list[tuple[str, int]]:
    puente = puente_of(app)
    return [(flag.record, flag.n) for flag in DirectoryFlags(puente.engine, puente.redis).flags()]


def phone_id(app: Flask, name: str) -> str:
    directory = puente_of(app).conversation.release().directory
    return next(service.phones[0].id for service in directory.services if service.name == name)


def at_the_lawyers(app: Flask, place: str) -> Phone:
    phone = Phone(app.test_client())
    for text in ("menu", "3", place):
        phone.send(text)
    return phone


def test_the_number_that_she_means_is_flagged_once_in_a_conversation(app: Flask) -> None:
    phone = at_the_lawyers(app, CHICAGO)
    assert f"2 {PASO}" in phone.send(FAILS)
    assert flags_of(app) == [], "nothing is flagged before she says which"
    assert "va a revisar" in phone.send("2")
    assert flags_of(app) == [(phone_id(app, PASO), 1)]
    assert "va a revisar" in phone.send(f"el número de {PASO} no sirve")
    assert flags_of(app) == [(phone_id(app, PASO), 1)]
    assert "va a revisar" in at_the_lawyers(app, CHICAGO).send(f"el número de {PASO} no sirve")
    assert flags_of(app) == [(phone_id(app, PASO), 2)], "another family says the same"


@pytest.mark.parametrize("text", ["el número A no sirve", "mi número no sirve", "el 988 no sirve ese número", "0"])
def test_what_only_sounds_so_flags_nothing(app: Flask, text: str) -> None:
    phone = at_the_lawyers(app, CHICAGO)
    phone.send(FAILS)
    phone.send(text)
    assert flags_of(app) == []


def test_danger_beside_it_is_answered_and_nothing_flagged(app: Flask) -> None:
    phone = at_the_lawyers(app, CHICAGO)
    assert phone.send("la migra está en mi puerta y ese número no sirve").startswith("No abra")
    assert flags_of(app) == []


def said(conversation: object, sessions: CarriedSessions, *texts: str) -> str:
    answers = [
        conversation.answer(InboundMessage(f"sid{number}", "a", Channel.SMS, text=text))  # type: ignore[attr-defined]
        for number, text in enumerate(texts)
    ]
    return "\n".join(answers[-1].reply.texts)


WAY = ("menu", "3", CHICAGO, FAILS, "1")


def test_who_only_tries_flags_nothing(app: Flask) -> None:
    sessions = CarriedSessions()
    with app.app_context():
        assert "va a revisar" in said(puente_of(app).tried(sessions), sessions, *WAY)
    assert flags_of(app) == []


def test_stores_that_are_down_do_not_keep_the_answer(app: Flask, tmp_path: Path) -> None:
    nowhere = DirectoryFlags(engine_for(f"sqlite:///{tmp_path}/none/none.db"), connect(f"unix://{tmp_path}/none.sock"))
    sessions = CarriedSessions()
    with app.app_context():
        conversation = replace(puente_of(app).tried(sessions), flags=nowhere)
        assert "va a revisar" in said(conversation, sessions, *WAY)


@pytest.mark.parametrize(("place", "expected"), [(CHICAGO, {}), (BOZEMAN, {"US-MT|legal": "1"}), ("México", {})])
def test_a_kind_of_help_that_is_nowhere_near_is_counted_by_state(
    make_app: Callable[..., Flask], place: str, expected: dict[str, str]
) -> None:
    app = make_app()
    at_the_lawyers(app, place).send("MAS")
    puente = puente_of(app)
    held = read_hash(puente.redis, hash_name("gap", monday(puente.conversation.clock())))
    assert {str(cell): str(n) for cell, n in held.items()} == expected
