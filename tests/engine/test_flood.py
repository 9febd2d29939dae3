"""What a turn is to the limits, and what they leave of its answer: on the flows that families get."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine.actions import Ask, Erase, Offer, OptOutChange, Say, ShowServices, Silence
from bot.engine.advance import advance
from bot.engine.flood import limited, weight
from bot.engine.turn import Turn
from bot.flood import HOUR, HOURLY, Load, Meter, Weight, fold_of
from bot.frozen import replace
from bot.intents.reserved import Reserved, Word
from bot.language import Language
from bot.message import OptOut
from bot.session import Session, Spot
from tests.engine.scenes import CHICAGO, KNOWN, NOW, SCRIPT, at, flows_said, heard, turn

# Over the hourly limit, with a short answer just gone out: what is not exempt is silenced.
FLOODING = Meter(hour=int(NOW // HOUR), now_=HOURLY + 9, heard=NOW - 1, shorts=1, short_at=NOW - 1)
QUIET = replace(FLOODING, asked=False)
GONE = Load(share=1.0, heavy=2.0, today=99)

WEIGHTS = {
    "a phrase of danger": (KNOWN, turn(urgent="agents_here_now", words=5), Weight.SAFETY),
    "a child alone": (KNOWN, turn(urgent="child_alone", words=5), Weight.SAFETY),
    "danger that the model hears": (
        KNOWN,
        turn(words=6, understanding=heard(("relative_just_taken", 0.9))),
        Weight.SAFETY,
    ),
    "danger that is doubted": (
        KNOWN,
        turn(words=6, doubted="agents_here_now", understanding=heard(("home_visit", 0.95))),
        Weight.SAFETY,
    ),
    "danger that may be meant": (
        KNOWN,
        turn(words=6, understanding=heard(("home_visit", 0.4), ("self_harm", 0.3))),
        Weight.SAFETY,
    ),
    "BORRAR": (KNOWN, turn(reserved=Reserved(Word.ERASE)), Weight.SAFETY),
    "ALTO": (KNOWN, turn(reserved=Reserved(Word.STOP)), Weight.SAFETY),
    "STOP, as the carrier says": (KNOWN, turn(opt_out=OptOut.STOP), Weight.SAFETY),
    "START": (KNOWN, turn(reserved=Reserved(Word.START)), Weight.SAFETY),
    "AYUDA": (KNOWN, turn(reserved=Reserved(Word.HELP)), Weight.SAFETY),
    "a digit that was asked for": (at("home_visit"), turn(number=1), Weight.ASKED),
    "0, which every menu has": (at("home_visit"), turn(number=0), Weight.ASKED),
    "a digit of a list that was offered": (replace(KNOWN, offered=("home_visit",)), turn(number=1), Weight.ASKED),
    "a digit that leads to danger": (at("menu"), turn(number=1), Weight.ASKED_IN_DANGER),
    "a digit in the middle of danger": (at("agents_here_now"), turn(number=1), Weight.ASKED_IN_DANGER),
    "a label": (at("menu"), turn(label=3), Weight.ASKED),
    "a place that was asked for": (at("services_legal", "where"), turn(place=CHICAGO), Weight.ASKED),
    "a place where danger takes one": (at("agents_here_now"), turn(place=CHICAGO), Weight.ASKED_IN_DANGER),
    "yes where yes or no was asked": (at("notices", "stop_confirm"), turn(yes=True), Weight.ASKED),
    "MAS under a list": (at("human", "list", place=CHICAGO), turn(reserved=Reserved(Word.MORE)), Weight.ASKED),
    "a digit of no line": (at("notices", "help_word"), turn(number=8), Weight.ORDINARY),
    "a digit when nothing waits": (KNOWN, turn(number=1), Weight.ORDINARY),
    "a place that nothing asked for": (at("menu"), turn(place=CHICAGO), Weight.ORDINARY),
    "MENU": (KNOWN, turn(reserved=Reserved(Word.MENU)), Weight.ORDINARY),
    "a question": (KNOWN, turn(words=6, understanding=heard(("home_visit", 0.95))), Weight.ORDINARY),
    "nothing understood": (KNOWN, turn(words=6, understanding=heard(("out_of_scope", 0.9))), Weight.ORDINARY),
}


@pytest.mark.parametrize("name", WEIGHTS)
def test_what_a_message_is_to_the_limits(name: str) -> None:
    session, said, expected = WEIGHTS[name]
    _, actions = advance(SCRIPT, session, said, NOW)
    assert weight(SCRIPT, session, said, actions) is expected


@pytest.mark.parametrize("name", [name for name in WEIGHTS if WEIGHTS[name][2] is not Weight.ORDINARY])
def test_what_is_exempt_is_answered_in_a_flood(name: str) -> None:
    session, said, _ = WEIGHTS[name]
    session = replace(session, meter=FLOODING)
    outcome = advance(SCRIPT, session, said, NOW)
    _, actions = limited(SCRIPT, session, said, "x", outcome, Load(share=0.99, heavy=5, today=500), NOW)
    assert (Silence() in actions) == (Silence() in outcome[1])
    assert any(isinstance(action, Say | Offer | ShowServices | Erase | Silence) for action in actions)


@pytest.mark.parametrize("name", [name for name in WEIGHTS if WEIGHTS[name][2] is Weight.ORDINARY])
def test_everything_else_is_silenced_and_has_not_happened(name: str) -> None:
    session, said, _ = WEIGHTS[name]
    session = replace(session, meter=FLOODING)
    moved, actions = limited(SCRIPT, session, said, "x", advance(SCRIPT, session, said, NOW), Load(), NOW)
    assert actions == (Silence(),)
    assert replace(moved, meter=Meter()) == replace(session, meter=Meter())


@pytest.mark.parametrize("name", WEIGHTS)
def test_when_the_money_is_gone_only_danger_speaks(name: str) -> None:
    session, said, expected = WEIGHTS[name]
    outcome = advance(SCRIPT, session, said, NOW)
    _, actions = limited(SCRIPT, session, said, "x", outcome, GONE, NOW)
    silent = expected in (Weight.ORDINARY, Weight.ASKED) or Silence() in outcome[1]
    assert (Silence() in actions) is silent
    assert len([action for action in actions if isinstance(action, Say | Ask | Offer | ShowServices)]) <= 1 or (
        said.reserved is not None
    )


def test_a_digit_counts_as_asked_for_only_after_a_message_that_asked() -> None:
    session = replace(at("menu"), meter=QUIET)
    said = turn(number=1)
    assert weight(SCRIPT, session, said, advance(SCRIPT, session, said, NOW)[1]) is Weight.ORDINARY


def test_the_shortest_answer_is_the_first_words_without_menu_or_welcome() -> None:
    session, said = Session(meter=FLOODING), turn(urgent="agents_here_now", words=5)
    moved, actions = limited(SCRIPT, session, said, "x", advance(SCRIPT, session, said, NOW), Load(), NOW)
    assert actions == (Say("agents_here_now", "first"),)
    assert moved.meter.asked, "its words ask for a ZIP"


def test_a_shortened_menu_says_why_it_is_none() -> None:
    session = replace(KNOWN, meter=replace(FLOODING, shorts=0))
    said = turn(reserved=Reserved(Word.MENU))
    _, actions = limited(SCRIPT, session, said, "x", advance(SCRIPT, session, said, NOW), Load(), NOW)
    assert flows_said(actions) == ["notices.brief"]


def test_a_short_answer_is_never_empty() -> None:
    """AVISOS has no sentence of its own, only what it reads out."""
    session, said = replace(KNOWN, meter=replace(FLOODING, short_at=NOW - 90)), turn(reserved=Reserved(Word.NOTICES))
    _, actions = limited(SCRIPT, session, said, "x", advance(SCRIPT, session, said, NOW), Load(), NOW)
    assert actions and not isinstance(actions[0], Silence | Ask)


def test_what_is_done_is_done_in_a_short_answer_too() -> None:
    session, said = replace(KNOWN, meter=FLOODING), turn(reserved=Reserved(Word.STOP))
    _, actions = limited(SCRIPT, session, said, "x", advance(SCRIPT, session, said, NOW), GONE, NOW)
    assert OptOutChange(stopped=True) in actions and flows_said(actions) == ["notices.stopped"]


THIRD = Meter(heard=NOW - 30, fold=0, same=2)
ZERO = {
    "an answer": (KNOWN, turn(words=6, understanding=heard(("home_visit", 0.95))), True),
    "the way to a person itself": (KNOWN, turn(words=6, understanding=heard(("human", 0.95))), False),
    "a list in which 0 means none of these": (KNOWN, turn(words=6, understanding=heard(("home_visit", 0.4))), False),
}


@pytest.mark.parametrize("name", ZERO)
def test_the_third_equal_text_shows_the_way_to_a_person(name: str) -> None:
    session, said, shown = ZERO[name]
    text = next(f"text {number}" for number in range(9999) if fold_of(f"text {number}") == 0)
    session = replace(session, meter=THIRD)
    _, actions = limited(SCRIPT, session, said, text, advance(SCRIPT, session, said, NOW), Load(), NOW)
    assert (Say("notices", "zero_person") in actions) is shown


EXEMPT = [name for name in WEIGHTS if WEIGHTS[name][2] is Weight.SAFETY and "carrier" not in name]
steps = st.lists(st.tuples(st.sampled_from(sorted(WEIGHTS)), st.floats(0, 900)), max_size=80)
loads = st.builds(Load, st.floats(0, 0.999), st.floats(0, 5), st.integers(0, 500), st.booleans())


@settings(max_examples=40)
@given(steps, loads, st.sampled_from(EXEMPT))
def test_no_sequence_of_messages_silences_danger_erasing_or_stopping(sent, load, last) -> None:
    """Through the real engine: whatever came before, below the cap these are answered."""
    session, now = Session(), NOW
    for name, later in [*sent, (last, 0.0)]:
        said = WEIGHTS[name][1]
        now += later
        session, actions = limited(SCRIPT, session, said, name, advance(SCRIPT, session, said, now), load, now)
    assert Silence() not in actions


def shortened(said: Turn) -> Session:
    """After an answer that went out without its menu; an hour later nothing is short any more."""
    flooded = replace(at("menu"), meter=FLOODING)
    moved, actions = limited(SCRIPT, flooded, said, "x", advance(SCRIPT, flooded, said, NOW), GONE, NOW)
    assert not any(isinstance(action, Ask | Offer) for action in actions)
    return replace(moved, meter=Meter())


def test_a_digit_is_never_one_of_a_menu_that_did_not_go_out() -> None:
    after = shortened(turn(urgent="danger_now", words=5))
    assert after.at == Spot("danger_now", "first") and after.unseen
    again = advance(SCRIPT, after, turn(number=1), NOW)
    assert Ask("danger_now", "first", back=True) in again[1] and again[0].at == after.at
    whole, _ = limited(SCRIPT, after, turn(number=1), "1", again, Load(), NOW)
    assert not whole.unseen, "now it did go out"
    assert advance(SCRIPT, whole, turn(number=1), NOW)[0].at != after.at


def test_words_and_a_person_are_understood_without_the_menu() -> None:
    after = shortened(turn(urgent="danger_now", words=5))
    assert advance(SCRIPT, after, turn(label=1), NOW)[0].at != after.at
    assert "human.lines" in flows_said(advance(SCRIPT, after, turn(number=0), NOW)[1])


def test_the_number_in_the_words_of_help_is_understood() -> None:
    after = shortened(turn(reserved=Reserved(Word.HELP, Language.ES)))
    assert flows_said(advance(SCRIPT, after, turn(number=1), NOW)[1])[0] == "danger_now.first"
    assert flows_said(advance(SCRIPT, after, turn(number=3), NOW)[1])[0] == "notices.help_word"


def test_a_list_that_did_not_go_out_is_not_waited_for() -> None:
    before = replace(at("menu"), meter=FLOODING)
    outcome = (
        replace(before, offered=("home_visit",)),
        (Say("notices", "digit_unknown"), Offer("did_you_mean", ("home_visit",))),
    )
    moved, actions = limited(SCRIPT, before, turn(urgent="danger_now"), "x", outcome, Load(), NOW)
    assert not any(isinstance(action, Offer) for action in actions) and moved.offered == ()
