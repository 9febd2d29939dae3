"""Deny by default: every route of the console says who may open it, and nobody else can. Every form brings its token."""

from __future__ import annotations

import gzip
import re

import pytest
from flask import Flask
from werkzeug.routing import Rule

from bot.app import create_app
from bot.console.access import Access, own_path
from bot.escalation.viewer import Role
from bot.settings import REPOSITORY, from_environment
from tests.console.browsing import Console
from tests.console.clients import hand

# Only its routes: nothing is opened, and nothing written.
APP: Flask = create_app(from_environment({"ENVIRONMENT": "test", "DATA_DIR": "/nowhere"})).extensions["console"].app()
RULES = [rule for rule in APP.url_map.iter_rules() if rule.rule.startswith("/console")]
WITH_METHOD = [(rule, method) for rule in RULES for method in sorted(rule.methods - {"HEAD", "OPTIONS"})]
STAND_IN = {"id": "1", "word": "x", "sid": "x", "filename": "console.css", "anything": "x", "number": "1", "n": "1"}


def _name(value: object) -> str:
    return f"{value[1]} {value[0].rule}" if isinstance(value, tuple) else str(value)


def _path(rule: Rule) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: STAND_IN.get(found[1], "1"), rule.rule).removeprefix("/console")


def _access(endpoint: str) -> Access:
    access = getattr(APP.view_functions[endpoint], "access", None)
    assert isinstance(access, Access), f"{endpoint} does not say who may open it"
    return access


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.endpoint} {rule.rule}")
def test_every_route_says_who_may_open_it(rule: Rule) -> None:
    access = _access(rule.endpoint)
    assert access.anybody or access.roles, "a page that nobody may open"


def test_every_module_with_routes_is_mounted() -> None:
    """Else a new page is nowhere, and no test of pages looks at it."""
    routes = re.compile(r"^@console\.(?:get|post|route)\(", re.MULTILINE)
    files = (REPOSITORY / "bot" / "console").glob("*.py")
    routed = {file.stem for file in files if routes.search(file.read_text("utf-8"))}
    mounted = {APP.view_functions[rule.endpoint].__module__.rpartition(".")[2] for rule in RULES}
    assert len(routed) > 20 and routed - mounted == set(), "put it into PAGES of bot/console/shell.py"


def test_only_the_door_is_for_everybody() -> None:
    open_ = {rule.endpoint.removeprefix("console.") for rule in RULES if _access(rule.endpoint).anybody}
    assert open_ == {
        *("static", "login", "log_in", "second_step", "take_second_step", "invitation", "accept_invitation"),
        *("change_language", "no_such_page"),
    }


def test_before_the_second_step_is_set_up_only_that_opens() -> None:
    unfinished = {rule.endpoint.removeprefix("console.") for rule in RULES if _access(rule.endpoint).unfinished}
    assert unfinished == {"set_up", "take_set_up", "log_out", "confirm", "take_confirm"}


NEEDS_A_LICENCE = {"console.approve_answer", "console.approval_sheet"}
"""Where a role is not enough: test_history.py and test_approval_sheet.py try it with and without."""


@pytest.mark.parametrize("role", list(Role))
def test_each_role_gets_its_pages_and_a_plain_no_for_the_others(console: Console, role: Role) -> None:
    organization = None if role is Role.ADMIN else "norte"
    hers = hand(console, console.account(role, organization=organization))
    for rule, method in WITH_METHOD:
        access = _access(rule.endpoint)
        if rule.endpoint == "console.log_out" or rule.endpoint == "console.end_logins":
            continue
        if method == "POST":
            answer = hers.client.post(f"/console{_path(rule)}", data={"csrf_token": hers.token()})
        else:
            answer = hers.get(_path(rule))
        answer.close()
        if access.anybody:
            continue
        refused = answer.status_code == 403
        if rule.endpoint not in NEEDS_A_LICENCE or role not in access.roles:
            assert refused is (role not in access.roles), f"{role} {method} {rule.rule}: {answer.status_code}"
        assert answer.status_code < 500, f"{role} {method} {rule.rule}: {answer.status_code}"


@pytest.mark.parametrize("each", [pair for pair in WITH_METHOD if not _access(pair[0].endpoint).anybody], ids=_name)
def test_a_visitor_goes_to_the_login_and_back(console: Console, each: tuple[Rule, str]) -> None:
    rule, method = each
    visitor = hand(console)
    if method == "POST":
        assert visitor.client.post(f"/console{_path(rule)}", data={}).status_code == 401
    else:
        answer = visitor.get(_path(rule))
        assert answer.status_code == 302 and answer.location.startswith("/console/login")


