"""The outbox: in the transaction of the act, begun by one worker only, and what each outcome of a try leaves behind."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import Engine, select, update

from bot.escalation import refused
from bot.escalation.outgoing import TOO_LONG, State
from bot.message import Channel
from bot.store.database import engine_for
from bot.store.errors import KeyGone
from bot.store.escalations import Escalations
from bot.store.key_store import KeyStore
from bot.store.master_key import MasterKeys
from bot.store.models import OutboxRow
from bot.store.outbox import Outbox
from bot.store.outbox_rows import ANSWER, Going
from bot.store.sealed import Key
from bot.store.unsettled import Unsettled
from tests.store.escalated import ANA, LUZ


@pytest.fixture
def outbox(engine: Engine, keys: KeyStore, clock) -> Outbox:
    return Outbox(engine, keys, clock)


@pytest.fixture
def unsettled(engine: Engine, keys: KeyStore, clock) -> Unsettled:
    return Unsettled(engine, keys, clock)


def put(engine: Engine, outbox: Outbox, escalation: str, number: int) -> str:
    with engine.begin() as connection:
        return outbox.put(connection, escalation, number)


@pytest.fixture
def waiting(engine: Engine, outbox: Outbox, escalations: Escalations, told: str) -> str:
    """A reply to Ana that waits."""
    return put(engine, outbox, told, escalations.add(told, "staff", "Sí, estamos."))


def row(engine: Engine, id: str) -> OutboxRow:
    with engine.connect() as connection:
        return connection.execute(select(OutboxRow).where(OutboxRow.id == id)).one()  # type: ignore[return-value]


def begun(outbox: Outbox, id: str) -> Going:
    going = outbox.begin(id)
    assert going is not None
    return going


def test_it_waits_only_if_the_act_that_wrote_it_holds(
    engine: Engine, outbox: Outbox, escalations: Escalations, told: str
) -> None:
    number = escalations.add(told, "staff", "Sí.")
    with pytest.raises(LookupError), engine.begin() as connection:
        outbox.put(connection, told, number)
        raise LookupError
    assert outbox.due() == ()
    id = put(engine, outbox, told, number)
    assert outbox.due() == (id,)
    assert outbox.letter(begun(outbox, id)).text == "Sí."


def test_many_workers_at_once_begin_it_once(
    engine: Engine, database_url: str, keys: KeyStore, clock, waiting: str
) -> None:
    start, got = threading.Barrier(6), []

    def work() -> None:
        own = engine_for(database_url)
        start.wait()
        got.append(Outbox(own, keys, clock).begin(waiting))
        own.dispose()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 6 and [going.tries for going in got if going] == [1]
    assert row(engine, waiting).state == "sending"


def test_what_was_written_first_goes_first(
    engine: Engine, outbox: Outbox, escalations: Escalations, told: str, waiting: str, clock
) -> None:
    second = put(engine, outbox, told, escalations.add(told, "staff", "Otra."))
    hers = escalations.open(LUZ, Channel.WHATSAPP)
    other = put(engine, outbox, hers, escalations.add(hers, "staff", "Hola."))
    assert outbox.due() == (waiting, other) and outbox.begin(second) is None
    going = begun(outbox, waiting)
    outbox.again(going, clock.now + 30)
    assert outbox.due() == (other,), "not before the first has gone out"
    clock.advance(31)
    outbox.sent(begun(outbox, waiting), "SM1", "queued")
    assert outbox.due() == (second, other)


def test_what_may_pass_does_not_hold_up_what_comes_after(
    engine: Engine, outbox: Outbox, escalations: Escalations, told: str, waiting: str
) -> None:
    second = put(engine, outbox, told, escalations.add(told, "staff", "Otra."))
    outbox.sent(begun(outbox, waiting), "SM1", "queued")
    outbox.reported(f"{waiting}.1", "undelivered", 30003, "SM1")
    assert row(engine, waiting).state == "queued" and outbox.due() == (second,)


@pytest.mark.parametrize(
    ("code", "state"),
    [(30003, "queued"), (30008, "queued"), (30410, "queued"), (30001, "queued"), (63018, "queued"), (30005, "failed")]
    + [(63016, "failed"), (21610, "failed"), (30034, "failed"), (30007, "failed"), (99999, "failed")],
)
def test_a_code_decides_whether_it_is_tried_again(
    engine: Engine, outbox: Outbox, waiting: str, clock, code: int, state: str
) -> None:
    outbox.refused(begun(outbox, waiting), code)
    assert (row(engine, waiting).state, row(engine, waiting).error) == (state, code)
    assert outbox.due() == ()
    clock.advance(3600)
    assert outbox.due() == ((waiting,) if state == "queued" else ())


@pytest.mark.parametrize("code", [30003, 30008, 30410])
def test_once_more_is_once(engine: Engine, outbox: Outbox, waiting: str, clock, code: int) -> None:
    for tries, state in ((1, "queued"), (2, "undelivered")):
        outbox.sent(begun(outbox, waiting), f"SM{tries}", "queued")
        assert outbox.reported(f"{waiting}.{tries}", "undelivered", code, f"SM{tries}")
        assert row(engine, waiting).state == state
        clock.advance(3600)
    assert outbox.due() == ()


def test_a_late_word_of_a_try_that_was_given_up(engine: Engine, outbox: Outbox, waiting: str, clock) -> None:
    outbox.sent(begun(outbox, waiting), "SM1", "queued")
    outbox.reported(f"{waiting}.1", "undelivered", 30008, "SM1")
    clock.advance(120)
    second = begun(outbox, waiting)
    outbox.reported(f"{waiting}.1", "undelivered", 30008, "SM1")
    assert row(engine, waiting).state == "sending", "the second try is not over with the first"
    outbox.reported(f"{waiting}.1", "delivered", None, "SM1")
    assert (row(engine, waiting).state, row(engine, waiting).error) == ("delivered", None)
    outbox.sent(second, "SM2", "queued")
    outbox.reported(f"{waiting}.2", "undelivered", 30008, "SM2")
    assert row(engine, waiting).state == "delivered"


def test_a_report_before_the_carrier_has_answered(engine: Engine, outbox: Outbox, waiting: str) -> None:
    going = begun(outbox, waiting)
    assert outbox.reported(going.name, "delivered", None, "SM1")
    outbox.unsure(going)
    assert row(engine, waiting).state == "delivered"
    outbox.sent(going, "SM1", "queued")
    assert (row(engine, waiting).state, row(engine, waiting).sid) == ("delivered", "SM1")


@pytest.mark.parametrize(
    ("o", "status"),
    [("", "sent"), ("x", "sent"), ("x.1", "sent"), ("{id}", "sent"), ("{id}.x", "sent"), ("{id}.1", "teleported")]
    + [("{id}.١", "sent"), ("{id}.9999999", "sent"), ("{id}.1' OR 1=1 --", "sent"), ("\x00.1", "sent")],
    ids=[
        "nothing",
        "no try",
        "unknown",
        "id alone",
        "no number",
        "unknown status",
        "arabic digit",
        "long",
        "sql",
        "nul",
    ],
)
def test_a_report_that_nobody_knows_changes_nothing(
    engine: Engine, outbox: Outbox, waiting: str, o: str, status: str
) -> None:
    begun(outbox, waiting)
    before = str(row(engine, waiting))
    assert not outbox.reported(o.format(id=waiting), status, None, "SM1")
    assert str(row(engine, waiting)) == before


def test_an_outcome_that_nobody_knows_waits_for_the_report(
    engine: Engine, outbox: Outbox, unsettled: Unsettled, waiting: str, clock
) -> None:
    going = begun(outbox, waiting)
    outbox.unsure(going)
    assert row(engine, waiting).state == "unsure" and outbox.due() == ()
    assert unsettled.to_look_up() == ()
    clock.advance(ANSWER)
    assert unsettled.to_look_up() == (going,)
    outbox.reported(going.name, "queued", None, "SM1")
    assert (row(engine, waiting).state, unsettled.to_look_up()) == ("sending", ())


def test_a_worker_that_died_in_the_middle_leaves_an_unknown_outcome(
    engine: Engine, outbox: Outbox, unsettled: Unsettled, waiting: str, clock
) -> None:
    going = begun(outbox, waiting)
    clock.advance(ANSWER - 1)
    assert unsettled.to_look_up() == () and outbox.due() == ()
    clock.advance(1)
    assert unsettled.to_look_up() == (going,)
    outbox.again(going, clock.now)
    assert outbox.due() == (waiting,)


def test_a_slow_worker_does_not_undo_the_try_after_its_own(engine: Engine, outbox: Outbox, waiting: str, clock) -> None:
    slow = begun(outbox, waiting)
    clock.advance(ANSWER)
    outbox.again(slow, clock.now)
    second = begun(outbox, waiting)
    outbox.unsure(slow)
    outbox.again(slow, clock.now)
    outbox.refused(slow, 30005)
    assert row(engine, waiting).state == "sending"
    outbox.sent(second, "SM2", "sent")
    assert (row(engine, waiting).state, row(engine, waiting).sid) == ("sent", "SM2")


@pytest.mark.parametrize("state", ["queued", "unsure"])
def test_after_two_days_it_does_not_go_out_any_more(
    engine: Engine,
    outbox: Outbox,
    unsettled: Unsettled,
    escalations: Escalations,
    told: str,
    waiting: str,
    clock,
    state: str,
) -> None:
    if state == "unsure":
        outbox.unsure(begun(outbox, waiting))
    # Of an unknown outcome the carrier can tell no more once its copies of that day are deleted.
    clock.advance((23 * 3600 if state == "unsure" else TOO_LONG) - 1)
    assert unsettled.overdue() == ()
    clock.advance(1)
    assert outbox.due() == () and unsettled.to_look_up() == ()
    (late,) = unsettled.overdue()
    assert late.id == waiting and unsettled.give_up(late) is True and unsettled.give_up(late) is False
    ended = row(engine, waiting)
    code = refused.UNKNOWN_OUTCOME if state == "unsure" else refused.TOO_LATE
    assert (ended.state, ended.error, ended.told) == ("failed", code, int(clock.now)) and unsettled.overdue() == ()
    last = escalations.messages(told)[-1]
    assert (last.author, last.text) == ("system", "undelivered")


def test_a_worker_that_is_late_does_not_begin_after_two_days(outbox: Outbox, waiting: str, clock) -> None:
    """It was listed as due before, and those before it in the list took their time."""
    clock.advance(TOO_LONG - 1)
    assert outbox.due() == (waiting,)
    clock.advance(1)
    assert outbox.begin(waiting) is None


def test_a_try_on_its_way_is_not_given_up_at_once(outbox: Outbox, unsettled: Unsettled, waiting: str, clock) -> None:
    clock.advance(TOO_LONG - 1)
    begun(outbox, waiting)
    clock.advance(599)
    assert unsettled.overdue() == () and len(unsettled.to_look_up()) == 1
    clock.advance(1)
    assert len(unsettled.overdue()) == 1 and unsettled.to_look_up() == ()


def test_a_key_that_only_a_person_can_mend_holds_up_nobody(
    engine: Engine, unsettled: Unsettled, keys: KeyStore, escalations: Escalations, told: str, waiting: str, clock
) -> None:
    clock.advance(TOO_LONG)
    (late,) = unsettled.overdue()
    others = KeyStore(keys._database, MasterKeys((Key("2027", b"m" * 32),)))
    assert Unsettled(engine, others, clock).give_up(late) is True
    assert (row(engine, waiting).state, row(engine, waiting).error) == ("failed", refused.TOO_LATE)


def test_nothing_is_read_of_who_was_erased(outbox: Outbox, keys: KeyStore, told: str, waiting: str) -> None:
    going = begun(outbox, waiting)
    keys.destroy(told)
    with pytest.raises(KeyGone):
        outbox.letter(going)


def test_the_name_at_the_carrier_goes_a_day_after_the_end(
    engine: Engine, outbox: Outbox, unsettled: Unsettled, waiting: str, clock
) -> None:
    outbox.sent(begun(outbox, waiting), "SM1", "delivered")
    clock.advance(86_399)
    assert unsettled.forget() == 0 and row(engine, waiting).sid == "SM1"
    clock.advance(1)
    assert unsettled.forget() == 1 and row(engine, waiting).sid is None


def test_what_the_carrier_is_silent_about_is_asked_for(
    engine: Engine, outbox: Outbox, unsettled: Unsettled, waiting: str, clock
) -> None:
    going = begun(outbox, waiting)
    outbox.sent(going, "SM1", "queued")
    assert unsettled.silent() == ()
    clock.advance(601)
    (asked,) = unsettled.silent()
    assert (asked.id, asked.sid) == (waiting, "SM1")
    unsettled.asked(asked)
    assert unsettled.silent() == ()
    clock.advance(1201)
    assert unsettled.silent() == (asked,)
    outbox.reported(going.name, "delivered", None, "SM1")
    clock.advance(86_400)
    assert unsettled.silent() == ()


def test_what_counts_as_a_state_is_written(engine: Engine, waiting: str) -> None:
    with engine.begin() as connection:
        for state in State:
            connection.execute(update(OutboxRow).where(OutboxRow.id == waiting).values(state=state.value))
    assert ANA not in str(row(engine, waiting))
