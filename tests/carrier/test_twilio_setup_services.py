"""``twilio setup`` about messaging services, and whether carriers of the US know who sends."""

from __future__ import annotations

from typing import Any

import pytest

from tests.carrier.door import ANOTHER, BIN, FREE, HERE, NUMBER, SERVICE, STATUS, Door
from tests.carrier.terminal import COUNTRIES, RIGHT, SERVED, Terminal, all_right, lines


def test_a_service_with_an_address_of_its_own_rules_its_numbers(terminal: Terminal, door: Door) -> None:
    number = door.number(sms_url="https://nobody.example.net/")
    service = door.service(NUMBER, inbound_request_url="https://old.example.net/in", status_callback=f"{HERE}/messages")
    result = terminal.run(TWILIO_MESSAGING_SERVICE_SID=SERVICE)
    wrong = "\n".join(lines(result, "to mend"))
    assert (
        "messaging service Puente: messages that come in go to https://old.example.net/in: that is another server"
        in wrong
    )
    assert "messaging service Puente: reports on our messages go to" in wrong
    assert "nobody.example.net" not in result.output, "the number's own address does not count"
    terminal.run("--apply", "--yes", "--fallback", BIN, TWILIO_MESSAGING_SERVICE_SID=SERVICE)
    assert {name: service[name] for name in SERVED} == SERVED and number["sms_url"] == "https://nobody.example.net/"


def test_a_service_that_leaves_it_to_its_numbers(terminal: Terminal, door: Door) -> None:
    door.number(sms_url="https://nobody.example.net/")
    door.service(NUMBER, use_inbound_webhook_on_number=True, status_callback=STATUS)
    wrong = "\n".join(lines(terminal.run(TWILIO_MESSAGING_SERVICE_SID=SERVICE), "to mend"))
    assert f"number {NUMBER}: messages that come in go to https://nobody.example.net/" in wrong
    assert "messaging service Puente: messages" not in wrong


def test_a_number_is_put_into_the_service(terminal: Terminal, door: Door) -> None:
    number = door.number(**RIGHT)
    door.service(**SERVED)
    result = terminal.run(TWILIO_MESSAGING_SERVICE_SID=SERVICE)
    assert f"number {NUMBER}: it does not belong to the messaging service Puente ({SERVICE})" in lines(
        result, "to mend"
    )
    assert "messaging service Puente: it has no number" in lines(result, "to mend")
    terminal.run("--apply", "--yes", TWILIO_MESSAGING_SERVICE_SID=SERVICE)
    assert door.members[SERVICE] == [number["sid"]]


def test_a_sender_that_is_not_in_the_settings_would_leave_copies(terminal: Terminal, door: Door) -> None:
    all_right(door)
    door.number(ANOTHER)
    door.members[SERVICE].append(door.numbers[-1]["sid"])
    (wrong,) = lines(terminal.run(TWILIO_MESSAGING_SERVICE_SID=SERVICE), "to mend")
    assert f"{ANOTHER} can send through it too, and is not in TWILIO_SMS_FROM" in wrong


def test_how_a_service_sends(terminal: Terminal, door: Door) -> None:
    all_right(door)
    door.number(ANOTHER)
    door.members[SERVICE].append(door.numbers[-1]["sid"])
    door.services[0] |= {"sticky_sender": False, "validity_period": 600}
    both = {"TWILIO_SMS_FROM": f"{NUMBER},{ANOTHER}", "TWILIO_MESSAGING_SERVICE_SID": SERVICE}
    wrong = "\n".join(lines(terminal.run(**both), "to mend"))
    assert "Sticky Sender is off" in wrong and "waits longer than 600 seconds is thrown away" in wrong
    terminal.run("--apply", "--yes", **both)
    assert (door.services[0]["sticky_sender"], door.services[0]["validity_period"]) == (True, 36000)
    assert terminal.run(**both).exit_code == 0


