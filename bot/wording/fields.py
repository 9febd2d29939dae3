"""What the placeholders of the answers stand for: numbers that may be sent, the line of a place, who we are. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from bot.directory.hotline import Hotline, area_line
from bot.directory.place import Place
from bot.language import Language
from bot.settings import Settings

# Names beside the hotlines' ids that a text may use.
OWN_FIELDS = frozenset({"owner", "place", "topic", "area_line", "day", "source", "hours"})
_NETWORK = {
    Language.ES: "una red de organizaciones comunitarias",
    Language.EN: "a network of community organizations",
    Language.QUC: "una red de organizaciones comunitarias",
}
# Shown outside production behind a number that nobody of the network has confirmed by a call.
UNCONFIRMED = "(?)"


def fields_of(
    hotlines: Mapping[str, Hotline], settings: Settings, place: Place | None, language: Language | None
) -> dict[str, str]:
    """Values by name. A hotline that may not be sent has none, so that its sentence is left out."""
    unconfirmed = settings.send_unconfirmed_numbers
    fields = {name: shown(line, settings) for name, line in hotlines.items() if line.sendable(unconfirmed)}
    fields["owner"] = settings.service_owner or _NETWORK[language or Language.ES]
    if place is not None:
        fields["place"] = place.label
        near = area_line(hotlines.values(), place)
        if near is not None and near.sendable(unconfirmed):
            fields["area_line"] = shown(near, settings)
    return fields


def shown(line: Hotline, settings: Settings) -> str:
    """The number as it is sent; marked outside production when nobody has confirmed it."""
    return line.text if line.sendable(False) else f"{line.text}{mark_of(settings)}"


def mark_of(settings: Settings) -> str:
    """What stands behind an unconfirmed number: nothing in production, where it goes out only if that was switched on."""
    return "" if settings.production else UNCONFIRMED
