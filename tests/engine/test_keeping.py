"""A question that somebody agreed to keep: who is asked, and what of the next message is kept. Danger and words come first."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from bot.engine.actions import Erase, KeepWords, OptOutChange
from bot.engine.advance import advance
from bot.engine.turn import Turn
from bot.frozen import replace
from bot.intents.reserved import Reserved, Word
from bot.session import Session, Spot, Writer, from_dict, to_dict
from tests.engine.any_turn import SESSIONS, TURNS
from tests.engine.scenes import CHICAGO, KNOWN, NOW, SCRIPT, at, flows_said, heard, turn

ASKED = at("keep_my_words", "first")
WORDS = at("keep_my_words", "words")
VAGUE = heard(("school_rights", 0.05), ("tps", 0.02))


def said(session: Session, **parts: Any) -> tuple[Session, tuple[Any, ...]]:
    return advance(SCRIPT, session, turn(**{"understanding": VAGUE, "words": 6, **parts}), NOW)


def kept(actions: tuple[Any, ...]) -> list[KeepWords]:
    return [action for action in actions if isinstance(action, KeepWords)]


def test_it_is_offered_where_nobody_understood_twice_and_leads_to_the_question() -> None:
    session, actions = said(replace(KNOWN, misses=1))
    assert flows_said(actions) == ["not_understood.learn"]
    session, actions = said(session, number=1, words=1, understanding=None)
    assert flows_said(actions) == ["keep_my_words.first"]
    session, actions = said(session, number=1, yes=True, words=1, understanding=None)
    assert flows_said(actions) == ["keep_my_words.words"] and not kept(actions)
    session, actions = said(session)
    assert kept(actions) == [KeepWords("school_rights")] and session.gave and session.at is None


@pytest.mark.parametrize(
    "session",
    [
        replace(KNOWN, writer=Writer.CHILD),
        replace(KNOWN, writer=Writer.RELAY),
        replace(KNOWN, gave=True),
        replace(KNOWN, trail=(Spot("violence_help", "first"),)),
        replace(KNOWN, trail=(Spot("danger_now", "first"),)),
        at("child_distress", "first"),
    ],
    ids=["a child", "somebody for another", "once before", "violence", "danger", "a child's fear"],
)
def test_who_is_not_asked_gets_the_way_to_a_person_alone(session: Session) -> None:
    _, actions = said(replace(session, misses=1))
    assert flows_said(actions) == ["not_understood.second"]


def test_nobody_is_asked_who_has_a_conversation_with_the_team() -> None:
    assert flows_said(said(replace(KNOWN, misses=1), escalated=True)[1]) == ["not_understood.second"]


def test_person_and_place_work_beside_the_offer() -> None:
    learn = at("not_understood", "learn", misses=2)
    assert flows_said(said(learn, number=0, words=1)[1])[0].startswith("human.")
    session, _ = said(learn, place=CHICAGO, words=1)
    assert session.place == CHICAGO and session.at == Spot("not_understood", "list")
    assert flows_said(said(learn, number=7, words=1, understanding=None)[1]) == ["notices.digit_unknown"]


@pytest.mark.parametrize(
    ("parts", "first"),
    [
        ({"urgent": "agents_here_now"}, "agents_here_now.first"),
        ({"understanding": heard(("danger_now", 0.9))}, "danger_now.first"),
        ({"reserved": Reserved(Word.MENU)}, "menu.first"),
        ({"reserved": Reserved(Word.STOP)}, "notices.stopped"),
        ({"reserved": Reserved(Word.KNOWN)}, None),
        ({"words": 0, "media": True, "understanding": None}, "voice_note.first"),
        ({"number": 0, "words": 1}, None),
        ({"number": 9, "words": 1}, None),
        ({"number": 5, "words": 1}, "keep_my_words.words"),
        ({"yes": True, "words": 1}, "keep_my_words.words"),
        ({"yes": False, "words": 1}, "keep_my_words.no"),
        ({"yes": False, "number": 2, "words": 1}, "keep_my_words.no"),
        ({"words": 2}, "keep_my_words.words"),
        ({"words": 0, "understanding": None}, None),
        ({"understanding": None, "model_down": True}, "notices.words_not_kept"),
        ({"understanding": heard(("school_rights", 0.5), ("violence_help", 0.1))}, None),
        ({"understanding": heard(("violence_help", 0.9))}, "violence_help.first"),
        ({"understanding": heard(("services_counseling", 0.9))}, None),
        ({"understanding": heard(("child_alone", 0.1), ("tps", 0.5))}, None),
        ({"media": True}, None),
        ({"forwarded": True}, None),
        ({"minor": True}, None),
        ({"relayed": True}, None),
        ({"some_child": True}, None),
        ({"escalated": True}, None),
    ],
    ids=str,
)
def test_what_is_never_kept(parts: dict[str, Any], first: str | None) -> None:
    session, actions = said(WORDS, **parts)
    assert not kept(actions) and not session.gave
    if first is not None:
        assert flows_said(actions)[0] == first


def test_erasing_and_stopping_do_what_they_do_everywhere() -> None:
    session, actions = said(WORDS, reserved=Reserved(Word.ERASE))
    assert actions == (Erase(),) and session.at is None
    _, actions = said(WORDS, reserved=Reserved(Word.STOP))
    assert OptOutChange(stopped=True) in actions


def test_a_no_keeps_nothing() -> None:
    session, actions = said(ASKED, number=2, yes=False, words=1)
    assert flows_said(actions) == ["keep_my_words.no"] and not session.gave


def test_a_second_question_is_not_kept_in_the_same_session() -> None:
    session, _ = said(WORDS)
    assert from_dict(to_dict(session)).gave
    assert not session.forgotten().gave, "who picks up the phone later is asked as anybody"
    again = replace(session, at=Spot("keep_my_words", "words"))
    assert not kept(said(again)[1])


@given(SESSIONS, TURNS)
def test_words_are_kept_only_where_they_were_asked_for_after_a_yes(session: Session, any_turn: Turn) -> None:
    _, actions = advance(SCRIPT, session, any_turn, NOW)
    if kept(actions):
        assert session.at == Spot("keep_my_words", "words") and not session.gave
        assert not (any_turn.urgent or any_turn.reserved or any_turn.opt_out or any_turn.media or any_turn.pin)
