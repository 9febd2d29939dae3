"""What the directory claims of one organization at one place, for whoever calls it: a row of the flat sheet, read. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct

from bot.directory.formats.kept import Kept
from bot.directory.formats.sheet_rows import SheetRow, sheet_rows
from bot.directory.freshness import FRESH_DAYS, Freshness, freshness
from bot.directory.hotline import Hotline
from bot.directory.hsds.package import Package
from bot.directory.service_at_location import Phone

SLOTS = ("phone", "phone2", "phone3")
# Lists and networks have no door; a line that stands in hotlines.csv is called from there.
_NO_DOOR = ("network", "directory", "hotline")
_A_LINE = "hotlines.csv"


class Number(Struct, frozen=True):
    """A number as the directory has it. ``by`` is who confirmed it, ``how`` (call, visit, ...) empty where nobody has."""

    phone: Phone
    by: str = ""
    how: str = ""


class Listed(Struct, frozen=True):
    """``held_back``: why families are not sent there, empty where they are. ``flags``: how many families said that a number fails.

    ``hours`` in words or in the notation of hours.py, whichever there is.
    ``point`` in degrees. ``sources`` are pages, or words where none was kept.
    """

    code: str
    name: str
    name_es: str
    kind: str
    description: str
    member: str
    kinds: tuple[str, ...]
    held_back: str
    numbers: tuple[Number, ...]
    address: str
    city: str
    state: str
    country: str
    hours_es: str
    hours_en: str
    languages: tuple[str, ...]
    cost: str
    documents: str
    interpreters: str
    url: str
    sources: tuple[str, ...]
    source_date: str
    assured_on: date | None
    assured_by: str
    status: str = "active"
    area: str = "local"
    flags: int = 0
    point: tuple[float, float] | None = None

    @property
    def confirmed(self) -> tuple[date, str, str] | None:
        """The last confirmation of a number or of the place: day, who, how."""
        calls = [(each.phone.verified_on, each.by, each.how) for each in self.numbers if each.phone.verified_on]
        if self.assured_on:
            calls.append((self.assured_on, self.assured_by, ""))
        return max(((day, by, how) for day, by, how in calls if day), default=None)

    def freshness(self, today: date) -> Freshness:
        """How far its last confirmation is believed."""
        return freshness(self.confirmed[0] if self.confirmed else None, today)

    @property
    def has_a_door(self) -> bool:
        """Whether a volunteer can ask it anything: not a list, a network or a line that is kept elsewhere."""
        return not (self.held_back and (self.kind in _NO_DOOR or _A_LINE in self.held_back))

    @property
    def place(self) -> tuple[str, str, str]:
        """Country, state and city; empty where it is reached by phone alone."""
        return self.country, self.state, self.city

    @property
    def unknown(self) -> tuple[str, ...]:
        """What nobody knows of it: names of columns."""
        cells = {
            "hours": self.hours_en or self.hours_es,
            "cost": self.cost,
            "documents": self.documents,
            "interpreters": self.interpreters,
        }
        return tuple(name for name, cell in cells.items() if not cell)


def listed(package: Package, flags: Mapping[str, int]) -> tuple[Listed, ...]:
    """Every row of the sheet of a directory. ``flags``: how many families said of a phone or service (its id) that it fails."""
    kept = Kept(package)
    return tuple(
        _listed(row.cells, sum(flags.get(each, 0) for each in records_of(row, kept))) for row in sheet_rows(package)
    )


def records_of(row: SheetRow, kept: Kept) -> list[str]:
    """The ids of its phones, and of what they hang on."""
    owner = kept.owner("phone", row.ids)
    phones = [each["id"] for each in kept.of("phone", owner)] if owner else []
    return [*phones, *row.ids.values()]


def _listed(row: Mapping[str, str], flags: int) -> Listed:
    def cell(name: str) -> str:
        return row.get(name, "")

    numbers = tuple(_number(row, slot) for slot in SLOTS if cell(slot))
    return Listed(
        code=cell("code"),
        name=_name(row),
        name_es=cell("org_name_es"),
        kind=cell("kind"),
        description=cell("description"),
        member=cell("aa_member"),
        kinds=_several(cell("service_terms")),
        held_back=cell("do_not_route"),
        numbers=numbers,
        address=cell("address"),
        city=cell("city"),
        state=cell("state"),
        country=cell("country"),
        hours_es=cell("hours_es") or cell("hours"),
        hours_en=cell("hours_en") or cell("hours"),
        languages=_several(cell("languages")),
        cost=cell("cost"),
        documents=cell("documents"),
        interpreters=cell("interpreters"),
        url=cell("url"),
        sources=tuple(part for part in cell("source_url").split(" ; ") if part),
        source_date=cell("source_date"),
        assured_on=_day(cell("assured_date")),
        assured_by=cell("assured_by"),
        status=cell("status"),
        area=cell("service_area"),
        flags=flags,
        point=(float(row["lat"]), float(row["lon"])) if cell("lat") and cell("lon") else None,
    )


def _name(row: Mapping[str, str]) -> str:
    """Organization, and the service where it has a name of its own."""
    service = row.get("service_name", "")
    return f"{row['org_name']}: {service}" if service and service != row["org_name"] else row["org_name"]


def _number(row: Mapping[str, str], slot: str) -> Number:
    phone = Phone(
        id=slot,
        number=row[slot],
        extension=row.get(f"{slot}_ext", ""),
        type=row.get(f"{slot}_type", "") or "voice",
        whatsapp=row.get(f"{slot}_whatsapp", "") == "yes",
        verified_on=_day(row.get(f"{slot}_verified_on", "")),
    )
    return Number(phone, row.get(f"{slot}_verified_by", ""), row.get(f"{slot}_verified_how", ""))


def _several(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _day(cell: str) -> date | None:
    return date.fromisoformat(cell) if cell else None


def same_number(dialled: str, number: str) -> bool:
    """Whether a number as people dial it (``323-457-4108``, ``4214-3566``) is that one in E.164."""
    digits = "".join(sign for sign in dialled if sign.isdigit()).removeprefix("1")
    return len(digits) >= 7 and number.endswith(digits)


def line_of(each: Listed, hotlines: Iterable[Hotline]) -> str:
    """The id of the line in hotlines.csv that has one of its numbers, so that nobody calls it twice; empty for none."""
    found = (line.id for line in hotlines for has in each.numbers if same_number(line.text, has.phone.number))
    return next(found, "")


def days_left(each: Listed, today: date) -> int | None:
    """Days until its confirmation is no longer told plainly; negative when that is over, None where there is none."""
    return FRESH_DAYS - (today - each.confirmed[0]).days if each.confirmed else None
