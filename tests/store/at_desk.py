"""A small network at the desk, for the tests of its stores: three organizations, people of every role, families who wait."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from redis import Redis
from sqlalchemy import Engine, insert, select, update

from bot.escalation.escalation import About, Author, Escalated, Said, Urgency
from bot.escalation.outgoing import State
from bot.escalation.viewer import SHARED_POOL, Role, Viewer
from bot.message import Channel
from bot.store.desk_inbox import DeskInbox
from bot.store.desk_looking import DeskLooking
from bot.store.desk_rows import COLUMNS, SAID, escalated, said, sealed_about, write
from bot.store.desk_talk import DeskTalk
from bot.store.desk_work import DeskWork
from bot.store.escalations import Escalations
from bot.store.key_store import KeyStore
from bot.store.models import Escalation, EscalationMessage, OutboxRow
from bot.store.opt_outs import OptOuts
from bot.store.outbox import Outbox
from bot.store.sealed_numbers import sealed_number
from bot.store.staff_models import AuditRow, DeskOrganizationRow, MessageTemplate, User

OWN, AGREED, OTHER = "casa", "puente", "lejos"
NOTHING_KNOWN = About()
SOLEDAD = "Me siguen desde la clínica"


def viewer(user: int, *roles: Role, organization: str | None = OWN, name: str = "") -> Viewer:
    """Somebody of ``OWN``, which may see ``AGREED`` and the shared pool."""
    sees = frozenset({AGREED, SHARED_POOL}) if organization == OWN else frozenset()
    return Viewer(user, name or f"Persona {user}", frozenset(roles), organization, sees)


ANA = viewer(1, Role.RESPONDER, name="Ana")
BEA = viewer(2, Role.RESPONDER, name="Bea")
CORA = viewer(3, Role.COORDINATOR, name="Cora")
ADA = viewer(4, Role.ADMIN, name="Ada")
VERA = viewer(5, Role.VOLUNTEER, name="Vera")
PIA = viewer(6, Role.PUBLISHER, name="Pia")
OLGA = viewer(7, Role.RESPONDER, organization=OTHER, name="Olga")
EVERYBODY = (ANA, BEA, CORA, ADA, VERA, PIA, OLGA)


@dataclass
class AtDesk:
    """Families come to the desk of this installation."""

    engine: Engine
    redis: Redis
    keys: KeyStore
    escalations: Escalations
    opt_outs: OptOuts
    clock: Callable[[], float]
    _numbers: int = field(default=0)

    def __post_init__(self) -> None:
        self.outbox = Outbox(self.engine, self.keys, self.clock)
        self.inbox = DeskInbox(self.engine, self.keys, self.clock)
        self.looking = DeskLooking(self.redis, self.engine, self.clock)
        self.work, self.talk = self.another_process()

    def another_process(self) -> tuple[DeskWork, DeskTalk]:
        """The same stores, as another process has them."""
        parts = (self.outbox, self.opt_outs, self.clock)
        work = DeskWork(self.engine, self.keys, self.escalations, *parts, "America/Chicago")
        return work, DeskTalk(self.engine, self.keys, *parts)

    def comes(
        self,
        text: str = SOLEDAD,
        *,
        about: About = NOTHING_KNOWN,
        urgency: Urgency = Urgency.NORMAL,
        organization: str | None = OWN,
        channel: Channel = Channel.SMS,
        address: str = "",
    ) -> str:
        """A family is handed over and waits; returns the id."""
        self._numbers += 1
        number = address or f"+1500555{self._numbers:04}"
        address = f"whatsapp:{number}" if channel is Channel.WHATSAPP else number
        # As bot/store/escalations.py does, which looks first whether somebody of that number is there.
        key = self.keys.create(id := f"family-{self._numbers}")
        row = {"id": id, "channel": channel.value, "number": sealed_number(key, address), "opened": int(self.clock())}
        more = {"organization": organization, "urgency": urgency.value, "about": sealed_about(key, about)}
        with self.engine.begin() as connection:
            connection.execute(insert(Escalation).values(**row, **more))
        self.writes(id, text)
        return id

    def comes_by_whatsapp(self, organization: str | None = OWN) -> str:
        """The same by WhatsApp."""
        return self.comes(organization=organization, channel=Channel.WHATSAPP)

    def writes(self, id: str, text: str, author: Author = Author.FAMILY, **beside: object) -> int:
        """The family (or the bot) writes; returns the number of the message."""
        now, mine = int(self.clock()), update(Escalation).where(Escalation.id == id)
        with self.engine.begin() as connection:
            if author is Author.FAMILY:
                connection.execute(mine.values(last_inbound=now))
                connection.execute(mine.where(Escalation.waiting_since.is_(None)).values(waiting_since=now))
            else:
                connection.execute(mine.values(last_bot=now))
            return write(connection, self.keys.require(id), author, now, text, beside=beside)

    def now(self, id: str) -> Escalated:
        """The escalation as it stands in SQL."""
        with self.engine.connect() as connection:
            row = connection.execute(select(*COLUMNS).where(Escalation.id == id)).one()
        return escalated(row, self.keys.require(id))

    def fails(self, message: int, state: State = State.UNDELIVERED, error: int = 30005) -> None:
        """The carrier could not deliver this message of staff."""
        values = {"state": state.value, "error": error, "changed": int(self.clock())}
        with self.engine.begin() as connection:
            connection.execute(update(OutboxRow).where(OutboxRow.message == message).values(values))

    def outgoing(self, id: str) -> list[tuple[int, str | None]]:
        """What is in the outbox for this family: number of the message and template."""
        wanted = select(OutboxRow.message, OutboxRow.template).where(OutboxRow.escalation == id)
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(wanted.order_by(OutboxRow.message))]

    def said(self, id: str) -> tuple[Said, ...]:
        """All that stands in the thread."""
        wanted = select(*SAID).where(EscalationMessage.escalation == id).order_by(EscalationMessage.number)
        with self.engine.connect() as connection:
            rows = connection.execute(wanted).all()
        return tuple(said(row, self.keys.require(id)) for row in rows)

    def organization_of(self, id: str) -> str | None:
        """Whose it is; None for the shared pool, and for what is not there."""
        return self.column(id, "organization")

    def column(self, id: str, name: str) -> Any:
        """One column of its row."""
        with self.engine.connect() as connection:
            return connection.scalar(select(getattr(Escalation, name)).where(Escalation.id == id))

    def thread(self, id: str) -> list[tuple[str, str]]:
        """Author and text of all that stands there."""
        return [(each.author.value, each.text) for each in self.said(id)]

    def set(self, id: str, **values: object) -> None:
        """Changes columns of its row."""
        with self.engine.begin() as connection:
            connection.execute(update(Escalation).where(Escalation.id == id).values(**values))

    def sent_in_vain(self, id: str) -> int:
        """A message of staff to this family that did not arrive; returns its number."""
        with self.engine.begin() as connection:
            number = write(connection, self.keys.require(id), Author.STAFF, self.clock(), "Buenas", by=1)
            self.outbox.put(connection, id, number)
        self.fails(number)
        return number

    def audit(self) -> list[tuple[str, str, str]]:
        """What the audit holds: who, what, of which."""
        wanted = select(AuditRow.actor, AuditRow.action, AuditRow.object).order_by(AuditRow.seq)
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(wanted)]


def employ(engine: Engine, *people: Viewer) -> None:
    """Writes these people into SQL."""
    with engine.begin() as connection:
        for each in people:
            row = {
                "id": each.user,
                "email": f"{each.user}@example.org",
                "password": "!",
                "active": True,
                "fs_uniquifier": str(each.user),
                "name": each.name,
                "language": "es",
                "organization": each.organization,
                "roles_held": ",".join(each.roles),
                "made": 0,
            }
            connection.execute(insert(User).values(row))


def found(engine: Engine, *organizations: str, debrief: str = "", active: bool = True, hours: str = "") -> None:
    """Writes organizations that answer at the desk into SQL."""
    with engine.begin() as connection:
        for id in organizations:
            row = {
                "id": id,
                "name": id.title(),
                "hours": hours,
                "zone": "America/Chicago",
                "languages": "es",
                "states": "",
            }
            more = {"topics": "", "is_default": False, "active": active, "debrief": debrief, "urgent_a_day": 0}
            connection.execute(insert(DeskOrganizationRow).values(**row, **more))


def approve(engine: Engine, sid: str, language: str, body: str, active: bool = True) -> None:
    """Writes a template that Meta has approved into SQL."""
    with engine.begin() as connection:
        row = {"sid": sid, "name": sid.lower(), "language": language, "body": body, "active": active}
        connection.execute(insert(MessageTemplate).values(row))
