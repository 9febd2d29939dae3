"""The file that the directory begins with: it fills the tables, and fills them anew while nobody has changed them.

Once somebody has imported or edited, SQL is the truth and the file is never taken over by itself again.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, select, update

from bot.directory.errors import DirectoryError
from bot.directory.hsds.changes import changes
from bot.directory.hsds.package import EMPTY, Package
from bot.directory.hsds.tables import TABLES
from bot.directory.seed import seed_of
from bot.store.database import sql_errors
from bot.store.directory import NEVER, version_of
from bot.store.directory_models import DIRECTORY, DirectoryFlag
from bot.store.directory_rows import patient, write
from bot.store.directory_seals import MARK, mark_fits, new_mark, seals_in, seals_of
from bot.store.errors import SeedBroken
from bot.store.in_turn import in_turn
from bot.store.keys import utc_day
from bot.store.models import Meta

FILE = Path("directory") / "organizations.csv"
"""Where it lies in the repository."""
_SEED = "directory seed"
"""The row of ``meta`` with the SHA-256 of the file that the tables were filled from, and of what it said."""
_DAMAGED = (
    f"The directory in the database is not as it was written: it was not filled anew from {FILE}.\n"
    "What to do: docs/operations.md, directory.damaged."
)
_MEND = "Mend the file or take that of the release. The database has kept the directory that it had."


def settle(engine: Engine, key: bytes, file: Path, now: float) -> str:
    """Fills the tables from the seed file where that is to be done; what to tell whoever runs it, empty where nothing is.

    ``key`` is that of the seals, ``now`` unix seconds. Raises ``SeedBroken`` for a file that cannot be used, then nothing is
    changed, and ``StoreDown``.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise SeedBroken(f"{FILE} cannot be read ({type(error).__name__}).", _MEND) from None
    digest = hashlib.sha256(data).hexdigest()
    with sql_errors(), engine.connect() as connection:
        mark = connection.scalar(select(Meta.value).where(Meta.key == MARK))
        written = connection.scalar(select(Meta.value).where(Meta.key == _SEED)) or ""
    if mark is not None and version_of(mark):
        return "" if written.partition("|")[0] == digest else _differs()
    package = read_seed(data, now)
    said = f"{digest}|{package.digest}"
    # Also when the same file says something else to a newer version of ours.
    if mark is not None and written == said:
        return ""
    with sql_errors(), engine.begin() as connection:
        found = in_turn(connection, MARK, NEVER)
        if version_of(found):
            # Somebody changed it while the file was read.
            return _differs()
        if found != NEVER and not mark_fits(key, found, seals_in(connection)):
            # Whoever changed the mark by hand must not have what people wrote overwritten.
            return _DAMAGED
        _replace(connection, package, key)
        in_turn(connection, _SEED)
        connection.execute(update(Meta).where(Meta.key == _SEED).values(value=said))
    return f"The directory was filled from {FILE}: {len(package.tables['organization'])} organizations."


def read_seed(data: bytes, now: float) -> Package:
    """The directory that a seed file says. Raises ``SeedBroken`` with the first rows that are wrong."""
    try:
        return seed_of(data, utc_day(now))
    except DirectoryError as error:
        first, *rest = str(error).splitlines()
        more = f" And {len(rest)} more." if rest else ""
        raise SeedBroken(first + more, _MEND) from None


def _replace(connection: Connection, package: Package, key: bytes) -> None:
    patient(connection)
    for table in reversed(TABLES):
        connection.execute(delete(DIRECTORY[table.name]))
    made = changes(EMPTY, package, keep_missing=False)
    seals = seals_of(key, made)
    write(connection, made, seals)
    connection.execute(update(Meta).where(Meta.key == MARK).values(value=new_mark(key, 0, seals)))
    # What was said of records that are gone, or have another number now.
    there = {row["id"] for name in ("phone", "service") for row in package.rows(name)}
    flagged = connection.scalars(select(DirectoryFlag.record).distinct())
    for record in set(flagged) - there:
        connection.execute(delete(DirectoryFlag).where(DirectoryFlag.record == record))


def _differs() -> str:
    return (
        f"{FILE} is not the file that this directory began with. People have changed the directory since, so it stays as it is.\n"
        f"To see what the file would change: flask --app webhook directory import {FILE}"
    )
