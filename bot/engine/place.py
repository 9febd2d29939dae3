"""A place as the session keeps it: one short line, town or ZIP at the finest. Pure."""

from __future__ import annotations

from bot.directory.place import Level, Place

_SEPARATOR = ";"


def to_token(place: Place) -> str:
    """``US;60629;Chicago;IL;41.78;-87.71;zip``. The first two letters are the country."""
    fields = (
        place.country,
        place.zip or "",
        place.name,
        place.admin1,
        f"{place.latitude:.2f}",
        f"{place.longitude:.2f}",
        place.level.value,
    )
    return _SEPARATOR.join(field.replace(_SEPARATOR, ",") for field in fields)


def from_token(token: str | None) -> Place | None:
    """The place of a token; None for none and for what is not a token."""
    fields = (token or "").split(_SEPARATOR)
    if len(fields) != 7:
        return None
    country, code, name, admin1, latitude, longitude, level = fields
    try:
        return Place(name, admin1, country, float(latitude), float(longitude), 0, code or None, Level(level))
    except ValueError:
        return None


def is_token(text: str) -> bool:
    """Whether an offered option is a place (else it is the name of a flow)."""
    return _SEPARATOR in text
