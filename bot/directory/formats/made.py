"""The records that the cells of one row of a flat sheet make: phones, hours, languages and the rest that come in lists. Pure.

What exists already keeps its id: a phone by its number, a language by its code, an exclusion by its kind.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from bot.directory.errors import ScheduleError
from bot.directory.formats.columns import ADDRESS, CLOSURE, HOURS, PHONES, SLOTS, phone_columns
from bot.directory.formats.kept import Owner
from bot.directory.formats.lines import Line
from bot.directory.formats.numbers import understood
from bot.directory.formats.opening import schedule_cells, week_of
from bot.directory.formats.told import NOT_ROUTED, in_order
from bot.directory.hsds.check import Problem
from bot.directory.hsds.package import Row, made_id
from bot.directory.hsds.tables import EXCLUSIONS, SERVICES

Cells = dict[str, str]
_CONFIRMATION = ("verified_on", "verified_by", "verified_how", "verified_source")


class Asked(Struct, frozen=True):
    """What a maker works from. ``existing``: the records of this owner as they are. ``terms``: ids of the kinds of help."""

    line: Line
    owner: Owner
    existing: Sequence[Row]
    terms: dict[str, str]
    notes: list[str] = []

    @property
    def cells(self) -> Cells:
        """The cells of the row."""
        return self.line.cells

    def wrong(self, column: str, problem: str, mend: str) -> Refused:
        """The error that names the row and this column."""
        return Refused(Problem(self.line.where, column, problem, mend))


class Refused(Exception):
    """A cell from which no record can be made."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


class Made(Struct, frozen=True):
    """One record. ``id`` is that of an existing one, or made of ``parts``. ``called``: columns of the table in the words of the sheet."""

    cells: Cells
    called: Cells
    id: str = ""
    parts: tuple[str, ...] = ()


def _addresses(asked: Asked) -> Iterator[Made]:
    cells = {column: asked.cells[name] for name, column in ADDRESS.items()}
    called = {column: name for name, column in ADDRESS.items()}
    yield _only(asked, {**cells, "address_type": "physical"}, called)


def _areas(asked: Asked) -> Iterator[Made]:
    area = asked.cells["service_area"] or ("" if asked.line.has_place else "local")
    if not area:
        return
    state = asked.cells["state"] if area.casefold() == "state" else ""
    called = {"area": "service_area", "country": "country", "state_province": "state"}
    yield _only(asked, {"area": area, "country": asked.cells["country"], "state_province": state}, called)


def _only(asked: Asked, cells: Cells, called: Cells) -> Made:
    """The one record of its owner."""
    return Made(cells, called, asked.existing[0]["id"] if asked.existing else "")


def _closures(asked: Asked) -> Iterator[Made]:
    cells = {column: asked.cells[name] for name, column in CLOSURE.items()}
    if any(cells.values()):
        yield _only(asked, cells, {column: name for name, column in CLOSURE.items()})


def _phones(asked: Asked) -> Iterator[Made]:
    found: list[tuple[str, Cells]] = []
    for slot in SLOTS:
        cells = {column: asked.cells[name] for name, column in phone_columns(slot).items()}
        if not cells["number"]:
            if filled := next((name for name in phone_columns(slot) if asked.cells[name]), ""):
                raise asked.wrong(filled, f"There is no {slot}.", f"Write the number in {slot}, or empty this cell.")
            continue
        cells["number"], extension = understood(cells["number"], asked.cells["country"].upper())
        cells["extension"] = cells["extension"] or extension
        if any((cells["number"], cells["extension"]) == (each["number"], each["extension"]) for _, each in found):
            raise asked.wrong(slot, "The number stands twice in this row.", "Empty one of the two.")
        found.append((slot, cells))
    taken = _same_numbers([cells for _, cells in found], asked.existing)
    taken |= _same_slots(found, asked.existing, taken)
    for slot, cells in found:
        called = {column: name for name, column in phone_columns(slot).items()}
        old = taken.get(slot) or taken.get(_key(cells))
        if old and _key(old) != _key(cells) and f"{slot}_verified_on" not in asked.line.columns:
            cells |= dict.fromkeys(_CONFIRMATION, "")
            if old["verified_on"]:
                asked.notes.append(f"{asked.line.where}: the confirmation of {old['number']} went with that number.")
        yield Made(cells, called, old["id"] if old else "", (cells["number"], cells["extension"]))


def _key(cells: Row) -> str:
    return f"{cells['number']}/{cells['extension']}"


def _same_numbers(found: Sequence[Cells], existing: Sequence[Row]) -> dict[str, Row]:
    """The phones that are there already: with number and extension, or else with the number alone."""
    exact = {_key(row): row for row in existing}
    taken = {_key(cells): exact[_key(cells)] for cells in found if _key(cells) in exact}
    left = {row["number"]: row for row in existing if _key(row) not in taken}
    for cells in found:
        if _key(cells) not in taken and cells["number"] in left:
            taken[_key(cells)] = left.pop(cells["number"])
    return taken


