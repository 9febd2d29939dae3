"""The directory's pages in a real browser: on a phone and a desk, in both languages, without JavaScript, and a newcomer's way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from bot.escalation.viewer import Role
from tests.console.browsing import LOOKS, Account, Console, Visit, axe, screenshot, sticks_out
from tests.console.directory_scene import ROMERO, cells, furnished
from tests.console.directory_way import WIDTH, Hand, correct_hours

__all__ = ["furnished"]
pytestmark = pytest.mark.slow

PAGES = {
    "list": "/console/directory",
    "gap": "/console/directory?kind=health&place=Iowa",
    "entry": f"/console/directory/{ROMERO}",
    "new": "/console/directory/new",
    "import": "/console/directory/import",
    "history": f"/console/directory/{ROMERO}/history",
}
OPEN_ALL = "document.querySelectorAll('details').forEach(each => each.open = true)"


@pytest.fixture
def publisher(furnished: Console) -> Iterator[Account]:
    yield furnished.account(Role.PUBLISHER, name="Bea Caal")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_as_it_should_be(furnished: Console, publisher: Account, visit: Visit, name: str) -> None:
    for width, language in LOOKS:
        furnished.desk.people.change_language(publisher.id, language)
        page = visit(PAGES[name], publisher, width=width, language=language)
        expect(page.locator("html")).to_have_attribute("lang", language)
        page.evaluate(OPEN_ALL)
        assert page.locator("h1").count() == 1
        assert axe(page) == [] and sticks_out(page) == []
        screenshot(page, f"directory-{name}-{width}-{language}")
    furnished.desk.people.change_language(publisher.id, "es")


@pytest.mark.parametrize("name", PAGES)
def test_nothing_sticks_out_at_320_px_and_at_twice_the_size(publisher: Account, visit: Visit, name: str) -> None:
    for width, scale in ((320, 1), (1280, 2)):
        page = visit(PAGES[name], publisher, width=width, scale=scale)
        page.evaluate(OPEN_ALL)
        assert sticks_out(page) == []


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_newcomer_corrects_the_hours_on_a_phone(furnished: Console, visit: Visit, javascript: bool) -> None:
    account = furnished.account(Role.VOLUNTEER, name="Nueva Con" if javascript else "Nueva Sin")
    hand = Hand(visit("/console/account", account, width=WIDTH, javascript=javascript))
    correct_hours(hand)
    assert len(hand.steps) <= 11, hand.steps
    assert cells(furnished)["hours"] == "Mo-Fr 09:00-17:00; Sa 10:00-13:00"
    expect(hand.page.locator("#part-hours .now")).to_have_text("lun-vie 09:00-17:00; sáb 10:00-13:00")
    # Back as it was, for the next one.
    hand.page.locator("#part-hours summary").first.click()
    for day in ("mo", "tu", "we", "th", "fr", "sa"):
        hand.page.locator(f"#{day}_from").fill("")
        hand.page.locator(f"#{day}_to").fill("")
    hand.page.get_by_role("button", name="Guardar").click()
    expect(hand.page.locator("#part-hours .now")).to_have_text("no se sabe")


def test_the_preview_follows_what_is_typed(publisher: Account, visit: Visit, furnished: Console) -> None:
    page = visit(PAGES["entry"], publisher, width=1280)
    page.locator("#part-phones summary").first.click()
    page.locator("#phone").fill("773-508-5309")
    expect(page.locator("#preview")).to_contain_text("773-508-5309")
    expect(page.locator("#phone")).to_be_focused()
    assert cells(furnished)["phone"] == "+17735085300", "nothing was stored"


def test_confirming_on_a_phone_says_so(publisher: Account, visit: Visit, furnished: Console) -> None:
    page = visit(PAGES["entry"], publisher, width=WIDTH)
    page.get_by_role("button", name="Lo confirmé hoy").click()
    expect(page.locator("#summary")).to_be_focused()
    page.get_by_label("Llamé").check()
    page.get_by_role("button", name="Lo confirmé hoy").click()
    expect(page.locator("#status")).to_contain_text("773-508-5300 queda confirmado desde hoy")
    assert axe(page) == []
    assert cells(furnished)["phone_verified_by"] == "Bea Caal"


def test_an_error_opens_its_part_and_keeps_what_was_typed(publisher: Account, visit: Visit) -> None:
    page = visit(PAGES["entry"], publisher, width=WIDTH)
    page.locator("#part-phones summary").first.click()
    page.locator("#phone").fill("773508530")
    page.get_by_role("button", name="Guardar").click()
    expect(page.locator("#phone-error")).to_have_text("Este teléfono tiene 9 cifras; en Estados Unidos son 10.")
    expect(page.locator("#phone")).to_have_value("773508530")
    page.locator("#summary a").click()
    expect(page.locator("#phone")).to_be_focused()
    assert axe(page) == [] and sticks_out(page) == []


def test_two_people_at_one_field(publisher: Account, visit: Visit, furnished: Console) -> None:
    other = furnished.account(Role.VOLUNTEER, name="Ana Lucía")
    first, second = visit(PAGES["entry"], publisher), visit(PAGES["entry"], other, width=WIDTH)
    for page, cost in ((first, "20 dólares"), (second, "gratis")):
        page.locator("#part-who summary").first.click()
        page.locator("#cost").fill(cost)
        page.get_by_role("button", name="Guardar").click()
    expect(second.locator("#summary")).to_contain_text("20 dólares")
    expect(second.locator("#cost")).to_have_value("gratis")
    assert axe(second) == [] and sticks_out(second) == []
    screenshot(second, "directory-clash")
    second.get_by_role("button", name="Guardar").click()
    expect(second.locator("#status")).to_contain_text("Guardado")
    assert cells(furnished)["cost"] == "gratis"
    screenshot(visit(PAGES["history"], publisher), "directory-history-full")
