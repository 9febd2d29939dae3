"""Where a conversation can go: first answers behind branches, circles, what is reached."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import content
from bot.engine.actions import Ask, Say, ShowServices
from bot.engine.errors import TooManySteps
from bot.engine.flow import Group, Script
from bot.engine.read import read_flow
from bot.engine.turn import Turn
from bot.engine.walk import NOTICES, WHERE_ABROAD, walk
from bot.language import Language
from bot.message import Channel
from bot.scripts.ways import beginnings, circles, first_passages, leading_to, onward, passages_from, reachable, starts
from bot.session import Session, Spot

SHIPPED = content.load().script
MENU = {"first": {"say": "x", "choices": {1: {"label": "a", "go": "first"}}}}


def script(**flows: dict[str, Any]) -> Script:
    """A script of these flows, each by its steps, and a menu."""
    made = {
        name: read_flow(
            {"name": name, "title": "x", "steps": steps}, f"flows/conversation/{name}.yml", Group.CONVERSATION
        )
        for name, steps in {"menu": MENU, **flows}.items()
    }
    return Script.of(made)


def names(script: Script, flow: str) -> set[str]:
    """The first answers of a flow, as the steps that speak."""
    return {" ".join(step.name for _, step in passage.said) for passage in first_passages(script, script.flows[flow])}


FIRST = {
    "it speaks at once": ({"first": {"say": "x", "end": True}}, {"first"}),
    "a branch, taken each way": (
        {
            "first": {"branch": [{"if": "has place", "go": "here"}, {"go": "where"}]},
            "here": {"say": "x", "end": True},
            "where": {"say": "x", "ask": "place", "go": "here"},
        },
        {"here", "where"},
    ),
    "it speaks twice": (
        {"first": {"say": "x", "go": "second"}, "second": {"say": "y", "end": True}},
        {"first second"},
    ),
    "it goes on into the menu": ({"first": {"say": "x", "flow": "menu"}}, {"first first"}),
    "it goes back": ({"first": {"say": "x", "return": True}}, {"first first"}),
    "it says nothing": ({"first": {"erase": True, "end": True}}, {""}),
    "it goes in a circle": (
        {"first": {"say": "x", "go": "second"}, "second": {"say": "y", "go": "first"}},
        {"first second"},
    ),
    "it leads to a flow that is not there": ({"first": {"say": "x", "flow": "nowhere"}}, {"first"}),
}


@pytest.mark.parametrize("name", FIRST)
def test_first_answers(name: str) -> None:
    steps, expected = FIRST[name]
    assert names(script(x=steps), "x") == expected


CIRCLES = {
    "none: it waits in between": (
        {"x": {"first": {"say": "x", "ask": "place", "go": "second"}, "second": {"go": "first"}}},
        [],
    ),
    "a step that leads to itself": ({"x": {"first": {"go": "first"}}}, [{"x.first"}]),
    "over two flows": ({"x": {"first": {"flow": "y"}}, "y": {"first": {"flow": "x"}}}, [{"x.first", "y.first"}]),
    "one arm of a branch": (
        {"x": {"first": {"branch": [{"if": "has place", "go": "first"}, {"flow": "menu"}]}}},
        [{"x.first"}],
    ),
    "back, from the menu itself": ({"menu": {"first": {"say": "x", "return": True}}}, [{"menu.first"}]),
    "two circles": (
        {"x": {"first": {"go": "first"}}, "y": {"first": {"go": "second"}, "second": {"go": "first"}}},
        [{"x.first"}, {"y.first", "y.second"}],
    ),
    "a tail that leads into one": (
        {"x": {"first": {"go": "second"}, "second": {"go": "third"}, "third": {"go": "second"}}},
        [{"x.second", "x.third"}],
    ),
}


@pytest.mark.parametrize("name", CIRCLES)
def test_circles_without_waiting(name: str) -> None:
    flows, expected = CIRCLES[name]
    found = [{f"{spot.flow}.{spot.step}" for spot in circle} for circle in circles(script(**flows))]
    assert sorted(map(sorted, found)) == sorted(map(sorted, expected))


def test_what_is_reached_can_be_gone_back_to_and_the_other_way_round() -> None:
    everything = {Spot(flow.name, step) for flow in SHIPPED.flows.values() for step in flow.steps}
    for start in starts(SHIPPED)[:10]:
        reached = reachable(SHIPPED, [start])
        assert reached <= everything
    goal = Spot("services_legal", "show")
    assert {start for start in starts(SHIPPED) if goal in reachable(SHIPPED, [start])} == set(
        starts(SHIPPED)
    ) & leading_to(SHIPPED, [goal])


def test_every_step_that_speaks_is_in_some_answer() -> None:
    said = {
        f"{flow.name}.{step.name}"
        for spot in beginnings(SHIPPED)
        for passage in passages_from(SHIPPED, spot)
        for flow, step in passage.said
    }
    speaking = {
        f"{flow.name}.{step.name}"
        for flow in SHIPPED.flows.values()
        for step in flow.steps.values()
        if step.say or step.services
    }
    assert said == speaking


NAMES = ("a", "b", "c", "d")
WAYS = st.one_of(
    st.sampled_from(NAMES).map(lambda name: {"say": "x", "go": name}),
    st.sampled_from([*NAMES[:2], "menu"]).map(lambda name: {"flow": f"flow_{name}" if name != "menu" else name}),
    st.sampled_from(NAMES).map(lambda name: {"say": "x", "ask": "text", "go": name}),
    st.just({"say": "x", "end": True}),
    st.just({"return": True}),
)


@settings(deadline=None)
@given(st.lists(st.lists(WAYS, min_size=4, max_size=4), min_size=2, max_size=2))
def test_a_circle_is_told_where_the_engine_would_break_off_and_nowhere_else(drawn: list[list[dict[str, Any]]]) -> None:
    made = {f"flow_{name}": dict(zip(NAMES, steps, strict=True)) for name, steps in zip(NAMES, drawn, strict=False)}
    walked = script(**made)
    broken = set()
    for flow in made:
        for name in NAMES:
            try:
                walk(walked, Session(known=True), Turn(), Spot(flow, name))
            except TooManySteps:
                broken.add(Spot(flow, name))
    told = {spot for circle in circles(walked) for spot in circle}
    assert told <= broken, "every circle breaks a turn"
    assert all(told & reached_without_waiting(walked, spot) for spot in broken), "every broken turn is in a circle told"


def reached_without_waiting(walked: Script, spot: Spot) -> set[Spot]:
    reached, waiting = {spot}, [spot]
    while waiting:
        new = set(onward(walked, waiting.pop())) - reached
        reached |= new
        waiting += new
    return reached


PLACED = "US;60629;Chicago;IL;41.78;-87.71;zip"


@pytest.mark.parametrize("place", [None, PLACED, "GT;;Xela;Quetzaltenango;14.83;-91.52;town"])
@pytest.mark.parametrize("channel", Channel)
def test_the_engine_walks_no_other_way(place: str | None, channel: Channel) -> None:
    """What the engine says from every beginning is one of the answers that are measured."""
    for spot in beginnings(SHIPPED):
        session = Session(language=Language.ES, place=place, known=True)
        _, actions = walk(SHIPPED, session, Turn(channel=channel), spot)
        advice = [action.advice for action in actions if isinstance(action, ShowServices)]
        said = [(say.flow, say.step) for say in (*actions, *advice) if isinstance(say, Say)]
        asked = [(ask.flow, ask.step) for ask in actions if isinstance(ask, Ask)]
        if (NOTICES, WHERE_ABROAD) in said and asked:
            # In place of the question of the step, and shorter than any of them.
            said[said.index((NOTICES, WHERE_ABROAD))] = asked[0]
        measured = [
            [(flow.name, step.name) for flow, step in each.said if step.say] for each in passages_from(SHIPPED, spot)
        ]
        assert said in measured, spot
