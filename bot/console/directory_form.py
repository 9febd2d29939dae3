"""The form of an entry of the directory: what a browser sends as cells of the sheet, and cells as a page shows them. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct
from werkzeug.datastructures import MultiDict

from bot.console.directory_hours import HoursForm, HoursWrong, cell_of, form_from
from bot.directory.editing.fields import FIELDS, FOR_PUBLISHERS
from bot.directory.editing.whole_number import WrongNumber, wrong_number
from bot.directory.formats.columns import SLOTS
from bot.directory.formats.numbers import understood
from bot.directory.hsds.tables import SERVICES
from bot.directory.service_at_location import Phone
from bot.store.directory_draft import CONTACT

LONGEST = 600
"""Letters of a field: more than anybody reads on a phone."""
LONGEST_TEXT = 300
"""Letters of a short text."""
WHO = ("women only", "men only", "new arrivals only", "nationals only")
"""Whom a place helps alone, of bot/directory/hsds/tables.py EXCLUSIONS: those that a volunteer can say."""
_LISTS = {"service_terms": SERVICES, "languages": None, "interpreters": None}
_CODE = re.compile(r"[a-z]{2,3}")
_PARTS = re.compile(r"\s*;\s*")

Cells = dict[str, str]


class FormRead(Struct, frozen=True):
    """``cells`` are for the store; ``hours`` what was typed. ``numbers``: phones that are none; ``hours_wrong``: a day."""

    cells: Cells
    hours: HoursForm
    numbers: Mapping[str, WrongNumber]
    hours_wrong: HoursWrong | None = None

    @property
    def wrong(self) -> bool:
        """Whether it cannot be stored."""
        return bool(self.numbers or self.hours_wrong)


def read_form(form: MultiDict[str, str], fields: tuple[str, ...] = (*FIELDS, *FOR_PUBLISHERS, CONTACT)) -> FormRead:
    """What a browser sent. A field that the form does not have is left out, so that it stays as it is."""
    cells = {name: _plain(form[name]) for name in fields if name in form}
    cells |= {name: _chosen(name, form.getlist(name)) for name in _LISTS if f"has_{name}" in form}
    cells |= _rest(form)
    numbers = {}
    for slot in SLOTS:
        if not cells.get(slot):
            continue
        if wrong := wrong_number(cells[slot], cells.get("country", "")):
            numbers[slot] = wrong
        else:
            cells[slot], extension = understood(cells[slot], cells.get("country", "").upper())
            cells[f"{slot}_ext"] = cells.get(f"{slot}_ext") or extension
    hours = form_from(form)
    try:
        if "has_hours" in form:
            cells["hours"] = cell_of(hours)
    except HoursWrong as wrong:
        return FormRead(cells, hours, numbers, wrong)
    return FormRead(cells, hours, numbers)


def _plain(text: str) -> str:
    return " ".join(text.split())[:LONGEST]


def _rest(form: MultiDict[str, str]) -> Cells:
    """What has more than one field, or a form of its own."""
    found: Cells = {}
    if "documents" in form:
        parts = {part for part in _PARTS.split(_plain(form["documents"])) if part}
        found["documents"] = "; ".join(sorted(parts))
    if "has_place" in form:
        found["sensitive"] = "yes" if "sensitive" in form else ""
    if "has_who" in form:
        found["exclusions"] = _exclusions(form)
    return found


def _exclusions(form: MultiDict[str, str]) -> str:
    """Each kind with its reason; kinds that the page does not offer stay as they were."""
    was = dict(_excluded(form.get("exclusions_were", "")))
    reason = _plain(form.get("who_reason", "")).replace("|", "/")
    chosen = set(form.getlist("who")) & set(WHO)
    kept = {kind: why for kind, why in was.items() if kind not in WHO}
    kept |= {kind: was.get(kind) or reason or "said by the organization" for kind in chosen}
    return " | ".join(f"{kind}: {why}" for kind, why in sorted(kept.items()))


def _excluded(cell: str) -> list[tuple[str, str]]:
    parts = (part.partition(":") for part in cell.split("|"))
    return [(kind.strip(), why.strip()) for kind, _, why in parts if kind.strip()]


def _chosen(name: str, values: list[str]) -> str:
    known = _LISTS[name]
    if known is not None:
        return ";".join(each for each in known if each in values)
    return ";".join(sorted({each for each in values if _CODE.fullmatch(each)}))


class Shown(Struct, frozen=True):
    """The cells as a page shows them."""

    cells: Mapping[str, str]
    hours: HoursForm

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")

    def number(self, slot: str) -> str:
        """A phone as families read it; as it was typed where it is none."""
        return number_text(self[slot], "")

    @property
    def phones(self) -> list[str]:
        """The places that have a number."""
        return [slot for slot in SLOTS if self[slot]]

    def several(self, name: str) -> list[str]:
        """The parts of a list."""
        return [part for part in self[name].split(";") if part]

    @property
    def who(self) -> list[str]:
        """Whom alone it helps."""
        return [kind for kind, _ in _excluded(self["exclusions"])]

    @property
    def who_reason(self) -> str:
        """Why, of the first of them."""
        return next((why for kind, why in _excluded(self["exclusions"]) if kind in WHO), "")


def number_text(number: str, extension: str) -> str:
    """As families read it: 773-508-5300 ext 12."""
    return Phone("", number, extension).text
