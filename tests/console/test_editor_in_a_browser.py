"""The list of answers and the editor in a real browser: items 11 to 20 of the checklist of the pages, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from bot.escalation.viewer import Role
from bot.language import Language
from tests.console.browsing import LOOKS, Account, Console, Visit, axe, screenshot, sticks_out
from tests.console.editing import FLOW, SAY, editor

pytestmark = pytest.mark.slow

MOVED = "address_change"
"""An answer that leans on facts with figures."""
AT = f"/console/answers/{FLOW}"
FIELD = SAY.replace(".", "-")
ES, EN, QUC = Language.ES, Language.EN, Language.QUC


@pytest.fixture
def luis(console: Console) -> Iterator[Account]:
    """A volunteer; what he changes is thrown away after the test."""
    yield console.account(Role.VOLUNTEER, name="Luis")
    _clean(console)


@pytest.fixture
def sara(console: Console) -> Account:
    return console.account(Role.VOLUNTEER, name="Sara")


def _clean(console: Console) -> None:
    changes = console.desk.changes
    publisher = console.viewer(console.account(Role.PUBLISHER, name="Marta"))
    for opened in changes.all():
        changes.drop(publisher, opened.flow)
    for name in ("Luis", "Sara"):
        account = console.account(Role.VOLUNTEER, name=name)
        console.desk.people.change_language(account.id, "es")
        for flow in (FLOW, MOVED):
            for key, language in changes.autosaved(console.viewer(account), flow):
                changes.forget_typed(console.viewer(account), key, language)


def field(page: Page, language: str, key: str = FIELD) -> Locator:
    """The field of a text."""
    return page.locator(f"#text-{language}-{key}")


def _type(page: Page, language: str, text: str, key: str = FIELD) -> None:
    """Types at the end of a text, as fingers do."""
    there = field(page, language, key)
    there.focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(text)


def _cost(page: Page, language: str = "es") -> Locator:
    return page.locator(f"#cost-first-{language}")


def _leave(page: Page) -> None:
    """Goes away without being asked whether she means it, once nothing is under way any more."""
    page.wait_for_load_state("networkidle")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("about:blank")


def test_the_other_language_of_the_page_keeps_filters_and_what_was_typed(visit: Visit, luis: Account) -> None:
    """Item 11."""
    page = visit("/console/answers?q=abogado&topic=services", luis)
    page.locator(".languages [value=en]").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#q")).to_have_value("abogado")
    expect(page.locator("#topic")).to_have_value("services")
    page.goto(page.url.split("/console")[0] + AT)
    _type(page, "es", " Una frase más.")
    page.locator(".languages [value=es]").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page).to_have_url(page.url.split("/console")[0] + AT)
    assert field(page, "es").input_value().endswith(" Una frase más.")
    _leave(page)


def test_three_languages_at_once_on_a_desk_and_one_on_a_phone(visit: Visit, luis: Account) -> None:
    """Item 12: es, en, quc, in the order of the page's source."""
    desk = visit(AT, luis, width=768)
    order = desk.locator("#step-first .row").first.locator(".cell")
    assert [cell.get_attribute("data-language") for cell in order.all()] == ["es", "en", "quc"]
    boxes = [field(desk, each).bounding_box() for each in ("es", "en", "quc")]
    assert all(boxes) and boxes[0]["x"] < boxes[1]["x"] < boxes[2]["x"]  # type: ignore[index]
    assert not desk.locator(".tongues").is_visible()
    phone = visit(AT, luis, width=360)
    for chosen in ("es", "en", "quc"):
        phone.locator(f".tongues [value={chosen}]").check()
        assert [each for each in ("es", "en", "quc") if field(phone, each).is_visible()] == [chosen]
        assert phone.locator(f"#step-first .cell[data-language={chosen}] .base").first.is_visible() is (chosen != "es")
    base = phone.locator("#step-first .cell[data-language=quc] .base").first
    base.locator("summary").click()
    expect(base.locator("p")).to_have_text(field(phone, "es").input_value())


@pytest.mark.parametrize("width", [1280, 360])
def test_typing_changes_counter_and_phone_and_keeps_the_caret(visit: Visit, luis: Account, width: int) -> None:
    """Item 13."""
    page = visit(AT, luis, width=width)
    before = _cost(page).inner_text()
    there = field(page, "es")
    there.focus()
    page.keyboard.press("Control+Home")
    page.keyboard.type("Primero respire. ")
    expect(page.locator("#phone-first .arrives")).to_contain_text("Primero respire. Hable")
    assert _cost(page).inner_text() != before
    assert page.evaluate("document.activeElement.id") == f"text-es-{FIELD}"
    page.keyboard.type("Y siga.")
    assert there.input_value().startswith("Primero respire. Y siga."), "the caret is where it was"
    _leave(page)


