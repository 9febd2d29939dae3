"""Where the flow for a person leads with a desk and without one, and what who writes for another is told."""

from __future__ import annotations

import pytest

from bot.engine.actions import Action, Ask, Escalate
from bot.engine.advance import advance
from bot.engine.errors import FlowError
from bot.engine.flow import Group
from bot.engine.read import BARE_SUBJECTS, read_flow
from bot.engine.turn import Turn
from bot.engine.walk import BARE
from bot.engine.who_writes import is_relayed
from bot.frozen import replace
from bot.session import Session, Spot, Writer
from tests.engine.scenes import CHICAGO, KNOWN, NOW, SCRIPT, at, flows_said, heard, turn


def came(*steps: str, writer: Writer | None = None) -> Session:
    """Somebody who stands at the last of these steps and came along the others."""
    *trail, here = (Spot(*step.split(".")) for step in steps)
    return replace(KNOWN, at=here, trail=tuple(trail), writer=writer)


def said(session: Session, message: Turn) -> tuple[list[str], Session, tuple[Action, ...]]:
    moved, actions = advance(SCRIPT, session, message, NOW)
    return flows_said(actions), moved, actions


PERSON = turn(number=0, desk=True)
CHILD = came("child_distress.first", "child_distress.me")
WHERE_0_LEADS = {
    "nobody at the desk": (at("menu"), turn(number=0), "human.lines"),
    "somebody is there": (at("menu"), PERSON, "human.consent"),
    "a child": (CHILD, PERSON, "human.consent_child"),
    "a young person": (came("youth_visa.first", "youth_visa.me"), PERSON, "human.consent_child"),
    "a child, and nobody at the desk": (CHILD, turn(number=0), "human.lines"),
    "an adult for a child": (came("child_alone.first", "children_left.first", writer=Writer.ADULT), PERSON, "human.consent"),
    "a person has it already": (at("menu"), replace(PERSON, escalated=True), "human.there"),
    "a person has it, and the desk is gone": (at("menu"), turn(number=0, escalated=True), "human.there"),
    "a bad day": (at("menu"), replace(PERSON, bad_day=True), "human.many_else"),
    "a bad day and danger": (at("danger_now", "first"), replace(PERSON, bad_day=True), "human.many_first"),
    "a bad day and a child": (CHILD, replace(PERSON, bad_day=True), "human.many_first"),
    "a bad day, not understood twice": (at("not_understood", "second"), replace(PERSON, bad_day=True), "human.many_first"),
    "a bad day, and a person has it": (at("menu"), replace(PERSON, bad_day=True, escalated=True), "human.there"),
    "helped: no": (at("home_visit"), turn(words=4, desk=True, understanding=heard(("human", 0.95))), "human.consent"),
}  # fmt: skip


@pytest.mark.parametrize(("session", "message", "first"), WHERE_0_LEADS.values(), ids=WHERE_0_LEADS)
def test_where_a_person_is_asked_for(session: Session, message: Turn, first: str) -> None:
    steps, moved, actions = said(session, message)
    assert steps[0] == first
    assert not any(isinstance(action, Escalate) for action in actions), "nobody is handed over before a yes"


def test_on_a_bad_day_the_question_follows_the_wait() -> None:
    steps, moved, actions = said(at("danger_now", "first"), replace(PERSON, bad_day=True))
    assert steps == ["human.many_first", "human.consent"] and isinstance(actions[-1], Ask)
    steps, _, _ = said(CHILD, replace(PERSON, bad_day=True))
    assert steps == ["human.many_first", "human.consent_child"]


@pytest.mark.parametrize("step", ["consent", "consent_child"])
def test_only_a_yes_hands_over(step: str) -> None:
    _, moved, yes = said(came("menu.first", f"human.{step}"), turn(yes=True, words=1, desk=True))
    assert Escalate("asked_for_a_person") in yes and moved.at is None
    steps, _, no = said(came("menu.first", f"human.{step}"), turn(yes=False, words=1, desk=True))
    assert not any(isinstance(action, Escalate) for action in no)
    assert steps[0] == ("human.declined" if step == "consent" else "human.declined_child")


def test_danger_in_the_place_of_a_yes_is_answered_and_hands_nobody_over() -> None:
    steps, moved, actions = said(
        came("menu.first", "human.consent"), turn(yes=True, urgent="agents_here_now", words=6, desk=True)
    )
    assert steps[0] == "agents_here_now.first"
    assert not any(isinstance(action, Escalate) for action in actions)


