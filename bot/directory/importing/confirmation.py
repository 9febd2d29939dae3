"""A confirmed phone is a confirmed number: where the number changes, its confirmation goes. Pure.

A file that changes a number and leaves the confirmation beside it as it was is refused. Emptying it for them would not do:
the same file, read a second time, would then put the old confirmation on the new number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from bot.directory.hsds import values
from bot.directory.hsds.check import Problem, Raw
from bot.directory.hsds.package import Package, Row
from bot.directory.hsds.tables import BY_NAME
from bot.frozen import replace

CONFIRMATION = ("verified_on", "verified_by", "verified_how", "verified_source")
_PERSON = {"phone": "verified_by", "service": "assured_by"}
_A_NAME = re.compile(r"[^\W\d_]{2}")

Said = tuple[str, ...]


def beside_stored(raw: Raw, stored: Row | None) -> Raw:
    """The row with what is stored in the columns that the file does not have; a number that changes keeps no confirmation."""
    if stored is None:
        return raw
    kept = dict(stored)
    if raw.table == "phone" and _number({**kept, **raw.cells}) != _number(stored):
        kept |= dict.fromkeys(CONFIRMATION, "")
    return replace(raw, cells={**kept, **raw.cells})


def confirmed_numbers(current: Package) -> frozenset[Said]:
    """Every number that is confirmed, with how: it may move to another row as it is."""
    return frozenset(_said(each) for each in current.rows("phone") if each["verified_on"])


def leaving_confirmations(current: Package, leaving: Iterable[tuple[str, str]]) -> Mapping[Said, Row]:
    """The confirmed phones that go, by what they hang on and how they are confirmed: another number may not take that over."""
    gone = (current.get("phone", identifier) for table, identifier in leaving if table == "phone")
    return {_taken_over(each): each for each in gone if each is not None and each["verified_on"]}


def wrong_confirmation(
    raw: Raw, stored: Row | None, confirmed: frozenset[Said], leaving: Mapping[Said, Row]
) -> Problem | None:
    """What check.py cannot see: a confirmation of another number, or by nobody.

    ``stored`` is the phone as it is, ``leaving`` those that go in the same file.
    """
    person = _PERSON.get(raw.table, "")
    by = raw.cells.get(person, "").strip() if person else ""
    if by and not _A_NAME.search(by):
        return raw.wrong(person, "That is no name.", "Write who confirmed it, or empty the confirmation.")
    if raw.table != "phone":
        return None
    before = stored or leaving.get(_taken_over(raw.cells))
    on = raw.cells.get("verified_on", "").strip()
    if not on or before is None or not before["verified_on"] or _number(raw.cells) == _number(before):
        return None
    if _said(raw.cells) in confirmed:
        return None
    empty = f"empty {', '.join(map(raw.name, CONFIRMATION))}"
    if _confirmation(raw.cells) == _confirmation(before):
        told = f"The number changed, and the confirmation of {on} is of the one before it ({before['number']})."
        mend = f"Say in {raw.name('verified_source')} that the new number was asked for on that day, or {empty}."
        return raw.wrong("verified_on", told, mend)
    if on < before["verified_on"]:
        told = f"The number changed, and {on} is before {before['verified_on']}, when the old one still held."
        return raw.wrong("verified_on", told, f"Write when the new number was confirmed, or {empty}.")
    return None


def _taken_over(cells: Mapping[str, str]) -> Said:
    refers = (column.name for column in BY_NAME["phone"].columns if column.refers)
    return (*(cells.get(name, "").strip() for name in refers), *_confirmation(cells))


def _confirmation(cells: Mapping[str, str]) -> Said:
    return tuple(cells.get(name, "").strip() for name in CONFIRMATION)


def _said(cells: Mapping[str, str]) -> Said:
    return (*_number(cells), *_confirmation(cells))


def _number(cells: Mapping[str, str]) -> tuple[str, str]:
    """Number and extension: another extension is another desk."""
    number = cells.get("number", "").strip()
    try:
        number = values.e164(number)
    except values.ValueRefused:
        pass  # check.py says what is wrong with it.
    return number, cells.get("extension", "").strip()
