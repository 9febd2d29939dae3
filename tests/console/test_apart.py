"""The console stands apart: a server that starts has nothing of it, and the first who opens a page makes it, once."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask

from bot.console.apart import Apart
from bot.settings import REPOSITORY

STARTS = """
import sys, webhook

asked = webhook.app.test_client()
def loaded(): return [name for name in ("bot.console.shell", "bot.console.inbox", "flask_wtf", "openpyxl") if name in sys.modules]
print(asked.get("/healthz").status_code, asked.get("/try").status_code, asked.get("/consoles").status_code, loaded())
page = asked.get("/console/login")
print(page.status_code, page.headers["Cross-Origin-Opener-Policy"], "/try" in page.text, loaded())
print(asked.get("/healthz").status_code, asked.get("/console").status_code, asked.get("/console/nothing").status_code)
"""


def test_the_console_is_loaded_at_its_first_page(tmp_path: Path) -> None:
    environ = os.environ | {"ENVIRONMENT": "test", "DATA_DIR": str(tmp_path / "data"), "TRY_PHONE": "on"}
    flask = [sys.executable, "-m", "flask", "--app", "webhook", "db", "upgrade"]
    for words in (flask, [sys.executable, "-c", STARTS]):
        told = subprocess.run(
            words, cwd=REPOSITORY, env=environ, capture_output=True, text=True, timeout=120, check=False
        )
        assert told.returncode == 0, told.stdout + told.stderr
    assert told.stdout.splitlines() == [
        "200 200 404 []",
        "200 same-origin True ['bot.console.shell', 'bot.console.inbox', 'flask_wtf']",
        "200 308 404",
    ]


def _app(name: str) -> Flask:
    app = Flask(name)
    app.add_url_rule("/<path:path>", view_func=lambda path: f"{name} {path}")
    return app


@pytest.fixture
def made() -> list[Flask]:
    return []


@pytest.fixture
def asked(made: list[Flask]) -> Callable[[str], str]:
    def make() -> Flask:
        time.sleep(0.1)
        made.append(_app("console"))
        return made[-1]

    others = _app("others")
    others.wsgi_app = Apart(others.wsgi_app, make)  # type: ignore[method-assign]
    return lambda path: others.test_client().get(path).text


def test_all_who_come_at_once_get_the_same_one(asked: Callable[[str], str], made: list[Flask]) -> None:
    together = threading.Barrier(8)

    def page(number: int) -> str:
        together.wait(10)
        return asked(f"/console/{number}")

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(page, range(8))) == [f"console console/{number}" for number in range(8)]
    assert len(made) == 1


def test_nobody_else_makes_it_or_waits_for_it(asked: Callable[[str], str], made: list[Flask]) -> None:
    for path in ("/messages", "/consoles", "/console.html", "/a/console/b"):
        assert asked(path) == f"others {path[1:]}"
    assert not made
    assert asked("/console") == "console console" and len(made) == 1


def test_what_could_not_be_made_is_tried_again() -> None:
    tried: list[bool] = []

    def make() -> Flask:
        tried.append(True)
        if len(tried) == 1:
            raise OSError
        return _app("console")

    app = _app("others")
    app.wsgi_app = Apart(app.wsgi_app, make)  # type: ignore[method-assign]
    with pytest.raises(OSError):
        app.test_client().get("/console/x")
    assert app.test_client().get("/console/x").text == "console console/x"
