"""What is said to a list of organizations: one thing changes and the others stay; a number fails; a place is not found."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.engine.actions import Action, Ask, Flag, Offer, Say, ShowServices
from bot.engine.advance import advance
from bot.engine.listed import AFTER_THE_END, FAILS, MORE, MORE_OF, PAGE, RECORD
from bot.engine.place import at_home
from bot.engine.turn import Turn
from bot.frozen import replace
from bot.intents.reserved import Reserved, Word
from bot.language import Language
from bot.session import Session, Spot, from_dict, to_dict
from tests.engine.scenes import CHICAGO, KNOWN, NOW, SCRIPT, XELA, at, flows_said, heard, turn

HOUSTON = "US;;Houston;TX;29.76;-95.37;town"
CICERO, CICERO_NY = "US;;Cicero;IL;41.85;-87.75;town", "US;;Cicero;NY;43.18;-76.12;town"
ILLINOIS = "US;;Illinois;IL;40.00;-89.00;region"
CODES = ("0a1b2c3d", "1a1b2c3d", "2a1b2c3d")
LIST = at("services_legal", "show", place=CHICAGO, shown=PAGE, listed=CODES)
NO_ANSWER = replace(LIST, at=Spot("services_legal", "no_answer"), trail=(Spot("services_legal", "show"),))
WHERE = at("services_legal", "where")


def answered(session: Session, said: Turn) -> tuple[Session, tuple[Action, ...]]:
    return advance(SCRIPT, session, said, NOW)


def shown(actions: tuple[Action, ...]) -> list[tuple[str, int]]:
    return [(action.kind, action.skip) for action in actions if isinstance(action, ShowServices)]


KEPT: dict[str, tuple[Turn, str, str, int]] = {
    "MAS: the next ones": (turn(reserved=Reserved(Word.MORE)), "legal", CHICAGO, PAGE),
    "others, in her own words": (turn(listed=MORE, understanding=heard(("menu", 0.9))), "legal", CHICAGO, PAGE),
    "another of the same kind": (
        turn(words=3, listed=MORE_OF, understanding=heard(("services_legal", 0.9))),
        "legal",
        CHICAGO,
        PAGE,
    ),
    "another kind: the place stays": (
        turn(words=2, understanding=heard(("services_counseling", 0.9))),
        "counseling",
        CHICAGO,
        0,
    ),
    "another kind by its digit": (turn(number=1), "any", CHICAGO, 0),
    "another place: the kind stays": (turn(words=2, place=HOUSTON), "legal", HOUSTON, 0),
    "another place that a model takes for a question": (
        turn(words=3, place=HOUSTON, understanding=heard(("services_near", 0.9))),
        "legal",
        HOUSTON,
        0,
    ),
    "a place in a sentence that asks for nothing else": (
        turn(words=9, mentioned=HOUSTON, understanding=heard(("services_near", 0.9))),
        "legal",
        HOUSTON,
        0,
    ),
    "a pin": (turn(words=0, pin=True, place=HOUSTON), "legal", HOUSTON, 0),
    "of two towns the one in her state": (turn(words=3, places=(CICERO, CICERO_NY)), "legal", CICERO, 0),
    "both at once": (
        turn(words=3, place=HOUSTON, mentioned=HOUSTON, understanding=heard(("services_counseling", 0.9))),
        "counseling",
        HOUSTON,
        0,
    ),
    "every kind, where she says so": (
        turn(words=3, place=HOUSTON, listed="any_kind", understanding=heard(("services_near", 0.9))),
        "any",
        HOUSTON,
        0,
    ),
    "another language: the same page again": (
        turn(reserved=Reserved(Word.LANGUAGE, Language.EN)),
        "legal",
        CHICAGO,
        0,
    ),
}


@pytest.mark.parametrize("name", KEPT)
def test_one_thing_changes(name: str) -> None:
    said, kind, place, skip = KEPT[name]
    session, actions = answered(LIST, said)
    assert shown(actions) == [(kind, skip)]
    assert session.place == place
    assert isinstance(actions[-1], Ask)


def test_a_kind_and_a_place_where_a_place_was_asked_for() -> None:
    said = turn(words=3, place=HOUSTON, mentioned=HOUSTON, understanding=heard(("services_counseling", 0.9)))
    session, actions = answered(WHERE, said)
    assert shown(actions) == [("counseling", 0)] and session.place == HOUSTON


def test_more_from_a_step_behind_the_list_and_back_at_it() -> None:
    session, actions = answered(NO_ANSWER, turn(reserved=Reserved(Word.MORE)))
    assert shown(actions) == [("legal", PAGE)] and session.at == LIST.at


def test_more_elsewhere_is_no_more_of_the_list() -> None:
    elsewhere, _ = answered(LIST, turn(words=4, understanding=heard(("tps", 0.9))))
    assert (elsewhere.shown, elsewhere.listed) == (0, ())
    assert shown(answered(elsewhere, turn(listed=MORE))[1]) == []


def test_at_its_end_the_list_leads_on_and_not_in_a_circle() -> None:
    session, actions = answered(replace(LIST, ended=True), turn(reserved=Reserved(Word.MORE)))
    assert actions == (Offer("more_end", AFTER_THE_END),)
    assert flows_said(answered(session, turn(number=2))[1]) == ["human.lines"]
    moved, actions = answered(session, turn(place=HOUSTON))
    assert shown(actions) == [("legal", 0)] and not moved.ended


def test_a_wrong_digit_leaves_the_offer_open_and_9_leads_back() -> None:
    offering = replace(LIST, offered=AFTER_THE_END, trail=(Spot("menu", "near"),))
    session, _ = answered(offering, turn(number=7))
    assert session.offered == AFTER_THE_END
    assert flows_said(answered(offering, turn(number=9))[1]) == ["menu.near"]


def fails(**more: Any) -> Turn:
    return turn(words=4, listed=FAILS, understanding=heard(("complaint", 0.99)), **more)


def test_one_number_is_flagged_at_once_and_once_only() -> None:
    session, actions = answered(replace(LIST, listed=CODES[:1]), fails())
    assert actions[:2] == (Flag(CODES[0]), Say("notices", "number_thanks")) and shown(actions) == [("legal", PAGE)]
    again, actions = answered(session, fails())
    assert not [each for each in actions if isinstance(each, Flag)] and again.flagged == CODES[:1]


def test_of_several_it_is_asked_which() -> None:
    asking, actions = answered(LIST, fails())
    assert actions == (Offer("number_which", tuple(RECORD + code for code in CODES)),)
    session, actions = answered(asking, turn(number=2))
    assert actions[0] == Flag(CODES[1]) and shown(actions) == [("legal", PAGE)]
    _, actions = answered(session, fails())
    assert actions == (Offer("number_which", (RECORD + CODES[0], RECORD + CODES[2])),)


def test_none_of_these_flags_nothing_and_goes_on() -> None:
    asking, _ = answered(LIST, fails())
    session, actions = answered(asking, turn(number=0))
    assert shown(actions) == [("legal", PAGE)] and not session.flagged
    assert not [each for each in actions if isinstance(each, Flag)]


def test_the_one_that_is_named_is_flagged() -> None:
    assert answered(LIST, fails(record=CODES[2]))[1][0] == Flag(CODES[2])


def test_by_its_digit_in_the_menu() -> None:
    _, actions = answered(NO_ANSWER, turn(number=2))
    assert isinstance(actions[0], Offer) and actions[0].notice == "number_which"
    lost = replace(NO_ANSWER, listed=(), shown=0, trail=())
    assert shown(answered(lost, turn(number=2))[1]) == [("legal", 0)], "the list again, where it is not known any more"


@pytest.mark.parametrize(
    "session", [KNOWN, at("home_visit"), replace(LIST, listed=())], ids=["no", "a menu", "no phone"]
)
def test_where_no_number_was_shown_none_fails(session: Session) -> None:
    assert not [each for each in answered(session, fails())[1] if isinstance(each, Flag)]


def test_danger_comes_first() -> None:
    _, actions = answered(LIST, replace(fails(), urgent="danger_now"))
    assert flows_said(actions) == ["danger_now.first"]


def test_what_was_shown_goes_with_the_topic_and_the_session_stays_small() -> None:
    longest = Spot("children_after_deportation", "something_long")
    full = replace(LIST, trail=(longest,) * 5, flagged=CODES * 2, offered=(), listed=CODES, ended=True)
    assert len(json.dumps(to_dict(full), separators=(",", ":"))) < 600
    assert from_dict(to_dict(full)) == full
    left = full.forgotten()
    assert (left.listed, left.flagged, left.shown, left.ended) == ((), (), 0, False)


def test_an_unknown_place_leads_to_the_state_and_then_to_a_person() -> None:
    session, said = WHERE, []
    for confidence in (0.99, 0.3, 0.99):
        nothing = turn(words=2, understanding=heard(("out_of_scope", confidence)))
        session, actions = answered(session, nothing)
        said += flows_said(actions)
        assert isinstance(actions[-1], Ask) and session.at == WHERE.at
    assert said == ["notices.place_unknown", "notices.place_state", "notices.place_person"]
    assert flows_said(answered(session, turn(number=0))[1])[0] == "human.lines"
    moved, actions = answered(session, turn(place=ILLINOIS))
    assert shown(actions) == [("legal", 0)] and moved.misses == 0


def test_abroad_nothing_is_said_of_a_zip() -> None:
    session, actions = answered(at("services_legal", "show_abroad", place=XELA), turn(number=2))
    assert flows_said(actions) == ["notices.where_abroad"] and session.at == Spot("services_legal", "where")
    _, actions = answered(session, turn(words=2, understanding=heard(("out_of_scope", 0.9))))
    assert flows_said(actions) == ["notices.place_unknown_abroad"]


def test_a_question_where_a_place_was_asked_for_is_answered_and_danger_is_heard() -> None:
    assert flows_said(answered(WHERE, turn(words=2, understanding=heard(("tps", 0.9))))[1]) == ["tps.first"]
    _, actions = answered(WHERE, turn(words=2, understanding=heard(("self_harm", 0.2), ("out_of_scope", 0.2))))
    assert isinstance(actions[0], Offer) and actions[0].options[0] == "self_harm"


def test_several_places_in_a_sentence_are_asked_about() -> None:
    said = turn(words=3, several=(CICERO, CICERO_NY), understanding=heard(("services_legal", 0.9)))
    session, actions = answered(KNOWN, said)
    assert actions == (Offer("place_which", (CICERO, CICERO_NY)),)
    assert shown(answered(session, turn(number=2))[1]) == [("legal", 0)]
    assert flows_said(answered(session, turn(number=0))[1]) == ["notices.place_state"]


def test_a_name_of_several_places_beside_one_that_is_known() -> None:
    assert at_home((CICERO, CICERO_NY), CHICAGO) == CICERO
    assert at_home((CICERO, CICERO_NY), XELA) is None
    assert at_home((CICERO_NY, "GT;;X;Y;1.00;1.00;town"), XELA) == "GT;;X;Y;1.00;1.00;town"
    assert at_home((CICERO, replace_name(CICERO)), CHICAGO) is None


def replace_name(token: str) -> str:
    return token.replace("Cicero", "Ciceron")