def test_a_child_alone_is_asked_only_when_it_chooses_a_person() -> None:
    steps, moved, _ = said(KNOWN, turn(urgent="child_alone", words=6, desk=True))
    assert steps[0] == "child_alone.first"
    steps, _, _ = said(moved, turn(number=2, desk=True))
    assert steps == ["human.consent_child"]
    steps, _, _ = said(moved, turn(number=2))
    assert steps == ["child_alone.phones"], "without a desk as ever"


def test_every_condition_that_a_flow_may_name_is_known_to_the_walk() -> None:
    assert set(BARE) == set(BARE_SUBJECTS)


def test_a_condition_that_nobody_knows_is_refused_in_words() -> None:
    steps = {"first": {"branch": [{"if": "desk sleeps", "go": "first"}, {"go": "first"}]}}
    with pytest.raises(FlowError, match="desk answers"):
        read_flow({"name": "x", "title": "x", "steps": steps}, "flows/conversation/x.yml", Group.CONVERSATION)


RELAYED = turn(words=9, relayed=True)
HELD_BACK = {
    "violence": ("violence_help", "relay.private"),
    "trafficking": ("trafficking", "relay.private"),
    "visas for victims": ("victim_visa", "relay.private"),
    "wanting to die": ("self_harm", "relay.life"),
    "danger now": ("danger_now", "danger_now.first"),
    "agents at the door": ("agents_here_now", "agents_here_now.first"),
    "court": ("court_hearing", "court_hearing.first"),
    "a lawyer": ("services_legal", "services_legal.where"),
}


@pytest.mark.parametrize(("flow", "first"), HELD_BACK.values(), ids=HELD_BACK)
def test_what_who_relays_is_told(flow: str, first: str) -> None:
    understood = heard((flow, 0.97))
    steps, moved, _ = said(KNOWN, replace(RELAYED, understanding=understood))
    assert steps[0] == first
    assert is_relayed(moved)
    # Somebody of whom nothing says so gets the answer.
    assert not said(KNOWN, turn(words=9, understanding=understood))[0][0].startswith("relay")


def test_what_was_said_before_holds_for_the_next_message() -> None:
    _, moved, _ = said(KNOWN, RELAYED)
    assert moved.at == Spot("relay", "first")
    steps, moved, _ = said(moved, turn(words=6, understanding=heard(("violence_help", 0.97))))
    assert steps[0] == "relay.private"
    steps, _, _ = said(moved, turn(number=1, desk=True))
    assert steps == ["human.consent"], "the adult is asked, not the child"


def test_an_adult_goes_on_to_what_was_held_back() -> None:
    _, moved, _ = said(KNOWN, replace(RELAYED, understanding=heard(("violence_help", 0.97))))
    steps, _, _ = said(moved, turn(number=3))
    assert steps[0] == "violence_help.first"
    steps, _, _ = said(moved, turn(number=9))
    assert steps[0] == "violence_help.first"


def test_a_menu_is_no_way_round() -> None:
    _, moved, _ = said(KNOWN, RELAYED)
    _, moved, _ = said(moved, turn(urgent="danger_now", words=5))
    way = replace(moved, at=Spot("danger_now", "hurt")) if "hurt" in SCRIPT.flows["danger_now"].steps else moved
    step = SCRIPT.step(way.at.flow, way.at.step) if way.at else None
    assert step is not None
    for choice in step.choices:
        if choice.target.flow == "violence_help":
            assert said(way, turn(number=choice.digit))[0][0] == "relay.private"
    offered = replace(moved, offered=("violence_help", "court_hearing"))
    assert said(offered, turn(number=1))[0][0] == "relay.private"
    assert said(offered, turn(number=2))[0][0] == "court_hearing.first"


CHILDREN = {
    "to whom a child's fear was answered": (at("child_distress"), "child_distress.me"),
    "about papers for the young": (at("youth_visa"), "youth_visa.me"),
    "about children left behind": (at("children_left"), "child_alone.first"),
    "out of nothing": (KNOWN, "child_distress.me"),
}


@pytest.mark.parametrize(("session", "first"), CHILDREN.values(), ids=CHILDREN)
def test_a_child_that_says_so_is_spoken_to_as_one(session: Session, first: str) -> None:
    steps, moved, _ = said(session, turn(words=4, minor=True, understanding=heard(("affirm", 0.3))))
    assert steps[0] == first
    assert said(moved, PERSON)[0][0] == "human.consent_child"


def test_what_a_child_surely_asks_is_answered() -> None:
    assert said(KNOWN, turn(words=9, minor=True, understanding=heard(("home_visit", 0.97))))[0][0] == "home_visit.first"


def test_a_place_beside_it_is_not_lost() -> None:
    steps, _, _ = said(KNOWN, replace(RELAYED, mentioned=CHICAGO, understanding=heard(("services_legal", 0.97))))
    assert not any(step.startswith("relay") for step in steps)
