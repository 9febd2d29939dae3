"""Each way in which a reply might silently stay behind or go out twice, where nobody knew at first whether Twilio had it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.channels.sending import Sending
from bot.escalation import refused
from bot.escalation.escalation import Author
from bot.escalation.outgoing import TOO_LONG
from bot.frozen import replace
from bot.store.desk_rows import write
from bot.store.key_store import open_key_store
from tests.carrier import faults
from tests.carrier.conftest import ANA, Desk
from tests.carrier.fake import SMS, Exchange, Fault, Twilio

POST = {"method": "POST", "part": "/Messages.json"}
LIST = {"method": "GET", "part": "/Messages.json"}
REPORT = {"method": "POST", "part": "/status"}


def lose_the_answer(twilio: Twilio, fault: Callable[[Exchange], None] = faults.done_and_cut) -> None:
    """Of the next message nobody hears anything."""
    twilio.faults += [Fault(fault, **POST, times=1), Fault(faults.lost, **REPORT)]


def settled(desk: Desk, seconds: float = 61) -> None:
    """After that time its end is found out, and what is to be sent again is."""
    desk.later(seconds)
    desk.dispatch.settle()
    desk.later(1)
    desk.dispatch.send_due()


def test_a_status_that_nobody_knows_is_one_of_a_message_that_the_carrier_has(twilio: Twilio, desk: Desk) -> None:
    lose_the_answer(twilio)
    twilio.faults.append(Fault(faults.told_as(status="teleported"), **LIST))
    id = desk.reply("Hola.")
    desk.dispatch.send_due()
    settled(desk)
    assert desk.state(id)[0] == "sending" and desk.row(id).sid == twilio.ours()[0]["sid"]


def test_a_worker_that_hung_before_it_sent_sends_nothing(twilio: Twilio, desk: Desk) -> None:
    """Another one has looked that try up meanwhile, and sent the message again."""
    id = desk.reply("Hola.")
    (slow,) = [desk.dispatch.outbox.begin(each) for each in desk.dispatch.outbox.due()]
    assert slow is not None
    settled(desk)
    assert desk.row(id).attempts == 2
    desk.dispatch._send(slow)
    assert len(twilio.ours()) == 1 and desk.state(id)[0] == "sending"


def test_what_a_worker_that_hung_gives_back_goes_out(twilio: Twilio, desk: Desk) -> None:
    id = desk.reply("Hola.")
    (slow,) = [desk.dispatch.outbox.begin(each) for each in desk.dispatch.outbox.due()]
    assert slow is not None
    desk.later(31)
    desk.dispatch._send(slow)
    assert twilio.ours() == [] and desk.state(id)[0] == "queued"
    desk.dispatch.send_due()
    assert len(twilio.ours()) == 1


def test_it_is_found_wherever_it_stands_in_the_list(twilio: Twilio, desk: Desk) -> None:
    twilio.emulate.hours_ago(1)
    twilio.send(SMS, ANA, "De hace una hora.")
    twilio.emulate.hours_ago(0)
    lose_the_answer(twilio)
    twilio.faults.append(Fault(faults.backwards, **LIST))
    id = desk.reply("Hola.")
    desk.dispatch.send_due()
    settled(desk)
    assert desk.row(id).attempts == 1 and [each["body"] for each in twilio.ours()].count("Hola.") == 1


def test_a_list_that_does_not_end_holds_up_nobody(twilio: Twilio, desk: Desk) -> None:
    lose_the_answer(twilio)
    twilio.faults.append(Fault(faults.endless, **LIST))
    id = desk.reply("Hola.")
    patient = replace(desk.dispatch, carrier=Sending(desk.settings))
    patient.send_due()
    desk.later(61)
    patient.settle()
    assert desk.state(id)[0] == "unsure"
    other = desk.reply("Hola.", "+12025550177")
    patient.send_due()
    assert desk.state(other)[0] == "sending"


def test_the_same_words_of_her_last_conversation_are_not_taken_for_it(twilio: Twilio, desk: Desk) -> None:
    first = desk.reply("Le contesta Ana.")
    desk.dispatch.send_due()
    desk.puente.escalations.close(desk.row(first).escalation)
    lose_the_answer(twilio, faults.cut)
    second = desk.reply("Le contesta Ana.")
    assert desk.row(first).escalation != desk.row(second).escalation
    desk.dispatch.send_due()
    settled(desk)
    assert len(twilio.ours()) == 2 and desk.row(first).sid != desk.row(second).sid


@pytest.mark.parametrize("listed", ["newest first", "oldest first"])
def test_a_try_that_failed_is_not_taken_for_the_one_after_it(twilio: Twilio, desk: Desk, listed: str) -> None:
    """The phone company's queue was full; the second try was taken, and nobody heard of it."""
    id = desk.reply("Hola.")
    desk.dispatch.send_due()
    failed = twilio.ours()[0]["sid"]
    twilio.say(f"{id}.1", failed, "failed", 30001)
    desk.later(5)
    lose_the_answer(twilio)
    if listed == "oldest first":
        twilio.faults.append(Fault(faults.backwards, **LIST))
    twilio.carry(failed, "failed")
    desk.dispatch.send_due()
    assert desk.row(id).attempts == 2 and len(twilio.ours()) == 2
    settled(desk)
    assert len(twilio.ours()) == 2 and desk.row(id).sid == twilio.ours()[1]["sid"] and desk.row(id).sid != failed


