"""Who gets which tasks: by her role, the languages that she works in and her state. The server decides, whatever a form says."""

from __future__ import annotations

import re
from collections.abc import Iterable
from string import ascii_lowercase

import pytest

from bot.escalation.viewer import Role
from bot.language import Language
from bot.scripts.tasks import Kind, Task
from tests.console.browsing import Account, Console
from tests.console.clients import hand
from tests.console.directory_scene import furnish
from tests.console.phrases_scene import wait
from tests.console.tasks_scene import ToDo, clear, to_do

ES, EN, QUC = Language.ES, Language.EN, Language.QUC
_OFFERED = re.compile(r'action="/console/tasks/([a-z]+)/([^"]+)"')
_PAGES = 6
WORKERS = {
    "a volunteer in Chicago with Spanish": (Role.VOLUNTEER, (ES,), "US-IL"),
    "a volunteer in Boston with English": (Role.VOLUNTEER, (EN,), "US-MA"),
    "a volunteer in California with K'iche' and Spanish": (Role.VOLUNTEER, (ES, QUC), "US-CA"),
    "a publisher in no state with all languages": (Role.PUBLISHER, (ES, EN, QUC), ""),
}


@pytest.fixture
def todo(console: Console) -> ToDo:
    furnish(console)
    clear(console.desk)
    return to_do(console.desk, console.viewer(console.account(Role.VOLUNTEER, name="Marta")))


def worker(console: Console, role: Role, languages: Iterable[Language], state: str) -> Account:
    account = console.account(role, name=f"Rut {ascii_lowercase[len(console.accounts)]}")
    console.desk.people.change_work(console.viewer(account), account.id, languages, state)
    return account


def offered(console: Console, account: Account) -> list[tuple[str, str]]:
    """Everything that her first page ever offers: what she puts off makes room for the next."""
    mine, viewer = hand(console, account), console.viewer(account)
    found: list[tuple[str, str]] = []
    for _ in range(_PAGES):
        new = [tuple(each) for each in _OFFERED.findall(mine.get("/tasks?more=1").get_data(as_text=True))]
        assert len(new) <= 5
        found += new
        for kind, subject in new:
            console.desk.tasks.skip(viewer, Task(Kind(kind), subject))
    return found


@pytest.mark.parametrize(("role", "languages", "state"), WORKERS.values(), ids=list(WORKERS))
def test_she_gets_what_she_can_do(
    console: Console, todo: ToDo, role: Role, languages: tuple[Language, ...], state: str
) -> None:
    account = worker(console, role, languages, state)
    viewer, found = console.viewer(account), offered(console, account)
    kinds = {kind for kind, _ in found}
    assert len(found) == len(set(found)), "what she put off came again"
    assert {"call", "line", "phrase"} <= kinds
    phrases = [console.desk.phrases.one(viewer, id).language for kind, id in found if kind == "phrase"]
    assert set(phrases) == {each.value for each in languages}
    texts = {subject.partition(":")[0] for kind, subject in found if kind == "text"}
    assert texts <= {each.value for each in languages} and ("quc" in texts) == (QUC in languages)
    assert (("review", todo.review) in found) == (role is Role.PUBLISHER)
    entries = console.desk.directory.seen(viewer).entries
    states = [f"{entries[code].listed.country}-{entries[code].listed.state}" for kind, code in found if kind == "call"]
    near = [0 if each == state else 1 if each.endswith("-") else 2 for each in states]
    assert near == sorted(near), "her own state, then who works everywhere, then the others"
    assert bool(state) == (near[0] == 0)


@pytest.mark.parametrize("kind", ["review", "line"])
def test_what_is_a_publishers_no_form_of_a_volunteer_does(console: Console, todo: ToDo, kind: str) -> None:
    before = console.desk.releases.number()
    mine = hand(console, worker(console, Role.VOLUNTEER, (ES,), ""))
    act = {"review": "reviewed", "line": "back"}[kind]
    assert mine.post(f"/tasks/{kind}/{getattr(todo, kind)}", act=act).status_code in (404, 422)
    assert console.desk.releases.number() == before


def test_what_another_has_taken_and_what_she_put_off_is_not_hers(console: Console, todo: ToDo) -> None:
    one = hand(console, worker(console, Role.VOLUNTEER, (ES,), ""))
    two = hand(console, worker(console, Role.VOLUNTEER, (ES,), ""))
    (kind, subject), *rest = _OFFERED.findall(one.get("/tasks").get_data(as_text=True))
    one.post(f"/tasks/{kind}/{subject}", act="take")
    one.post("/tasks/{}/{}".format(*rest[0]), act="skip")
    now = _OFFERED.findall(one.get("/tasks").get_data(as_text=True))
    assert (kind, subject) == now[0] and rest[0] not in now
    theirs = _OFFERED.findall(two.get("/tasks").get_data(as_text=True))
    assert (kind, subject) not in theirs and rest[0] in theirs


def test_with_nothing_to_do_the_page_says_when_there_will_be(console: Console, todo: ToDo) -> None:
    account, desk = worker(console, Role.VOLUNTEER, (ES,), ""), console.desk
    viewer = console.viewer(account)
    wait(desk)
    for opened in desk.changes.all():
        desk.changes.drop(console.viewer(console.account(Role.PUBLISHER, name="Jorge")), opened.flow)
    left = {Kind.FACT: desk.facts.facts(viewer), Kind.CALL: desk.directory.seen(viewer).entries}
    for kind, subjects in {**left, Kind.LINE: desk.lines.lines(viewer)}.items():
        for subject in subjects:
            desk.tasks.skip(viewer, Task(kind, subject))
    page = hand(console, account).get("/tasks").get_data(as_text=True)
    assert not _OFFERED.findall(page) and "Ahora no hay nada que te espere" in page and "/console/facts" in page
