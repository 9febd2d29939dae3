"""The changes of one organization, line by line: ``phone 773-508-5300 -> 773-508-5301``. Nothing that changes is left out. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.directory.hsds.changes import Change
from bot.directory.hsds.package import Row
from bot.directory.hsds.tables import BY_NAME
from bot.directory.importing.confirmation import CONFIRMATION
from bot.directory.importing.owners import Owners
from bot.directory.importing.records import NOTHING, phone_text, said
from bot.directory.importing.shown import apart, short

_LISTS = {
    "schedule": "hours",
    "language": "languages",
    "attribute": "help",
    "service_area": "area",
    "cost_option": "cost",
    "required_document": "documents",
    "service_at_location": "where",
}
"""Tables whose records mean something together only: told as the whole list before and after."""
_CALLED = {
    "organization": "",
    "service": "service",
    "location": "place",
    "address": "address",
    "phone": "phone",
    "exclusion": "exclusion",
    "closure": "closed",
    "taxonomy_term": "term",
}
_BY_NAME = ("organization", "service", "location", "taxonomy_term")
_PHONE_TOLD = frozenset({"number", "extension", *CONFIRMATION})


def described(made: Iterable[Change], before: Owners, after: Owners) -> Iterator[str]:
    """The lines for the changes of one organization. ``before`` and ``after`` look into the directory as it was and will be."""
    lists: dict[tuple[str, tuple[str, str]], None] = {}
    for change in made:
        if change.table in _LISTS:
            for row, owners in ((change.old, before), (change.new, after)):
                if row is not None:
                    lists[change.table, owners.above(change.table, row) or ("", "")] = None
        else:
            yield from _one(change, before, after)
    for table, above in lists:
        yield _list(table, above, before, after)


def _one(change: Change, before: Owners, after: Owners) -> Iterator[str]:
    called = _CALLED[change.table]
    old, new = change.old, change.new
    if old is None or new is None:
        row, owners = (new, after) if new else (old, before)
        if row:
            named = row.get("name", "") if change.table in _BY_NAME else ""
            what = short(named or said(change.table, row, owners))
            yield f"{'new' if new else 'goes'}: {called or 'organization'} {what}"
        return
    if change.table == "phone" and phone_text(old) != phone_text(new):
        yield f"phone: {phone_text(old)} -> {phone_text(new)}"
    name = _name(change.table, new)
    what = " ".join(filter(None, (called, name if called else "")))
    if change.table == "phone" and set(change.fields) & set(CONFIRMATION):
        yield f"{what}, confirmed: {' -> '.join(apart(_confirmed(old), _confirmed(new)))}"
    for field in change.fields:
        if change.table == "phone" and field in _PHONE_TOLD:
            continue
        column = BY_NAME[change.table].column(field)
        refers = column.refers if column else ""
        was, becomes = apart(_cell(old[field], refers, before), _cell(new[field], refers, after))
        label = field.replace("_", " ").removesuffix(" id")
        yield f"{f'{what}, ' if what else ''}{label}: {was} -> {becomes}"


def _confirmed(phone: Row) -> str:
    return " ".join(phone[name] for name in CONFIRMATION if phone[name]) or NOTHING


def _name(table: str, row: Row) -> str:
    if table == "phone":
        return phone_text(row)
    if table == "address":
        return ", ".join(filter(None, (row["address_1"], row["city"])))
    return row.get("name", "")


def _cell(cell: str, refers: str, owners: Owners) -> str:
    if cell and refers:
        row = owners.row(refers, cell)
        return (_name(refers, row) if row else "") or cell
    return cell or NOTHING


def _list(table: str, above: tuple[str, str], before: Owners, after: Owners) -> str:
    was, becomes = (
        "; ".join(sorted(said(table, each, owners) for each in owners.hanging(table, above))) or NOTHING
        for owners in (before, after)
    )
    label = _LISTS[table]
    row = after.row(*above) or before.row(*above) if above[0] else None
    if above[0] != "organization" and row and (name := _name(above[0], row)):
        label = f"{label} of {short(name, 60)}"
    if was == becomes:
        return f"{label}: in other records, with the same words"
    was, becomes = apart(was, becomes)
    return f"{label}: {was} -> {becomes}"
