"""The people of the canary who agree that a question is kept: it is kept, and nothing of what they wrote into it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from bot.app import Puente
from bot.frozen import replace
from tests.canary.needles import Needles
from tests.canary.people import people
from tests.canary.places import read_redis
from tests.canary.running import AGREEING
from tests.canary.writing import AGREED, agreement
from tests.phone import Phone
from tests.test_keeping_words import Vague

SEED = 17


@pytest.fixture
def puente(make_app: Callable[..., Flask]) -> tuple[Flask, Puente]:
    app = make_app()
    real: Puente = app.extensions["puente"]()
    vague = replace(real, conversation=replace(real.conversation, model=Vague()))
    app.extensions["puente"] = lambda: vague
    real.escalations.mirror()
    return app, vague


def test_their_questions_are_kept_and_no_secret_is(puente: tuple[Flask, Puente]) -> None:
    app, real = puente
    many = people(AGREEING, SEED)
    for each in many:
        phone = Phone(app.test_client(), each.channel, each.number)
        for post in agreement(each):
            assert phone.post(post.form).status_code == 200
    with real.engine.connect() as connection:
        rows = list(connection.exec_driver_sql("SELECT * FROM phrases"))
    assert {row.language for row in rows if row.origin == "agreed"} == set(AGREED)
    held = [repr(rows).encode(), *(key + value for key, value in read_redis(real.redis).items())]
    assert [hit for data in held for hit in Needles(many, SEED).search(data)] == []


def test_the_search_would_find_one() -> None:
    somebody = people(AGREEING, SEED)[0]
    assert Needles([somebody], SEED).search(f"{AGREED['es']} {somebody.word}".encode())
