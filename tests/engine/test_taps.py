"""A tapped line is a choice of the menu that waits, or leads where its own menu led; it is never the digit of another menu."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.inbound import read_message
from bot.channels.taps import read_tap
from bot.engine.advance import advance
from bot.engine.flow import Choice, Flow, Group, Step
from bot.engine.hear import hear
from bot.engine.labels import in_all_languages
from bot.engine.turn import Turn
from bot.frozen import replace
from bot.language import Language
from bot.message import Channel, InboundMessage, Tap
from bot.session import Session, Spot
from tests.engine.any_turn import SPOTS
from tests.engine.scenes import NOW, SCRIPT, at, flows_said
from tests.fuzz.talk import release

NOW_OUT = release()
LINES = [(flow, step, each) for flow in SCRIPT.flows.values() for step in flow.steps.values() for each in step.choices]
QUESTIONS = [
    Spot(flow.name, step.name)
    for flow in SCRIPT.flows.values()
    for step in flow.steps.values()
    if step.yes_no or step.helped
]
LINE = st.sampled_from(LINES)
NAMES = st.sampled_from(["menu", "first", "forget_me", "human", "nowhere", ""])
FORGED = st.builds(Tap, NAMES, NAMES, st.none() | st.integers(-1, 10))


def label_of(choice: Choice, language: int = 0) -> str:
    """What stands on the button."""
    said = in_all_languages(choice.label, NOW_OUT.catalogs)
    return said[language % len(said)]


def tap(text: str, made: Tap, session: Session) -> Turn:
    return hear(NOW_OUT.ears, session, InboundMessage("SM1", "whatsapp:+1", Channel.WHATSAPP, text, tap=made))


@given(LINE, st.integers(0, 3))
def test_a_line_of_the_menu_that_waits_is_that_line(line: tuple[Flow, Step, Choice], language: int) -> None:
    flow, step, choice = line
    words, session = label_of(choice, language), at(flow.name, step.name)
    turn = tap(words, Tap(flow.name, step.name, choice.digit), session)
    assert (turn.number, turn.label, turn.tapped) == (choice.digit, choice.digit, None)
    assert tap(words, Tap(flow.name, step.name, choice.digit), replace(session, unseen=True)).number is None


@given(LINE, SPOTS, st.integers(0, 3), st.booleans())
def test_a_line_of_another_menu_is_never_a_digit_of_this_one(
    line: tuple[Flow, Step, Choice], waits: Spot, language: int, offered: bool
) -> None:
    flow, step, choice = line
    offers = ("menu", "home_visit") if offered else ()
    session = replace(at(waits.flow, waits.step), offered=offers)
    turn = tap(label_of(choice, language), Tap(flow.name, step.name, choice.digit), session)
    if waits != Spot(flow.name, step.name) or offered:
        assert turn.number is turn.yes is turn.near is None and not turn.carrier_yes
        if choice.target.flow:
            assert turn.tapped == Spot(choice.target.flow, SCRIPT.flows[choice.target.flow].first.name)
            assert turn.label is None


@given(FORGED, SPOTS, st.sampled_from(["1", "2", "el 9", "Sí", "No", "yes", "ok", "0", "dos", "1️⃣"]), st.booleans())
def test_a_forged_tap_says_neither_digit_nor_yes(forged: Tap, waits: Spot, text: str, offered: bool) -> None:
    session = replace(at(waits.flow, waits.step), offered=("menu",) if offered else ())
    turn = tap(text, forged, session)
    step = SCRIPT.flows[waits.flow].steps[waits.step]
    mine = waits == Spot(forged.flow, forged.step) and not offered and (step.yes_no or step.helped)
    if not mine:
        assert turn.number is turn.yes is turn.label is turn.near is turn.tapped is None and not turn.carrier_yes


@pytest.mark.parametrize("waits", QUESTIONS, ids=str)
def test_yes_counts_only_where_its_own_question_waits(waits: Spot) -> None:
    session = at(waits.flow, waits.step)
    assert tap("Sí", Tap(waits.flow, waits.step, 1), session).yes is True
    assert tap("No", Tap(waits.flow, waits.step, 2), session).yes is False
    for other in (Tap(), Tap("menu", "first", 1), Tap(waits.flow, waits.step, 2), Tap(waits.flow, waits.step, None)):
        assert tap("Sí", other, session).yes is None


def test_an_old_yes_erases_nobody() -> None:
    """The question waits whether all is to be erased, and a button of another one is tapped."""
    turn = tap("Sí", Tap("human", "consent", 1), at("forget_me"))
    _, actions = advance(NOW_OUT.script, at("forget_me"), turn, NOW, Language.ES)
    assert "forget_me.wipe" not in flows_said(actions) and not any(type(each).__name__ == "Erase" for each in actions)


URGENT = [line for line in LINES if line[2].target.flow and SCRIPT.flows[line[2].target.flow].group is Group.URGENT]


@pytest.mark.parametrize("language", range(2))
@pytest.mark.parametrize("line", URGENT, ids=lambda line: f"{line[0].name}.{line[1].name}.{line[2].digit}")
def test_danger_is_answered_whatever_became_of_its_menu(line: tuple[Flow, Step, Choice], language: int) -> None:
    flow, step, choice = line
    words, session = label_of(choice, language), at("forget_me")
    for made in (Tap(flow.name, step.name, choice.digit), Tap(), Tap("gone", "first", 1), Tap(flow.name, step.name, 9)):
        _, actions = advance(NOW_OUT.script, session, tap(words, made, session), NOW, Language.ES)
        groups = {SCRIPT.flows[said.split(".")[0]].group for said in flows_said(actions)}
        assert Group.URGENT in groups, (made, flows_said(actions))


def test_a_line_that_has_other_words_by_now_is_not_that_line() -> None:
    turn = tap("otra cosa de antes", Tap("menu", "first", 4), at("menu"))
    assert turn.number is turn.label is turn.tapped is None


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=100))
def test_whatever_stands_in_the_form_is_read(payload: str, id: str, words: str) -> None:
    form = {"MessageSid": "SM1", "From": "whatsapp:+1", "ButtonPayload": payload, "ListId": id, "ButtonText": words}
    message = read_message(form)
    assert (message.tap is None) == (not (payload.strip() or id.strip() or words.strip()))
    hear(NOW_OUT.ears, at("menu"), message)


@pytest.mark.parametrize(
    ("form", "made"),
    [
        ({}, None),
        ({"ButtonText": " "}, None),
        ({"ButtonPayload": "p1:menu.first.1"}, Tap("menu", "first", 1)),
        ({"ListId": " p1:menu.first.8\n"}, Tap("menu", "first", 8)),
        ({"ListTitle": "abogado"}, Tap()),
        ({"ButtonPayload": "1"}, Tap()),
        ({"ButtonPayload": "p2:menu.first.1"}, Tap()),
        ({"ButtonPayload": "p1:menu.first.12"}, Tap()),
        ({"ButtonPayload": "p1:menu.first.١"}, Tap()),
        ({"ButtonPayload": "p1:../x.first.1"}, Tap()),
    ],
)
def test_reading_a_tap(form: dict[str, str], made: Tap | None) -> None:
    assert read_tap(form) == made
