"""Forgetting a person (BORRAR): conversations with staff, then session and stored replies, then the carrier's copy.

Of a conversation its key is destroyed first: whatever else survives, in a log, a page or a backup, is noise then. What
a store that is down leaves undone waits (bot/store/erasures.py), and the worker finishes it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

import structlog
from msgspec import Struct
from redis import Redis
from sqlalchemy import Engine

from bot.frozen import replace
from bot.privacy import RETENTION, Erased
from bot.session import Beside
from bot.store.erasures import RedisErasures, Request, SqlErasures
from bot.store.errors import Held, StoreError
from bot.store.escalation_entries import BELIEVED_SECONDS
from bot.store.escalations import Escalations
from bot.store.key_store import KeyStore
from bot.store.keys import DayKeys
from bot.store.opened_late import OpenedLate
from bot.store.sessions import Sessions

DeleteCopies = Callable[[str], bool]
"""Deletes the carrier's messages from and to an address; False when it is to be asked again."""

# BORRAR and its answer are listed at the carrier only after the answer, and go only once they have arrived. What is left
# after the last time goes by its age.
COPIES_AFTER = (0.0, 120.0, 900.0)
COPIES_AGAIN = 60.0
COPIES_GIVE_UP = RETENTION["copy at the carrier"].total_seconds()
CLOCKS_APART = 2.0
"""Seconds by which a session may seem younger than the wish to erase it: no two hosts have the same clock."""
_LONGEST = RETENTION["unfinished erasing"].total_seconds()
_WRITTEN_LATE = BELIEVED_SECONDS + 60.0

log = structlog.get_logger()


class _Conversations(Struct, frozen=True):
    """How the erasing of conversations went: whether one may be ``left``, and whether counsel ``held`` one."""

    left: bool = False
    held: bool = False


