"""The page of a conversation in a real browser: both languages, a desk and a small phone, axe, polling, drafts, and without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete, update

from bot.escalation.escalation import About, Author, Cause, Urgency
from bot.escalation.window import WINDOW
from bot.message import Channel
from bot.store.models import Escalation, OutboxRow
from bot.store.staff_models import ConsoleSession
from tests.console.browsing import LOOKS, Account, Console, Visit, axe, screenshot, sticks_out
from tests.console.desk_scene import Scene, open_scene
from tests.store.at_desk import ANA, BEA

pytestmark = pytest.mark.slow

CHICAGO = "US;60629;Chicago;IL;41.78;-87.71;zip"
ACCOUNT = Account(ANA.user, "1@example.org", ANA.name)


@pytest.fixture(scope="module")
def scene(console: Console) -> Scene:
    return open_scene(console.app)


@pytest.fixture(scope="module")
def families(scene: Scene) -> dict[str, str]:
    """Conversations by what they are."""
    comes, writes = scene.families.comes, scene.families.writes
    legal = About(topic="services_legal", language="es", place=CHICAGO)
    sms = comes("Buenas, necesito un abogado para mi esposo", about=legal)
    writes(sms, "Cerca de Chicago, IL:\n- Centro Romero, 773-508-5300(?), 10 mi", author=Author.BOT)
    writes(
        sms, "Me llamo Ana López. Quiero hablar con una persona", language="es", topic="human", sure=0.9, answer="human"
    )
    writes(sms, "", media=1)
    talk = scene.desk.talk
    talk.reply(ANA, sms, "Buenas tardes. Soy Ana, de Casa Ixim. ¿Cuándo se llevaron a su esposo?", None)
    talk.note(ANA, sms, "Su hermana habla inglés.")
    with scene.desk.engine.begin() as connection:
        connection.execute(update(OutboxRow).values(state="undelivered", error=30003))
    talk.reply(ANA, sms, "¿Está usted en un lugar seguro?", None)
    child = About(
        topic="child_alone",
        language="quc",
        place=CHICAGO,
        cause=Cause.CHILD_ALONE,
        minor=True,
        needs="quc",
        variety="Cantel",
    )
    kiche = comes("Are ri wal man k'o ta pa ja", about=child, urgency=Urgency.URGENT, channel=Channel.WHATSAPP)
    writes(
        kiche,
        "Llame a un adulto de confianza ahora.\nK'iche': kach'aw ruk' jun nim winaq rech ri awachoch",
        author=Author.BOT,
    )
    late = comes("Utz, maltyox", about=About(topic="services_legal", language="quc"), channel=Channel.WHATSAPP)
    with scene.desk.engine.begin() as connection:
        at = int(scene.desk.clock()) - WINDOW - 60
        connection.execute(update(Escalation).where(Escalation.id == late).values(last_inbound=at))
    scene.template("HXhello", "Buenas tardes, {{1}}. ¿Todavía necesita ayuda?")
    taken = comes("Hello", about=About(topic="services_health", language="en"))
    scene.desk.work.take(BEA, taken)
    over = comes("me quiero morir", about=About(topic="self_harm", language="es", cause=Cause.DANGER))
    scene.desk.work.resolve(ANA, over, "informed")  # type: ignore[arg-type]
    return {"sms": sms, "kiche": kiche, "late": late, "taken": taken, "over": over}


def _opened(visit: Visit, scene: Scene, id: str, more: str = "", language: str = "es", **how: object) -> Page:
    scene.word(ANA, language)
    page = visit(f"/console/conversation/{id}{more}", ACCOUNT, language=language, **how)
    page.on("dialog", lambda dialog: dialog.accept())
    return page


def _good(page: Page, name: str) -> None:
    assert page.locator("h1").count() == 1
    assert axe(page) == []
    assert sticks_out(page) == []
    screenshot(page, name)


PAGES = ["sms", "kiche", "late", "taken", "over"]


@pytest.mark.parametrize(("width", "language"), LOOKS)
def test_every_state_of_the_page(
    visit: Visit, scene: Scene, families: dict[str, str], width: int, language: str
) -> None:
    page = _opened(visit, scene, families["sms"], language=language, width=width)
    for name in PAGES:
        page.goto(re.sub(r"/conversation/.*", f"/conversation/{families[name]}", page.url))
        assert page.locator("html").get_attribute("lang") == language
        _good(page, f"conversation-{name}-{width}-{language}")


@pytest.mark.parametrize(("width", "language"), LOOKS)
def test_the_pages_below(visit: Visit, scene: Scene, families: dict[str, str], width: int, language: str) -> None:
    page = _opened(visit, scene, families["sms"], language=language, width=width)
    for each in page.locator(".panel summary, .composer summary").all():
        each.click()
    page.locator("#near button").first.click()
    page.locator("#near .found li").first.wait_for()
    _good(page, f"conversation-open-{width}-{language}")
    page.locator(".understood summary").last.click()
    page.locator(".understood a").last.click()
    page.locator("#scrubbed").wait_for()
    _good(page, f"conversation-wrong-{width}-{language}")
    base = page.url.split("/console/")[0]
    page.goto(f"{base}/console/conversation/{families['sms']}/resolve")
    _good(page, f"conversation-resolve-{width}-{language}")
    page.goto(f"{base}/console/conversation/{families['over']}/after")
    _good(page, f"conversation-after-{width}-{language}")
    page.goto(f"{base}/console/conversation/{families['sms']}")
    page.locator("#reason").evaluate("e => { e.closest('details').open = true }")
    page.locator("#reason").select_option("to_call")
    page.locator("#reason").evaluate("e => e.form.requestSubmit()")
    page.locator(".number").wait_for()
    _good(page, f"conversation-number-{width}-{language}")


@pytest.mark.parametrize("name", PAGES)
def test_nothing_sticks_out_at_320(visit: Visit, scene: Scene, families: dict[str, str], name: str) -> None:
    assert sticks_out(_opened(visit, scene, families[name], width=320)) == []


def test_without_javascript_a_reply_is_counted_filled_and_sent(visit: Visit, scene: Scene) -> None:
    id = scene.families.comes("Hola", about=About(language="es", place=CHICAGO))
    page = _opened(visit, scene, id, javascript=False, width=360)
    page.locator("#text").fill("Buenas tardes 😀")
    page.get_by_role("button", name="Contar las partes").click()
    assert "1 SMS" in page.locator("#parts").inner_text()
    page.locator("#answers summary").click()
    page.locator("#wanted").fill("falso abogado")
    page.locator("#wanted").press("Enter")
    assert page.locator("#text").input_value() == "Buenas tardes 😀", "the Enter key looks up, and never sends"
    page.get_by_role("button", name="Ponerla en mi mensaje Notario o falso abogado", exact=True).click()
    assert page.locator("#text").input_value().startswith("Buenas tardes 😀\nEn EE.UU. un notario")
    page.get_by_role("button", name="Enviar a la persona").click()
    assert "En cola" in page.locator(".bubble.staff").inner_text()
    assert page.locator("#text").input_value() == "" and len(scene.outbox(id)) == 1


def test_the_count_follows_the_typing_and_names_the_letter(visit: Visit, scene: Scene) -> None:
    page = _opened(visit, scene, scene.families.comes("Hola", about=About(language="es")))
    page.locator("#text").press_sequentially("a" * 20)
    page.locator("#text").fill("a" * 150)
    expect(page.locator("#parts")).to_contain_text("1 SMS")
    page.keyboard.type("😀")
    expect(page.locator("#parts")).to_contain_text("3 SMS")
    expect(page.locator("#parts .costly")).to_contain_text("😀")
    assert page.evaluate("document.activeElement.id") == "text"
    assert page.evaluate("document.activeElement.selectionStart") == 152


def test_a_poll_keeps_focus_scroll_and_what_is_open_and_announces_once(
    visit: Visit, scene: Scene, families: dict[str, str]
) -> None:
    page = _opened(visit, scene, families["sms"])
    page.locator(".understood summary").first.click()
    page.locator("#text").fill("Buenas")
    page.locator("#text").evaluate("e => { e.focus(); e.setSelectionRange(2, 2); }")
    height = page.evaluate("scrollY")
    scene.families.writes(families["sms"], "¿Sigue ahí?")
    page.evaluate("puente.poll()")
    expect(page.locator(".bubble.person").last).to_contain_text("¿Sigue ahí?")
    assert page.evaluate("[document.activeElement.id, document.activeElement.selectionStart, scrollY]") == [
        "text",
        2,
        height,
    ]
    assert page.locator(".understood").first.get_attribute("open") is not None
    assert page.locator("#text").input_value() == "Buenas"
    expect(page.locator("#status .unseen")).to_have_text("Un mensaje nuevo de la persona.")
    page.evaluate("document.querySelector('#status .unseen').textContent = 'heard'")
    page.evaluate("puente.poll()")
    page.wait_for_timeout(500)
    assert page.locator("#status .unseen").inner_text() == "heard", "not twice"
    expect(page.locator("#composer-news")).to_contain_text("Llegó un mensaje nuevo mientras escribías")
    page.get_by_role("button", name="Enviar a la persona").click()
    expect(page.locator("#composer-news")).to_contain_text("Léelo y después envía")
    assert page.locator("#text").input_value() == "Buenas"


def test_a_focused_button_of_the_thread_keeps_its_focus(visit: Visit, scene: Scene, families: dict[str, str]) -> None:
    page = _opened(visit, scene, families["sms"])
    retry = page.locator("[id^=retry-]").first
    retry.focus()
    scene.families.writes(families["sms"], "Otra cosa")
    page.evaluate("puente.poll()")
    expect(page.locator(".bubble.person").last).to_contain_text("Otra cosa")
    assert str(page.evaluate("document.activeElement.id")).startswith("retry-")


def test_a_draft_is_kept_for_each_conversation_until_it_is_sent(visit: Visit, scene: Scene) -> None:
    one, other = (scene.families.comes("Hola", about=About(language="es")) for _ in range(2))
    page = _opened(visit, scene, one)
    page.locator("#text").fill("Buenas tardes, le escribe Ana")
    page.goto(page.url.replace(one, other))
    assert page.locator("#text").input_value() == ""
    page.goto(page.url.replace(other, one))
    assert page.locator("#text").input_value() == "Buenas tardes, le escribe Ana"
    page.get_by_role("button", name="Enviar a la persona").click()
    expect(page.locator(".bubble.staff")).to_contain_text("le escribe Ana")
    page.reload()
    assert page.locator("#text").input_value() == ""


def test_what_was_put_in_is_kept_too(visit: Visit, scene: Scene) -> None:
    id = scene.families.comes("Hola", about=About(language="es"))
    page = _opened(visit, scene, id)
    page.locator("#text").fill("Buenas.")
    page.locator("#answers summary").click()
    page.locator("#wanted").fill("falso abogado")
    page.locator("#answers .look button").click()
    page.locator("#answers .found button").first.click()
    expect(page.locator("#text")).to_have_value(re.compile("Buenas.\nEn EE.UU."))
    page.goto(page.url.split("/compose")[0])
    expect(page.locator("#text")).to_have_value(re.compile("Buenas.\nEn EE.UU."))


def test_a_session_that_ended_keeps_the_text(visit: Visit, scene: Scene, console: Console) -> None:
    id = scene.families.comes("Hola", about=About(language="es"))
    page = _opened(visit, scene, id)
    page.locator("#text").fill("Esto no se pierde")
    with scene.desk.engine.begin() as connection:
        connection.execute(delete(ConsoleSession).where(ConsoleSession.user == ANA.user))
    page.evaluate("puente.poll()")
    expect(page.locator("#banner")).to_contain_text("Tu sesión terminó")
    assert page.locator("#text").input_value() == "Esto no se pierde"
    page.context.add_cookies([{"name": "console", "value": scene.word(ANA), "url": console.address}])
    page.goto(f"{console.address}/console/conversation/{id}")
    assert page.locator("#text").input_value() == "Esto no se pierde"
