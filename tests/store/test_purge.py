"""The purge: everything goes when its time is over, and not before; what counsel holds stays."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from redis import Redis

from bot.privacy import KEPT, RETENTION
from bot.session import Session, Spot
from bot.store.content_models import Autosave, Phrase, TaskTaken
from bot.store.directory_models import DirectoryFlag, DirectoryHistory
from bot.store.errors import KeyGone
from bot.store.keys import DayKeys
from bot.store.models import (
    AreaNoticeRow,
    Erasure,
    Escalation,
    EscalationMessage,
    FailureCount,
    GapCount,
    OutboxRow,
    PlaceCount,
    SharedPhone,
    SmsCount,
    TopicCount,
    TurnCount,
    WaitCount,
)
from bot.store.staff_models import AuditRow, ConsoleSession, Invitation
from bot.store.tally import spending
from tests.store.purged import (
    ANA,
    DAY,
    HOUR,
    NOON_TO_MIDNIGHT,
    World,
    audited,
    edited,
    erasure,
    escalation,
    invitation,
    login,
    notice,
    orphan,
    phrase,
    sending,
    task,
    turn,
    unerased,
    unsaved,
)

pytestmark = pytest.mark.slow

MONDAY = date(2026, 11, 23)
QUARTERS_END = timedelta(days=7 + 31 + 90 - 0.5).total_seconds()
# Thirty days after the Monday of its week; the clock begins on Tuesday noon.
AGREED_END = 28.5 * DAY
"""From noon of 24 November to the end of March: the quarter after its own is over."""
COUNTS_END = timedelta(days=396 - 1.5).total_seconds()
"""From Tuesday noon to the midnight on which the week of that Monday is over 395 days old."""

# What, its row in the table of retention, how it comes, how much of it is there, and after how many seconds it goes.
TABLE: list[tuple[str, str, Callable[[World], object], Callable[[World], int], float]] = [
    ("a session", "{????}:session:*", turn, lambda w: w.named("{*}:session:*"), DAY),
    ("a stored reply", "{????}:replies:*", turn, lambda w: w.named("{*}:replies:*"), DAY),
    (
        "a day key",
        "day:*",
        lambda w: DayKeys(w.redis).pair(w.clock()),
        lambda w: w.named("day:2026-11-24"),
        DAY + NOON_TO_MIDNIGHT,
    ),
    (
        "spent segments",
        "spent:*",
        lambda w: [w.redis.execute_command(*each) for each in spending(3, w.clock())],
        lambda w: w.named("spent:*"),
        7 * DAY + NOON_TO_MIDNIGHT,
    ),
    ("a closed escalation", "escalations", lambda w: escalation(w, closed=True), unerased, 7 * DAY),
    (
        "its messages",
        "escalation_messages",
        lambda w: escalation(w, closed=True),
        lambda w: w.count(EscalationMessage),
        7 * DAY,
    ),
    (
        "its key",
        "keys",
        lambda w: escalation(w, closed=True),
        lambda w: sum(len(n) == 22 for n in w.keys.names()),
        7 * DAY,
    ),
    (
        "its entry",
        "{????}:esc-all:*",
        lambda w: escalation(w, closed=True),
        lambda w: w.named("{*}:esc-all:*"),
        7 * DAY,
    ),
    ("what of it is on its way", "outbox", lambda w: sending(w, closed=True), lambda w: w.count(OutboxRow), 7 * DAY),
    ("what of an open one is on its way", "outbox", sending, lambda w: w.count(OutboxRow), 30 * DAY),
    ("an open escalation", "escalations", escalation, unerased, 30 * DAY),
    ("the entry of an open one", "{????}:esc:*", escalation, lambda w: w.named("{*}:esc:*"), 30 * DAY),
    ("a tombstone", "escalations", lambda w: escalation(w, erased=True), lambda w: w.count(Escalation), 30 * DAY),
    ("an unfinished erasing", "erasures", erasure, lambda w: w.count(Erasure), 14 * DAY),
    ("the key of one", "keys", erasure, lambda w: w.keys.names().count("an-erasing"), 14 * DAY),
    (
        "a shared phone",
        "shared_phones",
        lambda w: w.put(SharedPhone, contact_key="a" * 64, until=int(w.clock()) + 90 * DAY),
        lambda w: w.count(SharedPhone),
        90 * DAY,
    ),
    ("a login", "console_sessions", login, lambda w: w.count(ConsoleSession), 12 * HOUR),
    ("an invitation", "invitations", invitation, lambda w: w.count(Invitation), 14 * DAY),
    (
        "an invitation that was taken",
        "invitations",
        lambda w: invitation(w, used=HOUR),
        lambda w: w.count(Invitation),
        HOUR,
    ),
    ("a phrase to learn from", "phrases", phrase, lambda w: w.count(Phrase), QUARTERS_END),
    (
        "a phrase that a family agreed to keep",
        "phrases",
        lambda w: phrase(w, origin="agreed", week=MONDAY),
        lambda w: w.count(Phrase),
        AGREED_END,
    ),
    ("a text that was not saved", "autosaves", unsaved, lambda w: w.count(Autosave), 30 * DAY),
    ("a task that was taken for a week", "tasks_taken", task, lambda w: w.count(TaskTaken), 37 * DAY),
    ("the audit", "audit", audited, lambda w: w.count(AuditRow), 365 * DAY),
    ("an area notice", "area_notices", notice, lambda w: w.count(AreaNoticeRow), 30 * DAY + 1),
    (
        "counts of topics",
        "topic_counts",
        lambda w: w.put(TopicCount, week=MONDAY, topic="menu", language="es", channel="sms", n=5),
        lambda w: w.count(TopicCount),
        COUNTS_END,
    ),
    (
        "counts of places",
        "place_counts",
        lambda w: w.put(PlaceCount, week=MONDAY, state="US-TX", help="food", n=5),
        lambda w: w.count(PlaceCount),
        COUNTS_END,
    ),
    (
        "counts of how questions ended",
        "turn_counts",
        lambda w: w.put(TurnCount, week=MONDAY, outcome="answered", language="es", n=5),
        lambda w: w.count(TurnCount),
        COUNTS_END,
    ),
    (
        "counts of parts of SMS",
        "sms_counts",
        lambda w: w.put(SmsCount, week=MONDAY, parts="2", language="es", n=5),
        lambda w: w.count(SmsCount),
        COUNTS_END,
    ),
    (
        "counts of waits for staff",
        "wait_counts",
        lambda w: w.put(WaitCount, week=MONDAY, wait="3600", language="es", n=5),
        lambda w: w.count(WaitCount),
        COUNTS_END,
    ),
    (
        "counts of what did not arrive",
        "failure_counts",
        lambda w: w.put(FailureCount, week=MONDAY, why="stop", channel="sms", n=5),
        lambda w: w.count(FailureCount),
        COUNTS_END,
    ),
    (
        "counts of what was not near",
        "gap_counts",
        lambda w: w.put(GapCount, week=MONDAY, state="US-TX", help="food", n=5),
        lambda w: w.count(GapCount),
        COUNTS_END,
    ),
    (
        "flags of a number",
        "directory_flags",
        lambda w: w.put(DirectoryFlag, week=MONDAY, record="a" * 36, what="does not work", n=1),
        lambda w: w.count(DirectoryFlag),
        COUNTS_END,
    ),
    ("the history of the directory", "hsds_history", edited, lambda w: w.count(DirectoryHistory), 365 * DAY),
    ("a key that no row names", "keys", orphan, lambda w: w.keys.names().count("nobody-names-it"), DAY),
    ("the note of one", "{purge}:unnamed", orphan, lambda w: w.named("{purge}:unnamed"), DAY),
]


@pytest.mark.parametrize(("row", "put", "there", "after"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_everything_goes_at_its_time_and_not_before(
    world: World, row: str, put: Callable[[World], object], there: Callable[[World], int], after: float
) -> None:
    put(world)
    assert there(world) == 1
    world.clock.advance(after - 1)
    world.purge()
    assert there(world) == 1, "too early"
    world.clock.advance(1)
    world.purge()
    assert there(world) == 0, "too late"
    assert world.purge() == {}


def test_whatever_the_purge_ends_is_in_the_table_above() -> None:
    assert {row.name for row in KEPT if "purge" in row.ends} <= {row[1] for row in TABLE}
    assert {row.name for row in KEPT} >= {row[1] for row in TABLE}


def test_what_was_copied_before_opens_with_no_key_that_is_left(world: World) -> None:
    escalation(world, closed=True)
    erasure(world)
    [id] = world.escalations.find(ANA, closed_too=True)
    world.clock.advance(14 * DAY)
    assert world.purge() == {"escalations": 1, "unfinished erasings": 1}
    for ask in (world.escalations.messages, world.escalations.address, world.keys.require):
        with pytest.raises(KeyGone):
            ask(id)
    with pytest.raises(KeyGone):
        world.keys.require("an-erasing")


def test_what_counsel_holds_stays_whatever_its_time(world: World) -> None:
    escalation(world, closed=True)
    [id] = world.escalations.find(ANA, closed_too=True)
    world.escalations.hold(id, "Counsel", "Somebody")
    world.clock.advance(400 * DAY)
    assert world.purge() == {"audit": 2}
    assert [message.text for message in world.escalations.messages(id)] == ["ayuda"]
    world.escalations.release_hold(id, "Somebody")
    assert world.purge() == {"escalations": 1}


def test_a_turn_that_goes_on_loses_nothing(world: World) -> None:
    turn(world)
    world.clock.advance(DAY - 60)
    begun = world.sessions.begin(ANA, "SM2", time.monotonic() + 2)
    world.clock.advance(120)
    world.purge()
    kept = Session(at=Spot("food", "first"), known=True)
    assert world.sessions.finish(begun, kept, b"pan", {})
    world.clock.advance(DAY - 180)
    world.purge()
    assert world.sessions.begin(ANA, "SM3", time.monotonic() + 2).session == kept


def test_of_many_replies_only_the_old_go_and_an_erased_one_too(world: World, redis_client: Redis) -> None:
    turn(world)
    world.sessions.erase(ANA)
    world.clock.advance(HOUR)
    begun = world.sessions.begin(ANA, "SM2", time.monotonic() + 2)
    world.sessions.finish(begun, None, b"otra", {})
    [name] = redis_client.keys("{*}:replies:*")
    assert redis_client.hlen(name) == 2
    world.clock.advance(DAY - HOUR)
    assert world.purge() == {"stored reply": 1}
    assert redis_client.hlen(name) == 1


def test_a_value_that_nobody_can_read_goes(world: World, redis_client: Redis) -> None:
    redis_client.set("{0001}:session:x", b"spoiled")
    redis_client.hset("{0001}:replies:x", "sid", b"")
    assert world.purge() == {"session": 1, "stored reply": 1}


def test_the_promised_times_are_those_of_the_table() -> None:
    assert all(row.after is not None for row in KEPT if "purge" in row.ends)
    assert RETENTION["escalation"] > RETENTION["closed escalation"]
