"""The one time zone of a state or a country, where it has only one. Pure."""

from __future__ import annotations

from collections.abc import Callable

_known: Callable[[str, str], str | None] | None
try:
    from bot.directory.zones import zone_of as _zone_of  # type: ignore[import-not-found, unused-ignore]

    _known = _zone_of
except ImportError:
    _known = None


def zone_of(country: str, state: str) -> str:
    """Its IANA name; empty where there are two, or nobody knows."""
    return (_known(country, state) or "") if _known else ""
