"""A record of the directory in the words of a volunteer, not of a table. Pure."""

from __future__ import annotations

from collections.abc import Callable

from bot.directory.hsds.package import Row
from bot.directory.hsds.tables import BY_NAME
from bot.directory.importing.owners import Owners
from bot.directory.service_at_location import Phone

NOTHING = "nothing"
_SIDE = frozenset({"link_type", "link_entity", "freq"})


def phone_text(row: Row) -> str:
    """As families read it: 773-508-5300 ext 12."""
    return Phone(row["id"], row["number"], row["extension"]).text


def said(table: str, row: Row, owners: Owners) -> str:
    """What the record says, without its ids: everything that is filled, the important first."""
    return _SAID.get(table, _filled)(table, row, owners) or NOTHING


def _filled(table: str, row: Row, owners: Owners, *without: str) -> str:
    columns = BY_NAME[table].columns
    shown = (each.name for each in columns if each.name != "id" and not each.refers and each.name != "link_id")
    return " ".join(row[name] for name in shown if row[name] and name not in _SIDE and name not in without)


def _phone(table: str, row: Row, owners: Owners) -> str:
    confirmed = f"confirmed {row['verified_on']} by {row['verified_by']}" if row["verified_on"] else "not confirmed"
    words = (phone_text(row), row["type"], "WhatsApp" if row["whatsapp"] == "yes" else "", row["description"])
    return f"{' '.join(filter(None, words))} ({confirmed})"


def _schedule(table: str, row: Row, owners: Owners) -> str:
    hours = f"{row['opens_at']}-{row['closes_at']}" if row["opens_at"] else ""
    rest = _filled(table, row, owners, "byday", "opens_at", "closes_at", "valid_from", "valid_to", "public_holidays")
    holidays = f"holidays {row['public_holidays']}" if row["public_holidays"] else ""
    valid = f"from {row['valid_from']}" if row["valid_from"] else ""
    until = f"until {row['valid_to']}" if row["valid_to"] else ""
    return " ".join(filter(None, (row["byday"], hours, holidays, rest, valid, until)))


def _attribute(table: str, row: Row, owners: Owners) -> str:
    term = owners.row("taxonomy_term", row["taxonomy_term_id"])
    return " ".join(filter(None, (term["name"] if term else "", row["value"])))


def _at_location(table: str, row: Row, owners: Owners) -> str:
    service, location = owners.row("service", row["service_id"]), owners.row("location", row["location_id"])
    what = service["name"] if service else "?"
    return " ".join(filter(None, (f"{what} at {location['name'] if location else '?'}", row["description"])))


def _language(table: str, row: Row, owners: Owners) -> str:
    return " ".join(filter(None, (row["code"], row["note"])))


def _exclusion(table: str, row: Row, owners: Owners) -> str:
    return f"{row['kind']} ({row['reason']})"


def _closure(table: str, row: Row, owners: Owners) -> str:
    return " ".join(filter(None, (row["starts"], "to", row["ends"] or "nobody knows when", row["reason"])))


_SAID: dict[str, Callable[[str, Row, Owners], str]] = {
    "phone": _phone,
    "schedule": _schedule,
    "attribute": _attribute,
    "service_at_location": _at_location,
    "language": _language,
    "exclusion": _exclusion,
    "closure": _closure,
}
