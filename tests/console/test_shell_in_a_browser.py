"""The shell as people use it: by keyboard, without JavaScript, on a phone; what is typed survives; the tab that nobody sees is still."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from bot.escalation.viewer import Role
from tests.console.browsing import PASSWORD, Console, Visit, axe, screenshot
from tests.servers import until

pytestmark = pytest.mark.slow


def _log_in(page: Page, email: str, password: str) -> None:
    """Only keys, as somebody without a mouse."""
    for _ in range(12):
        if page.evaluate("document.activeElement.id") == "email":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("javascript", [True, False], ids=["JavaScript on", "JavaScript off"])
def test_logging_in_by_keyboard(console: Console, visit: Visit, javascript: bool) -> None:
    responder = console.account(Role.RESPONDER, name=f"Rita {'con' if javascript else 'sin'}")
    page = visit("/console/account", javascript=javascript, width=360)
    _log_in(page, responder.email, PASSWORD)
    page.wait_for_url("**/second-step")
    if javascript:
        screenshot(page, "second-step-360-es")
    page.get_by_label("Código de la aplicación").fill(responder.code)
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/account")
    assert page.get_by_role("heading", level=1).inner_text() == "Mi cuenta"
    page.get_by_role("button", name="Salir", exact=True).click()
    page.wait_for_url("**/console/login")


def test_what_went_wrong_gets_the_focus_and_the_mail_stays(console: Console, visit: Visit) -> None:
    volunteer = console.account(Role.VOLUNTEER)
    page = visit("/console/login")
    _log_in(page, volunteer.email, "equivocada")
    expect(page.locator("#summary")).to_be_focused()
    assert page.get_by_label("Correo").input_value() == volunteer.email
    assert axe(page) == []
    screenshot(page, "login-wrong-1280-es")


def test_every_control_shows_where_the_focus_is(visit: Visit) -> None:
    page = visit("/console/account", Role.VOLUNTEER)
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        ring = page.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e);
            const which = `${[...document.querySelectorAll("*")].indexOf(e)} ${e.outerHTML.slice(0, 80)}`;
            return [which, s.outlineStyle, parseFloat(s.outlineWidth), s.boxShadow]; }"""
        )
        if page.evaluate("document.activeElement === document.body"):
            continue
        seen.add(ring[0])
        assert ring[1] == "solid" and ring[2] >= 3 and "255, 211, 77" in ring[3], ring
    assert len(seen) > 12


@pytest.mark.parametrize(
    ("role", "places"),
    [
        (Role.VOLUNTEER, ["Qué sigue", "Respuestas", "Frases", "Directorio", "Mi cuenta"]),
        (Role.PUBLISHER, ["Qué sigue", "Respuestas", "Frases", "Directorio", "Mi cuenta"]),
        (Role.RESPONDER, ["Bandeja", "Frases", "Mi cuenta"]),
        (Role.COORDINATOR, ["Bandeja", "Directorio", "Panel", "Avisos", "Mi cuenta"]),
        (Role.ADMIN, ["Panel", "Ajustes", "Mi cuenta"]),
    ],
)
def test_only_what_the_role_may_use_is_drawn_and_on_a_phone_below(visit: Visit, role: Role, places: list[str]) -> None:
    page = visit("/console/account", role, width=360)
    assert [each.strip() for each in page.locator(".main-nav a").all_inner_texts()] == places
    box = page.locator(".main-nav").bounding_box()
    assert box is not None and box["y"] + box["height"] == 800, "a bar at the bottom"
    for each in page.locator(".main-nav a, button:not(.unseen)").all():
        size = each.bounding_box()
        assert size is not None and size["height"] >= 44


def test_the_other_language_keeps_the_page_and_what_was_typed(console: Console, visit: Visit) -> None:
    admin = console.account(Role.ADMIN, organization=None, name="Berta")
    page = visit("/console/people/invite", admin)
    page.get_by_label("Nombre, como lo ven").fill("Lucía Tzoc")
    page.get_by_role("button", name="English").click()
    page.wait_for_selector("html[lang=en]")
    assert page.url.endswith("/console/people/invite")
    assert page.get_by_label("Name, as colleagues see it").input_value() == "Lucía Tzoc"


def test_a_session_that_ended_says_so_and_keeps_the_text(console: Console, visit: Visit) -> None:
    admin = console.account(Role.ADMIN, organization=None, name="Carla")
    page = visit("/console/templates/new", admin)
    page.get_by_label("Sus palabras").fill("Hola, {{1}}. Le buscamos.")
    console.desk.sessions.end_all(console.person(admin.id))
    page.evaluate("htmx.ajax('GET', '/console/settings', {target: '#status'})")
    expect(page.locator("#banner")).to_contain_text("Tu sesión terminó")
    assert page.get_by_label("Sus palabras").input_value() == "Hola, {{1}}. Le buscamos."
    screenshot(page, "session-ended-1280-es")
    page.locator("#banner a").click()
    page.wait_for_url("**/login?next=*")
    _log_in(page, admin.email, PASSWORD)
    page.wait_for_url("**/second-step")
    page.get_by_label("Código de la aplicación").fill(admin.code)
    page.keyboard.press("Enter")
    page.wait_for_url("**/templates/new")
    assert page.get_by_label("Sus palabras").input_value() == "Hola, {{1}}. Le buscamos."


