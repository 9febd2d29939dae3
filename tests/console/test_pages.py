"""Every page of the shell in a real browser: both languages, a desk and a small phone, axe, nothing that sticks out."""

from __future__ import annotations

import pytest

from bot.escalation.viewer import Role
from tests.console.browsing import Visit, axe, screenshot, sticks_out

pytestmark = pytest.mark.slow

OPEN = ("/console/login", "/console/nothing-here")
HERS = ("/console/account",)


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("path", [*OPEN, *HERS])
def test_a_page_is_for_everybody(visit: Visit, path: str, width: int, language: str) -> None:
    page = visit(path, *(() if path in OPEN else (Role.ADMIN,)), width=width, language=language, organization=None)
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("h1").count() == 1
    assert axe(page) == []
    assert sticks_out(page) == []
    screenshot(page, f"{path.removeprefix('/console/').replace('/', '-')}-{width}-{language}")
