"""A desk with people waiting in many ways, for the tests of the inbox: real stores, times set as if the day had gone on."""

from __future__ import annotations

from sqlalchemy import update

from bot.escalation.escalation import About, Cause, Urgency
from bot.message import Channel
from bot.store.models import Escalation, User
from tests.console.desk_scene import Scene
from tests.store.at_desk import ANA, BEA

CHICAGO = "US;60629;Chicago;IL;41.78;-87.71;zip"
TRENTON = "US;08608;Trenton;NJ;40.22;-74.76;zip"
XELA = "GT;;Quetzaltenango;Quetzaltenango;14.84;-91.52;town"


def waits(scene: Scene, id: str, minutes: float, **columns: object) -> str:
    """As if the family had waited for so long; other columns of its row as they are given. Returns the id."""
    since = int(scene.desk.clock() - minutes * 60)
    values = {"opened": since, "waiting_since": since, "last_inbound": since, **columns}
    with scene.desk.engine.begin() as connection:
        connection.execute(update(Escalation).where(Escalation.id == id).values(**values))
    return id


def on_duty(scene: Scene, user: int) -> None:
    """Her shift began two hours ago."""
    with scene.desk.engine.begin() as connection:
        connection.execute(update(User).where(User.id == user).values(on_duty=int(scene.desk.clock()) - 7200))


def busy(scene: Scene) -> dict[str, str]:
    """A morning: ids by what they are."""
    comes, now = scene.families.comes, int(scene.desk.clock())
    health = About(topic="services_health", language="es", place=CHICAGO)
    kiche = About(topic="services_health", language="quc", place=XELA, cause=Cause.NOT_UNDERSTOOD)
    danger = About(topic="danger_now", language="es", cause=Cause.DANGER)
    english = About(topic="if_detained", language="en", place=TRENTON)
    ids = {
        "urgent": waits(scene, comes("me está pegando", about=danger, urgency=Urgency.URGENT), 42),
        "soon": waits(scene, comes("ICE took my brother two days ago and I do not know where he is, can somebody please call me back at work or at home", about=english, urgency=Urgency.SOON), 95),
        "kiche": waits(scene, comes("kwaj jun aq'omanel rech ri wal", about=kiche, channel=Channel.WHATSAPP), 21 * 60),
        "late": waits(scene, comes("¿sigue abierta la clínica?", about=health, channel=Channel.WHATSAPP), 26 * 60),
        "normal": waits(scene, comes("necesito un doctor para mi hija, tiene fiebre desde ayer", about=health), 12),
        "taken": waits(scene, comes("gracias, espero", about=health), 30, claimed_by=BEA.user, claimed_at=now - 600),
        "mine": waits(scene, comes("¿y los sábados?", about=health), 18, claimed_by=ANA.user, claimed_at=now - 900),
    }  # fmt: skip
    return ids
