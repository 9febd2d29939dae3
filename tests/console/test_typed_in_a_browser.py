"""Console switch es/en keeps page and unsaved text (item 11 of the checklist), with JavaScript and without."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from bot.escalation.viewer import Role
from tests.console.browsing import NORTE, Console, Visit, axe
from tests.console.inbox_scene import HEALTH, families_of
from tests.store.at_desk import AtDesk

pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize("javascript", [True, False], ids=["JavaScript", "no JavaScript"]),
]

LINES = "Buenas tardes.\n¿Está usted a salvo? <3 & ya"


@pytest.fixture(scope="module")
def families(console: Console) -> AtDesk:
    return families_of(console.desk)


def switch(page: Page, name: str, language: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_selector(f"html[lang={language}]")


def to_and_fro(page: Page, address: str, typed: dict[str, str]) -> None:
    """English, then Spanish again: the page and what is typed stay."""
    for name, language in (("English", "en"), ("Español", "es")):
        switch(page, name, language)
        assert page.url == address
        for field, value in typed.items():
            expect(page.locator(field)).to_have_value(value)


def test_an_answer_and_a_note(console: Console, families: AtDesk, visit: Visit, javascript: bool) -> None:
    id = families.comes("necesito un doctor", about=HEALTH, organization=NORTE)
    path = f"/console/conversation/{id}?look=family"
    page = visit(path, console.account(Role.RESPONDER, name=f"Rita {javascript}"), javascript=javascript)
    page.locator("#text").fill(LINES)
    page.locator("#note").fill("llamar a Clara")
    to_and_fro(page, console.address + path, {"#text": LINES, "#note": "llamar a Clara"})
    expect(page.locator("#parts")).to_contain_text("1 SMS")
    if javascript:
        page.once("dialog", lambda dialog: dialog.accept())
        page.reload()
        expect(page.locator("#text")).to_have_value(LINES)
        expect(page.locator("#parts")).to_contain_text("1 SMS")
        assert axe(page) == []
    page.get_by_role("button", name="Guardar nota").click()
    expect(page.get_by_text("Nota guardada")).to_be_visible()
    expect(page.locator("#note")).to_have_value("")
    expect(page.locator(".bubble.note .said")).to_have_text("llamar a Clara")
    if javascript:
        expect(page.locator("#text")).to_have_value(LINES)
    page.locator("#text").fill("Ya vamos")
    page.locator("#note").fill("otra nota")
    page.get_by_role("button", name="Enviar a la persona").click()
    expect(page.get_by_text("En camino.")).to_be_visible()
    expect(page.locator(".bubble.staff .said")).to_have_text("Ya vamos")
    expect(page.locator("#text")).to_have_value("")
    expect(page.locator(".bubble.note")).to_have_count(1)
    if javascript:
        expect(page.locator("#note")).to_have_value("otra nota")


def test_a_note_to_what_a_colleague_has(console: Console, families: AtDesk, visit: Visit, javascript: bool) -> None:
    id = families.comes("necesito un doctor", about=HEALTH, organization=NORTE)
    console.desk.work.take(console.viewer(console.account(Role.RESPONDER, name="Marta")), id)
    path = f"/console/conversation/{id}"
    page = visit(path, console.account(Role.RESPONDER, name=f"Rita {javascript}"), javascript=javascript)
    page.locator("#note").fill(LINES)
    to_and_fro(page, console.address + path, {"#note": LINES})
    page.get_by_role("button", name="Guardar nota").click()
    expect(page.get_by_text("Nota guardada")).to_be_visible()


def test_my_account(console: Console, visit: Visit, javascript: bool) -> None:
    account = console.account(Role.VOLUNTEER, name=f"Vera {javascript}")
    page = visit("/console/account", account, javascript=javascript)
    page.locator("#name").fill("Vera Luz")
    page.locator("#quiet-from").fill("22:00")
    page.locator("#quiet-to").fill("07:00")
    page.locator("[name=shortcuts]").uncheck()
    to_and_fro(
        page, f"{console.address}/console/account", {"#name": "Vera Luz", "#quiet-from": "22:00", "#quiet-to": "07:00"}
    )
    expect(page.locator("[name=shortcuts]")).not_to_be_checked()
    expect(page.locator("[name=language][value=es]")).to_be_checked()
    page.locator("form", has=page.locator("#name")).get_by_role("button", name="Guardar").click()
    expect(page.get_by_text("Guardado.")).to_be_visible()
    person = console.person(account.id)
    assert (person.name, person.quiet, person.shortcuts, person.language) == ("Vera Luz", "22:00-07:00", False, "es")


def test_the_enter_key_does_what_the_page_does(console: Console, visit: Visit, javascript: bool) -> None:
    """The switch is the first button of the form, and Enter must not press it."""
    account = console.account(Role.VOLUNTEER, name=f"Emma {javascript}")
    page = visit("/console/account", account, javascript=javascript)
    page.locator("#name").fill("Emma Luz")
    page.locator("#name").press("Enter")
    expect(page.get_by_text("Guardado.")).to_be_visible()
    assert console.person(account.id).name == "Emma Luz" and console.person(account.id).language == "es"


def test_an_organization(console: Console, visit: Visit, javascript: bool) -> None:
    path = "/console/organizations/new"
    page = visit(path, console.account(Role.ADMIN, organization=None, name="Berta"), javascript=javascript)
    page.locator("#name").fill('Casa "Ixim"')
    page.locator("#zone").select_option("America/Denver")
    page.locator("[name=language][value=quc]").check()
    page.locator("summary").click()
    page.locator("[name=topic]").first.check()
    to_and_fro(page, console.address + path, {"#name": 'Casa "Ixim"', "#zone": "America/Denver"})
    expect(page.locator("[name=language][value=quc]")).to_be_checked()
    assert page.locator("[name=topic]").first.is_checked()


def test_who_leaves_after_switching_is_still_asked(console: Console, visit: Visit, javascript: bool) -> None:
    page = visit(
        "/console/templates/new", console.account(Role.ADMIN, organization=None, name="Berta"), javascript=javascript
    )
    words = page.locator("textarea")
    words.press_sequentially("Hola")
    switch(page, "English", "en")
    expect(words).to_have_value("Hola")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    words.press_sequentially("!")
    page.goto(console.address + "/console/templates/new")
    assert asked == (["beforeunload"] if javascript else [])
    if javascript:
        expect(words).to_have_value("Hola!")
    switch(page, "Español", "es")
