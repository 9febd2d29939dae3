"""Phrases in a real browser: with a thumb, with keys, without JavaScript, with the real model; sizes and what axe finds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from bot.app import expected_model
from bot.escalation.viewer import Role
from bot.intents.rasa import RasaClient
from bot.settings import REPOSITORY
from bot.store.phrases_learned import topics
from tests.console.browsing import LOOKS, Account, Console, Visit, axe, screenshot, sticks_out
from tests.console.phrases_scene import IN_KICHE, NO_FOOD, SENTENCES, agree, wait
from tests.servers import Rasa

pytestmark = pytest.mark.slow


def vera(console: Console, language: str = "es") -> Account:
    return console.account(Role.VOLUNTEER, name="Vera", language=language)


@pytest.mark.parametrize(("width", "language"), LOOKS)
@pytest.mark.parametrize("name", ["look", "agreed", "empty", "choose", "topics", "topic", "try"])
def test_each_page_reads_well(console: Console, visit: Visit, name: str, width: int, language: str) -> None:
    ids = wait(console.desk, *(SENTENCES if name != "empty" else ()))
    if name == "agreed":
        agree(console.desk, "es", "quiero saber si la escuela cierra con ***", "school_rights")
    if name == "topic":
        ada = console.viewer(vera(console))
        console.desk.phrases.add(ada, "es", "street_stop", "que hago si viene la migra a mi casaa")
    paths = {"topics": "/topics", "topic": "/topics/street_stop", "try": "/try"}
    path = f"/{ids[0]}/topic" if name == "choose" else paths.get(name, "")
    page = visit(f"/console/phrases{path}", vera(console, language), width=width, language=language)
    assert page.locator("h1").count() == 1 and page.locator("html").get_attribute("lang") == language
    assert axe(page) == [] and sticks_out(page) == []
    if name == "look":
        assert small_targets(page) == []
    screenshot(page, f"phrases-{name}-{width}-{language}")


def small_targets(page: Page) -> list[str]:
    """What a thumb could miss: buttons of the card under 44 px."""
    found: list[str] = page.evaluate(
        "() => [...document.querySelectorAll('.phrase-card :is(button, a)')].filter(e => e.getBoundingClientRect().height < 44)"
        ".map(e => e.textContent.trim())"
    )
    return found


@pytest.mark.parametrize("path", ["", "/topics", "/topics/home_visit", "/try"])
def test_nothing_sticks_out_at_320_px_and_at_twice_the_size(console: Console, visit: Visit, path: str) -> None:
    wait(console.desk, *SENTENCES)
    for width, scale in ((320, 1), (1280, 2)):
        assert sticks_out(visit(f"/console/phrases{path}", vera(console), width=width, scale=scale)) == []


def test_with_keys_alone_three_are_done(console: Console, visit: Visit) -> None:
    wait(console.desk, *SENTENCES)
    page = visit("/console/phrases?language=es", vera(console))
    page.keyboard.press("1")
    expect(page.get_by_role("status").filter(has_text="el bot acertó")).to_be_visible()
    page.goto(f"{console.address}/console/phrases?language=quc")
    assert page.locator("blockquote[lang=quc]").inner_text() == IN_KICHE
    page.keyboard.press("2")
    page.wait_for_url("**/topic*")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("clinica")
    expect(page.locator("#phrase-topics button")).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="era sobre «Una clínica cerca de mí»")).to_be_visible()
    page.goto(f"{console.address}/console/phrases")
    page.keyboard.press("4")
    expect(page.locator("#status")).to_contain_text("No queda nada de ella")
    judged = console.desk.phrases.judged(console.viewer(vera(console)))
    assert sorted((each.language, each.topic) for each in judged) == [
        ("es", "services_legal"),
        ("quc", "services_health"),
    ]


def test_keys_do_nothing_where_she_turned_them_off(console: Console, visit: Visit) -> None:
    wait(console.desk, SENTENCES[0])
    quiet = console.account(Role.VOLUNTEER, name="Quieta")
    page = visit("/console/phrases", quiet)
    page.evaluate("document.body.dataset.shortcuts = 'off'")
    for key in "1234":
        page.keyboard.press(key)
    page.wait_for_timeout(300)
    assert len(console.desk.phrases.waiting(console.viewer(quiet))) == 1
    expect(page.locator(".phrase-acts kbd").first).to_be_hidden()


def test_without_javascript_on_a_phone(console: Console, visit: Visit) -> None:
    wait(console.desk, SENTENCES[0])
    page = visit("/console/phrases", vera(console), width=360, javascript=False)
    page.get_by_role("link", name="Era otro tema").click()
    page.fill("#q", "clinica")
    page.get_by_role("button", name="Buscar", exact=True).click()
    page.get_by_role("button", name="Una clínica cerca de mí").click()
    assert "era sobre «Una clínica cerca de mí»" in page.locator("main").inner_text()
    page.get_by_role("button", name="Deshacer").click()
    assert page.locator("blockquote").inner_text() == NO_FOOD
    page.get_by_role("button", name="No usar").click()
    assert "No hay nada por revisar" in page.locator("main").inner_text()


@pytest.fixture
def with_model(console: Console, rasa: Rasa) -> Iterator[None]:
    """The real model answers this console."""
    puente = console.desk.puente
    before = puente.model
    model = RasaClient([rasa.url], rasa.token, frozenset(topics()), model=expected_model(REPOSITORY))
    object.__setattr__(puente, "model", model)
    yield
    object.__setattr__(puente, "model", before)


def test_the_running_model_says_its_three_likeliest(console: Console, visit: Visit, with_model: None) -> None:
    page = visit("/console/phrases/try", vera(console), width=360)
    page.fill("#text", "necesito una clínica para mi hijo que no come")
    page.get_by_role("button", name="¿Qué entiende el bot?").click()
    ranked = page.locator(".phrase-ranking li")
    expect(ranked).to_have_count(3)
    expect(ranked.first).to_contain_text("Una clínica cerca de mí")
    shares = [int(value) for value in page.locator("meter").evaluate_all("all => all.map(one => one.value)")]
    assert shares == sorted(shares, reverse=True) and sum(shares) <= 101 and shares[0] > 50
    assert axe(page) == [] and sticks_out(page) == []
    screenshot(page, "phrases-tried-360-es")
    wait(console.desk, SENTENCES[0])
    page.goto(f"{console.address}/console/phrases")
    page.keyboard.press("2")
    page.wait_for_url("**/topic*")
    expect(page.get_by_role("heading", name="Quizás")).to_be_visible()
