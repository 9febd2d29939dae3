"""The one time zone of a state or a country, where it has only one. Pure."""

from __future__ import annotations

from bot.directory import zones


def zone_of(country: str, state: str) -> str:
    """Its IANA name; empty where there are two, or nobody knows."""
    return zones.zone_of(country, state) or ""
