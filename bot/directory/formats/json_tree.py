"""The directory as JSON: organizations with everything that is theirs inside them, as HSDS 3.x nests it. Pure.

Written: ``{"contents": [organizations], "taxonomy_terms": [...]}``, and by the name of its table what belongs to no organization.
Read: that, a list or a page (``contents``) of organizations or of services as an HSDS API gives them, or one such object.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NoReturn

from bot.directory.errors import DirectoryFormatError
from bot.directory.formats.foreign import adapted
from bot.directory.formats.limits import MOST_RECORDS
from bot.directory.formats.nested import CHILDREN, PARENTS, nested
from bot.directory.formats.read import Read
from bot.directory.formats.unzipped import size_checked
from bot.directory.hsds.check import Raw
from bot.directory.hsds.package import Package
from bot.directory.hsds.tables import BY_NAME
from bot.directory.hsds.tables import names as column_names

Cells = dict[str, str]

DEEPEST = 12
"""Objects inside each other; HSDS needs seven."""
_COLUMNS = {name: frozenset(column_names(table.columns)) for name, table in BY_NAME.items()}
_PAGE = frozenset("total_items total_pages page_number size first_page last_page empty contents".split())
_SERVICE_SIGNS = ("organization", "organization_id", "service_at_locations", "status")


def write_json(package: Package) -> bytes:
    """The whole directory; the same bytes for the same directory."""
    parts = [f"{json.dumps(key)}: [\n{_lines(objects)}\n]" for key, objects in nested(package).items()]
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode()


def _lines(objects: Sequence[object]) -> str:
    """One organization is one line, so that two versions can be compared."""
    return ",\n".join(json.dumps(each, ensure_ascii=False) for each in objects)


def read_json(data: bytes, current: Package, name: str) -> Read:
    """Raises DirectoryFormatError where the file as a whole cannot be read."""
    size_checked(data, name)
    walk = _Walk(name)
    walk.top(_parsed(data, name))
    notes = [f"{what!r}: {count} left out" for what, count in sorted(walk.beyond.items())[:40]]
    return adapted(list(walk.raws.values()) + walk.twice, notes, current, name)


def _parsed(data: bytes, name: str) -> object:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        # Numbers stay as they were written, and nobody can make us count one of a million digits.
        return json.loads(
            data.decode("utf-16" if wide else "utf-8-sig"),
            parse_float=str,
            parse_int=str,
            parse_constant=_no_number,
            object_pairs_hook=_once,
        )
    except UnicodeDecodeError:
        raise DirectoryFormatError(name, "It is not in UTF-8.", "Save it as UTF-8.") from None
    except RecursionError:
        raise DirectoryFormatError(name, "It is nested too deep.", "Send it as HSDS nests it.") from None
    except ValueError as error:
        raise DirectoryFormatError(name, f"It is no JSON ({str(error)[:120]}).", "Send the whole file.") from None


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = Counter(name for name, _ in pairs)
        raise ValueError(f"the key {names.most_common(1)[0][0][:40]!r} stands twice in one object")
    return made


class _Walk:
    """Takes the objects apart. An object that stands in several places is one, as long as all say the same of it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.raws: dict[tuple[str, str], Raw] = {}
        self.twice: list[Raw] = []
        self.beyond: Counter[str] = Counter()

    def top(self, content: object) -> None:
        """The outermost of it."""
        if isinstance(content, Mapping) and not _is_page(content):
            content = [content]
        if isinstance(content, Mapping):
            self._many("", content.get("contents", []), "contents")
            for key, value in content.items():
                if key in CHILDREN and isinstance(value, Sequence):
                    self._many(CHILDREN[key], value, key)
                elif key not in _PAGE:
                    self.beyond[key[:40]] += 1
            return
        if not isinstance(content, list):
            raise DirectoryFormatError(
                self.name, "It holds no list of organizations.", "Send organizations or services."
            )
        self._many("", content, "")

    def _many(self, table: str, objects: object, where: str) -> None:
        if not isinstance(objects, list):
            raise DirectoryFormatError(self.name, f"{where or 'It'} is no list.", "Write it as a list of objects.")
        for number, each in enumerate(objects):
            place = f"{where}[{number}]"
            if isinstance(each, Mapping):
                self._one(table or _kind(each), each, place, {}, 1)
            else:
                raise DirectoryFormatError(self.name, f"{place} is no object.", "Write every record as an object.")

    def _one(self, table: str, said: Mapping[str, object], where: str, above: Cells, depth: int) -> str:
        """One object with what is inside it; gives its id."""
        if depth > DEEPEST:
            raise DirectoryFormatError(self.name, f"{where[:80]} is nested too deep.", "Send it as HSDS nests it.")
        identifier = _text(said.get("id"))
        cells: Cells = {name: cell for name, cell in above.items() if not said.get(name)}
        for key, value in said.items():
            if key in _COLUMNS[table] and not isinstance(value, (list, Mapping)):
                cells[key] = _text(value)
            elif not self._inside(table, identifier, key, value, where, cells, depth):
                self.beyond[f"{table}.{key[:40]}"] += 1
        self._keep(Raw(table, f"{self.name}, {where}", cells), identifier)
        return identifier

    def _inside(
        self, table: str, identifier: str, key: str, value: object, where: str, cells: Cells, depth: int
    ) -> bool:
        """What is inside an object under that key; False where it is nothing that we keep."""
        if value is None or value == []:
            return True
        child = CHILDREN.get(key)
        if child and isinstance(value, list) and all(isinstance(each, Mapping) for each in value):
            for number, each in enumerate(value):
                self._one(child, each, f"{where}.{key}[{number}]", _above(table, identifier, child), depth + 1)
            return True
        column = PARENTS.get(table, {}).get(key)
        if column and isinstance(value, Mapping):
            cells[column] = self._one(key, value, f"{where}.{key}", {}, depth + 1)
            return True
        return False

    def _keep(self, raw: Raw, identifier: str) -> None:
        key = raw.table, identifier.lower() or raw.where
        old = self.raws.get(key)
        if old is None:
            if len(self.raws) >= MOST_RECORDS:
                raise DirectoryFormatError(
                    self.name, f"It holds more than {MOST_RECORDS} records.", "Send it in parts."
                )
            self.raws[key] = raw
        elif all(old.cells.get(name, cell) == cell for name, cell in raw.cells.items()):
            self.raws[key] = Raw(raw.table, old.where, {**old.cells, **raw.cells})
        else:
            self.twice.append(raw)


def _is_page(content: Mapping[str, object]) -> bool:
    return "contents" in content or ("id" not in content and any(key in CHILDREN for key in content))


def _kind(said: Mapping[str, object]) -> str:
    return "service" if "services" not in said and any(sign in said for sign in _SERVICE_SIGNS) else "organization"


def _above(table: str, identifier: str, child: str) -> Cells:
    """What an object says of its owner by standing inside it."""
    if child == "attribute":
        return {"link_id": identifier, "link_entity": table}
    return {f"{table}_id": identifier} if f"{table}_id" in _COLUMNS[child] else {}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
