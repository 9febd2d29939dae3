"""The session of a person in Redis, and the lock under which one message at a time is answered.

A turn is two round trips: ``begin`` and ``finish``. Everything of a person lies in one cluster slot, ``{b}``, so that on a
cluster each takes one more at most, for what belongs to nobody:

    {b}:lock               who answers now, and until when
    {b}:fence              the number of the last turn that began
    {b}:queue, {b}:seen    who waits, in order of arrival, and when each was last heard of
    {b}:session:<contact>  "<ms>|<json>", the contact named under a day key
    {b}:replies:<contact>  message -> "<ms>|<reply>", the message named under the same day key; "<ms>" while it is answered;
                           buttons:<message> -> "<ms>|1" beside a reply that went out as buttons
    {b}:esc:<contact>      the id of the person's open escalation, and
    {b}:esc-all:<contact>  those of all that are not erased yet, both written by bot/store/escalation_entries.py

Several people share a bucket and so a lock and a queue; that costs a little waiting and tells nobody apart.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any, TypeVar

from msgspec import Struct, json
from redis import Redis

from bot.privacy import RETENTION, Peppers, sid_key
from bot.session import Beside, read_session
from bot.store.beside import asked_beside, read_beside
from bot.store.errors import Busy, StoreDown
from bot.store.keys import DayKeys, day_name, utc_day
from bot.store.names import PersonNames, person_names
from bot.store.process_name import has_died, own_name
from bot.store.redis_client import Script, redis_errors
from bot.store.tally import Increment, increments, spending

LOCK_MS = 6_000
"""Longer than the deadline of a turn, so that only a dead worker loses its lock; on its own machine it does so at once."""
PATIENCE_MS = 1_000
"""A waiter asks again within 40 ms; one that was silent this long is dead. On its own machine it is known at once."""

_TEXT_INSTEAD_MS = 600_000
"""So long after a question its answer still is one, when it has not arrived."""

_SESSION_MS = int(RETENTION["session"].total_seconds() * 1000)
_REPLY_MS = int(RETENTION["stored reply"].total_seconds() * 1000)
_BACKSTOP_MS = 2 * max(_SESSION_MS, _REPLY_MS)

_BEGIN, _FINISH, _RELEASE, _ERASE = Script("begin"), Script("finish"), Script("release"), Script("erase")
_TAKE_BUTTONS = Script("take_buttons")

_Answer = TypeVar("_Answer")


class _Turn(Struct, frozen=True):
    """What finish and release need to know again."""

    names: PersonNames
    token: str
    fence: bytes
    sid: str


class Begun(Struct, frozen=True):
    """A turn that has begun, or the reply of one that was finished before.

    ``reply`` is set when this message was answered already: send it again and finish nothing. An empty one
    means that the person has had everything erased since: send nothing. Otherwise ``session`` is what the
    last turn left, ``None`` if that was over 24 hours ago. ``on_buttons``: the reply went out as buttons already.
    """

    reply: bytes | None = None
    session: Any = None
    turn: _Turn | None = None
    beside: Beside = Beside()
    on_buttons: bool = False

    def __repr__(self) -> str:
        """Nothing of the person: this may stand in a traceback."""
        return f"Begun(on_buttons={self.on_buttons})"


class Sessions:
    """Sessions, stored replies and locks. One object for a process, safe for all its threads."""

    def __init__(
        self,
        redis: Redis,
        peppers: Peppers,
        day_keys: DayKeys,
        clock: Callable[[], float],
        read: Callable[[bytes], Any] = read_session,
    ) -> None:
        """``clock`` gives unix seconds; it decides every expiry but that of a waiter. ``read`` makes of its JSON again what was kept."""
        self._redis = redis
        self._peppers = peppers
        self._day_keys = day_keys
        self._clock = clock
        self._read = read

    def begin(self, address: str, sid: str, deadline: float) -> Begun:
        """Begins the turn of one message, or finds the reply that it got.

        Waits while earlier messages of the person are answered, at most until ``deadline``
        (``time.monotonic`` seconds); not for those whose process has died on this machine. Raises ``Busy`` after
        that and ``StoreDown`` when Redis cannot be asked.
        """
        # The token outlives a retry: if the first try took the lock and only its answer was lost, it is still ours.
        token = f"{secrets.token_hex(8)}.{own_name()}"
        return self._once_more(lambda: self._begin(address, sid, deadline, token))

    def finish(
        self,
        begun: Begun,
        session: Any,
        reply: bytes,
        counts: Mapping[str, int],
        spent: int = 0,
        heavy: bool = False,
    ) -> bool:
        """Keeps session (``None`` deletes it) and reply, adds counts and ``spent`` segments, frees the lock: one round trip.

        ``heavy``: this was beyond the person's first messages of the day.

        ``False`` when a later turn of the person has begun, the person was erased or Redis has lost this one: nothing is
        kept, and the caller runs the turn again. ``counts`` is as in ``bot.store.tally``; ``ValueError`` for one that is none.
        Raises ``StoreDown``. A worker that dies, or a connection that breaks, at this moment may add a count twice.
        """
        turn = _of(begun)
        now = self._clock()
        names = turn.names
        kept = b"" if session is None else _stamp(now, json.encode(session))
        keys = [names.lock, names.fence, names.sessions[0], names.replies[0]]
        args = [turn.fence, kept, turn.sid, _stamp(now, reply), _BACKSTOP_MS]
        commands = [*increments(counts, now), *spending(spent, now, heavy)]
        return self._once_more(lambda: self._finish(keys, args, commands))

    def release(self, begun: Begun) -> None:
        """Frees the lock of a turn that failed, so that nobody waits. Never raises: a lock ends by itself."""
        turn = _of(begun)
        with suppress(StoreDown):
            self._leave(turn.names, turn.token)

    def note_buttons(self, address: str, sid: str) -> None:
        """The reply to this message went out as buttons: a retry of it gets nothing more. Raises ``StoreDown``."""
        now = self._clock()
        pair = self._day_keys.pair(now)
        names = person_names(self._peppers, address, pair)
        with redis_errors():
            self._redis.hset(names.replies[0], f"buttons:{sid_key(pair[0], sid)}", _stamp(now, b"1"))

    def take_buttons(self, address: str, sid: str) -> bytes | None:
        """The reply to this message, whose buttons did not arrive: once, and None where it is long ago, or the person has written or
        had all erased since. Raises ``StoreDown``.
        """

        def plan(names: PersonNames, pair: tuple[bytes, bytes], now: float) -> tuple[list[str], list[Any]]:
            return list(names.replies), [sid_key(day_key, sid) for day_key in pair]

        _, _, found, _ = self._run(_TAKE_BUTTONS, address, plan)
        stamp, reply = _unstamp(found) if found else (0, b"")
        return reply if stamp > _ms(self._clock()) - _TEXT_INSTEAD_MS else None

    def erase(self, address: str, until: float | None = None) -> None:
        """Deletes the person's session and stored replies. Raises ``StoreDown``.

        Called between begin and finish of the message that asked for it; with ``until`` (unix seconds) at any time, and
        what began after that moment stays. That the earlier messages came stays known for their 24 hours, so that
        neither a late retry of one nor a turn that is not over yet brings anything back.
        """
        moment = "" if until is None else _ms(until)

        def plan(names: PersonNames, *_: object) -> tuple[list[str], list[Any]]:
            return [names.fence, *names.sessions, *names.replies], [moment]

        self._once_more(lambda: self._run(_ERASE, address, plan, certain=True))

    def _begin(self, address: str, sid: str, deadline: float, token: str) -> Begun:
        dead: list[bytes] = []
        sids = "", ""

        def plan(names: PersonNames, pair: tuple[bytes, bytes], now: float) -> tuple[list[str], list[Any]]:
            nonlocal sids
            own = (names.sessions, names.replies, names.escalations, names.kept)
            keys = [names.lock, names.fence, names.queue, names.seen, *[name for both in own for name in both]]
            ms, sids = _ms(now), (sid_key(pair[0], sid), sid_key(pair[1], sid))
            return keys, [token, ms, *sids, ms - _REPLY_MS, LOCK_MS, PATIENCE_MS, _BACKSTOP_MS, *dead]

        while True:
            names, pair, (outcome, *found), beside = self._run(
                _BEGIN, address, plan, asked_beside(self._peppers, address)
            )
            if outcome == b"reply":
                return Begun(reply=_unstamp(found[0])[1], on_buttons=bool(_unstamp(found[1])[1]) if found[1] else False)
            if outcome == b"turn":
                turn = _Turn(names, token, found[0], sids[0])
                return self._begun(turn, found[1], read_beside(found[2:], beside, pair, self._clock()))
            # Who has the lock, and who waits before this one: together with the first of a bucket many may have died in a row.
            if died := [each for each in found if each not in dead and has_died(each.decode().partition(".")[2])]:
                dead += died
                continue
            if time.monotonic() >= deadline:
                self._leave(names, token)
                raise Busy
            # 15 to 40 ms, uneven so that those who wait do not ask in step.
            time.sleep((15 + secrets.randbelow(26)) / 1000)

    def _begun(self, turn: _Turn, kept: bytes | None, beside: Beside) -> Begun:
        if kept is None:
            return Begun(turn=turn, beside=beside)
        stamp, data = _unstamp(kept)
        if stamp <= _ms(self._clock()) - _SESSION_MS:
            return Begun(turn=turn, beside=beside)
        return Begun(session=self._read(data), turn=turn, beside=beside)

    def _finish(self, keys: Sequence[str], args: Sequence[Any], commands: Sequence[Increment]) -> bool:
        with redis_errors():
            # On a cluster some of the counts may lie on a node that is down: then they are lost with it.
            done, _ = _FINISH.run_beside(self._redis, keys, args, *commands)
        return bool(done)

    def _leave(self, names: PersonNames, token: str) -> None:
        with redis_errors():
            _RELEASE.run(self._redis, [names.lock, names.queue, names.seen], [token])

    def _run(
        self,
        script: Script,
        address: str,
        plan: Callable[[PersonNames, tuple[bytes, bytes], float], tuple[list[str], list[Any]]],
        asked: Callable[[PersonNames, float], list[tuple[str, ...]]] = lambda *_: [],
        certain: bool = False,
    ) -> tuple[PersonNames, tuple[bytes, bytes], Any, list[Any]]:
        """Runs a script on the names of a person, made under the day keys that Redis holds at this very moment.

        ``asked`` are further commands of the same round trip; their answers come last. None of these scripts returns 0, after
        which nothing would be asked.

        The client replaces a broken connection without a word, so an empty Redis may stand behind a cached day
        key. Today's key therefore comes back beside every answer, and an answer under another key does not count.
        Nor does one under today's key when tomorrow's is there: another host is past midnight, and what it stored of
        this person in that moment, or has to be erased, is named under that one.

        The node of a cluster that holds the day keys may be down while that of the person answers. Then the cached key
        counts, which all processes had from there, unless the answer has to be ``certain``.
        """
        for _ in range(4):
            now = self._clock()
            day, pair = self._day_keys.day(now), self._day_keys.pair(now)
            names = person_names(self._peppers, address, pair)
            keys, args = plan(names, pair, now)
            beside = [("GET", day_name(each)) for each in (day, day + timedelta(days=1))]
            with redis_errors():
                commands = [*beside, *asked(names, now)]
                answer, (held, ahead, *others) = script.run_beside(self._redis, keys, args, *commands)
            if isinstance(held, Exception):
                if certain:
                    raise StoreDown("redis", held)
                return names, pair, answer, others
            if held != pair[0]:
                self._day_keys.forget()
            elif isinstance(ahead, bytes) and day == utc_day(now):
                self._day_keys.follow(day + timedelta(days=1))
            else:
                return names, pair, answer, others
        raise StoreDown("redis", LookupError())

    def _once_more(self, ask: Callable[[], _Answer]) -> _Answer:
        try:
            return ask()
        except StoreDown as error:
            # A broken connection is found out only by using it; every script may run twice. A timeout has cost
            # too much of the turn's time already.
            if error.evidence != "ConnectionError":
                raise
            return ask()


def _of(begun: Begun) -> _Turn:
    if begun.turn is None:
        raise ValueError("this message was answered before: there is no turn to finish")
    return begun.turn


def _ms(now: float) -> int:
    return int(now * 1000)


def _stamp(now: float, data: bytes) -> bytes:
    return b"%d|%s" % (_ms(now), data)


def _unstamp(kept: bytes) -> tuple[int, bytes]:
    stamp, _, data = kept.partition(b"|")
    return int(stamp), data
