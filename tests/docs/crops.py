"""The upper parts of pictures of pages, for the guides: ``python -m tests.docs.crops``, after ``make screens``.

A page on a phone is many screens long, and a guide shows only where the eye begins.
"""

from __future__ import annotations

import base64
import os
import shutil

from playwright.sync_api import sync_playwright

from tests.console.browsing import BROWSERS, QUIET
from tests.docs.reading import DOCS

FROM, TO = DOCS / "screens", DOCS / "guides" / "pictures"
WIDTH, QUALITY = 360, 60
HEIGHTS = {"tasks": 690, "talk-draft": 850, "fact": 700, "task-call": 640, "speaker-text": 830}
"""How many pixels of each are shown."""
LANGUAGES = ("es", "en")


def name(page: str, language: str) -> str:
    """The file of a picture, in both folders."""
    return f"{page}-{language}-{WIDTH}.jpg"


def main() -> None:
    """Cuts all of them anew."""
    shutil.rmtree(TO, ignore_errors=True)
    TO.mkdir(parents=True)
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        page = browser.new_page(viewport={"width": WIDTH, "height": 800})
        for shown, height in HEIGHTS.items():
            for language in LANGUAGES:
                picture = base64.b64encode((FROM / name(shown, language)).read_bytes()).decode()
                page.set_content(f'<body style="margin:0"><img src="data:image/jpeg;base64,{picture}">')
                page.wait_for_function("document.images[0].complete")
                page.set_viewport_size({"width": WIDTH, "height": height})
                page.screenshot(path=TO / name(shown, language), type="jpeg", quality=QUALITY)
        browser.close()


if __name__ == "__main__":
    main()
