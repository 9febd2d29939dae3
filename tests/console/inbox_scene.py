"""People who wait in many ways, for the tests of the inbox: real stores, times set as if the day had gone on."""

from __future__ import annotations

from sqlalchemy import update

from bot.console.desk import Desk
from bot.escalation.escalation import About, Cause, Urgency
from bot.message import Channel
from bot.store.key_store import open_key_store
from bot.store.models import Escalation
from bot.store.staff_models import User
from tests.store.at_desk import OWN, AtDesk

CHICAGO = "US;60629;Chicago;IL;41.78;-87.71;zip"
TRENTON = "US;08608;Trenton;NJ;40.22;-74.76;zip"
XELA = "GT;;Quetzaltenango;Quetzaltenango;14.84;-91.52;town"
HEALTH = About(topic="services_health", language="es", place=CHICAGO)
DANGER = About(topic="danger_now", language="es", cause=Cause.DANGER)
KICHE = About(topic="services_health", language="quc", place=XELA, cause=Cause.NOT_UNDERSTOOD)
DETAINED = About(topic="if_detained", language="en", place=TRENTON)
LONG = "ICE took my brother two days ago and I do not know where he is, can somebody please call me back at work or at home"


def families_of(desk: Desk) -> AtDesk:
    """Families who come to this desk."""
    puente, keys = desk.puente, open_key_store(desk.settings)
    return AtDesk(desk.engine, desk.redis, keys, puente.escalations, puente.opt_outs, desk.clock)


def waits(desk: Desk, id: str, minutes: float, **columns: object) -> str:
    """As if the family had waited for so long; other columns of its row as they are given. Returns the id."""
    since = int(desk.clock() - minutes * 60)
    values = {"opened": since, "waiting_since": since, "last_inbound": since, **columns}
    with desk.engine.begin() as connection:
        connection.execute(update(Escalation).where(Escalation.id == id).values(**values))
    return id


def on_duty(desk: Desk, user: int) -> None:
    """Her shift began two hours ago."""
    with desk.engine.begin() as connection:
        connection.execute(update(User).where(User.id == user).values(on_duty=int(desk.clock()) - 7200))


def busy(desk: Desk, families: AtDesk, ana: int, bea: int, organization: str = OWN) -> dict[str, str]:
    """A morning: ids by what they are. ``ana`` and ``bea`` have one each."""

    def one(text: str, minutes: float, about: About = HEALTH, channel: Channel = Channel.SMS, **columns: object) -> str:
        id = families.comes(text, about=about, channel=channel, organization=organization)
        return waits(desk, id, minutes, **columns)

    now = int(desk.clock())
    return {
        "urgent": one("me está pegando", 42, DANGER, urgency=Urgency.URGENT.value),
        "soon": one(LONG, 95, DETAINED, urgency=Urgency.SOON.value),
        "kiche": one("kwaj jun aq'omanel rech ri wal", 21 * 60, KICHE, Channel.WHATSAPP),
        "late": one("¿sigue abierta la clínica?", 26 * 60, HEALTH, Channel.WHATSAPP),
        "normal": one("necesito un doctor para mi hija, tiene fiebre desde ayer", 12),
        "taken": one("gracias, espero", 30, claimed_by=bea, claimed_at=now - 600),
        "mine": one("¿y los sábados?", 18, claimed_by=ana, claimed_at=now - 900),
    }