class Erasing:
    """The erasing of an installation. One object for a process, safe for all its threads. ``clock`` is the bot's."""

    def __init__(
        self,
        sessions: Sessions,
        escalations: Escalations,
        engine: Engine,
        redis: Redis,
        keys: KeyStore | OpenedLate,
        day_keys: DayKeys,
        clock: Callable[[], float],
        copies: bool,
    ) -> None:
        """``copies``: whether the worker may delete at the carrier; without that nothing is noted while all is up."""
        self._sessions, self._escalations, self._clock = sessions, escalations, clock
        self._in_redis, self._in_sql = RedisErasures(redis, day_keys, clock), SqlErasures(engine, keys)
        self._copies = len(COPIES_AFTER) if copies else 0

    def erase(self, address: str, beside: Beside) -> Erased:
        """Erases this person, in the turn of the message that asks for it, and says how it went. Never raises ``StoreError``.

        ``beside`` is what the turn found beside the session.
        """
        now = self._clock()
        since = now - _WRITTEN_LATE if beside.whole else 0.0
        done = self._erase_conversations(address, beside.kept, since, whole=beside.whole)
        session = not self._erase_session(address)
        request = Request(address, now, conversations=done.left, session=session, copies=self._copies)
        if request.ours:
            return Erased.UNFINISHED if self._note(request) else Erased.LOST
        if done.held:
            return Erased.HELD
        if request.copies:
            self._note_in_redis(request)
        return Erased.DONE

    def work(self) -> None:
        """The worker's duty: what is left here is tried again. Raises the first ``StoreError`` when all have had their turn."""
        trouble: list[StoreError] = []
        for each in (self._work_in_sql, self._work_in_redis):
            try:
                each()
            except StoreError as error:
                trouble.append(error)
        if trouble:
            raise trouble[0]

    def work_on_copies(self, delete_copies: DeleteCopies) -> None:
        """The worker's other duty, which waits for the carrier: the copies of those of whom nothing is left here."""
        for waiting in self._in_redis.waiting():
            request = waiting.request
            if request.copies and not request.ours and request.due <= self._clock():
                self._in_redis.replace(waiting, self._without_copies(request, delete_copies))

    def _work_in_sql(self) -> None:
        trouble: list[StoreError] = []
        for id in self._in_sql.ids():
            try:
                self._finish_row(id)
            except StoreError as error:
                trouble.append(error)
        if trouble:
            raise trouble[0]

    def _finish_row(self, id: str) -> None:
        found = self._in_sql.read(id)
        if found is not None:
            address, asked = found
            request = self._finish(Request(address, asked, conversations=True, session=True, copies=self._copies))
            if request.ours:
                return
            if request.copies:
                self._in_redis.add(request)
        self._in_sql.drop(id)

    def _work_in_redis(self) -> None:
        for waiting in self._in_redis.waiting():
            request = waiting.request
            if request.ours:
                request = self._finish(request)
            if not self._copies:
                request = replace(request, copies=0)
            if self._clock() - request.asked >= _LONGEST:
                request = Request(request.address, request.asked)
            self._in_redis.replace(waiting, request)

    def _finish(self, request: Request) -> Request:
        """What is left of a request when all that was ours has been tried once more. What came after it stays."""
        if request.conversations:
            done = self._erase_conversations(request.address, (), until=request.asked)
            # What counsel holds is not to vanish elsewhere at our word; it goes there by its age, as everything does.
            request = replace(request, conversations=done.left, copies=0 if done.held else request.copies)
        if request.session:
            session = not self._erase_session(request.address, request.asked + CLOCKS_APART)
            request = replace(request, session=session)
        return request

    def _without_copies(self, request: Request, delete_copies: DeleteCopies) -> Request:
        """What is left of a request when the carrier has been asked."""
        done, now = delete_copies(request.address), self._clock()
        if done and request.copies > 1:
            following = len(COPIES_AFTER) - request.copies + 1
            pause = COPIES_AFTER[following] - COPIES_AFTER[following - 1]
            return replace(request, copies=request.copies - 1, due=now + pause)
        if done or now - request.asked >= COPIES_GIVE_UP:
            return replace(request, copies=0)
        return replace(request, due=now + COPIES_AGAIN)

    def _erase_conversations(
        self,
        address: str,
        known: Collection[str],
        since: float = 0.0,
        until: float | None = None,
        whole: bool = False,
    ) -> _Conversations:
        """Erases those that are known, then those that SQL has from ``since`` to ``until``.

        ``whole``: there are no others, but for one opened a moment ago while Redis was away. So where SQL is down and none
        is known, this person is done.
        """
        held, sure = False, False
        try:
            for id in known:
                held |= not self._erase_conversation(address, id)
            sure = whole
            for id in self._escalations.find(address, closed_too=True, since=since, until=until):
                held |= id not in known and not self._erase_conversation(address, id)
        except StoreError as error:
            log.error("erase.unfinished", error=type(error).__name__)
            return _Conversations(left=not sure, held=held)
        return _Conversations(held=held)

    def _erase_conversation(self, address: str, id: str) -> bool:
        """False for one that counsel holds."""
        try:
            self._escalations.erase(id, address)
        except Held:
            log.warning("erase.held")
            return False
        return True

    def _erase_session(self, address: str, until: float | None = None) -> bool:
        try:
            self._sessions.erase(address, until)
        except StoreError as error:
            log.error("erase.unfinished", error=type(error).__name__)
            return False
        return True

    def _note(self, request: Request) -> bool:
        """Whether the request waits somewhere: in Redis, where it leaves no trace, else in SQL."""
        if not request.session and self._note_in_redis(request):
            return True
        try:
            self._in_sql.add(request.address, request.asked)
        except StoreError as error:
            log.error("erase.lost", error=type(error).__name__)
            return False
        return True

    def _note_in_redis(self, request: Request) -> bool:
        try:
            self._in_redis.add(request)
        except StoreError as error:
            log.error("erase.unnoted", error=type(error).__name__)
            return False
        return True
