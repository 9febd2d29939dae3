"""What reading a file of the directory gives, whatever its form."""

from __future__ import annotations

from msgspec import Struct

from bot.directory.hsds.check import Problem, Raw


class Read(Struct, frozen=True):
    """``raws`` are for hsds.check.check(); ``problems`` are what only the reader can see, and it gives no raw for those rows.

    ``notes``: what was left out, or taken to mean something, in words. ``gone``: table and id of records that an emptied cell
    takes away (hsds.changes.changes() wants them). Nothing may be stored while there are problems.
    """

    raws: tuple[Raw, ...]
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    gone: tuple[tuple[str, str], ...] = ()
