"""A volunteer corrects an organization's hours on a phone, as somebody who sees the page for the first time.

``python -m tests.console.directory_way`` counts the steps and the seconds: 120 ms a key, a second to read before each press, no
shortcut of a keyboard. The test of the same way (test_directory_in_a_browser.py) has no such pauses.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, sync_playwright

from bot.escalation.viewer import Role
from tests.console.browsing import BROWSERS, QUIET, Console, served
from tests.console.directory_scene import furnish
from tests.servers import make_app_in, running

A_KEY_MS, TO_READ_MS = 120, 1_000
WIDTH = 360


@dataclass
class Hand:
    """What somebody does with a finger. ``slow``: as fast as a person. ``steps``: presses and words, in their order."""

    page: Page
    slow: bool = False
    steps: list[str] = field(default_factory=list)

    def press(self, what: Locator, said: str) -> None:
        self._reads()
        what.click()
        self.steps.append(f"press {said}")

    def write(self, what: Locator, text: str, said: str) -> None:
        self._reads()
        what.click()
        self.page.keyboard.type(text, delay=A_KEY_MS if self.slow else 0)
        self.steps.append(f"write {text} into {said}")

    def _reads(self) -> None:
        if self.slow:
            self.page.wait_for_timeout(TO_READ_MS)


def correct_hours(hand: Hand) -> None:
    """From her first page to "Saved": Centro Romero is open on weekdays from nine to five, Saturdays from ten to one."""
    page = hand.page
    hand.press(page.get_by_role("link", name="Directorio").first, "Directorio")
    hand.write(page.get_by_label("Nombre, pueblo o teléfono"), "romero", "the search")
    hand.press(page.get_by_role("button", name="Buscar"), "Buscar")
    hand.press(page.get_by_role("link", name="Centro Romero"), "Centro Romero")
    hand.press(page.locator("summary", has_text="Horario").first, "Horario")
    for day, opens, closes in (("mo", "9", "5"), ("sa", "10", "1")):
        hand.write(page.locator(f"#{day}_from"), opens, f"{day}, from")
        hand.write(page.locator(f"#{day}_to"), closes, f"{day}, to")
        if day == "mo":
            hand.press(page.get_by_role("button", name="Lo mismo de lunes a viernes"), "Lo mismo de lunes a viernes")
    hand.press(page.get_by_role("button", name="Guardar"), "Guardar")
    page.get_by_text("Guardado.").first.wait_for()


def main() -> None:
    """Prints each step, how many there are and how long they take."""
    os.environ["ENVIRONMENT"] = "test"
    with tempfile.TemporaryDirectory() as name, running(Path(name)), pytest.MonkeyPatch.context() as patch:
        folder = Path(name)
        patch.setenv("PUENTE_CLOCK_FILE", str(folder / "clock"))
        app = make_app_in(folder, {})
        with served(app) as address, sync_playwright() as playwright:
            console = Console(app, address, folder, folder / "clock")
            furnish(console)
            path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
            browser = playwright.chromium.launch(executable_path=path, args=QUIET)
            context = browser.new_context(locale="es", viewport={"width": WIDTH, "height": 740}, has_touch=True)
            account = console.account(Role.VOLUNTEER, organization=None, name="Nueva")
            context.add_cookies([{"name": "console", "value": console.cookie(account), "url": address}])
            page = context.new_page()
            page.goto(f"{address}/console/account")
            hand, begun = Hand(page, slow=True), time.monotonic()
            correct_hours(hand)
            took = time.monotonic() - begun
            browser.close()
    print("\n".join(f"{number}. {step}" for number, step in enumerate(hand.steps, 1)))
    print(f"{len(hand.steps)} steps, {took:.0f} seconds")


if __name__ == "__main__":
    main()
