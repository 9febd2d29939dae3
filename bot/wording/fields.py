"""What the placeholders of the answers stand for: numbers that may be sent, the line of a place, who we are. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from bot.directory.area_lines import AreaLines, area_lines
from bot.directory.hotline import AREA_LINE, NATIONAL, Hotline
from bot.directory.hours import Open, Opens
from bot.directory.place import WIDE_COUNTRIES, Place
from bot.directory.zones import has_two_clocks
from bot.language import Language
from bot.settings import Settings
from bot.wording.opening import opening
from bot.wording.voice import COUNTRY

# Names beside the hotlines' ids that a text may use.
OWN_FIELDS = frozenset(
    "owner place topic area_line day source hours carrier_keeps hotline example languages"
    " desk_organization desk_hours desk_back desk_wait".split()
)
_NETWORK = {
    Language.ES: "una red de organizaciones comunitarias",
    Language.EN: "a network of community organizations",
    Language.QUC: "una red de organizaciones comunitarias",
}
# How a place is written, where one was not found: in the country where the person is known to be, else as speakers of the
# language are likely to be in one or the other.
_EXAMPLES = {
    "US": "Trenton, NJ",
    "MX": "Tapachula, Chiapas",
    "GT": "Cantel, Quetzaltenango",
    "HN": "El Progreso, Yoro",
    "SV": "Soyapango, San Salvador",
}
_EXAMPLE_OF = {
    Language.ES: "Trenton, NJ, o Cantel, Quetzaltenango",
    Language.EN: "Trenton, NJ",
    Language.QUC: "Cantel, Quetzaltenango",
}
# How long the carrier's log shows a message, while nothing is deleted there, and for how long it keeps parts of one that was
# deleted: by Twilio's own documents the number for 120 days, the words for 30 in its backups.
_KEPT_THERE = {
    Language.ES: "400 días o más",
    Language.EN: "400 days or more",
    Language.QUC: "400 días o más",
}
_DELETED_THERE = {
    Language.ES: "como un día; en sus archivos, 4 meses",
    Language.EN: "about a day; in its files, some 4 months",
    Language.QUC: "como un día; en sus archivos, 4 meses",
}
# Shown outside production behind a number that nobody of the network has confirmed by a call.
UNCONFIRMED = "(?)"


def fields_of(
    hotlines: Mapping[str, Hotline], settings: Settings, place: Place | None, language: Language | None, now: datetime
) -> dict[str, str]:
    """Values by name. A hotline that may not be sent has none, so that its sentence is left out. ``now`` is aware."""
    return line_fields(hotlines, settings) | own_fields(hotlines, settings, place, language, now)


def line_fields(hotlines: Mapping[str, Hotline], settings: Settings) -> dict[str, str]:
    """The numbers that may be sent, by the ids of their lines."""
    may = settings.send_unconfirmed_numbers
    return {line.id: shown(line, settings) for line in hotlines.values() if line.sendable(may)}


def own_fields(
    hotlines: Mapping[str, Hotline], settings: Settings, place: Place | None, language: Language | None, now: datetime
) -> dict[str, str]:
    """What stands for this person or this installation: owner, example, place, the line of the area. ``now`` is aware."""
    fields = {
        "owner": owner_of(settings, language),
        "carrier_keeps": (_DELETED_THERE if settings.twilio_api_key else _KEPT_THERE)[language or Language.ES],
        "example": _EXAMPLES.get(place.country if place else "", _EXAMPLE_OF[language or Language.ES]),
    }
    if place is not None:
        fields |= {"place": place.label, COUNTRY: place.country}
        found = area_lines(_of_areas(hotlines, settings), place, now)
        if found is not None:
            fields["area_line"] = area_words(found, settings, language, now)
    return fields


def owner_of(settings: Settings, language: Language | None) -> str:
    """Who runs the service, as families read it."""
    return settings.service_owner or _NETWORK[language or Language.ES]


def shorter_fields(
    hotlines: Mapping[str, Hotline], settings: Settings, place: Place | None, now: datetime
) -> dict[str, str]:
    """What stands in for a field where its long value would cost another SMS: of a closed line's words only the number to call now."""
    found = area_lines(_of_areas(hotlines, settings), place, now) if place is not None else None
    if found is None or not isinstance(found.state, Opens):
        return {}
    return {"area_line": shown(found.to_call_now, settings)}


def area_words(lines: AreaLines, settings: Settings, language: Language | None, now: datetime) -> str:
    """The number alone while it is open or its hours are not known; else when it opens and who answers meanwhile.

    ``888-624-4752 (abre lun 9:00); ahora 1-844-864-8341``; "o" for "ahora" where nobody knows the hours of the second.
    """
    nearest = shown(lines.nearest, settings)
    if not isinstance(lines.state, Opens):
        return nearest
    language = language or Language.ES
    opens = opening(lines.state.at, now, language, name_zone=_has_two_clocks(lines.nearest))
    said = f"{nearest} ({opens})"
    if lines.meanwhile is None:
        return said
    spanish, is_open = language is not Language.EN, isinstance(lines.meanwhile_state, Open)
    link = ("ahora" if spanish else "now") if is_open else ("o" if spanish else "or")
    return f"{said}; {link} {shown(lines.meanwhile, settings)}"


def longest_carrier_keeps(language: Language) -> str:
    """The longest ``$carrier_keeps``: whether messages are deleted there is each installation's own setting."""
    return max(_KEPT_THERE[language], _DELETED_THERE[language], key=len)


def longest_area_line(hotlines: Mapping[str, Hotline], settings: Settings, language: Language) -> str:
    """The longest ``$area_line`` that these lines can make: each closed until a Wednesday, with the longest other one meanwhile."""
    lines = sorted((line for line in hotlines.values() if line.topic == AREA_LINE), key=lambda line: len(line.text))
    # Also while there is only one: the next row may be the wider one.
    return max((_closed(line, lines[-1], settings, language) for line in lines), key=len, default="")


def _closed(line: Hotline, meanwhile: Hotline, settings: Settings, language: Language) -> str:
    zone = line.schedule.zone if line.schedule else UTC
    wednesday = datetime(2026, 3, 4, 12, 30, tzinfo=zone)
    lines = AreaLines(line, Opens(wednesday), meanwhile, Open())
    return area_words(lines, settings, language, wednesday - timedelta(days=1))


def _of_areas(hotlines: Mapping[str, Hotline], settings: Settings) -> list[Hotline]:
    may = settings.send_unconfirmed_numbers
    return [line for line in hotlines.values() if line.topic == AREA_LINE and line.sendable(may)]


def _has_two_clocks(line: Hotline) -> bool:
    """Whether people of its area may have other clocks than the line. A circle, a county or some ZIPs are taken to have one."""
    if line.area == NATIONAL:
        return line.country in WIDE_COUNTRIES
    return has_two_clocks(line.country, line.area) and line.radius_km is None and not line.zips


def shown(line: Hotline, settings: Settings) -> str:
    """The number as it is sent; marked outside production when nobody has confirmed it."""
    return line.text if line.sendable(False) else f"{line.text}{mark_of(settings)}"


def mark_of(settings: Settings) -> str:
    """What stands behind an unconfirmed number: nothing in production, where it goes out only if that was switched on."""
    return "" if settings.production else UNCONFIRMED
