"""Codes stand in a sheet where the tables have ids: short, ours, never changing. Pure."""

from __future__ import annotations

import re
from uuid import UUID

from bot.directory.hsds.package import Row, made_id

_AN_ID = re.compile(r"[0-9a-f]{32}")


def code_of(row: Row) -> str:
    """The code of a record; where it has none (it came from another publisher) its id without dashes."""
    return row["code"] or row["id"].replace("-", "")


def id_of(table: str, code: str) -> str:
    """The id of what has this code: the id itself where the code is one, else that made of it."""
    return str(UUID(code)) if _AN_ID.fullmatch(code) else made_id(table, code)


def own_code(code: str) -> str:
    """What stands in the column ``code`` of the record: nothing where the code is only its id."""
    return "" if _AN_ID.fullmatch(code) else code
