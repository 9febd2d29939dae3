"""/try as its reader uses it: a real browser, no JavaScript, both languages, and things that a form should not get."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page

from bot.console.talk import MOST_BUBBLES, read_talk
from tests.console.browsing import served

pytestmark = pytest.mark.slow


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as address:
        yield f"{address}/try"


@pytest.fixture(params=[True, False], ids=["JavaScript on", "JavaScript off"])
def page(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(
        java_script_enabled=request.param, locale="es-GT", viewport={"width": 360, "height": 740}
    )
    opened = context.new_page()
    troubles: list[str] = []
    opened.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    opened.on("dialog", lambda dialog: troubles.append(dialog.message))
    opened.goto(address)
    yield opened
    assert not troubles
    context.close()


def _say(page: Page, text: str) -> str:
    page.get_by_label("Su mensaje").fill(text)
    page.get_by_role("button", name="Enviar").click()
    return page.locator("#last p").inner_text()


@pytest.mark.slow
def test_a_talk_on_a_small_phone(page: Page) -> None:
    assert "No abra" in _say(page, "la migra está en mi puerta")
    assert "1 SMS" in page.locator("#last small").inner_text() or "2 SMS" in page.locator("#last small").inner_text()
    assert "Chicago" in _say(page, "60629")
    assert page.locator(".mine").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out at 360 px"


@pytest.mark.slow
def test_the_enter_key_sends_and_does_not_begin_again(page: Page) -> None:
    page.get_by_label("Su mensaje").fill("menu")
    page.get_by_label("Su mensaje").press("Enter")
    page.wait_for_selector(".theirs")
    assert "1 " in page.locator("#last p").inner_text()


@pytest.mark.slow
def test_whatsapp_keeps_accents_and_shows_no_segments(page: Page) -> None:
    page.get_by_label("WhatsApp").check()
    assert "aquí" in _say(page, "menu")
    assert "SMS" not in page.locator("#last small").inner_text()


@pytest.mark.slow
def test_beginning_again_in_a_language(page: Page) -> None:
    _say(page, "menu")
    page.get_by_label("Idioma de la conversación").select_option("en")
    page.get_by_role("button", name="Empezar de nuevo").click()
    assert page.locator(".mine p").all_inner_texts() == ["ENGLISH"], "as a family chooses it"
    assert "What do you need" in page.locator("#last p").inner_text()


@pytest.mark.slow
def test_a_conversation_is_downloaded_from_a_small_phone(page: Page) -> None:
    assert page.get_by_role("button", name="Descargar").count() == 0, "there is nothing to save yet"
    _say(page, "la migra está en mi puerta")
    page.get_by_label("Qué muestra").fill("Agentes en la puerta")
    with page.expect_download() as download:
        page.get_by_role("button", name="Descargar").click()
    assert download.value.suggested_filename == "agents_here_now_es.yml"
    assert "title: Agentes en la puerta" in Path(download.value.path()).read_text("utf-8")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out at 360 px"


@pytest.mark.slow
def test_markup_is_shown_and_never_run(page: Page) -> None:
    _say(page, "<script>alert(1)</script><img src=x onerror=alert(2)>")
    assert "<script>" in page.locator(".mine p").inner_text()


def _post(client: FlaskClient, **form: str) -> str:
    response = client.post("/try", data=form)
    assert response.status_code == 200
    return response.get_data(as_text=True)


def test_the_page_carries_the_talk_and_the_server_keeps_nothing(app: Flask, tmp_path: Path) -> None:
    client = app.test_client()
    page = _post(client, text="la migra esta en mi puerta", lang="es")
    puente = app.extensions["puente"]()
    assert puente.redis.keys("*") == []
    again = _post(client, text="9", lang="es", talk=_talk_of(page))
    assert again.count('class="mine"') == 2


def _talk_of(page: str) -> str:
    found = re.search(r'name="talk" value="([^"]*)"', page)
    assert found
    return unescape(found.group(1))


FORGED = {
    "not JSON": "{",
    "a list": "[]",
    "a state that is none": '{"s": 5, "b": []}',
    "bubbles that are none": '{"s": {}, "b": [1, 2]}',
    "a step that is none": '{"s": {"v": 2, "u": 1, "a": ["no", "no"]}, "b": []}',
    "a place that is none": '{"s": {"v": 2, "u": 1, "p": "x;y"}, "b": []}',
    "markup in a bubble": '{"s": null, "b": [[false, "<script>alert(1)</script>", "", "", {}]]}',
    "a channel that is none": '{"s": null, "b": [], "h": ["pigeon"]}',
    "an explanation that is none": '{"s": null, "b": [[true, "x", "", "", {}], [false, "y", "", "[1]", {}]], "h": ["sms"]}',
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_talk_is_harmless(app: Flask, name: str) -> None:
    page = _post(app.test_client(), text="menu", talk=FORGED[name])
    assert "<script>" not in page and "¿Qué necesita?" in page


def test_a_long_talk_still_fits_into_the_form(app: Flask) -> None:
    client, talk = app.test_client(), ""
    for _ in range(MOST_BUBBLES + 6):
        talk = _talk_of(_post(client, text="ñ" * 600, talk=talk))
    assert len(read_talk(talk).bubbles) <= MOST_BUBBLES
    assert len(json.dumps(talk)) < 60_000


def test_the_page_allows_no_script_and_no_other_place(app: Flask) -> None:
    policy = app.test_client().get("/try").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src" not in policy and "form-action 'self'" in policy


def test_production_has_no_phone_unless_switched_on(make_app: Callable[..., Flask], tmp_path: Path) -> None:
    import webhook
    from bot.settings import from_environment

    real = {
        "TWILIO_ACCOUNT_SID": "AC1",
        "TWILIO_AUTH_TOKEN": "t",
        "PUBLIC_BASE_URL": "https://bot.example.org",
        "MASTER_KEY_FILE": "/etc/puente/master_key",
        "DATA_DIR": str(tmp_path),
    }
    make_app()
    assert webhook.make(from_environment(real)).test_client().get("/try").status_code == 404
    assert webhook.make(from_environment({**real, "TRY_PHONE": "on"})).test_client().get("/try").status_code == 200


def test_in_production_only_so_many_may_try_at_once(
    make_app: Callable[..., Flask], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import webhook
    from bot.settings import from_environment

    make_app()
    monkeypatch.setattr("bot.console.try_phone.MOST_A_MINUTE", 2)
    real = {
        "TWILIO_ACCOUNT_SID": "AC1",
        "TWILIO_AUTH_TOKEN": "t",
        "PUBLIC_BASE_URL": "https://bot.example.org",
        "MASTER_KEY_FILE": "/etc/puente/master_key",
        "DATA_DIR": str(tmp_path),
    }
    client = webhook.make(from_environment({**real, "TRY_PHONE": "on"})).test_client()
    answers = [client.post("/try", data={"text": "menu"}).status_code for _ in range(5)]
    # The minute may turn in the middle of it; then two more are let in.
    assert answers[:2] == [200, 200] and 429 in answers
