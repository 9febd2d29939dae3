"""The rules of a turn, on the flows that families get: what is said to whom, and in which order of precedence."""

from __future__ import annotations

import pytest

from bot.engine.actions import Ask, Count, Offer, ShowServices
from bot.engine.advance import advance
from bot.engine.hear import which_danger
from bot.frozen import replace
from bot.intents.reserved import Reserved, Word
from bot.language import Language
from bot.session import Spot
from tests.engine.scenes import CHICAGO, KNOWN, NOW, SCRIPT, XELA, at, flows_said, heard, turn, unknown_language

PRECEDENCE = {
    "an urgent phrase comes before a choice": (
        at("menu"),
        turn(urgent="agents_here_now", number=3, words=8),
        "agents_here_now.first",
    ),
    "an urgent phrase comes before a place": (
        at("services_legal", "where"),
        turn(urgent="danger_now", place=CHICAGO, words=5),
        "danger_now.first",
    ),
    "an urgent intent in a long text comes before a place": (
        at("services_legal", "where"),
        turn(words=6, mentioned=CHICAGO, understanding=heard(("relative_just_taken", 0.6))),
        "relative_just_taken.first",
    ),
    "a digit is the choice": (at("menu"), turn(number=1), "agents_here_now.first"),
    "a label is the choice": (at("menu"), turn(label=1), "agents_here_now.first"),
    "0 is a person, everywhere": (at("home_visit"), turn(number=0), "human.lines"),
    "9 is the way back": (
        at("family_plan", trail=(Spot("home_visit", "papers"),)),
        turn(number=9),
        "home_visit.papers",
    ),
    "a number that is not on the menu": (at("home_visit"), turn(number=8), "notices.digit_unknown"),
    "a question in the middle is answered": (
        at("services_legal", "where"),
        turn(words=5, understanding=heard(("school_rights", 0.9))),
        "school_rights.first",
    ),
    "a near label only when no intent is sure": (
        at("home_visit"),
        turn(near=2, understanding=heard(("notario_fraud", 0.9))),
        "notario_fraud.first",
    ),
    "a near label when nothing is sure": (
        at("home_visit"),
        turn(near=2, understanding=heard(("tps", 0.05))),
        "home_visit.card",
    ),
    "a bare digit is never guessed": (KNOWN, turn(number=3), "lost_place.first"),
    "a voice note": (KNOWN, turn(words=0, media=True), "voice_note.first"),
    "a pin nobody asked for shows what is near": (KNOWN, turn(words=0, pin=True, place=CHICAGO), None),
    "MENU": (at("home_visit"), turn(reserved=Reserved(Word.MENU)), "menu.first"),
    "SALIR": (at("violence_help"), turn(reserved=Reserved(Word.EXIT)), "notices.exited"),
    "BAJA asks first": (KNOWN, turn(reserved=Reserved(Word.ASK_STOP)), "notices.stop_confirm"),
    "not understood": (KNOWN, turn(words=3, understanding=heard(("tps", 0.02))), "not_understood.first"),
    "not understood again: a person, and she may leave her question": (
        replace(KNOWN, misses=1),
        turn(words=3, understanding=heard(("tps", 0.02))),
        "not_understood.learn",
    ),
    "not understood again: a person": (
        replace(KNOWN, misses=1, gave=True),
        turn(words=3, understanding=heard(("tps", 0.02))),
        "not_understood.second",
    ),
    "without the model, a word of the menu": (KNOWN, turn(menu_label=1, model_down=True), "agents_here_now.first"),
    "a language that is not spoken here": (
        KNOWN,
        turn(words=5, understanding=unknown_language(("services_legal", 0.9))),
        "other_language.first",
    ),
    "a language that is not spoken here, where a place is asked": (
        at("services_legal", "where"),
        turn(words=5, understanding=unknown_language()),
        "other_language.first",
    ),
    "another Mayan language": (
        KNOWN,
        turn(words=5, understanding=replace(unknown_language(("services_legal", 0.9)), mayan=0.7)),
        "other_language.mayan",
    ),
    "rather Portuguese than a Mayan language": (
        KNOWN,
        turn(words=5, understanding=replace(unknown_language(), mayan=0.2)),
        "other_language.first",
    ),
    "danger in another Mayan language is danger": (
        KNOWN,
        turn(words=6, understanding=replace(unknown_language(("relative_just_taken", 0.8)), mayan=0.9)),
        "relative_just_taken.first",
    ),
    "a short text says nothing about a language": (
        KNOWN,
        turn(words=2, understanding=unknown_language(("services_legal", 0.9))),
        "services_legal.where",
    ),
    "a town is no other language": (
        at("services_legal", "where"),
        turn(words=3, place=CHICAGO, understanding=unknown_language()),
        None,
    ),
    "danger in another language is danger": (
        KNOWN,
        turn(words=6, understanding=unknown_language(("relative_just_taken", 0.8))),
        "relative_just_taken.first",
    ),
    "whoever has chosen a language is not asked again": (
        at("menu", trail=(Spot("other_language", "first"),)),
        turn(words=6, understanding=unknown_language(("services_legal", 0.9))),
        "services_legal.where",
    ),
    "urgent intents count together": (
        KNOWN,
        turn(words=6, understanding=heard(("home_visit", 0.55), ("child_alone", 0.3), ("relative_just_taken", 0.12))),
        "child_alone.first",
    ),
    "between two dangers, what is safe in both": (
        KNOWN,
        turn(words=6, understanding=heard(("danger_now", 0.4), ("self_harm", 0.35))),
        "some_danger.first",
    ),
    "of two dangers the surer one": (
        KNOWN,
        turn(words=6, understanding=heard(("danger_now", 0.6), ("self_harm", 0.35))),
        "danger_now.first",
    ),
    "a forwarded warning of agents is hearsay": (
        KNOWN,
        turn(words=6, forwarded=True, understanding=heard(("agents_here_now", 0.5), ("rumor", 0.38))),
        "rumor.first",
    ),
    "forwarded news is hearsay": (
        KNOWN,
        turn(words=9, forwarded=True, understanding=heard(("street_stop", 0.9))),
        "rumor.first",
    ),
    "forwarded news that nobody is sure about is hearsay too": (
        KNOWN,
        turn(words=9, forwarded=True, understanding=heard(("street_stop", 0.3), ("rumor", 0.2))),
        "rumor.first",
    ),
    "a forwarded question for services is a question": (
        KNOWN,
        turn(words=9, forwarded=True, understanding=heard(("services_legal", 0.9))),
        "services_legal.where",
    ),
    "what a message takes back is not answered": (
        KNOWN,
        turn(words=5, understanding=heard(("services_legal", 0.9)), corrected=heard(("services_counseling", 0.9))),
        "services_counseling.where",
    ),
    "danger cannot be taken back": (
        KNOWN,
        turn(words=6, understanding=heard(("self_harm", 0.8)), corrected=heard(("menu", 0.9))),
        "self_harm.first",
    ),
    "repeat says the last step again": (
        at("home_visit", "papers"),
        turn(words=3, understanding=heard(("repeat", 0.9))),
        "home_visit.papers",
    ),
}


