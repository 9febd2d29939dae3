"""The pages of reviews, versions, readings, withdrawals and notices in a real browser: axe, small windows, without a script."""

from __future__ import annotations

import pytest

from bot.escalation.viewer import Role
from tests.console.browsing import LOOKS, Account, Console, Visit, axe, screenshot, sticks_out
from tests.console.clients import hand
from tests.console.reviewing import EN, FLOW, NEW_ES, clear, jorge, luis, marta, sent, write
from tests.console.test_notices import RIGHT

pytestmark = pytest.mark.slow

HEALTH = "services_health"


@pytest.fixture(scope="module")
def furnished(console: Console) -> Console:
    """One version published, a change that waits, an answer withdrawn, a notice."""
    desk = console.desk
    mark = sent(console, luis(console), NEW_ES)
    desk.changes.publish(console.viewer(jorge(console)), FLOW, mark=mark)
    write(console, luis(console), "Talk through the closed door.", language=EN)
    sent(console, luis(console), f"{NEW_ES} Respire y guarde silencio.", note="Con calma", meaning=True)
    desk.releases.withdraw(console.viewer(jorge(console)), HEALTH, "La clínica cerró")
    carla = console.account(Role.COORDINATOR, name="Carla")
    assert hand(console, carla).post("/notices/new", **RIGHT, sure="yes").status_code == 303
    elena = console.account(Role.VOLUNTEER, Role.PUBLISHER, name="Elena Ruiz")
    admin = console.viewer(console.account(Role.ADMIN, organization=None, name="Rosa Ixchel"))
    desk.people.change_standing(admin, elena.id, "Nahualá", "IL 6301234")
    return console


PAGES = {
    "review-queue": "review",
    "review": f"review/{FLOW}",
    "review-over": "review/services_legal",
    "history": f"answers/{FLOW}/history?published=1",
    "compare": f"answers/{FLOW}/history/compare?a=0&b=1",
    "releases": "releases",
    "undo": "releases/undo",
    "withdraw": "answers/services_legal/withdraw",
    "withdrawn": "withdrawn",
    "readings": f"answers/{FLOW}/readings",
}


def _who(console: Console, language: str) -> Account:
    account = console.account(Role.VOLUNTEER, Role.PUBLISHER, name="Elena Ruiz")
    console.desk.people.change_language(account.id, language)
    return account


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_publishers(furnished: Console, visit: Visit, name: str) -> None:
    for width, language in LOOKS:
        page = visit(f"/console/{PAGES[name]}", _who(furnished, language), width=width, language=language)
        assert page.locator("h1").count() == 1
        assert axe(page) == [] and sticks_out(page) == []
        assert page.locator("html").get_attribute("lang") == language
        page.set_viewport_size({"width": 320, "height": 800})
        assert sticks_out(page) == []
        page.set_viewport_size({"width": width, "height": 800})
        screenshot(page, f"{name}-{width}-{language}")


@pytest.mark.parametrize("name", ["notices", "notices/new"])
def test_a_page_of_coordinators(furnished: Console, visit: Visit, name: str) -> None:
    carla = furnished.account(Role.COORDINATOR, name="Carla")
    for width, language in LOOKS:
        furnished.desk.people.change_language(carla.id, language)
        page = visit(f"/console/{name}", carla, width=width, language=language)
        assert axe(page) == [] and sticks_out(page) == []
        screenshot(page, f"{name.replace('/', '-')}-{width}-{language}")
        if name == "notices/new":
            for field, text in RIGHT.items():
                page.fill(f"#{field}", text)
            with page.expect_navigation():
                page.locator("form#notice button.primary").click()
            assert axe(page) == [] and sticks_out(page) == []
            screenshot(page, f"notice-preview-{width}-{language}")


@pytest.mark.parametrize("javascript", [True, False])
def test_publishing_asks_once_and_offers_undo_also_without_a_script(
    furnished: Console, visit: Visit, javascript: bool
) -> None:
    clear(furnished)
    text = f"{NEW_ES} {'Con' if javascript else 'Sin'} guion."
    sent(furnished, luis(furnished), text)
    page = visit(f"/console/review/{FLOW}", _who(furnished, "es"), width=360, javascript=javascript)
    page.locator("form[action$='/publish'] button").click()
    if page.locator("#summary").count():
        assert "Marca que leíste" in page.inner_text("#summary"), "without the box it says why"
    page.check("#read")
    page.locator("form[action$='/publish'] button").click()
    assert "Desde ahora las familias reciben esto" in page.inner_text("main") and text in page.inner_text("main")
    # axe waits for timers, which a page without a script does not have.
    assert (not javascript or axe(page) == []) and sticks_out(page) == []
    screenshot(page, f"publish-{javascript}")
    page.locator("form[action$='/publish'] button").click()
    assert "Publicado." in page.inner_text("main")
    page.get_by_role("link", name="Deshacer", exact=True).click()
    page.get_by_role("button", name="Sí, deshacer").click()
    assert "Deshecho" in page.inner_text("#status")


def test_the_words_that_change_are_labelled(furnished: Console, visit: Visit) -> None:
    clear(furnished)
    sent(furnished, luis(furnished), f"{NEW_ES} Espere.")
    page = visit(f"/console/review/{FLOW}", marta(furnished))
    added = page.locator(".changing ins").first
    assert added.inner_text().startswith("agregado:")
    assert added.evaluate("e => getComputedStyle(e).textDecorationLine") == "underline"
