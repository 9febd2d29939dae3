"""Names that no map has: what people call a town among themselves (``directory/aliases.tsv``)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from bot.directory.fold import fold
from bot.directory.gazetteer import Gazetteer
from bot.directory.place import Level
from bot.directory.sheet import Row, read_sheet

COLUMNS = ["alias", "name", "admin1", "country", "where", "why"]
_ZIP = "zip:"
_ANYWHERE, _ALSO = "anywhere", "also"
_WHERE = (_ANYWHERE, "answer", _ALSO)


class Alias(Struct, frozen=True):
    """``row`` of the gazetteer; ``anywhere`` is False for a name that is trusted only where a place was asked for.

    ``also``: the name is that of other places too, and only the person can say which.
    """

    row: int
    anywhere: bool
    also: bool = False


def read_aliases(file: Path, gazetteer: Gazetteer) -> Mapping[str, Alias]:
    """The aliases by key. Raises DirectoryFileError for a row that leads nowhere or two ways."""
    aliases: dict[str, Alias] = {}
    for line in read_sheet(file, COLUMNS, separator="\t"):
        key = fold(line["alias"])
        row = _row(gazetteer, line)
        if row is None:
            place = f"{line['name']}, {line['admin1']}, {line['country']}"
            raise line.wrong(f"No place is called {place}.", "Spell it as the table of places does.")
        where = line.one_of("where", _WHERE)
        alias = Alias(row, anywhere=where == _ANYWHERE, also=where == _ALSO)
        if not key or aliases.setdefault(key, alias) != alias:
            raise line.wrong(f"{line['alias']!r} has no letters, or another row leads it elsewhere.", "Keep one row.")
    return aliases


def _row(gazetteer: Gazetteer, line: Row) -> int | None:
    if line["name"].startswith(_ZIP):
        return gazetteer.zip_row(line["name"].removeprefix(_ZIP))
    rows = [
        row
        for row in gazetteer.keys.get(fold(line["name"]), ())
        if gazetteer.level[row] is Level.TOWN
        and (gazetteer.country[row], gazetteer.admin1[row]) == (line["country"], line["admin1"])
    ]
    return max(rows, key=lambda row: gazetteer.population[row], default=None)
