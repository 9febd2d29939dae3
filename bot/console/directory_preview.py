"""How families get an entry: the SMS in three languages, by the renderer that writes their answers; or why they do not. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from msgspec import Struct

from bot.directory.editing.held_back import Why, held_back
from bot.directory.nearest import Found, Way
from bot.directory.offer import is_offered
from bot.directory.place import Level, Place
from bot.directory.service_at_location import ServiceAtLocation
from bot.engine.flow import Script
from bot.engine.place import to_token
from bot.frozen import replace
from bot.language import Language
from bot.message import Channel
from bot.scripts.release import Release
from bot.scripts.reply import renderer
from bot.session import Session
from bot.settings import Settings
from bot.wording.gsm7 import segments
from bot.wording.performed import Listing

LANGUAGES = (Language.ES, Language.EN, Language.QUC)
_WAYS = {"local": Way.PLACE, "state": Way.STATE, "national": Way.COUNTRY}


class Sms(Struct, frozen=True):
    """What a family that writes in this language reads; ``parts`` are those of an SMS."""

    language: Language
    text: str
    parts: int


class Previewed(Struct, frozen=True):
    """``why``: what keeps it from families, empty where they may get it. Where there is nothing to show, ``texts`` is empty."""

    why: tuple[Why, ...]
    texts: tuple[Sms, ...]


def previewed(
    release: Release, settings: Settings, services: Sequence[ServiceAtLocation], today: date, now: float
) -> Previewed:
    """What families get of an entry with these services (one for each country) at ``now``, unix seconds."""
    why = held_back(services, today, settings.send_unconfirmed_numbers)
    if not services:
        return Previewed(why, ())
    service = next((each for each in services if is_offered(each, today, True)), services[0])
    # What is held back is shown as it would go out, with its number marked as not confirmed.
    shown = replace(settings, send_unconfirmed_numbers=True) if why else settings
    return Previewed(why, tuple(_sms(release, shown, service, language, now) for language in LANGUAGES))


def _sms(release: Release, settings: Settings, service: ServiceAtLocation, language: Language, now: float) -> Sms:
    """A family in the same town, that speaks this language."""
    place = Place(
        service.city or service.state or service.country, service.state, service.country, service.latitude or 0.0,
        service.longitude or 0.0, level=Level.TOWN if service.city else Level.REGION,
    )  # fmt: skip
    session = Session(language=language, place=to_token(place))
    writer = renderer(release, settings, session, Channel.SMS, now)
    none = writer.notice("place_unknown")
    if none is None:  # Unreachable: a release without that notice is refused when it is checked.
        return Sms(language, "", 0)
    found = Found(service, None if service.by_phone else 0.0, _WAYS.get(service.area, Way.PLACE))
    listing = Listing((found,), False, place.label, none, datetime.fromtimestamp(now, UTC))
    text = "\n".join(writer.reply([listing]).texts)
    return Sms(language, text, segments(text))


def answers_with(script: Script, kinds: Sequence[str]) -> int:
    """In how many answers organizations with one of these kinds of help may stand."""
    asked = {*kinds, "any"} if kinds else set()
    return sum(
        any(step.services in asked for step in flow.steps.values() if step.services) for flow in script.flows.values()
    )