@pytest.mark.parametrize("each", [pair for pair in WITH_METHOD if pair[1] == "POST"], ids=_name)
def test_no_form_is_taken_without_its_token(console: Console, each: tuple[Rule, str]) -> None:
    rule, _ = each
    everybody = console.account(*Role, organization="norte")
    hers = hand(console, everybody)
    assert hers.client.post(f"/console{_path(rule)}", data={}).status_code == 400
    assert hers.client.post(f"/console{_path(rule)}", data={"csrf_token": "forged"}).status_code == 400
    token = hers.token()
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    answer = hers.client.post(f"/console{_path(rule)}", data={"csrf_token": token}, headers=elsewhere)
    assert answer.status_code == 403, "a page of somebody else sent it"
    foreign = hers.client.post(
        f"/console{_path(rule)}", data={"csrf_token": token}, headers={"Origin": "https://evil.example"}
    )
    assert foreign.status_code == 403


def test_a_route_that_forgot_to_say_is_closed(console: Console) -> None:
    app = console.app.extensions["console"].app()
    view = app.view_functions["console.account"]
    access = view.access
    del view.access
    try:
        assert hand(console, console.account(*Role)).get("/account").status_code == 403
    finally:
        view.access = access


def test_who_needs_a_second_step_and_has_none_opens_nothing_else(console: Console) -> None:
    for role in (Role.RESPONDER, Role.COORDINATOR, Role.ADMIN):
        hers = hand(console, console.account(role, second=False))
        for path in ("/", "/account", "/inbox", "/settings", "/audit"):
            answer = hers.get(path)
            assert answer.status_code in (302, 403)
            assert answer.status_code == 403 or answer.location == "/console/set-up"
        assert hers.get("/set-up").status_code == 200
    assert hand(console, console.account(Role.VOLUNTEER)).get("/account").status_code == 200


@pytest.mark.parametrize(
    ("wanted", "led"),
    [
        ("/console/inbox?tab=mine", True),
        ("/console", True),
        ("//evil.example/console", False),
        ("https://evil.example/console/inbox", False),
        ("/console//evil.example", False),
        ("/console\\evil.example", False),
        ("/consolevil", False),
        ("/console/../messages", False),
        ("/console/\n/evil.example", False),
        ("/messages", False),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
def test_the_way_back_never_leads_away(console: Console, wanted: str, led: bool) -> None:
    assert (own_path(wanted) == wanted) is led
    volunteer = console.account(Role.VOLUNTEER)
    answer = hand(console).log_in(volunteer, next=wanted)
    assert answer.location == (wanted if led else "/console/")


def test_the_message_path_has_no_session_and_asks_for_no_token(console: Console) -> None:
    client = console.app.test_client()
    client.set_cookie("console", console.cookie(console.account(Role.VOLUNTEER)), path="/")
    for path in ("/messages", "/status"):
        answer = client.post(path, data={"Body": "hola"})
        assert answer.status_code == 403, "for want of a signature, not of a token"
        assert "Set-Cookie" not in answer.headers and "Content-Security-Policy" not in answer.headers
    assert client.post("/try", data={"text": "menu"}).status_code == 200


HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@pytest.mark.parametrize("path", ["/login", "/account", "/nothing", "/audit", "/inbox"])
def test_every_page_carries_its_headers(console: Console, path: str) -> None:
    answer = hand(console, console.account(*Role, organization="norte")).get(path)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    page = answer.get_data(as_text=True)
    assert not re.search(r"<script(?![^>]*\ssrc=)|\sstyle=|\son[a-z]+=|<style", page), "nothing inline"
    assert not re.search(r'(src|href|action)="(https?:)?//', page), "nothing from elsewhere"


def test_static_files_are_kept_under_their_name_of_today_alone(console: Console) -> None:
    client = console.app.test_client()
    page = client.get("/console/login").get_data(as_text=True)
    (sheet,) = re.findall(r'href="(/console/static/console\.css\?v=\w+)"', page)
    with client.get(sheet) as kept:
        assert "immutable" in kept.headers["Cache-Control"] and "Set-Cookie" not in kept.headers
    with client.get("/console/static/console.css?v=older") as older:
        assert "immutable" not in older.headers["Cache-Control"]
    assert client.get("/console/static/../blueprint.py").status_code == 404


def test_the_stylesheet_is_small(console: Console) -> None:
    with console.app.test_client().get("/console/static/console.css") as sheet:
        assert len(gzip.compress(sheet.data)) <= 15 * 1024
