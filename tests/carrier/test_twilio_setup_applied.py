"""``twilio setup --apply``: it asks at each change, changes once, and tells what was cut off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.carrier import door as doors
from tests.carrier.door import BIN, MESSAGES, NUMBER, SERVICE, Door, Fault
from tests.carrier.faults import PATIENCE
from tests.carrier.terminal import COUNTRIES, Terminal, all_right


def test_it_asks_at_each_change(terminal: Terminal, door: Door) -> None:
    number = door.number(sms_fallback_url=BIN)
    door.open = {**dict.fromkeys(COUNTRIES.split(","), True), "GT": False}
    result = terminal.run("--apply", typed="n\ny\n")
    assert "before: https://demo.twilio.com/welcome/sms/reply by POST" in result.output
    assert f"after:  {MESSAGES} by POST" in result.output and "left as it is" in result.output
    assert number["sms_url"].startswith("https://demo.twilio.com") and door.open["GT"] is True
    assert "1 of 2 changes made." in result.output


def test_who_says_nothing_changes_nothing(terminal: Terminal, door: Door) -> None:
    door.number()
    result = terminal.run("--apply", typed="")
    assert "Aborted!" in result.output and result.exit_code == 1 and door.changes() == []


def test_applied_twice_changes_once(terminal: Terminal, door: Door) -> None:
    door.number()
    door.service(NUMBER)
    door.sender()
    door.campaigns.append({"sid": "QE1", "campaign_status": "VERIFIED", "errors": []})
    door.open = dict.fromkeys(COUNTRIES.split(","), False)
    both = {"TWILIO_WHATSAPP_FROM": NUMBER, "TWILIO_MESSAGING_SERVICE_SID": SERVICE}
    first = terminal.run("--apply", "--yes", "--fallback", BIN, **both)
    made = len(door.changes())
    assert first.exit_code == 0 and f"{made} of {made} changes made." in first.output and "\n0 to mend." in first.output
    second = terminal.run("--apply", "--yes", "--fallback", BIN, **both)
    assert second.exit_code == 0 and len(door.changes()) == made and "changes made" not in second.output


@pytest.mark.parametrize(("answer", "said"), [
    (doors.status(500), "Twilio did not answer in a way that can be read (500); whether it was changed is not known"),
    (doors.status(400, 21712), "Twilio refused it (21712)"),
    (doors.status(403, 20403), "the key or token may not do this (20403)"),
    (doors.status(429, 20429), "Twilio asks for fewer requests (20429)"),
    (doors.silence(2 * PATIENCE), "Twilio did not answer in a way that can be read (ReadTimeout); whether it was changed is not known"),
], ids=["500", "400", "403", "429", "silence"])  # fmt: skip
def test_a_change_that_is_cut_off_is_told_and_the_others_are_made(
    terminal: Terminal, door: Door, answer: Callable[..., Any], said: str
) -> None:
    all_right(door)
    door.services[0] |= {"inbound_request_url": None, "status_callback": None}
    door.open["GT"] = False
    door.faults.append(Fault(answer, method="POST", after=1, times=1))
    result = terminal.run("--apply", "--yes", TWILIO_MESSAGING_SERVICE_SID=SERVICE)
    assert f"NOT DONE: {said}" in result.output
    assert "2 of 3 changes made." in result.output and result.exit_code == 1
    assert door.services[0]["inbound_request_url"] == MESSAGES and door.open["GT"] is True
    last = result.output.partition("Looked again:")[2]
    assert last.count("to mend ") == 1 and "reports on our messages go nowhere" in last
    again = terminal.run("--apply", "--yes", TWILIO_MESSAGING_SERVICE_SID=SERVICE)
    assert again.exit_code == 0 and "1 of 1 changes made." in again.output
