"""What one row of the flat sheet says of its records, and what of them it cannot say. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.directory.formats.columns import ADDRESS, CLOSURE, HOURS, LOCATION, ORGANIZATION, PHONE, SERVICE, SLOTS
from bot.directory.formats.kept import Kept
from bot.directory.formats.languages import NAMES
from bot.directory.formats.opening import is_words, read_week, words_of, written
from bot.directory.hsds.package import Row
from bot.directory.hsds.tables import BY_NAME, SERVICES, names

Cells = dict[str, str]
NOT_ROUTED = "do not route"

_ALL = {name: set(names(table.columns)) for name, table in BY_NAME.items()}
HELD: Mapping[str, set[str]] = {
    # What the sheet holds of each table; the rest is named when it would be lost.
    "organization": {"id", "code", *ORGANIZATION.values()},
    "service": {"id", "organization_id", "code", "timezone", *SERVICE.values()},
    "location": {"id", "organization_id", "code", "location_type", *LOCATION.values()},
    "address": {"id", "location_id", "address_type", *ADDRESS.values()},
    "service_at_location": {"id", "service_id", "location_id", "code"},
    "language": _ALL["language"] - {"note"},
    "service_area": _ALL["service_area"] - {"name", "description"},
    "required_document": _ALL["required_document"] - {"uri"},
    "attribute": _ALL["attribute"] - {"value"},
    **{name: _ALL[name] for name in ("phone", "schedule", "exclusion", "closure", "taxonomy_term")},
    "cost_option": set(),
}


def told(kept: Kept, ids: Mapping[str, str]) -> tuple[Cells, Cells]:
    """The cells of a row with these records, and by table what they leave out."""
    cells: Cells = {}
    lost: Cells = {}
    _scalars(kept, ids, cells, lost)
    for table, tell in _TELL.items():
        owner = kept.owner(table, ids)
        rows = kept.of(table, owner) if owner else []
        problem = tell(kept, rows, cells)
        if kept.mixed(table, ids):
            problem = f"{table} belongs to several things in one row"
        if problem:
            lost[table] = problem
    _areas(cells, lost, "location" in ids)
    if cells["service_terms"] and cells["service_name"] == cells["org_name"]:
        cells["service_name"] = ""
    return cells, lost


def _scalars(kept: Kept, ids: Mapping[str, str], cells: Cells, lost: Cells) -> None:
    organization = _record(kept, "organization", ids)
    service, location = _record(kept, "service", ids), _record(kept, "location", ids)
    cells |= {name: organization.get(column, "") for name, column in ORGANIZATION.items()}
    cells |= {name: service.get(column, "") for name, column in SERVICE.items()}
    cells |= {name: location.get(column, "") for name, column in LOCATION.items()}
    if not location:
        cells["timezone"] = service.get("timezone", "")
    elif service.get("timezone"):
        lost["service"] = "the service has a time zone beside that of its location"
    if location and location["location_type"] != "physical":
        lost["location"] = f"its location is {location['location_type']}"
    elif location and location["organization_id"] not in ("", ids["organization"]):
        lost["location"] = "its location is another organization's"


def _record(kept: Kept, table: str, ids: Mapping[str, str]) -> Row:
    return (kept.package.get(table, ids[table]) if table in ids else None) or {}


def _addresses(kept: Kept, rows: Sequence[Row], cells: Cells) -> str:
    first: Row = rows[0] if rows else {}
    cells |= {name: first.get(column, "") for name, column in ADDRESS.items()}
    if any(row["address_type"] != "physical" for row in rows):
        return "an address that is no door"
    return "several addresses of one location" if len(rows) > 1 else ""


def _areas(cells: Cells, lost: Cells, placed: bool) -> None:
    """The area beside the address: a sheet has one column for the country of both."""
    country, state = cells.pop("_country"), cells.pop("_state")
    if not placed:
        cells["country"], cells["state"] = country, state
        if state and cells["service_area"] != "state":
            lost["service_area"] = "an area that names a state and is not state-wide"
    elif cells["service_area"] and (
        country != cells["country"] or state != (cells["state"] if cells["service_area"] == "state" else "")
    ):
        lost["service_area"] = "an area in another state or country than the location"


def _service_area(kept: Kept, rows: Sequence[Row], cells: Cells) -> str:
    first: Row = rows[0] if rows else {}
    cells["service_area"] = first.get("area", "")
    cells["_country"], cells["_state"] = first.get("country", ""), first.get("state_province", "")
    return "several areas" if len(rows) > 1 else ""


def in_order(rows: Sequence[Row]) -> list[Row]:
    """Phones in the order of the sheet: first those for talking, then by number."""
    types = ("voice", "", "cell", "text", "fax", "textphone")
    return sorted(rows, key=lambda row: (types.index(row["type"]), row["number"], row["extension"], row["id"]))


def _phones(kept: Kept, rows: Sequence[Row], cells: Cells) -> str:
    some = in_order(rows)
    for number, slot in enumerate(SLOTS):
        row: Row = some[number] if number < len(some) else {}
        cells |= {f"{slot}{part}": row.get(column, "") for part, column in PHONE.items()}
    if len({(row["number"], row["extension"]) for row in rows}) < len(rows):
        return "one number twice"
    return f"{len(rows)} phones" if len(rows) > len(SLOTS) else ""


def _schedule(kept: Kept, rows: Sequence[Row], cells: Cells) -> str:
    week, said = read_week(rows), {name: words_of(rows, column) for name, column in HOURS.items()}
    cells["hours"] = written(week) if week else ""
    cells |= {name: words or "" for name, words in said.items()}
    timed = [row for row in rows if not is_words(row)]
    if timed and not week or any(row[name] for row in rows for name in ("valid_from", "valid_to")):
        return "hours that one cell cannot say"
    if any(row["attending_type"] or row["notes"] for row in rows) or None in said.values():
        return "notes on single hours"
    return "" if any(said.values()) or len(rows) == len(timed) else "a schedule that says nothing"


def _languages(kept: Kept, rows: Sequence[Row], cells: Cells) -> str:
    cells["languages"] = ";".join(sorted({row["code"] for row in rows}))
    if any(row["name"] not in ("", NAMES.get(row["code"])) for row in rows):
        return "a language under another name"
    return "one language twice" if len({row["code"] for row in rows}) < len(rows) else ""


def _documents(kept: Kept, rows: Sequence[Row], cells: Cells) -> str:
    said = [row["document"] for row in rows]
    cells["documents"] = "; ".join(sorted(said))
    if any(";" in each for each in said):
        return "a document with ; in its name"
    return "one document twice" if len(set(said)) < len(said) else ""


def _terms(kept: Kept, rows: Sequence[Row], cells: Cells) -> str:
    ours = [kept.terms.get(row["taxonomy_term_id"], "") for row in rows]
    cells["service_terms"] = ";".join(kind for kind in SERVICES if kind in ours)
    if any(row["link_entity"] != "service" or row["link_type"] for row in rows) or set(ours) - set(SERVICES):
        return "terms that are no kinds of help of ours"
    return "one kind of help twice" if len(set(ours)) < len(ours) else ""


def _exclusions(kept: Kept, rows: Sequence[Row], cells: Cells) -> str:
    by_kind = {row["kind"]: row["reason"] for row in rows}
    cells["do_not_route"] = by_kind.pop(NOT_ROUTED, "")
    cells["exclusions"] = " | ".join(f"{kind}: {reason}" for kind, reason in sorted(by_kind.items()))
    if any("|" in reason for reason in by_kind.values()):
        return "a reason with | in it"
    return "one kind of exclusion twice" if len({row["kind"] for row in rows}) < len(rows) else ""


def _closures(kept: Kept, rows: Sequence[Row], cells: Cells) -> str:
    first: Row = rows[0] if rows else {}
    cells |= {name: first.get(column, "") for name, column in CLOSURE.items()}
    return "several closures" if len(rows) > 1 else ""


_TELL = {
    "address": _addresses,
    "service_area": _service_area,
    "phone": _phones,
    "schedule": _schedule,
    "language": _languages,
    "required_document": _documents,
    "attribute": _terms,
    "exclusion": _exclusions,
    "closure": _closures,
}
