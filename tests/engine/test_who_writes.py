"""A child that was recognised as one stays one whatever it asks next, and somebody who relays too; until the topic is dropped."""

from __future__ import annotations

import pytest

from bot.engine.actions import Say
from bot.engine.advance import advance
from bot.engine.turn import Turn
from bot.engine.who_writes import is_minor, is_relayed
from bot.frozen import replace
from bot.intents.reserved import Reserved, Word
from bot.session import Session, Spot, Writer, from_dict, to_dict
from tests.engine.scenes import KNOWN, NOW, SCRIPT, at, flows_said, heard, turn

PERSON = turn(number=0, desk=True)
MENU = turn(reserved=Reserved(Word.MENU))
CHILD = replace(KNOWN, writer=Writer.CHILD)
RELAY = replace(KNOWN, writer=Writer.RELAY)


def after(session: Session, *turns: Turn) -> Session:
    for each in turns:
        session, _ = advance(SCRIPT, session, each, NOW)
    return session


def steps(session: Session, message: Turn) -> list[str]:
    return flows_said(advance(SCRIPT, session, message, NOW)[1])


def asks(flow: str) -> Turn:
    return turn(words=6, understanding=heard((flow, 0.97)))


RECOGNISED = {
    "alone, in a phrase": (KNOWN, turn(words=6, urgent="child_alone")),
    "alone, heard by the model": (KNOWN, asks("child_alone")),
    "says its age": (KNOWN, turn(words=4, minor=True, understanding=heard(("affirm", 0.3)))),
    "I am the child": (at("child_distress", "first"), turn(number=6)),
    "a visa for me": (at("youth_visa", "first"), turn(number=1)),
    "I am a minor": (at("children_left", "first"), turn(number=1)),
}


@pytest.mark.parametrize(("session", "message"), RECOGNISED.values(), ids=RECOGNISED)
def test_a_child_stays_one_after_menu(session: Session, message: Turn) -> None:
    session = after(session, message, MENU)
    assert session.trail == () and session.writer is Writer.CHILD
    assert steps(session, PERSON) == ["human.consent_child"]


@pytest.mark.parametrize(
    "flow", sorted({"court_hearing", "rumor", "services_legal", "about", "agents_here_now", "self_harm"})
)
def test_a_child_stays_one_after_another_question(flow: str) -> None:
    session = after(KNOWN, turn(words=6, urgent="child_alone"), asks(flow), MENU)
    assert steps(session, PERSON) == ["human.consent_child"]


def test_nobody_is_taken_for_a_child_by_being_shown_the_way_there() -> None:
    for flow in ("children_topics", "children_left", "child_distress", "youth_visa", "some_danger"):
        assert steps(after(at(flow), MENU), PERSON) == ["human.consent"], flow


FOR_CHILDREN = {
    "children are scared": ("child_distress", "child_distress.me"),
    "children without an adult": ("children_left", "child_alone.first"),
    "visa for the young": ("youth_visa", "youth_visa.me"),
}


@pytest.mark.parametrize(("flow", "first"), FOR_CHILDREN.values(), ids=FOR_CHILDREN)
def test_a_child_is_led_to_the_words_for_children(flow: str, first: str) -> None:
    offered = replace(CHILD, offered=(flow,))
    assert steps(offered, turn(number=1)) == [first]
    assert steps(replace(offered, writer=None), turn(number=1)) == [f"{flow}.first"]


ADULTS = {
    "an adult about children left": (at("child_alone", "first", writer=Writer.CHILD), 5, "children_left.first"),
    "an adult about a child's fear": (at("child_distress", "me", writer=Writer.CHILD), 5, "child_distress.first"),
    "the adult for whom somebody wrote": (
        at("relay", "private", writer=Writer.RELAY, trail=(Spot("violence_help", "first"),)),
        3,
        "violence_help.first",
    ),
}


@pytest.mark.parametrize(("session", "digit", "first"), ADULTS.values(), ids=ADULTS)
def test_who_says_to_be_an_adult_is_one(session: Session, digit: int, first: str) -> None:
    assert steps(session, turn(number=digit)) == [first]
    session = after(session, turn(number=digit), MENU)
    assert not is_minor(session) and not is_relayed(session)
    assert steps(session, PERSON) == ["human.consent"]
    assert steps(session, asks("violence_help")) == ["violence_help.first"]


def test_who_writes_for_another_does_so_after_menu_too() -> None:
    session = after(KNOWN, turn(words=9, relayed=True), MENU)
    assert steps(session, asks("violence_help")) == ["relay.private"]
    assert steps(session, PERSON) == ["human.consent"], "the adult is asked"


def test_a_child_who_relays_and_speaks_of_itself_reads_out_nothing() -> None:
    session = after(KNOWN, turn(words=9, relayed=True), turn(words=4, minor=True, understanding=heard(("affirm", 0.3))))
    assert is_minor(session) and is_relayed(session)


DROPPED = {
    "SALIR": (turn(reserved=Reserved(Word.EXIT)), NOW),
    "BORRAR": (turn(reserved=Reserved(Word.ERASE)), NOW),
    "a quarter of an hour": (turn(words=3, understanding=heard(("menu", 0.97))), NOW + 900),
}


@pytest.mark.parametrize(("message", "now"), DROPPED.values(), ids=DROPPED)
def test_it_goes_with_the_topic(message: Turn, now: float) -> None:
    session, _ = advance(SCRIPT, CHILD, message, now)
    assert session.writer is None
    assert steps(session, PERSON) == ["human.consent"]
    assert advance(SCRIPT, CHILD, MENU, NOW + 899)[0].writer is Writer.CHILD


@pytest.mark.parametrize("writer", [None, *Writer])
def test_it_is_kept_as_one_letter(writer: Writer | None) -> None:
    kept = to_dict(replace(KNOWN, writer=writer))
    assert kept.get("w") == (writer.value if writer else None)
    assert from_dict(kept).writer is writer
    assert len(str(kept)) - len(str(to_dict(KNOWN))) <= len(", 'w': 'c'")


def test_a_session_of_a_version_that_does_not_know_it_tells_it_by_its_way() -> None:
    kept = to_dict(at("menu", trail=(Spot("child_alone", "first"),)))
    assert "w" not in kept and is_minor(from_dict(kept))
    assert from_dict(kept | {"w": "?"}) == Session(), "what cannot be read is no session"


def test_what_is_said_is_a_step_that_exists() -> None:
    for flow in SCRIPT.flows:
        _, actions = advance(SCRIPT, CHILD, asks(flow), NOW)
        assert all(SCRIPT.step(said.flow, said.step) for said in actions if isinstance(said, Say))
