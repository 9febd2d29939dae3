"""Logins of the console as rows, so that each can be ended from elsewhere. The browser holds a random word, SQL its SHA-256."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Engine, delete, insert, select, update

from bot.store.audit import note
from bot.store.database import sql_errors
from bot.store.people import COLUMNS
from bot.store.person import Person, person_of
from bot.store.staff_models import ConsoleSession, User

IDLE = 8 * 3600
IDLE_STRICT = 30 * 60
"""Seconds without a person's act after which a login ends; the shorter one for roles that need a second factor."""
ABSOLUTE = 12 * 3600
"""Seconds after which it ends whatever she does."""
SEEN_EVERY = 30
"""So exact is the row about when she was last seen: a page a second must not be a write a second."""


class Login(Struct, frozen=True):
    """A login that is good: whose it is, and what the pages remember with it. Times are unix seconds."""

    id: str
    person: Person
    made: int
    seen: int
    data: Mapping[str, Any]


class ConsoleSessions:
    """The logins. ``clock`` is the bot's. Every method raises ``StoreDown``."""

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine, self._clock = engine, clock

    def begin(self, person: Person, data: Mapping[str, Any]) -> str:
        """A new login; returns the word for the browser, which is known nowhere else."""
        word, now = secrets.token_urlsafe(32), int(self._clock())
        row = {"id": named(word), "user": person.id, "made": now, "seen": now, "data": _written(data, person)}
        with sql_errors(), self._engine.begin() as connection:
            connection.execute(insert(ConsoleSession).values(row))
            connection.execute(update(User).where(User.id == person.id).values(last_seen=now))
            note(connection, now, person.actor, "login", f"user {person.id}")
        return word

    def find(self, word: str) -> Login | None:
        """The login of that word, if it has not come to an end: by time, by deactivation, or because all were ended."""
        begun, seen = ConsoleSession.made.label("begun"), ConsoleSession.seen.label("seen")
        asked = select(*COLUMNS, begun, seen, ConsoleSession.data).join(User, User.id == ConsoleSession.user)
        with sql_errors(), self._engine.connect() as connection:
            row = connection.execute(asked.where(ConsoleSession.id == named(word))).first()
        if row is None:
            return None
        data: dict[str, Any] = json.loads(row.data)
        person = person_of(row)
        if not person.active or data.pop("_logins", None) != person.logins or self._over(person, row.begun, row.seen):
            return None
        return Login(named(word), person, row.begun, row.seen, data)

    def _over(self, person: Person, made: int, seen: int) -> bool:
        now = self._clock()
        return now - made >= ABSOLUTE or now - seen >= idle_of(person)

    def seen(self, login: Login) -> None:
        """She did something: her time without an act begins again."""
        now = int(self._clock())
        if now - login.seen < SEEN_EVERY:
            return
        with sql_errors(), self._engine.begin() as connection:
            connection.execute(update(ConsoleSession).where(ConsoleSession.id == login.id).values(seen=now))
            connection.execute(update(User).where(User.id == login.person.id).values(last_seen=now))

    def remember(self, login: Login, data: Mapping[str, Any]) -> None:
        """What the pages remember with this login."""
        with sql_errors(), self._engine.begin() as connection:
            mine = update(ConsoleSession).where(ConsoleSession.id == login.id)
            connection.execute(mine.values(data=_written(data, login.person)))

    def end(self, login: Login) -> None:
        """She logged out."""
        with sql_errors(), self._engine.begin() as connection:
            connection.execute(delete(ConsoleSession).where(ConsoleSession.id == login.id))
            self._note(connection, login.person, "logout")

    def end_one(self, person: Person, id: str) -> bool:
        """She ends one of her own logins from another one, by its row."""
        with sql_errors(), self._engine.begin() as connection:
            hers = delete(ConsoleSession).where(ConsoleSession.id == id, ConsoleSession.user == person.id)
            if gone := bool(connection.execute(hers).rowcount):
                self._note(connection, person, "session.revoked")
            return gone

    def end_all(self, person: Person) -> None:
        """She logs out everywhere; a login that is being made at this moment under the old word is none either."""
        with sql_errors(), self._engine.begin() as connection:
            connection.execute(update(User).where(User.id == person.id).values(fs_uniquifier=secrets.token_hex(32)))
            connection.execute(delete(ConsoleSession).where(ConsoleSession.user == person.id))
            self._note(connection, person, "sessions.revoked")

    def of(self, person: Person) -> tuple[tuple[str, int, int], ...]:
        """Her logins that are good: id, made, seen; the newest first."""
        hers = select(ConsoleSession.id, ConsoleSession.made, ConsoleSession.seen).where(
            ConsoleSession.user == person.id
        )
        with sql_errors(), self._engine.connect() as connection:
            rows = connection.execute(hers.order_by(ConsoleSession.seen.desc())).all()
        return tuple((row.id, row.made, row.seen) for row in rows if not self._over(person, row.made, row.seen))

    def _note(self, connection: Connection, person: Person, action: str) -> None:
        note(connection, self._clock(), person.actor, action, f"user {person.id}")


def named(word: str) -> str:
    """The row of a word: its SHA-256, so that who reads the database cannot log in with what is there."""
    return hashlib.sha256(word.encode()).hexdigest()


def idle_of(person: Person) -> int:
    """After how many seconds without an act her logins end."""
    return IDLE_STRICT if person.needs_second_factor else IDLE


def _written(data: Mapping[str, Any], person: Person) -> str:
    return json.dumps({**data, "_logins": person.logins}, separators=(",", ":"))
