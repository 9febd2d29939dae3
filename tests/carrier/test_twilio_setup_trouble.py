"""``twilio setup`` where Twilio answers nothing, or nothing that can be read: it says so and goes on with the others."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import pytest

from tests.carrier import door as doors
from tests.carrier.door import FREE, NUMBER, SERVICE, Door, Fault
from tests.carrier.faults import PATIENCE
from tests.carrier.terminal import RIGHT, SERVED, WEBHOOK, Terminal, all_right, lines


@pytest.mark.parametrize(("answer", "said"), [
    (doors.status(401, 20003), "Twilio does not know the account with this token (20003)"),
    (doors.problem(401, 20003), "Twilio does not know the account with this token (20003)"),
    (doors.status(403), "the key or token may not do this (403)"),
    (doors.status(401, 70051), "the key or token may not do this (70051)"),
    (doors.status(404, 20404), "there is no such thing in this account (20404)"),
    (doors.status(429, 20429), "Twilio asks for fewer requests (20429)"),
    (doors.status(400, 60200), "Twilio refused it (60200)"),
    (doors.page(503), "Twilio did not answer in a way that can be read (503)"),
    (doors.page(200), "Twilio did not answer in a way that can be read (unreadable)"),
    (lambda handler: (200, []), "Twilio did not answer in a way that can be read (unreadable)"),
    (lambda handler: (200, {}), "Twilio did not answer in a way that can be read (unreadable)"),
    (doors.silence(2 * PATIENCE), "Twilio did not answer in a way that can be read (ReadTimeout)"),
], ids=["401", "401 RFC 9457", "403", "70051", "404", "429", "400", "HTML 503", "HTML 200", "a list", "nothing", "silence"])  # fmt: skip
@pytest.mark.parametrize(("part", "about"), [
    ("IncomingPhoneNumbers", "numbers of the account"),
    ("Usa2p", "registration of US long codes (A2P 10DLC)"),
    ("GeoPermissions", "SMS to COUNTRIES"),
    ("Senders", "WhatsApp senders of the account"),
])  # fmt: skip
def test_a_check_that_cannot_be_made_says_so_and_the_others_go_on(
    terminal: Terminal, door: Door, answer: Callable[..., Any], said: str, part: str, about: str
) -> None:
    all_right(door)
    door.sender(**WEBHOOK)
    door.faults.append(Fault(answer, part=part))
    named = {"TWILIO_WHATSAPP_FROM": NUMBER, "TWILIO_MESSAGING_SERVICE_SID": SERVICE}
    result = terminal.run(**named)
    assert lines(result, "not checked") == [f"{about}: {said}"]
    assert result.exit_code == 1 and "\n0 to mend, 1 not checked." in result.output
    assert "->" in result.output.partition(about)[2], "a next step"
    assert len(lines(result, "ok")) >= 7, "the others"


def test_an_answer_about_another_account_is_none(terminal: Terminal, door: Door) -> None:
    all_right(door)
    door.account["sid"] = "AC" + "7" * 32
    result = terminal.run(TWILIO_MESSAGING_SERVICE_SID=SERVICE)
    said = "TWILIO_AUTH_TOKEN, number 1: Twilio did not answer in a way that can be read (unreadable)"
    assert lines(result, "not checked") == [said] and result.exit_code == 1


@pytest.mark.parametrize("part", ["/Accounts/AC", "Keys/", "Messages.json", "Services/MG", "Tollfree", "Services?"])
def test_no_answer_at_one_place_is_no_end_of_the_others(terminal: Terminal, door: Door, part: str) -> None:
    door.number(**RIGHT)
    door.number(FREE, **RIGHT)
    door.service(NUMBER, FREE, **SERVED)
    door.faults.append(Fault(doors.page(503), part=part))
    service = {} if part == "Services?" else {"TWILIO_MESSAGING_SERVICE_SID": SERVICE}
    result = terminal.run(TWILIO_SMS_FROM=f"{NUMBER},{FREE}", **service)
    assert lines(result, "not checked") and result.exit_code == 1
    assert any("COUNTRIES" in line for line in result.output.splitlines())


def test_when_nobody_is_there_it_ends_with_2_soon(terminal: Terminal, door: Door) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
        result = terminal.run(TWILIO_API_BASE=address)
    assert result.exit_code == 2 and "is this machine on the internet?" in result.output
    assert "Twilio could not be asked" in result.output


def test_silence_is_not_waited_for_at_every_question(terminal: Terminal, door: Door) -> None:
    door.faults.append(Fault(doors.silence(2 * PATIENCE)))
    result = terminal.run(TWILIO_WHATSAPP_FROM=NUMBER, TWILIO_MESSAGING_SERVICE_SID=SERVICE)
    assert result.exit_code == 2 and len(door.asked) == 2
    assert len(lines(result, "not checked")) >= 5
