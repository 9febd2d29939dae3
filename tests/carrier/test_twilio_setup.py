"""``twilio setup`` at Twilio's door: what it asks, what it says of what it finds, and what it sets."""

from __future__ import annotations

import functools
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from bot import cli_twilio_setup
from bot.channels.setup.asking import Asking
from bot.cli_twilio import twilio
from bot.settings import Settings, from_environment
from tests.carrier import door as doors
from tests.carrier.door import (
    ACCOUNT,
    ANOTHER,
    BIN,
    FREE,
    HERE,
    KEY,
    MESSAGES,
    NUMBER,
    RIGHTS,
    SECRET,
    SERVICE,
    STATUS,
    TOKEN,
    Door,
    Fault,
    opened,
)

RIGHT = {"sms_url": MESSAGES, "sms_method": "POST", "sms_fallback_url": BIN}
SERVED = {"inbound_request_url": MESSAGES, "fallback_url": BIN, "status_callback": STATUS}
WEBHOOK = {"callback_url": MESSAGES, "callback_method": "POST", "fallback_url": BIN, "status_callback_url": STATUS}
COUNTRIES = "US,MX,GT,SV"
SMS_ONLY = {"TWILIO_SMS_FROM": NUMBER, "TWILIO_WHATSAPP_FROM": "none"}
PATIENCE = 0.4


@dataclass
class Terminal:
    """An operator's terminal, with the settings of her installation."""

    door: Door
    monkeypatch: pytest.MonkeyPatch

    def settings(self, **environ: str) -> Settings:
        ours = {
            **{"ENVIRONMENT": "test", "TWILIO_API_BASE": self.door.url, "PUBLIC_BASE_URL": HERE},
            **{"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_API_KEY": KEY},
            **{"TWILIO_API_SECRET": SECRET, "COUNTRIES": COUNTRIES, **SMS_ONLY},
        }
        return from_environment({**ours, **environ})

    def run(self, *options: str, typed: str | None = None, **environ: str) -> Result:
        """What she types, and what comes of it. It never dies, and prints no secret and no text of Twilio's."""
        app = Flask("terminal")
        app.config["SETTINGS"] = self.settings(**environ)
        app.cli.add_command(twilio)
        result = app.test_cli_runner().invoke(args=["twilio", "setup", *options], input=typed)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        for hidden in (TOKEN, SECRET, "+12025550123", "\x1b", "Traceback"):
            assert hidden not in result.output
        return result


@pytest.fixture
def door() -> Iterator[Door]:
    with opened() as door:
        yield door


