"""Checklist 24 and 25 in a browser: the picture by keyboard, what is stuck in words, changing a way and a talk without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from bot.engine.flow import Target
from bot.escalation.viewer import Role
from bot.scripts.change_steps import add_step, lead
from tests.console.browsing import LOOKS, Account, Console, Visit, axe, screenshot, sticks_out

pytestmark = pytest.mark.slow

FLOW = "home_visit"
WAY, TALK = f"/console/answers/{FLOW}/way", f"/console/answers/{FLOW}/talk"


@pytest.fixture
def marta(console: Console) -> Iterator[Account]:
    account = console.account(Role.PUBLISHER, name="Marta")
    yield account
    for opened in console.desk.changes.all():
        console.desk.changes.drop(console.viewer(account), opened.flow)
    for kept in console.desk.changes.tests.all():
        console.desk.changes.tests.drop(console.viewer(account), kept.id)


def tabbed(page: Page, wanted: str, most: int = 80) -> bool:
    """Whether Tab comes to what the selector names."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return True
    return False


def test_a_box_is_reached_by_tab_and_opens_its_answer(visit: Visit, marta: Account) -> None:
    page = visit(WAY, marta)
    assert tabbed(page, '[data-box="papers"]')
    assert page.evaluate("getComputedStyle(document.activeElement.querySelector('.touch')).strokeWidth") == "3px"
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/answers/{FLOW}?step=papers#step-papers")
    expect(page.locator("#step-papers")).to_have_attribute("open", "")
    page.go_back()
    assert tabbed(page, '[data-way="first.choice.4"] a')
    page.keyboard.press("Enter")
    page.wait_for_url("**/answers/agents_here_now/way")


def test_the_marked_step_is_told_by_a_word_and_a_thick_border(visit: Visit, marta: Account) -> None:
    page = visit(f"{WAY}?step=papers", marta)
    box = page.locator("#box-papers")
    expect(box).to_contain_text("Este paso")
    style = box.locator(".frame").evaluate("e => [getComputedStyle(e).strokeWidth, getComputedStyle(e).fill]")
    assert style == ["4px", "rgb(255, 244, 194)"]
    assert page.locator("#box-first .frame").evaluate("e => getComputedStyle(e).strokeWidth") != "4px"


@pytest.mark.parametrize(("width", "language"), LOOKS)
def test_words_stay_within_their_boxes(visit: Visit, console: Console, width: int, language: str) -> None:
    page = visit("/console/answers/deportation_order/way", Role.VOLUNTEER, width=width, language=language)
    out = page.evaluate(
        """() => [...document.querySelectorAll(".way .box text")].filter(text => {
        const frame = text.closest(".box").querySelector(".frame").getBBox(), words = text.getBBox()
        return words.x + words.width > frame.x + frame.width - 4 || words.y + words.height > frame.y + frame.height
        }).map(text => text.textContent)"""
    )
    assert page.locator(".way .box text").count() > 20 and out == []


def test_what_is_stuck_stands_in_words_at_the_top_and_in_its_box(
    visit: Visit, console: Console, marta: Account
) -> None:
    changes, viewer = console.desk.changes, console.viewer(marta)
    changes.restructure(
        viewer, FLOW, lambda yaml, now: add_step(yaml, now, "alone", "Nobody hears this.", {"on": Target(step="alone")}),
        changes.steps_of(FLOW)[1],
    )  # fmt: skip
    page = visit(f"{WAY}?words=en", marta)
    troubles = page.locator("section[aria-labelledby=troubles]")
    for said in ("Nada lleva a este paso", "Sus opciones solo dan vueltas"):
        expect(troubles).to_contain_text(said)
        expect(page.locator("#box-alone")).to_contain_text(said)
    assert axe(page) == []
    troubles.get_by_text("Nobody hears this.").first.click()
    expect(page.locator("#this-step")).to_contain_text("Nobody hears this.")


def test_a_way_is_changed_without_a_script(visit: Visit, console: Console, marta: Account) -> None:
    page = visit(f"{WAY}?step=papers", marta, javascript=False, width=360)
    page.get_by_label("1 es de un juez").select_option("flow:human")
    page.get_by_role("button", name="Guardar adónde van").last.click()
    expect(page.locator("#status")).to_contain_text("Guardado en el borrador")
    step = console.desk.changes.answer(FLOW).flow.steps["papers"]
    assert step.choices[0].target == Target(flow="human")
    expect(page.locator('svg [data-way="papers.choice.1"]')).to_have_attribute("data-to", "flow:human")


@pytest.mark.parametrize("width", [1280, 360])
def test_by_keyboard_a_sentence_is_added_that_leans_on_a_fact(
    visit: Visit, console: Console, marta: Account, width: int
) -> None:
    page = visit(f"{WAY}?step=papers", marta, width=width)
    page.get_by_text("Agregar una frase, con un dato o un número").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Dato en que se apoya").select_option("asylum_fees")
    page.get_by_label("La frase, en español").fill("Ahora hay que pagar.")
    page.get_by_label("La frase, en inglés").fill("Now there is a fee.")
    screenshot(page, f"way-sentence-{width}")
    assert axe(page) == [] and sticks_out(page) == []
    page.get_by_label("La frase, en inglés").press("Tab")
    page.get_by_role("button", name="Agregar esta frase").press("Enter")
    expect(page.locator("#status")).to_contain_text("La frase está en el borrador")
    expect(page.locator("#this-step")).to_contain_text("Ahora hay que pagar. · se apoya en asylum_fees")


def test_a_talk_with_the_draft_is_kept_and_its_change_is_found(visit: Visit, console: Console, marta: Account) -> None:
    page = visit(TALK, marta, javascript=False)
    for text in ("1", "1"):
        page.get_by_label("Tu mensaje").fill(text)
        page.keyboard.press("Enter")
    expect(page.locator("#box-judge")).to_contain_text("En la conversación: 3")
    expect(page.locator(".path li")).to_have_count(3)
    page.get_by_label("Guardar esta conversación").fill("la orden de un juez")
    page.get_by_role("button", name="Guardar como prueba").click()
    expect(page.locator("#tests ~ ul")).to_contain_text("el mismo camino")
    changes = console.desk.changes
    changes.restructure(
        console.viewer(marta), FLOW, lambda yaml, now: lead(yaml, now, "first", "choice.1", Target(flow="asylum")),
        changes.steps_of(FLOW)[1],
    )  # fmt: skip
    page.get_by_role("button", name="Repetirlas otra vez").click()
    expect(page.locator("#tests ~ ul")).to_contain_text("otro camino después del mensaje 1")
    # axe waits for its own script, for ever where the page may run none.
    page = visit(f"{TALK}?run=1", marta)
    expect(page.locator("#tests ~ ul")).to_contain_text("otro camino después del mensaje 1")
    assert axe(page) == []


PAGES = (
    ("way", f"{WAY}?step=papers"),
    ("way-yes-no", "/console/answers/forget_me/way?step=first"),
    ("way-new-step", f"{WAY}/new-step?from=judge"),
    ("way-long", "/console/answers/notices/way"),
    ("talk", TALK),
)


@pytest.mark.parametrize(("width", "language"), LOOKS)
@pytest.mark.parametrize(("name", "path"), PAGES, ids=[name for name, _ in PAGES])
def test_the_pages_are_for_everybody(visit: Visit, name: str, path: str, width: int, language: str) -> None:
    page = visit(path, Role.PUBLISHER, width=width, language=language)
    screenshot(page, f"{name}-{language}-{width}")
    assert axe(page) == [] and sticks_out(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert sticks_out(page) == []
