"""The line that somebody urgent waits: on every page of those on duty, on no page of anybody else, and without a query for these."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, update
from werkzeug.test import TestResponse

from bot.escalation.viewer import Role
from bot.store.models import Escalation
from bot.store.staff_models import User
from bot.store.urgent_waiting import urgent_waiting
from tests.console.browsing import Console
from tests.console.clients import hand
from tests.console.desk_scene import Scene
from tests.console.inbox_scene import DANGER, busy, on_duty, waits
from tests.store.at_desk import AGREED, ANA, BEA, OTHER, OWN

LINE = "1 conversación urgente espera a alguien."
PAGES = ("/console/account", "/console/shift", "/console/answer-many", "/console/nothing")


@pytest.fixture(autouse=True)
def nobody_waits(scene: Scene) -> Iterator[None]:
    yield
    with scene.desk.engine.begin() as connection:
        connection.execute(update(Escalation).values(closed=1))
        connection.execute(update(User).values(on_duty=None, back_at=None))


@contextmanager
def queries(scene: Scene) -> Iterator[list[str]]:
    """What SQL is asked meanwhile."""
    asked: list[str] = []

    def keep(connection: object, cursor: object, statement: str, *more: object) -> None:
        asked.append(statement)

    event.listen(scene.desk.engine, "before_cursor_execute", keep)
    yield asked
    event.remove(scene.desk.engine, "before_cursor_execute", keep)


def text(answer: TestResponse) -> str:
    """The whole page, what stands above its content too."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))).split())


def test_it_stands_on_every_page_of_who_is_on_duty(scene: Scene, ana: FlaskClient) -> None:
    ids = busy(scene.desk, scene.families, ANA.user, BEA.user)
    assert not any(LINE in text(ana.get(page)) for page in PAGES), "off duty"
    on_duty(scene.desk, ANA.user)
    for page in (*PAGES, f"/console/conversation/{ids['mine']}"):
        assert text(ana.get(page)).count(LINE) == 1, page
    assert text(ana.get("/console/inbox")).count(LINE) == 1, "its own line, which it had before"
    scene.desk.work.take(BEA, ids["urgent"])
    assert not any("urgente espera" in text(ana.get(page)) for page in PAGES), "at once"


def test_it_leads_to_them_and_tells_nothing_else(scene: Scene, ana: FlaskClient) -> None:
    ids = busy(scene.desk, scene.families, ANA.user, BEA.user)
    on_duty(scene.desk, ANA.user)
    page = ana.get("/console/account").get_data(as_text=True)
    line = page[page.index('id="alarm"') : page.index("<main")]
    assert 'href="/console/inbox?tab=unclaimed&amp;urgency=urgent"' in line
    assert ids["urgent"] not in line and scene.families.now(ids["urgent"]).alias not in line


def test_an_open_page_asks_again_and_hears_of_nothing_that_it_knows(scene: Scene, ana: FlaskClient) -> None:
    on_duty(scene.desk, ANA.user)
    assert ana.get("/console/alarm?shown=0").status_code == 204
    busy(scene.desk, scene.families, ANA.user, BEA.user)
    assert LINE in text(ana.get("/console/alarm?shown=0"))
    assert ana.get("/console/alarm?shown=1").status_code == 204
    with scene.desk.engine.begin() as connection:
        connection.execute(update(User).values(back_at=int(scene.desk.clock()) + 600))
    rests = ana.get("/console/alarm?shown=1")
    assert rests.status_code == 200 and "urgente" not in text(rests)
    with scene.desk.engine.begin() as connection:
        connection.execute(update(User).values(on_duty=None))
    assert ana.get("/console/alarm?shown=1").status_code == 200, "her shift ended in another window"


@pytest.mark.parametrize(
    ("organization", "counted"),
    [(OWN, True), (AGREED, True), (None, True), (OTHER, False)],
    ids=["her own", "one with an agreement", "the shared pool", "another"],
)
def test_only_those_that_she_reaches_count(scene: Scene, organization: str | None, counted: bool) -> None:
    id = scene.families.comes("me está pegando", about=DANGER, organization=organization)
    waits(scene.desk, id, 5, urgency="urgent", organization=organization)
    assert urgent_waiting(scene.desk.engine, ANA) == int(counted)


@pytest.mark.parametrize(
    "columns", [{"urgency": "soon"}, {"claimed_by": 1}, {"closed": 5}, {"erased": 5}], ids=lambda each: next(iter(each))
)
def test_what_nobody_waits_for_is_not_counted(scene: Scene, columns: dict[str, object]) -> None:
    id = scene.families.comes("me está pegando", about=DANGER, organization=OWN)
    waits(scene.desk, id, 5, **{"urgency": "urgent", **columns})
    assert urgent_waiting(scene.desk.engine, ANA) == 0


@pytest.mark.parametrize("roles", [{Role.VOLUNTEER}, {Role.PUBLISHER}, {Role.ADMIN}], ids=lambda each: str(*each))
def test_who_sees_no_conversation_costs_no_query(console: Console, scene: Scene, roles: set[Role]) -> None:
    account = console.account(*roles)
    on_duty(scene.desk, account.id)
    hers = hand(console, account)
    with queries(scene) as asked:
        page = hers.get("/account").text
    assert asked and not any("escalations" in each for each in asked)
    assert 'id="alarm"' not in page
    assert hers.get("/alarm").status_code == 403
