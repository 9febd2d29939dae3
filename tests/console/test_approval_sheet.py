"""The lawyer's sheet out of the pages: who may take it, what it holds, and that the terminal reads it when it comes back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date

import pytest

from bot.engine.flow import Group
from bot.escalation.viewer import Role, Viewer
from bot.scripts.sheets import cells, lawyer
from bot.scripts.sheets.verdicts import read_verdicts
from tests.console.browsing import Account, Console
from tests.console.clients import Hand, hand
from tests.console.reviewing import FLOW, NEW_ES, clear, luis, marta, write

pytestmark = pytest.mark.slow

SHEET = "/review/lawyer.csv"
ADMIN = Viewer(0, "terminal", frozenset({Role.ADMIN}))


@pytest.fixture(autouse=True)
def nothing_open(console: Console) -> Iterator[None]:
    yield
    clear(console)


def _rows(who: Hand, path: str) -> list[dict[str, str]]:
    answer = who.get(path)
    assert answer.status_code == 200 and "attachment" in answer.headers["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def _lawyer(console: Console) -> Account:
    made = console.account(Role.VOLUNTEER, name="Elena Ruiz")
    console.desk.people.change_standing(ADMIN, made.id, "", "IL 6301234")
    return made


def test_the_sheet_of_all_comes_back_to_the_terminal(console: Console) -> None:
    rows = _rows(hand(console, _lawyer(console)), SHEET)
    release = console.app.extensions["puente"]().release
    rights = {flow.name for flow in release.script.flows.values() if flow.group is Group.RIGHTS}
    assert {row[lawyer.FLOW] for row in rows} == rights
    first = next(row for row in rows if row[lawyer.FLOW] == FLOW)
    first.update({lawyer.ANSWER: "yes", lawyer.NAME: "Elena Ruiz", lawyer.LICENCE: "IL 6301234"})
    table = cells.read(cells.written(lawyer.COLUMNS, rows), lawyer.COLUMNS)
    answered = read_verdicts(table, release, date(2026, 11, 23))
    assert [(each.flow.name, bool(each.approval)) for each in answered.verdicts] == [(FLOW, True)]
    assert answered.refusals == ()


def test_the_sheet_of_one_answer_has_its_draft(console: Console) -> None:
    publisher = marta(console)
    write(console, luis(console), NEW_ES)
    rows = _rows(hand(console, publisher), f"{SHEET}?flow={FLOW}")
    assert {row[lawyer.FLOW] for row in rows} == {FLOW}
    assert any(NEW_ES in row["es"] for row in rows)
    printed = hand(console, publisher).get(f"/review/lawyer.html?flow={FLOW}")
    assert printed.status_code == 200 and NEW_ES in printed.get_data(as_text=True)
    assert "attachment" in printed.headers["Content-Disposition"]


def test_who_may_take_it_sees_where(console: Console) -> None:
    for who, there in ((marta(console), True), (_lawyer(console), True), (luis(console), False)):
        hers = hand(console, who)
        for page in ("/review", f"/answers/{FLOW}/readings"):
            assert ("/console/review/lawyer.csv" in hers.get(page).get_data(as_text=True)) is there
        assert hers.get(SHEET).status_code == (200 if there else 403)


@pytest.mark.parametrize("path", ["/review/lawyer.pdf", f"{SHEET}?flow=menu", f"{SHEET}?flow=../etc"])
def test_there_is_no_sheet_of_anything_else(console: Console, path: str) -> None:
    assert hand(console, marta(console)).get(path).status_code == 404


@pytest.mark.parametrize("role", [Role.RESPONDER, Role.COORDINATOR, Role.ADMIN])
def test_others_get_none(console: Console, role: Role) -> None:
    someone = hand(console, console.account(role, organization=None if role is Role.ADMIN else "norte"))
    assert someone.get(SHEET).status_code == 403
