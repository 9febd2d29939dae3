"""How much one person is answered: each rule of bot/flood.py by name, and what no sequence of messages may do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import flood
from bot.flood import Load, Meter, Verdict, Weight, answered, fold_of, rule
from bot.frozen import replace
from bot.session import Session, from_dict, to_dict

NOON = 1_795_521_600.0
FULL, PERSON, SHORT, SILENT = Verdict
CALM = Load()
TIMES = 60


def verdicts(texts, gap=20.0, weight=Weight.ORDINARY, load=CALM, reply_at=0.0) -> list[Verdict]:
    """What becomes of these messages, ``gap`` seconds after one another, ``reply_at`` seconds after our answers."""
    meter, now, found = Meter(), NOON, []
    for text in texts:
        ruling = rule(meter, text, weight, load, now)
        found.append(ruling.verdict)
        silent = ruling.verdict is SILENT
        meter = (
            ruling.meter if silent else answered(ruling.meter, now + gap - reply_at if reply_at else now, asked=True)
        )
        now += gap
    return found


def different(count: int) -> list[str]:
    """So many texts, no two alike in a row even by their six bits."""
    a, b = "donde hay comida", "y un abogado"
    assert fold_of(a) != fold_of(b)
    return [a if number % 2 else b for number in range(count)]


def test_sixty_messages_an_hour_are_answered_whole() -> None:
    assert verdicts(different(60)) == [FULL] * 60


def test_then_the_shortest_answer_once_a_minute() -> None:
    later = verdicts(different(100), gap=20)[60:]
    assert later[:7] == [SHORT, SILENT, SILENT, SHORT, SILENT, SILENT, SHORT]
    assert set(later) == {SHORT, SILENT}


def test_that_answers_are_brief_is_said_once() -> None:
    meter = Meter(hour=int(NOON // 3600), now_=TIMES)
    first = rule(meter, "a", Weight.ORDINARY, CALM, NOON)
    assert first.verdict is SHORT and first.explain
    second = rule(first.meter, "b", Weight.ORDINARY, CALM, NOON + 61)
    assert second.verdict is SHORT and not second.explain


def test_after_an_hour_of_quiet_everything_is_as_before() -> None:
    meter = Meter()
    for number, text in enumerate(different(100)):
        meter = rule(meter, text, Weight.ORDINARY, CALM, NOON + number).meter
    assert rule(meter, "otra cosa", Weight.ORDINARY, CALM, NOON + 7200).verdict is FULL


def test_the_hour_slides() -> None:
    """Sixty just before the full hour and sixty just after are not two hours' worth."""
    meter = Meter(hour=int(NOON // 3600) - 1, now_=62)
    assert rule(meter, "a", Weight.ORDINARY, CALM, NOON + 60).verdict is SHORT
    assert rule(meter, "a", Weight.ORDINARY, CALM, NOON + 3000).verdict is FULL


@pytest.mark.parametrize("weight", [Weight.SAFETY, Weight.ASKED, Weight.ASKED_IN_DANGER])
def test_danger_and_what_was_asked_are_answered_at_any_number(weight: Weight) -> None:
    found = verdicts(different(200), gap=1, weight=weight)
    assert SILENT not in found and found[0] is FULL and found[-1] is SHORT


def test_the_third_equal_text_shows_the_way_to_a_person() -> None:
    assert verdicts(["hola"] * 3, gap=30) == [FULL, FULL, PERSON]
    assert verdicts(["Hola", "hola ", "HOLA"], gap=30) == [FULL, FULL, PERSON]


def test_more_of_the_same_is_answered_ever_more_rarely() -> None:
    found = verdicts(["hola"] * 60, gap=30)
    assert [number for number, verdict in enumerate(found) if verdict is SHORT] == [3, 5, 13, 45]


def test_another_text_ends_it() -> None:
    assert verdicts(["hola"] * 9 + ["necesito comida"], gap=30)[-1] is FULL


def test_equal_texts_ten_minutes_apart_are_no_row() -> None:
    assert verdicts(["hola"] * 5, gap=601) == [FULL] * 5


def test_digits_that_were_asked_for_are_no_row() -> None:
    assert verdicts(["1"] * 20, gap=30, weight=Weight.ASKED) == [FULL] * 20


def test_an_auto_responder_is_silenced_after_five_turns() -> None:
    found = verdicts(["Estoy manejando"] * 12, gap=70, reply_at=4)
    assert found[5:] == [SILENT] * 7 and SILENT not in found[:5]


def test_a_person_who_takes_longer_is_no_auto_responder() -> None:
    found = verdicts(["Estoy manejando"] * 12, gap=70, reply_at=flood.QUICK + 1)
    assert SHORT in found[5:]


def test_an_auto_responder_is_heard_again_after_ten_minutes_or_with_another_text() -> None:
    meter = Meter(heard=NOON, answered=NOON, fold=fold_of("auto"), same=9, quick=9)
    assert rule(meter, "auto", Weight.ORDINARY, CALM, NOON + 5).verdict is SILENT
    assert rule(meter, "auto", Weight.ORDINARY, CALM, NOON + 601).verdict is FULL
    assert rule(meter, "ya llegue", Weight.ORDINARY, CALM, NOON + 5).verdict is FULL


def test_danger_from_an_auto_responder_is_answered_shortly() -> None:
    meter = Meter(heard=NOON, answered=NOON, fold=fold_of("auto"), same=9, quick=9)
    assert rule(meter, "auto", Weight.SAFETY, CALM, NOON + 5).verdict is SHORT


def test_a_shelters_phone_has_ten_times_as_much_and_no_sameness() -> None:
    shared = Load(shared=True)
    assert verdicts(["hola"] * 100, gap=5, reply_at=2, load=shared) == [FULL] * 100
    found = verdicts(["hola"] * 700, gap=5, load=shared)
    assert found[:600] == [FULL] * 600 and found[600] is SHORT


PRESSURE = [
    # money gone beyond the first messages, messages today, whole?
    ("much money is left", 0.49, 59, True),
    ("half of it is gone, a family's day", 0.5, 19, True),
    ("half of it is gone, a long day", 0.5, 20, False),
    ("little is left", 0.8, 17, True),
    ("little is left, a long day", 0.8, 18, False),
    ("all of it is gone, somebody new", 1.0, 1, True),
    ("all of it is gone, somebody not new", 1.0, 2, False),
]


@pytest.mark.parametrize(("heavy", "today", "whole"), [row[1:] for row in PRESSURE], ids=[row[0] for row in PRESSURE])
def test_who_writes_much_is_shortened_first(heavy: float, today: int, whole: bool) -> None:
    load = Load(share=0.9, heavy=heavy, today=today)
    assert rule(Meter(), "hola", Weight.ORDINARY, load, NOON).verdict is (FULL if whole else SHORT)
    assert rule(Meter(), "hola", Weight.ORDINARY, replace(load, shared=True), NOON).verdict is FULL


WITHOUT_MONEY = [
    (Weight.SAFETY, SHORT),
    (Weight.ASKED_IN_DANGER, SHORT),
    (Weight.ASKED, SILENT),
    (Weight.ORDINARY, SILENT),
]


@pytest.mark.parametrize(("weight", "verdict"), WITHOUT_MONEY)
def test_when_the_money_is_gone_danger_gets_its_shortest_answer(weight: Weight, verdict: Verdict) -> None:
    assert rule(Meter(), "hola", weight, Load(share=1.0, shared=True), NOON).verdict is verdict
    assert rule(Meter(), "hola", weight, Load(share=0.999), NOON).verdict is FULL


messages = st.lists(
    st.tuples(st.sampled_from(["hola", "1", "la migra", "", "ñ" * 9]), st.sampled_from(Weight), st.floats(0, 4000)),
    max_size=200,
)
loads = st.builds(Load, st.floats(0, 0.999), st.floats(0, 5), st.integers(0, 500), st.booleans())


@given(messages, st.lists(loads, min_size=1, max_size=5))
def test_nothing_ever_silences_what_must_be_answered(sent, pressed) -> None:
    meter, now = Meter(), NOON
    for number, (text, weight, later) in enumerate(sent):
        now += later
        ruling = rule(meter, text, weight, pressed[number % len(pressed)], now)
        assert ruling.verdict is not SILENT or weight is Weight.ORDINARY
        meter = ruling.meter if ruling.verdict is SILENT else answered(ruling.meter, now, asked=True)
        assert from_dict(to_dict(Session(meter=meter, updated=now))).meter == meter


def test_the_meter_travels_in_the_session_and_survives_idle_time() -> None:
    session = Session(place="US|60629", meter=Meter(hour=9, now_=4, heard=5.2, asked=False), updated=1.0)
    assert from_dict(to_dict(session)) == session
    assert session.forgotten().meter == session.meter and session.forgotten().place is None


def test_moments_are_kept_to_the_tenth_of_a_second() -> None:
    heard = rule(Meter(), "hola", Weight.ORDINARY, Load(), NOON + 0.2345).meter
    assert heard.heard == NOON + 0.2 and answered(heard, NOON + 0.77, asked=True).answered == NOON + 0.7


def test_a_session_without_a_meter_loads_and_an_empty_meter_takes_no_room() -> None:
    assert "f" not in to_dict(Session(updated=1.0))
    assert from_dict({"v": 2, "u": 1.0, "l": "es"}).meter == Meter()


@pytest.mark.parametrize("broken", [[1.5], "x", [1, 2, 3, 4, 5, 6, 7, "x", 1, 1, 1], {"a": 1}])
def test_a_meter_that_is_none_is_a_fresh_session(broken: object) -> None:
    assert from_dict({"v": 2, "u": 1.0, "f": broken}) == Session()


@pytest.mark.parametrize("kept", [[9, 4], [9, 4, 0, 0, 0, 0, 0, True, 0.0, 0.0, 0.0, "of a later build"]])
def test_a_meter_of_another_build_is_read_as_far_as_it_is_known(kept: list[object]) -> None:
    assert from_dict({"v": 2, "u": 1.0, "f": kept}).meter == Meter(hour=9, now_=4)


def test_no_words_are_kept_and_what_is_kept_tells_none() -> None:
    """A thousand sentences share 64 folds: whoever holds a session cannot tell which one was written."""
    folds = [fold_of(f"sentence {number}") for number in range(1000)]
    assert set(folds) == set(range(64))
