"""From the lines of a flat sheet to the records of the tables. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from bot.directory.formats.codes import id_of, own_code
from bot.directory.formats.columns import CODES, LOCATION, OF_SERVICE, ORGANIZATION, SERVICE
from bot.directory.formats.kept import Kept, Owner
from bot.directory.formats.lines import Known, Line
from bot.directory.formats.made import MAKERS, Asked, Made, Refused, record_id
from bot.directory.formats.read import Read
from bot.directory.hsds.check import Problem, Raw
from bot.directory.hsds.package import Row, made_id, our_terms
from bot.directory.hsds.tables import TABLES

Ids = dict[str, str]
ZoneOf = Callable[[str, str], str]

_MAIN = ("organization", "service", "location", "service_at_location")
# Said of an organization without a service they say nothing.
_SAYS_NOTHING = {"status": "active", "service_area": "local"}
_BESIDE_A_SERVICE = ("languages", "do_not_route", "exclusions")


def built(lines: Sequence[Line], known: Known, zone_of: ZoneOf) -> Read:
    """The records of all lines, with what hangs on them and no sheet says, so that it does not go when others are replaced."""
    build = _Build(known, zone_of)
    for line in lines:
        build.add(line)
    build.carry()
    return Read(tuple(build.raws.values()), tuple(build.problems), tuple(build.notes), tuple(sorted(build.gone)))


class _Build:
    def __init__(self, known: Known, zone_of: ZoneOf) -> None:
        self.known, self.zone_of = known, zone_of
        self.current = known.package
        self.kept = Kept(self.current)
        self.raws: dict[Owner, Raw] = {}
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self.gone: set[Owner] = set()
        self.said: dict[Owner, tuple[Line, list[Row]]] = {}
        self.terms = {term["code"]: self.kept.term_ids.get(term["code"], term["id"]) for term in our_terms()}
        for term in our_terms():
            old = self.current.get("taxonomy_term", self.terms[term["code"]]) or term
            self._put("taxonomy_term", "the kinds of help", old)

    def add(self, line: Line) -> None:
        """One line with everything that it says."""
        wrong = _misplaced(line)
        if wrong:
            self.problems.append(wrong)
            return
        ids = self._ids(line)
        zone = self._zone(line)
        self._organization(line, ids)
        self._service(line, ids, zone)
        self._location(line, ids, zone)
        for table in MAKERS:
            self._list(table, line, ids)

    def _ids(self, line: Line) -> Ids:
        able = {"organization": True, "service": line.has_service, "location": line.has_place}
        ids = {table: self._id(table, line.codes[table]) for table in CODES if able[table]}
        if "service" in ids and "location" in ids:
            ids["service_at_location"] = self._link(line, ids)
        return ids

    def _id(self, table: str, code: str) -> str:
        known = self.known.shared.get((table, code))
        return known.ids[table] if known else id_of(table, code)

    def _link(self, line: Line, ids: Ids) -> str:
        if line.now and "service_at_location" in line.now.ids:
            return line.now.ids["service_at_location"]
        return id_of("service_at_location", line.code)

    def _zone(self, line: Line) -> str:
        """The time zone of the row; empty where nobody can say it, which is wrong only beside hours."""
        cells = line.cells
        if cells["timezone"] or not line.changes(("timezone", "hours", "state", "country")):
            return cells["timezone"]
        zone = self.zone_of(cells["country"].upper(), cells["state"])
        if cells["hours"] and not zone:
            told = "Hours need the clocks by which they are told."
            self.problems.append(Problem(line.where, "timezone", told, "Write the time zone, as America/Chicago."))
        return zone if line.has_place or cells["hours"] else ""

    def _organization(self, line: Line, ids: Ids) -> None:
        cells = {column: line.cells[name] for name, column in ORGANIZATION.items()}
        self._record("organization", line, ids, cells, ORGANIZATION)

    def _service(self, line: Line, ids: Ids, zone: str) -> None:
        if "service" not in ids:
            return
        cells = {column: line.cells[name] for name, column in SERVICE.items()}
        # An organization without a name is told once, not for its service too.
        cells["name"] = cells["name"] or line.cells["org_name"] or line.code
        cells["organization_id"] = ids["organization"]
        cells["timezone"] = "" if "location" in ids else zone
        self._record("service", line, ids, cells, {**SERVICE, "timezone": "timezone"})

    def _location(self, line: Line, ids: Ids, zone: str) -> None:
        if "location" not in ids:
            return
        cells = {column: line.cells[name] for name, column in LOCATION.items()}
        cells |= {"timezone": zone, "location_type": "physical"}
        old = self.current.get("location", ids["location"])
        cells["organization_id"] = ids["organization"] if old is None else old["organization_id"]
        if old:
            cells["location_type"] = old["location_type"]
        self._record("location", line, ids, cells, LOCATION)
        if "service" in ids:
            link = {"service_id": ids["service"], "location_id": ids["location"]}
            self._record("service_at_location", line, ids, link, {})

    def _record(self, table: str, line: Line, ids: Ids, cells: Mapping[str, str], names: Mapping[str, str]) -> None:
        """A record that the row is about; what the sheet has no column for stays as it is."""
        old = self.current.get(table, ids[table])
        base = dict(old) if old else {"code": own_code(line.codes.get(table, line.code))}
        self._put(
            table, line.where, {**base, **cells, "id": ids[table]}, {column: name for name, column in names.items()}
        )

    def _put(self, table: str, where: str, cells: Row, called: Mapping[str, str] | None = None) -> None:
        self.raws.setdefault((table, cells["id"]), Raw(table, where, cells, called or {}))

    def _list(self, table: str, line: Line, ids: Ids) -> None:
        columns, make = MAKERS[table]
        owner = self.kept.owner(table, ids)
        if owner is None:
            return
        existing = self.kept.of(table, owner)
        made: list[tuple[Row, Mapping[str, str]]] = [(each, {}) for each in existing]
        new = [name for name in columns if line.cells[name] != line.known[name]]
        if (new or self.current.get(*owner) is None) and not self._beyond(table, new, line, owner):
            asked = Asked(line, owner, existing, self.terms, self.notes)
            try:
                made = [self._with_id(table, owner, each, existing) for each in make(asked)]
            except Refused as refused:
                self.problems.append(refused.problem)
                return
        self._say(table, owner, line, made, columns)

    def _beyond(self, table: str, new: Sequence[str], line: Line, owner: Owner) -> bool:
        """Whether the directory holds more of it than the sheet can say, so that the sheet must not write over it."""
        seat = line.now or self.known.shared.get((owner[0], line.codes.get(owner[0], "")))
        lost = seat.lost.get(table) if seat and new else None
        if not lost:
            return False
        problem = f"The directory has more here than a sheet can say: {lost}."
        self.problems.append(
            Problem(line.where, new[0], problem, "Leave the cell as it was, and change it in a package.")
        )
        return True

    def _with_id(self, table: str, owner: Owner, made: Made, existing: Sequence[Row]) -> tuple[Row, Mapping[str, str]]:
        old = next((each for each in existing if each["id"] == made.id), None) if made.id else None
        base = dict(old) if old else {_owner_column(table, owner): owner[1]}
        identifier = made.id or self._free(table, record_id(table, owner, made.parts))
        return {**base, **made.cells, "id": identifier}, made.called

    def _free(self, table: str, identifier: str) -> str:
        """An id that is not taken: a phone may have kept its own when its number became another."""
        while self.current.get(table, identifier):
            identifier = made_id(table, identifier)
        return identifier

    def _say(
        self, table: str, owner: Owner, line: Line, made: list[tuple[Row, Mapping[str, str]]], columns: Sequence[str]
    ) -> None:
        """Puts the records of one owner. Two rows that say different things of one owner cannot both be right."""
        key = (f"{table} of {owner[0]}", owner[1])
        rows = sorted((each for each, _ in made), key=lambda each: each["id"])
        first, before = self.said.setdefault(key, (line, rows))
        if before != rows:
            told_by = f"{first.where} says something else of the same {owner[0]}."
            self.problems.append(Problem(line.where, columns[0], told_by, "Write the same in both rows."))
            return
        for each, called in made:
            self._put(table, line.where, each, called)
        here = {each["id"] for each in rows}
        self.gone |= {(table, each["id"]) for each in self.kept.of(table, owner) if each["id"] not in here}

    def carry(self) -> None:
        """What belongs to a record of the file and is not told in a sheet comes along as it is."""
        for table in TABLES:
            if table.name in _MAIN or table.name == "taxonomy_term":
                continue
            refers = [column for column in table.columns if column.refers]
            for each in self.current.rows(table.name):
                owners = [(column.refers, each[column.name]) for column in refers if each[column.name]]
                if table.name == "attribute":
                    owners.append((each["link_entity"], each["link_id"]))
                here = next(
                    (self.raws[owner] for owner in owners if owner in self.raws and owner[0] != "taxonomy_term"), None
                )
                if here and (table.name, each["id"]) not in self.gone:
                    self._put(table.name, here.where, each)


def _owner_column(table: str, owner: Owner) -> str:
    return "link_id" if table == "attribute" else f"{owner[0]}_id"


def _misplaced(line: Line) -> Problem | None:
    """A cell about something that the row does not have."""
    cells = line.cells
    if line.now and "service" in line.now.ids and not (cells["service_terms"] or cells["service_name"]):
        told_gone = "The row has a service, and now neither its kind of help nor its name."
        return Problem(line.where, "service_terms", told_gone, "Fill in one of the two, or set status to inactive.")
    if not line.has_service:
        about = [name for name in OF_SERVICE if name not in _BESIDE_A_SERVICE]
        filled = [name for name in about if cells[name] and cells[name].casefold() != _SAYS_NOTHING.get(name)]
        if filled:
            mend = "Name the kind of help in service_terms, or empty the cell."
            return Problem(line.where, filled[0], "It is about a service, and the row has none.", mend)
    if not line.has_place:
        lone = [name for name in ("geo_precision", *_without_owner(line)) if cells[name]]
        if lone:
            return Problem(line.where, lone[0], "The row has no place that it could be about.", "Fill in the town.")
    return None


def _without_owner(line: Line) -> Iterable[str]:
    """Columns that a row without a service has only for its place."""
    if line.has_service:
        return ()
    return ("timezone", *MAKERS["schedule"][0], *MAKERS["language"][0])
