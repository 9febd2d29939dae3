"""What /try saves is a golden conversation: it reads as it was said, and passes as it stands. No real number is ever in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from ruamel.yaml import YAML
from werkzeug.test import TestResponse

from bot.console.talk import MOST_BUBBLES
from bot.saved import written
from tests.phone import Phone

pytestmark = pytest.mark.slow


class Tried:
    """Somebody who tries the bot in the browser, as far as the server sees her."""

    def __init__(self, client: FlaskClient) -> None:
        self.client, self.talk = client, ""

    def send(self, **form: str) -> str:
        page = self.client.post("/try", data={"lang": "en", "talk": self.talk, **form}).get_data(as_text=True)
        found = re.search(r'name="talk" value="([^"]*)"', page)
        assert found
        self.talk = unescape(found.group(1))
        return page

    def save(self, **form: str) -> TestResponse:
        return self.client.post("/try/save", data={"lang": "en", "talk": self.talk, **form})


@pytest.fixture
def tried(app: Flask) -> Tried:
    return Tried(app.test_client())


TALKS: dict[str, list[dict[str, str]]] = {
    "numbers of the menu": [{"text": "menu"}, {"text": "6"}, {"text": "1"}, {"text": "9"}],
    "danger, and a ZIP": [{"text": "la migra está en mi puerta"}, {"text": "60629"}, {"text": "MAS"}],
    "a pin and a voice note": [{"action": "pin-gt"}, {"action": "voice"}],
    "on WhatsApp": [{"text": "menu", "channel": "whatsapp"}, {"text": "8", "channel": "whatsapp"}],
    "a language first": [{"action": "again", "speak": "quc"}, {"text": "6"}],
    "a word that the carrier answers": [{"text": "menu"}, {"text": "STOP"}, {"text": "6"}],
    "marks that mean something in YAML": [{"text": "- a: 'b' # \"c\" | > & * ! %"}, {"text": "si"}],
    "what only the model would understand": [{"text": "quiero saber del permiso"}],
}


@pytest.mark.parametrize("name", TALKS)
def test_what_was_saved_is_said_again(name: str, tried: Tried, make_app: Callable[..., Flask]) -> None:
    for form in TALKS[name]:
        tried.send(**form)
    text = tried.save(title=name).get_data(as_text=True)
    script = YAML().load(text)
    assert written(script) == text, "make golden leaves the file as it is"
    assert script["title"] == name and list(script)[:2] == ["title", "channel"]
    phone = Phone(make_app().test_client(), script["channel"])
    for turn in script["turns"]:
        assert phone.send(turn["they"], **(turn.get("with") or {})).strip() == turn["bot"].strip()
        assert phone.explain["flow"] == turn["flow"]
    assert len(script["turns"]) == len(TALKS[name])


def test_without_a_model_it_says_so(tried: Tried) -> None:
    tried.send(text="quiero saber del permiso")
    assert YAML().load(tried.save().get_data(as_text=True))["model"] == "none"
    tried.talk = ""
    tried.send(text="menu")
    assert "model" not in YAML().load(tried.save().get_data(as_text=True))


def test_other_settings_than_those_of_the_tests_are_named(make_app: Callable[..., Flask]) -> None:
    tried = Tried(make_app(REQUIRE_APPROVAL="on", SERVICE_OWNER="Casa Ejemplo").test_client())
    tried.send(text="menu")
    settings = YAML().load(tried.save().get_data(as_text=True))["settings"]
    assert settings == {"SERVICE_OWNER": "Casa Ejemplo", "REQUIRE_APPROVAL": "on"}


NUMBERS = ("llame al 202-555-0100", "(202) 555 0100", "mi numero A es A123456789", "+502 5555 0100")
NONE = ("60629", "mi corte es a las 9:30 el 12/05/2026", "tengo 3 hijos de 5, 7 y 9 años")


@pytest.mark.parametrize("text", NUMBERS)
def test_nobody_s_number_is_saved(tried: Tried, text: str) -> None:
    page = tried.send(text=text)
    assert "A message holds a long number" in page and "Download" not in page
    response = tried.save()
    assert response.status_code == 422 and "Content-Disposition" not in response.headers


@pytest.mark.parametrize("text", NONE)
def test_a_zip_and_a_date_are_nobody_s_number(tried: Tried, text: str) -> None:
    assert "Download" in tried.send(text=text)


def test_the_page_says_what_must_not_be_in_it(tried: Tried) -> None:
    assert "Never with real names, numbers or addresses" in tried.send(text="menu")


def test_a_conversation_that_lost_its_beginning_is_not_saved(tried: Tried) -> None:
    for _ in range(MOST_BUBBLES // 2 + 1):
        page = tried.send(text="menu")
    assert "too long to be saved whole" in page and tried.save().status_code == 422
    assert "Download" in tried.send(action="again", speak="en")


def test_a_conversation_on_two_channels_is_not_saved(tried: Tried) -> None:
    tried.send(text="menu")
    assert "by SMS and by WhatsApp" in tried.send(text="6", channel="whatsapp")
    assert tried.save().status_code == 422


UNSAVABLE = {
    "nothing": "",
    "not JSON": "{",
    "no channel": '{"s": null, "b": [[true, "hola", "", "", {}]]}',
    "a channel that is none": '{"b": [[true, "hola", "", "", {}]], "h": ["pigeon"]}',
}


@pytest.mark.parametrize("name", UNSAVABLE)
def test_what_is_no_talk_is_not_saved(tried: Tried, name: str) -> None:
    tried.talk = UNSAVABLE[name]
    assert tried.save().status_code == 422


def test_a_forged_flow_cannot_choose_the_name_of_the_file(tried: Tried) -> None:
    forged = '{\\"flow\\": \\"../../etc/x\\\\\\"; y\\"}'
    tried.talk = f'{{"b": [[true, "hola", "", "", {{}}], [false, "y", "", "{forged}", {{}}]], "h": ["sms"]}}'
    response = tried.save()
    assert response.headers["Content-Disposition"] == 'attachment; filename="etcxy_es.yml"'
