"""From the outbox to Twilio and back: what is sent, in which words, and what each thing that goes wrong leads to."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from bot.channels.sending import Paper, Sending
from bot.escalation import refused
from bot.frozen import replace
from bot.message import Channel
from bot.store.models import OutboxRow
from bot.worker import duties
from tests.carrier import faults
from tests.carrier.conftest import ANA, LUZ, Desk
from tests.carrier.fake import SMS, WHATSAPP, Exchange, Fault, Twilio
from tests.phone import Phone

POST = {"method": "POST", "part": "/Messages.json"}
REPORT = {"method": "POST", "part": "/status"}


def test_a_reply_goes_out_and_comes_back_as_delivered(twilio: Twilio, desk: Desk) -> None:
    id = desk.reply("Sí: mañana a las 9, señora. ¿Está bien?")
    assert desk.dispatch.send_due() == 1 and desk.dispatch.send_due() == 0
    (message,) = twilio.ours()
    assert (message["from"], message["to"]) == (SMS, ANA)
    assert message["body"] == "Si: mañana a las 9, señora. ¿Esta bien?"
    assert desk.state(id) == ("sending", None) and desk.row(id).sid == message["sid"]
    twilio.carry(message["sid"], "sent", "delivered")
    assert desk.state(id) == ("delivered", None)
    assert desk.spent == [1]


def test_whatsapp_goes_out_whole_and_a_long_reply_costs_what_it_costs(twilio: Twilio, desk: Desk) -> None:
    desk.reply("Sí, aquí está «todo» 🙂", LUZ)
    desk.reply("ñ" * 200)
    desk.dispatch.send_due()
    whatsapp, sms = twilio.ours()
    assert (whatsapp["from"], whatsapp["body"]) == (WHATSAPP, "Sí, aquí está «todo» 🙂") and len(sms["body"]) == 200
    assert desk.spent[1] == 2


def test_a_template_goes_out_by_its_id_and_its_values(twilio: Twilio, desk: Desk) -> None:
    seen: list[bytes] = []

    def look(exchange: Exchange) -> None:
        seen.append(exchange.body)
        exchange.answer(*exchange.forward())

    twilio.faults.append(Fault(look, **POST))
    desk.reply("Hola Luz", LUZ, "HX" + "a" * 32, n="Luz")
    desk.heard(3 * 86_400)
    desk.dispatch.send_due()
    (body,) = seen
    assert b"ContentSid=HX" in body and b"ContentVariables=%7B%22n%22%3A+%22Luz%22%7D" in body and b"Body=" not in body


REFUSED_HERE = {"a stop": (ANA, "21610"), "the window of whatsapp": (LUZ, "63016")}


@pytest.mark.parametrize("why", REFUSED_HERE)
def test_what_may_not_be_sent_any_more_never_reaches_the_carrier(twilio: Twilio, desk: Desk, why: str) -> None:
    address, code = REFUSED_HERE[why]
    id = desk.reply("Hola.", address)
    if code == "21610":
        desk.puente.opt_outs.stop(address, Channel.SMS, desk.now())
    desk.heard(24 * 3600 - 5 * 60)
    assert desk.dispatch.send_due() == 1
    assert desk.state(id) == ("failed", int(code)) and twilio.ours() == []


def test_a_minute_before_the_window_closes_it_still_goes_out(twilio: Twilio, desk: Desk) -> None:
    desk.reply("Hola.", LUZ)
    desk.heard(24 * 3600 - 6 * 60)
    desk.dispatch.send_due()
    assert len(twilio.ours()) == 1


def test_nothing_is_sent_to_who_was_erased(twilio: Twilio, desk: Desk) -> None:
    desk.reply("Hola.")
    (going,) = [desk.puente.outbox.begin(id) for id in desk.puente.outbox.due()]
    assert going is not None
    desk.puente.escalations.erase(going.escalation, ANA)
    desk.dispatch._send(going)
    assert twilio.ours() == []


def test_too_many_requests_wait_and_lose_nothing(twilio: Twilio, desk: Desk) -> None:
    twilio.faults.append(Fault(faults.error(429, 20429), **POST, times=3))
    id = desk.reply("Hola.")
    for seconds in (0, 3, 4, 7):
        desk.later(seconds)
        desk.dispatch.send_due()
    assert desk.state(id)[0] == "sending" and len(twilio.ours()) == 1 and desk.row(id).attempts == 4


UNKNOWN: dict[str, tuple[Callable[[Exchange], None], bool]] = {
    "500 and done": (faults.done_and_error, True),
    "500 and not done": (faults.error(500, 20500), False),
    "503 of something in between": (faults.html(503), False),
    "no answer and done": (faults.done_and_silent, True),
    "no answer and not done": (faults.silent, False),
    "cut and done": (faults.done_and_cut, True),
    "cut and not done": (faults.cut, False),
    "cut in the middle of the answer": (faults.cut_in_the_middle, True),
    "an answer that is none": (faults.a_list, False),
}


@pytest.mark.parametrize("reports", ["reported", "not reported"])
@pytest.mark.parametrize("name", UNKNOWN)
def test_an_unknown_outcome_is_found_out_before_anything_is_sent_again(
    twilio: Twilio, desk: Desk, name: str, reports: str
) -> None:
    fault, done = UNKNOWN[name]
    twilio.faults.append(Fault(fault, **POST, times=1))
    if reports == "not reported":
        twilio.faults.append(Fault(faults.lost, **REPORT, times=1))
    id = desk.reply("Hola, señora.")
    desk.dispatch.send_due()
    assert desk.state(id)[0] == ("sending" if done and reports == "reported" else "unsure")
    desk.dispatch.settle()
    desk.dispatch.send_due()
    assert len(twilio.ours()) == (1 if done else 0), "nothing before the minute is over"
    desk.later(61)
    desk.dispatch.settle()
    desk.later(1)
    desk.dispatch.send_due()
    (message,) = twilio.ours()
    twilio.carry(message["sid"], "sent", "delivered")
    assert desk.state(id) == ("delivered", None)


def test_while_the_carrier_cannot_be_asked_nothing_is_sent_again(twilio: Twilio, desk: Desk) -> None:
    twilio.faults += [
        Fault(faults.done_and_error, **POST, times=1),
        Fault(faults.lost, **REPORT, times=1),
        Fault(faults.html(500), method="GET", part="/Messages.json", times=3),
    ]
    id = desk.reply("Hola.")
    desk.dispatch.send_due()
    for _ in range(3):
        desk.later(61)
        desk.dispatch.settle()
        assert desk.dispatch.send_due() == 0 and desk.state(id)[0] == "unsure"
    desk.later(61)
    desk.dispatch.settle()
    assert desk.state(id)[0] == "sending" and len(twilio.ours()) == 1


def test_the_same_words_twice_are_two_messages(twilio: Twilio, desk: Desk) -> None:
    twilio.receive(ANA, SMS, "Hola.")
    first = desk.reply("Hola.")
    desk.dispatch.send_due()
    twilio.faults.append(Fault(faults.error(500, 20500), **POST, times=1))
    second = desk.reply("Hola.")
    desk.dispatch.send_due()
    desk.later(61)
    desk.dispatch.settle()
    assert desk.row(second).sid is None, "the first is not taken for the second"
    desk.later(1)
    desk.dispatch.send_due()
    assert len(twilio.ours()) == 2 and desk.row(first).sid != desk.row(second).sid


@pytest.mark.parametrize("listed", ["by receiver", "of everybody"])
def test_another_ones_words_and_the_bots_own_are_not_taken_for_it(twilio: Twilio, desk: Desk, listed: str) -> None:
    twilio.faults.append(Fault(faults.error(500, 20500), **POST, times=1))
    if listed == "of everybody":
        twilio.faults.append(Fault(faults.unfiltered, method="GET", part="/Messages.json"))
    id = desk.reply("Hola.")
    desk.dispatch.send_due()
    twilio.send(SMS, "+12025550199", "Hola.")
    twilio.send(SMS, ANA, "Otra cosa.")
    desk.later(61)
    desk.dispatch.settle()
    assert desk.state(id)[0] == "queued"


CODES = {
    "no such number": (21211, 400, "failed", 1),
    "opted out there": (21610, 400, "failed", 1),
    "no whatsapp window": (63016, 400, "failed", 1),
    "queue full": (21611, 400, "sending", 2),
    "a country that is off": (21408, 403, "failed", 1),
    "an unknown code": (29999, 400, "failed", 1),
    "the key was taken back": (20003, 401, "sending", 2),
    "no such account": (20404, 404, "sending", 2),
}


@pytest.mark.parametrize("name", CODES)
def test_what_a_refusal_leads_to(twilio: Twilio, desk: Desk, name: str) -> None:
    code, status, state, tries = CODES[name]
    twilio.faults.append(Fault(faults.error(status, code), **POST, times=1))
    id = desk.reply("Hola.")
    desk.dispatch.send_due()
    assert twilio.ours() == []
    for _ in range(3):
        desk.later(600)
        desk.dispatch.settle()
        desk.dispatch.send_due()
    assert desk.state(id) == (state, code if state == "failed" or tries == 2 and code == 21611 else None)
    assert desk.row(id).attempts == tries and len(twilio.ours()) == tries - 1
    assert desk.puente.opt_outs.is_stopped(ANA) == (code == 21610)
    assert desk.dispatch.alarms.due() == ((code,) if code in (21408, 20003, 20404) else ())


def test_a_report_with_a_code_is_acted_on(twilio: Twilio, desk: Desk) -> None:
    id = desk.reply("Hola.")
    desk.dispatch.send_due()
    sid = twilio.ours()[0]["sid"]
    assert twilio.say(f"{id}.1", sid, "undelivered", 30034) == 204
    assert desk.state(id) == ("undelivered", 30034) and desk.puente.carrier_alarms.due() == (30034,)
    assert twilio.say(f"{id}.1", sid, "delivered") == 204
    assert desk.state(id) == ("delivered", None)


@pytest.mark.parametrize("o", ["", "x", "x.1", "%00.1", "' OR 1=1"], ids=["none", "no try", "unknown", "nul", "sql"])
@pytest.mark.parametrize("status", ["delivered", "teleported"])
def test_a_report_about_nothing_of_ours_is_answered_all_the_same(
    twilio: Twilio, desk: Desk, o: str, status: str
) -> None:
    assert twilio.say(o, "SM1", status, 30003) == 204


def test_reports_that_are_lost_are_asked_for(twilio: Twilio, desk: Desk) -> None:
    twilio.faults.append(Fault(faults.lost, **REPORT))
    id = desk.reply("Hola.")
    desk.dispatch.send_due()
    twilio.carry(twilio.ours()[0]["sid"], "sent", "delivered")
    desk.dispatch.settle()
    assert desk.state(id)[0] == "sending"
    desk.later(601)
    desk.dispatch.settle()
    assert desk.state(id) == ("delivered", None)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 2, 1, 0, 0)], ids=str)
def test_reports_in_the_wrong_order(twilio: Twilio, desk: Desk, order: tuple[int, ...]) -> None:
    twilio.faults.append(Fault(faults.held_back, **REPORT))
    id = desk.reply("Hola.")
    desk.dispatch.send_due()
    twilio.carry(twilio.ours()[0]["sid"], "sent", "delivered")
    for number in order:
        status, _ = twilio.held[number].forward()
        assert status == 204
    assert desk.state(id) == ("delivered", None)


def test_a_reply_goes_out_though_the_days_money_is_gone_and_is_counted(twilio: Twilio, desk: Desk) -> None:
    settings = replace(desk.settings, daily_spend_cap=desk.settings.sms_price * 2)
    worker = {duty.name: duty for duty in duties(settings, desk.puente.redis, desk.engine)}
    desk.puente.spending.spend(2)
    id = desk.reply("ñ" * 200)
    worker["outbox"].run()
    assert desk.state(id)[0] == "sending" and desk.puente.spending.day().segments == 4
    assert desk.puente.spending.day().alarms == (50, 80, 100)


def test_two_workers_at_once_never_send_twice(twilio: Twilio, desk: Desk) -> None:
    for number in range(12):
        desk.reply("Hola.", f"+120255502{number:02}")
    twilio.faults.append(Fault(faults.slow, **POST))
    start, began = threading.Barrier(3), list[int]()

    def work() -> None:
        own = replace(desk.dispatch, carrier=Sending(desk.settings))
        start.wait()
        while sent := own.send_due():
            began.append(sent)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(began) == 12 and len({each["to"] for each in twilio.ours()}) == len(twilio.ours()) == 12


def test_what_lay_there_for_two_days_is_not_sent_and_staff_are_told(twilio: Twilio, desk: Desk) -> None:
    id = desk.reply("Hola.")
    desk.later(48 * 3600)
    desk.dispatch.settle()
    assert desk.dispatch.send_due() == 0 and twilio.ours() == []
    assert desk.state(id) == ("failed", refused.TOO_LATE)
    assert [each.author for each in desk.puente.escalations.messages(desk.row(id).escalation)] == ["staff", "system"]


def test_a_worker_that_was_away_for_a_day_does_not_send_again_what_may_have_gone_out(
    twilio: Twilio, desk: Desk
) -> None:
    id = desk.reply("Hola.")
    twilio.faults += [Fault(faults.done_and_error, **POST, times=1), Fault(faults.lost, **REPORT, times=1)]
    desk.dispatch.send_due()
    desk.later(25 * 3600)
    # By now the copy at Twilio is deleted, and that it is absent says nothing.
    for sid in twilio.sids():
        twilio.emulate.ask("DELETE", f"/2010-04-01/Accounts/{desk.settings.twilio_account_sid}/Messages/{sid}.json")
    desk.dispatch.settle()
    assert desk.dispatch.send_due() == 0 and desk.state(id) == ("failed", refused.UNKNOWN_OUTCOME)


def test_without_a_key_it_arrives_on_paper_and_in_production_it_is_refused(twilio: Twilio, desk: Desk) -> None:
    id = desk.reply("Hola.")
    assert replace(desk.dispatch, carrier=None).send_due() == 1
    assert desk.state(id) == ("failed", refused.NO_CARRIER) and desk.dispatch.alarms.due() == (refused.NO_CARRIER,)
    id = desk.reply("Hola.")
    replace(desk.dispatch, carrier=Paper()).send_due()
    assert desk.state(id) == ("delivered", None) and twilio.ours() == []


def test_no_number_to_send_from_is_told(twilio: Twilio, desk: Desk) -> None:
    settings = replace(desk.settings, twilio_whatsapp_from=("none",))
    id = desk.reply("Hola.", LUZ)
    replace(desk.dispatch, carrier=Sending(settings)).send_due()
    assert desk.state(id) == ("failed", refused.NO_CARRIER)


@pytest.mark.parametrize("moment", ["before it is sent", "while it is sent", "while nobody knows"])
def test_borrar_while_a_reply_is_sending(
    twilio: Twilio, desk: Desk, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    puente = desk.puente
    monkeypatch.setattr("tests.phone.BASE_URL", twilio.url)
    ana = Phone(twilio.app.test_client(), number=ANA)  # type: ignore[union-attr]
    erased: list[str] = []

    def erase(exchange: Exchange) -> None:
        """She writes BORRAR while Twilio has the message and we have no answer yet."""
        status, body = exchange.forward()
        erased.append(borrar(ana))
        exchange.answer(status, body)

    desk.reply("Hola, señora Ana.")
    if moment == "before it is sent":
        erased.append(borrar(ana))
    elif moment == "while it is sent":
        twilio.faults.append(Fault(erase, **POST, times=1))
    else:
        twilio.faults.append(Fault(faults.done_and_error, **POST, times=1))
    patient = replace(desk.dispatch, carrier=Sending(desk.settings))
    patient.send_due()
    if moment == "while nobody knows":
        erased.append(borrar(ana))
    desk.later(61)
    patient.settle()
    assert patient.send_due() == 0
    assert all("Listo" in said for said in erased) and len(erased) == 1
    assert len(twilio.ours()) == (0 if moment == "before it is sent" else 1)
    with desk.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(OutboxRow)) == 0
    # The worker takes what did go out away at Twilio.
    worker = {duty.name: duty for duty in duties(desk.settings, puente.redis, puente.engine)}
    for _ in range(3):
        worker["erasing"].run()
        worker["copies of erased"].run()
        desk.later(1000)
    assert twilio.ours() == []


def borrar(phone: Phone) -> str:
    """She has everything erased, and says yes where she is asked."""
    said = phone.send("BORRAR")
    return said if "Listo" in said else phone.send("1")
