"""The inbox in a real browser: two who take together, a list that polls and stays still, sizes, keys and what axe finds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete, update

from bot.console.groups_view import query_of
from bot.escalation.escalation import About, Urgency, alias_of
from bot.escalation.grouping import groups
from bot.escalation.viewer import Role
from bot.store.models import Escalation
from bot.store.staff_models import ConsoleSession, User
from tests.console.browsing import LOOKS, NORTE, Account, Console, Visit, axe, screenshot, sticks_out
from tests.console.inbox_scene import CHICAGO, DANGER, HEALTH, busy, families_of, on_duty, waits
from tests.store.at_desk import AtDesk

pytestmark = pytest.mark.slow

LIST = "**/console/inbox/list**"


@pytest.fixture(scope="module")
def town(console: Console) -> AtDesk:
    """All the families of this module: their ids are counted."""
    return families_of(console.desk)


@pytest.fixture
def families(console: Console, town: AtDesk) -> Iterator[AtDesk]:
    """Families who come to the desk of ``NORTE``; after the test nobody waits there any more."""
    yield town
    now = int(console.desk.clock())
    with console.desk.engine.begin() as connection:
        # Long ago, so that the tab of those that are over is empty too.
        connection.execute(update(Escalation).values(closed=now - 30 * 86_400))
        connection.execute(update(User).values(inbox="", on_duty=None, back_at=None))


def account(console: Console, name: str, language: str = "es", *roles: Role) -> Account:
    return console.account(*(roles or (Role.RESPONDER,)), name=name, language=language)


def comes(families: AtDesk, text: str = "necesito un doctor", about: About = HEALTH, **more: object) -> str:
    return families.comes(text, about=about, organization=NORTE, **more)  # type: ignore[arg-type]


def poll(page: Page) -> None:
    """As app.js does every five seconds."""
    with page.expect_response(LIST):
        page.evaluate("window.puente.poll()")


def test_two_people_take_together_and_one_gets_it(console: Console, visit: Visit, families: AtDesk) -> None:
    id = comes(families)
    pages = [visit("/console/inbox", account(console, name)) for name in ("Marta", "Jorge")]
    for page in pages:
        # Both are on their way before either is answered.
        page.evaluate(
            "id => { const b = document.getElementById(id); b.form.action = b.formAction; b.form.submit(); }",
            f"take-{alias_of(id)}",
        )
    for page in pages:
        page.wait_for_url(lambda url: "/console/inbox/" in url or "/console/conversation/" in url)
        page.wait_for_load_state()
    won = [page for page in pages if "/console/conversation/" in page.url]
    assert len(won) == 1
    (lost,) = (page for page in pages if page not in won)
    winner = "Marta" if won[0] is pages[0] else "Jorge"
    expect(lost.locator("main")).to_contain_text(f"{winner} la tomó hace")
    screenshot(lost, "inbox-lost-1280-es")
    lost.get_by_role("button", name=f"Pedirla a {winner}").click()
    expect(lost.get_by_role("status")).to_contain_text("Tu petición quedó como nota")


def test_polling_keeps_focus_and_scroll_while_new_ones_arrive(console: Console, visit: Visit, families: AtDesk) -> None:
    ids = [waits(console.desk, comes(families, f"número {n}"), 60 - n) for n in range(20)]
    page = visit("/console/inbox", account(console, "Marta"))
    named = f"open-{alias_of(ids[15])}"
    page.locator(f"#{named}").focus()
    place = page.locator(f"#{named}").bounding_box()
    assert page.evaluate("scrollY") > 0
    said: list[str] = []
    page.expose_function("heard", lambda text: said.append(text))
    page.evaluate(
        "new MutationObserver(all => all.forEach(c => c.addedNodes.forEach(n => heard(n.textContent))))"
        ".observe(document.getElementById('status'), { childList: true })"
    )
    before = page.locator(".entry").count()
    for number in range(3):
        # The page's own clock: five seconds each.
        if number < 2:
            comes(families, "me siguen", DANGER, urgency=Urgency.URGENT)
        with page.expect_response(LIST, timeout=8_000):
            pass
    page.wait_for_timeout(500)
    assert page.evaluate("document.activeElement.id") == named
    assert page.locator(".entry").count() == before
    bar = page.locator("#inbox-fresh")
    expect(bar).to_have_text("2 conversaciones nuevas – mostrar")
    expect(bar).to_be_in_viewport()
    assert page.locator(f"#{named}").bounding_box() == place, "where it was, to the pixel"
    assert said == ["1 conversación nueva", "2 conversaciones nuevas"], "each said once"
    assert page.title() == "Bandeja – Puente (22)"
    bar.click()
    expect(page.locator(".entry")).to_have_count(22)


def test_a_hidden_tab_sends_no_polls_and_looks_again_when_it_is_back(
    console: Console, visit: Visit, families: AtDesk
) -> None:
    comes(families)
    page = visit("/console/inbox", account(console, "Marta"))
    polls: list[str] = []
    page.on("request", lambda asked: polls.append(asked.url) if "/inbox/list" in asked.url else None)
    hide = (
        "hidden => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });"
        " document.dispatchEvent(new Event('visibilitychange')); }"
    )
    page.evaluate(hide, True)
    page.wait_for_timeout(7_000)
    assert polls == []
    with page.expect_response(LIST, timeout=5_000):
        page.evaluate(hide, False)


def test_a_session_that_ended_says_so_and_keeps_what_was_typed(
    console: Console, visit: Visit, families: AtDesk
) -> None:
    who = account(console, "Marta")
    waits(console.desk, comes(families), 5, claimed_by=who.id, claimed_at=int(console.desk.clock()))
    page = visit("/console/inbox", who)
    page.get_by_label("Buscar por nombre").fill("K7RM")
    with console.desk.engine.begin() as connection:
        connection.execute(delete(ConsoleSession).where(ConsoleSession.user == who.id))
    poll(page)
    expect(page.locator("#banner")).to_contain_text("Tu sesión terminó")
    assert page.get_by_label("Buscar por nombre").input_value() == "K7RM"
    expect(page.get_by_role("link", name="Entrar")).to_be_visible()


def test_a_line_of_a_shift_that_ended_without_a_session_is_there_again(
    console: Console, visit: Visit, families: AtDesk
) -> None:
    who = account(console, "Marta")
    id = waits(console.desk, comes(families), 5, claimed_by=who.id, claimed_at=int(console.desk.clock()))
    page = visit("/console/shift", who)
    page.get_by_label(f"Persona {alias_of(id)}").fill("llama a las tres")
    with console.desk.engine.begin() as connection:
        connection.execute(delete(ConsoleSession).where(ConsoleSession.user == who.id))
    page.get_by_role("button", name="Entregar y terminar mi turno").click()
    expect(page.locator("main")).to_contain_text("llama a las tres")
    page.context.add_cookies([{"name": "console", "value": console.cookie(who), "url": console.address}])
    page.goto(console.address + "/console/shift")
    assert page.get_by_label(f"Persona {alias_of(id)}").input_value() == "llama a las tres"


def test_a_list_that_cannot_be_refreshed_is_kept_greyed_and_comes_back(
    console: Console, visit: Visit, families: AtDesk
) -> None:
    comes(families)
    page = visit("/console/inbox", account(console, "Marta"))
    page.route(LIST, lambda route: route.fulfill(status=503, body="down"))
    poll(page)
    expect(page.locator("#banner")).to_contain_text("No se pudo actualizar")
    expect(page.locator("#inbox-list.stale .entry")).to_have_count(1)
    page.unroute(LIST)
    comes(families)
    poll(page)
    expect(page.locator("#banner")).to_be_empty()
    expect(page.locator("#inbox-list.stale")).to_have_count(0)


def test_keys(console: Console, visit: Visit, families: AtDesk) -> None:
    first, second = (waits(console.desk, comes(families), 9 - n) for n in range(2))
    page = visit("/console/inbox", account(console, "Marta"))
    page.keyboard.press("t")
    page.wait_for_timeout(300)
    assert page.url.endswith("/console/inbox"), "nobody is taken by a key that was pressed by mistake"
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.id") == f"open-{alias_of(second)}"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("?")
    expect(page.locator("#inbox-keys")).to_have_attribute("open", "")
    page.locator(f"#open-{alias_of(second)}").focus()
    page.keyboard.press("t")
    page.wait_for_url("**/console/conversation/*")
    assert families.now(second).claimed_by is not None and families.now(first).claimed_by is None


def test_keys_that_were_turned_off_do_nothing(console: Console, visit: Visit, families: AtDesk) -> None:
    id, who = comes(families), account(console, "Sin Teclas")
    with console.desk.engine.begin() as connection:
        connection.execute(update(User).where(User.id == who.id).values(shortcuts=False))
    page = visit("/console/inbox", who)
    page.locator(f"#open-{alias_of(id)}").focus()
    page.keyboard.press("t")
    page.wait_for_timeout(300)
    assert page.url.endswith("/console/inbox") and page.locator("#inbox-keys").count() == 0


def test_without_javascript_everything_works(console: Console, visit: Visit, families: AtDesk) -> None:
    id = comes(families)
    page = visit("/console/inbox", account(console, "Marta"), javascript=False, width=360)
    page.get_by_role("link", name="Cargar de nuevo").click()
    page.get_by_label("Idioma").select_option("quc")
    page.get_by_role("button", name="Filtrar").click()
    expect(page.locator("main")).to_contain_text("Ninguna con estos filtros")
    page.get_by_role("link", name="Quitar filtros").first.click()
    page.get_by_role("button", name=f"Tomar {alias_of(id)}").click()
    page.wait_for_url("**/console/conversation/*")


def _everything(console: Console, families: AtDesk, ana: Account, bea: Account) -> dict[str, str]:
    """Addresses of all pages of the inbox, with something on each."""
    desk = console.desk
    ids = busy(desk, families, ana.id, bea.id, NORTE)
    on_duty(desk, ana.id)
    desk.looking.note(console.viewer(bea), ids["normal"], False)
    about = About(topic="find_detained", language="es", place=CHICAGO)
    said = ("mi tío Baltazar Xicará no volvió", "buscamos a Baltazar Xicara", "¿a quién llamo?")
    alike = [waits(desk, comes(families, each, about), 3) for each in said]
    found = groups(row.escalated for row in desk.inbox.rows(console.viewer(ana)))
    group = next(query_of(each) for each in found if alike[0] in each.ids)
    return {
        "inbox": "/console/inbox?tab=unclaimed",
        "inbox-mine": "/console/inbox?tab=mine",
        "inbox-filtered": "/console/inbox?tab=unclaimed&language=quc&channel=sms",
        "inbox-resolved": "/console/inbox?tab=resolved",
        "shift": "/console/shift",
        "bad-day": "/console/bad-day",
        "answer-many": f"/console/answer-many?{group}",
    }


@pytest.mark.parametrize(("width", "language"), LOOKS)
def test_axe_finds_nothing_and_nothing_sticks_out(
    console: Console, visit: Visit, families: AtDesk, width: int, language: str
) -> None:
    ana, bea = account(console, "Ana Luz", language), account(console, "Bea")
    pages = _everything(console, families, ana, bea)
    page = visit("/console/inbox", ana, width=width, language=language)
    found: list[str] = []
    for name, path in pages.items():
        page.goto(console.address + path)
        assert page.locator("html").get_attribute("lang") == language
        found += [f"{name}: {each}" for each in axe(page)]
        screenshot(page, f"{name}-{width}-{language}")
        if width == 360:
            page.set_viewport_size({"width": 320, "height": 640})
            found += [f"{name} at 320: {each}" for each in sticks_out(page)]
            page.set_viewport_size({"width": 360, "height": 800})
    found += _answering(page, console, pages["answer-many"], width, language)
    assert found == []


def _answering(page: Page, console: Console, path: str, width: int, language: str) -> list[str]:
    """The pages after the ticks."""
    page.goto(console.address + path)
    page.locator("[name=answer]").first.check()
    for box in page.locator("[name=id]").all():
        box.check()
    with page.expect_navigation():
        page.locator("form[method=post] .actions .primary").click()
    found = [f"check: {each}" for each in (*axe(page), *sticks_out(page))]
    screenshot(page, f"answer-many-check-{width}-{language}")
    with page.expect_navigation():
        page.locator("form[method=post] .actions .primary").click()
    found += [f"done: {each}" for each in (*axe(page), *sticks_out(page))]
    screenshot(page, f"answer-many-done-{width}-{language}")
    return found


@pytest.mark.parametrize("width", [1280, 360])
def test_a_coordinator_sees_the_list_and_the_switch(
    console: Console, visit: Visit, families: AtDesk, width: int
) -> None:
    cora = account(console, "Cora", "es", Role.COORDINATOR)
    busy(console.desk, families, account(console, "Ana Luz").id, account(console, "Bea").id, NORTE)
    page = visit("/console/inbox?tab=unclaimed", cora, width=width)
    assert page.locator(".take, .entry a, .entry q").count() == 0
    found = axe(page)
    screenshot(page, f"inbox-coordinator-{width}-es")
    page.goto(console.address + "/console/bad-day")
    with page.expect_navigation():
        page.get_by_role("link", name="Activar").click()
    found += axe(page) + sticks_out(page)
    screenshot(page, f"bad-day-ask-{width}-es")
    page.get_by_role("button", name="Sí, activarlo").click()
    expect(page.locator("main")).to_contain_text("Activo desde las")
    found += axe(page) + sticks_out(page)
    screenshot(page, f"bad-day-on-{width}-es")
    page.get_by_role("link", name="Ya pasó").click()
    page.get_by_role("button", name="Sí, ya pasó").click()
    expect(page.locator("main")).to_contain_text("Desactivado")
    assert found == []