def test_a_failure_in_the_very_answer_is_acted_on(twilio: Twilio, desk: Desk) -> None:
    twilio.faults.append(Fault(faults.told_as(status="failed", error_code=30034), **POST))
    id = desk.reply("Hola.")
    desk.dispatch.send_due()
    assert desk.state(id) == ("failed", 30034) and desk.dispatch.alarms.due() == (30034,)


@pytest.mark.parametrize("status", [400, 407, 425, 451])
def test_what_something_in_between_refuses_waits(twilio: Twilio, desk: Desk, status: int) -> None:
    """Twilio's own refusals have a code of Twilio's."""
    twilio.faults.append(Fault(faults.html(status), **POST, times=1))
    id = desk.reply("Hola.")
    desk.dispatch.send_due()
    assert desk.state(id)[0] == "queued" and desk.dispatch.alarms.due() == (status,)
    desk.later(301)
    desk.dispatch.send_due()
    assert desk.state(id)[0] == "sending" and len(twilio.ours()) == 1


def test_a_letter_that_cannot_be_read_ends_no_worker(twilio: Twilio, desk: Desk) -> None:
    first = desk.reply("Hola.")
    key = open_key_store(desk.settings).require(desk.row(first).escalation)
    with desk.engine.begin() as connection:
        number = write(connection, key, Author.STAFF, desk.now(), "Hola.", beside={"values": "none"})
        broken = desk.puente.outbox.put(connection, key.name, number, "HX" + "a" * 32)
    for _ in range(2):
        desk.dispatch.send_due()
    assert desk.state(broken) == ("failed", refused.UNREADABLE) and desk.state(first)[0] == "sending"


@pytest.mark.parametrize("done", [True, False], ids=["taken", "not taken"])
def test_a_try_just_before_two_days_are_over_is_found_out_after_them(twilio: Twilio, desk: Desk, done: bool) -> None:
    id = desk.reply("Hola.")
    desk.later(TOO_LONG - 5)
    lose_the_answer(twilio, faults.done_and_cut if done else faults.cut)
    desk.dispatch.send_due()
    desk.later(10)
    desk.dispatch.settle()
    assert desk.state(id)[0] == "unsure", "somebody may still be sending it, or hear of it"
    settled(desk)
    desk.dispatch.settle()
    assert desk.state(id) == (("sending", None) if done else ("failed", refused.TOO_LATE))
    assert len(twilio.ours()) == int(done)


def test_nothing_is_heard_for_a_day_and_staff_are_told(twilio: Twilio, desk: Desk) -> None:
    """The carrier took it, and neither reports nor answers questions about it."""
    twilio.faults += [Fault(faults.lost, **REPORT), Fault(faults.html(503), method="GET", part="/Messages/")]
    id = desk.reply("Hola.")
    desk.dispatch.send_due()
    for _ in range(3):
        desk.later(12 * 3600)
        desk.dispatch.settle()
        desk.dispatch.settle()
    assert desk.state(id) == ("failed", refused.UNKNOWN_OUTCOME) and len(twilio.ours()) == 1
    assert [each.author for each in desk.puente.escalations.messages(desk.row(id).escalation)] == ["staff", "system"]
