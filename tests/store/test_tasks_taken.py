"""Tasks of the first page in SQL: one gets it, for a week; what she is not sure of goes to others with her note."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine

from bot.escalation.viewer import Role, Viewer
from bot.scripts.tasks import Kind, Task
from bot.store.errors import NotYours
from bot.store.tasks import WEEK, TakenByOther, Tasks
from tests.store.at_desk import EVERYBODY, PIA, VERA, employ
from tests.store.conftest import Clock

DOOR, SNAP = Task(Kind.FACT, "door_closed"), Task(Kind.FACT, "snap")


@pytest.fixture
def tasks(engine: Engine, clock: Clock) -> Tasks:
    employ(engine, *EVERYBODY)
    return Tasks(engine, clock)


def test_what_one_has_taken_is_not_for_others_for_a_week(tasks: Tasks, clock: Clock) -> None:
    tasks.take(VERA, DOOR)
    assert tasks.held(VERA).mine == {DOOR} and tasks.held(PIA).others == {DOOR}
    with pytest.raises(TakenByOther) as refused:
        tasks.take(PIA, DOOR)
    assert refused.value.name == "Vera"
    clock.now += WEEK
    assert tasks.held(PIA).others == frozenset()
    tasks.take(PIA, DOOR)
    assert tasks.held(VERA).others == {DOOR}


def test_of_two_who_press_together_one_gets_it(tasks: Tasks) -> None:
    def press(who: Viewer) -> str:
        try:
            tasks.take(who, DOOR)
        except TakenByOther:
            return "late"
        return who.name

    with ThreadPoolExecutor(2) as pool:
        got = list(pool.map(press, (VERA, PIA)))
    assert sorted(each == "late" for each in got) == [False, True]
    owner = {"Vera": VERA, "Pia": PIA}[next(each for each in got if each != "late")]
    assert tasks.held(owner).mine == {DOOR}


def test_not_now_is_for_her_and_for_a_week(tasks: Tasks, clock: Clock) -> None:
    tasks.take(VERA, DOOR)
    tasks.skip(VERA, DOOR)
    assert tasks.held(VERA).left == {DOOR} and tasks.held(VERA).mine == frozenset()
    assert tasks.held(PIA).others == frozenset()
    clock.now += WEEK
    assert tasks.held(VERA).left == frozenset()


def test_a_doubt_goes_to_others_with_her_note_until_somebody_did_it(tasks: Tasks, clock: Clock) -> None:
    tasks.take(VERA, DOOR)
    tasks.unsure(VERA, DOOR, "  the page has   moved ")
    assert tasks.held(VERA).left == {DOOR} and tasks.held(PIA).others == frozenset()
    clock.now += WEEK + 1
    assert [(each.name, each.note) for each in tasks.doubts(PIA, DOOR)] == [("Vera", "the page has moved")]
    assert tasks.doubts(PIA, SNAP) == ()
    tasks.done(PIA, DOOR)
    assert tasks.doubts(VERA, DOOR) == ()


def test_she_sees_what_she_did_herself_and_nobody_else(tasks: Tasks, clock: Clock) -> None:
    tasks.done(VERA, DOOR)
    tasks.done(PIA, SNAP)
    assert tasks.did(VERA, clock.now - 10) == (DOOR,)
    assert tasks.did(VERA, clock.now + 10) == ()
    tasks.undone(VERA, DOOR)
    assert tasks.did(VERA, clock.now - 10) == () and tasks.held(VERA).mine == {DOOR}


def test_what_she_did_is_not_shown_to_her_again_for_a_week(tasks: Tasks, clock: Clock) -> None:
    tasks.done(VERA, DOOR)
    assert tasks.held(VERA).left == {DOOR}
    clock.now += WEEK
    assert tasks.held(VERA).left == frozenset()


@pytest.mark.parametrize("who", EVERYBODY, ids=lambda who: who.name)
def test_only_volunteers_and_publishers_have_tasks(tasks: Tasks, who: Viewer) -> None:
    acts = [
        lambda: tasks.take(who, DOOR),
        lambda: tasks.skip(who, DOOR),
        lambda: tasks.unsure(who, DOOR, ""),
        lambda: tasks.done(who, DOOR),
        lambda: tasks.held(who),
        lambda: tasks.doubts(who, DOOR),
        lambda: tasks.did(who, 0),
    ]
    for act in acts:
        if who.has(Role.VOLUNTEER, Role.PUBLISHER):
            act()
        else:
            with pytest.raises(NotYours):
                act()
