"""Where a person who has a conversation does not write, the bot speaks up: once in a wait, and never after she did."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from bot.message import Channel
from bot.never_silent import NeverSilent
from bot.store.desk_silences import DeskSilences
from bot.store.key_store import open_key_store
from bot.store.models import OutboxRow
from bot.store.outbox import Outbox
from bot.store.pauses import Pauses
from tests.desk import CENTRO, TUESDAY, MadeUpDesk, with_desk
from tests.phone import Phone

pytestmark = pytest.mark.slow


@pytest.fixture
def desk(make_app: Callable[..., Flask], tmp_path: Path) -> MadeUpDesk:
    return with_desk(make_app, tmp_path / "clock", (CENTRO,))


@pytest.fixture
def silent(desk: MadeUpDesk) -> NeverSilent:
    """The duty as the worker has it."""
    puente, keys = desk.puente, open_key_store(desk.puente.settings)
    outbox = Outbox(puente.engine, keys, desk.now)
    silences = DeskSilences(puente.engine, keys, outbox, puente.opt_outs, desk.now)
    return NeverSilent(
        puente.settings, silences, puente.board.now, puente.conversation.release, puente.conversation.paused, desk.now
    )


@pytest.fixture(params=["sms", "whatsapp"])
def phone(request: pytest.FixtureRequest, desk: MadeUpDesk) -> Phone:
    """Somebody whom a person has, and who has just written."""
    phone = Phone(desk.app.test_client(), channel=request.param)
    for text in ("menu", "0", "1"):
        phone.send(text)
    desk.act("take", phone.address)
    desk.act("reply Buenas, le escucho", phone.address)
    desk.later(1)
    assert phone.send("mi hijo no quiere ir a la escuela") == "", "the person has it"
    return phone


def _last(desk: MadeUpDesk, phone: Phone) -> tuple[str, str]:
    return desk.thread(phone.address)[-1]


def test_after_half_an_hour_she_is_told_once_and_staff_see_it(
    desk: MadeUpDesk, silent: NeverSilent, phone: Phone
) -> None:
    desk.later(29)
    assert silent.work() == 0
    desk.later(1)
    assert silent.work() == 1
    author, text = _last(desk, phone)
    assert author == "bot" and text.startswith("Nadie de Centro del Sol ha podido contestar")
    assert "MENU" in text and "911" in text
    with desk.puente.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(OutboxRow)) == 2, "what Ana wrote, and this"
    desk.later(120)
    assert silent.work() == 0, "once in a wait: she did not ask for more"
    assert desk.of(phone.address).claimed_by is not None and desk.of(phone.address).waiting_since is not None


def test_when_the_desk_has_closed_meanwhile_she_reads_when_it_opens(
    desk: MadeUpDesk, silent: NeverSilent, phone: Phone
) -> None:
    desk.at(TUESDAY.replace("10:00", "17:20"))
    assert silent.work() == 1
    assert _last(desk, phone)[1].startswith("Ahora no hay nadie de Centro del Sol; contestan")


@pytest.mark.parametrize(
    "meanwhile", ["reply Ya estoy aqui", "hand", "resolve"], ids=["she answered", "handed back", "resolved"]
)
def test_nobody_is_told_who_does_not_wait(desk: MadeUpDesk, silent: NeverSilent, phone: Phone, meanwhile: str) -> None:
    desk.act(meanwhile, phone.address)
    desk.later(40)
    assert silent.work() == 0


def test_who_asked_us_to_stop_is_left_alone(desk: MadeUpDesk, silent: NeverSilent, phone: Phone) -> None:
    desk.puente.opt_outs.stop(phone.address, Channel(phone.channel), desk.now())
    desk.later(40)
    assert silent.work() == 0 and _last(desk, phone)[0] == "family"


def test_who_wrote_again_meanwhile_has_had_her_answer(desk: MadeUpDesk, silent: NeverSilent, phone: Phone) -> None:
    desk.later(31)
    assert phone.send("¿hay alguien?").startswith("Nadie de Centro del Sol ha podido contestar")
    assert silent.work() == 0


def test_while_answers_are_paused_it_does_not_say_that_it_answers(
    desk: MadeUpDesk, silent: NeverSilent, phone: Phone
) -> None:
    desk.later(40)
    Pauses(desk.puente.engine, desk.puente.redis, desk.now).switch(True, "Ana", "a wrong answer")
    desk.later(1)
    assert silent.work() == 0
    Pauses(desk.puente.engine, desk.puente.redis, desk.now).switch(False, "Ana", "mended")
    desk.later(1)
    assert silent.work() == 1


def test_in_kiche_the_spanish_stands_beside_it(desk: MadeUpDesk, silent: NeverSilent) -> None:
    phone = Phone(desk.app.test_client())
    for text in ("K'ICHE'", "0", "1"):
        phone.send(text)
    desk.act("take", phone.address)
    phone.send("chatanal taj")
    desk.later(31)
    assert silent.work() == 1
    assert "Centro del Sol" in _last(desk, phone)[1] and "911" in _last(desk, phone)[1]
