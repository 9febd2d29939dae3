"""What is wrong with a file beside the directory that is there; what is wrong with a row alone, check.py says. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from bot.directory.hsds.check import Problem, Raw
from bot.directory.hsds.package import Package, Row
from bot.directory.hsds.tables import BY_NAME, TABLES
from bot.directory.importing.confirmation import confirmed_numbers, leaving_confirmations, wrong_confirmation

Record = tuple[str, str]
"""A table, and the id of a record in it."""

_WITH_CODES = ("organization", "service", "location", "service_at_location")


def in_order(raws: Iterable[Raw], told: Iterable[Problem], *later: Iterable[Problem]) -> tuple[Problem, ...]:
    """Each cell once, in the order of the file. ``later``: told only of rows of which nothing else is."""
    found: dict[tuple[str, str], Problem] = {}
    for each in told:
        found.setdefault((each.where, each.column), each)
    wrong = {where for where, _ in found}
    for some in later:
        for each in some:
            if each.where not in wrong:
                found.setdefault((each.where, each.column), each)
        wrong = {where for where, _ in found}
    order = {raw.where: place for place, raw in enumerate(raws)}
    return tuple(sorted(found.values(), key=lambda each: order.get(each.where, -1)))


def emptied(raws: Iterable[Raw], current: Package, replace: bool) -> Iterator[Problem]:
    """A file without any organization that would take all away: it is the wrong file, or half of one."""
    if replace and any(current.rows("organization")) and not any(raw.table == "organization" for raw in raws):
        told = "It has no organization, so --replace would empty the directory."
        yield Problem("the file", "", told, "Send the whole file, or import without --replace.")


def wrong_confirmations(raws: Iterable[Raw], current: Package, leaving: Collection[Record]) -> Iterator[Problem]:
    """Phones with a confirmation that is not theirs, and confirmations by nobody."""
    confirmed, gone = confirmed_numbers(current), leaving_confirmations(current, leaving)
    for raw in raws:
        wrong = wrong_confirmation(raw, current.get(raw.table, raw.id), confirmed, gone)
        if wrong:
            yield wrong


def left_dangling(
    raws: Iterable[Raw], here: Collection[Record], staying: Package, current: Package
) -> Iterator[Problem]:
    """Records that refer to what would go: rows of the file (``here``), and what stays in the directory beside it."""
    if staying is current:
        return
    for raw in raws:
        for column, table in _references(raw.table, raw.cells.get("link_entity", "").strip()):
            identifier = raw.cells.get(column, "").strip().lower()
            if goes := _gone(table, identifier, here, staying, current):
                told = f"It belongs to the {table} {_called(goes)!r}, which is not in the file and would go."
                yield raw.wrong(column, told, "Add its row to the file, or import without --replace.")
                break
    for name, rows in staying.tables.items():
        for each in rows.values() if any(True for _ in _references(name, "")) or name == "attribute" else ():
            if (name, each["id"]) in here:
                continue
            for column, table in _references(name, each.get("link_entity", "")):
                if goes := _gone(table, each[column], here, staying, current):
                    where = f"the directory, {name} {each['id']}"
                    told = f"It belongs to the {table} {_called(goes)!r}, which the file takes away."
                    yield Problem(where, column, told, "Leave that in the file, or change both in a package.")


def _gone(table: str, identifier: str, here: Collection[Record], staying: Package, current: Package) -> Row | None:
    if table not in BY_NAME or not identifier or (table, identifier) in here or staying.get(table, identifier):
        return None
    return current.get(table, identifier)


def _called(row: Row) -> str:
    return row.get("name") or row.get("number") or row["id"]


_REFERS = {
    table.name: tuple((column.name, column.refers) for column in table.columns if column.refers) for table in TABLES
}


def _references(table: str, linked: str) -> Iterator[tuple[str, str]]:
    yield from _REFERS[table]
    if table == "attribute":
        yield "link_id", linked


def taken_codes(raws: Iterable[Raw], here: Collection[Record], staying: Package) -> Iterator[Problem]:
    """Codes that something else of the directory has: two under one could not be told apart by the next file."""
    taken = {
        (table, each["code"]): each.get("name") or table
        for table in _WITH_CODES
        for each in staying.rows(table)
        if each["code"] and (table, each["id"]) not in here
    }
    for raw in raws:
        code = raw.cells.get("code", "").strip()
        if code and raw.table in _WITH_CODES and (raw.table, code) in taken:
            told = f"The code stands at {taken[raw.table, code]!r} of the directory, under another id."
            yield raw.wrong("code", told, "Give it a code of its own, or the id of the other.")
