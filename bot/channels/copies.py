"""The carrier's copy of every message, deleted there: what is over its time, hourly, and a person's at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog
from msgspec import Struct
from redis import Redis

from bot.channels.carrier import Carrier, Copy
from bot.channels.rest import TIMEOUT, CarrierError, Gone, Hurried, Refused, Unauthorised, Unclear
from bot.privacy import RETENTION
from bot.settings import Settings
from bot.store.keys import DayKeys
from bot.store.sweeps import Refusals, Sweep, note_sweep

SECONDS = 20.0
"""How long one piece of work may take, beside the request that is under way."""

MOST = 500
"""Messages that one piece of work deletes at most."""

HOUR = 3600.0
_DAY = 24 * HOUR
_FIRST_PAUSE = 60.0
_LISTING = 0.5
"""The part of the time that looking may take; the rest is for deleting."""
_IN_A_ROW = 3
"""So many failures one after the other are the carrier's, not the messages'."""

log = structlog.get_logger()


class Left(Struct, frozen=True):
    """The messages over the limit that are still at the carrier. ``oldest`` is unix seconds; not ``whole``: there may be more."""

    count: int
    oldest: float | None
    whole: bool


def copies_for(settings: Settings, redis: Redis, clock: Callable[[], float], timeout: float = TIMEOUT) -> Copies | None:
    """The copies of this account; None without an API key: then Twilio keeps them. ``timeout``: seconds of one request."""
    if not settings.twilio_api_key:
        return None
    refusals = Refusals(redis, DayKeys(redis))
    return Copies(Carrier(settings, timeout), redis, refusals, clock, settings.twilio_senders)


@dataclass(slots=True)
class _Work:
    """One bounded piece of work. ``seen`` is what is to go and still there, ``known`` the names of what was refused before."""

    known: frozenset[str]
    fits: Callable[[Copy], bool]
    began: float = field(default_factory=time.monotonic)
    found: dict[str, Copy] = field(default_factory=dict)
    seen: dict[str, Copy] = field(default_factory=dict)
    deleted: int = 0
    refused: int = 0
    cut: bool = False
    error: CarrierError | None = None

    def over(self, part: float = 1.0) -> bool:
        """Whether this part of the time is spent."""
        return time.monotonic() - self.began >= SECONDS * part

    @property
    def stopped(self) -> bool:
        return self.cut or self.error is not None


class Copies:
    """Messages at the carrier. With ``senders`` only those from or to one of them are ours."""

    def __init__(
        self,
        carrier: Carrier,
        redis: Redis,
        refusals: Refusals,
        clock: Callable[[], float],
        senders: frozenset[str] = frozenset(),
    ) -> None:
        self._carrier, self._redis, self._refusals, self._clock = carrier, redis, refusals, clock
        self._senders = senders
        self._troubled: set[str] = set()
        self._failures = 0
        self._whole_due = 0.0

    def delete_old(self, now: float) -> Sweep:
        """Deletes what is over its time, as much as one piece of work may. ``now`` is unix seconds of the bot's clock.

        Raises ``StoreDown``; what the carrier did not do stands in the sweep.
        """
        before = now - RETENTION["copy at the carrier"].total_seconds()
        work = _Work(self._refusals.names(now), lambda copy: copy.at is not None and copy.at <= before)
        self._look(work, self._queries(before), now)
        # What was never sent has no date of sending, and Twilio leaves it out when asked by date: once a day all is read.
        if not work.stopped and now >= self._whole_due:
            self._whole_due = now + _DAY
            self._look(work, self._queries(None), now)
        self._delete(work, now)
        left = [copy.at for copy in work.seen.values() if copy.at is not None]
        sweep = Sweep(
            at=now,
            deleted=work.deleted,
            refused=work.refused,
            left=len(left),
            oldest=min(left, default=None),
            more=work.cut,
            pause=self._pause(work),
            error=work.error.code if work.error else None,
        )
        note_sweep(self._redis, sweep)
        _log("copies.swept", work)
        return sweep

    def delete_copies(self, address: str) -> bool:
        """Deletes all messages from and to this person; True when nothing is left that can be deleted now.

        What the carrier refuses is tried again by the next call, and by the hourly sweep. ``address`` is ``+1...`` or
        ``whatsapp:+1...``. Raises ``StoreDown``; False when the carrier could not be asked or there was too much for once:
        ask again.
        """
        now = self._clock()
        # All is tried, also what was refused a moment ago: it is one person's, and it goes as soon as it has arrived.
        work = _Work(frozenset(), lambda copy: address in (copy.sender, copy.receiver))
        self._look(work, ({"sender": address}, {"receiver": address}), now)
        self._delete(work, now)
        _log("copies.of_one", work)
        return not work.stopped

    def left_now(self, now: float, seconds: float = 10.0) -> Left:
        """Asks how many messages over their time are still there, for at most about ``seconds``. Raises ``CarrierError``."""
        before = now - RETENTION["copy at the carrier"].total_seconds()
        until = time.monotonic() + seconds
        found: dict[str, float] = {}
        for query in (*self._queries(before), *self._queries(None)):
            for page in self._carrier.pages(**query):
                found |= {copy.sid: copy.at for copy in page if self._ours(copy) and copy.at and copy.at <= before}
                if time.monotonic() >= until:
                    return Left(len(found), min(found.values(), default=None), whole=False)
        return Left(len(found), min(found.values(), default=None), whole=True)

    def _queries(self, before: float | None) -> list[Mapping[str, Any]]:
        """What to ask for. Twilio lists by one number at a time."""
        if not self._senders:
            return [{"before": before}]
        return [{side: each, "before": before} for each in sorted(self._senders) for side in ("sender", "receiver")]

    def _ours(self, copy: Copy) -> bool:
        return not self._senders or bool(self._senders & {copy.sender, copy.receiver})

    def _look(self, work: _Work, queries: Iterable[Mapping[str, Any]], now: float) -> None:
        """Notes what is to go. Every message is looked at again here: a filter that is not kept must delete nothing."""
        try:
            for query in queries:
                for page in self._carrier.pages(**query):
                    for copy in page:
                        if work.fits(copy) and self._ours(copy):
                            self._note(work, copy, now)
                    if len(work.found) >= MOST or work.over(_LISTING):
                        work.cut = True
                        return
        except CarrierError as error:
            work.error = error

    def _note(self, work: _Work, copy: Copy, now: float) -> None:
        work.seen[copy.sid] = copy
        if not self._refusals.is_among(work.known, copy.sid, now):
            work.found[copy.sid] = copy

    def _delete(self, work: _Work, now: float) -> None:
        """Deletes what was found, what failed before at the end: a message that always fails does not hold up the others."""
        if isinstance(work.error, Unauthorised | Hurried):
            return
        failed: set[str] = set()
        in_a_row = 0
        for copy in sorted(work.found.values(), key=lambda copy: copy.sid in self._troubled):
            if work.over() or work.deleted >= MOST:
                work.cut = True
                break
            try:
                self._carrier.delete(copy)
                work.deleted += 1
            except Gone:
                pass
            except Refused:
                self._refusals.add(copy.sid, now)
                work.refused += 1
                continue
            except Unclear as error:
                work.error = error
                failed.add(copy.sid)
                in_a_row += 1
                if in_a_row >= _IN_A_ROW:
                    break
                continue
            except CarrierError as error:
                work.error = error
                break
            in_a_row = 0
            del work.seen[copy.sid]
        self._troubled = failed | (self._troubled & work.seen.keys())

    def _pause(self, work: _Work) -> float:
        """Seconds until it goes on: at once while there is more, longer and longer while the carrier does not do it."""
        if work.cut and work.deleted and not work.error:
            self._failures = 0
            return 0.0
        if isinstance(work.error, Unauthorised) or not work.stopped:
            self._failures = 0
            return HOUR
        self._failures += 1
        return min(HOUR, _FIRST_PAUSE * 2.0 ** (self._failures - 1))


def _log(event: str, work: _Work) -> None:
    # Nothing but how many and why not: an address or an id would be a trace of somebody.
    if work.error:
        log.warning(event, moved=work.deleted, error=type(work.error).__name__, code=work.error.code)
    elif work.deleted:
        log.info(event, moved=work.deleted)