@pytest.mark.parametrize("name", PRECEDENCE)
def test_precedence(name: str) -> None:
    session, message, expected = PRECEDENCE[name]
    _, actions = advance(SCRIPT, session, message, NOW)
    if expected is None:
        assert any(isinstance(action, ShowServices | Offer) for action in actions)
    else:
        assert flows_said(actions)[:1] == [expected]


def test_who_speaks_another_mayan_language_says_which_and_is_offered_a_person() -> None:
    written = turn(words=5, understanding=replace(unknown_language(), mayan=0.8))
    session, actions = advance(SCRIPT, KNOWN, written, NOW)
    assert Count("language.mayan") in actions and session.needs is None
    session, actions = advance(SCRIPT, session, turn(number=1), NOW)
    assert Count("language.mam") in actions and session.needs == "mam"
    assert flows_said(actions) == ["other_language.none_of_them"]
    session, actions = advance(SCRIPT, session, turn(number=1), NOW)
    assert session.at is not None and session.at.flow == "human" and session.needs == "mam"
    # On a phone that many share nobody learns it from her.
    session, _ = advance(SCRIPT, session, turn(reserved=Reserved(Word.EXIT)), NOW)
    assert session.needs is None


def test_unsure_is_asked_back_urgent_first() -> None:
    ranking = heard(
        ("find_detained", 0.3), ("relative_just_taken", 0.16), ("if_detained", 0.15), ("court_hearing", 0.13)
    )
    session, actions = advance(SCRIPT, KNOWN, turn(words=4, understanding=ranking), NOW)
    offers = [action for action in actions if isinstance(action, Offer)]
    assert offers[0].options == ("relative_just_taken", "find_detained", "if_detained")
    _, actions = advance(SCRIPT, session, turn(number=2), NOW)
    assert flows_said(actions)[0] == "find_detained.first"
    _, actions = advance(SCRIPT, session, turn(number=0), NOW)
    assert flows_said(actions)[0] == "not_understood.first"


