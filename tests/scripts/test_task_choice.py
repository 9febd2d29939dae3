"""Which tasks stand on the first page: few, of several kinds, what is urgent first, nothing that is not hers to do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.frozen import replace
from bot.language import Language
from bot.scripts.tasks import MINUTES_IN_ALL, MOST, Held, Kind, Open, Task, Worker, chosen, minutes

MARTA = Worker(publisher=False, works_in=frozenset({Language.ES}), state="US-IL")
LUZ = Worker(publisher=True, works_in=frozenset({Language.ES, Language.EN, Language.QUC}), state="")


def fact(name: str, **more: object) -> Open:
    return replace(Open(Task(Kind.FACT, name)), **more)


def call(code: str, state: str = "US-IL", **more: object) -> Open:
    return replace(Open(Task(Kind.CALL, code), state=state), **more)


def line(id: str, state: str = "", **more: object) -> Open:
    return replace(Open(Task(Kind.LINE, id), state=state), **more)


def text(key: str, language: Language = Language.ES, **more: object) -> Open:
    return replace(Open(Task(Kind.TEXT, f"{language}:{key}"), language=language), **more)


def phrase(id: str, language: Language = Language.ES) -> Open:
    return Open(Task(Kind.PHRASE, id), language=language)


def review(flow: str) -> Open:
    return Open(Task(Kind.REVIEW, flow), publishers=True)


DOOR, SNAP = fact("door_closed", urgent=True, weight=9), fact("snap", weight=1)
NEAR, FAR = call("casa_chicago"), call("hogar_houston", state="US-TX", weight=-5)
SPANISH, KICHE = text("home_visit.ask.say"), text("home_visit.ask.say", Language.QUC)

CHOICES: dict[str, tuple[list[Open], Worker, Held, list[str]]] = {
    "nothing to do": ([], MARTA, Held(), []),
    "what is for people in danger before what runs out first": ([SNAP, DOOR], MARTA, Held(), ["door_closed", "snap"]),
    "her own state before one where more families ask": ([FAR, NEAR], MARTA, Held(), ["casa_chicago", "hogar_houston"]),
    "her own state before who works everywhere": (
        [call("everywhere", state=""), NEAR],
        MARTA,
        Held(),
        ["casa_chicago", "everywhere"],
    ),
    "K'iche' not for who does not work in it": ([KICHE, SPANISH], MARTA, Held(), ["es:home_visit.ask.say"]),
    "a review not for a volunteer": ([review("car_stop"), SNAP], MARTA, Held(), ["snap"]),
    "a line of hers before one that works everywhere, and one of another state last": (
        [line("co_rapid", "US-CO"), line("orr"), line("dv_chicago", "US-IL")],
        MARTA,
        Held(),
        ["dv_chicago", "orr", "co_rapid"],
    ),
    "a line that somebody doubts not for a volunteer": ([line("orr", publishers=True), SNAP], MARTA, Held(), ["snap"]),
    "a line and a call share a turn, and the nearer begins": (
        [SPANISH, line("orr"), line("eoir"), NEAR, FAR],
        MARTA,
        Held(),
        ["casa_chicago", "es:home_visit.ask.say", "eoir"],
    ),
    "a line before a call in another state": ([line("orr"), FAR], MARTA, Held(), ["orr", "hogar_houston"]),
    "a line that somebody doubts before every call": (
        [NEAR, line("orr", urgent=True, publishers=True), SNAP],
        LUZ,
        Held(),
        ["orr", "snap", "casa_chicago"],
    ),
    "all kinds at once leave room for a sentence and a review": (
        [SNAP, NEAR, line("orr"), SPANISH, phrase("p1"), review("car_stop")],
        replace(LUZ, state="US-IL"),
        Held(),
        ["snap", "casa_chicago", "es:home_visit.ask.say", "p1", "car_stop"],
    ),
    "a review for a publisher": ([review("car_stop")], LUZ, Held(), ["car_stop"]),
    "one of each kind before a second of any": (
        [SNAP, fact("wic", weight=2), NEAR, phrase("p1"), phrase("p2")],
        MARTA,
        Held(),
        ["snap", "casa_chicago", "p1", "wic", "p2"],
    ),
    "what another has taken is left out": ([DOOR, SNAP], MARTA, Held(others=frozenset({DOOR.task})), ["snap"]),
    "what she put off is left out": ([DOOR, SNAP], MARTA, Held(left=frozenset({DOOR.task})), ["snap"]),
    "what she has taken comes first": ([DOOR, SNAP], MARTA, Held(mine=frozenset({SNAP.task})), ["snap", "door_closed"]),
    "two calls and a fact are twenty minutes": (
        [NEAR, FAR, call("zacatecas", state="US-TX"), SNAP],
        MARTA,
        Held(),
        ["snap", "casa_chicago", "hogar_houston"],
    ),
    "never more than five": ([phrase(f"p{n}") for n in range(9)], MARTA, Held(), [f"p{n}" for n in range(5)]),
}


@pytest.mark.parametrize(("found", "worker", "held", "subjects"), CHOICES.values(), ids=list(CHOICES))
def test_these_are_chosen(found: list[Open], worker: Worker, held: Held, subjects: list[str]) -> None:
    assert [each.task.subject for each in chosen(found, worker, held)] == subjects


OPENS = st.builds(
    Open,
    st.builds(Task, st.sampled_from(Kind), st.text("abc", min_size=1, max_size=3)),
    urgent=st.booleans(),
    language=st.sampled_from([None, *Language]),
    publishers=st.booleans(),
)


@given(st.lists(OPENS, max_size=25, unique_by=lambda each: each.task))
def test_they_are_few_and_short_and_hers(found: list[Open]) -> None:
    mine = chosen(found, MARTA, Held())
    assert len(mine) <= MOST and minutes(mine) <= MINUTES_IN_ALL + 3
    assert all(not each.publishers and each.language in (None, Language.ES) for each in mine)
    assert bool(mine) == any(not each.publishers and each.language in (None, Language.ES) for each in found)
