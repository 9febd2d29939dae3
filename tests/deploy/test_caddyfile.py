"""What stands in front of Puente lets the internet at the public pages alone, and writes down nothing of who asks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from bot import gunicorn
from bot.app import LARGEST_REQUEST
from bot.console import directory_import, recordings
from bot.settings import from_environment
from tests.attacks.routes import every_rule
from tests.deploy.promised import CADDYFILE
from webhook import make

TEXT = CADDYFILE.read_text("utf-8")
NEVER_PUBLIC = {"/metrics", "/static/<path:filename>"}
"""Figures are for who watches, on this machine; the second is Flask's own and leads nowhere."""
UNITS = {"KiB": 1024, "KB": 1000, "MB": 1000**2}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The app with every page that it can have; nothing of it is opened."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FLASK_RUN_FROM_CLI", "true")
        folder: Path = tmp_path_factory.mktemp("data")
        return make(from_environment({"ENVIRONMENT": "test", "DATA_DIR": str(folder), "TRY_PHONE": "on"}))


def matchers() -> dict[str, list[str]]:
    """Name of a matcher -> its paths."""
    return {name: paths.split() for name, paths in re.findall(r"^\t@(\w+) path (.+)$", TEXT, re.MULTILINE)}


def block(opening: str, tabs: int) -> str:
    """The lines of a block, from its opening to the brace that closes it."""
    indent = "\t" * tabs
    return TEXT.partition(f"\n{indent}{opening} {{\n")[2].partition(f"\n{indent}}}")[0]


def is_proxied(path: str) -> bool:
    """Whether Caddy gives this path to web: * at the end of a path stands for anything."""
    paths = [path for each in matchers().values() for path in each]
    return any(path.startswith(each[:-1]) if each.endswith("*") else path == each for each in paths)


def example(rule: Rule) -> str:
    return re.sub(r"<[^>]+>", "x", rule.rule)


def test_every_page_is_public_or_named_as_never_public(app: Flask) -> None:
    rules = every_rule(app)
    assert {rule.rule for rule in rules if not is_proxied(example(rule))} == NEVER_PUBLIC
    assert {"/messages", "/status", "/media/<sha>.ogg", "/try", "/console/"} <= {rule.rule for rule in rules}


def test_nothing_is_let_through_that_is_not_there(app: Flask) -> None:
    pages = [example(rule) for rule in every_rule(app)]
    for path in (path for each in matchers().values() for path in each):
        there = [page for page in pages if page == path or page.rstrip("/") == path]
        assert there or path.endswith("/*") and [page for page in pages if page.startswith(path[:-1])], path


@pytest.mark.parametrize(
    "path", ["/metrics", "/metrics/", "//metrics", "/console/../metrics", "/readyz/x", "/consolex"]
)
def test_figures_and_oddities_are_not(path: str) -> None:
    assert is_proxied(path) == (path == "/console/../metrics"), "Caddy itself resolves .. before it matches"


def test_all_else_is_refused_by_caddy_itself() -> None:
    assert block("handle", 1).strip() == "respond 404"
    assert len(re.findall(r"^\t\timport web$", TEXT, re.MULTILINE)) == len(matchers()), "one handle for each matcher"
    for name in matchers():
        assert block(f"handle @{name}", 1).endswith("import web")


def largest(name: str) -> int:
    found = re.search(r"max_size (\d+)(KiB|KB|MB)", block(f"handle @{name}", 1))
    assert found
    return int(found[1]) * UNITS[found[2]]


def test_bodies_are_as_large_as_the_app_takes_and_not_larger() -> None:
    assert largest("carrier") == largest("open") == LARGEST_REQUEST
    forms = max(directory_import.LARGEST_FORM, recordings.LARGEST_FORM)
    assert forms < largest("console") <= 2 * forms


def test_nothing_of_who_asks_is_written_down_or_passed_on() -> None:
    site = block("{$PUBLIC_BASE_URL}", 0)
    assert not re.search(r"^\s*log\b", site, re.MULTILINE), "no access log"
    assert block("log default", 1).count("request delete") == 1 and "format filter" in block("log default", 1)
    assert len(re.findall(r"^\tlog\b", TEXT, re.MULTILINE)) == 1
    assert "header_up -X-Forwarded-For" in block("(web)", 0)


def test_connections_are_given_up_before_gunicorn_does() -> None:
    web = block("(web)", 0)
    kept, waits = re.search(r"keepalive (\d+)s", web), re.search(r"response_header_timeout (\d+)s", web)
    assert kept and int(kept[1]) < gunicorn.keepalive
    assert waits and int(waits[1]) >= gunicorn.timeout


def test_it_is_not_ruled_from_outside() -> None:
    assert "\tadmin off\n" in block("", 0) or "\n\tadmin off\n" in TEXT
    assert "Strict-Transport-Security" in block("header", 1) and "Content-Security-Policy" not in TEXT
