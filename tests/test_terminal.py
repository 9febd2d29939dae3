"""What ``flask --app webhook chat`` keeps when it is told /save: the same file that /try downloads, and never somebody's number."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from ruamel.yaml import YAML

from bot.message import Channel, InboundMessage, Pin
from bot.saved import FOLDER, SavedTurn, beside_text, written
from bot.settings import Settings, from_environment
from bot.terminal import chat, save
from webhook import make

SETTINGS: Settings = from_environment({"ENVIRONMENT": "test"})
MENU = SavedTurn("menu", "¿Qué necesita?\n1 la migra esta aqui", "menu")
PIN = SavedTurn("", "Cerca de Chicago", "services_near", {"Latitude": "41.78", "Longitude": "-87.71"})
SILENCE = SavedTurn("STOP", "", None)
NUMBER = SavedTurn("mi numero es 202 555 0100", "...", "menu")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / FOLDER).mkdir(parents=True)
    return tmp_path


def test_a_conversation_is_written(root: Path) -> None:
    assert save("menu_es", Channel.SMS, [MENU, PIN, SILENCE], SETTINGS, root).startswith(
        f"Saved as {FOLDER}/menu_es.yml"
    )
    text = (root / FOLDER / "menu_es.yml").read_text("utf-8")
    script = YAML().load(text)
    assert script["title"] == "menu es" and script["channel"] == "sms"
    assert [(turn["they"], turn["bot"].strip(), turn["flow"]) for turn in script["turns"]] == [
        ("menu", MENU.bot, "menu"),
        ("", PIN.bot, "services_near"),
        ("STOP", "", None),
    ]
    assert script["turns"][1]["with"] == {"Latitude": "41.78", "Longitude": "-87.71"}
    assert written(script) == text


REFUSED = {
    "a name that leads elsewhere": ("../x", [MENU], "small letters"),
    "no name": ("", [MENU], "small letters"),
    "a name of two words": ("two words", [MENU], "small letters"),
    "nothing said": ("menu_es", [], "Nothing has been said"),
    "somebody's number": ("menu_es", [MENU, NUMBER], "nobody's number is saved"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_written(root: Path, name: str) -> None:
    file, turns, reason = REFUSED[name]
    assert reason in save(file, Channel.SMS, turns, SETTINGS, root)
    assert list(root.rglob("*.yml")) == []


def test_no_conversation_is_overwritten(root: Path) -> None:
    save("menu_es", Channel.SMS, [MENU], SETTINGS, root)
    assert "exists" in save("menu_es", Channel.SMS, [PIN], SETTINGS, root)
    assert "menu" in (root / FOLDER / "menu_es.yml").read_text("utf-8")


def test_outside_a_checkout_there_is_no_folder(tmp_path: Path) -> None:
    assert "there is no folder" in save("menu_es", Channel.SMS, [MENU], SETTINGS, tmp_path)


BESIDE = {
    "a pin": (
        InboundMessage("", "", Channel.SMS, pin=Pin(41.78, -87.71)),
        {"Latitude": "41.78", "Longitude": "-87.71"},
    ),
    "a voice note": (InboundMessage("", "", Channel.SMS, media=1), {"NumMedia": "1"}),
    "words": (InboundMessage("", "", Channel.SMS, text="hola"), {}),
}


@pytest.mark.parametrize("name", BESIDE)
def test_what_a_message_has_beside_its_words(name: str) -> None:
    message, expected = BESIDE[name]
    assert beside_text(message) == expected


def test_chat_understands_save_and_does_not_send_it(app: Flask) -> None:
    with app.app_context():
        said = app.test_cli_runner().invoke(chat, input="menu\n/save No Name\n").output
    assert "/save NAME" in said and "never with real names, numbers or addresses" in said
    assert "A name is of small letters" in said and said.count(" SMS, ") == 1, "it was no message"


def test_before_db_upgrade_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")
    data = tmp_path / "data"
    app = make(from_environment({"ENVIRONMENT": "test", "DATA_DIR": str(data)}))
    with app.app_context():
        said = app.test_cli_runner().invoke(chat)
    assert said.exit_code == 1 and "db upgrade" in said.output and said.output.startswith("Error: ")
