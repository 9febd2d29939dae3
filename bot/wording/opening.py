"""When a line opens, in as few letters as a person needs to be sure. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from bot.language import Language

DAYS: Mapping[Language, tuple[str, ...]] = {
    Language.ES: ("lun", "mar", "mié", "jue", "vie", "sáb", "dom"),
    Language.EN: ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
_WEEK = 7


def is_soon(at: datetime, now: datetime) -> bool:
    """Whether the name of a day says which one: it opens within a week."""
    return (at.date() - now.astimezone(at.tzinfo).date()).days < _WEEK


def opening(at: datetime, now: datetime, language: Language, *, name_zone: bool) -> str:
    """``abre lun 9:00``, ``opens Mon 9 am`` by the clocks of ``at``'s zone, which is named where somebody could take it for another.

    Today has no day's name. A week or more ahead, where the name would mean an earlier day, it is only said to be closed.
    """
    spanish = language is not Language.EN
    days = (at.date() - now.astimezone(at.tzinfo).date()).days
    if not is_soon(at, now):
        return "cerrada" if spanish else "closed"
    when = clock(at, spanish)
    if days:
        when = f"{DAYS[Language.ES if spanish else Language.EN][at.weekday()]} {when}"
    if name_zone:
        when += f", hora de {zone_city(at.tzinfo)}" if spanish else f", {zone_city(at.tzinfo)} time"
    return f"abre {when}" if spanish else f"opens {when}"


def clock(at: datetime, spanish: bool) -> str:
    """``9:00``, ``9 am``."""
    if spanish:
        return f"{at.hour}:{at.minute:02}"
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes} {'am' if at.hour < 12 else 'pm'}"


def zone_city(zone: tzinfo | None) -> str:
    """The city that the zone is named after: ``America/Los_Angeles`` is Los Angeles."""
    return zone.key.rsplit("/", 1)[-1].replace("_", " ") if isinstance(zone, ZoneInfo) else "UTC"
