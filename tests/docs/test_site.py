"""The site of docs/ is built by `make docs-site` as mkdocs.yml says, every link in it holds, and opening a page asks no other host.

The environment that builds it is made by `make test` (.tools/site); the building itself takes some seconds.
"""

from __future__ import annotations

import os
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.settings import REPOSITORY

pytestmark = [pytest.mark.slow, pytest.mark.always]

PYTHON = REPOSITORY / ".tools" / "site" / "bin" / "python"
LOADS = {"src", "srcset", "poster", "data", "action", "background"}
"""Attributes whose address is fetched by itself, or would send something there; ``href`` only of a link that is no anchor."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site."""
    assert PYTHON.exists(), "run the tests through make, or `make docs-env` first"
    folder = tmp_path_factory.mktemp("site")
    # Not --quiet: mkdocs would not count its own warnings then, and strict would mean nothing.
    command = [PYTHON, "-m", "mkdocs", "build", "--config-file", REPOSITORY / "mkdocs.yml", "--site-dir", folder]
    done = subprocess.run(
        command,
        cwd=REPOSITORY,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


class Fetched(HTMLParser):
    """Every address that a page fetches by itself, and which language the page says that it is in."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.language: str | None = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.language = given.get("lang")
        loads = LOADS | ({"href"} if tag in ("link", "use", "image", "base") else set())
        self.addresses += [value for name, value in attrs if name in loads and value]
        self.addresses += re.findall(r"url\(\s*['\"]?([^'\")]+)", given.get("style") or "")
        if given.get("http-equiv") == "refresh":
            self.addresses.append(given.get("content") or "")

    def handle_data(self, data: str) -> None:
        self.addresses += re.findall(r"@import\s+['\"]([^'\"]+)", data)


def fetched(html: str) -> Fetched:
    parser = Fetched()
    parser.feed(html)
    return parser


def elsewhere(addresses: list[str]) -> list[str]:
    """Those that lead to another host."""
    return [each for each in addresses if re.search(r"^\s*(https?:)?//|https?://", each)]


def test_opening_a_page_asks_no_other_host(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 40
    found = {path.name: elsewhere(fetched(path.read_text("utf-8")).addresses) for path in pages}
    assert {name: addresses for name, addresses in found.items() if addresses} == {}


def test_no_style_asks_another_host(site: Path) -> None:
    styles = [path.read_text("utf-8") for path in site.rglob("*.css")]
    assert styles
    found = [address for style in styles for address in re.findall(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)", style)]
    # A picture in a style is written into it.
    assert elsewhere([one or other for one, other in found if not one.startswith("data:")]) == []


def test_what_asks_another_host_is_noticed() -> None:
    html = (
        '<html lang="en"><link rel="stylesheet" href="https://fonts.example.org/a.css"><script src="//cdn.example.org/a.js"></script>'
        '<img src="a.png" srcset="https://example.org/b.png 2x"><a href="https://example.org">there</a>'
        "<p style=\"background: url('https://example.org/c.png')\"></p><style>@import 'https://example.org/d.css';</style>"
    )
    assert len(elsewhere(fetched(html).addresses)) == 5


def test_each_page_says_its_language(site: Path) -> None:
    said = {path.name: fetched(path.read_text("utf-8")).language for path in site.rglob("*.html")}
    spanish = {name for name, language in said.items() if language == "es"}
    assert spanish == {name for name in said if name.endswith(".es.html")} and len(spanish) >= 5
    assert set(said.values()) == {"es", "en"}


def test_lists_and_code_are_as_they_are_meant(site: Path) -> None:
    """What GitHub reads as code in an item of a list, this reader of Markdown would read as words."""
    page = (site / "launching-a-city.html").read_text("utf-8")
    assert len(re.findall(r"<li>", page[page.index("<h2") :])) > 11
    assert "<pre><code>flask --app webhook directory due --launch --city Chicago --out chicago" in page
    flows = (site / "beside" / "flows.html").read_text("utf-8")
    assert 'href="../' in flows and "](" not in re.sub(r"<pre.*?</pre>|<code>.*?</code>", "", flows, flags=re.DOTALL)


def test_only_pictures_that_a_page_shows_are_in_it(site: Path) -> None:
    shown = "\n".join(path.read_text("utf-8") for path in site.rglob("*.html"))
    pictures = [path.name for path in site.rglob("screens/*.jpg")]
    assert pictures and [name for name in pictures if name not in shown] == []
