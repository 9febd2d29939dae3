"""``twilio setup`` against a Twilio that none of us wrote (npm's ``emulate``): what it has of the products, and 404 for the rest."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask

from bot.cli_twilio import twilio as commands
from bot.settings import from_environment
from tests.carrier.fake import ACCOUNT, ANOTHER, KEY, SECRET, SMS, Emulate, Twilio

HERE = "https://bot.example.org"
MESSAGES, STATUS = f"{HERE}/messages#rc=5&rp=ct,5xx", f"{HERE}/status"


def run(emulate: Emulate, *options: str, **environ: str) -> tuple[int, str]:
    """The exit code and what is printed."""
    ours = {
        **{"ENVIRONMENT": "test", "TWILIO_API_BASE": f"http://127.0.0.1:{emulate.port}", "PUBLIC_BASE_URL": HERE},
        **{"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": "test-token", "COUNTRIES": "US,MX"},
        **{"TWILIO_API_KEY": KEY, "TWILIO_API_SECRET": SECRET},
        **{"TWILIO_SMS_FROM": SMS, "TWILIO_WHATSAPP_FROM": "none", **environ},
    }
    app = Flask("terminal")
    app.config["SETTINGS"] = from_environment(ours)
    app.cli.add_command(commands)
    result = app.test_cli_runner().invoke(args=["twilio", "setup", *options])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert SECRET not in result.output and "test-token" not in result.output
    return result.exit_code, result.output


@pytest.fixture
def emulated(twilio: Twilio) -> Emulate:
    return twilio.emulate


def numbers(emulate: Emulate) -> dict[str, dict[str, Any]]:
    status, body = emulate.ask("GET", f"/2010-04-01/Accounts/{ACCOUNT}/IncomingPhoneNumbers.json")
    assert status == 200
    return {each["phone_number"]: each for each in json.loads(body)["incoming_phone_numbers"]}


def test_it_reads_the_account_and_changes_nothing(emulated: Emulate) -> None:
    before = numbers(emulated)
    code, said = run(emulated)
    assert code == 1 and f"ok             account {ACCOUNT}: active" in said
    assert f"to mend        number {SMS}: messages that come in go nowhere" in said
    # What it has nothing of says 404.
    assert "not checked    TWILIO_API_KEY, its rights: there is no such thing in this account (404)" in said
    assert "not checked    SMS to COUNTRIES" in said
    assert numbers(emulated) == before


def test_it_sets_the_number_and_no_other(emulated: Emulate) -> None:
    another = numbers(emulated)[ANOTHER]
    _, said = run(emulated, "--apply", "--yes")
    assert "1 of 1 changes made." in said
    found = numbers(emulated)
    assert (found[SMS]["sms_url"], found[SMS]["sms_method"]) == (MESSAGES, "POST") and found[ANOTHER] == another
    assert "changes made" not in run(emulated, "--apply", "--yes")[1], "a second time there is nothing to do"


def test_it_sets_a_service_and_puts_the_number_into_it(emulated: Emulate) -> None:
    service = emulated.post("/messaging/v1/Services", FriendlyName="Puente")
    _, said = run(emulated, "--apply", "--yes", TWILIO_MESSAGING_SERVICE_SID=service["sid"])
    assert "3 of 3 changes made." in said
    found = json.loads(emulated.ask("GET", f"/messaging/v1/Services/{service['sid']}")[1])
    assert (found["inbound_request_url"], found["status_callback"]) == (MESSAGES, STATUS)
    members = json.loads(emulated.ask("GET", f"/messaging/v1/Services/{service['sid']}/PhoneNumbers")[1])
    assert [each["phone_number"] for each in members["phone_numbers"]] == [SMS]
    emulated.ask("DELETE", f"/messaging/v1/Services/{service['sid']}")


def test_a_wrong_token(emulated: Emulate) -> None:
    code, said = run(emulated, TWILIO_AUTH_TOKEN="another-token")
    assert code == 2 and "TWILIO_AUTH_TOKEN, number 1: it does not fit the account" in said
