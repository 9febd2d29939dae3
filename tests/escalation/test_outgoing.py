"""How far a message has come: whatever order reports come in, they end the same, and what has arrived is never undone."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.escalation.outgoing import (
    ARRIVED,
    ENDS,
    LONGEST_PAUSE,
    Progress,
    Report,
    State,
    after,
    later,
    of_carrier,
    pause,
)
from bot.escalation.refused import Next, refusal, refusals

REPORTED = [of_carrier(word) for word in ("queued", "sending", "sent", "delivered", "read", "failed", "undelivered")]
STATES = [state for state in REPORTED if state is not None]


def told(states: list[State], tries: int = 1) -> list[Report]:
    return [Report(tries, state, 30005 if state in ENDS else None, "SM1") for state in states]


def ends(reports: list[Report]) -> Progress:
    progress = Progress(State.SENDING, 1)
    for report in reports:
        progress = after(progress, report, 1000)
    return progress


@given(
    st.lists(st.sampled_from(STATES), min_size=1, max_size=6).flatmap(
        lambda s: st.tuples(st.just(s), st.permutations(s))
    )
)
def test_any_order_of_reports_ends_the_same(both: tuple[list[State], list[State]]) -> None:
    in_order, mixed = both
    assert ends(told(mixed)) == ends(told(in_order)) == ends(told(mixed) * 2)


@given(st.lists(st.sampled_from(STATES), max_size=8), st.lists(st.sampled_from(STATES), max_size=8))
def test_what_has_arrived_is_never_undone(first: list[State], then: list[State]) -> None:
    progress = ends(told([*first, State.DELIVERED]))
    assert progress.state in ARRIVED
    for report in told(then):
        progress = after(progress, report, 1000)
        assert progress.state in ARRIVED and progress.error is None


@given(
    st.lists(
        st.tuples(st.integers(1, 2), st.sampled_from(STATES), st.sampled_from([None, 30003, 30005, 30008])), max_size=8
    )
)
def test_it_is_tried_again_only_where_no_report_says_that_it_arrived(
    reports: list[tuple[int, State, int | None]],
) -> None:
    """Of two tries, in any order, with any code."""
    progress, arrived = Progress(State.SENDING, 2), False
    for tries, state, code in reports:
        progress = after(progress, Report(tries, state, code if state in ENDS else None, f"SM{tries}"), 1000)
        arrived = arrived or state in ARRIVED
        assert not arrived or progress.state in ARRIVED


def test_never_back() -> None:
    for one, other in itertools.product(State, State):
        assert later(one, other) == later(other, one) == later(later(one, other), one)


@pytest.mark.parametrize(
    ("word", "state"),
    [("accepted", State.SENDING), (" Delivered ", State.DELIVERED), ("READ", State.READ), ("canceled", State.CANCELED)]
    + [("partially_delivered", State.DELIVERED), ("receiving", None), ("", None), ("sent\x00", None)],
)
def test_the_carriers_words(word: str, state: State | None) -> None:
    assert of_carrier(word) is state


def test_a_try_that_failed_once_waits_and_its_late_failure_is_not_counted_again() -> None:
    failed = after(Progress(State.SENT, 1, sid="SM1"), Report(1, State.UNDELIVERED, 30008, "SM1"), 1000)
    assert (failed.state, failed.error, failed.sid, failed.not_before) == (State.QUEUED, 30008, None, 1061)
    assert after(failed, Report(1, State.UNDELIVERED, 30008, "SM1"), 1001) == failed
    assert after(failed, Report(1, State.SENT, None, "SM1"), 1001) == failed
    assert after(failed, Report(1, State.DELIVERED, None, "SM1"), 1001).state is State.DELIVERED


def test_what_was_put_back_because_the_carrier_did_not_have_it_is_not_sent_again_once_it_has() -> None:
    absent = Progress(State.QUEUED, 1)
    assert after(absent, Report(1, State.SENDING, None, "SM1"), 1000).state is State.SENDING


def test_pauses_double_up_to_five_minutes() -> None:
    assert [pause(tries, 0.0) for tries in range(1, 11)] == [1, 2, 4, 8, 16, 32, 64, 128, 256, LONGEST_PAUSE]
    assert pause(10_000, 1.0) == LONGEST_PAUSE * 1.25 and pause(0, 0.0) == 1


OF_TWILIO = {
    Next.RETRY: (20429, 21611, 30001, 63017, 63018),
    Next.ONCE_LATER: (30003,),
    Next.ONCE_SOON: (30008, 30410),
    Next.OPTED_OUT: (21610,),
    Next.WINDOW: (63016,),
    Next.STOP: (21211, 21614, 21612, 21201, 30005, 30006, 63003, 63024, 63033, None, 0, 424242),
    Next.OPERATOR: (21408, 21606, 21703, 63007, 30032, 30034, 63015, 21655, 21656, 63027, 63028),
    Next.WORDING: (21617, 21658, 30004, 30007, 63019, 63021, 63005),
}


@pytest.mark.parametrize(("code", "asked"), [(code, asked) for asked, codes in OF_TWILIO.items() for code in codes])
def test_what_a_code_asks_for(code: int | None, asked: Next) -> None:
    assert refusal(code).next is asked


def test_every_reason_has_words_of_its_own() -> None:
    keys = [each.key for each in refusals()]
    assert len(set(keys)) == len(keys) and all(each.english.endswith(".") for each in refusals())
