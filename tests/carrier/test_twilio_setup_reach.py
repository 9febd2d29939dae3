"""``twilio setup`` about whom answers reach: the countries that are open, and WhatsApp."""

from __future__ import annotations

from tests.carrier.door import ANOTHER, BIN, NUMBER, SERVICE, Door
from tests.carrier.terminal import COUNTRIES, WEBHOOK, Terminal, all_right, lines


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
