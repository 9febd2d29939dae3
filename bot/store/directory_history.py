"""What is written down of a change of the directory: who, when, which field, before and after. The ``metadata`` of HSDS."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct

from bot.directory.hsds.changes import Change


class Entry(Struct, frozen=True):
    """One line of the history. ``at`` is unix seconds; ``action`` is create, update or delete."""

    resource_type: str
    resource_id: str
    at: int
    action: str
    field: str
    previous: str
    replacement: str
    by: str


def entries(changes: Iterable[Change], by: str, at: int) -> Iterator[dict[str, Any]]:
    """The rows of the history for these changes: one for each field that changes, one for a record that is new or goes.

    What a new record holds stands in its table; what one held that goes is kept here, as JSON.
    """
    for change in changes:
        same = {"resource_type": change.table, "resource_id": change.id, "at": at, "by": by}
        if change.old is None or change.new is None:
            kept = {name: cell for name, cell in (change.old or {}).items() if cell}
            action, previous = (
                ("create", "") if change.old is None else ("delete", json.dumps(kept, ensure_ascii=False))
            )
            yield {**same, "action": action, "field": "", "previous": previous, "replacement": ""}
            continue
        for name in change.fields:
            said = {"field": name, "previous": change.old[name], "replacement": change.new[name]}
            yield {**same, "action": "update", **said}
