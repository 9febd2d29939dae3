"""A small network at the desk, for the tests of its stores: three organizations, people of every role, families who wait."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Engine, insert, select, update

from bot.escalation.escalation import About, Author, Escalated, Urgency
from bot.escalation.viewer import SHARED_POOL, Role, Viewer
from bot.message import Channel
from bot.store.desk_rows import COLUMNS, escalated, sealed_about, write
from bot.store.escalations import Escalations
from bot.store.key_store import KeyStore
from bot.store.models import AuditRow, Escalation, User

OWN, AGREED, OTHER = "casa", "puente", "lejos"
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
    keys: KeyStore
    escalations: Escalations
    clock: Callable[[], float]
    _numbers: int = field(default=0)

    def comes(
        self,
        text: str = SOLEDAD,
        *,
        about: About = About(),
        urgency: Urgency = Urgency.NORMAL,
        organization: str | None = OWN,
        channel: Channel = Channel.SMS,
        address: str = "",
    ) -> str:
        """A family is handed over and waits; returns the id."""
        self._numbers += 1
        number = address or f"+1500555{self._numbers:04}"
        id = self.escalations.open(f"whatsapp:{number}" if channel is Channel.WHATSAPP else number, channel)
        values = {"organization": organization, "urgency": urgency.value}
        with self.engine.begin() as connection:
            sealed = sealed_about(self.keys.require(id), about)
            connection.execute(update(Escalation).where(Escalation.id == id).values(about=sealed, **values))
        self.writes(id, text)
        return id

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
