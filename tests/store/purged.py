"""What the tests of the purge put into the stores, and what they count there."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from redis import Redis
from sqlalchemy import Engine, func, insert, select

from bot.message import Channel
from bot.store import audit
from bot.store.content_models import Autosave, Phrase, TaskTaken
from bot.store.directory_models import DirectoryHistory
from bot.store.escalations import Escalations
from bot.store.key_store import KeyStore
from bot.store.models import AreaNoticeRow, Erasure, Escalation, OutboxRow, SharedPhone
from bot.store.opened_late import OpenedLate
from bot.store.purge import Stores, purge
from bot.store.sealed import seal
from bot.store.sessions import Sessions
from bot.store.staff_models import ConsoleSession, Invitation, User
from tests.upgraded import SEAL_KEY

ANA, LUZ = "+15005550006", "whatsapp:+50255500001"
HOUR, DAY = 3_600, 86_400
NOON_TO_MIDNIGHT = 12 * HOUR


@dataclass(frozen=True)
class World:
    """Every store, and the clock."""

    engine: Engine
    redis: Redis
    keys: KeyStore
    escalations: Escalations
    sessions: Sessions
    clock: Any

    def purge(self, keys: KeyStore | OpenedLate | None = None) -> dict[str, int]:
        """What went, but for day keys; the empty parts are left out."""
        stores = Stores(self.engine, self.redis, keys or self.keys, self.escalations, SEAL_KEY)
        return {name: number for name, number in purge(stores, self.clock()).items() if number and name != "day key"}

    def put(self, table: type, **values: object) -> None:
        with self.engine.begin() as connection:
            connection.execute(insert(table).values(**values))

    def count(self, table: type) -> int:
        with self.engine.connect() as connection:
            return int(connection.scalar(select(func.count()).select_from(table)) or 0)

    def named(self, pattern: str) -> int:
        return len(self.redis.keys(pattern))


def turn(world: World) -> None:
    begun = world.sessions.begin(ANA, "SM1", time.monotonic() + 2)
    assert world.sessions.finish(begun, {"flow": "menu"}, b"hola", {})


def escalation(world: World, closed: bool = False, erased: bool = False) -> None:
    id = world.escalations.open(ANA, Channel.SMS)
    world.escalations.add(id, "family", "ayuda")
    if closed:
        world.escalations.close(id)
    if erased:
        world.escalations.erase(id)


def sending(world: World, closed: bool = False) -> None:
    """An answer of staff that waits to be sent."""
    id, now = world.escalations.open(ANA, Channel.SMS), int(world.clock())
    number = world.escalations.add(id, "staff", "le llamamos hoy")
    world.put(
        OutboxRow, id="o" * 22, escalation=id, message=number, state="queued", made=now, not_before=now, changed=now
    )
    if closed:
        world.escalations.close(id)


def somebody(world: World) -> int:
    """Somebody of the staff."""
    given = {"email": "rosa@example.org", "password": "x", "active": True, "fs_uniquifier": "u", "name": "Rosa"}
    world.put(User, **given, language="es", roles_held="responder", made=int(world.clock()))
    with world.engine.connect() as connection:
        return int(connection.scalar(select(User.id)) or 0)


def login(world: World) -> None:
    now = int(world.clock())
    world.put(ConsoleSession, id="a" * 64, user=somebody(world), made=now, seen=now, data="{}")


def invitation(world: World, used: int | None = None) -> None:
    """``used``: in so many seconds it will have been taken."""
    now = int(world.clock())
    given = {"id": "a" * 64, "email": "luz@example.org", "name": "Luz", "roles": "volunteer", "made": now}
    world.put(Invitation, **given, ends=now + 7 * DAY, used=None if used is None else now + used)


def phrase(world: World, **more: object) -> None:
    said = {
        "text": "se llevaron a mi",
        "folded": "se llevaron a mi",
        "heard": "food",
        "topic": "",
        "verdict": "waiting",
    }
    world.put(Phrase, id="p" * 22, quarter="2026Q4", language="es", by=None, **said, **more)


def unsaved(world: World) -> None:
    """What somebody typed at the console and left."""
    typed = {"key": "food.start.say", "language": "es", "text": "Hay comida.", "version": 1}
    world.put(Autosave, user=somebody(world), at=int(world.clock()), **typed)


def task(world: World) -> None:
    """Somebody took one for a week."""
    now = int(world.clock())
    world.put(TaskTaken, kind="fact", subject="snap", user=1, at=now, until=now + 7 * DAY, result="")


def erasure(world: World) -> None:
    sealed = seal(world.keys.create("an-erasing"), ANA.encode(), table="erasures", row="an-erasing", column="address")
    world.put(Erasure, id="an-erasing", asked=int(world.clock()), address=sealed)


def notice(world: World) -> None:
    now = int(world.clock())
    world.put(AreaNoticeRow, notice="{}", starts=now - HOUR, ends=now)


def audited(world: World) -> None:
    with world.engine.begin() as connection:
        audit.note(connection, world.clock(), "Prueba Inventada", "hold.set", "x")


def orphan(world: World) -> None:
    world.keys.create("nobody-names-it")
    world.purge()


def unerased(world: World) -> int:
    with world.engine.connect() as connection:
        return int(connection.scalar(select(func.count()).where(Escalation.number.is_not(None))) or 0)


def everything(world: World) -> None:
    """Something of each kind, long over its time."""
    turn(world)
    escalation(world, closed=True)
    erasure(world)
    login(world)
    invitation(world)
    phrase(world)
    task(world)
    audited(world)
    notice(world)
    world.put(SharedPhone, contact_key="a" * 64, until=int(world.clock()))
    world.clock.advance(400 * DAY)


def edited(world: World) -> None:
    """One line in the history of the directory."""
    said = {"resource_type": "phone", "resource_id": "a" * 36, "action": "update", "field": "number", "by": "Rosa"}
    world.put(DirectoryHistory, **said, previous="a", replacement="b", at=int(world.clock()))
