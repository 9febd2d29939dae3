"""A phone that lay about: after its idle time nothing of the former topic is left, whoever takes it up and whatever is written."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine.advance import advance
from bot.engine.turn import Turn
from bot.engine.who_writes import told_by
from bot.frozen import replace
from bot.language import Language
from bot.session import Session, Spot, Writer
from tests.engine.any_turn import SESSIONS, TURNS
from tests.engine.scenes import CHICAGO, NOW, SCRIPT, at, flows_said, turn

pytestmark = pytest.mark.slow

QUARTER, HALF = 900, 1_800
DANGER = Spot("danger_now", "first")
LIMITS: dict[str, tuple[Session, bool, int]] = {
    "a rights flow": (at("home_visit"), False, HALF),
    "a menu": (at("menu"), False, HALF),
    "violence": (at("violence_help"), False, QUARTER),
    "trafficking": (at("trafficking"), False, QUARTER),
    "a visa for victims": (at("victim_visa"), False, QUARTER),
    "danger": (at("danger_now"), False, QUARTER),
    "self-harm": (at("self_harm"), False, QUARTER),
    "a child alone, which is urgent": (at("child_alone"), False, QUARTER),
    "a child who is scared": (at("child_distress"), False, QUARTER),
    "agents here, which is urgent": (at("agents_here_now"), False, QUARTER),
    "a menu that leads back to danger": (at("menu", trail=(Spot("menu", "first"), DANGER)), False, QUARTER),
    "organizations, after danger": (at("services_counseling", "where", trail=(DANGER,)), False, QUARTER),
    "to be resumed": (at("menu", resume=DANGER), False, QUARTER),
    "did you mean danger": (at("menu", offered=("danger_now",)), False, QUARTER),
    "did you mean a town": (at("menu", offered=(CHICAGO,)), False, HALF),
    "a menu, and a child writes": (at("menu", writer=Writer.CHILD), False, QUARTER),
    "a menu, and somebody writes for another": (at("menu", writer=Writer.RELAY), False, HALF),
    "a shelter's phone": (at("home_visit"), True, QUARTER),
    "a shelter's phone, nothing waits": (replace(at("menu"), at=None, place=CHICAGO), True, QUARTER),
}


@pytest.mark.parametrize("name", LIMITS)
def test_at_the_minute_and_not_before(name: str) -> None:
    session, shared, limit = LIMITS[name]
    session = replace(session, place=CHICAGO)
    for idle, kept in ((limit - 0.001, True), (limit, False), (limit + 60, False)):
        after, _ = advance(SCRIPT, session, turn(number=1, shared=shared), NOW + idle)
        assert (after.place == CHICAGO) is kept, f"after {idle} s"
        assert after.language is Language.ES


def test_every_flow_about_danger_or_violence_is_forgotten_after_a_quarter_of_an_hour() -> None:
    soon = {flow.name for flow in SCRIPT.flows.values() if flow.delicate}
    assert {
        "child_alone",
        "child_distress",
        "children_left",
        "violence_help",
        "danger_now",
        "self_harm",
        "trafficking",
    } <= soon
    for flow in SCRIPT.flows.values():
        for step in flow.steps.values():
            after, _ = advance(SCRIPT, at(flow.name, step.name, place=CHICAGO), Turn(words=0), NOW + QUARTER)
            child = told_by(Spot(flow.name, step.name)) is Writer.CHILD
            assert (after.place is None) is (flow.name in soon or child), f"{flow.name}.{step.name}"


@settings(max_examples=250, deadline=None)
@given(SESSIONS, TURNS, st.booleans(), st.sampled_from([HALF, HALF + 1, 7_200, 86_000]))
def test_whatever_is_written_is_answered_as_to_anybody(
    session: Session, message: Turn, shared: bool, idle: int
) -> None:
    """As to somebody of whom nothing but the language is known: no way back, no list, no place, no "back to"."""
    before = replace(session, known=True, updated=NOW - idle)
    anybody = Session(language=session.language, known=True, updated=NOW)
    heard = replace(message, shared=shared)
    assert advance(SCRIPT, before, heard, NOW) == advance(SCRIPT, anybody, heard, NOW)


_delicate = st.sampled_from(
    [Spot(flow.name, step) for flow in SCRIPT.flows.values() if flow.delicate for step in flow.steps]
)


@settings(max_examples=250, deadline=None)
@given(SESSIONS, _delicate, st.sampled_from(["at", "trail", "resume"]), TURNS)
def test_so_it_is_after_a_quarter_wherever_danger_stands(
    session: Session, spot: Spot, where: str, message: Turn
) -> None:
    put: dict[str, Any] = {where: (*session.trail, spot) if where == "trail" else spot}
    before = replace(session, known=True, updated=NOW - QUARTER, **put)
    anybody = Session(language=session.language, known=True, updated=NOW)
    assert advance(SCRIPT, before, message, NOW) == advance(SCRIPT, anybody, message, NOW)


def test_within_its_time_the_topic_shows() -> None:
    """So that the tests above can fail."""
    _, actions = advance(SCRIPT, at("menu", trail=(DANGER,)), turn(number=9), NOW + QUARTER - 1)
    assert any(said.startswith("danger_now.") for said in flows_said(actions))


def test_the_offer_to_go_back_is_gone_too() -> None:
    left = at("home_visit", trail=(Spot("menu", "first"),))
    for idle, offered in ((HALF - 1, "home_visit"), (HALF, None)):
        _, actions = advance(SCRIPT, left, turn(words=5, urgent="danger_now"), NOW + idle)
        assert actions[-1].back_to == offered  # type: ignore[union-attr]
