"""/console/recordings: what a speaker does there, and what the server refuses to everybody else."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from bot import content
from bot.console.talk import read_talk
from bot.escalation.viewer import Role, Viewer
from bot.scripts.recording import sound_of
from bot.scripts.sources import sha_of
from tests.console.browsing import BROWSERS, LOOKS, QUIET, Account, Console, Visit, axe, screenshot, sticks_out
from tests.console.clients import Hand, hand
from tests.scripts.test_recording import MIC, SOUNDS, TONE, ogg

pytestmark = pytest.mark.slow

KEY = "agents_here_now.first.say"
PAGE = f"/recordings/quc/{KEY}"
LENGTH = """() => new Promise((told) => { const sound = document.querySelector("section audio");
  sound.onloadedmetadata = () => told(sound.duration); sound.onerror = () => told(0); sound.load(); })"""
"""How long the browser finds the recording on the page."""
SHA = sha_of(sound_of(TONE).data)


@pytest.fixture(scope="module", autouse=True)
def quick(console: Console) -> Iterator[None]:
    """The checks of the whole content cost seconds and find nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(console.desk.releases, "_judge", lambda *_: ())
        yield


@pytest.fixture(scope="module")
def rosa(console: Console) -> Account:
    """A speaker of K'iche'."""
    made = console.account(Role.VOLUNTEER, name="Rosa Tzoc")
    console.desk.people.change_standing(Viewer(0, "terminal", frozenset({Role.ADMIN})), made.id, "Nahualá", "")
    return made


def send(who: Hand, data: bytes, path: str = PAGE, name: str = "nota.ogg", words: str = "") -> tuple[int, str]:
    page = who.get(path).get_data(as_text=True)
    found = re.search(r'name="words" value="(\w+)"', page)
    answer = who.send_file(path, data, name, words=words or (found[1] if found else "0" * 16))
    return answer.status_code, answer.get_data(as_text=True)


def test_a_speaker_sends_a_voice_note_and_listens_to_it(console: Console, rosa: Account) -> None:
    hers = hand(console, rosa)
    page = hers.get(PAGE).get_data(as_text=True)
    assert 'lang="quc"' in page and "kinya&#39; ta permiso" in page and "No abra: hable" in page
    number = console.desk.releases.number()
    assert send(hers, TONE)[0] == 303
    assert console.desk.releases.number() == number + 1
    page = hers.get(PAGE)
    assert f"/console/recordings/sound/{SHA}.ogg" in page.get_data(as_text=True)
    assert "media-src 'self' blob:" in page.headers["Content-Security-Policy"]
    assert "microphone=(self)" in page.headers["Permissions-Policy"]
    sound = hers.get(f"/recordings/sound/{SHA}.ogg")
    assert (sound.data, sound.content_type) == (sound_of(TONE).data, "audio/ogg")
    assert sound.headers["Cache-Control"] == "no-store"
    assert "Se oye en WhatsApp" in hers.get("/recordings").get_data(as_text=True)
    assert hers.post(f"{PAGE}/out").status_code == 303
    assert content.recordings(console.desk.releases.current().sources) == {}
    assert hers.get(f"/recordings/sound/{SHA}.ogg").status_code == 404


def test_other_pages_keep_microphone_and_sound_shut(console: Console, rosa: Account) -> None:
    for path in ("/recordings", "/account"):
        headers = hand(console, rosa).get(path).headers
        assert (
            "media-src" not in headers["Content-Security-Policy"] and "microphone=()" in headers["Permissions-Policy"]
        )


def test_what_is_refused_is_told_and_nothing_is_kept(console: Console, rosa: Account) -> None:
    hers, number = hand(console, rosa), console.desk.releases.number()
    for data, told in ((b"", "Elige un archivo"), (b"ID3" + bytes(900), "Opus"), (TONE[:5000], "no llegó entero")):
        status, page = send(hers, data)
        assert status == 422 and told in page and 'id="summary"' in page
    assert send(hers, TONE, words="0" * 16)[0] == 409
    large = {"data": bytes(1_200_000), "content_type": "multipart/form-data; boundary=x"}
    assert hers.client.post(f"/console{PAGE}", **large).status_code in (400, 413)
    assert console.desk.releases.number() == number


def test_a_recording_of_real_length_is_taken_and_a_stranger_sends_nothing_so_large(
    console: Console, rosa: Account
) -> None:
    long = ogg(60, bytes([0x4B]) + b"\x01" + bytes(100))
    assert len(long) > 300_000
    assert send(hand(console, rosa), long)[0] == 303
    large = {"data": bytes(300_000), "content_type": "multipart/form-data; boundary=x"}
    assert hand(console).client.post(f"/console{PAGE}", **large).status_code in (400, 401, 413)
    assert hand(console, rosa).post(f"{PAGE}/out").status_code == 303


def test_who_is_no_speaker_is_refused_by_the_server(console: Console, rosa: Account) -> None:
    number = console.desk.releases.number()
    for role in (Role.VOLUNTEER, Role.PUBLISHER):
        other = hand(console, console.account(role))
        page = other.get(PAGE).get_data(as_text=True)
        assert 'type="file"' not in page and "Solo quien está anotada" in page
        known = re.search(r'name="words" value="(\w+)"', hand(console, rosa).get(PAGE).get_data(as_text=True))
        assert known and send(other, TONE, words=known[1])[0] == 403
    assert send(hand(console, rosa), TONE, "/recordings/es/" + KEY, words="0" * 16)[0] == 403
    assert hand(console, console.account(Role.VOLUNTEER)).post(f"{PAGE}/out").status_code == 403
    assert console.desk.releases.number() == number


