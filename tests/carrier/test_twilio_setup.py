"""``twilio setup`` at Twilio's door: the whole of it, the account, its tokens and the worker's key."""

from __future__ import annotations

import pytest

from tests.carrier.door import ACCOUNT, KEY, RIGHTS, SECRET, SERVICE, TOKEN, Door
from tests.carrier.terminal import Terminal, all_right, lines


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


def test_without_a_public_address_nothing_is_written_at_twilio(terminal: Terminal, door: Door) -> None:
    door.number()
    result = terminal.run("--apply", "--yes", PUBLIC_BASE_URL="http://192.0.2.1:8000")
    assert "PUBLIC_BASE_URL: PUBLIC_BASE_URL is no https address" in "\n".join(lines(result, "to mend"))
    assert not [path for _, path, _ in door.changes() if "IncomingPhoneNumbers" in path]


@pytest.mark.parametrize("options", [("--yes",), ("--fallback", "http://handler.twilio.com/twiml/EH1")])
def test_options_that_make_no_sense_ask_nobody(terminal: Terminal, door: Door, options: tuple[str, ...]) -> None:
    assert terminal.run(*options).exit_code == 2 and door.asked == []