def test_letters_that_cost_are_named_and_accents_are_free(visit: Visit, luis: Account) -> None:
    """Item 14, as the renderer really sends: á goes out as a and costs nothing; an emoji makes one part three."""
    page = visit(f"{AT}?step=agency", luis)
    key = f"{FLOW}-agency-say"
    cost, there = page.locator("#cost-agency-es"), field(page, "es", key)
    there.fill("a" * 110)
    expect(cost).to_contain_text("sale como 1 SMS")
    _type(page, "es", " á", key)
    expect(cost).to_contain_text("llegan como a, i, o, u")
    expect(cost).to_contain_text("sale como 1 SMS")
    assert cost.locator(".letter").count() == 0
    _type(page, "es", "😀", key)
    expect(cost).to_contain_text("sale como 3 SMS")
    assert cost.locator(".letter").all_inner_texts() == ["😀"]
    _leave(page)


def test_the_saltillo_is_sent_as_an_apostrophe(visit: Visit, luis: Account) -> None:
    """Item 15; fifty texts and more are in test_editor_preview."""
    page = visit(AT, luis)
    page.locator("#look-first-quc").click()
    expect(page.locator("#look-first-quc")).to_have_attribute("aria-pressed", "true")
    field(page, "quc").fill("Maꞌ kajaq ta la ri uchiʼ ja.")
    expect(page.locator("#phone-first .arrives")).to_contain_text("Ma' kajaq ta la ri uchi' ja.")
    _leave(page)