@pytest.fixture
def terminal(door: Door, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    # Behind a proxy too, this machine is asked directly.
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(cli_twilio_setup, "Asking", functools.partial(Asking, timeout=PATIENCE))
    return Terminal(door, monkeypatch)


def all_right(door: Door) -> None:
    """A registered number in a service, with everything where it belongs."""
    door.number(**RIGHT)
    door.service(NUMBER, **SERVED)
    door.campaigns.append({"sid": "QE1", "campaign_status": "VERIFIED", "errors": []})
    door.open = dict.fromkeys(COUNTRIES.split(","), True)


def lines(result: Result, state: str) -> list[str]:
    """The findings of this state."""
    return [line.removeprefix(state).strip() for line in result.output.splitlines() if line.startswith(state)]


def test_when_everything_is_right_it_says_so_and_ends_with_0(terminal: Terminal, door: Door) -> None:
    all_right(door)
    result = terminal.run(TWILIO_MESSAGING_SERVICE_SID=SERVICE)
    assert lines(result, "to mend") == lines(result, "not checked") == []
    assert result.exit_code == 0 and "\n0 to mend." in result.output
    assert f"account {ACCOUNT}: active" in lines(result, "ok")
    assert "TWILIO_API_KEY: it works, restricted to messages" in lines(result, "ok")
    assert any("SMS to COUNTRIES: Twilio lets our answers go to US, MX, GT, SV" in line for line in lines(result, "ok"))
    looked_at = " ".join(lines(result, "look yourself"))
    assert "redaction" in looked_at and "Advanced Opt-Out" in looked_at
    assert door.changes() == []


def test_no_message_is_read_and_every_question_goes_to_our_account(terminal: Terminal, door: Door) -> None:
    all_right(door)
    terminal.run(TWILIO_MESSAGING_SERVICE_SID=SERVICE)
    messages = [each for each in door.asked if "Messages" in each.path]
    assert [each.query["DateSent<"] for each in messages] == ["2000-01-01T00:00:00Z"]
    assert {each.user for each in messages} == {KEY}
    assert {each.user for each in door.asked if each not in messages} == {ACCOUNT}


def test_a_fresh_account_is_told_everything_that_is_missing(terminal: Terminal, door: Door) -> None:
    door.account["type"] = "Trial"
    door.number()
    door.open = {"US": True, "MX": False, "GT": False, "SV": False}
    result = terminal.run(TWILIO_API_KEY="", TWILIO_API_SECRET="")
    wrong = "\n".join(lines(result, "to mend"))
    assert result.exit_code == 1
    for each in (
        "it is a trial account",
        "TWILIO_API_KEY: it is not set",
        "that is Twilio's demonstration",
        "there is no fallback: when all of ours is down, families get silence",
        "it hangs on a messaging service, and none is named",
        "answers to MX, GT, SV are stopped by Twilio",
    ):
        assert each in wrong, each
    assert f"\n{len(lines(result, 'to mend'))} to mend." in result.output
    assert "2 of them --apply can set. Nothing was changed." in result.output
    assert "`flask --app webhook twilio fallback` writes the text" in result.output
    assert door.changes() == []


def test_nothing_set_asks_nobody(terminal: Terminal, door: Door) -> None:
    result = terminal.run(TWILIO_API_BASE="", TWILIO_ACCOUNT_SID="AC" + "0" * 32)
    assert result.exit_code == 2 and "set to no account of Twilio" in result.output
    assert door.asked == []


def test_a_wrong_token_ends_with_2_and_the_place_of_the_right_one(terminal: Terminal, door: Door) -> None:
    all_right(door)
    result = terminal.run(TWILIO_AUTH_TOKEN="an-old-token")
    assert result.exit_code == 2
    (said,) = lines(result, "to mend")
    assert said == "TWILIO_AUTH_TOKEN, number 1: it does not fit the account"
    assert "API keys & tokens" in result.output and "an-old-token" not in result.output
    assert len(door.asked) == 1, "what a wrong token asks ten times may lock an account"


def test_while_tokens_rotate_the_one_that_fits_asks(terminal: Terminal, door: Door) -> None:
    all_right(door)
    result = terminal.run(TWILIO_AUTH_TOKEN=f"an-old-token,{TOKEN}", TWILIO_MESSAGING_SERVICE_SID=SERVICE)
    assert lines(result, "to mend") == ["TWILIO_AUTH_TOKEN, number 1: it does not fit the account"]
    assert result.exit_code == 1
    door.tokens.append("the-next-token")
    result = terminal.run(TWILIO_AUTH_TOKEN=f"{TOKEN},the-next-token", TWILIO_MESSAGING_SERVICE_SID=SERVICE)
    assert result.exit_code == 0 and "TWILIO_AUTH_TOKEN: all 2 fit the account" in lines(result, "ok")
    assert "the-next-token" not in result.output


def test_a_suspended_account_is_told(terminal: Terminal, door: Door) -> None:
    all_right(door)
    door.account["status"] = "suspended"
    assert f"account {ACCOUNT}: it is suspended, not active" in lines(terminal.run(), "to mend")


@pytest.mark.parametrize(("what", "policy", "secret", "said"), [
    ("a restricted key without a right to list", ["/twilio/messaging/messages/create"], SECRET, "the key may not list messages"),
    ("a restricted key without a right to delete", RIGHTS[:3] + RIGHTS[4:], SECRET, "the key lacks rights for messages: delete"),
    ("a restricted key without media", RIGHTS[:4], SECRET, "the key lacks rights for messages: media"),
    ("a secret that was copied wrongly", RIGHTS, "half a secret", "Twilio does not take the key with its secret"),
], ids=lambda each: each if isinstance(each, str) and each.startswith("a ") else "")  # fmt: skip
def test_a_key_that_would_fail_the_worker(
    terminal: Terminal, door: Door, what: str, policy: list[str], secret: str, said: str
) -> None:
    all_right(door)
    door.policy = {"allow": policy}
    result = terminal.run(TWILIO_API_SECRET=secret, TWILIO_MESSAGING_SERVICE_SID=SERVICE)
    assert lines(result, "to mend") == [f"TWILIO_API_KEY: {said}"], what
    assert result.exit_code == 1 and secret not in result.output


def test_a_key_that_may_do_too_much_works_and_is_told(terminal: Terminal, door: Door) -> None:
    all_right(door)
    door.policy = None
    result = terminal.run(TWILIO_MESSAGING_SERVICE_SID=SERVICE)
    assert result.exit_code == 0 and "it may do almost everything" in result.output
    door.policy = {"allow": [*RIGHTS, "/twilio/voice/calls/create"]}
    result = terminal.run(TWILIO_MESSAGING_SERVICE_SID=SERVICE)
    assert result.exit_code == 0 and "more than it needs: /twilio/voice/calls/create" in result.output


def test_a_key_that_may_do_everything_with_messages(terminal: Terminal, door: Door) -> None:
    all_right(door)
    door.policy = {
        "allow": [
            "/twilio/messaging/messages/*",
            "/twilio/messaging/messages.media/*",
            "/twilio/messaging/messages/list",
        ]
    }
    result = terminal.run(TWILIO_MESSAGING_SERVICE_SID=SERVICE)
    assert "TWILIO_API_KEY: it works, restricted to messages" in lines(result, "ok")


def test_an_account_is_no_key(terminal: Terminal, door: Door) -> None:
    all_right(door)
    result = terminal.run(TWILIO_API_KEY=ACCOUNT, TWILIO_MESSAGING_SERVICE_SID=SERVICE)
    assert lines(result, "to mend") == ["TWILIO_API_KEY: the name of a key begins with SK, this one does not"]


@pytest.mark.parametrize(("url", "method", "said"), [
    ("", "POST", "messages that come in go nowhere"),
    ("https://old.example.net/messages", "POST", "that is another server"),
    ("http://bot.example.org/messages#rc=5&rp=ct,5xx", "POST", "that is http"),
    ("https://bot.example.org/messages/#rc=5&rp=ct,5xx", "POST", "the slash at the end is too much"),
    ("https://bot.example.org/status", "POST", "another page of our server"),
    ("https://bot.example.org:8443/messages", "POST", "another port of our server"),
    (MESSAGES, "GET", "brought by HTTP GET, and Puente takes POST"),
    (f"{HERE}/messages", "POST", "makes Twilio try again is missing"),
    (f"{HERE}/messages#rc=0&rp=ct,5xx", "POST", "makes Twilio try again is missing"),
    (f"{HERE}/messages?key=hunter4", "POST", "another page of our server"),
    ("https://hunter5@bot.example.org/messages#rc=5&rp=ct,5xx", "POST", "another page of our server"),
    ("https://[bot/messages", "POST", "that is no address"),
    ("https://u:hunter2@old.example.net/m?key=hunter3", "POST", "go to https://old.example.net/m?...: that is another server"),
])  # fmt: skip
def test_a_wrong_webhook_is_told_and_set(terminal: Terminal, door: Door, url: str, method: str, said: str) -> None:
    number = door.number(**{**RIGHT, "sms_url": url, "sms_method": method})
    door.open = dict.fromkeys(COUNTRIES.split(","), True)
    result = terminal.run()
    wrong = [line for line in lines(result, "to mend") if line.startswith("number")]
    assert len(wrong) == 1 and said in wrong[0], wrong
    assert f"--apply sets: {MESSAGES} by POST" in result.output and "hunter" not in result.output
    assert door.changes() == []
    terminal.run("--apply", "--yes")
    path = f"/2010-04-01/Accounts/{ACCOUNT}/IncomingPhoneNumbers/{number['sid']}.json"
    assert door.changes() == [("POST", path, {"SmsUrl": MESSAGES, "SmsMethod": "POST"})]
    assert (number["sms_url"], number["sms_method"]) == (MESSAGES, "POST")


@pytest.mark.parametrize(
    "url", [f"{HERE}/messages#rc=2&rp=all", "https://BOT.example.org:443/messages#rc=1&rp=5xx,ct,rt"]
)
def test_an_address_that_an_operator_has_chosen_stays(terminal: Terminal, door: Door, url: str) -> None:
    door.number(**{**RIGHT, "sms_url": url})
    assert [line for line in lines(terminal.run(), "to mend") if line.startswith("number")] == []


@pytest.mark.parametrize(("fallback", "said"), [
    ("", "there is no fallback"),
    (f"{HERE}/fallback", "is our own server, which is down in that hour"),
    ("http://handler.twilio.com/twiml/EH1", "is not https"),
    ("a page", "is no address"),
])  # fmt: skip
def test_a_fallback_that_would_not_answer(terminal: Terminal, door: Door, fallback: str, said: str) -> None:
    number = door.number(**{**RIGHT, "sms_fallback_url": fallback})
    wrong = [line for line in lines(terminal.run(), "to mend") if line.startswith("number")]
    assert len(wrong) == 1 and said in wrong[0]
    terminal.run("--apply", "--yes")
    assert door.changes() == [], "nobody has said where the text is"
    terminal.run("--apply", "--yes", "--fallback", BIN)
    assert [sent for _, _, sent in door.changes()] == [{"SmsFallbackUrl": BIN, "SmsFallbackMethod": "POST"}]
    assert number["sms_fallback_url"] == BIN


def test_a_fallback_elsewhere_is_right_with_a_warning(terminal: Terminal, door: Door) -> None:
    door.number(**{**RIGHT, "sms_fallback_url": "https://cdn.example.com/down.xml"})
    assert "it is not at Twilio: make sure that it does not go down with our server" in terminal.run().output


def test_a_fallback_that_is_right_at_one_is_right_for_the_others(terminal: Terminal, door: Door) -> None:
    door.number(**RIGHT)
    other = door.number(ANOTHER, **{**RIGHT, "sms_fallback_url": ""})
    terminal.run("--apply", "--yes", TWILIO_SMS_FROM=f"{NUMBER},{ANOTHER}")
    assert other["sms_fallback_url"] == BIN


def test_the_fallback_of_a_number_of_another_project_is_not_ours(terminal: Terminal, door: Door) -> None:
    door.number(**{**RIGHT, "sms_fallback_url": ""})
    door.number(ANOTHER, **RIGHT)
    result = terminal.run("--apply", "--yes")
    assert (
        f"number {NUMBER}: there is no fallback" in "\n".join(lines(result, "to mend"))
        and door.numbers[0]["sms_fallback_url"] == ""
    )


def test_a_number_of_another_account(terminal: Terminal, door: Door) -> None:
    door.number(ANOTHER)
    result = terminal.run()
    assert f"number {NUMBER}: this account does not have it; it has: {ANOTHER}" in lines(result, "to mend")
    terminal.run("--apply", "--yes")
    assert not [path for _, path, _ in door.changes() if "IncomingPhoneNumbers" in path], (
        "the number of another project"
    )


def test_a_number_in_another_spelling(terminal: Terminal, door: Door) -> None:
    door.number(**RIGHT)
    assert f"number 13125550100: Twilio writes it {NUMBER}" in lines(
        terminal.run(TWILIO_SMS_FROM="13125550100"), "to mend"
    )


def test_a_number_without_sms(terminal: Terminal, door: Door) -> None:
    door.number(**{**RIGHT, "sms_url": ""}, capabilities={"voice": True, "sms": False, "mms": False, "fax": False})
    said = [line for line in terminal.run().output.splitlines() if f"number {NUMBER}" in line]
    assert said == [f"to mend        number {NUMBER}: it cannot take or send SMS"]


def test_a_twiml_app_before_the_number_is_taken_away(terminal: Terminal, door: Door) -> None:
    number = door.number(**RIGHT, sms_application_sid="AP1")
    assert "a TwiML app (AP1) takes its messages" in "\n".join(lines(terminal.run(), "to mend"))
    terminal.run("--apply", "--yes")
    assert number["sms_application_sid"] == "" and number["sms_url"] == MESSAGES


def test_numbers_that_nobody_named_are_told_and_left_alone(terminal: Terminal, door: Door) -> None:
    door.number()
    result = terminal.run("--apply", "--yes", TWILIO_SMS_FROM="", TWILIO_WHATSAPP_FROM="")
    assert f"it names no number; the account has {NUMBER}" in "\n".join(lines(result, "to mend"))
    assert not [path for _, path, _ in door.changes() if "IncomingPhoneNumbers" in path]


def test_a_short_code_has_its_addresses_too(terminal: Terminal, door: Door) -> None:
    code = {"sid": "SC1", "short_code": "55512", "sms_url": None, "sms_method": "POST", "sms_fallback_url": BIN}
    door.short_codes.append({**code, "sms_fallback_method": "POST"})
    result = terminal.run("--apply", "--yes", TWILIO_SMS_FROM="55512")
    assert "number 55512: messages that come in go nowhere" in lines(result, "to mend")
    assert door.short_codes[0]["sms_url"] == MESSAGES


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


def test_countries_are_opened_and_one_that_twilio_refuses_is_told(terminal: Terminal, door: Door) -> None:
    all_right(door)
    door.open |= {"MX": False, "GT": False}
    result = terminal.run("--apply", "--yes", TWILIO_MESSAGING_SERVICE_SID=SERVICE)
    assert result.exit_code == 0 and door.open == dict.fromkeys(COUNTRIES.split(","), True)
    sent = door.asked[[each.method for each in door.asked].index("PATCH")].form["Permissions"]
    assert len(sent) == 2 and all('"type": "country"' in each for each in sent)
    door.open["GT"] = False
    door.refused_countries["GT"] = 30649
    result = terminal.run("--apply", "--yes", TWILIO_MESSAGING_SERVICE_SID=SERVICE)
    assert "NOT DONE: Twilio refused it (30649)" in result.output and result.exit_code == 1


def test_a_country_of_which_twilio_says_nothing(terminal: Terminal, door: Door) -> None:
    all_right(door)
    del door.open["SV"]
    result = terminal.run(TWILIO_MESSAGING_SERVICE_SID=SERVICE)
    assert "SMS to COUNTRIES: Twilio did not say whether it is open: SV" in lines(result, "look yourself")


def test_where_every_country_is_answered_none_is_asked_for(terminal: Terminal, door: Door) -> None:
    all_right(door)
    result = terminal.run(COUNTRIES=",", TWILIO_MESSAGING_SERVICE_SID=SERVICE)
    assert "SMS to COUNTRIES: the bot answers every country" in lines(result, "look yourself")
    assert not [each for each in door.asked if "GeoPermissions" in each.path]


def test_whatsapp_keeps_what_else_it_has(terminal: Terminal, door: Door) -> None:
    sender = door.sender(
        callback_url="https://old.example.net/w", callback_method="POST", status_callback_method="POST"
    )
    named = {"TWILIO_SMS_FROM": "none", "TWILIO_WHATSAPP_FROM": NUMBER}
    wrong = lines(terminal.run(**named), "to mend")
    assert [line.partition(": ")[2].partition(" ")[0] for line in wrong] == ["messages", "there", "reports"]
    result = terminal.run("--apply", "--yes", "--fallback", BIN, **named)
    assert sender["webhook"] == {**WEBHOOK, "fallback_method": "POST", "status_callback_method": "POST"}
    assert result.exit_code == 0 and sender["profile"] == {"name": "Puente"}
    assert not [each for each in door.asked if "IncomingPhoneNumbers" in each.path or "GeoPermissions" in each.path]


def test_whatsapp_that_is_not_there_or_not_online(terminal: Terminal, door: Door) -> None:
    sender = door.sender(ANOTHER, **WEBHOOK)
    named = {"TWILIO_SMS_FROM": "none", "TWILIO_WHATSAPP_FROM": f"whatsapp:{NUMBER}"}
    (wrong,) = lines(terminal.run(**named), "to mend")
    assert f"the account has no such WhatsApp sender; it has: whatsapp:{ANOTHER}" in wrong
    (wrong,) = lines(terminal.run(**{**named, "TWILIO_WHATSAPP_FROM": ANOTHER.removeprefix("+")}), "to mend")
    assert f"Twilio writes it whatsapp:{ANOTHER}" in wrong
    sender |= {"sender_id": f"whatsapp:{NUMBER}", "status": "OFFLINE"}
    assert lines(terminal.run(**named), "to mend") == [f"WhatsApp {NUMBER}: it is not online: OFFLINE"]


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


def test_without_a_public_address_nothing_is_written_at_twilio(terminal: Terminal, door: Door) -> None:
    door.number()
    result = terminal.run("--apply", "--yes", PUBLIC_BASE_URL="http://192.0.2.1:8000")
    assert "PUBLIC_BASE_URL: PUBLIC_BASE_URL is no https address" in "\n".join(lines(result, "to mend"))
    assert not [path for _, path, _ in door.changes() if "IncomingPhoneNumbers" in path]


@pytest.mark.parametrize("options", [("--yes",), ("--fallback", "http://handler.twilio.com/twiml/EH1")])
def test_options_that_make_no_sense_ask_nobody(terminal: Terminal, door: Door, options: tuple[str, ...]) -> None:
    assert terminal.run(*options).exit_code == 2 and door.asked == []
