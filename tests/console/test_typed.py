"""The switch of the language brings back what is typed: every kind of field, of one form alone, and never a password."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from bot.console.typed import filled
from bot.escalation.viewer import Role
from tests.console.browsing import NORTE, PASSWORD, Console
from tests.console.clients import hand
from tests.console.desk_scene import Scene, token

FIELDS: dict[str, tuple[str, Any, str | None]] = {
    "a word": (
        '<input name="a" value="old">',
        {"a": 'Lucía "Tzoc" <b>'},
        '<input name="a" value="Lucía &quot;Tzoc&quot; &lt;b&gt;" data-typed="old">',
    ),
    "a word that was taken out": (
        '<input name="a" value="old" required>',
        {"a": ""},
        '<input name="a" value="" required data-typed="old">',
    ),
    "the same as before": ('<input name="a" value="old">', {"a": "old"}, '<input name="a" value="old">'),
    "lines": (
        '<textarea name="a">x &amp; y</textarea>',
        {"a": "\r\n<b>\r\n2"},
        '<textarea name="a" data-typed="x &amp; y">\n\n&lt;b&gt;\n2</textarea>',
    ),
    "boxes": (
        '<input type="checkbox" name="a" value="1" checked><input type="checkbox" name="a" value="2">',
        MultiDict([("a", "2")]),
        '<input type="checkbox" name="a" value="1"><input type="checkbox" name="a" value="2" checked>',
    ),
    "a box without a value": (
        '<input type="checkbox" name="a">',
        {"a": "on"},
        '<input type="checkbox" name="a" checked>',
    ),
    "a list": (
        '<select name="a"><option value="">any</option><option value="x" selected>X</option></select>',
        {"a": ""},
        '<select name="a"><option value="" selected>any</option><option value="x">X</option></select>',
    ),
    "a list of words": (
        '<select name="a"><option selected>America/Chicago</option><option>America/Denver</option></select>',
        {"a": "America/Denver"},
        '<select name="a"><option>America/Chicago</option><option selected>America/Denver</option></select>',
    ),
    "what nobody sees": (
        '<input type="hidden" name="a" value="7">',
        {"a": "5"},
        '<input type="hidden" name="a" value="5">',
    ),
    "the token": ('<input type="hidden" name="csrf_token" value="new">', {"csrf_token": "old"}, None),
    "a password": ('<input type="password" name="a" value="">', {"a": PASSWORD}, None),
    "what cannot be written in": ('<textarea name="a" readonly>x</textarea>', {"a": "y"}, None),
    "what the switch changes itself": ('<input type="radio" data-own name="a" value="es" checked>', {"a": "en"}, None),
    "all else": ('<!-- c --><p class="x" hidden>1 &lt; 2 &#39;</p><br>', {"x": "y"}, None),
}


@pytest.mark.parametrize("name", FIELDS)
def test_a_field(name: str) -> None:
    before, values, after = FIELDS[name]
    page = "<!doctype html>\n<html><body>{}</body></html>"
    for form in ('<form id="f" method="post">{}</form>', '<form id="g">{}</form>'):
        wanted = before if after is None or "g" in form[:12] else after
        assert filled(page.format(form.format(before)), "f", MultiDict(values)) == page.format(form.format(wanted))


def test_a_field_that_stands_outside_of_its_form() -> None:
    page = '<form id="f"></form><form id="g"><textarea name="a" form="f"></textarea><input name="b" value=""></form>'
    values = MultiDict({"a": "1", "b": "2"})
    assert 'data-typed="">\n1</textarea><input name="b" value="">' in filled(page, "f", values)


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = dict(attrs)
        if tag == "input":
            self.values[own.get("name") or ""] = own.get("value") or ""
        self.area = own.get("name") or "" if tag == "textarea" else ""

    def handle_endtag(self, tag: str) -> None:
        self.area = ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.values[self.area] = self.values.get(self.area, "") + data


def fields(page: str) -> dict[str, str]:
    read = _Fields()
    read.feed(page)
    return {name: value.removeprefix("\n") for name, value in read.values.items()}


def test_answer_and_note_come_back_and_nothing_was_sent_or_kept(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Hola")
    path = f"/console/conversation/{id}"
    form = {
        "csrf_token": token(ana.get(path)),
        "text": "Buenas, somos <Casa Ixim>",
        "note": "llamar a Clara",
        "seen_up_to": "0",
    }
    answer = ana.post(path, data={**form, "switch-language": "en write"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200 and '<html lang="en">' in page
    shown = fields(page)
    assert (shown["text"], shown["note"], shown["seen_up_to"]) == (form["text"], form["note"], "0")
    assert "This goes out as 1 SMS" in page
    assert scene.families.thread(id) == [("family", "Hola")] and scene.outbox(id) == []
    assert '<html lang="en">' in ana.get(path).get_data(as_text=True), "and is remembered"
    ana.post(path, data={**form, "switch-language": "es write"})


def test_it_does_nothing_that_the_page_does(console: Console, scene: Scene, ana: FlaskClient) -> None:
    """A page that is asked for and sent under one address is only asked for."""
    id = scene.families.comes("Hola")
    path = f"/console/conversation/{id}/resolve"
    form = {"csrf_token": token(ana.get(path)), "resolution": "informed"}
    assert ana.post(path, data={**form, "switch-language": "es typed"}).status_code == 200
    assert scene.families.now(id).closed is None


def test_without_a_token_it_is_refused(console: Console) -> None:
    account = console.account(Role.VOLUNTEER, name="Vera")
    hers = hand(console, account)
    form = {"switch-language": "en typed", "name": "Vera Luz"}
    assert hers.client.post("/console/account", data=form).status_code == 400
    signed = {**form, "csrf_token": hers.token()}
    elsewhere = hers.client.post("/console/account", data=signed, headers={"Sec-Fetch-Site": "cross-site"})
    assert elsewhere.status_code == 403
    assert console.person(account.id).language == "es"


def test_a_page_that_is_not_hers_stays_so(console: Console) -> None:
    hers = hand(console, console.account(Role.VOLUNTEER, name="Vera"))
    form = {"switch-language": "es typed", "name": "x", "csrf_token": hers.token()}
    assert hers.client.post(f"/console/organizations/{NORTE}", data=form).status_code == 403
    assert hers.client.post("/console/nothing-here", data=form).status_code == 404


def test_when_the_session_ended_the_text_is_shown(console: Console) -> None:
    account = console.account(Role.VOLUNTEER, name="Vera")
    hers = hand(console, account)
    form = {"switch-language": "en typed", "name": "Vera Luz Tzoc", "csrf_token": hers.token()}
    console.desk.sessions.end_all(console.person(account.id))
    answer = hers.client.post("/console/account", data=form)
    assert answer.status_code == 401 and "Vera Luz Tzoc" in answer.text and "en typed" not in answer.text


def test_a_visitor_has_the_other_language_too(console: Console) -> None:
    visitor = hand(console)
    form = {"switch-language": "en typed", "email": "ana@example.org", "password": PASSWORD}
    answer = visitor.client.post("/console/login", data={**form, "csrf_token": visitor.token("/login")})
    assert answer.status_code == 200 and '<html lang="en">' in answer.text
    assert fields(answer.text)["email"] == "ana@example.org" and PASSWORD not in answer.text
    assert '<html lang="en">' in visitor.get("/login").text


def test_after_a_form_was_refused_the_switch_leads_to_its_page(scene: Scene, ana: FlaskClient) -> None:
    id = scene.families.comes("Hola")
    path = f"/console/conversation/{id}"
    refused = ana.post(f"{path}/note", data={"csrf_token": token(ana.get(path)), "note": "", "text": "Buenas"})
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422 and f'formaction="{path}"' in page
    assert fields(page)["text"] == "Buenas", "what was written to the family stays"
