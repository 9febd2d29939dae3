"""Any order of taking, writing, releasing, resolving: nobody's wait is lost, nobody has it beside another, what is over stays so."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from bot.escalation.escalation import Author, Resolution
from bot.escalation.order import Tab, tabs
from bot.escalation.viewer import Viewer
from bot.store.desk_errors import Resolved, TakenBy
from bot.store.desk_shifts import STALE_SECONDS
from tests.store.at_desk import ANA, BEA, AtDesk

pytestmark = pytest.mark.slow

PEOPLE = st.sampled_from([ANA, BEA])
MINUTE = 60


def machine(desk: AtDesk, clock) -> type[RuleBasedStateMachine]:
    """One family and two of the staff. What is believed here is kept apart from what SQL has."""

    class Claims(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.id = desk.comes()
            self.holder: int | None = None
            self.waits: int | None = int(clock.now)
            self.written = 1
            self.last_act = int(clock.now)
            self.over = False

        def allowed(self, who: Viewer) -> bool:
            return not self.over and self.holder in (None, who.user)

        @rule(minutes=st.sampled_from([1, 20, 45]))
        def time_passes(self, minutes: int) -> None:
            clock.advance(minutes * MINUTE)

        @rule()
        def family_writes(self) -> None:
            if not self.over:
                desk.writes(self.id, "¿Sigue ahí?")
                self.waits = self.waits or int(clock.now)

        @rule()
        def bot_answers(self) -> None:
            if not self.over:
                desk.writes(self.id, "Un momento", Author.BOT)

        @rule(who=PEOPLE)
        def take(self, who: Viewer) -> None:
            if self.over:
                with pytest.raises(Resolved):
                    desk.work.take(who, self.id)
                return
            won = desk.work.take(who, self.id).won
            assert won is self.allowed(who)
            if won and self.holder is None:
                self.holder, self.last_act = who.user, int(clock.now)

        @rule(who=PEOPLE)
        def reply(self, who: Viewer) -> None:
            if not self.allowed(who):
                with pytest.raises((Resolved, TakenBy)):
                    desk.talk.reply(who, self.id, "Buenas", None)
                return
            desk.talk.reply(who, self.id, "Buenas", None)
            self.holder, self.waits, self.last_act = who.user, None, int(clock.now)
            self.written += 1

        @rule(who=PEOPLE)
        def hand_back(self, who: Viewer) -> None:
            with suppress(Resolved, TakenBy):
                desk.work.hand_back(who, self.id)
                assert self.allowed(who)
                self.holder, self.waits = None, None

        @rule(who=PEOPLE)
        def end_shift(self, who: Viewer) -> None:
            mine = not self.over and self.holder == who.user
            assert desk.work.end_shift(who) == mine
            if mine:
                self.holder = None

        @rule(who=PEOPLE)
        def hand_over(self, who: Viewer) -> None:
            with suppress(Resolved, TakenBy):
                desk.work.hand_over(who, {self.id: "a las 5"})
                assert self.holder == who.user and not self.over
                self.holder = None

        @rule()
        def worker_releases(self) -> None:
            limit = int(clock.now) - STALE_SECONDS
            stale = self.holder is not None and self.waits is not None and max(self.waits, self.last_act) <= limit
            assert desk.work.release_stale() == (stale and not self.over)
            if stale and not self.over:
                self.holder = None

        @rule(who=PEOPLE)
        def resolve(self, who: Viewer) -> None:
            with suppress(Resolved, TakenBy):
                desk.work.resolve(who, self.id, Resolution.INFORMED)
                assert self.allowed(who)
                self.over, self.waits = True, None

        @invariant()
        def stands_in_sql_as_it_was_done(self) -> None:
            now = desk.now(self.id)
            assert (now.closed is not None) is self.over
            assert now.waiting_since == self.waits
            if not self.over:
                assert now.claimed_by == self.holder
                assert (now.claimed_at is None) is (now.claimed_by is None)

        @invariant()
        def every_reply_is_on_its_way_once(self) -> None:
            staff = [each.number for each in desk.said(self.id) if each.author is Author.STAFF]
            assert [number for number, _ in desk.outgoing(self.id)] == staff
            assert len(staff) == self.written - 1

        @invariant()
        def stands_where_somebody_looks(self) -> None:
            shown = tabs(desk.now(self.id), ANA.user)
            assert (Tab.UNCLAIMED in shown) is (not self.over and self.holder is None and self.waits is not None)

        def teardown(self) -> None:
            # The next family finds nobody busy.
            desk.set(self.id, closed=1)

    return Claims


def test_whatever_they_do_nobody_is_lost(desk: AtDesk, clock) -> None:
    run_state_machine_as_test(
        lambda: machine(desk, clock)(),
        settings=settings(
            max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
        ),
    )
