"""What the weekly counts learn at the webhook, and of whom they learn nothing: who tries, numbers of fiction, erased people."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from bot.carried import CarriedSessions
from bot.counted import MOST_PARTS, Outcome, counts_of, is_counted, outcome_of, sms_count
from bot.engine.actions import Ask, Offer, Say, Silence
from bot.engine.turn import Turn
from bot.frozen import replace
from bot.language import Language
from bot.message import Channel, InboundMessage
from bot.session import Session
from bot.store.redis_client import read_hash
from bot.store.tally import PARTS, hash_name, monday
from tests.desk import CENTRO, with_desk
from tests.phone import BASE_URL, Phone, signature
from tests.servers import RedisServer

URGENT = "la migra esta en mi puerta"
NOISE = "xqzt brrf plonk gwibble"
REAL = "+13123456789"


def waiting(app: Flask) -> dict[str, dict[str, int]]:
    """What waits in Redis, by kind and cell."""
    puente = app.extensions["puente"]()
    week = monday(puente.conversation.clock())
    held = {kind: read_hash(puente.redis, hash_name(kind, week)) for kind in PARTS}
    return {kind: {cell: int(n) for cell, n in cells.items()} for kind, cells in held.items() if cells}


def test_a_question_a_digit_and_noise(app: Flask) -> None:
    phone = Phone(app.test_client())
    phone.send(URGENT)
    parts = phone.explain["segments"]
    assert waiting(app)["turn"] == {"answered|es": 1} and waiting(app)["sms"] == {f"{parts}|es": 1}
    phone.send("menu")
    phone.send("3")
    assert waiting(app)["turn"] == {"answered|es": 1}, "a word of the bot and a choice are no questions"
    assert sum(waiting(app)["sms"].values()) == 3
    phone.send("menu")
    phone.send(NOISE)
    assert waiting(app)["turn"] == {"answered|es": 1, "not_understood|es": 1}


def test_the_first_that_is_not_understood_after_a_pause_counts_too(make_app: Callable[..., Flask], tmp_path: Path,
                                                                   monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    clock = tmp_path / "clock"
    monkeypatch.setenv("PUENTE_CLOCK_FILE", str(clock))
    app = make_app()
    phone = Phone(app.test_client())
    phone.send(NOISE)
    clock.write_text("7200")
    phone.send(NOISE)
    assert waiting(app)["turn"] == {"not_understood|es": 2}


def test_whatsapp_has_no_parts(app: Flask) -> None:
    Phone(app.test_client(), "whatsapp").send(URGENT)
    assert "sms" not in waiting(app) and waiting(app)["turn"] == {"answered|es": 1}


def test_a_retry_counts_once(app: Flask) -> None:
    phone = Phone(app.test_client())
    form = phone.form(URGENT)
    phone.post(form)
    phone.post(form)
    assert waiting(app)["turn"] == {"answered|es": 1}


def test_who_gets_a_person_counts_once(make_app: Callable[..., Flask], tmp_path: Path) -> None:
    desk = with_desk(make_app, tmp_path / "clock", (CENTRO,))
    phone = Phone(desk.app.test_client())
    for text in ("menu", "0", "1"):
        phone.send(text)
    assert waiting(desk.app)["turn"] == {"person|es": 1}
    phone.send("mi hijo no quiere ir a la escuela")
    desk.act("take", phone.address)
    phone.send("mi hijo no quiere ir a la escuela")
    assert waiting(desk.app)["turn"] == {"person|es": 1}, "what a person reads is no question to the bot"


def test_nothing_is_counted_of_who_tries(app: Flask) -> None:
    puente = app.extensions["puente"]()
    tried = puente.tried(CarriedSessions())
    answer = tried.answer(InboundMessage("SM1", "try", Channel.SMS, URGENT))
    assert answer.reply.texts and waiting(app) == {}


def test_numbers_of_fiction_are_not_counted_where_families_write(app: Flask) -> None:
    puente = app.extensions["puente"]()
    real = replace(puente.conversation, settings=replace(puente.settings, environment="production"))
    for number in ("+12025550181", "whatsapp:+12025550181"):
        channel = Channel.WHATSAPP if ":" in number else Channel.SMS
        assert real.answer(InboundMessage(f"SM{number}", number, channel, URGENT)).reply.texts
    assert waiting(app) == {}
    real.answer(InboundMessage("SM2", REAL, Channel.SMS, URGENT))
    assert waiting(app)["turn"] == {"answered|es": 1}


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("+12025550100", False),
        ("+13125550199", False),
        ("whatsapp:+13125550199", False),
        ("+13125550200", True),
        ("+13125560100", True),
        ("+50255501000", True),
        ("whatsapp:+50255501000", True),
    ],
)
def test_which_numbers_are_fiction(address: str, counted: bool) -> None:
    assert is_counted(address) is counted


def test_redis_down_counts_nothing_and_answers(app: Flask, redis_of_app: RedisServer) -> None:
    redis_of_app.kill()
    assert Phone(app.test_client()).send(URGENT).startswith("No abra")
    redis_of_app.start()
    assert waiting(app) == {}


def test_an_answer_is_not_lost_because_it_could_not_be_counted(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("bot.conversation.counts_of", broken)
    phone = Phone(app.test_client())
    assert phone.send(URGENT).startswith("No abra") and phone.explain["degraded"] != "memory"
    assert waiting(app) == {}


def report(app: Flask, **more: str) -> int:
    form = {"MessageSid": "SM" + "1" * 32, "To": REAL, "AccountSid": "AC" + "0" * 32, **more}
    headers = {"X-Twilio-Signature": signature(form, "/status")}
    return app.test_client().post("/status", data=form, headers=headers, base_url=BASE_URL).status_code


def test_what_did_not_arrive_is_counted_by_its_kind(app: Flask, redis_of_app: RedisServer) -> None:
    for status, code in (
        ("delivered", ""),
        ("sent", ""),
        ("undelivered", "30003"),
        ("failed", "30006"),
        ("failed", "99999"),
    ):
        assert report(app, MessageStatus=status, ErrorCode=code) == 204
    report(app, MessageStatus="failed", ErrorCode="63024", To=f"whatsapp:{REAL}")
    assert waiting(app)["failure"] == {"once_later|sms": 1, "stop|sms": 1, "unknown|sms": 1, "stop|whatsapp": 1}
    redis_of_app.kill()
    assert report(app, MessageStatus="failed", ErrorCode="30006") == 204


ASKED = Turn(words=4)
OUTCOMES = {
    "a question": (ASKED, (Say("home_visit", "first"),), {}, Outcome.ANSWERED),
    "several were meant": (ASKED, (Offer("did_you_mean", ("a", "b")),), {}, Outcome.ASKED_BACK),
    "several places": (ASKED, (Offer("which_place", ("a", "b")),), {}, None),
    "not understood": (ASKED, (Say("not_understood", "first"),), {}, Outcome.NOT_UNDERSTOOD),
    "a place that nobody knows": (ASKED, (Say("notices", "place_state"),), {}, Outcome.NOT_UNDERSTOOD),
    "a place that was asked for": (replace(ASKED, place="x"), (Say("list", "first"),), {}, None),
    "a digit": (Turn(words=1, number=2), (Say("home_visit", "first"),), {}, None),
    "a digit that opens a conversation": (Turn(words=1, number=1), (Say("notices", "escalated"),), {"opened": True}, Outcome.PERSON),
    "a line of the menu": (replace(ASKED, label=2), (Say("home_visit", "first"),), {}, None),
    "yes": (Turn(words=1, yes=True), (Ask("home_visit", "first"),), {}, None),
    "a voice note": (Turn(media=True), (Say("voice_note", "first"),), {}, Outcome.NOT_UNDERSTOOD),
    "a voice note to staff": (Turn(media=True, escalated=True), (Say("notices", "media_noted"),), {}, None),
    "another language": (ASKED, (Say("other_language", "first"),), {}, Outcome.NOT_UNDERSTOOD),
    "to staff": (replace(ASKED, escalated=True), (Say("home_visit", "first"),), {}, None),
    "silence": (ASKED, (Silence(),), {}, None),
    "nothing": (Turn(), (Say("menu", "first"),), {}, None),
}  # fmt: skip


@pytest.mark.parametrize("name", OUTCOMES)
def test_how_a_question_ended(name: str) -> None:
    turn, actions, more, expected = OUTCOMES[name]
    assert outcome_of(Session(), Session(), turn, actions, **more) is expected


@pytest.mark.parametrize(
    ("before", "turn", "flow", "language"),
    [
        (Session(), Turn(media=True), "voice_note", "other"),
        (Session(language=Language.QUC), Turn(media=True), "voice_note", "quc"),
        (Session(), ASKED, "other_language", "other"),
        (Session(language=Language.ES), ASKED, "other_language", "other"),
        (Session(), ASKED, "home_visit", "es"),
    ],
)
def test_what_is_in_none_of_our_languages_is_not_counted_as_spanish(
    before: Session, turn: Turn, flow: str, language: str
) -> None:
    """What the bot answers in where it knows no language is the default one."""
    after = replace(before, language=before.language or Language.ES)
    counts = counts_of(before, after, turn, (Say(flow, "first"),))
    assert [name.rpartition("|")[2] for name in counts if name.startswith("turn:")] == [language]


def test_misses_tell_too_where_no_words_do() -> None:
    missed = outcome_of(Session(misses=0), Session(misses=1), ASKED, (Say("out_of_scope", "first"),))
    assert missed is Outcome.NOT_UNDERSTOOD


def test_every_count_is_one_that_the_tables_take() -> None:
    said = (Say("home_visit", "first"),)
    for parts in (1, MOST_PARTS, 40):
        counts = counts_of(Session(), Session(), ASKED, said, parts=parts)
        assert all(count.partition(":")[0] in PARTS for count in counts)
    assert sms_count(40, "es") == "sms:7|es"
    assert counts == {"topic:home_visit|other|sms": 1, "turn:answered|other": 1, "sms:7|other": 1}
