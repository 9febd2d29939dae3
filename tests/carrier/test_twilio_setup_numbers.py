"""``twilio setup`` about numbers: where their messages go, what answers when ours is down, and which are ours at all."""

from __future__ import annotations

import pytest

from tests.carrier.door import ACCOUNT, ANOTHER, BIN, HERE, MESSAGES, NUMBER, Door
from tests.carrier.terminal import COUNTRIES, RIGHT, Terminal, lines


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
