"""The dashboard and the page for the board in a real browser: both languages, a desk and a small phone, axe, print, no style in a page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from bot.escalation.viewer import Role
from tests.console.browsing import LOOKS, Console, Visit, axe, screenshot, sticks_out
from tests.console.directory_scene import furnish
from tests.console.figures_scene import forget_figures, furnish_figures

pytestmark = pytest.mark.slow

PATHS = ("dashboard", "dashboard/board")


@pytest.fixture(scope="module")
def weeks(console: Console) -> Console:
    furnish(console)
    furnish_figures(console.desk)
    return console


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("width", "language"), LOOKS)
def test_with_figures(weeks: Console, visit: Visit, path: str, width: int, language: str) -> None:
    page = visit(f"/console/{path}", Role.COORDINATOR, width=width, language=language)
    assert page.locator("h1").count() == 1 and page.locator("figure").count() == (13 if path == "dashboard" else 12)
    assert page.locator("html").get_attribute("lang") == language
    assert axe(page) == [] and sticks_out(page) == []
    screenshot(page, f"{path.replace('/', '-')}-{width}-{language}")


@pytest.mark.parametrize("path", PATHS)
def test_without_a_whole_week(console: Console, visit: Visit, path: str) -> None:
    forget_figures(console.desk)
    for width, language in LOOKS:
        page = visit(f"/console/{path}", Role.COORDINATOR, width=width, language=language)
        assert page.locator(".empty").is_visible() and page.locator("figure").count() == (4 if path == "dashboard" else 3)
        assert axe(page) == [] and sticks_out(page) == []
    furnish_figures(console.desk)


@pytest.mark.parametrize("path", PATHS)
def test_nothing_sticks_out_at_320_px_and_at_twice_the_size(weeks: Console, visit: Visit, path: str) -> None:
    for width, scale in ((320, 1), (1280, 2)):
        assert sticks_out(visit(f"/console/{path}", Role.COORDINATOR, width=width, scale=scale)) == []


def test_a_chart_is_svg_its_numbers_a_table_and_nothing_has_a_style(weeks: Console, visit: Visit) -> None:
    page = visit("/console/dashboard", Role.COORDINATOR, javascript=False)
    figure = page.locator("#questions")
    assert figure.locator("svg.bar rect").count() >= 8 and page.locator("[style]").count() == 0
    table = figure.locator("table")
    assert not table.is_visible()
    figure.locator("summary").click()
    assert table.is_visible() and table.locator("th[scope=row]").count() == 4
    # What a bar says stands there as text too, and each kind of piece has its pattern and its name.
    assert figure.locator(".bar-said").first.inner_text().isdecimal()
    fills = {each.get_attribute("fill") for each in figure.locator(".legend rect").all()}
    assert len(fills) == figure.locator(".legend li").count() == 4
    assert page.locator("#stripes, #dots, #lines").count() == 3


def test_the_weeks_are_chosen_with_the_keyboard_alone(weeks: Console, visit: Visit) -> None:
    page = visit("/console/dashboard", Role.COORDINATOR, language="en")
    newest = page.locator("#to option").first.get_attribute("value")
    page.locator("#from").focus()
    page.locator("#from").select_option(newest)
    with page.expect_navigation():
        page.locator("form.filters button").press("Enter")
    assert page.locator("#from").input_value() == newest == page.locator("#to").input_value()
    assert page.locator("#questions th[scope=row]").count() == 1
    board = page.locator("a.button").get_attribute("href") or ""
    assert board.count(newest or "?") == 2, "the board gets the weeks that are looked at"


def test_what_is_printed_has_neither_bars_nor_a_login(weeks: Console, visit: Visit) -> None:
    page = visit("/console/dashboard/board", Role.COORDINATOR, language="en")
    page.emulate_media(media="print")
    for hidden in (".top", ".on-screen", ".skip"):
        assert not page.locator(hidden).is_visible()
    assert page.locator("#rules-title").is_visible() and page.locator("table:visible").count() == 12
    assert not re.search(r"Log out|Ann ", _printed(page))


def _printed(page: Page) -> str:
    return str(page.evaluate("document.querySelector('main').innerText"))


def test_a_file_comes_down(weeks: Console, visit: Visit) -> None:
    page = visit("/console/dashboard", Role.COORDINATOR, language="en")
    with page.expect_download() as waited:
        page.locator("#places .file a").click()
    download = waited.value
    assert re.fullmatch(r"puente-places-[\d-]{10}-[\d-]{10}\.csv", download.suggested_filename)
    with open(download.path(), encoding="utf-8-sig") as file:
        assert file.readline().strip() == "State or department,Looked for"
