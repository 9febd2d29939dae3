"""What can be opened with the keys of a moment: first while they live, then, with the same sealed bytes, after their death."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.message import Channel
from bot.privacy import contact_key, opt_out_key
from bot.store.database import engine_for
from bot.store.errors import SealBroken
from bot.store.escalations import Escalations
from bot.store.key_store import open_key_store
from bot.store.keys import DayKeys, load_keys
from bot.store.sealed import Key, unseal
from tests.canary.installation import Installation
from tests.canary.people import Person
from tests.canary.places import memory_of, read_redis


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed value as it lay in SQL, with the place that it is bound to."""

    table: str
    row: str | int
    column: str
    key: str
    value: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Moment:
    """Everything that somebody would have who took the machine's stores at that moment."""

    sealed: tuple[Sealed, ...]
    keys: tuple[Key, ...]
    wrapped: Mapping[str, bytes] = field(repr=False)
    day_keys: tuple[bytes, ...] = field(repr=False)
    names: frozenset[str]
    """The names of contacts in Redis, 32 hex digits each."""
    opt_outs: frozenset[str]

    def dead_since(self, first: Moment) -> tuple[tuple[bytes, ...], bool]:
        """The bytes of the keys that something was sealed or named under at a first moment and that are gone in this one,
        plain and wrapped; and whether these are all of them."""
        used, here = {each.key for each in first.sealed}, {key.name for key in self.keys}
        escalations = [key for key in first.keys if key.name in used - here]
        days = [key for key in first.day_keys if key not in self.day_keys]
        wrapped = [first.wrapped[key.name] for key in escalations]
        whole = not used & here and len(days) == len(first.day_keys)
        return (*(key.secret for key in escalations), *wrapped, *days), whole

    def opened(self, sealed: Iterable[Sealed]) -> int:
        """How many of these open under any key of this moment."""
        return sum(any(_opens(each, key.secret) for key in self.keys) for each in sealed)

    def matched(self, names: frozenset[str], persons: Sequence[Person]) -> int:
        """How many of these people can be told to be among these names: by trying every number under every day key."""
        return sum(any(contact_key(day_key, each.address) in names for day_key in self.day_keys) for each in persons)


def _opens(sealed: Sealed, secret: bytes) -> bool:
    try:
        unseal(Key(sealed.key, secret), sealed.value, table=sealed.table, row=sealed.row, column=sealed.column)
    except SealBroken:
        return False
    return True


def take(installation: Installation) -> Moment:
    """The stores as they are now."""
    with contextlib.closing(open_key_store(installation.settings)) as store, installation.redis() as redis:
        names = store.names()
        keys = tuple(key for name in names if (key := store.get(name)))
        wrapped = {name: value for name in names if (value := store.wrapped(name))}
        held = read_redis(redis)
    with contextlib.closing(sqlite3.connect(installation.data / "puente.db")) as sql:
        opt_outs = frozenset(key for (key,) in sql.execute("SELECT contact_key FROM opt_outs"))
        sealed = tuple(_sealed(sql))
    return Moment(
        sealed=sealed,
        keys=keys,
        wrapped=wrapped,
        day_keys=tuple(value for name, value in held.items() if name.startswith(b"day:")),
        names=frozenset(name.decode().rsplit(":", 1)[-1] for name in held if name.startswith(b"{")),
        opt_outs=opt_outs,
    )


def _sealed(sql: sqlite3.Connection) -> Iterator[Sealed]:
    for id, number in sql.execute("SELECT id, number FROM escalations WHERE number IS NOT NULL"):
        yield Sealed("escalations", id, "number", id, number)
    for number, id, author, value in sql.execute("SELECT number, escalation, author, sealed FROM escalation_messages"):
        yield Sealed("escalation_messages", number, author, id, value)


@contextlib.contextmanager
def escalations_of(installation: Installation) -> Iterator[Escalations]:
    """The escalations of a running installation, as its own processes use them."""

    def clock() -> float:
        moved = installation.clock_file.read_text("ascii") if installation.clock_file.exists() else "0"
        return time.time() + float(moved)

    engine = engine_for(installation.settings.sql_url)
    peppers = load_keys(installation.data)
    with contextlib.closing(open_key_store(installation.settings)) as keys, installation.redis() as redis:
        try:
            yield Escalations(engine, redis, peppers, DayKeys(redis), keys, clock)
        finally:
            engine.dispose()


def escalate(installation: Installation, persons: Sequence[Person]) -> dict[str, Person]:
    """Opens an escalation for each of them, with two messages; whose each one is."""
    opened = {}
    with escalations_of(installation) as escalations:
        for person in persons:
            id = escalations.open(person.address, Channel(person.channel))
            escalations.add(id, "family", person.story())
            escalations.add(id, "note", f"called {person.name} at {person.number}")
            opened[id] = person
    return opened


def opted_out(moment: Moment, installation: Installation, persons: Sequence[Person]) -> int:
    """How many people are known to have said STOP: kept under the long key until they come back, by design."""
    pepper = load_keys(installation.data).opt_out
    return sum(opt_out_key(pepper, each.address) in moment.opt_outs for each in persons)


@dataclass(frozen=True, slots=True)
class Remains:
    """In how many places bytes of dead keys were still found. None: it may not be read here."""

    files: int
    redis_memory: int | None


def remains(installation: Installation, dead: Sequence[bytes]) -> Remains:
    """Looks for the bytes of dead keys in every file, and in the memory of redis-server."""
    files = [path.read_bytes() for path in installation.tree.rglob("*") if path.is_file()]
    in_files = sum(key in data for key in dead for data in files)
    try:
        memory = [data for process in installation.of("redis") for _, data in memory_of(process)]
    except PermissionError:
        return Remains(in_files, None)
    return Remains(in_files, sum(any(key in data for data in memory) for key in dead))
