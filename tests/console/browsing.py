"""A console that runs, people with accounts, and browsers that are logged in: for the tests of all pages.

    def test_it(console: Console, visit: Visit) -> None:
        page = visit("/console/account", Role.RESPONDER, width=360, language="en")
        assert axe(page) == []

At the end of a test that used ``visit`` no page may have had an error on its console, or asked anything of another host.
``screenshot`` keeps pictures where PUENTE_SCREENS names a folder.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from passlib.totp import TOTP
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from bot.console.desk import Desk
from bot.escalation.organization import DeskOrganization
from bot.escalation.viewer import NEEDS_SECOND_FACTOR, Role, Viewer
from bot.store.passwords import hashed
from bot.store.person import Person
from tests.servers import make_app_in, running

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# What a browser asks of its maker's servers is none of a test's business.
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PASSWORD = "una frase bastante larga"
NORTE, SUR = "norte", "sur"
# A page that says no is meant to; the browser complains of its status all the same.
_MEANT = re.compile(
    r"Failed to load resource: the server responded with a status of (4\d\d|5\d\d)"
    # The same said by htmx.
    r"|Response Status Error Code (4\d\d|5\d\d) from "
)
Visit = Callable[..., Page]
EVERY_LOOK = tuple((width, language) for language in ("es", "en") for width in (1280, 360))
LOOKS = EVERY_LOOK if os.environ.get("EVERY_LOOK") == "on" else ((1280, "es"), (360, "en"))
"""Widths and languages in which each page is looked at: two of the four in `make test`, all of them in `make test-pages`."""


@dataclass(frozen=True)
class Account:
    """Somebody who can log in. ``secret`` makes the codes of her second step; empty when she has none."""

    id: int
    email: str
    name: str
    secret: str = ""
    codes: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """What her phone shows now. Counts once in 30 seconds."""
        return str(TOTP(self.secret).generate().token)


@dataclass
class Console:
    """An app with two organizations at the desk, ``norte`` (the default) and ``sur``; ``clock_file`` moves its clock."""

    app: Flask
    address: str
    folder: Path
    clock_file: Path
    accounts: dict[tuple[Any, ...], Account] = field(default_factory=dict)

    @property
    def desk(self) -> Desk:
        """The stores that the pages use."""
        extensions = self.app.extensions["console"].app().extensions
        if "desk" not in extensions:
            self.app.test_client().get("/console/login")
        desk: Desk = extensions["desk"]
        return desk

    def advance(self, seconds: float) -> None:
        """Moves the bot's clock on; what is written down is how far it is ahead of the real one."""
        now = float(self.clock_file.read_text("ascii") or 0) if self.clock_file.exists() else 0.0
        self.clock_file.write_text(str(now + seconds), "ascii")

    def account(
        self, *roles: Role, organization: str | None = NORTE, second: bool = True, language: str = "es", name: str = ""
    ) -> Account:
        """Somebody with these roles: the same one for the same wishes. ``second``: with a second step, where her roles need one."""
        asked = (frozenset(roles), organization, second, language, name)
        if asked not in self.accounts:
            self.accounts[asked] = self._made(frozenset(roles), organization, second, language, name)
        return self.accounts[asked]

    def _made(
        self, roles: frozenset[Role], organization: str | None, second: bool, language: str, name: str
    ) -> Account:
        called = name or f"{'Ana' if language == 'es' else 'Ann'} {secrets.token_hex(2).translate(_LETTERS).title()}"
        email = f"{called.replace(' ', '.').lower()}.{secrets.token_hex(3)}@example.org"
        id = self.desk.people.add(
            "test", email=email, name=called, password=_hashed(), language=language, organization=organization,
            roles=roles,
        )  # fmt: skip
        if not (second and roles & NEEDS_SECOND_FACTOR):
            return Account(id, email, called)
        factors, sealed = self.desk.second_factors, self.desk.second_factors.fresh()
        letters = factors.in_letters(sealed).replace(" ", "")
        codes: tuple[str, ...] = ()
        # The code of the step before, so that the one of now is still to be taken; where a step ends meanwhile it is wrong.
        while not codes:
            step = TOTP(letters).generate(self._real_now() - 30).token
            codes = factors.set_up(self.person(id), sealed, step)
        return Account(id, email, called, letters, codes)

    @staticmethod
    def _real_now() -> float:
        import time

        return time.time()

    def person(self, id: int) -> Person:
        """The account as it is now."""
        found = self.desk.people.by_id(id)
        assert found is not None
        return found

    def viewer(self, account: Account) -> Viewer:
        """As the stores take her."""
        found = self.desk.people.viewer_of(account.id)
        assert found is not None
        return found

    def cookie(self, account: Account) -> str:
        """The value of the cookie of a login of hers, made without the page."""
        data = {"fresh": int(self.desk.clock())}
        return "login." + self.desk.sessions.begin(self.person(account.id), data)


