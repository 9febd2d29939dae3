"""The first page and the facts in a real browser: with a thumb, with keys, without JavaScript; sizes and what axe finds."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from bot.escalation.viewer import Role
from bot.language import Language
from bot.scripts.tasks import Kind
from tests.console.browsing import LOOKS, Account, Console, Visit, axe, screenshot, sticks_out
from tests.console.directory_scene import furnish
from tests.console.tasks_scene import ToDo, clear, to_do

pytestmark = pytest.mark.slow


@pytest.fixture
def todo(console: Console) -> ToDo:
    furnish(console)
    clear(console.desk)
    return to_do(console.desk, console.viewer(console.account(Role.VOLUNTEER, name="Marta")))


def luz(console: Console, language: str = "es") -> Account:
    """A publisher who works in all languages."""
    account = console.account(
        Role.PUBLISHER, Role.VOLUNTEER, name="Luz" if language == "es" else "Lucy", language=language
    )
    ada = console.viewer(console.account(Role.ADMIN, organization=None))
    console.desk.people.change_work(ada, account.id, tuple(Language), "US-IL")
    return account


def path_of(name: str, todo: ToDo) -> str:
    if name in Kind:
        return f"/console/tasks/{name}/{getattr(todo, name)}"
    facts = {"facts": "?due=45", "one-fact": f"/{todo.fact}", "figures": "/daca_care"}
    return f"/console/facts{facts[name]}" if name in facts else "/console/tasks"


NAMES = ["home", "facts", "one-fact", "figures", *(kind.value for kind in Kind)]


@pytest.mark.parametrize(("width", "language"), LOOKS)
@pytest.mark.parametrize("name", NAMES)
def test_each_page_reads_well(console: Console, visit: Visit, todo: ToDo, name: str, width: int, language: str) -> None:
    page = visit(path_of(name, todo), luz(console, language), width=width, language=language)
    assert page.locator("h1").count() == 1 and page.locator("html").get_attribute("lang") == language
    assert page.url.split("?")[0].endswith(path_of(name, todo).split("?")[0]), "it led somewhere else"
    screenshot(page, f"tasks-{name}-{width}-{language}")
    assert axe(page) == [] and sticks_out(page) == [] and small_targets(page) == []
    page.evaluate("() => document.querySelectorAll('main details').forEach(each => each.open = true)")
    screenshot(page, f"tasks-{name}-{width}-{language}-open")
    assert axe(page) == [] and sticks_out(page) == []


def small_targets(page: Page) -> list[str]:
    """What a thumb could miss: buttons under 44 px."""
    found: list[str] = page.evaluate(
        "() => [...document.querySelectorAll('main :is(button, .button, summary, .tick)')].filter(e => e.checkVisibility())"
        ".filter(e => e.getBoundingClientRect().height < 44).map(e => e.textContent.trim())"
    )
    return found


@pytest.mark.parametrize("name", NAMES)
def test_nothing_sticks_out_at_320_px(console: Console, visit: Visit, todo: ToDo, name: str) -> None:
    assert sticks_out(visit(path_of(name, todo), luz(console), width=320)) == []


def test_a_fact_is_done_with_keys_alone(console: Console, visit: Visit, todo: ToDo) -> None:
    account = luz(console)
    page = visit(path_of("fact", todo), account)
    page.locator("#read").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/tasks")
    said(page, "Gracias. Ahora se cree hasta el")
    expect(page.locator("main")).to_contain_text("Hoy hiciste 1")
    facts = console.desk.facts
    assert facts.facts(console.viewer(account))[todo.fact].checked == facts.today()


_SEEN = """e => e.matches(':focus-visible') && getComputedStyle(e).outlineStyle !== 'none'
    && parseFloat(getComputedStyle(e).outlineWidth) >= 2"""


def tab_to(page: Page, selector: str) -> None:
    """Goes on with the Tab key until the focus stands there; where it stands can be seen each time."""
    for _ in range(120):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.count() and focused.evaluate("e => e.tagName") != "BODY":
            assert focused.evaluate(_SEEN), focused.evaluate("e => e.outerHTML.slice(0, 120)")
            if focused.evaluate("(e, selector) => e.matches(selector)", selector):
                return
    raise AssertionError(f"no key leads to {selector}")


def said(page: Page, text: str) -> None:
    """What the page says above its heading. A release is checked before it goes out, which a loaded machine takes long for."""
    expect(page.locator("#status")).to_contain_text(text, timeout=60_000)


def offered(page: Page, kind: str) -> str:
    """The form of the task of this kind on the first page."""
    return f"form[action^='/console/tasks/{kind}/']"


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_the_whole_way_with_keys_alone(console: Console, visit: Visit, todo: ToDo, width: int) -> None:
    account = luz(console)
    page = visit("/console/tasks", account, width=width)
    # One is put off.
    put_off = page.locator(offered(page, "call")).first.get_attribute("action")
    tab_to(page, f"form[action='{put_off}'] button[value=skip]")
    page.keyboard.press("Enter")
    said(page, "Queda para otras personas")
    expect(page.locator(f"form[action='{put_off}']")).to_have_count(0)
    # Of one she is not sure, and says why.
    tab_to(page, f"{offered(page, 'fact')} button[value=take]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tasks/fact/*")
    unsure = page.url
    assert axe(page) == [] and sticks_out(page) == []
    tab_to(page, "section:last-of-type summary")
    page.keyboard.press("Enter")
    tab_to(page, "#doubt")
    page.keyboard.type("La página ya no está")
    tab_to(page, "button[value=unsure]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/tasks")
    said(page, "con tu nota")
    # One she does.
    tab_to(page, f"{offered(page, 'phrase')} button[value=take]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tasks/phrase/*")
    assert axe(page) == [] and sticks_out(page) == []
    tab_to(page, "button[value=none]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/tasks")
    said(page, "Guardada")
    expect(page.locator("main")).to_contain_text("Hoy hiciste 1")
    expect(page.locator("main")).to_contain_text("el bot lo aprende en su próximo entrenamiento")
    assert axe(page) == [] and sticks_out(page) == []
    screenshot(page, f"tasks-came-{width}")
    # The doubt waits for somebody else, with its note.
    other = visit(unsure.removeprefix(console.address), luz(console, "en"), width=width, language="en")
    expect(other.locator("main")).to_contain_text("La página ya no está")


def test_the_whole_way_without_javascript(console: Console, visit: Visit, todo: ToDo) -> None:
    page = visit("/console/tasks", luz(console), width=360, javascript=False)
    page.locator(f"{offered(page, 'call')} button[value=skip]").first.click()
    said(page, "Queda para otras personas")
    page.locator(f"{offered(page, 'phrase')} button[value=take]").first.click()
    page.locator("summary").last.click()
    page.fill("#doubt", "No conozco esa palabra")
    page.locator("button[value=unsure]").click()
    said(page, "con tu nota")
    page.locator(f"{offered(page, 'fact')} button[value=take]").first.click()
    page.get_by_text("Cambió", exact=True).click()
    page.fill("#note", "La página dice otra cosa")
    page.locator("details[open] button").click()
    said(page, "Alguien que publica")
    expect(page.locator("main")).to_contain_text("Hoy hiciste 1")


def test_a_line_is_confirmed_with_keys_alone(console: Console, visit: Visit, todo: ToDo) -> None:
    account = luz(console)
    page = visit(path_of("line", todo), account, width=360)
    tab_to(page, "#called")
    page.keyboard.press("Space")
    tab_to(page, "button[value=right]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/tasks")
    said(page, "Queda confirmado desde hoy")
    line = console.desk.lines.lines(console.viewer(account))[todo.line]
    assert (line.verified_on, line.verified_by) == (console.desk.lines.today(), "Luz")


def test_a_publisher_writes_a_fact_anew_with_keys_alone(console: Console, visit: Visit, todo: ToDo) -> None:
    account = luz(console)
    page = visit(path_of("one-fact", todo), account, width=360)
    tab_to(page, "section:nth-of-type(2) summary")
    page.keyboard.press("Enter")
    tab_to(page, "#says")
    page.keyboard.press("Control+A")
    page.keyboard.type("Nobody has to open without a warrant of a judge.")
    tab_to(page, "input[name=stands]")
    page.keyboard.press("Space")
    tab_to(page, "#new-read")
    page.keyboard.press("Space")
    tab_to(page, "button")
    page.keyboard.press("Enter")
    said(page, "Eso dice ahora")
    facts = console.desk.facts.facts(console.viewer(account))
    assert facts[todo.fact].says == "Nobody has to open without a warrant of a judge."
    assert axe(page) == [] and sticks_out(page) == []


def test_without_javascript_a_text_follows_and_goes_on(console: Console, visit: Visit, todo: ToDo) -> None:
    page = visit(path_of("text", todo), luz(console), width=360, javascript=False)
    expect(page.locator("ins").first).to_contain_text("Llame antes.")
    page.get_by_role("button", name="Sigue bien como estaba").click()
    said(page, "Guardado en el borrador en el que escriben otras personas")
    flow, key = todo.text.partition(":")[2].partition(".")[0], todo.text.partition(":")[2]
    line = console.desk.changes.answer(flow).line(key)
    assert line is not None and line.said[Language.QUC].stale is None
    console.desk.changes.drop(console.viewer(luz(console)), flow)
