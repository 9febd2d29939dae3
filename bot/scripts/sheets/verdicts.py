"""A lawyer's sheet that came back: which flows she approves, and which she wants otherwise. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct

from bot.engine.flow import Approval, Flow, Group
from bot.scripts.approval import words_of
from bot.scripts.errors import RowRefused
from bot.scripts.release import Release
from bot.scripts.sheets.cells import Row, Table, needed, undamaged
from bot.scripts.sheets.corrections import Refusal, one_line
from bot.scripts.sheets.lawyer import ANSWER, CHANGES, DATE, FLOW, LICENCE, NAME, PART, TO_FILL, VERSION, version_of
from bot.scripts.sheets.signed import NO, YES, day, person

CHANGE = frozenset({"change", "changes", "cambio", "cambios", "cambiar"})
_NOTHING = frozenset({"-", "--", "n/a", "na", "none", "no", "ninguna", "ninguno", "?", "x"})


class Verdict(Struct, frozen=True):
    """What is said about one flow. ``approval`` stands only with a yes; ``changes`` are what is wanted otherwise."""

    row: str
    flow: Flow
    approval: Approval | None
    by: str
    changes: tuple[str, ...] = ()


class Answered(Struct, frozen=True):
    """All blocks of a sheet; ``untouched`` counts the flows about which nothing is said."""

    verdicts: tuple[Verdict, ...]
    refusals: tuple[Refusal, ...] = ()
    untouched: int = 0


def is_lawyers(table: Table) -> bool:
    """Whether this is a lawyer's sheet, however damaged."""
    return ANSWER in table.columns or LICENCE in table.columns


def read_verdicts(table: Table, release: Release, today: date) -> Answered:
    """What a returned sheet says about each flow. Raises SheetError where the sheet as a whole cannot be read."""
    needed(table, (FLOW, VERSION, *TO_FILL))
    verdicts: list[Verdict] = []
    refused: list[Refusal] = []
    by_flow: dict[str, list[Row]] = {}
    for row in table.rows:
        by_flow.setdefault(row[FLOW], []).append(row)
    filled = {name: rows for name, rows in by_flow.items() if any(row.filled(TO_FILL) for row in rows)}
    for name, rows in filled.items():
        first = next(row for row in rows if row.filled(TO_FILL)).place
        try:
            verdicts.append(_verdict(first, rows, release, today))
        except RowRefused as error:
            wanted = " | ".join(_changes(rows))
            refused.append(Refusal(first, name or "?", f"{error}. What is wanted: {wanted}" if wanted else str(error)))
    return Answered(tuple(verdicts), tuple(refused), len(by_flow) - len(filled))


def _verdict(place: str, rows: Sequence[Row], release: Release, today: date) -> Verdict:
    flow = _flow(rows, release)
    changes = _changes(rows)
    for text in changes:
        undamaged(text)
    answer = _answer(_one(rows, ANSWER), changes)
    name, licence = (undamaged(_one(rows, column)) for column in (NAME, LICENCE))
    by = person(name, frozenset()) if name else ""
    if answer in NO | CHANGE:
        return Verdict(place, flow, None, by, changes)
    if not by:
        raise RowRefused(
            "yes, but by whom? Without the name of a lawyer or accredited representative it approves nothing"
        )
    if len(licence) < 2 or licence.casefold() in _NOTHING:
        raise RowRefused("yes, but without a licence (state and number) or DOJ accreditation, so it approves nothing")
    when = day(_one(rows, DATE), today)
    words = words_of(flow, release.catalogs, release.facts)
    return Verdict(place, flow, Approval(by, licence, when.isoformat(), words), by)


def _flow(rows: Sequence[Row], release: Release) -> Flow:
    beyond = next((row.beyond for row in rows if row.beyond), "")
    if beyond:
        raise RowRefused(f"{beyond!r} stands beyond the last column. Have the columns been moved?")
    flow = release.script.flows.get(rows[0][FLOW])
    if flow is None or flow.group is not Group.RIGHTS:
        raise RowRefused("there is no rights flow of this name (any more). Make a new sheet")
    if any(row[VERSION] != version_of(flow, release) for row in rows):
        raise RowRefused(
            "its words or facts changed since the sheet was made, so nothing is said of them as they are now"
        )
    return flow


def _answer(cell: str, changes: Sequence[str]) -> str:
    answer = cell.casefold().rstrip(".")
    if answer not in YES | NO | CHANGE:
        raise RowRefused(
            f"{cell!r} under {ANSWER!r} is none of the three" if cell else f"nothing stands under {ANSWER!r}"
        )
    if answer in YES and changes:
        raise RowRefused("yes, and changes are asked for. Write change, or take them out")
    return answer


def _one(rows: Iterable[Row], column: str) -> str:
    """What stands in this column of the block, in whichever of its rows. Raises RowRefused for two different things."""
    found = tuple(dict.fromkeys(one_line(row[column]) for row in rows if row[column]))
    if len({each.casefold() for each in found}) > 1:
        raise RowRefused(f"different things stand under {column!r}: {', '.join(found)}. Leave one")
    return found[0] if found else ""


def _changes(rows: Iterable[Row]) -> tuple[str, ...]:
    return tuple(f"{row[PART]}: {one_line(row[CHANGES])}" for row in rows if row[CHANGES])