def _same_slots(found: Sequence[tuple[str, Cells]], existing: Sequence[Row], taken: dict[str, Row]) -> dict[str, Row]:
    """Phones whose number was written over: what stood in that place of the row, where its number is nowhere else in it."""
    used = {row["id"] for row in taken.values()}
    old = dict(zip(SLOTS, in_order(existing), strict=False))
    return {
        slot: old[slot]
        for slot, cells in found
        if _key(cells) not in taken and slot in old and old[slot]["id"] not in used
    }


def _schedule(asked: Asked) -> Iterator[Made]:
    try:
        week = week_of(asked.cells["hours"])
    except ScheduleError as error:
        raise asked.wrong("hours", error.problem, error.mend) from None
    called = {"opens_at": "hours", "byday": "hours", **{column: name for name, column in HOURS.items()}}
    old = {_times(row): row["id"] for row in asked.existing}
    for cells in schedule_cells(week) if week else []:
        parts = tuple(cells.get(name, "") for name in ("opens_at", "closes_at", "byday"))
        yield Made(cells, called, old.pop(_times(cells), ""), parts)
    words = {column: asked.cells[name] for name, column in HOURS.items()}
    if any(words.values()):
        yield Made(words, called, old.pop(_times({}), ""), ("words",))


def _times(row: Row | Cells) -> tuple[str, ...]:
    return tuple(row.get(name, "") for name in ("opens_at", "closes_at", "byday"))


def _listed(cell: str) -> list[str]:
    # In the form in which they are stored: the same words have the same id.
    parts = (part.strip() for part in unicodedata.normalize("NFC", cell).split(";"))
    return list(dict.fromkeys(filter(None, parts)))


def _languages(asked: Asked) -> Iterator[Made]:
    old = {row["code"]: row for row in asked.existing}
    for code in _listed(asked.cells["languages"].lower()):
        kept = old.get(code)
        yield Made({"code": code}, {"code": "languages"}, kept["id"] if kept else "", (code,))


def _documents(asked: Asked) -> Iterator[Made]:
    old = {row["document"]: row["id"] for row in asked.existing}
    for document in _listed(asked.cells["documents"]):
        yield Made({"document": document}, {"document": "documents"}, old.get(document, ""), (document,))


def _terms(asked: Asked) -> Iterator[Made]:
    old = {row["taxonomy_term_id"]: row["id"] for row in asked.existing}
    for kind in _listed(asked.cells["service_terms"].lower()):
        if kind not in SERVICES:
            raise asked.wrong("service_terms", f"It has {kind[:40]!r}.", f"Use any of: {', '.join(SERVICES)}.")
        term = asked.terms[kind]
        cells = {"taxonomy_term_id": term, "link_entity": asked.owner[0]}
        yield Made(cells, {"taxonomy_term_id": "service_terms"}, old.get(term, ""), (kind,))


def _exclusions(asked: Asked) -> Iterator[Made]:
    old = {row["kind"]: row["id"] for row in asked.existing}
    said: Cells = {}
    if reason := asked.cells["do_not_route"]:
        said[NOT_ROUTED] = reason
    for part in filter(None, (part.strip() for part in asked.cells["exclusions"].split("|"))):
        kind, _, reason = (each.strip() for each in part.partition(":"))
        kind = kind.casefold()
        if kind not in EXCLUSIONS or kind == NOT_ROUTED or kind in said or not reason:
            known = ", ".join(each for each in EXCLUSIONS if each != NOT_ROUTED)
            mend = f"Write each of {known} once at most, with its reason, as women only: a shelter for women."
            raise asked.wrong("exclusions", f"{part[:40]!r} cannot be read.", mend)
        said[kind] = reason
    for kind, reason in said.items():
        name = "do_not_route" if kind == NOT_ROUTED else "exclusions"
        yield Made({"kind": kind, "reason": reason}, {"kind": name, "reason": name}, old.get(kind, ""), (kind,))


Maker = Callable[[Asked], Iterator[Made]]
MAKERS: dict[str, tuple[tuple[str, ...], Maker]] = {
    # The columns that a table's records come from, and how.
    "address": (tuple(ADDRESS), _addresses),
    "service_area": (("service_area", "country", "state"), _areas),
    "phone": (PHONES, _phones),
    "schedule": (("hours", *HOURS), _schedule),
    "language": (("languages",), _languages),
    "required_document": (("documents",), _documents),
    "attribute": (("service_terms",), _terms),
    "exclusion": (("do_not_route", "exclusions"), _exclusions),
    "closure": (tuple(CLOSURE), _closures),
}


def record_id(table: str, owner: Owner, parts: Sequence[str]) -> str:
    """The id of a new record of that owner."""
    return made_id(table, *owner, *parts)
