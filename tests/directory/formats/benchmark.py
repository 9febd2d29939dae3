"""How long a large directory takes in each form: ``python -m tests.directory.formats.benchmark 20000``. Times are of the processor."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TypeVar

from bot.directory.formats.flat import write_flat
from bot.directory.formats.json_tree import write_json
from bot.directory.formats.source import read_any
from bot.directory.formats.tabular import write_zip
from bot.directory.formats.workbook import write_workbook
from bot.directory.hsds.check import check
from bot.directory.hsds.package import EMPTY, Package
from tests.directory.formats.packages import TODAY
from tests.directory.formats.sheets import CENTRE, sheet

Result = TypeVar("Result")


def timed(what: str, work: Callable[[], Result]) -> Result:
    """Does it and says how long it took."""
    start = time.process_time()
    result = work()
    print(f"{what:24} {time.process_time() - start:7.2f} s")
    return result


def generated(count: int) -> Package:
    """So many organizations, each with a service, a place, two phones, hours and two languages."""
    rows = [
        {
            **CENTRE,
            "code": f"organization_{number}",
            "org_name": f"Centro N\u00fa\u00f1ez {number}",
            "phone": f"+1773{2_000_000 + number}",
            "phone2": f"+1312{2_000_000 + number}",
        }
        for number in range(count)
    ]
    read = timed("read a sheet", lambda: read_any("sheet.csv", sheet(*rows), EMPTY))
    return timed("check it", lambda: check(read.raws, TODAY)).package


def main(count: int, *, books: bool) -> None:
    """Every form written, read and checked."""
    directory = generated(count)
    forms: dict[str, Callable[[Package], bytes]] = {
        "sheet.csv": write_flat,
        "package.zip": write_zip,
        "tree.json": write_json,
    }
    if books:
        forms["book.xlsx"] = write_workbook
    for name, write in forms.items():
        data = timed(f"write {name}", lambda write=write: write(directory))  # type: ignore[misc]
        read = timed(f"read {name}", lambda name=name, data=data: read_any(name, data, EMPTY))  # type: ignore[misc]
        checked = timed(f"check {name}", lambda read=read: check(read.raws, TODAY))  # type: ignore[misc]
        assert checked.package.digest == directory.digest


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000, books="--books" in sys.argv)
