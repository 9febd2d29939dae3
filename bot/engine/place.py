"""A place as the session keeps it: one short line, town or ZIP at the finest. Pure."""

from __future__ import annotations

from collections.abc import Sequence

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


def country_of(token: str | None) -> str | None:
    """The country of a place, two letters; None for none."""
    return token[:2] if token else None


def is_abroad(token: str | None) -> bool:
    """Whether it is known that the person is not in the United States."""
    return country_of(token) not in (None, "US")


def at_home(tokens: Sequence[str], known: str | None) -> str | None:
    """The one of these places that lies in the state, else in the country, of the place that is known; None if several do.

    >>> at_home(("US;;Cicero;IL;1;1;town", "US;;Cicero;NY;1;1;town"), "US;60629;Chicago;IL;1;1;zip")
    'US;;Cicero;IL;1;1;town'
    """
    here = from_token(known) if tokens else None
    if here is None:
        return None
    places = [(token, place) for token in tokens if (place := from_token(token)) is not None]
    in_state = [token for token, each in places if (each.country, each.admin1) == (here.country, here.admin1)]
    in_country = [token for token, each in places if each.country == here.country]
    return next((found[0] for found in (in_state, in_country) if len(found) == 1), None)


def is_token(text: str) -> bool:
    """Whether an offered option is a place (else it is the name of a flow)."""
    return _SEPARATOR in text
