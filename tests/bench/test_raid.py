"""The evening after a raid as it is played: what must hold of any such evening, whatever a host takes."""

from __future__ import annotations

from random import Random

import pytest

from tests.bench.raid import CLIMB, EVENING, TIMES, TOP, Host, arrivals, played, rate_at, sent

HOST = Host(menus=400.0, written=100.0)


def test_it_climbs_to_fifty_times_the_usual_holds_and_falls() -> None:
    assert [round(rate_at(moment, 2.0)) for moment in (0, CLIMB, CLIMB + TOP)] == [2, 2 * TIMES, 2 * TIMES]
    later = [rate_at(CLIMB + TOP + moment, 2.0) for moment in range(0, 7200, 600)]
    assert later == sorted(later, reverse=True) and later[-1] > 2.0


def test_as_many_come_as_the_rate_says() -> None:
    came = [moment for moment in arrivals(1.0, EVENING, Random(1))]
    wanted = sum(rate_at(moment, 1.0) for moment in range(int(EVENING)))
    assert came == sorted(came) and abs(len(came) - wanted) < 0.03 * wanted


def test_a_host_that_is_busy_for_less_than_it_can_keeps_nobody_waiting() -> None:
    """Sixty of a hundred seconds of work: hardly anybody waits for longer than a few messages take."""
    evening = played(HOST, 1, 1.0, 2_400.0)
    assert evening.seconds[len(evening.seconds) // 2] < 3 * (HOST.web + HOST.model)
    assert evening.seconds[-1] < 1.0 and evening.without_model == evening.given_up == 0


def test_everybody_is_answered_once() -> None:
    came = len(list(arrivals(6.0, 2_400.0, Random(12))))
    assert len(played(HOST, 1, 6.0, 2_400.0).seconds) == came


def test_the_model_is_left_out_where_it_is_what_runs_out() -> None:
    """Much work for the model, hardly any for the rest: it has one process, and two cores would do."""
    evening = played(Host(menus=4_000.0, written=50.0), 1, 4.0, 2_400.0)
    assert evening.without_model > 0.2 and evening.given_up == 0


@pytest.mark.parametrize("usual", [0.5, 3.0])
def test_two_hosts_are_never_slower_than_one(usual: float) -> None:
    one, two = (played(HOST, hosts, usual, 2_400.0) for hosts in (1, 2))
    assert len(one.seconds) == len(two.seconds)
    assert sum(two.seconds) < sum(one.seconds) and two.without_model <= one.without_model


def test_a_slow_sender_keeps_people_waiting_for_hours() -> None:
    slow, fast = sent(0.5, 0.5, EVENING), sent(0.5, 50.0, EVENING)
    assert slow[len(slow) // 2] > 3600 and fast[-1] < 60
