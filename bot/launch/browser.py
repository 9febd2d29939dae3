"""A Chromium for the tests of the pages: the one of this machine, else one that Playwright fetches."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from bot.launch.environments import WEB, python
from bot.launch.errors import Interrupted, LaunchError
from bot.launch.setup import Setup

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")


def find(environ: Mapping[str, str]) -> str | None:
    """The path of a Chromium: CHROMIUM, else the first of its names on PATH, else None (Playwright's own)."""
    given = environ.get("CHROMIUM", "").strip()
    if given:
        if not os.access(given, os.X_OK):
            raise LaunchError(f"CHROMIUM names {given}, which is not a program.")
        return given
    found = (shutil.which(name, path=environ.get("PATH")) for name in NAMES)
    return next((path for path in found if path), None)


def ensure(setup: Setup) -> None:
    """Makes sure that the page tests have a browser. Needs the test environment."""
    setup.progress.step("Browser for the tests")
    present = find(setup.environ)
    if present:
        setup.progress.ready(present)
        return
    setup.progress.doing("looking for Playwright's Chromium, fetching it if it is missing (150 MB)")
    playwright: list[str | Path] = [python(WEB, setup.root), "-m", "playwright", "install", "chromium"]
    try:
        setup.run(playwright, "fetching Chromium")
    except Interrupted:
        raise
    except LaunchError as error:
        raise LaunchError(
            f"The page tests need a browser and this machine has none. {error}\n"
            f"Or install one yourself (on Debian: `sudo apt install chromium`), or set CHROMIUM to its path."
        ) from None
    setup.progress.done()
