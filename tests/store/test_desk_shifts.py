"""Shifts, and what goes back to the others: to its old place, with the wait that it had."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from bot.escalation.escalation import Author, Resolution, Urgency
from bot.escalation.viewer import Role
from bot.store.desk_errors import Resolved, TextRefused
from bot.store.desk_shifts import Shift
from bot.store.staff_models import DeskOrganizationRow, User
from tests.store.at_desk import ANA, BEA, OTHER, OWN, AtDesk, found, viewer

MINUTE = 60
STALE = 45 * MINUTE


def test_a_shift_begins_pauses_and_ends(desk: AtDesk, clock) -> None:
    began = int(clock.now)
    assert desk.work.shift(ANA) == Shift(None, None)
    desk.work.start_shift(ANA)
    clock.advance(60)
    desk.work.start_shift(ANA)
    assert desk.work.shift(ANA) == Shift(began, None)
    until = desk.work.ten_minutes(ANA)
    assert until == int(clock.now) + 600 and desk.work.shift(ANA) == Shift(began, until)
    clock.advance(600)
    assert desk.work.shift(ANA) == Shift(began, None)
    desk.work.ten_minutes(ANA)
    desk.work.start_shift(ANA)
    assert desk.work.shift(ANA) == Shift(began, None), "back before the ten minutes are over"
    assert desk.work.end_shift(ANA) == 0
    assert desk.work.shift(ANA) == Shift(None, None)
    assert desk.work.shift(BEA) == Shift(None, None)
    assert "ten" not in " ".join(action for _, action, _ in desk.audit()), "nobody keeps a list of who needed a rest"


def test_all_that_she_has_goes_back_to_its_old_place(desk: AtDesk, clock) -> None:
    first = desk.comes()
    waits = int(clock.now)
    clock.advance(MINUTE)
    second = desk.comes(organization=None)
    hers, over = desk.comes(), desk.comes()
    for id in (first, second, over):
        desk.work.take(ANA, id)
    desk.work.resolve(ANA, over, Resolution.INFORMED)
    desk.work.take(BEA, hers)
    clock.advance(MINUTE)
    assert desk.work.end_shift(ANA) == 2
    now = desk.now(first)
    assert (now.claimed_by, now.claimed_at, now.waiting_since) == (None, None, waits)
    assert desk.inbox.rows(BEA)[0].escalated.id == first
    assert desk.now(hers).claimed_by == BEA.user and desk.now(over).claimed_by == ANA.user
    assert desk.thread(first)[-1] == ("system", "released")
    assert desk.said(first)[-1].beside == {"name": "Ana", "why": "shift"}
    assert (ANA.actor, "desk.released", first) in desk.audit()


def test_what_an_agreement_no_longer_opens_goes_back_all_the_same(desk: AtDesk) -> None:
    id = desk.comes(organization=OTHER)
    desk.set(id, claimed_by=ANA.user, claimed_at=1)
    assert desk.work.end_shift(ANA) == 1 and desk.now(id).claimed_by is None


def test_a_shift_is_handed_over_with_a_line_for_each(desk: AtDesk, clock) -> None:
    one, other, mine = desk.comes(), desk.comes(), desk.comes()
    for id in (one, other, mine):
        desk.work.take(ANA, id)
    assert desk.work.hand_over(ANA, {one: " llamar a la abogada ", other: "espera a su tía"}) == 2
    assert desk.thread(one)[-2:] == [("note", "llamar a la abogada"), ("system", "released")]
    assert desk.said(one)[-1].beside == {"name": "Ana", "why": "handed_over"}
    assert desk.said(one)[-2].by == ANA.user and desk.outgoing(one) == []
    assert [desk.now(id).claimed_by for id in (one, other, mine)] == [None, None, ANA.user]
    assert desk.now(one).waiting_since is not None


@pytest.mark.parametrize("line", ["", "  ", "x" * 501], ids=["empty", "blank", "too long"])
def test_no_line_and_nothing_goes_back(desk: AtDesk, line: str) -> None:
    one, other = desk.comes(), desk.comes()
    for id in (one, other):
        desk.work.take(ANA, id)
    with pytest.raises(TextRefused):
        desk.work.hand_over(ANA, {one: "bien", other: line})
    assert desk.now(one).claimed_by == ANA.user
    desk.work.resolve(ANA, other, Resolution.OTHER)
    with pytest.raises(Resolved):
        desk.work.hand_over(ANA, {other: "bien"})


@pytest.mark.parametrize(
    ("events", "goes"),
    [
        ({"wait": 0, "take": 10}, 10 + 45),
        ({"wait": 0, "take": 10, "staff": 20}, None),
        ({"wait": 0, "take": 10, "staff": 20, "family": 50}, 50 + 45),
        ({"wait": 0, "take": 10, "family": 20}, 10 + 45),
    ],
    ids=["taken and never answered", "nobody waits", "the family wrote again", "the family wrote once more"],
)
def test_a_conversation_goes_back_after_45_minutes_without_a_word(
    desk: AtDesk, clock, events: dict[str, int], goes: int | None
) -> None:
    began = clock.now
    id = desk.comes()
    acts = {
        "take": lambda: desk.work.take(ANA, id),
        "staff": lambda: desk.talk.reply(ANA, id, "Buenas", None),
        "family": lambda: desk.writes(id, "¿Sigue ahí?"),
    }
    for name, minute in events.items():
        clock.now = began + minute * MINUTE
        acts.get(name, lambda: None)()
    waits = desk.now(id).waiting_since
    if goes is None:
        clock.advance(24 * 60 * MINUTE)
        assert desk.work.release_stale() == 0 and desk.now(id).claimed_by == ANA.user
        return
    clock.now = began + goes * MINUTE - 1
    assert desk.work.release_stale() == 0
    clock.advance(1)
    assert desk.work.release_stale() == 1
    now = desk.now(id)
    assert (now.claimed_by, now.claimed_at, now.waiting_since) == (None, None, waits)
    assert desk.said(id)[-1].beside == {"name": "Ana", "why": "stale"}
    assert desk.audit()[-1] == ("the worker", "desk.released", id)
    assert desk.work.release_stale() == 0


def test_what_the_bot_says_is_no_word_of_staff(desk: AtDesk, clock) -> None:
    id = desk.comes()
    desk.work.take(ANA, id)
    clock.advance(STALE - 1)
    desk.writes(id, "Un momento", Author.BOT)
    clock.advance(1)
    assert desk.work.release_stale() == 1


def test_at_night_a_conversation_stays_with_her_and_goes_back_when_the_desk_opens(desk: AtDesk, clock) -> None:
    found(desk.engine, OWN, hours="Mo-Su 08:00-20:00")
    clock.now = datetime(2026, 11, 25, 19, 50, tzinfo=ZoneInfo("America/Chicago")).timestamp()
    id = desk.comes(organization=OWN)
    desk.work.take(ANA, id)
    desk.talk.reply(ANA, id, "Buenas", None)
    clock.advance(9 * 60 * MINUTE)
    desk.writes(id, "Son las cinco y no puedo dormir")
    clock.advance(STALE)
    assert desk.work.release_stale() == 0 and desk.now(id).claimed_by == ANA.user
    clock.now = datetime(2026, 11, 26, 8, 0, tzinfo=ZoneInfo("America/Chicago")).timestamp()
    assert desk.work.release_stale() == 1, "somebody else may be there sooner than she"


def test_what_somebody_has_who_cannot_log_in_any_more_goes_back_at_once(desk: AtDesk) -> None:
    id, gone = desk.comes(), desk.comes()
    desk.work.take(ANA, id)
    desk.work.take(viewer(99, Role.RESPONDER), gone)
    assert desk.work.release_stale() == 1, "there is no user 99"
    with desk.engine.begin() as connection:
        connection.execute(update(User).where(User.id == ANA.user).values(active=False))
    assert desk.work.release_stale() == 1
    assert desk.now(id).claimed_by is None and desk.now(gone).claimed_by is None


def test_whose_key_is_gone_goes_back_without_a_word(desk: AtDesk, clock) -> None:
    id = desk.comes()
    desk.work.take(ANA, id)
    desk.keys.destroy(id)
    clock.advance(STALE)
    assert desk.work.release_stale() == 1
    assert desk.column(id, "claimed_by") is None


def test_how_many_urgent_ones_she_took_today_is_told_to_her(desk: AtDesk, clock) -> None:
    found(desk.engine, OWN)
    clock.now = datetime(2026, 11, 25, 23, 50, tzinfo=ZoneInfo("America/Chicago")).timestamp()
    yesterday = desk.comes(urgency=Urgency.URGENT)
    desk.work.take(ANA, yesterday)
    assert desk.work.urgent_today(ANA) == 1
    clock.advance(20 * MINUTE)
    assert desk.work.urgent_today(ANA) == 0
    urgent, normal, rising, hers = (
        desk.comes(urgency=urgency) for urgency in (Urgency.URGENT, Urgency.NORMAL, Urgency.NORMAL, Urgency.URGENT)
    )
    for id in (urgent, normal, rising):
        desk.work.take(ANA, id)
    desk.work.take(BEA, hers)
    assert desk.work.urgent_today(ANA) == 1
    desk.work.hand_back(ANA, urgent)
    desk.work.take(ANA, urgent)
    assert desk.work.urgent_today(ANA) == 1, "the same one is counted once"
    desk.work.set_urgency(ANA, rising, Urgency.URGENT)
    assert desk.work.urgent_today(ANA) == 2


def test_a_day_begins_by_the_clocks_of_her_organization(desk: AtDesk, clock) -> None:
    found(desk.engine, OWN)
    with desk.engine.begin() as connection:
        connection.execute(update(DeskOrganizationRow).values(zone="Asia/Tokyo"))
    clock.now = datetime(2026, 11, 25, 23, 50, tzinfo=ZoneInfo("Asia/Tokyo")).timestamp()
    desk.work.take(ANA, desk.comes(urgency=Urgency.URGENT))
    clock.advance(20 * MINUTE)
    assert desk.work.urgent_today(ANA) == 0
    with desk.engine.begin() as connection:
        connection.execute(update(DeskOrganizationRow).values(zone="nowhere"))
    assert desk.work.urgent_today(ANA) == 1, "Chicago's day has not ended"


def test_duty_stands_in_the_row_of_the_user(desk: AtDesk, clock) -> None:
    desk.work.start_shift(ANA)
    with desk.engine.connect() as connection:
        held = dict(connection.execute(select(User.id, User.on_duty).where(User.on_duty.is_not(None))).all())
    assert held == {ANA.user: int(clock.now)}
