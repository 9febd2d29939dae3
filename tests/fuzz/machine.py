"""The flows as a state machine of Hypothesis: whatever comes in whatever order, the session stays one of the grammar."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests.fuzz import writing
from tests.fuzz.talk import Talk, form, release
from tests.fuzz.watchdog import Watchdog

LENGTH = 40
"""Turns of one talk at most."""

TEXTS = st.one_of(
    st.sampled_from(writing.WORDS),
    st.deferred(lambda: st.sampled_from(writing.corpus())),
    st.sampled_from([writing.whole(each) for each in writing.ODD]),
    st.text(st.characters(codec="utf-8"), max_size=60),
    st.lists(st.sampled_from(writing.WORDS), min_size=2, max_size=4).map(" ".join),
)
SURE = st.sampled_from([0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.97])
WAITS = st.sampled_from([0.5, 3.0, 20.0, 61.0, 400.0, 1_000.0, 4_000.0, 90_000.0])
KNOWN = st.fixed_dictionaries(
    {},
    optional={
        "whole": st.booleans(),
        "shared": st.booleans(),
        "erasing": st.booleans(),
        "counted": st.booleans(),
        "today": st.sampled_from([0, 1, 2, 17, 19, 70]),
        "escalation": st.just("escalation"),
        "kept": st.just(["escalation"]),
    },
)
BESIDE = st.fixed_dictionaries(
    {},
    optional={
        "Forwarded": st.just("true"),
        "OptOutType": st.sampled_from(["STOP", "START", "HELP"]),
        "NumMedia": st.just("1"),
    },
)


@cache
def _intents() -> list[str]:
    return sorted({*release().script.by_intent, "affirm", "deny"})


def _heard() -> st.SearchStrategy[dict[str, Any]]:
    ranking = st.lists(st.tuples(st.sampled_from(_intents()), SURE), max_size=4, unique_by=lambda pair: pair[0])
    return st.fixed_dictionaries(
        {"heard": ranking.map(lambda pairs: [list(pair) for pair in sorted(pairs, key=lambda pair: -pair[1])])},
        optional={
            "spoken": st.tuples(st.sampled_from(["es", "en", "quc"]), SURE).map(lambda pair: [list(pair)]),
            "foreign": st.sampled_from([0.0, 0.29, 0.3, 0.9]),
        },
    )


class Wrong(Exception):
    """What went wrong, and the steps that lead there."""

    def __init__(self, faults: Iterable[str], steps: list[dict[str, Any]]) -> None:
        self.faults, self.steps = list(faults), steps
        super().__init__("; ".join(self.faults))


class Machine(RuleBasedStateMachine):
    """One person, one phone. ``turns`` counts those of all machines."""

    turns = 0
    last: Wrong | None = None
    seen: set[str] = set()
    watchdog: Watchdog | None = None

    @initialize(channel=st.sampled_from(["sms", "whatsapp"]))
    def begins(self, channel: str) -> None:
        self.channel, self.talk, self.steps = channel, Talk(), list[dict[str, Any]]()
        self.money = 0.0

    @rule(text=TEXTS, wait=WAITS)
    def writes(self, text: str, wait: float) -> None:
        self.turn({"form": form(text, self.channel), "wait": wait})

    @rule(number=st.integers(0, 9), wait=WAITS)
    def answers(self, number: int, wait: float) -> None:
        self.turn({"form": form(str(number), self.channel), "wait": wait})

    @rule(text=TEXTS, wait=WAITS, heard=st.deferred(_heard), desk=st.integers(0, 2))
    def is_understood(self, text: str, wait: float, heard: dict[str, Any], desk: int) -> None:
        self.turn({"form": form(text, self.channel), "wait": wait, **heard, "desk": desk})

    @rule(text=TEXTS, more=BESIDE, known=KNOWN, desk=st.integers(0, 2))
    def writes_with_more(self, text: str, more: dict[str, str], known: dict[str, Any], desk: int) -> None:
        self.turn({"form": form(text, self.channel, **more), "wait": 20.0, "beside": known, "desk": desk})

    @rule(
        place=st.tuples(st.floats(-91, 91), st.floats(-181, 181))
        | st.sampled_from([(41.88, -87.63), (14.84, -91.52), (34.0, -118.2)])
    )
    def sends_a_pin(self, place: tuple[float, float]) -> None:
        self.turn({"form": form("", self.channel, Latitude=str(place[0]), Longitude=str(place[1])), "wait": 20.0})

    @rule(share=st.sampled_from([0.0, 0.0, 0.45, 0.7, 0.99, 1.0, 1.4]))
    def money_goes(self, share: float) -> None:
        self.money = share

    @rule(text=TEXTS, times=st.integers(2, 70), wait=st.sampled_from([0.5, 5.0, 30.0]))
    def writes_the_same(self, text: str, times: int, wait: float) -> None:
        for _ in range(times):
            self.turn({"form": form(text, self.channel), "wait": wait})

    def turn(self, step: dict[str, Any]) -> None:
        if self.money:
            step["spent"] = self.money
        self.steps.append(step)
        Machine.turns += 1
        if Machine.watchdog:
            with Machine.watchdog.case():
                faults = self.talk.turn(step)
            faults += Machine.watchdog.taken()
        else:
            faults = self.talk.turn(step)
        if faults:
            Machine.last = Wrong(faults, self.steps)
            raise Machine.last

    def teardown(self) -> None:
        if hasattr(self, "talk"):
            Machine.seen |= self.talk.seen


def run(number: int, talks: int) -> Wrong | None:
    """So many talks drawn from this seed; the shortest talk that went wrong, if one did."""
    ways = settings(
        max_examples=talks,
        stateful_step_count=LENGTH,
        database=None,
        deadline=None,
        verbosity=Verbosity.quiet,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        print_blob=False,
    )
    # A class of its own: the seed stays with it.
    machine = seed(number)(type("Seeded", (Machine,), {}))
    try:
        run_state_machine_as_test(machine, settings=ways)
    except Wrong as wrong:
        return wrong
    except Flaky:
        # It did not go wrong a second time: what hangs on a busy machine, say.
        return Machine.last
    return None


def warm() -> None:
    """What is read once is read before anybody looks at the time."""
    for text in ("hola", "abogado en Sprinngfeild"):
        Talk().turn({"form": form(text)})
