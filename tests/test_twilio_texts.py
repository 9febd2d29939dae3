"""The texts to paste at Twilio: made of the bot's own words, within the carriers' limits, and true of what the bot does."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from bot.channels.setup.texts import texts_to_paste
from bot.channels.setup.texts_registration import DESCRIPTION, FLOW, SAMPLE, description, message_flow
from bot.channels.setup.voices import OWNER, voices_of
from bot.intents.reserved import CARRIER_HELP, CARRIER_START, CARRIER_STOP, Word, reserved
from bot.message import Channel
from bot.scripts.release import Release
from bot.settings import Settings, from_environment
from bot.wording.gsm7 import non_gsm, segments
from tests.phone import Phone

NOW = 1_800_000_000.0


@pytest.fixture
def one_app(app_with: Callable[..., Flask]) -> Flask:
    return app_with(SERVICE_OWNER="Centro Inventado", PUBLIC_BASE_URL="http://127.0.0.1:8000")


@pytest.fixture
def release(one_app: Flask) -> Release:
    found: Release = one_app.extensions["puente"]().release
    return found


@pytest.fixture
def settings() -> Settings:
    return from_environment({"ENVIRONMENT": "test", "SERVICE_OWNER": "Centro Inventado"})


def section(text: str, heading: str) -> str:
    return text.partition(f"== {heading}")[2].partition("\n== ")[0]


def words(text: str, heading: str) -> set[str]:
    """The words behind a heading of the section, up to the end of its sentence."""
    said = re.search(rf"{heading}:\s*([A-Z, ]+)", text)
    assert said, heading
    return {word.strip().lower() for word in said[1].split(",")}


def test_the_words_for_advanced_opt_out_are_the_carriers_and_none_that_must_reach_the_bot(
    release: Release, settings: Settings
) -> None:
    text = section(texts_to_paste(release, settings, NOW), "Advanced Opt-Out")
    assert words(text, "Words for opting out") == CARRIER_STOP
    assert words(text, r"Else") == CARRIER_HELP
    starts = words(text, "Words for opting in")
    assert starts >= CARRIER_START and "iniciar" in starts and "yes" not in starts
    assert all(meant and meant.word is Word.START for meant in (reserved(each, Channel.SMS) for each in starts))
    never = words(text, "Never add to the words for opting out or for help")
    assert {"alto", "borrar", "salir", "ayuda", "menu", "cancelar"} <= never
    assert not never & (CARRIER_STOP | CARRIER_HELP | starts)


def test_what_twilio_says_costs_little_and_names_us(release: Release, settings: Settings) -> None:
    text = section(texts_to_paste(release, settings, NOW), "Advanced Opt-Out")
    replies = re.findall(r"Reply \((\d) SMS parts\):\n((?:    .+\n)+)", text)
    assert len(replies) == 3
    for parts, quoted in replies:
        reply = re.sub("^    ", "", quoted, flags=re.MULTILINE).rstrip()
        assert segments(reply) == int(parts) <= 3 and non_gsm(re.sub(r"\[.+]", "", reply)) == ()
    stopped, _, helped = (quoted for _, quoted in replies)
    assert stopped.count("Centro Inventado") == 2 and "INICIAR" in stopped and "START" in stopped
    assert "STOP" in helped and "[phone or mail address" in helped
    assert not re.search(r"\b\d [a-z]", helped), "Puente does not hear a digit that answers Twilio"


def test_a_campaign_keeps_the_carriers_limits(release: Release, settings: Settings) -> None:
    voices = voices_of(release, settings, NOW)
    assert FLOW[0] <= len(message_flow(voices)) <= FLOW[1]
    assert DESCRIPTION[0] <= len(description(voices)) <= DESCRIPTION[1]
    assert 2 <= len(voices.samples) <= 5
    assert all(SAMPLE[0] <= len(sample) <= SAMPLE[1] for sample in voices.samples)
    assert any("STOP" in sample for sample in voices.samples)


def test_the_sample_of_help_is_what_the_bot_sends(one_app: Flask, release: Release, settings: Settings) -> None:
    phone = Phone(one_app.test_client())
    phone.send("english")
    # Behind it stands the way back to where the person was.
    assert phone.send("help").startswith(voices_of(release, settings, NOW).help)


@pytest.mark.slow
@pytest.mark.always
def test_the_samples_of_a_greeting_are_what_the_bot_sends(whole_app: Flask) -> None:
    voices = voices_of(whole_app.extensions["puente"]().release, whole_app.config["SETTINGS"], NOW)
    assert Phone(whole_app.test_client()).send("hi") == voices.first
    assert Phone(whole_app.test_client()).send("hola") == voices.first_es


def test_nothing_is_claimed_to_be_approved_and_blanks_are_blanks(release: Release, settings: Settings) -> None:
    text = texts_to_paste(release, settings, NOW)
    assert text.startswith("Texts to paste at Twilio. Drafts: nobody has approved them.")
    assert {"[https address of your privacy policy]", "[https address of your terms]"} <= set(
        re.findall(r"\[[^\]]+\]", text)
    )
    assert "SERVICE_OWNER is not set" not in text and OWNER not in text
    nameless = texts_to_paste(release, from_environment({"ENVIRONMENT": "test"}), NOW)
    assert "SERVICE_OWNER is not set" in nameless and OWNER in section(nameless, "A2P 10DLC")


def test_they_come_without_any_account(one_app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "texts.txt"
    run = one_app.test_cli_runner()
    result = run.invoke(args=["twilio", "setup", "--texts", str(file)])
    assert result.exit_code == 0 and f"Written to {file}" in result.output
    written = file.read_text("utf-8")
    assert run.invoke(args=["twilio", "setup", "--texts", "-"]).stdout == written
    headings = re.findall(r"^== (.+)$", written, re.MULTILINE)
    assert [heading.split()[0] for heading in headings] == ["Advanced", "TwiML", "What", "A2P", "Toll-free"]
    assert written.count("Place: ") == 5


@pytest.mark.parametrize("command", [("setup", "--texts"), ("fallback",)], ids=["texts", "fallback"])
def test_a_file_that_cannot_be_written_is_said_in_words(
    one_app: Flask, tmp_path: Path, command: tuple[str, ...]
) -> None:
    """A service's user in a folder of root's: it is told where she may write."""
    file = tmp_path / "none" / "texts.txt"
    result = one_app.test_cli_runner().invoke(args=["twilio", *command, str(file)])
    assert result.exit_code == 1
    assert (
        f"{file} cannot be written: No such file or directory." in result.output and "/tmp/texts.txt" in result.output
    )
