"""What holds for a turn beside the order of its rules: stops, language, branches; and a machine that tries everything."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from bot.engine.actions import (
    Ask,
    Count,
    End,
    Erase,
    Offer,
    OptOutChange,
    Say,
    SetLanguage,
    Share,
    ShowServices,
    Silence,
)
from bot.engine.advance import advance
from bot.engine.errors import TooManySteps
from bot.engine.flow import Group, Script
from bot.engine.read import read_flow
from bot.engine.turn import Turn
from bot.engine.walk import walk
from bot.frozen import replace
from bot.intents.reserved import Reserved, Word
from bot.language import Language
from bot.message import Channel, OptOut
from bot.session import Session, Spot, from_dict, to_dict
from tests.engine.any_turn import SESSIONS, TURNS
from tests.engine.scenes import CHICAGO, KNOWN, NOW, SCRIPT, XELA, at, flows_said, heard, turn

pytestmark = pytest.mark.slow

STOPS = {
    "STOP on SMS: the carrier has answered": (
        turn(reserved=Reserved(Word.CARRIER_STOP)),
        [OptOutChange(True), Silence()],
    ),
    "OptOutType STOP": (turn(opt_out=OptOut.STOP), [OptOutChange(True), Silence()]),
    "OptOutType START": (turn(opt_out=OptOut.START), [OptOutChange(False), Silence()]),
    "OptOutType HELP": (turn(opt_out=OptOut.HELP), [Silence()]),
}


@pytest.mark.parametrize("name", STOPS)
def test_what_the_carrier_has_answered(name: str) -> None:
    message, expected = STOPS[name]
    session, actions = advance(SCRIPT, at("home_visit"), message, NOW)
    assert list(actions) == expected
    assert session.at == Spot("home_visit", "first")


def test_alto_is_ours_and_is_confirmed() -> None:
    _, actions = advance(SCRIPT, KNOWN, turn(reserved=Reserved(Word.STOP)), NOW)
    assert OptOutChange(True) in actions and flows_said(actions) == ["notices.stopped"]


def test_baja_then_yes_stops_and_no_does_not() -> None:
    session, _ = advance(SCRIPT, KNOWN, turn(reserved=Reserved(Word.ASK_STOP)), NOW)
    assert OptOutChange(True) in advance(SCRIPT, session, turn(yes=True, number=1), NOW)[1]
    assert OptOutChange(True) not in advance(SCRIPT, session, turn(yes=False, number=2), NOW)[1]


def test_yes_answers_a_waiting_step_and_undoes_a_stop() -> None:
    session, _ = advance(SCRIPT, KNOWN, turn(reserved=Reserved(Word.ASK_STOP)), NOW)
    _, actions = advance(SCRIPT, session, turn(yes=True, carrier_yes=False), NOW)
    assert OptOutChange(True) in actions
    _, actions = advance(SCRIPT, KNOWN, turn(yes=True, carrier_yes=True, understanding=heard(("affirm", 0.9))), NOW)
    assert OptOutChange(False) in actions


def test_erase_leaves_nothing() -> None:
    session, actions = advance(SCRIPT, at("home_visit", place=CHICAGO), turn(reserved=Reserved(Word.ERASE)), NOW)
    assert actions == (Erase(),)
    assert session.at is None and session.place is None


def test_a_language_name_is_a_place_where_a_place_is_asked() -> None:
    name = Reserved(Word.LANGUAGE, Language.QUC)
    _, actions = advance(SCRIPT, at("home_visit"), turn(reserved=name), NOW)
    assert SetLanguage(Language.QUC) in actions
    quiche = "GT;;Quiché;Quiché;15.03;-91.15;region"
    session, _ = advance(SCRIPT, at("services_legal", "where"), turn(reserved=name, place=quiche), NOW)
    assert session.place == quiche and session.language is Language.ES


def test_first_contact() -> None:
    new = Session()
    for message, welcomed in (
        (turn(words=5, understanding=heard(("school_rights", 0.9))), True),
        (turn(urgent="agents_here_now", words=5), False),
        (turn(understanding=heard(("greet", 0.9))), False),
    ):
        _, actions = advance(SCRIPT, new, message, NOW)
        assert ("notices.welcome_line" in flows_said(actions)) is welcomed
    _, actions = advance(SCRIPT, KNOWN, turn(words=5, understanding=heard(("school_rights", 0.9))), NOW)
    assert "notices.welcome_line" not in flows_said(actions)


def test_the_language_changes_only_on_strong_evidence_and_says_so() -> None:
    english = turn(words=6, spoken=Language.EN, understanding=heard(("school_rights", 0.9), language="en"))
    session, actions = advance(SCRIPT, KNOWN, english, NOW)
    assert session.language is Language.EN and "notices.language_switched" in flows_said(actions)
    session, _ = advance(SCRIPT, KNOWN, replace(english, words=2), NOW)
    assert session.language is Language.ES
    spanish = turn(words=6, spoken=Language.ES, understanding=heard(("school_rights", 0.9)))
    session, _ = advance(SCRIPT, replace(KNOWN, language=Language.QUC), spanish, NOW)
    assert session.language is Language.QUC


@pytest.mark.parametrize(
    ("session", "words", "urgent_in", "then"),
    [
        pytest.param(KNOWN, 6, Language.EN, Language.EN, id="danger in another language is answered in it, without a model"),
        pytest.param(KNOWN, 3, Language.EN, Language.ES, id="few words show nothing"),
        pytest.param(KNOWN, 6, None, Language.ES, id="small words alone do not show it"),
        pytest.param(
            replace(KNOWN, language=Language.QUC), 6, Language.ES, Language.QUC, id="who chose K'iche' and borrows Spanish keeps it"
        ),
    ],
)
def test_danger_shows_the_language_where_no_model_is_asked(
    session: Session, words: int, urgent_in: Language | None, then: Language
) -> None:
    spoken = Language.ES if session.language is Language.QUC else Language.EN
    danger = turn(words=words, spoken=spoken, urgent="danger_now", urgent_in=urgent_in)
    assert advance(SCRIPT, session, danger, NOW)[0].language is then


def test_branches() -> None:
    def outcome(condition: str, session: Session) -> str:
        value = {"name": "b", "title": "b", "steps": {
            "first": {"branch": [{"if": condition, "go": "yes"}, {"go": "no"}]},
            "yes": {"say": "y", "end": True}, "no": {"say": "n", "end": True},
        }}  # fmt: skip
        script = Script.of({"b": read_flow(value, "b.yml", Group.RIGHTS)})
        _, actions = walk(script, session, Turn(channel=Channel.SMS), Spot("b", "first"))
        return flows_said(actions)[0]

    assert outcome("has place", replace(KNOWN, place=XELA)) == "b.yes"
    assert outcome("has place", KNOWN) == "b.no"
    assert outcome("country is GT", replace(KNOWN, place=XELA)) == "b.yes"
    assert outcome("country is US", replace(KNOWN, place=XELA)) == "b.no"
    assert outcome("language is quc", replace(KNOWN, language=Language.QUC)) == "b.yes"
    assert outcome("channel is whatsapp", KNOWN) == "b.no"


def test_a_circle_that_never_asks_is_stopped() -> None:
    value = {"name": "c", "title": "c", "steps": {"a": {"say": "a", "go": "b"}, "b": {"say": "b", "go": "a"}}}
    script = Script.of({"c": read_flow(value, "c.yml", Group.RIGHTS)})
    with pytest.raises(TooManySteps):
        walk(script, KNOWN, Turn(), Spot("c", "a"))


SHARING = {
    "a right": (at("home_visit"), Share("home_visit", "first")),
    "a step further in": (at("home_visit", "papers"), Share("home_visit", "papers")),
    "what to do in danger": (at("agents_here_now"), Share("agents_here_now", "first")),
    "from a list, the answer before it": (at("agents_here_now", "near"), Share("agents_here_now", "first")),
    "from a question for a place too": (at("agents_here_now", "where"), Share("agents_here_now", "first")),
    "a list of organizations is not an answer": (at("services_legal", "show"), Say("notices", "share_nothing")),
    "a menu is not": (at("menu"), Say("notices", "share_nothing")),
    "nothing was asked": (replace(KNOWN, at=None), Say("notices", "share_nothing")),
}


@pytest.mark.parametrize("name", SHARING)
def test_compartir(name: str) -> None:
    session, expected = SHARING[name]
    after, actions = advance(SCRIPT, session, turn(reserved=Reserved(Word.SHARE, Language.ES)), NOW)
    assert actions == (expected,)
    assert after.at == session.at, "the menu stays as it was"


def test_a_place_beside_a_menu() -> None:
    with_place = read_flow(
        {
            "name": "door",
            "title": "door",
            "steps": {
                "first": {"say": "x", "on_place": "line", "choices": {1: {"label": "more", "go": "line"}}},
                "line": {"say": "y", "end": True},
            },
        },
        "flows/urgent/door.yml",
        Group.URGENT,
    )
    script = Script.of({**SCRIPT.flows, "door": with_place})
    session = replace(KNOWN, at=Spot("door", "first"))
    after, actions = advance(script, session, turn(place=CHICAGO), NOW)
    assert flows_said(actions) == ["door.line"] and after.place == CHICAGO
    after, actions = advance(script, session, turn(mentioned=XELA, words=2, understanding=heard(("tps", 0.05))), NOW)
    assert flows_said(actions) == ["door.line"] and after.place == XELA
    asks_more = turn(mentioned=XELA, words=6, understanding=heard(("find_detained", 0.9)))
    assert flows_said(advance(script, session, asks_more, NOW)[1]) == ["find_detained.first"]
    _, actions = advance(script, session, turn(number=1), NOW)
    assert flows_said(actions) == ["door.line"]


def test_did_this_help() -> None:
    value = {"name": "h", "title": "h", "steps": {"first": {"say": "Stay silent.", "helped": True}}}
    script = Script.of({**SCRIPT.flows, "h": read_flow(value, "h.yml", Group.RIGHTS)})
    waiting = replace(KNOWN, at=Spot("h", "first"))
    _, actions = advance(script, waiting, turn(yes=True), NOW)
    assert Count("helped_yes") in actions and "thank.first" in flows_said(actions)
    _, actions = advance(script, waiting, turn(yes=False), NOW)
    assert Count("helped_no") in actions and "human.lines" in flows_said(actions)
    _, actions = advance(script, waiting, turn(words=4, urgent="danger_now"), NOW)
    assert flows_said(actions)[0] == "danger_now.first"


def test_free_words_are_waited_for_and_not_kept() -> None:
    value = {
        "name": "f",
        "title": "f",
        "steps": {
            "first": {"say": "What happened?", "ask": "text", "slot": "what", "go": "then"},
            "then": {"say": "Thanks.", "end": True},
        },
    }
    script = Script.of({**SCRIPT.flows, "f": read_flow(value, "f.yml", Group.RIGHTS)})
    session, actions = advance(script, replace(KNOWN, at=Spot("f", "first")), turn(words=9), NOW)
    assert flows_said(actions) == ["f.then"] and session.at is None


@settings(max_examples=600, deadline=None)
@given(SESSIONS, TURNS)
def test_every_turn_ends_somewhere_that_the_script_knows(session: Session, message: Turn) -> None:
    after, actions = advance(SCRIPT, session, message, NOW)
    assert after.at is None or SCRIPT.step(after.at.flow, after.at.step)
    assert len(after.trail) <= 5
    assert actions, "something is done with every message"
    spoken = [a for a in actions if isinstance(a, Say | Offer | ShowServices | Share | Silence | Erase)]
    assert spoken or any(isinstance(a, End) for a in actions)
    for action in actions:
        if isinstance(action, Say | Ask):
            assert SCRIPT.step(action.flow, action.step)
    assert from_dict(to_dict(after)) == replace(after, known=True)
