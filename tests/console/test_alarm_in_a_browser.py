"""The line of the alarm in a real browser: it comes and goes by itself, is said once, and stands in nobody's way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from bot.escalation.escalation import Urgency
from bot.escalation.viewer import Role
from bot.store.models import Escalation
from bot.store.staff_models import User
from tests.console.browsing import LOOKS, NORTE, Account, Console, Visit, axe, screenshot, sticks_out
from tests.console.inbox_scene import DANGER, families_of, on_duty
from tests.store.at_desk import AtDesk

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def families(console: Console) -> AtDesk:
    return families_of(console.desk)


@pytest.fixture(autouse=True)
def nobody_waits(console: Console) -> Iterator[None]:
    yield
    with console.desk.engine.begin() as connection:
        connection.execute(update(Escalation).values(closed=1))
        connection.execute(update(User).values(on_duty=None))


def responder(console: Console, name: str, language: str = "es") -> Account:
    account = console.account(Role.RESPONDER, name=name, language=language)
    on_duty(console.desk, account.id)
    return account


def urgent(families: AtDesk) -> str:
    return families.comes("me está pegando", about=DANGER, urgency=Urgency.URGENT, organization=NORTE)


def poll(page: Page) -> None:
    with page.expect_response("**/console/alarm**"):
        page.evaluate("window.puente.poll()")


def test_it_comes_by_itself_is_said_once_and_goes(console: Console, visit: Visit, families: AtDesk) -> None:
    marta = responder(console, "Marta")
    page = visit("/console/account", marta)
    line, said = page.locator("#alarm p"), page.locator("#status .unseen")
    name = page.get_by_label("Nombre, como lo ven")
    name.fill("Marta L")
    expect(line).to_have_count(0)
    id = urgent(families)
    poll(page)
    expect(line).to_contain_text("1 conversación urgente espera a alguien.")
    expect(said).to_have_text("1 conversación urgente espera a alguien.")
    expect(name).to_be_focused()
    for path in ("/console/shift", "/console/inbox", "/console/account"):
        page.goto(console.address + path)
        expect(page.get_by_text("1 conversación urgente espera a alguien.")).to_be_visible()
        expect(said).to_have_count(0)
    urgent(families)
    poll(page)
    expect(said).to_have_text("2 conversaciones urgentes esperan a alguien.")
    page.locator("#alarm a").click()
    page.wait_for_url("**/console/inbox?tab=unclaimed&urgency=urgent")
    expect(page.locator(".entry")).to_have_count(2)
    page.goto(console.address + "/console/account")
    console.desk.work.take(console.viewer(marta), id)
    poll(page)
    expect(line).to_contain_text("1 conversación urgente espera a alguien.")


def test_on_the_inbox_too_it_is_said_when_it_comes(console: Console, visit: Visit, families: AtDesk) -> None:
    page = visit("/console/inbox", responder(console, "Marta"))
    urgent(families)
    with page.expect_response("**/console/inbox/list**"):
        page.evaluate("window.puente.poll()")
    expect(page.locator("#status .unseen", has_text="1 conversación urgente espera a alguien.")).to_have_count(1)
    expect(page.locator("#alarm")).to_have_count(0)


@pytest.mark.parametrize(("width", "language"), LOOKS)
def test_it_looks_as_it_should(console: Console, visit: Visit, families: AtDesk, width: int, language: str) -> None:
    urgent(families)
    page = visit(
        "/console/account", responder(console, "Marta" if language == "es" else "Martha", language), width=width
    )
    expect(page.locator("#alarm p")).to_be_visible()
    assert axe(page) == [] and sticks_out(page) == []
    page.keyboard.press("End")
    expect(page.locator("#alarm p")).to_be_in_viewport()
    screenshot(page, f"alarm-{width}-{language}")


def test_without_javascript_it_stands_there(console: Console, visit: Visit, families: AtDesk) -> None:
    urgent(families)
    page = visit("/console/account", responder(console, "Marta"), javascript=False)
    expect(page.locator("#alarm p")).to_contain_text("1 conversación urgente espera a alguien.")