def test_the_second_question_is_offered() -> None:
    asked = (heard(("services_basic_needs", 0.9)), heard(("services_legal", 0.9)))
    session, actions = advance(
        SCRIPT, KNOWN, turn(words=9, understanding=heard(("services_legal", 0.5)), asked=asked), NOW
    )
    assert flows_said(actions)[0].startswith("services_basic_needs"), "the first is answered"
    [ask] = [action for action in actions if isinstance(action, Ask)]
    assert (ask.back_to, ask.asked) == ("services_legal", True)
    _, actions = advance(SCRIPT, session, turn(number=9), NOW)
    assert flows_said(actions)[0].startswith("services_legal")


def test_danger_is_answered_before_the_question_beside_it() -> None:
    asked = (heard(("services_legal", 0.9)), heard(("relative_just_taken", 0.9)))
    understanding = heard(("relative_just_taken", 0.7), ("services_legal", 0.2))
    _, actions = advance(SCRIPT, KNOWN, turn(words=9, understanding=understanding, asked=asked), NOW)
    assert flows_said(actions)[0] == "relative_just_taken.first"
    assert next(action.back_to for action in actions if isinstance(action, Ask)) == "services_legal"


WHICH_DANGER = {
    "the model is sure of another danger": ((("child_alone", 0.9),), "child_alone", None),
    "the model is not sure": ((("child_alone", 0.4),), "relative_just_taken", None),
    "the model thinks of danger too": (
        (("find_detained", 0.9), ("relative_just_taken", 0.05)),
        "relative_just_taken",
        None,
    ),
    "the model is sure that it is none": ((("find_detained", 0.98),), None, "relative_just_taken"),
    "there is no model": ((), "relative_just_taken", None),
}


@pytest.mark.parametrize("name", WHICH_DANGER)
def test_a_phrase_and_the_model(name: str) -> None:
    ranking, urgent, doubted = WHICH_DANGER[name]
    message = turn(words=8, urgent="relative_just_taken", understanding=heard(*ranking) if ranking else None)
    weighed = which_danger(SCRIPT, message, Language.ES)
    assert (weighed.urgent, weighed.doubted) == (urgent, doubted)


def test_a_forwarded_warning_stays_hearsay_however_sure_the_model_is() -> None:
    message = turn(words=8, urgent="rumor", understanding=heard(("agents_here_now", 0.95)))
    assert which_danger(SCRIPT, message, Language.ES).urgent == "rumor"


def test_a_danger_in_doubt_is_asked_back_first() -> None:
    message = turn(words=8, doubted="relative_just_taken", understanding=heard(("find_detained", 0.98)))
    session, actions = advance(SCRIPT, at("services_legal", "where"), message, NOW)
    assert [a.options for a in actions if isinstance(a, Offer)] == [("relative_just_taken", "find_detained")]
    _, actions = advance(SCRIPT, session, turn(number=1), NOW)
    assert flows_said(actions)[0] == "relative_just_taken.first"


ONE_QUESTION = {
    "the same topic twice": (("services_legal", 0.9), ("services_legal", 0.9)),
    "a greeting and a question": (("greet", 0.9), ("services_legal", 0.9)),
    "one of them unsure": (("services_legal", 0.9), ("tps", 0.3)),
}


@pytest.mark.parametrize("name", ONE_QUESTION)
def test_one_question_is_not_two(name: str) -> None:
    asked = tuple(heard(pair) for pair in ONE_QUESTION[name])
    _, actions = advance(SCRIPT, KNOWN, turn(words=9, understanding=heard(("services_legal", 0.9)), asked=asked), NOW)
    assert not any(action.asked for action in actions if isinstance(action, Ask))


def test_two_places_of_one_name_are_asked() -> None:
    session, actions = advance(SCRIPT, at("services_legal", "where"), turn(places=(CHICAGO, XELA)), NOW)
    assert session.offered == (CHICAGO, XELA)
    session, actions = advance(SCRIPT, session, turn(number=2), NOW)
    assert session.place == XELA and any(isinstance(a, ShowServices) for a in actions)


def test_a_digression_offers_the_way_back() -> None:
    session, actions = advance(
        SCRIPT, at("family_plan"), turn(words=4, understanding=heard(("notario_fraud", 0.9))), NOW
    )
    ask = next(action for action in actions if isinstance(action, Ask))
    assert ask.back_to == "family_plan"
    _, actions = advance(SCRIPT, session, turn(number=9), NOW)
    assert flows_said(actions)[0] == f"family_plan.{SCRIPT.flows['family_plan'].first.name}"
