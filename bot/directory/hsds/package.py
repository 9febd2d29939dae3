"""A whole directory as its tables: what is imported, exported, compared and stored. Immutable. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from uuid import UUID, uuid5

from msgspec import Struct

from bot.directory.hsds.tables import SERVICES, TABLES, TAXONOMY, names

Row = Mapping[str, str]
"""One record: every column of its table, in its written form (values.py); empty where nothing is known."""

_EMPTY_ROWS = {table.name: dict.fromkeys(names(table.columns), "") for table in TABLES}
_OURS = UUID("5d3e7c52-6c1e-5b0a-9a51-3b6f7a0f0d55")


def made_id(*parts: str) -> str:
    """The UUID of something that has a name of ours: always the same for the same parts (RFC 9562, version 5)."""
    return str(uuid5(_OURS, "/".join(parts)))


def row(table: str, **cells: str) -> Row:
    """A record with every column of its table, those not named left empty."""
    empty = _EMPTY_ROWS[table]
    made = {**empty, **cells}
    if len(made) > len(empty):
        raise KeyError(f"{table} has no column {sorted(cells.keys() - empty.keys())[0]}")
    return MappingProxyType(made)


class Package(Struct, frozen=True):
    """The rows of every table, by id, in the order of their ids."""

    tables: Mapping[str, Mapping[str, Row]]

    @classmethod
    def of(cls, rows: Mapping[str, Iterable[Row]]) -> Package:
        """A package of these rows. The last of two with one id stays; check.py refuses such."""
        by_id = {table.name: {each["id"]: each for each in rows.get(table.name, ())} for table in TABLES}
        return cls({name: MappingProxyType(dict(sorted(some.items()))) for name, some in by_id.items()})

    def rows(self, table: str) -> Iterable[Row]:
        """All rows of a table."""
        return self.tables[table].values()

    def get(self, table: str, identifier: str) -> Row | None:
        """The row of that id."""
        return self.tables[table].get(identifier)

    def by(self, table: str, column: str) -> dict[str, list[Row]]:
        """The rows of a table by what stands in a column, empty left out."""
        found: dict[str, list[Row]] = {}
        for each in self.rows(table):
            if each[column]:
                found.setdefault(each[column], []).append(each)
        return found

    @property
    def digest(self) -> str:
        """SHA-256 over everything: two packages with one digest say the same."""
        content = {name: [dict(each) for each in some.values()] for name, some in self.tables.items()}
        return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


EMPTY = Package.of({})


def our_terms() -> tuple[Row, ...]:
    """The kinds of help as terms of a taxonomy."""
    return tuple(
        row(
            "taxonomy_term",
            id=made_id("taxonomy_term", kind),
            code=kind,
            name=kind.replace("_", " "),
            description=f"Kind of help: {kind.replace('_', ' ')}",
            taxonomy=TAXONOMY,
        )
        for kind in SERVICES
    )
