"""Who answers a message of somebody whose conversation staff have, situation by situation."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.escalation.answering import (
    Heard,
    Missed,
    Voice,
    answers_pass,
    answers_the_bot,
    is_away,
    left_alone,
    missed,
    says_when,
    who_answers,
)
from bot.escalation.board import BadDay, Board
from bot.escalation.escalation import Escalated, Urgency
from bot.escalation.organization import DeskOrganization
from bot.frozen import replace

CHICAGO = ZoneInfo("America/Chicago")
WEEKDAYS = DeskOrganization("centro", "Centro del Sol", "Mo-Fr 09:00-17:00")
ALWAYS = DeskOrganization("siempre", "Siempre Abierto", "24/7")
NEVER_SAID = DeskOrganization("quien-sabe", "Quién Sabe")
BOARD = Board((WEEKDAYS, ALWAYS, NEVER_SAID))
PATIENCE = 30 * 60
MINUTE, HOUR = 60, 3600


def at(moment: str) -> int:
    return int(datetime.fromisoformat(f"2026-11-{moment}").replace(tzinfo=CHICAGO).timestamp())


TEN = at("24 10:00")
NIGHT = at("25 05:00")
FREE = Escalated("id", "sms", TEN - 2 * HOUR, "centro", waiting_since=TEN - 2 * HOUR, last_inbound=TEN - 2 * HOUR)
# Ana took it five minutes ago and has written once; nobody waits.
HERS = replace(FREE, claimed_by=1, claimed_at=TEN - 5 * MINUTE, last_staff=TEN - 3 * MINUTE, waiting_since=None)
# She took it five minutes ago and has not written yet.
TAKEN = replace(HERS, last_staff=None, waiting_since=TEN - 2 * HOUR)
BOT, FOR_NOW, PERSON = Voice.BOT, Voice.BOT_FOR_NOW, Voice.PERSON

WORDS = Heard()
URGENT = Heard(urgent=True)
OURS = Heard(ours=True)
DIGIT = Heard(choice=True)
YES = Heard(yes=True, choice=False)


def since(escalated: Escalated, **minutes: int | None) -> Escalated:
    """The same, with these moments so many minutes before ten."""
    return replace(escalated, **{name: None if ago is None else TEN - ago * MINUTE for name, ago in minutes.items()})


SITUATIONS: dict[str, tuple[Escalated, Heard, int, Voice]] = {
    # Nobody has it.
    "nobody has taken it yet": (FREE, WORDS, TEN, BOT),
    "nobody has it, in the night": (FREE, WORDS, NIGHT, BOT),
    "nobody has it, and it is urgent": (FREE, URGENT, TEN, BOT),
    "nobody has it, a digit": (FREE, DIGIT, TEN, BOT),
    "somebody had it and handed it back": (replace(HERS, claimed_by=None, claimed_at=None), WORDS, TEN, BOT),
    "it is closed, whoever had it": (replace(HERS, closed=TEN - MINUTE), WORDS, TEN, BOT),
    "it is closed, and urgent": (replace(HERS, closed=TEN - MINUTE), URGENT, TEN, BOT),
    # Somebody has it and is there.
    "she wrote three minutes ago": (HERS, WORDS, TEN, PERSON),
    "she has only just taken it, after a wait of two hours": (TAKEN, WORDS, TEN, PERSON),
    "taken this very second": (replace(TAKEN, claimed_at=TEN), WORDS, TEN, PERSON),
    "taken by a clock that is a minute ahead": (replace(TAKEN, claimed_at=TEN + MINUTE), WORDS, TEN, PERSON),
    "a yes that nothing asked for": (HERS, YES, TEN, PERSON),
    "a long silence of the family, then a message": (since(HERS, last_staff=300, claimed_at=400), WORDS, TEN, PERSON),
    "the last minute of the day": (HERS, WORDS, at("24 16:59"), PERSON),
    "the first minute of the day": (replace(HERS, claimed_at=NIGHT), WORDS, at("25 09:00"), PERSON),
    "an organization that is always there, at night": (replace(HERS, organization="siempre"), WORDS, NIGHT, PERSON),
    "hours that nobody has said, at night": (replace(HERS, organization="quien-sabe"), WORDS, NIGHT, PERSON),
    "the shared pool, at night": (replace(HERS, organization=None), WORDS, NIGHT, PERSON),
    "an organization that is no longer on the board": (replace(HERS, organization="gone"), WORDS, NIGHT, PERSON),
    # For the bot, whoever has it.
    "danger while she is there": (HERS, URGENT, TEN, BOT),
    "danger in the night": (HERS, URGENT, NIGHT, BOT),
    "MENU, BORRAR, STOP or a language while she is there": (HERS, OURS, TEN, BOT),
    "MENU in the night": (HERS, OURS, NIGHT, BOT),
    "a digit to the menu that the bot showed last": (since(HERS, last_bot=1), DIGIT, TEN, BOT),
    "a digit after words of staff": (since(HERS, last_bot=4), DIGIT, TEN, PERSON),
    "a digit, and the bot has never spoken": (HERS, DIGIT, TEN, PERSON),
    "a digit to the bot's menu that came before she took it, of which the family knows nothing": (
        since(TAKEN, last_bot=10), DIGIT, TEN, BOT,
    ),
    "words, although the bot spoke last": (since(HERS, last_bot=1), WORDS, TEN, PERSON),
    "staff and bot in one second: the person goes before": (since(HERS, last_bot=3, last_staff=3), DIGIT, TEN, PERSON),
    # Somebody has it and is not there.
    "at five in the morning": (HERS, WORDS, NIGHT, FOR_NOW),
    "on a Saturday": (HERS, WORDS, at("28 12:00"), FOR_NOW),
    "the minute after they close": (HERS, WORDS, at("24 17:00"), FOR_NOW),
    "a yes that nothing asked for, at night": (HERS, YES, NIGHT, FOR_NOW),
    "29 minutes without an answer": (since(HERS, waiting_since=29, claimed_at=60), WORDS, TEN, PERSON),
    "30 minutes without an answer": (since(HERS, waiting_since=30, claimed_at=60), WORDS, TEN, FOR_NOW),
    "two hours without an answer": (since(HERS, waiting_since=120, claimed_at=300), WORDS, TEN, FOR_NOW),
    "taken 29 minutes ago and never answered": (since(TAKEN, claimed_at=29), WORDS, TEN, PERSON),
    "taken 30 minutes ago and never answered": (since(TAKEN, claimed_at=30), WORDS, TEN, FOR_NOW),
    "the shared pool, 31 minutes": (since(replace(HERS, organization=None), waiting_since=31, claimed_at=60), WORDS, TEN, FOR_NOW),
    "always there, 31 minutes": (since(replace(HERS, organization="siempre"), waiting_since=31, claimed_at=60), WORDS, TEN, FOR_NOW),
}  # fmt: skip


@pytest.mark.parametrize(("escalated", "heard", "now", "voice"), SITUATIONS.values(), ids=SITUATIONS)
def test_who_answers(escalated: Escalated, heard: Heard, now: int, voice: Voice) -> None:
    assert who_answers(escalated, BOARD, heard, now, PATIENCE) is voice


moments = st.none() | st.integers(TEN - 200 * HOUR, TEN + HOUR)
escalations = st.builds(
    Escalated,
    id=st.just("id"),
    channel=st.sampled_from(["sms", "whatsapp"]),
    opened=st.integers(TEN - 700 * HOUR, TEN),
    organization=st.sampled_from([None, "centro", "siempre", "quien-sabe", "gone"]),
    urgency=st.sampled_from(Urgency),
    claimed_by=st.none() | st.integers(1, 3),
    claimed_at=moments,
    waiting_since=moments,
    last_inbound=moments,
    last_staff=moments,
    last_bot=moments,
    pass_to=st.sampled_from([None, "siempre"]),
    closed=moments,
)
heards = st.builds(Heard, st.booleans(), st.booleans(), st.booleans(), st.none() | st.booleans())
boards = st.sampled_from([BOARD, Board(), Board((WEEKDAYS,), BadDay(TEN))])
nows = st.integers(TEN - HOUR, TEN + 100 * HOUR)
patiences = st.integers(60, 10 * HOUR)


@given(escalations, boards, heards, nows, patiences)
def test_never_a_silence_where_nobody_has_it(
    escalated: Escalated, board: Board, heard: Heard, now: int, patience: int
) -> None:
    voice = who_answers(escalated, board, heard, now, patience)
    if escalated.claimed_by is None or escalated.closed is not None:
        assert voice is BOT


@given(escalations, boards, heards, nows, patiences)
def test_never_a_silence_at_danger_or_a_word_for_the_bot(
    escalated: Escalated, board: Board, heard: Heard, now: int, patience: int
) -> None:
    if heard.urgent or heard.ours:
        assert who_answers(escalated, board, heard, now, patience) is BOT


@given(escalations, boards, heards, nows, patiences)
def test_never_a_silence_beyond_the_patience(
    escalated: Escalated, board: Board, heard: Heard, now: int, patience: int
) -> None:
    waited = now - max(escalated.waiting_since or now, escalated.claimed_at or 0)
    if waited >= patience:
        assert who_answers(escalated, board, heard, now, patience) is not PERSON


@given(escalations, boards, heards, nows, patiences)
def test_never_a_silence_while_it_is_known_that_nobody_is_there(
    escalated: Escalated, board: Board, heard: Heard, now: int, patience: int
) -> None:
    if is_away(escalated, board, now):
        assert who_answers(escalated, board, heard, now, patience) is not PERSON


@given(escalations, boards, heards, nows, patiences)
def test_whoever_waits_longer_is_never_met_with_more_silence(
    escalated: Escalated, board: Board, heard: Heard, now: int, patience: int
) -> None:
    """More patience may only turn the bot's line into the person's silence, never the other way."""
    if who_answers(escalated, board, heard, now, patience) is PERSON:
        assert who_answers(escalated, board, heard, now, patience + HOUR) is PERSON


@given(escalations, boards, heards, nows, patiences)
def test_nobody_is_missed_where_nobody_has_it(
    escalated: Escalated, board: Board, heard: Heard, now: int, patience: int
) -> None:
    if escalated.claimed_by is None or escalated.closed is not None:
        assert missed(escalated, board, now, patience) is None


ASKED = replace(HERS, pass_to="siempre")
PASSING = {
    "yes to the question of staff": (ASKED, Heard(yes=True), True),
    "no to it": (ASKED, Heard(yes=False), True),
    "words are a message": (ASKED, WORDS, False),
    "nothing was asked": (HERS, Heard(yes=True), False),
    "danger is no yes": (ASKED, Heard(urgent=True, yes=True), False),
    "1 to a menu that the bot showed since": (since(ASKED, last_bot=1), Heard(choice=True, yes=True), False),
    "1, and the question came after the menu": (since(ASKED, last_bot=9), Heard(choice=True, yes=True), True),
    "it is over": (replace(ASKED, closed=TEN), Heard(yes=True), False),
    "handed back meanwhile, the question still stands": (replace(ASKED, claimed_by=None), Heard(yes=True), True),
}


@pytest.mark.parametrize(("escalated", "heard", "is_answer"), PASSING.values(), ids=PASSING)
def test_what_answers_the_question_of_passing_on(escalated: Escalated, heard: Heard, is_answer: bool) -> None:
    assert answers_pass(escalated, heard) is is_answer


@given(escalations, heards)
def test_one_message_answers_one_question(escalated: Escalated, heard: Heard) -> None:
    assert not (answers_pass(escalated, heard) and answers_the_bot(escalated, heard))


LINES = {
    "the bot has never spoken": (HERS, Missed.SLOW, True),
    "the wait begins with this message": (since(HERS, last_bot=10, waiting_since=None), Missed.SLOW, True),
    "it spoke before this wait began": (since(HERS, last_bot=40, waiting_since=31, claimed_at=50), Missed.SLOW, True),
    "it spoke within the wait, before the patience was over": (
        since(HERS, last_bot=20, waiting_since=45, claimed_at=50), Missed.SLOW, True,
    ),
    "it said so ten minutes ago": (since(HERS, last_bot=10, waiting_since=45, claimed_at=50), Missed.SLOW, False),
    "it said so an hour ago": (since(HERS, last_bot=60, waiting_since=120, claimed_at=300), Missed.SLOW, True),
    "taken after the bot spoke": (since(HERS, last_bot=31, waiting_since=31, claimed_at=20), Missed.AWAY, True),
    "nobody is there, and it said so ten minutes ago": (
        since(HERS, last_bot=10, waiting_since=11, claimed_at=50), Missed.AWAY, False,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("escalated", "why", "says"), LINES.values(), ids=LINES)
def test_it_is_said_once_in_a_wait_that_nobody_is_there(escalated: Escalated, why: Missed, says: bool) -> None:
    assert says_when(escalated, why, TEN, PATIENCE) is says


ALONE: dict[str, tuple[Escalated, int, Missed | None]] = {
    "she wrote half an hour ago and nobody answered": (since(TAKEN, waiting_since=30, claimed_at=40), TEN, Missed.SLOW),
    "a second less": (since(TAKEN, waiting_since=30, claimed_at=40), TEN - 1, None),
    "it was taken only ten minutes ago": (since(TAKEN, waiting_since=90, claimed_at=10), TEN, None),
    "the bot has answered in this wait": (since(TAKEN, waiting_since=90, claimed_at=95, last_bot=60), TEN, None),
    "the bot spoke before she wrote": (since(TAKEN, waiting_since=40, claimed_at=95, last_bot=60), TEN, Missed.SLOW),
    "nobody waits": (HERS, TEN, None),
    "nobody has it: the bot answers each message": (FREE, TEN, None),
    "it is closed": (replace(since(TAKEN, waiting_since=60, claimed_at=90), closed=TEN), TEN, None),
    "the desk has closed meanwhile": (since(TAKEN, waiting_since=-6 * 60 - 50, claimed_at=0), at("24 17:20"), Missed.AWAY),
    "nobody has said when somebody is there": (
        replace(since(TAKEN, waiting_since=45, claimed_at=90), organization="quien-sabe"), TEN, Missed.SLOW,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ALONE)
def test_who_is_left_alone(name: str) -> None:
    escalated, now, why = ALONE[name]
    assert left_alone(escalated, BOARD, now, PATIENCE) is why