@pytest.mark.parametrize("numbers", [(NUMBER,), (NUMBER, ANOTHER)])
def test_what_makes_no_difference_or_was_not_told_is_not_to_be_mended(
    terminal: Terminal, door: Door, numbers: tuple[str, ...]
) -> None:
    all_right(door)
    if len(numbers) == 1:
        door.services[0]["sticky_sender"] = False
    else:
        door.number(ANOTHER)
        door.members[SERVICE].append(door.numbers[-1]["sid"])
        door.services[0] |= {"sticky_sender": None, "validity_period": None}
    both = {"TWILIO_SMS_FROM": ",".join(numbers), "TWILIO_MESSAGING_SERVICE_SID": SERVICE}
    assert lines(terminal.run(**both), "to mend") == []


def test_where_the_whole_account_is_ours_every_number_of_the_service_is(terminal: Terminal, door: Door) -> None:
    all_right(door)
    door.campaigns = []
    whole = {"TWILIO_SMS_FROM": "", "TWILIO_WHATSAPP_FROM": "", "TWILIO_MESSAGING_SERVICE_SID": SERVICE}
    (wrong,) = lines(terminal.run(**whole), "to mend")
    assert "has no campaign" in wrong, "its number is a long code, and it is not a stranger in the service"


def test_a_service_of_another_account_leaves_the_numbers_alone(terminal: Terminal, door: Door) -> None:
    door.number()
    result = terminal.run("--apply", "--yes", TWILIO_MESSAGING_SERVICE_SID="MG" + "9" * 32)
    assert "this account has no such service" in "\n".join(lines(result, "to mend"))
    assert not [path for _, path, _ in door.changes() if "IncomingPhoneNumbers" in path], "who knows what counts"


def test_a_service_that_nobody_named_is_found(terminal: Terminal, door: Door) -> None:
    all_right(door)
    result = terminal.run()
    assert f"number {NUMBER}: it belongs to the messaging service Puente, which is not named in the settings" in lines(
        result, "to mend"
    )
    assert f"set TWILIO_MESSAGING_SERVICE_SID={SERVICE}" in result.output


FAULT = {"error_code": 30897, "fields": ["MESSAGE_FLOW"], "description": "Not clear."}


@pytest.mark.parametrize(("status", "faults", "said"), [
    ("", [], "has no campaign: carriers of the US do not deliver"),
    ("IN_PROGRESS", [], "it is being looked at (IN_PROGRESS)"),
    ("FAILED", [FAULT], "it is FAILED: Not clear. (30897 MESSAGE_FLOW)"),
])  # fmt: skip
def test_a_registration_that_is_missing(
    terminal: Terminal, door: Door, status: str, faults: list[Any], said: str
) -> None:
    all_right(door)
    door.campaigns = [{"sid": "QE1", "campaign_status": status, "errors": faults}] if status else []
    (wrong,) = lines(terminal.run(TWILIO_MESSAGING_SERVICE_SID=SERVICE), "to mend")
    assert said in wrong


def test_an_older_registration_that_is_verified_counts(terminal: Terminal, door: Door) -> None:
    all_right(door)
    door.campaigns.insert(0, {"sid": "QE2", "campaign_status": "FAILED", "errors": [FAULT]})
    assert terminal.run(TWILIO_MESSAGING_SERVICE_SID=SERVICE).exit_code == 0


@pytest.mark.parametrize(("verification", "said"), [
    (None, "nobody has asked for it"),
    ({"status": "IN_REVIEW", "rejection_reason": None}, "it is being looked at (IN_REVIEW)"),
    ({"status": "TWILIO_REJECTED", "rejection_reason": "No \x1bweb page"}, "it is TWILIO_REJECTED: No ?web page"),
    ({"status": "TWILIO_APPROVED", "rejection_reason": None}, ""),
])  # fmt: skip
def test_a_toll_free_number(terminal: Terminal, door: Door, verification: dict[str, Any] | None, said: str) -> None:
    number = door.number(FREE, **RIGHT)
    if verification:
        door.verifications.append({"sid": "HH1", "tollfree_phone_number_sid": number["sid"], **verification})
    door.open = dict.fromkeys(COUNTRIES.split(","), True)
    result = terminal.run(TWILIO_SMS_FROM=FREE)
    wrong = lines(result, "to mend")
    assert len(wrong) == result.exit_code == (1 if said else 0)
    assert not said or f"verification of the toll-free number {FREE}: {said}" in wrong[0]