def test_there_is_no_page_of_what_is_no_first_answer(console: Console, rosa: Account) -> None:
    for path in ("/recordings/quc/menu.first.say", "/recordings/xx/" + KEY, "/recordings/sound/0.ogg"):
        assert hand(console, rosa).get(path).status_code == 404


@pytest.mark.parametrize(("width", "language"), LOOKS)
def test_its_looks(console: Console, visit: Visit, rosa: Account, width: int, language: str) -> None:
    console.desk.people.change_language(rosa.id, language)
    page = visit("/console/recordings", rosa, width=width, language=language)
    assert axe(page) == [] and sticks_out(page) == []
    screenshot(page, f"recordings-{width}-{language}")
    page.goto(f"{console.address}/console{PAGE}")
    assert axe(page) == [] and sticks_out(page) == []
    page.set_viewport_size({"width": 320, "height": 800})
    assert sticks_out(page) == []
    page.set_viewport_size({"width": width, "height": 800})
    page.set_input_files("#file", SOUNDS / "tone.ogg")
    page.click("main form button.primary")
    page.wait_for_selector("main audio")
    assert axe(page) == [] and sticks_out(page) == []
    assert page.evaluate(LENGTH) > 1.9
    screenshot(page, f"recording-{width}-{language}")


def test_without_a_script_it_is_a_plain_file_field(console: Console, visit: Visit, rosa: Account) -> None:
    console.desk.people.change_language(rosa.id, "es")
    page = visit(f"/console{PAGE}", rosa, javascript=False, width=360)
    assert not page.locator("#record").is_visible()
    page.set_input_files("#file", SOUNDS / "mic.webm")
    page.click("main form button.primary")
    assert page.locator("main audio").count() >= 1
    assert sha_of(sound_of(MIC).data) in page.content()


def test_she_records_with_the_microphone_of_her_device(console: Console, rosa: Account, browser: Browser) -> None:
    """A browser with a microphone that hums, allowed by whoever holds it."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    humming = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    troubles: list[str] = []
    hearing = browser.browser_type.launch(executable_path=path, args=[*QUIET, *humming])
    page = hearing.new_page()
    page.context.add_cookies([{"name": "console", "value": console.cookie(rosa), "url": console.address}])
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    page.goto(f"{console.address}/console/recordings/quc/street_stop.first.say")
    page.locator("#record").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#record[aria-pressed=true]")
    page.wait_for_timeout(1_600)
    page.keyboard.press("Enter")
    page.wait_for_selector("#hear:not([hidden])")
    assert page.evaluate("document.getElementById('file').files[0].name").startswith("recording.")
    page.click("main form button.primary")
    page.wait_for_selector("section audio[src*='/console/recordings/sound/']")
    assert page.evaluate(LENGTH) >= 1
    hearing.close()
    assert troubles == []
    sources = console.desk.releases.current().sources
    assert any("street_stop.first.say" in path for path in content.recordings(sources).values())


PLAYED = """(sound) => new Promise((told) => { sound.onloadedmetadata = () => told(sound.duration);
  sound.onerror = () => told(0); sound.load(); })"""


def test_every_phone_in_the_browser_plays_what_whatsapp_sends(console: Console, visit: Visit, rosa: Account) -> None:
    """The browser loads it under the policy of each page, and by SMS there is none."""
    assert send(hand(console, rosa), TONE)[0] == 303
    console.app.extensions["puente"]().content.look()
    page = visit("/try?lang=es", width=360)
    for channel, players in (("SMS", 0), ("WhatsApp", 1)):
        page.get_by_label(channel).check()
        page.get_by_label("Idioma de la conversación").select_option("quc")
        page.get_by_role("button", name="Empezar de nuevo").click()
        page.get_by_label("Su mensaje").fill("la migra está en la puerta de mi casa ahora")
        page.get_by_role("button", name="Enviar").click()
        assert page.locator("#last audio").count() == players
    assert page.locator("#last audio").evaluate(PLAYED) > 1.9
    assert sticks_out(page) == [] and axe(page) == []
    screenshot(page, "try-with-a-recording")
    page = visit("/console/answers/agents_here_now/talk?speak=quc&channel=whatsapp", rosa, width=360)
    assert page.locator(".talk audio").evaluate(PLAYED) > 1.9
    assert sticks_out(page) == []
    page = visit("/console/answers/agents_here_now", rosa, width=360)
    first = page.locator(".phone").first
    assert first.locator("audio").count() == 0
    first.get_by_role("button", name="WhatsApp").click()
    page.wait_for_selector(".phone .screen.whatsapp")
    assert first.locator("audio").count() == 0, "nobody has read the Spanish aloud"
    page.locator(".phone").first.locator("button[lang=quc]").click()
    assert page.locator(".phone audio").first.evaluate(PLAYED) > 1.9
    screenshot(page, "editor-phone-with-a-recording")
    page = visit(f"/console/speaker/quc/{KEY}?show=drafts", rosa, width=360)
    page.locator(".phone").first.get_by_role("button", name="WhatsApp").click()
    assert page.locator(".phone audio").first.evaluate(PLAYED) > 1.9
    assert hand(console, rosa).post(f"{PAGE}/out").status_code == 303


def test_the_address_of_a_recording_is_made_of_nothing_else_that_a_page_carries() -> None:
    sounds = ["../messages", SHA, 'x" onerror="y']
    assert read_talk(json.dumps({"b": [[False, "hola", "", "", {}, sounds]]})).bubbles[0].sounds == (SHA,)
    assert read_talk('{"b": [[false, "hola", "", "", {}]]}').bubbles[0].sounds == ()
