"""Hostile strings wherever somebody can write, looked at in a real Chromium: none runs, none is asked about, none turns a line around."""

from __future__ import annotations

import random

import pytest
from playwright.sync_api import Browser
from werkzeug.test import Client, TestResponse
from werkzeug.wrappers import Response

from bot.escalation.viewer import Role
from tests.attacks import cells
from tests.attacks.pages import Pages, pages
from tests.attacks.planting import Planting
from tests.attacks.strings import Attack, corpus
from tests.attacks.things import Things
from tests.console.browsing import NORTE, Console
from tests.console.clients import hand

pytestmark = pytest.mark.slow

DRAWN = 24
FORMS = ("/notices/new", "/phrases/try")
"""Pages whose forms are filled in `make test`; `make attacks` fills all of them."""


@pytest.fixture(scope="module")
def attacks() -> list[Attack]:
    """Some of them, a few of each family."""
    everything = list(corpus())
    random.Random(5).shuffle(everything)
    return everything[:DRAWN]


def shown(page: Pages, answers: list[TestResponse]) -> None:
    for answer in answers:
        assert answer.status_code < 500, answer.request.path
        if answer.mimetype == "text/html" and answer.status_code not in (204, 302):
            page.show(answer)


def test_there_are_more_than_three_hundred_of_many_families() -> None:
    everything = corpus()
    assert len(everything) >= 400 and len({attack.text for attack in everything}) == len(everything)
    assert len({attack.family for attack in everything}) >= 14


def test_what_families_and_staff_write_runs_nowhere(
    console: Console, things: Things, browser: Browser, attacks: list[Attack]
) -> None:
    planting = Planting(console, things)
    with pages(console, browser, [attack.text for attack in attacks]) as page:
        shown(page, list(planting.conversations(planting.in_messages(attacks, phones=2))))
        for form in FORMS:
            shown(page, list(planting.in_forms(attacks, only=form)))
        assert not page.looked.found, "\n".join(page.looked.found)
        assert len(page.looked.strings) > DRAWN * 0.9, "they were there to be seen"


TURNING = "Llame \u202e119 oveun on"
HOLES = {
    "a script": ("<script>alert(7)</script>", "ran"),
    "an event": ("<img src=x onerror=alert(7)>", "attribute"),
    "an address": ("<a href=javascript:alert(7)>x</a>", "leads"),
    "a picture of elsewhere": ("<img src=//evil.example/seen.png>", "asked"),
    "a form to elsewhere": ("<form action=//evil.example><button>x</button></form>", "leads"),
    "a line that is turned around": (f"<p><q>{TURNING}</q> tiene otra persona</p>", "turned"),
    "a sentence with a name in it": (f"<p>{TURNING} tiene esta persona</p>", "turned"),
    "a frame": ("<iframe srcdoc='<p>x'></iframe>", "element"),
    "a style": ("<p style=color:red>x</p>", "attribute"),
}


@pytest.mark.parametrize("policy", [True, False], ids=["under the policy", "without it"])
def test_the_hook_notices(console: Console, browser: Browser, policy: bool) -> None:
    """Each of these would be a hole; what the policy stops is told as well, for nothing of it is to stand in a page at all."""
    headers = {"Content-Security-Policy": "default-src 'none'; script-src 'self'"} if policy else {}
    missed = []
    with pages(console, browser, [TURNING]) as page:
        for hole, (html, kind) in HOLES.items():
            body = f"<!doctype html><html><body><main>{html}</main></body></html>"
            made = Response(body, headers=headers, content_type="text/html; charset=utf-8")
            found = page.show(Client(made).get("/console/hole"))
            if not found or not (policy or any(kind in each for each in found)):
                missed.append(f"{hole}: {found}")
        isolated = f"<!doctype html><p><bdi>{TURNING}</bdi> tiene otra persona</p>"
        assert (
            page.show(Client(Response(isolated, content_type="text/html; charset=utf-8")).get("/console/no-hole")) == []
        )
    assert not missed


def test_no_cell_of_a_file_is_calculated(console: Console, things: Things) -> None:
    assert things.console is console and cells.plant(console.desk) > 20
    everything = hand(console, console.account(*Role, organization=NORTE, name="Hojas"))
    found = list(cells.exported(everything, "quc"))
    assert {name for name, _ in found} == {"csv", "xlsx", "package", "speakers"}
    assert [(name, cell[:60]) for name, cell in found if cells.calculates(cell)] == []
    assert any("HYPERLINK" in cell for name, cell in found if name == "csv")
