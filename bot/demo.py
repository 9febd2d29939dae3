"""A made-up desk to try the pages with: organizations, people and conversations of nobody. Only ever outside production."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct

from bot.escalation.escalation import About, Cause, Urgency
from bot.escalation.organization import DeskOrganization
from bot.escalation.viewer import SHARED_POOL, Role
from bot.message import Channel
from bot.store.desk_organizations import DeskOrganizations
from bot.store.desk_turns import DeskTurns

HOUSE, NETWORK = "casa-ejemplo", "red-ejemplo"
ALWAYS = "24/7"
ORGANIZATIONS = (
    # Open at any hour, so that whoever tries it at night is answered too.
    DeskOrganization(HOUSE, "Casa Ejemplo", ALWAYS, languages=("es", "en"), is_default=True, debrief="Marta, ext. 12"),
    DeskOrganization(NETWORK, "Red Ejemplo", "Mo-Fr 09:00-17:00", languages=("es", "quc"), states=("US-NJ",)),
)
AGREEMENTS = ((HOUSE, SHARED_POOL), (NETWORK, SHARED_POOL))
BY = "demo"


class Login(Struct, frozen=True):
    """Somebody made up who may log in."""

    email: str
    name: str
    organization: str | None
    roles: tuple[Role, ...]
    language: str = "es"


LOGINS = (
    Login("ana@example.org", "Ana", HOUSE, (Role.RESPONDER, Role.VOLUNTEER)),
    Login("beto@example.org", "Beto", HOUSE, (Role.RESPONDER,), "en"),
    Login("carla@example.org", "Carla", HOUSE, (Role.COORDINATOR, Role.PUBLISHER)),
    Login("dora@example.org", "Dora", None, (Role.ADMIN,)),
)

_CHICAGO = "US;60629;Chicago;IL;41.78;-87.71;zip"
_TRENTON = "US;08609;Trenton;NJ;40.22;-74.74;zip"
_XELA = "GT;;Quetzaltenango;Quetzaltenango;14.83;-91.52;town"


class Written(Struct, frozen=True):
    """What somebody made up wrote, how long ago in minutes, and what the bot answered, if it did."""

    minutes: int
    text: str
    answered: str = ""
    media: int = 0


class Talk(Struct, frozen=True):
    """A made-up conversation. The numbers are among those that are kept for fiction (555-0100 to 555-0199)."""

    number: str
    channel: Channel
    about: About
    written: tuple[Written, ...]
    urgency: Urgency = Urgency.NORMAL
    organization: str | None = HOUSE

    @property
    def address(self) -> str:
        """As the carrier writes it."""
        return f"whatsapp:{self.number}" if self.channel is Channel.WHATSAPP else self.number


def _about(topic: str, language: str, place: str | None, cause: Cause = Cause.ASKED, **more: Any) -> About:
    return About(cause=cause, topic=topic, language=language, place=place, consent="demo", **more)


TALKS = (
    Talk(
        "+12025550181",
        Channel.SMS,
        _about("services_legal", "es", _CHICAGO),
        (
            Written(95, "Buenas tardes, tengo cita en la corte el martes y no tengo abogado"),
            Written(40, "¿Me puede decir si hay alguien que hable conmigo hoy?"),
        ),
    ),
    Talk(
        "+12025550182",
        Channel.WHATSAPP,
        _about("relative_just_taken", "es", _CHICAGO, Cause.DANGER),
        (
            Written(
                22,
                "se llevaron a mi esposo del trabajo hace una hora",
                "Lo siento mucho. Si llama, que no firme nada y pida abogado.",
            ),
        ),
        Urgency.URGENT,
    ),
    Talk(
        "+12025550183",
        Channel.SMS,
        _about("services_after_school", "en", _CHICAGO),
        (Written(180, "Is there a place for my son after school? He is nine and afraid to walk home"),),
    ),
    Talk(
        "+12025550184",
        Channel.WHATSAPP,
        _about("human", "quc", _XELA, needs="quc", variety="Cantel"),
        (Written(65, "Kwaj kinch'aw ruk' jun winaq"), Written(50, "", media=1)),
    ),
    Talk(
        "+12025550185",
        Channel.SMS,
        _about("child_alone", "es", _TRENTON, Cause.CHILD_ALONE, minor=True),
        (Written(9, "estoy solo con mi hermanita y no contestan mis papas"),),
        Urgency.URGENT,
        NETWORK,
    ),
    Talk(
        "+12025550186",
        Channel.SMS,
        _about("work_rights", "es", None, Cause.NOT_UNDERSTOOD),
        (Written(300, "el patron me debe tres semanas y dice que si reclamo llama a la migra"),),
        organization=None,
    ),
    Talk(
        "+12025550187",
        Channel.WHATSAPP,
        _about("services_health", "es", _CHICAGO),
        # More than a day ago: WhatsApp takes only a template now.
        (Written(26 * 60, "mi mama necesita un doctor y no tenemos papeles"),),
    ),
)


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody made up logs in with. ``codes`` stand in for the phone of the second step: each works once."""

    login: Login
    password: str = field(repr=False)
    codes: tuple[str, ...] = field(repr=False)


def seed(organizations: DeskOrganizations, turns_at: Callable[[float], DeskTurns], clock: Callable[[], float]) -> None:
    """Puts the made-up desk into empty stores; where it is already, nothing changes.

    ``turns_at`` gives what turns note at a moment in unix seconds, so that somebody can have written an hour ago.
    """
    if organizations.one(HOUSE) is not None:
        return
    for organization in ORGANIZATIONS:
        organizations.save(BY, organization)
    for its_people, sees in AGREEMENTS:
        organizations.agree(BY, its_people, sees, yes=True)
    for talk in TALKS:
        _write(turns_at, talk, clock())


def _write(turns_at: Callable[[float], DeskTurns], talk: Talk, now: float) -> None:
    id = ""
    for written in talk.written:
        turns = turns_at(now - 60 * written.minutes)
        if not id:
            id = turns.open(talk.address, talk.channel, talk.about, talk.urgency, talk.organization, "demo").id
        sid = secrets.token_hex(16)
        heard = {"language": talk.about.language, "topic": talk.about.topic, "sure": 0.9}
        turns.heard(id, sid, written.text, {"media": written.media} if written.media else heard, talk.urgency)
        if written.answered:
            turns.said(id, sid, (written.answered,), {"answer": talk.about.topic})