def test_leaving_with_unsent_text_is_asked_about(console: Console, visit: Visit) -> None:
    page = visit("/console/templates/new", console.account(Role.ADMIN, organization=None, name="Dora"))
    page.get_by_label("Sus palabras").press_sequentially("Hola")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.reload()
    assert asked == ["beforeunload"]
    assert page.get_by_label("Sus palabras").input_value() == "Hola", "and is there again"


def _hide(page: Page, hidden: bool) -> None:
    page.evaluate(
        """hidden => { Object.defineProperty(document, "hidden", {configurable: true, get: () => hidden});
        document.dispatchEvent(new Event("visibilitychange")); }""",
        hidden,
    )


def test_a_tab_that_nobody_sees_asks_for_nothing(visit: Visit) -> None:
    page = visit("/console/account", Role.VOLUNTEER)
    page.evaluate("() => { window.polls = 0; document.body.addEventListener('poll', () => window.polls++); }")
    until(lambda: page.evaluate("window.polls") >= 1, "a poll")
    _hide(page, True)
    before = page.evaluate("window.polls")
    page.wait_for_timeout(7_000)
    assert page.evaluate("window.polls") == before
    _hide(page, False)
    assert page.evaluate("window.polls") == before + 1, "at once when it is seen again"


def test_trouble_is_said_once_and_goes_away(console: Console, visit: Visit) -> None:
    page = visit("/console/account", Role.VOLUNTEER)
    page.evaluate(
        """() => { document.body.insertAdjacentHTML("beforeend",
        '<div id="polled" data-polled hx-get="/console/account" hx-trigger="poll from:body" hx-select="h1"></div>');
        htmx.process(document.getElementById("polled")); }"""
    )
    page.route("**/console/account", lambda route: route.fulfill(status=503, body="down"))
    page.evaluate("puente.poll()")
    expect(page.locator("#banner")).to_contain_text("No se pudo actualizar")
    expect(page.locator("#polled")).to_have_class("stale")
    page.unroute("**/console/account")
    page.evaluate("puente.poll()")
    expect(page.locator("#banner")).to_be_empty()
    assert page.locator("#polled h1").inner_text() == "Mi cuenta"


def test_an_act_that_takes_long_says_so(visit: Visit) -> None:
    page = visit("/console/account", Role.VOLUNTEER, width=360)
    held: list[Route] = []
    page.route("**/console/account", lambda route: held.append(route) if route.request.method == "POST" else route.continue_())
    # A page that is on its way elsewhere cannot be asked: it tells by itself what stands in it now.
    seen: list[str] = []
    page.expose_function("seen", lambda text: seen.append(text))
    page.evaluate(
        """() => new MutationObserver(() => window.seen(document.querySelector("form:has(#name)").innerText))
        .observe(document.querySelector("form:has(#name)"), {childList: true, subtree: true})"""
    )
    page.locator("#name").fill("Ana Tzoc")
    page.locator("form:has(#name) button").click(no_wait_after=True)

    def told() -> bool:
        page.wait_for_timeout(50)
        return bool(seen)

    until(told, "a word that it takes a while")
    assert "Un momento" in seen[0]
    held[0].continue_()
    page.wait_for_load_state()
    expect(page.get_by_text("Un momento")).to_have_count(0)
    expect(page.locator("#name")).to_have_value("Ana Tzoc")


def test_the_second_step_and_its_codes_look_as_they_should(console: Console, visit: Visit) -> None:
    for width, language in ((1280, "es"), (360, "en")):
        page = visit("/console/", console.account(Role.RESPONDER, second=False, language=language), width=width)
        page.wait_for_url("**/set-up")
        assert axe(page) == []
        screenshot(page, f"set-up-{width}-{language}")
        from passlib.totp import TOTP

        letters = page.locator(".secret").inner_text().replace(" ", "")
        page.locator("#code").fill(TOTP(letters).generate().token)
        page.keyboard.press("Enter")
        page.wait_for_selector(".codes")
        assert page.locator(".codes li").count() == 10 and axe(page) == []
        screenshot(page, f"recovery-codes-{width}-{language}")
        # Whoever loads the page again sees that it worked, and that another one is not needed.
        page.goto(console.address + "/console/set-up")
        told = {"es": "Ya tienes un segundo paso", "en": "You have a second step already"}[language]
        assert told in page.locator("main").inner_text() and axe(page) == []


def test_an_invitation_looks_as_it_should(console: Console, visit: Visit) -> None:
    viewer = console.viewer(console.account(Role.ADMIN, organization=None, name="Elena"))
    for width, language in ((1280, "es"), (360, "en")):
        email = f"invited.{width}@example.org"
        word = console.desk.invitations.invite(viewer, email, "Luz", "norte", frozenset({Role.VOLUNTEER}))
        page = visit(f"/console/invitation/{word}", width=width, language=language)
        assert axe(page) == []
        screenshot(page, f"invitation-good-{width}-{language}")
        page.locator("#password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/console/tasks")
