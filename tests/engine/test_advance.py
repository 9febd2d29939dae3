"""The rules of a turn, on the flows that families get: what is said to whom, and in which order of precedence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content import load_flows
from bot.engine.actions import Ask, Count, End, Erase, Offer, OptOutChange, Say, SetLanguage, ShowServices, Silence
from bot.engine.advance import advance
from bot.engine.errors import TooManySteps
from bot.engine.flow import Group, Script
from bot.engine.hear import which_danger
from bot.engine.read import read_flow
from bot.engine.turn import Turn
from bot.engine.walk import walk
from bot.intents.intent import Intent, Understanding
from bot.intents.reserved import Reserved, Word
from bot.language import Language
from bot.message import Channel, OptOut
from bot.session import Session, Spot, from_dict, to_dict
from bot.settings import REPOSITORY

SCRIPT = Script.of(load_flows(REPOSITORY / "flows"))
NOW = 1_800_000_000.0
KNOWN = Session(language=Language.ES, known=True, updated=NOW)
CHICAGO = "US;60629;Chicago;IL;41.78;-87.71;zip"
XELA = "GT;;Quetzaltenango;Quetzaltenango;14.84;-91.52;town"


def heard(*ranking: tuple[str, float], language: str = "es") -> Understanding:
    return Understanding(tuple(Intent(*pair) for pair in ranking), ((Language(language), 0.99),))


def unknown_language(*ranking: tuple[str, float]) -> Understanding:
    return replace(heard(*ranking), languages=((Language.ES, 0.1),), foreign=0.9)


def at(flow: str, step: str | None = None, **more: Any) -> Session:
    return replace(KNOWN, at=Spot(flow, step or SCRIPT.flows[flow].first.name), **more)


def flows_said(actions: tuple[Any, ...]) -> list[str]:
    return [f"{a.flow}.{a.step}" for a in actions if isinstance(a, Say)]


def turn(**parts: Any) -> Turn:
    return Turn(**{"words": 1, **parts})


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
    "0 is a person, everywhere": (at("home_visit"), turn(number=0), "human.first"),
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
        "family_plan.first",
    ),
    "a bare digit is never guessed": (KNOWN, turn(number=3), "lost_place.first"),
    "a voice note": (KNOWN, turn(words=0, media=True), "voice_note.first"),
    "a pin nobody asked for shows what is near": (KNOWN, turn(words=0, pin=True, place=CHICAGO), None),
    "MENU": (at("home_visit"), turn(reserved=Reserved(Word.MENU)), "menu.first"),
    "SALIR": (at("violence_help"), turn(reserved=Reserved(Word.EXIT)), "notices.exited"),
    "BAJA asks first": (KNOWN, turn(reserved=Reserved(Word.ASK_STOP)), "notices.stop_confirm"),
    "not understood": (KNOWN, turn(words=3, understanding=heard(("tps", 0.02))), "not_understood.first"),
    "not understood again: a person": (
        replace(KNOWN, misses=1),
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
    _, actions = advance(
        SCRIPT, KNOWN, turn(words=9, understanding=heard(("services_legal", 0.9)), asked=asked), NOW
    )
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


IDLE = {
    "ten minutes": ("home_visit", 600, True),
    "half an hour": ("home_visit", 1_801, False),
    "sixteen minutes in a sensitive flow": ("safety", 961, False),
    "fourteen minutes in a sensitive flow": ("safety", 840, True),
}


@pytest.mark.parametrize("name", IDLE)
def test_the_topic_is_dropped_after_idle_time(name: str) -> None:
    flow, seconds, kept = IDLE[name]
    assert SCRIPT.flows[flow].sensitive is (flow == "safety")
    session, actions = advance(SCRIPT, at(flow, place=CHICAGO), turn(number=1), NOW + seconds)
    assert (flows_said(actions)[0] != "lost_place.first") is kept
    assert (session.place is not None) is kept
    assert session.language is Language.ES


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


def test_did_this_help() -> None:
    value = {"name": "h", "title": "h", "steps": {"first": {"say": "Stay silent.", "helped": True}}}
    script = Script.of({**SCRIPT.flows, "h": read_flow(value, "h.yml", Group.RIGHTS)})
    waiting = replace(KNOWN, at=Spot("h", "first"))
    _, actions = advance(script, waiting, turn(yes=True), NOW)
    assert Count("helped_yes") in actions and "thank.first" in flows_said(actions)
    _, actions = advance(script, waiting, turn(yes=False), NOW)
    assert Count("helped_no") in actions and "human.first" in flows_said(actions)
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


_spots = st.sampled_from([Spot(f.name, s.name) for f in SCRIPT.flows.values() for s in f.steps.values()])
_intents = st.sampled_from(sorted(SCRIPT.by_intent))
_turns = st.builds(
    Turn,
    channel=st.sampled_from(Channel),
    words=st.integers(0, 40),
    opt_out=st.none() | st.sampled_from(OptOut),
    reserved=st.none() | st.builds(Reserved, st.sampled_from(Word), st.none() | st.sampled_from(Language)),
    urgent=st.none() | st.sampled_from(["danger_now", "self_harm", "rumor"]),
    number=st.none() | st.integers(0, 9),
    yes=st.none() | st.booleans(),
    label=st.none() | st.integers(1, 8),
    near=st.none() | st.integers(1, 8),
    menu_label=st.none() | st.integers(1, 8),
    place=st.none() | st.sampled_from([CHICAGO, XELA]),
    places=st.sampled_from([(), (CHICAGO, XELA)]),
    mentioned=st.none() | st.just(XELA),
    pin=st.booleans(),
    media=st.booleans(),
    spoken=st.none() | st.sampled_from(Language),
    understanding=st.none()
    | st.builds(
        lambda pairs: heard(*sorted(pairs, key=lambda p: -p[1])),
        st.lists(st.tuples(_intents, st.floats(0, 1)), max_size=4),
    ),
)
_sessions = st.builds(
    Session,
    language=st.none() | st.sampled_from(Language),
    at=st.none() | _spots,
    trail=st.lists(_spots, max_size=5).map(tuple),
    offered=st.sampled_from([(), ("menu", "home_visit"), (CHICAGO,)]),
    place=st.none() | st.just(CHICAGO),
    misses=st.integers(0, 3),
    updated=st.floats(NOW - 4_000, NOW),
    known=st.booleans(),
)


@settings(max_examples=600, deadline=None)
@given(_sessions, _turns)
def test_every_turn_ends_somewhere_that_the_script_knows(session: Session, message: Turn) -> None:
    after, actions = advance(SCRIPT, session, message, NOW)
    assert after.at is None or SCRIPT.step(after.at.flow, after.at.step)
    assert len(after.trail) <= 5
    assert actions, "something is done with every message"
    spoken = [a for a in actions if isinstance(a, Say | Offer | ShowServices | Silence | Erase)]
    assert spoken or any(isinstance(a, End) for a in actions)
    for action in actions:
        if isinstance(action, Say | Ask):
            assert SCRIPT.step(action.flow, action.step)
    assert from_dict(to_dict(after)) == replace(after, known=True)
