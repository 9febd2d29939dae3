"""What one call confirms: the day, the person and the way, on the number that was called. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from difflib import get_close_matches

from msgspec import Struct

from bot.directory.formats.kept import Kept
from bot.directory.formats.numbers import understood
from bot.directory.formats.sheet_rows import SheetRow, sheet_rows
from bot.directory.hsds.changes import Change
from bot.directory.hsds.package import Package, Row, row
from bot.directory.hsds.tables import HOW_VERIFIED

LONGEST_NAME = 64
_A_NAME = re.compile(r"[^\W\d_]{2}")


class ConfirmationRefused(Exception):
    """Why a call confirms nothing, and what to do."""

    def __init__(self, problem: str, mend: str) -> None:
        self.problem, self.mend = problem, mend
        super().__init__(f"{problem} {mend}")


class Call(Struct, frozen=True):
    """Somebody called (or went) on a day. ``number`` as it was typed, empty for the only one that there is."""

    code: str
    by: str
    how: str
    on: date
    number: str = ""


class Confirmed(Struct, frozen=True):
    """``changes`` is empty where the same was said before. ``records`` are those whose flags are settled; ``what`` in words."""

    changes: tuple[Change, ...]
    records: tuple[str, ...]
    what: str


def confirmed(package: Package, call: Call, today: date) -> Confirmed:
    """What is to be stored. Raises ConfirmationRefused for a day to come, no name, an unknown code and a number of somebody else."""
    by = _checked(call, today)
    found = _row(package, call.code)
    kept = Kept(package)
    owner = kept.owner("phone", found.ids)
    phones = kept.of("phone", owner) if owner else []
    if not phones and not call.number:
        return _assured(package, found, call, by)
    phone = _phone(package, found, phones, call.number)
    _not_backwards(phone["verified_on"], call.on)
    new = row("phone", **{**phone, "verified_on": call.on.isoformat(), "verified_by": by, "verified_how": call.how})
    service = found.ids.get("service")
    return Confirmed(_change("phone", phone, new), tuple(filter(None, (phone["id"], service))), phone["number"])


def _checked(call: Call, today: date) -> str:
    by = " ".join(call.by.split())
    if not _A_NAME.search(by) or len(by) > LONGEST_NAME or any(sign.isdigit() for sign in by):
        raise ConfirmationRefused("Nobody's name is in --by.", f"Write who called, in {LONGEST_NAME} letters at most.")
    if call.on > today:
        raise ConfirmationRefused(f"{call.on} has not come yet.", "Write the day of the call.")
    if call.how not in HOW_VERIFIED:
        raise ConfirmationRefused(f"--how is {call.how!r}.", f"Use one of: {', '.join(HOW_VERIFIED)}.")
    return by


def _row(package: Package, code: str) -> SheetRow:
    rows = {each.code: each for each in sheet_rows(package)}
    if code in rows:
        return rows[code]
    near = get_close_matches(code, rows, 3)
    mend = f"Did you mean {' or '.join(near)}?" if near else "`directory due --launch` lists the codes."
    raise ConfirmationRefused(f"Nothing in the directory has the code {code!r}.", mend)


def _phone(package: Package, found: SheetRow, phones: Sequence[Row], typed: str) -> Row:
    if not typed:
        if len(phones) == 1:
            return phones[0]
        numbers = ", ".join(each["number"] for each in phones)
        raise ConfirmationRefused(f"It has {len(phones)} numbers: {numbers}.", "Say which with --phone.")
    number, extension = understood(typed, found.cells["country"])
    mine = [each for each in phones if each["number"] == number and (not extension or each["extension"] == extension)]
    if len(mine) == 1:
        return mine[0]
    if mine:
        raise ConfirmationRefused("It has that number with several extensions.", "Write the extension too.")
    whose = _whose(package, number, found.code)
    if whose:
        raise ConfirmationRefused(f"{number} is the number of {whose}, not of {found.code}.", "Confirm that one.")
    raise ConfirmationRefused(
        f"The directory does not have {number} for {found.code}.", "Change its number first: `directory import`."
    )


def _whose(package: Package, number: str, but: str) -> str:
    for each in sheet_rows(package):
        if each.code != but and number in (each.cells["phone"], each.cells["phone2"], each.cells["phone3"]):
            return each.code
    return ""


def _assured(package: Package, found: SheetRow, call: Call, by: str) -> Confirmed:
    """Without a number it is the service that somebody assured: that it is there, and does what is listed."""
    service = package.get("service", found.ids.get("service", ""))
    if service is None:
        raise ConfirmationRefused(
            f"{call.code} has neither a number nor a service.", "Add one first: `directory import`."
        )
    _not_backwards(service["assured_date"], call.on)
    new = row("service", **{**service, "assured_date": call.on.isoformat(), "assured_by": by})
    return Confirmed(_change("service", service, new), (service["id"],), "its place, for it has no number")


def _not_backwards(before: str, on: date) -> None:
    if before and date.fromisoformat(before) > on:
        raise ConfirmationRefused(f"It was confirmed later, on {before}.", "Leave that, or write the day of your call.")


def _change(table: str, old: Row, new: Row) -> tuple[Change, ...]:
    return () if old == new else (Change(table, old["id"], old, new),)
