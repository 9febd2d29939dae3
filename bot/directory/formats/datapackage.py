"""datapackage.json: which files an HSDS tabular package has, and which of their columns are ours. Pure.

As the Frictionless specification of tabular data packages has it (https://specs.frictionlessdata.io/tabular-data-package/).
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from bot.directory.hsds.tables import BY_NAME, Column, Table

DESCRIPTION = "datapackage.json"
_HSDS = "https://docs.openreferral.org/en/v3.2/"


def description(tables: Iterable[Table]) -> bytes:
    """The description of a package with these tables."""
    content = {
        "name": "puente-directory",
        "title": "Puente: organizations and services for families",
        "profile": "tabular-data-package",
        "hsds": {"version": "3.2", "documentation": _HSDS, "extensions": "fields and resources with ours: true"},
        "resources": [_resource(table) for table in tables],
    }
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def _resource(table: Table) -> dict[str, object]:
    keys = [_foreign_key(column) for column in table.columns if column.refers]
    schema: dict[str, object] = {"fields": [_field(column) for column in table.columns], "primaryKey": "id"}
    if keys:
        schema["foreignKeys"] = keys
    resource: dict[str, object] = {
        "name": table.file.removesuffix(".csv"),
        "path": table.file,
        "profile": "tabular-data-resource",
        "encoding": "utf-8",
        "schema": schema,
    }
    return {**resource, "ours": True} if table.ours else resource


def _field(column: Column) -> dict[str, object]:
    field: dict[str, object] = {"name": column.name, "type": "string"}
    if column.required:
        field["constraints"] = {"required": True}
    return {**field, "ours": True} if column.ours else field


def _foreign_key(column: Column) -> dict[str, object]:
    resource = BY_NAME[column.refers].file.removesuffix(".csv")
    return {"fields": column.name, "reference": {"resource": resource, "fields": "id"}}