def test_the_phone_changes_language_and_channel_and_says_which(visit: Visit, luis: Account) -> None:
    """Item 16, by keyboard: the focus stays on what was pressed."""
    page = visit(AT, luis)
    field(page, "es").fill("Aquí *no firme*. Vea locator.ice.gov hoy.")
    for name, language in (("English", "en"), ("K'iche'", "quc"), ("Español", "es")):
        page.locator(f"#look-first-{language}").focus()
        page.keyboard.press("Enter")
        expect(page.locator(f"#look-first-{language}")).to_have_attribute("aria-pressed", "true")
        assert page.locator("#phone-first [aria-pressed=true]").all_inner_texts() == [name, "SMS"]
        assert page.evaluate("document.activeElement.id") == f"look-first-{language}"
        expect(page.locator("#phone-first .arrives").first).to_have_attribute("lang", language)
    page.locator("#look-first-whatsapp").press("Enter")
    expect(page.locator("#look-first-whatsapp")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#phone-first .arrives strong")).to_have_text("no firme")
    expect(page.locator("#phone-first .arrives .link")).to_have_text("locator.ice.gov")
    expect(page.locator("#phone-first .arrives")).to_contain_text("Aquí")
    _leave(page)


def test_a_field_that_is_taken_out_of_one_language_is_told_there(visit: Visit, luis: Account) -> None:
    """Item 17, and a field is put where the caret is."""
    page = visit(AT, luis)
    there = field(page, "es")
    there.fill("Llame a  hoy.")
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    page.locator("#insert-first").select_option(value="$owner")
    page.locator("[data-inserts=insert-first]").click()
    assert there.input_value() == "Llame a $owner hoy." or there.input_value() == "Llame a$owner  hoy."
    expect(page.locator(f"#checks-es-{FIELD}")).to_contain_text("$owner")
    _type(page, "en", " $owner")
    expect(page.locator(f"#checks-en-{FIELD}")).to_contain_text("$owner")
    described = field(page, "es").get_attribute("aria-describedby") or ""
    assert f"checks-es-{FIELD}" in described.split()
    _leave(page)


@pytest.mark.parametrize("width", [1280, 360])
def test_a_field_is_found_by_its_words(visit: Visit, luis: Account, width: int) -> None:
    """However many there are: the list is asked of the server while she types. Enter there saves nothing."""
    page = visit(AT, luis, width=width)
    there = field(page, "es")
    there.fill("Llame a ")
    finds = page.locator("#find-first")
    finds.fill("zzzz")
    expect(page.locator("#insert-first")).to_contain_text("Nada lleva esas palabras")
    page.locator("[data-inserts=insert-first]").click()
    assert there.input_value() == "Llame a ", "what is not there is not inserted"
    finds.fill("servicio lleva")
    expect(page.locator("#insert-first")).to_contain_text("($owner)")
    assert page.locator("#insert-first option").count() == 1
    finds.press("Enter")
    assert page.url.endswith(AT)
    page.locator("[data-inserts=insert-first]").click()
    assert there.input_value() == "Llame a $owner"
    assert sticks_out(page) == []
    screenshot(page, f"editor-find-{width}")
    _leave(page)


def test_a_field_is_found_without_a_script(visit: Visit, luis: Account) -> None:
    page = visit(AT, luis, javascript=False, width=360)
    page.locator(".step[open] .no-script summary").first.click()
    address = page.get_by_role("link", name="Buscar uno").first.get_attribute("href")
    page = visit(address or "", luis, javascript=False, width=360)
    page.get_by_label("Busca un nombre").fill("SERVICIO")
    page.get_by_role("button", name="Buscar").click()
    assert "$owner" in page.locator("main").inner_text() and "$place" not in page.locator("main").inner_text()
    assert sticks_out(page) == []
    page = visit(f"{AT}/fields", luis, width=360)
    assert axe(page) == [] and sticks_out(page) == []


@pytest.mark.parametrize("width", [1280, 360])
def test_a_name_and_a_number_that_were_typed_become_fields_by_a_press(visit: Visit, luis: Account, width: int) -> None:
    page = visit(AT, luis, width=width)
    there, checks = field(page, "es"), page.locator(f"#checks-es-{FIELD}")
    there.fill("Llame a Centro Romero al (773) 508-5300.")
    checks.get_by_role("button", name="Poner $org_centro_romero_7fd56443 en su lugar").click()
    expect(there).to_have_value("Llame a $org_centro_romero_7fd56443 al (773) 508-5300.")
    expect(checks).not_to_contain_text("El nombre")
    screenshot(page, f"editor-typed-{width}")
    assert axe(page) == [] and sticks_out(page) == []
    checks.get_by_role("button", name="Poner $tel_centro_romero_7fd56443 en su lugar").click()
    expect(there).to_have_value("Llame a $org_centro_romero_7fd56443 al $tel_centro_romero_7fd56443.")
    expect(page.locator("#phone-first")).to_contain_text("Llame a Centro Romero al 773-508-5300.")
    _leave(page)


@pytest.mark.parametrize("width", [1280, 360])
def test_a_figure_that_was_typed_becomes_its_field_by_a_press_and_no_other_number(
    visit: Visit, luis: Account, width: int
) -> None:
    page, key = visit(f"/console/answers/{MOVED}?step=court", luis, width=width), f"{MOVED}-court-say"
    there, checks = field(page, "es", key), page.locator(f"#checks-es-{key}")
    there.fill("No en 110 días, en 10 días. A la corte en $court_address_days días hábiles.")
    checks.get_by_role("button", name="Poner $uscis_address_days días en su lugar").click()
    expect(there).to_have_value(
        "No en 110 días, en $uscis_address_days días. A la corte en $court_address_days días hábiles."
    )
    expect(checks).not_to_contain_text("está escrito a mano")
    shown = page.locator("#phone-court")
    expect(shown).to_contain_text("No en 110 dias, en 10 dias. A la corte en 5 dias habiles.")
    assert axe(page) == [] and sticks_out(page) == []
    _leave(page)


@pytest.mark.parametrize("width", [1280, 360])
def test_by_keyboard_a_changed_meaning_is_saved_and_the_others_ask_to_be_looked_at(
    visit: Visit, luis: Account, width: int
) -> None:
    """Item 18, without a mouse."""
    page = visit(AT, luis, width=width)
    question = page.locator(f"#meaning-es-{FIELD}")
    assert not question.is_visible()
    _type(page, "es", " No abra.")
    expect(question).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert question.locator("[value=yes]").is_checked()
    page.locator("#step-first button.primary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_contain_text("Guardado")
    expect(page.locator("#step-first .saved")).to_contain_text("Guardado")
    assert page.locator(f"#state-en-{FIELD}").text_content() == "Revisar: el español cambió"
    assert page.locator(f"#state-quc-{FIELD}").text_content() == "Revisar: el español cambió"
    if width == 360:
        page.locator(".tongues [value=en]").check()
    page.locator("#step-first .cell[data-language=en] .still input").first.check()
    page.locator("#step-first button.primary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_contain_text("Guardado")
    assert page.locator(f"#state-en-{FIELD}").text_content() == "Sin revisar"
    assert page.locator(f"#state-quc-{FIELD}").text_content() == "Revisar: el español cambió"


def test_two_people_in_two_languages_and_then_in_the_same_text(
    visit: Visit, luis: Account, sara: Account, console: Console
) -> None:
    """Item 19."""
    of_luis, of_sara = visit(AT, luis), visit(AT, sara)
    field(of_luis, "es").fill("De Luis: no abra la puerta.")
    _press_no(of_luis, "es")
    field(of_sara, "en").fill("From Sara: keep it closed.")
    _press_no(of_sara, "en")
    assert field(of_sara, "es").input_value() == "De Luis: no abra la puerta."
    field(of_luis, "es").fill("De Luis otra vez.")
    field(of_sara, "es").fill("De Sara: no abra a nadie.")
    _press_no(of_luis, "es")
    of_sara.locator(f"#meaning-es-{FIELD} [value=no]").check()
    of_sara.locator("#step-first button.primary").click()
    expect(of_sara.locator("h1")).to_have_text("Dos personas escribieron el mismo texto")
    expect(of_sara.locator(".clashes")).to_contain_text("De Luis otra vez.")
    expect(of_sara.locator(".clashes")).to_contain_text("De Sara: no abra a nadie.")
    assert axe(of_sara) == [] and sticks_out(of_sara) == []
    screenshot(of_sara, "editor-clash")
    of_sara.get_by_role("button", name="Usar el mío").click()
    expect(field(of_sara, "es")).to_have_value("De Sara: no abra a nadie.")
    assert editor(console, luis).text(SAY, EN) == "From Sara: keep it closed."


def _press_no(page: Page, language: str) -> None:
    page.locator(f"#meaning-{language}-{FIELD} [value=no]").check()
    page.locator("#step-first button.primary").click()
    expect(page.locator("#status")).to_contain_text("Guardado")


def test_leaving_with_unsaved_text_warns_and_a_crash_loses_nothing(
    visit: Visit, luis: Account, console: Console
) -> None:
    """Item 20."""
    page = visit(AT, luis)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(console.address + "/console/answers")
    assert asked == [], "nothing was typed"
    page.goto(console.address + AT)
    _type(page, "es", " A medias")
    expect(page.locator("#step-first .saved")).to_have_text("No guardado")
    expect(page.locator("#step-first .saved")).to_contain_text("Anotado a las", timeout=10_000)
    page.close(run_before_unload=True)
    page.wait_for_event("close")
    assert asked == ["beforeunload"]
    again = visit(AT, luis)
    assert not field(again, "es").input_value().endswith(" A medias"), "another browser has nothing in its own memory"
    again.get_by_role("link", name="Ponerlo en los campos").click()
    expect(field(again, "es")).to_have_value(field(again, "es").input_value())
    assert field(again, "es").input_value().endswith(" A medias")
    assert again.locator(f"#meaning-es-{FIELD}").is_visible()
    _press_no(again, "es")
    assert again.locator(".kept").count() == 0


def test_without_a_script_everything_but_the_live_preview_works(visit: Visit, luis: Account) -> None:
    page = visit(AT, luis, javascript=False)
    field(page, "es").fill("Sin guion, *no firme*.")
    page.locator("#step-first .actions .no-script").click()
    assert "Sin guion, *no firme*." in page.locator("#phone-first .arrives").inner_text()
    page.locator("#look-first-whatsapp").click()
    assert page.locator("#phone-first .arrives strong").inner_text() == "no firme"
    assert field(page, "es").input_value() == "Sin guion, *no firme*."
    assert page.locator("#step-first code", has_text="$owner").count() == 1
    page.locator("#step-first button.primary").click()
    assert "Di también si cambió" in page.locator("#status").inner_text()
    page.locator(f"#meaning-es-{FIELD} [value=no]").check()
    page.locator("#step-first button.primary").click()
    page.locator("#note").fill("Más corto")
    page.get_by_role("button", name="Enviar a revisión").click()
    assert "Enviado" in page.locator("#status").inner_text()


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize(
    "path",
    [
        "/console/answers",
        "/console/answers?tab=mine",
        "/console/answers?q=nowhere-at-all",
        "/console/answers/new",
        "/console/answers/new?like=home_visit",
        f"{AT}/archive",
        "/console/answers/thank/archive",
        AT,
        f"{AT}?step=-",
        "/console/answers/services_legal?step=show",
        "/console/answers/notices",
    ],
)
def test_pages_are_sound(console: Console, visit: Visit, path: str, language: str) -> None:
    marta = console.account(Role.PUBLISHER, name="Marta")
    console.desk.people.change_language(marta.id, language)
    for width in (width for width, spoken in LOOKS if spoken == language):
        page = visit(path, marta, width=width, language=language)
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator("h1").count() == 1
        assert axe(page) == []
        assert sticks_out(page) == []
        strays = page.evaluate(
            """() => [...document.querySelectorAll("textarea[name^='text|quc']")].filter(e => e.lang !== "quc").length"""
        )
        assert strays == 0, "item 10: K'iche' stands in lang=quc"
        screenshot(page, f"{path.removeprefix('/console/').replace('/', '-').replace('?', '-')}-{width}-{language}")


@pytest.mark.parametrize(
    "path", ["/console/answers", "/console/answers/new", AT, "/console/answers/services_legal?step=show"]
)
def test_nothing_sticks_out_at_320_px_and_at_twice_the_size(console: Console, visit: Visit, path: str) -> None:
    marta = console.account(Role.PUBLISHER, name="Marta")
    for width, scale in ((320, 1), (1280, 2)):
        page = visit(path, marta, width=width, scale=scale)
        assert sticks_out(page) == []
