"""An answer from a volunteer's first key to a family's phone and back: the Procfile, a real browser, nothing but the keyboard."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.escalation.viewer import Role
from bot.settings import from_environment
from bot.store.database import engine_for
from bot.store.passwords import hashed
from bot.store.people import People
from tests.console.browsing import PASSWORD
from tests.launch.running import Running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

FLOW, SAY = "home_visit", "home_visit.first.say"
ASKED = "que hago si la migra viene a mi casa"
OLD = "Hable con la puerta cerrada. No tiene que abrir"
SECONDS_TO_ARRIVE = 60
LUIS, SARA, MARTA = ("luis@example.org", "sara@example.org", "marta@example.org")
MOST_TABS = 250


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("answers")
    with Running(folder / "data", {"ENVIRONMENT": "test"}) as started:
        started.wait_until_ready(400)
        settings = from_environment({"DATA_DIR": str(started.data_dir), "ENVIRONMENT": "test"})
        people = People(engine_for(settings.sql_url), time.time)
        for email, roles in ((LUIS, {Role.VOLUNTEER}), (SARA, {Role.VOLUNTEER}), (MARTA, {Role.PUBLISHER})):
            people.add(
                "test", email=email, name=email.partition("@")[0].title(), password=hashed(PASSWORD), language="es",
                organization=None, roles=frozenset(roles),
            )  # fmt: skip
        yield started


@dataclass
class Keys:
    """Somebody with a browser of her own and no mouse. At each stop the focus must be seen."""

    running: Running
    page: Page

    def go(self, path: str) -> None:
        """Types an address."""
        self.page.goto(f"{self.running.url}{path}")

    def to(self, selector: str, key: str = "Tab") -> None:
        """Goes on with one key until what is focused is that; fails where it is never reached, or a stop cannot be seen."""
        for _ in range(MOST_TABS):
            self.page.keyboard.press(key)
            self.see()
            if self.page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
                return
        raise AssertionError(f"{selector} is not reached by {key} on {self.page.url}")

    def see(self) -> None:
        """The focus is on something with a ring around it, within the window."""
        told = self.page.evaluate(
            """() => { const e = document.activeElement; if (e === document.body) return "";
            const at = e.matches("input[type=radio], input[type=checkbox]") ? e.closest("label") || e : e;
            const style = [getComputedStyle(e), getComputedStyle(at)], box = e.getBoundingClientRect();
            const ring = style.some(s => (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2) || s.boxShadow !== "none");
            const seen = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
            return ring && seen ? "" : `${e.outerHTML.slice(0, 120)} ring ${ring} seen ${seen}`; }"""
        )
        assert not told, told

    def press(self, key: str = "Enter") -> None:
        """Presses what is focused, and waits for the page that comes."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def write(self, text: str) -> None:
        """In place of what stands in the focused field."""
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def log_in(self, email: str) -> None:
        self.go("/console/login")
        self.to("[name=email]")
        self.page.keyboard.type(email)
        self.to("[name=password]")
        self.page.keyboard.type(PASSWORD)
        self.press()
        assert "/login" not in self.page.url, self.page.inner_text("main")


@pytest.fixture
def keys(running: Running, browser: Browser) -> Iterator[Callable[..., Keys]]:
    contexts = []

    def opened(email: str, width: int = 1280) -> Keys:
        context = browser.new_context(locale="es", viewport={"width": width, "height": 800})
        contexts.append(context)
        made = Keys(running, context.new_page())
        if email:
            made.log_in(email)
        return made

    yield opened
    for context in contexts:
        context.close()


def _tongue(writer: Keys, language: str) -> None:
    """On a phone one language is shown at a time: its tab is a choice like any other."""
    chosen = "document.querySelector('[name=tongue]:checked').value"
    if writer.page.evaluate(chosen) == language or not writer.page.locator(".tongues").is_visible():
        return
    writer.to("[name=tongue]", "Shift+Tab")
    for _ in range(3):
        if writer.page.evaluate(chosen) != language:
            writer.page.keyboard.press("ArrowRight")
    assert writer.page.evaluate(chosen) == language


def _text(writer: Keys, language: str, text: str) -> None:
    """Writes one text over, and says that it says the same in other words."""
    _tongue(writer, language)
    writer.to(f"textarea[name^='text|{language}|'][name$='|{SAY}']")
    writer.write(text)
    question = f"[name='meaning|{language}|{SAY}']"
    if writer.page.locator(question).first.is_visible():
        writer.to(question)
        writer.page.keyboard.press("ArrowDown")
        assert writer.page.locator(f"{question}[value=no]").is_checked()


def _phone(phone: Keys) -> str:
    """What a family gets that asks now."""
    phone.go("/try")
    phone.page.locator("#text").focus()
    phone.page.keyboard.type(ASKED)
    phone.press()
    return phone.page.locator(".talk li.theirs").last.inner_text()


def _until_it_says(phone: Keys, words: str) -> None:
    deadline = time.monotonic() + SECONDS_TO_ARRIVE
    while words not in (got := _phone(phone)):
        assert time.monotonic() < deadline, f"the phone never said {words!r}: {got}"
        time.sleep(1)


def _versions(page: Page) -> int:
    return page.locator(".versions > li").count()