_LETTERS = str.maketrans("0123456789", "ghijklmnop")
_HASH: list[str] = []


def _hashed() -> str:
    if not _HASH:
        _HASH.append(hashed(PASSWORD))
    return _HASH[0]


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address at which an app answers meanwhile."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """A console for all tests of a module."""
    folder = tmp_path_factory.mktemp("console")
    clock_file = folder / "clock"
    with running(folder), pytest.MonkeyPatch.context() as patch:
        patch.setenv("PUENTE_CLOCK_FILE", str(clock_file))
        app = make_app_in(folder, {})
        with served(app) as address:
            made = Console(app, address, folder, clock_file)
            hours = "Mo-Fr 09:00-17:00"
            made.desk.organizations.save("test", DeskOrganization(NORTE, "Red del Norte", hours, is_default=True))
            made.desk.organizations.save("test", DeskOrganization(SUR, "Casa del Sur", hours))
            yield made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """CHROMIUM, one on PATH, or the one that Playwright fetched."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture
def visit(console: Console, browser: Browser) -> Iterator[Visit]:
    """Opens a page in a browser of its own: ``visit(path, *roles or account, width, language, javascript, organization)``."""
    troubles: list[str] = []
    contexts = []

    def open_page(
        path: str, *who: Role | Account, width: int = 1280, language: str = "es", javascript: bool = True,
        organization: str | None = NORTE, scale: float = 1,
    ) -> Page:  # fmt: skip
        context = browser.new_context(
            java_script_enabled=javascript, locale=language, viewport={"width": int(width / scale), "height": int(800 / scale)},
            device_scale_factor=scale,
        )  # fmt: skip
        contexts.append(context)
        roles = [each for each in who if isinstance(each, Role)]
        accounts = [each for each in who if isinstance(each, Account)]
        if roles or accounts:
            account = accounts[0] if accounts else console.account(*roles, organization=organization, language=language)
            context.add_cookies([{"name": "console", "value": console.cookie(account), "url": console.address}])
        page = context.new_page()
        page.on(
            "console",
            lambda said: troubles.append(said.text) if said.type == "error" and not _MEANT.match(said.text) else None,
        )
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on(
            "request",
            lambda asked: (
                troubles.append(asked.url) if not asked.url.startswith((console.address, "data:", "blob:")) else None
            ),
        )
        page.goto(console.address + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not troubles


def axe(page: Page) -> list[str]:
    """What axe finds on a page, in words; empty when nothing."""
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    return [
        f"{each['id']}: {node['html'][:200]} ({node['failureSummary'][:300]})"
        for each in found
        for node in each["nodes"]
    ]


def sticks_out(page: Page) -> list[str]:
    """What is wider than the window, so that the page scrolls sideways; empty when nothing."""
    found: list[str] = page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
        [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".scroll"))
        .map(e => e.tagName + "." + e.className + " " + (e.textContent || "").trim().slice(0, 40)).slice(0, 5).concat("too wide")"""
    )
    return found


def screenshot(page: Page, name: str) -> None:
    """A picture of the whole page, where PUENTE_SCREENS names a folder for them."""
    if folder := os.environ.get("PUENTE_SCREENS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
