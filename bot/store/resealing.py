"""Sealing anew what stands in SQL, whatever it is: once at the upgrade that brought seals, and where their key was lost.

Nothing here looks whether a row is right. Before ``content reseal`` a person does (docs/operations.md).
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct
from sqlalchemy import Connection, Engine, func, select, update

from bot.directory.hsds.check import check
from bot.directory.hsds.tables import TABLES
from bot.scripts.sources import digest
from bot.store import area_notices, withdrawals
from bot.store.audit import note
from bot.store.content_models import ReleaseRow
from bot.store.database import allow, at_one_moment, sql_errors
from bot.store.directory import NEVER, version_of
from bot.store.directory_rows import rows_in
from bot.store.directory_seals import MARK, all_rows, mark_fits, reseal, seals_in
from bot.store.errors import DirectoryDamaged, ReleaseDamaged
from bot.store.in_turn import in_turn
from bot.store.models import Meta
from bot.store.release_rows import BEGINNING, manifest_of, sealed, stored_of, unpacked_files
from bot.store.releases import TURN

_SECONDS = 120


class Unfit(Struct, frozen=True):
    """What does not fit its seal now: releases by number, places of records, numbers of notices and of withdrawals.

    ``sets``: the tables of which rows were added, taken away or put back. ``rows``: how many there are of each.
    """

    releases: tuple[int, ...]
    records: tuple[str, ...]
    notices: tuple[int, ...]
    withdrawals: tuple[int, ...]
    sets: tuple[str, ...]
    rows: dict[str, int]


def seal_rows(connection: Connection, key: bytes) -> dict[str, int]:
    """Seals records of the directory, notices and withdrawals as they stand; how many of each."""
    sets = (area_notices.SEALED, withdrawals.SEALED)
    done = {each.name: each.reseal(connection, key) for each in sets}
    filled = connection.scalar(select(Meta.value).where(Meta.key == MARK)) is not None
    records = len(seals_in(connection))
    if records or filled:
        reseal(connection, key, _version(in_turn(connection, MARK, NEVER), filled))
    return {**done, "directory": records}


def _version(mark: str, filled: bool) -> int:
    """That of a mark, as far as it can be read; where it cannot, people may have changed it, and no file takes its place."""
    try:
        return version_of(mark) if filled else 1
    except DirectoryDamaged:
        return 1


def look(engine: Engine, key: bytes) -> Unfit:
    """What does not fit under this key. Raises ``StoreDown``."""
    with sql_errors(), at_one_moment(engine) as connection:
        allow(connection, _SECONDS)
        notices = area_notices.SEALED.judged(connection, key)
        taken = withdrawals.SEALED.judged(connection, key)
        rows = all_rows(connection, key)
        mark = connection.scalar(select(Meta.value).where(Meta.key == MARK))
        whole = mark_fits(key, mark, rows.seals) if mark is not None else not rows.raws
        sets = {"directory": whole, area_notices.SEALED.name: notices.whole, withdrawals.SEALED.name: taken.whole}
        releases = _unfit_releases(connection, key)
        told = int(connection.scalar(select(func.count()).select_from(ReleaseRow)) or 0)
        return Unfit(
            releases,
            rows.unfit,
            tuple(sorted(notices.unfit)),
            tuple(sorted(taken.unfit)),
            tuple(name for name, fits in sets.items() if not fits),
            {
                "releases": told,
                "directory": len(rows.raws),
                area_notices.SEALED.name: len(notices.rows),
                withdrawals.SEALED.name: len(taken.rows),
            },
        )


def reseal_all(engine: Engine, key: bytes, now: float, by: str) -> dict[str, int]:
    """Seals everything as it stands, and notes it in the audit; how many of each. All of it, or nothing.

    Raises ``StoreDown``; ``ReleaseDamaged`` for a release of which a file is not the one that its row names, ``DirectoryDamaged``
    for records that make no sense: those have to be put right first.
    """
    with sql_errors(), engine.begin() as connection:
        in_turn(connection, TURN)
        allow(connection, _SECONDS)
        _refuse_nonsense(connection)
        done = {**seal_rows(connection, key), "releases": _reseal_releases(connection, key)}
        told = ", ".join(f"{name} {number}" for name, number in sorted(done.items()))
        note(connection, now, by, "seals.renewed", told)
    return done


def _refuse_nonsense(connection: Connection) -> None:
    """A record that makes no sense does not become right by a seal."""
    raws = (raw for table in TABLES for raw, _ in rows_in(connection, table.name))
    if problems := check(raws, date.max).problems:
        raise DirectoryDamaged(tuple(f"{each.where} {each.column}".strip() for each in problems))


def _rows_of_releases(connection: Connection) -> list[dict[str, object]]:
    table = ReleaseRow.__table__
    return [dict(row) for row in connection.execute(select(table).order_by(table.c.number)).mappings()]


def _unfit_releases(connection: Connection, key: bytes) -> tuple[int, ...]:
    found, before = [], BEGINNING
    for row in _rows_of_releases(connection):
        if row["seal"] != sealed(key, before, row):
            found.append(int(str(row["number"])))
        before = str(row["seal"])
    return tuple(found)


def _reseal_releases(connection: Connection, key: bytes) -> int:
    """Seals the chain of releases anew. Each still has to hold its own files: those have a digest that needs no key."""
    rows, before = _rows_of_releases(connection), BEGINNING
    for row in rows:
        number = int(str(row["number"]))
        said = manifest_of(number, str(row["manifest"]))
        if digest(said) != row["digest"]:
            raise ReleaseDamaged(number, "the digest")
        stored_of(row, before, said, unpacked_files(connection, number, said))
        before = sealed(key, before, row)
        connection.execute(update(ReleaseRow).where(ReleaseRow.number == number).values(seal=before))
    return len(rows)