@pytest.mark.parametrize("width", [1280, 360])
def test_edit_review_publish_try_undo_with_the_keyboard_alone(keys: Callable[..., Keys], width: int) -> None:
    new_es = f"Hable sin abrir la puerta, con calma ({width})."
    new_en = f"Talk without opening the door, calmly ({width})."
    writer, reviewer, phone = keys(LUIS, width), keys(MARTA, width), keys("", width)
    assert OLD in _phone(phone)
    reviewer.go(f"/console/answers/{FLOW}/history")
    before = max(_versions(reviewer.page), 1)

    writer.go(f"/console/answers/{FLOW}")
    _text(writer, "es", new_es)
    _text(writer, "en", new_en)
    writer.to("form.desk button[name=save].primary")
    writer.press()
    expect(writer.page.locator("#status")).to_contain_text("Guardado")
    writer.to("#note")
    writer.page.keyboard.type("Más corto, con calma")
    writer.to(".send button.primary")
    writer.press()
    expect(writer.page.locator("#status")).to_contain_text("Enviado")

    writer.go(f"/console/review/{FLOW}")
    expect(writer.page.get_by_role("main")).to_contain_text("La publica otra persona: Marta.")
    assert not writer.page.locator("form[action$='/publish']").count(), "the author has no button"
    assert _forged(writer.page, f"/console/review/{FLOW}/publish") == 403

    reviewer.go("/console/review")
    expect(reviewer.page.get_by_role("main")).to_contain_text("Más corto, con calma")
    reviewer.to(f"a[href='/console/review/{FLOW}']")
    reviewer.press()
    for text in (new_es, new_en):
        assert text in _compared(reviewer.page)
    reviewer.to("#read")
    reviewer.page.keyboard.press("Space")
    reviewer.to("form[action$='/publish'] button")
    reviewer.press()
    expect(reviewer.page.get_by_role("main")).to_contain_text("Desde ahora las familias reciben esto")
    assert OLD in _phone(phone), "nothing is out before she said yes"
    reviewer.to("form[action$='/publish'] button")
    reviewer.press()
    expect(reviewer.page.get_by_role("main")).to_contain_text("Publicado.")
    _until_it_says(phone, new_es)

    reviewer.to("a[href^='/console/releases/undo']")
    reviewer.press()
    reviewer.to("form[action$='/releases/undo'] button")
    reviewer.press()
    expect(reviewer.page.locator("#status")).to_contain_text("Deshecho")
    assert _versions(reviewer.page) == before + 2, "the beginning, what was published, what was undone"
    _until_it_says(phone, OLD)


def _compared(page: Page) -> str:
    """Old and new words as they are seen, without what a screen reader hears between them."""
    told = page.locator(".pair").evaluate_all(
        """pairs => pairs.map(pair => { const seen = pair.cloneNode(true);
        seen.querySelectorAll(".unseen").forEach(each => each.remove()); return seen.textContent; }).join(" ")"""
    )
    return re.sub(r"\s+", " ", told)


def _forged(page: Page, path: str) -> int:
    """The form that the page does not have, with the token that it does have."""
    token = page.locator("[name=csrf_token]").first.get_attribute("value")
    form = {"csrf_token": token or "", "read": "yes", "sure": "yes", "mark": "x"}
    address = re.match(r"https?://[^/]+", page.url)
    assert address
    headers = {"Origin": address[0], "Referer": page.url}
    return page.request.post(f"{address[0]}{path}", form=form, headers=headers, max_redirects=0).status


def test_two_volunteers_at_once_lose_nothing(keys: Callable[..., Keys]) -> None:
    luis, sara = keys(LUIS), keys(SARA)
    for who in (luis, sara):
        who.go(f"/console/answers/{FLOW}")
    # Two languages of one text: both stay.
    _save(luis, "es", "De Luis, en español.")
    _save(sara, "en", "Sara's, in English.")
    luis.go(f"/console/answers/{FLOW}")
    assert (_written(luis, "es"), _written(luis, "en")) == ("De Luis, en español.", "Sara's, in English.")
    # The same text: whoever comes second sees both and chooses.
    sara.go(f"/console/answers/{FLOW}")
    _save(luis, "es", "Otra vez Luis.")
    _save(sara, "es", "Ahora Sara.")
    shown = sara.page.get_by_role("main")
    expect(shown).to_contain_text("Otra vez Luis.")
    expect(shown).to_contain_text("Ahora Sara.")
    luis.go(f"/console/answers/{FLOW}")
    assert _written(luis, "es") == "Otra vez Luis."
    sara.page.locator("button[name=choose][value=mine]").click()
    luis.go(f"/console/answers/{FLOW}")
    assert _written(luis, "es") == "Ahora Sara."


def _save(who: Keys, language: str, text: str) -> None:
    who.page.locator(f"textarea[name^='text|{language}|'][name$='|{SAY}']").fill(text)
    question = who.page.locator(f"[name='meaning|{language}|{SAY}'][value=no]")
    if question.is_visible():
        question.check()
    with who.page.expect_navigation():
        who.page.locator("form.desk:visible button[name=save].primary").first.click()


def _written(who: Keys, language: str) -> str:
    return who.page.locator(f"textarea[name^='text|{language}|'][name$='|{SAY}']").input_value()
