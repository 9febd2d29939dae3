"""What is wrong with the rows of a directory, each with its place, its reason and its mend. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from msgspec import Struct

from bot.directory.hsds.package import EMPTY, Package, Row, row
from bot.directory.hsds.tables import BY_NAME, TABLES, Table
from bot.directory.hsds.values import ValueRefused, identifier


class Problem(Struct, frozen=True):
    """``where`` is how the file calls the row ("phones.csv, row 12"), ``column`` empty where the row as a whole is meant."""

    where: str
    column: str
    problem: str
    mend: str

    def __str__(self) -> str:
        column = f", {self.column}" if self.column else ""
        return f"{self.where}{column}: {self.problem} {self.mend}"


class Raw(Struct, frozen=True):
    """A row as some file holds it, unchecked. Columns that the table does not have are ignored here.

    ``called``: how the file calls a column, where it does so by another name than the table.
    """

    table: str
    where: str
    cells: Mapping[str, str]
    called: Mapping[str, str] = {}

    @property
    def id(self) -> str:
        """The id in its written form, so that two spellings of one are one; as it stands where it is none."""
        return _readable_id(self) or self.cells.get("id", "").strip().lower()

    def name(self, column: str) -> str:
        """How the file calls that column."""
        return self.called.get(column, column)

    def wrong(self, column: str, problem: str, mend: str) -> Problem:
        """The problem that names this row and column."""
        return Problem(self.where, self.name(column), problem, mend)


class Checked(Struct, frozen=True):
    """``package`` holds the rows in which nothing is wrong; it may be stored only where there are no problems."""

    package: Package
    problems: tuple[Problem, ...]


_CODED = ("organization", "service", "location", "service_at_location")


class Ids(Struct, frozen=True):
    """``known``: the ids of every table. ``unsure``: tables in which an id is wrong, so that what refers to it cannot be blamed."""

    known: Mapping[str, set[str]]
    unsure: set[str]

    def lacks(self, table: str, identifier: str) -> bool:
        """Whether there is surely no such record."""
        return identifier not in self.known[table] and table not in self.unsure


def check(raws: Iterable[Raw], today: date, sure: Package = EMPTY, *, beside: Package = EMPTY) -> Checked:
    """Reads every row. A row is told once, by the first that is wrong with it; what refers to a wrong row is not told for that.

    ``today`` is the day by which a date lies in the future. ``sure`` was checked before: what stands in it word for word is not
    read again, only what it refers to is looked for. ``beside``: what is there already, to which rows may refer.
    """
    reading = _Reading(sure, beside)
    for raw in raws:
        reading.add(raw)
    rows: dict[str, list[Row]] = {table.name: [] for table in TABLES}
    problems = reading.problems
    for raw, each in reading.fine:
        wrong = next(_wrong(BY_NAME[raw.table], each, raw, reading.ids, today), None)
        if wrong:
            problems.append(wrong)
        else:
            rows[raw.table].append(each)
    return Checked(Package.of(rows), tuple(_told_once(problems)))


class _Reading:
    """The rows one by one. ``fine``: those in which every cell can be read; what lies between rows is not looked at yet."""

    def __init__(self, sure: Package, beside: Package) -> None:
        self._sure = sure
        self.ids = Ids({table.name: set(beside.tables[table.name]) for table in TABLES}, set())
        self.problems: list[Problem] = []
        self.fine: list[tuple[Raw, Row]] = []
        self._places: dict[tuple[str, str, str], str] = {}

    def add(self, raw: Raw) -> None:
        """Reads one row and remembers its id, even where something else in it is wrong."""
        seen = self._sure.get(raw.table, raw.cells.get("id", ""))
        read = seen if seen is not None and seen == raw.cells else _read(BY_NAME[raw.table], raw)
        identifier = read["id"] if not isinstance(read, Problem) else _readable_id(raw)
        if identifier:
            self.ids.known[raw.table].add(identifier)
        problem = read if isinstance(read, Problem) else self._twice(raw, read)
        if not identifier or (problem and problem.column == raw.name("id")):
            self.ids.unsure.add(raw.table)
        if problem:
            self.problems.append(problem)
        elif not isinstance(read, Problem):
            self.fine.append((raw, read))

    def _twice(self, raw: Raw, read: Row) -> Problem | None:
        """An id, or a code of ours, that another row of the table has already."""
        for column in ("id", "code"):
            # Codes of languages and terms are not ours: they stand in many rows.
            if column == "code" and raw.table not in _CODED or not read[column]:
                continue
            key = raw.table, column, read[column]
            if key in self._places:
                told = f"The {column} stands at {self._places[key]} too."
                return raw.wrong(column, told, f"Give every row {'an id' if column == 'id' else 'a code'} of its own.")
            self._places[key] = raw.where
        return None


def _readable_id(raw: Raw) -> str:
    try:
        return identifier(raw.cells.get("id", "").strip())
    except ValueRefused:
        return ""


def _told_once(problems: Iterable[Problem]) -> Iterator[Problem]:
    """One cell of a file may go into several records: what is wrong with it is told once."""
    told: set[tuple[str, str]] = set()
    for each in problems:
        if (each.where, each.column) not in told:
            told.add((each.where, each.column))
            yield each


_VALUES = {table.name: {column.name: column.value for column in table.columns} for table in TABLES}
_REQUIRED = {table.name: tuple(column.name for column in table.columns if column.required) for table in TABLES}
_REFERENCES = {
    table.name: tuple((column.name, column.refers) for column in table.columns if column.refers) for table in TABLES
}


def _read(table: Table, raw: Raw) -> Row | Problem:
    values = _VALUES[table.name]
    cells: dict[str, str] = {}
    try:
        for name, cell in raw.cells.items():
            if cell and name in values and (plain := cell.strip()):
                cells[name] = values[name](plain)
    except ValueRefused:
        return _first_problem(table, raw)
    if not all(name in cells for name in _REQUIRED[table.name]):
        return _first_problem(table, raw)
    return row(table.name, **cells)


def _first_problem(table: Table, raw: Raw) -> Problem:
    """What is wrong with the row, by the order of the table's columns and not by that of the file's."""
    for column in table.columns:
        cell = raw.cells.get(column.name, "").strip()
        if not cell and column.required:
            return raw.wrong(column.name, "It is empty.", "Fill it in.")
        try:
            if cell:
                column.value(cell)
        except ValueRefused as refused:
            return raw.wrong(column.name, refused.problem, refused.mend)
    raise AssertionError("unreachable: the row was refused before")


def _wrong(table: Table, each: Row, raw: Raw, ids: Ids, today: date) -> Iterator[Problem]:
    for name, refers in _REFERENCES[table.name]:
        if each[name] and ids.lacks(refers, each[name]):
            told = f"There is no {refers} {each[name]}."
            yield raw.wrong(name, told, f"Add that {refers}, or write the id of one that is there.")
    if table.belongs_to and not any(each[name] for name in table.belongs_to):
        yield raw.wrong("", "It belongs to nothing.", f"Fill in one of: {', '.join(table.belongs_to)}.")
    yield from _RULES.get(table.name, _no_rules)(each, raw, ids, today)


def _no_rules(each: Row, raw: Raw, ids: Ids, today: date) -> Iterator[Problem]:
    yield from ()


def _service(each: Row, raw: Raw, ids: Ids, today: date) -> Iterator[Problem]:
    yield from _day_and_person(each, raw, today, "assured_date", "assured_by")
    if each["minimum_age"] and each["maximum_age"] and float(each["minimum_age"]) > float(each["maximum_age"]):
        yield raw.wrong("minimum_age", "It is above maximum_age.", "Change one of the two.")


def _location(each: Row, raw: Raw, ids: Ids, today: date) -> Iterator[Problem]:
    if bool(each["latitude"]) != bool(each["longitude"]):
        yield raw.wrong("latitude", "Only one of latitude and longitude is there.", "Fill in both, or neither.")


def _phone(each: Row, raw: Raw, ids: Ids, today: date) -> Iterator[Problem]:
    yield from _day_and_person(each, raw, today, "verified_on", "verified_by")
    if bool(each["verified_on"]) != bool(each["verified_how"]):
        yield raw.wrong("verified_how", "A verified phone says how, another does not.", "Fill in both, or neither.")


def _schedule(each: Row, raw: Raw, ids: Ids, today: date) -> Iterator[Problem]:
    if bool(each["opens_at"]) != bool(each["closes_at"]):
        yield raw.wrong("opens_at", "Only one of opens_at and closes_at is there.", "Fill in both, or neither.")
    if each["opens_at"] and each["opens_at"] == each["closes_at"]:
        yield raw.wrong("closes_at", "It closes when it opens.", "A whole day is 00:00 and 24:00.")
    if each["opens_at"] and not each["byday"] and each["public_holidays"] != "yes":
        yield raw.wrong("byday", "Hours without days.", "Write the days as MO,TU,WE.")
    yield from _in_order(each, raw, "valid_from", "valid_to")


def _closure(each: Row, raw: Raw, ids: Ids, today: date) -> Iterator[Problem]:
    yield from _in_order(each, raw, "starts", "ends")


def _cost_option(each: Row, raw: Raw, ids: Ids, today: date) -> Iterator[Problem]:
    yield from _in_order(each, raw, "valid_from", "valid_to")


def _service_area(each: Row, raw: Raw, ids: Ids, today: date) -> Iterator[Problem]:
    if each["area"] == "state" and not each["state_province"]:
        yield raw.wrong("state_province", "A state-wide service names its state.", "Fill it in, as IL.")


def _attribute(each: Row, raw: Raw, ids: Ids, today: date) -> Iterator[Problem]:
    if ids.lacks(each["link_entity"], each["link_id"]):
        told = f"There is no {each['link_entity']} {each['link_id']}."
        yield raw.wrong("link_id", told, "Write the id of one that is there.")


def _day_and_person(each: Row, raw: Raw, today: date, on: str, by: str) -> Iterator[Problem]:
    if bool(each[on]) != bool(each[by]):
        yield raw.wrong(
            on, "A confirmation has a day and a person.", f"Fill in both {raw.name(on)} and {raw.name(by)}, or neither."
        )
    if each[on] and date.fromisoformat(each[on]) > today:
        yield raw.wrong(on, f"{each[on]} has not come yet.", "Write the day on which it was done.")


def _in_order(each: Row, raw: Raw, first: str, last: str) -> Iterator[Problem]:
    if each[first] and each[last] and each[first] > each[last]:
        yield raw.wrong(last, f"It lies before {first}.", "Change one of the two.")


_RULES = {
    "service": _service,
    "location": _location,
    "phone": _phone,
    "schedule": _schedule,
    "closure": _closure,
    "cost_option": _cost_option,
    "service_area": _service_area,
    "attribute": _attribute,
}
